/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* Calls segued on the session bus and says when: a client that is there already, so that its own
 * start is not measured. Reads one call a line: INTERFACE METHOD [ARGUMENTS AS GVARIANT TEXT].
 * Answers with one line: ok|failed SENT_NS ANSWERED_NS RESULT, in CLOCK_MONOTONIC. */

#include <gio/gio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TIMEOUT_MS 15000

static gint64
now_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

static GVariant *
parse_arguments (const char *text, GError **error)
{
  return text == NULL ? NULL : g_variant_parse (NULL, text, NULL, NULL, error);
}

static void
call (GDBusConnection *connection, char *line)
{
  g_auto (GStrv) words = g_strsplit (g_strchomp (line), " ", 3);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = NULL;
  gint64 sent_ns = 0;

  if (g_strv_length (words) >= 2)
    {
      g_autoptr (GVariant) arguments = parse_arguments (words[2], &error);

      sent_ns = now_ns ();
      if (error == NULL)
        reply = g_dbus_connection_call_sync (
            connection, "org.segue.Segue1", "/org/segue/Segue1", words[0], words[1], arguments,
            NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, TIMEOUT_MS, NULL, &error);
    }
  const gint64 answered_ns = now_ns ();
  g_autofree char *result = reply != NULL   ? g_variant_print (reply, FALSE)
                            : error != NULL ? g_strdelimit (g_strdup (error->message), "\n", ' ')
                                            : g_strdup ("not a call");
  printf ("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s\n", reply != NULL ? "ok" : "failed",
          sent_ns, answered_ns, result);
  fflush (stdout);
}

int
main (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) connection = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  char *line = NULL;
  size_t size = 0;

  if (connection == NULL)
    {
      fprintf (stderr, "bench-caller: %s\n", error->message);
      return EXIT_FAILURE;
    }
  while (getline (&line, &size, stdin) > 0)
    call (connection, line);
  free (line);
  return EXIT_SUCCESS;
}

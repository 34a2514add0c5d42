/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* Calls on the session bus and says when: a client that is there already, so that its own start is
 * not measured. Reads one line at a time, where CALL is NAME PATH INTERFACE METHOD [ARGUMENTS], the
 * arguments as GVariant text:
 *   call CALL           answers ok|failed SENT_NS ANSWERED_NS RESULT, in CLOCK_MONOTONIC
 *   await CALL          the same, once the name has an owner
 *   repeat COUNT CALL   answers ok|failed 0 0 NS NS ..., how long each of the calls took
 * "bench-caller NAME" owns a name and answers what any peer answers: the least that a call can cost. */

#include <gio/gio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TIMEOUT_MS 15000
#define WORDS_OF_CALL 5

typedef struct
{
  GDBusConnection *connection;
  char **words; /* (owned): name, path, interface, method, arguments */
} Call;

static gint64
now_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

static GVariant *
call_send (const Call *self, gint64 *sent_ns, gint64 *answered_ns, GError **error)
{
  GVariant *arguments = NULL;

  if (self->words[WORDS_OF_CALL - 1] != NULL)
    {
      arguments = g_variant_parse (NULL, self->words[WORDS_OF_CALL - 1], NULL, NULL, error);
      if (arguments == NULL)
        return NULL;
    }
  *sent_ns = now_ns ();
  GVariant *reply = g_dbus_connection_call_sync (
      self->connection, self->words[0], self->words[1], self->words[2], self->words[3], arguments,
      NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, TIMEOUT_MS, NULL, error);
  *answered_ns = now_ns ();
  if (arguments != NULL)
    g_variant_unref (arguments);
  return reply;
}

static void
call_once (const Call *self)
{
  g_autoptr (GError) error = NULL;
  gint64 sent_ns = 0, answered_ns = 0;
  g_autoptr (GVariant) reply = call_send (self, &sent_ns, &answered_ns, &error);
  g_autofree char *result = reply != NULL ? g_variant_print (reply, FALSE)
                                          : g_strdelimit (g_strdup (error->message), "\n", ' ');

  printf ("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s\n", reply != NULL ? "ok" : "failed",
          sent_ns, answered_ns, result);
}

static void
call_repeatedly (const Call *self, guint count)
{
  g_autoptr (GString) times = g_string_new (NULL);

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (GError) error = NULL;
      gint64 sent_ns = 0, answered_ns = 0;
      g_autoptr (GVariant) reply = call_send (self, &sent_ns, &answered_ns, &error);

      if (reply == NULL)
        {
          printf ("failed 0 0 %s\n", g_strdelimit (error->message, "\n", ' '));
          return;
        }
      g_string_append_printf (times, " %" G_GINT64_FORMAT, answered_ns - sent_ns);
    }
  printf ("ok 0 0%s\n", times->str);
}

static void
on_appeared (GDBusConnection *connection, const char *name, const char *owner, gpointer data)
{
  gboolean *there = data;

  *there = TRUE;
}

static void
await_owner (const Call *self)
{
  gboolean there = FALSE;
  const guint watch = g_bus_watch_name_on_connection (self->connection, self->words[0],
                                                      G_BUS_NAME_WATCHER_FLAGS_NONE, on_appeared,
                                                      NULL, &there, NULL);

  while (!there)
    g_main_context_iteration (NULL, TRUE);
  g_bus_unwatch_name (watch);
}

static void
obey (GDBusConnection *connection, char *line)
{
  g_auto (GStrv) order = g_strsplit (g_strchomp (line), " ", 2);
  const gboolean repeat = g_strcmp0 (order[0], "repeat") == 0;
  char *rest = g_strv_length (order) == 2 ? order[1] : line + strlen (line);
  const guint count = repeat ? (guint)g_ascii_strtoull (rest, &rest, 10) : 1;
  g_auto (GStrv) words = g_strsplit (g_strchug (rest), " ", WORDS_OF_CALL);
  char *call_words[WORDS_OF_CALL + 1] = { NULL };
  const Call call = { connection, call_words };

  if (g_strv_length (words) < WORDS_OF_CALL - 1)
    {
      printf ("failed 0 0 not a call\n");
      return;
    }
  for (guint i = 0; words[i] != NULL; i++)
    call_words[i] = words[i];
  if (g_str_equal (order[0], "await"))
    await_owner (&call);
  if (repeat)
    call_repeatedly (&call, count);
  else
    call_once (&call);
}

static int
answer_pings (GDBusConnection *connection, const char *name)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  g_bus_own_name_on_connection (connection, name, G_BUS_NAME_OWNER_FLAGS_NONE, NULL, NULL, NULL,
                                NULL);
  g_main_loop_run (loop);
  return EXIT_SUCCESS;
}

int
main (int argc, char **argv)
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
  if (argc == 2)
    return answer_pings (connection, argv[1]);
  while (getline (&line, &size, stdin) > 0)
    {
      obey (connection, line);
      fflush (stdout);
    }
  free (line);
  return EXIT_SUCCESS;
}

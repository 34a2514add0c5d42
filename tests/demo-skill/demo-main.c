/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* demo-skill: the demo skill as a process. Prints its URL as the first line on standard output. */

#include <glib-unix.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "demo-json.h"
#include "demo-server.h"

typedef struct
{
  int port;
  char *media;   /* (owned) (nullable) */
  char *tracks;  /* (owned) (nullable) */
  char *log;     /* (owned) (nullable) */
  char **faults; /* (owned) (nullable) */
} DemoOptions;

static void
demo_options_clear (DemoOptions *self)
{
  g_free (self->media);
  g_free (self->tracks);
  g_free (self->log);
  g_strfreev (self->faults);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DemoOptions, demo_options_clear)

static gboolean
parse (DemoOptions *self, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "port", 'p', 0, G_OPTION_ARG_INT, &self->port, "Port on 127.0.0.1 (default: any)", "PORT" },
    { "media", 'm', 0, G_OPTION_ARG_FILENAME, &self->media, "Folder of the tracks", "DIR" },
    { "tracks", 't', 0, G_OPTION_ARG_STRING, &self->tracks, "Files to play, in order",
      "FILE,FILE…" },
    { "log", 'l', 0, G_OPTION_ARG_FILENAME, &self->log,
      "Write what arrives to FILE, one JSON object a line (- = standard output)", "FILE" },
    { "fault", 'f', 0, G_OPTION_ARG_STRING_ARRAY, &self->faults,
      "Misbehave: NAME, NAME@REQUEST or a JSON object", "FAULT" },
    { NULL },
  };
  g_autofree char *names = demo_fault_names ();
  g_autofree char *faults = g_strdup_printf ("Faults: %s", names);
  g_autoptr (GOptionContext) context = g_option_context_new ("- a skill to try Segue with");
  g_option_context_set_description (context, faults);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc > 1 || self->port < 0 || self->port > G_MAXUINT16)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           "unknown argument, or port out of range");
      return FALSE;
    }
  return TRUE;
}

static gboolean
add_faults (DemoServer *server, char **faults, GError **error)
{
  for (gsize i = 0; faults != NULL && faults[i] != NULL; i++)
    {
      DemoFault *fault = demo_fault_new_parse (faults[i], error);
      if (fault == NULL)
        return FALSE;
      demo_server_add_fault (server, fault);
    }
  return TRUE;
}

static void
on_logged (DemoServer *server, JsonObject *entry, gpointer user_data)
{
  FILE *file = user_data;
  g_autofree char *line = demo_json_print (entry);
  fprintf (file, "%s\n", line);
  fflush (file);
}

static gboolean
on_quit (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static int
fail (const char *program, int code, const char *message)
{
  fprintf (stderr, "%s: %s\n", program, message);
  return code;
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_auto (DemoOptions) options = { 0 };
  g_autoptr (GError) error = NULL;
  if (!parse (&options, &argc, &argv, &error))
    return fail ("demo-skill", EX_USAGE, error->message);

  g_auto (GStrv) tracks = g_strsplit (
      options.tracks != NULL ? options.tracks : "morning.flac,noon.mp3,evening.m4a", ",", -1);
  const char *media = options.media != NULL ? options.media : DEMO_MEDIA_DIR;
  g_autoptr (DemoServer) server
      = demo_server_new (options.port, media, (const char *const *)tracks, &error);
  if (server == NULL)
    return fail ("demo-skill", EX_UNAVAILABLE, error->message);
  if (!add_faults (server, options.faults, &error))
    return fail ("demo-skill", EX_USAGE, error->message);

  FILE *log = NULL;
  if (g_strcmp0 (options.log, "-") == 0)
    log = stdout;
  else if (options.log != NULL && (log = fopen (options.log, "w")) == NULL)
    return fail ("demo-skill", EX_CANTCREAT, "cannot write the log");
  if (log != NULL)
    g_signal_connect (server, "logged", G_CALLBACK (on_logged), log);

  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_unix_signal_add (SIGINT, on_quit, loop);
  g_unix_signal_add (SIGTERM, on_quit, loop);
  printf ("%s\n", demo_server_get_url (server));
  fflush (stdout);
  g_main_loop_run (loop);
  if (log != NULL && log != stdout)
    fclose (log);
  return EXIT_SUCCESS;
}

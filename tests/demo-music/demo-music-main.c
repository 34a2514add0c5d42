/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* demo-music: the demo music skill as a process. Prints its URL as the first line on standard output.
 */

#include <glib-unix.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "demo-json.h"
#include "demo-music-fault.h"
#include "demo-music-server.h"

typedef struct
{
  int port;
  double lifetime_s;
  int skip_limit;
  int ads_every;
  char *media;   /* (owned) (nullable) */
  char *tracks;  /* (owned) (nullable) */
  char *token;   /* (owned) (nullable) */
  char *log;     /* (owned) (nullable) */
  char **faults; /* (owned) (nullable) */
} DemoOptions;

static void
demo_options_clear (DemoOptions *self)
{
  g_free (self->media);
  g_free (self->tracks);
  g_free (self->token);
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
    { "tracks", 't', 0, G_OPTION_ARG_STRING, &self->tracks,
      "Files to play, 8 s long if not said otherwise", "FILE[=MS],FILE…" },
    { "lifetime", 0, 0, G_OPTION_ARG_DOUBLE, &self->lifetime_s,
      "How long a URL can be used (default: 900; 0: for ever)", "SECONDS" },
    { "skip-limit", 0, 0, G_OPTION_ARG_INT, &self->skip_limit,
      "So many skips are allowed (default: any)", "N" },
    { "ads", 0, 0, G_OPTION_ARG_INT, &self->ads_every, "An advertisement after each N tracks",
      "N" },
    { "token", 0, 0, G_OPTION_ARG_STRING, &self->token, "The only access token that is taken",
      "TOKEN" },
    { "log", 'l', 0, G_OPTION_ARG_FILENAME, &self->log,
      "Write what arrives to FILE, one JSON object a line (- = standard output)", "FILE" },
    { "fault", 'f', 0, G_OPTION_ARG_STRING_ARRAY, &self->faults,
      "Misbehave: NAME, NAME@MESSAGE or a JSON object", "FAULT" },
    { NULL },
  };
  g_autofree char *names = demo_music_fault_names ();
  g_autofree char *faults = g_strdup_printf ("Faults: %s", names);
  g_autoptr (GOptionContext) context = g_option_context_new ("- a music service to try Segue with");
  g_option_context_set_description (context, faults);
  g_option_context_add_main_entries (context, entries, NULL);
  self->lifetime_s = 900;
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc > 1 || self->port < 0 || self->port > G_MAXUINT16 || self->lifetime_s < 0
      || self->lifetime_s > 1e9 || self->skip_limit < 0 || self->ads_every < 0)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           "unknown argument, or a number out of range");
      return FALSE;
    }
  return TRUE;
}

static gboolean
apply (DemoMusicServer *server, const DemoOptions *options, GError **error)
{
  g_autoptr (JsonObject) control = json_object_new ();
  json_object_set_int_member (control, "lifetime_ms", (gint64)(options->lifetime_s * 1000));
  json_object_set_int_member (control, "skip_limit", options->skip_limit);
  json_object_set_int_member (control, "ads_every", options->ads_every);
  if (options->token != NULL)
    json_object_set_string_member (control, "token", options->token);
  if (!demo_music_server_control (server, control, error))
    return FALSE;
  for (gsize i = 0; options->faults != NULL && options->faults[i] != NULL; i++)
    if (!demo_music_server_add_fault (server, options->faults[i], error))
      return FALSE;
  return TRUE;
}

static void
on_logged (DemoMusicServer *server, JsonObject *entry, gpointer user_data)
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
fail (int code, const char *message)
{
  fprintf (stderr, "demo-music: %s\n", message);
  return code;
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_auto (DemoOptions) options = { 0 };
  g_autoptr (GError) error = NULL;
  if (!parse (&options, &argc, &argv, &error))
    return fail (EX_USAGE, error->message);

  g_auto (GStrv) tracks = g_strsplit (
      options.tracks != NULL ? options.tracks : "morning.flac,noon.mp3,evening.m4a", ",", -1);
  const char *media = options.media != NULL ? options.media : DEMO_MEDIA_DIR;
  g_autoptr (DemoMusicServer) server
      = demo_music_server_new (options.port, media, (const char *const *)tracks, &error);
  if (server == NULL)
    return fail (EX_UNAVAILABLE, error->message);
  if (!apply (server, &options, &error))
    return fail (EX_USAGE, error->message);

  FILE *log = NULL;
  if (g_strcmp0 (options.log, "-") == 0)
    log = stdout;
  else if (options.log != NULL && (log = fopen (options.log, "w")) == NULL)
    return fail (EX_CANTCREAT, "cannot write the log");
  if (log != NULL)
    g_signal_connect (server, "logged", G_CALLBACK (on_logged), log);

  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_unix_signal_add (SIGINT, on_quit, loop);
  g_unix_signal_add (SIGTERM, on_quit, loop);
  printf ("%s\n", demo_music_server_get_url (server));
  fflush (stdout);
  g_main_loop_run (loop);
  if (log != NULL && log != stdout)
    fclose (log);
  return EXIT_SUCCESS;
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-options.h"

#include <string.h>

#define SUMMARY                                                                                    \
  "The playback companion of an Alexa-enabled device: asks skills, plays what they answer,\n"      \
  "tells them what happened. It is controlled over D-Bus, for instance by seguectl(1)."

#define DESCRIPTION                                                                                \
  "Examples:\n"                                                                                    \
  "  segued                                 run on the session bus\n"                              \
  "  segued --verbose --config=./my.conf    try out a configuration\n"                             \
  "  segued --system --check-config         check what the system service would read\n"            \
  "\n"                                                                                             \
  "Exit status: 0 ended as asked, 1 failed, 64 wrong usage, 78 wrong configuration.\n"             \
  "See segued(8) and segue.conf(5)."

/* $STATE_DIRECTORY of the service manager may name several folders; the first is ours. */
static char *
default_state_dir (gboolean system)
{
  const char *given = g_getenv ("STATE_DIRECTORY");

  if (given != NULL && g_path_is_absolute (given))
    return g_strndup (given, strcspn (given, ":"));
  if (system)
    return g_strdup ("/var/lib/segue");
  return g_build_filename (g_get_user_state_dir (), "segue", NULL);
}

static gboolean
check_rest (char **args, gboolean session, gboolean system, GError **error)
{
  if (session && system)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "--session and --system exclude each other");
      return FALSE;
    }
  if (args[0] != NULL && args[1] != NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION,
                   "Unexpected argument “%s”: segued takes options only", args[1]);
      return FALSE;
    }
  return TRUE;
}

DaemonOptions *
daemon_options_parse (char ***args, GError **error)
{
  g_autoptr (DaemonOptions) self = g_new0 (DaemonOptions, 1);
  gboolean session = FALSE;
  const GOptionEntry entries[] = {
    { "session", 0, 0, G_OPTION_ARG_NONE, &session, "Serve on the session bus (default)", NULL },
    { "system", 0, 0, G_OPTION_ARG_NONE, &self->system, "Serve on the system bus", NULL },
    { "config", 0, 0, G_OPTION_ARG_FILENAME, &self->config_file,
      "Read FILE in place of the standard files", "FILE" },
    { "state-dir", 0, 0, G_OPTION_ARG_FILENAME, &self->state_dir,
      "Keep queue, position and unsent reports in DIR", "DIR" },
    { "check-config", 0, 0, G_OPTION_ARG_NONE, &self->check_config,
      "Name everything that is wrong with the configuration, and exit", NULL },
    { "print-config", 0, 0, G_OPTION_ARG_NONE, &self->print_config,
      "Print the effective configuration, and exit", NULL },
    { "verbose", 0, 0, G_OPTION_ARG_NONE, &self->verbose, "Log every step of a conversation",
      NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &self->version, "Print the version, and exit", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (context, SUMMARY);
  g_option_context_set_description (context, DESCRIPTION);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse_strv (context, args, error)
      || !check_rest (*args, session, self->system, error))
    return NULL;
  if (self->state_dir == NULL)
    self->state_dir = default_state_dir (self->system);
  return g_steal_pointer (&self);
}

void
daemon_options_free (DaemonOptions *self)
{
  g_free (self->config_file);
  g_free (self->state_dir);
  g_free (self);
}

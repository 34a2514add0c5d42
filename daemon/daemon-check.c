/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-check.h"

#include "daemon-audio.h"
#include "daemon-config-text.h"
#include "daemon-signing.h"
#include "player/gst/player-gst-engine.h"

#include <stdio.h>

/* Not g_printerr(): it would turn quotation marks into "?" where no locale is set, as in services.
 */
void
daemon_check_complain (const char *message)
{
  fprintf (stderr, "segued: %s\n", message);
}

void
daemon_check_print (GPtrArray *problems)
{
  for (guint i = 0; i < problems->len; i++)
    daemon_check_complain (((const GError *)g_ptr_array_index (problems, i))->message);
}

void
daemon_check_name_sink (const DaemonConfig *config, const GError *error, GPtrArray *problems)
{
  const char *origin = g_hash_table_lookup (config->origins, "audio\nsink");
  daemon_config_text_problem (problems, DAEMON_CONFIG_ERROR_VALUE,
                              origin != NULL ? origin : "built-in default", 0, "audio", "sink",
                              "%s", error->message);
}

/* Whether GStreamer understands the description, and has the elements; nothing is opened. */
static void
check_sink (const DaemonConfig *config, GPtrArray *problems)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PlayerEngine) engine = NULL;

  if (daemon_audio_init (config, &error))
    engine = daemon_audio_new_engine (config, &error);
  if (engine == NULL)
    daemon_check_name_sink (config, error, problems);
}

gboolean
daemon_check_config (const char *config_file, gboolean system)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify)g_error_free);
  g_autoptr (DaemonConfig) config = daemon_config_parse (config_file, system, problems);

  if (config != NULL)
    {
      daemon_config_check_files (config, problems);
      daemon_signing_check (config, problems);
      check_sink (config, problems);
    }
  if (problems->len > 0)
    {
      daemon_check_print (problems);
      return FALSE;
    }

  if (config->files->len == 0)
    printf ("configuration is valid: no files, built-in defaults\n");
  else
    {
      g_ptr_array_add (config->files, NULL);
      g_autofree char *files = g_strjoinv (", ", (char **)config->files->pdata);
      printf ("configuration is valid: %s\n", files);
    }
  return TRUE;
}

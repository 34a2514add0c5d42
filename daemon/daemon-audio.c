/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-audio.h"

#include "player/gst/player-gst-plugins.h"

/* Of the service manager's, or of the user's. (transfer full) */
static char *
find_cache_dir (void)
{
  const char *given = g_getenv ("CACHE_DIRECTORY");

  if (given != NULL && *given != '\0')
    return g_strndup (given, strcspn (given, ":"));
  return g_build_filename (g_get_user_cache_dir (), "segue", NULL);
}

gboolean
daemon_audio_init (const DaemonConfig *config, GError **error)
{
  const gboolean snapcast = config->output == DAEMON_OUTPUT_SNAPCAST;
  g_autofree char *cache_dir = find_cache_dir ();

  player_gst_plugins_choose (cache_dir, snapcast ? "auto" : config->sink);
  return player_gst_init (error);
}

static PlayerGstEngineOptions
get_options (const DaemonConfig *config)
{
  const gboolean snapcast = config->output == DAEMON_OUTPUT_SNAPCAST;
  return (PlayerGstEngineOptions){
    .sink = config->sink,
    .buffer_ms = config->buffer_ms,
    .idle_ms = config->idle_seconds * 1000,
    .sink_wait_ms = PLAYER_GST_SINK_WAIT_MS,
    .snapcast_address = snapcast ? config->snapcast_address : NULL,
    .snapcast_buffer_ms = config->snapcast_buffer_ms,
    .loudness = config->replay_gain,
    .loudness_preamp_db = config->replay_gain_preamp_db,
    .loudness_fallback_db = config->replay_gain_fallback_db,
    .ca_file = config->media_ca_file,
  };
}

PlayerEngine *
daemon_audio_new_engine (const DaemonConfig *config, GError **error)
{
  const PlayerGstEngineOptions options = get_options (config);

  return player_gst_engine_new (&options, error);
}

/* The rate and the delay of a snapserver are those of the whole engine. */
static void
find_fixed (const DaemonConfig *made_of, const DaemonConfig *config, GPtrArray *keys)
{
  const gboolean snapcast = config->output == DAEMON_OUTPUT_SNAPCAST;

  if (made_of->output != config->output)
    g_ptr_array_add (keys, (gpointer) "output");
  if (snapcast && !g_str_equal (made_of->snapcast_address, config->snapcast_address))
    g_ptr_array_add (keys, (gpointer) "snapcast-address");
  if (snapcast && made_of->snapcast_buffer_ms != config->snapcast_buffer_ms)
    g_ptr_array_add (keys, (gpointer) "snapcast-buffer-ms");
}

char *
daemon_audio_configure (PlayerGstEngine *engine,
                        const DaemonConfig *made_of,
                        const DaemonConfig *config)
{
  const PlayerGstEngineOptions options = get_options (config);
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  find_fixed (made_of, config, keys);
  /* Only the plug-ins that the sink at start needed are known: another one may need more. */
  if (!player_gst_engine_configure (engine, &options, &error))
    g_ptr_array_add (keys, (gpointer) "sink");
  if (keys->len == 0)
    return NULL;
  g_ptr_array_add (keys, NULL);
  return g_strjoinv (", ", (char **)keys->pdata);
}

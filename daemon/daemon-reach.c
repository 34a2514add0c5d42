/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-reach.h"

#include <string.h>

#include "daemon-context.h"
#include "player/gst/player-gst-reach.h"

static gboolean
is_home (const char *endpoint)
{
  g_autoptr (GUri) uri = endpoint != NULL ? g_uri_parse (endpoint, G_URI_FLAGS_NONE, NULL) : NULL;
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  return host != NULL && player_gst_reach_is_home (host);
}

static PlayerReach
make (const char *endpoint, gboolean http, gboolean private)
{
  PlayerReach reach = PLAYER_REACH_PUBLIC;

  if (http)
    reach |= PLAYER_REACH_HTTP;
  if (private || is_home (endpoint))
    reach |= PLAYER_REACH_PRIVATE;
  return reach;
}

PlayerReach
daemon_reach_of_skill (const DaemonSkillConfig *skill)
{
  return make (skill->endpoint,
               skill->http_media || daemon_config_url_is_loopback (skill->endpoint),
               skill->private_media);
}

PlayerReach
daemon_reach_of_music (const DaemonMusicConfig *music)
{
  return make (music->endpoint, music->http_media, music->private_media);
}

static PlayerReach
find_music (const DaemonConfig *config, const char *name)
{
  for (guint i = 0; i < config->music->len; i++)
    {
      const DaemonMusicConfig *music = g_ptr_array_index (config->music, i);
      if (g_str_equal (music->name, name))
        return daemon_reach_of_music (music);
    }
  return PLAYER_REACH_PUBLIC;
}

static PlayerReach
find_skill (const DaemonConfig *config, const char *name)
{
  for (guint i = 0; i < config->skills->len; i++)
    {
      const DaemonSkillConfig *skill = g_ptr_array_index (config->skills, i);
      if (g_str_equal (skill->name, name))
        return daemon_reach_of_skill (skill);
    }
  if (!daemon_config_check_endpoint (name, NULL))
    return PLAYER_REACH_PUBLIC;
  /* one that goes by its URL */
  g_autoptr (DaemonSkillConfig) skill = daemon_skill_config_new (name, name);
  return daemon_reach_of_skill (skill);
}

PlayerReach
daemon_reach_of_origin (const char *origin, gpointer context)
{
  const DaemonConfig *config = ((const DaemonContext *)context)->config;

  if (*origin == '\0')
    return PLAYER_REACH_ALL;
  if (g_str_has_prefix (origin, DAEMON_MUSIC_ORIGIN_PREFIX))
    return find_music (config, origin + strlen (DAEMON_MUSIC_ORIGIN_PREFIX));
  return find_skill (config, origin);
}

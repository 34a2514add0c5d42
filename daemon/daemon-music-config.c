/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-music-config.h"

#define DEFAULT_FORGET_HOURS 24

DaemonMusicConfig *
daemon_music_config_new (const char *name, const char *endpoint)
{
  g_return_val_if_fail (name != NULL, NULL);
  DaemonMusicConfig *self = g_new0 (DaemonMusicConfig, 1);
  self->name = g_strdup (name);
  self->endpoint = g_strdup (endpoint);
  self->forget_hours = DEFAULT_FORGET_HOURS;
  return self;
}

void
daemon_music_config_free (DaemonMusicConfig *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->endpoint);
  g_free (self->ca_file);
  g_free (self->user_id);
  g_free (self->access_token_path);
  g_free (self->locale);
  g_free (self->country);
  g_free (self);
}

char *
daemon_music_config_get_origin (const DaemonMusicConfig *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return g_strconcat (DAEMON_MUSIC_ORIGIN_PREFIX, self->name, NULL);
}

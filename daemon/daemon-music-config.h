/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What stands before a music service's name where names of skills stand, too: as the origin of
 * items and in the signals about conversations. No skill may have a name that begins with it. */
#define DAEMON_MUSIC_ORIGIN_PREFIX "music:"

/**
 * DaemonMusicConfig:
 * @name: the group is "[music NAME]"
 * @endpoint: where to POST; https, or http on a loopback address
 * @ca_file: (nullable): PEM file of the CA that signed the endpoint's certificate
 * @user_id: (nullable): of the user at this service; %NULL: made from the device's id and the name
 * @access_token_path: (nullable): file that holds the linked account's access token
 * @locale: (nullable): of the requests; %NULL: the device's
 * @country: (nullable): ISO 3166-1 alpha-2, where the user is
 * @http_media: streams and pictures may be plain http
 * @private_media: streams may lie on this machine or its network
 * @forget_hours: a queue that has been paused for so long is given up
 *
 * A music service that can be asked for queues.
 */
typedef struct
{
  char *name;              /* (owned) */
  char *endpoint;          /* (owned) */
  char *ca_file;           /* (owned) (nullable) */
  char *user_id;           /* (owned) (nullable) */
  char *access_token_path; /* (owned) (nullable) */
  char *locale;            /* (owned) (nullable) */
  char *country;           /* (owned) (nullable) */
  gboolean http_media;
  gboolean private_media;
  guint forget_hours; /* 24 */
} DaemonMusicConfig;

/* @endpoint: (nullable): not known yet */
DaemonMusicConfig *daemon_music_config_new (const char *name, const char *endpoint);
void daemon_music_config_free (DaemonMusicConfig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonMusicConfig, daemon_music_config_free)

/* (transfer full): "music:NAME" */
char *daemon_music_config_get_origin (const DaemonMusicConfig *self);

G_END_DECLS

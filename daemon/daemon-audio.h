/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-config.h"

G_BEGIN_DECLS

/**
 * daemon_audio_init:
 * @error: as of player_gst_init()
 *
 * Chooses the plug-ins that @config can need, and initialises the engine's library. Once per process.
 */
gboolean daemon_audio_init (const DaemonConfig *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * daemon_audio_new_engine:
 * @error: G_IO_ERROR_INVALID_ARGUMENT: the sink that @config describes cannot be parsed
 *
 * Returns: (transfer full) (nullable): the engine that [audio] asks for; nothing is opened yet
 */
PlayerEngine *daemon_audio_new_engine (const DaemonConfig *config,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * daemon_audio_configure:
 * @made_of: what @engine was made of
 *
 * Has @engine do as [audio] asks now, as far as that goes without it being made anew.
 *
 * Returns: (transfer full) (nullable): the keys that wait for a restart, "sink, output"; %NULL: none does
 */
char *daemon_audio_configure (PlayerGstEngine *engine,
                              const DaemonConfig *made_of,
                              const DaemonConfig *config);

G_END_DECLS

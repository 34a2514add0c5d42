/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-config.h"
#include "player/player-reach.h"

G_BEGIN_DECLS

/**
 * SECTION:daemon-reach
 *
 * What the streams and recordings of a skill or music service may open (docs/security.md): https and
 * the internet; plain http if its configuration says so, or if it is a skill on this machine; addresses
 * of this machine and its network if its configuration says so, or if its own endpoint is there, as far
 * as its URL shows.
 */

PlayerReach daemon_reach_of_skill (const DaemonSkillConfig *skill);
PlayerReach daemon_reach_of_music (const DaemonMusicConfig *music);

/* A #PlayerReachFunc; @context: #DaemonContext, whose configuration at the moment counts. Everything
 * for what no skill has supplied; the internet alone for a skill that is not configured any more. */
PlayerReach daemon_reach_of_origin (const char *origin, gpointer context);

G_END_DECLS

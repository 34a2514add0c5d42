/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player/player-clock.h"
#include "player/player-controller.h"

G_BEGIN_DECLS

/**
 * DaemonRouter:
 *
 * The single way from directives, calls on the bus and buttons to the player.
 */
#define DAEMON_TYPE_ROUTER (daemon_router_get_type ())
G_DECLARE_FINAL_TYPE (DaemonRouter, daemon_router, DAEMON, ROUTER, GObject)

DaemonRouter *daemon_router_new (PlayerController *controller, PlayerClock *clock);

/* Hands @command to the player at once. A Play that waits (see below) is dropped by any Play, Stop
 * or ClearQueue. */
PlayerVerdict daemon_router_submit (DaemonRouter *self, PlayerCommand *command);

/**
 * daemon_router_obey:
 * @answers_event: whether it comes in answer to a playback event, so that nobody has asked for it
 *
 * Carries out what a directive wants. In answer to an event, a Play of a stream that has just
 * failed waits a while first (#DaemonLoopGuard), and one that comes while somebody speaks does not
 * sound before that is over.
 *
 * Returns: (transfer full): what became of it: the verdict, or "delayed N ms"
 */
char *daemon_router_obey (DaemonRouter *self, PlayerCommand *command, gboolean answers_event);

/* Counts the Plays, Stops and ClearQueues carried out so far: if it has changed, somebody has
 * decided anew what is to play. */
guint64 daemon_router_get_epoch (DaemonRouter *self);

/* Somebody speaks with a skill: audio is paused as long as at least one holds the floor, and what
 * the first hold has paused goes on after the last release, unless something else has been decided.
 */
void daemon_router_hold_floor (DaemonRouter *self);
void daemon_router_release_floor (DaemonRouter *self);

G_END_DECLS

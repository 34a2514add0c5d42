/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-config.h"
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

/* @interruption: what becomes of what plays while the floor is held. */
DaemonRouter *daemon_router_new (PlayerController *controller,
                                 PlayerClock *clock,
                                 DaemonInterruption interruption);

/* From the next time on that the floor is held. */
void daemon_router_set_interruption (DaemonRouter *self, DaemonInterruption interruption);

/* Hands @command to the player at once. A Play that waits (see below) is dropped if nothing would be
 * left of it had it been carried out before @command, one that replaces all also by any other
 * Play. */
PlayerVerdict daemon_router_submit (DaemonRouter *self, PlayerCommand *command);

/**
 * daemon_router_obey:
 * @answers_event: whether it comes in answer to a playback event, so that nobody has asked for it
 *
 * Carries out what a directive wants. In answer to an event, a Play of a stream that has just
 * failed waits a while first (#DaemonLoopGuard).
 *
 * Returns: (transfer full): what became of it: the verdict, or "delayed N ms"
 */
char *daemon_router_obey (DaemonRouter *self, PlayerCommand *command, gboolean answers_event);

/* Counts the Plays, Stops and ClearQueues carried out so far: if it has changed, somebody has
 * decided anew what is to play. */
guint64 daemon_router_get_epoch (DaemonRouter *self);

/* Somebody speaks with a skill, or a skill speaks: as long as at least one holds the floor, what
 * plays is paused or soft, as configured, and what is ordered meanwhile waits; after the last release
 * it goes on, unless something else has been decided. */
void daemon_router_hold_floor (DaemonRouter *self);
void daemon_router_release_floor (DaemonRouter *self);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-notify.h"
#include "player/player-controller.h"

G_BEGIN_DECLS

/**
 * DaemonWatchdog:
 *
 * Tells the service manager from the main loop that all is well, for as long as it is: four times in
 * each interval of its watchdog. A main loop that stands still tells nothing.
 *
 * "Active but silent" is not well: while the player says that something plays, samples have to leave for
 * the audio output. Where none do for half of the interval, the output is given up and another one opened;
 * after the whole interval a warning says why, and the service manager hears nothing more until samples
 * leave again: it ends the process and starts another. An output that is away and waited for, a pause, a
 * stream that has run dry and says so: none of that is a hang. Time in which the machine, or the process,
 * was suspended does not count.
 */
typedef struct _DaemonWatchdog DaemonWatchdog;

/* @notify: not owned. @interval_ms: of the service manager; see daemon_notify_take_watchdog_ms(). */
DaemonWatchdog *daemon_watchdog_new (DaemonNotify *notify,
                                     PlayerClock *clock,
                                     PlayerController *controller,
                                     PlayerEngine *engine,
                                     guint interval_ms);
void daemon_watchdog_free (DaemonWatchdog *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonWatchdog, daemon_watchdog_free)

G_END_DECLS

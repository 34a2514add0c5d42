/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * DaemonStopper:
 *
 * Hears SIGTERM and SIGINT in a thread of its own, so that the process comes to its end in time whatever
 * its main loop does: that is asked to stop, and if the stopper still lives when the time is over, it
 * says so.
 */
typedef struct _DaemonStopper DaemonStopper;

/**
 * daemon_stopper_new:
 * @deadline_ms: from the first signal on
 * @asked: called in the default main context for each signal
 * @expired: called in the stopper's thread: the time is over. Is to end the process
 */
DaemonStopper *daemon_stopper_new (guint deadline_ms,
                                   void (*asked) (gpointer user_data),
                                   void (*expired) (gpointer user_data),
                                   gpointer user_data);
/* The time does not run any more. */
void daemon_stopper_free (DaemonStopper *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonStopper, daemon_stopper_free)

G_END_DECLS

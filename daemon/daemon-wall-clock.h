/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef void (*DaemonWallClockFunc) (gpointer user_data);

/**
 * daemon_wall_clock_watch:
 * @func: called each time that somebody sets the time of day, or the machine wakes up
 * @error: why the system cannot say so
 *
 * The kernel tells it by a timer that is cancelled then (timerfd_create(2), TFD_TIMER_CANCEL_ON_SET):
 * nothing wakes up meanwhile.
 *
 * Returns: (transfer full) (nullable): attached to the thread's default main context
 */
GSource *daemon_wall_clock_watch (DaemonWallClockFunc func, gpointer user_data, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * DaemonNotify:
 *
 * Tells the service manager how things stand: datagrams to its notification socket, sd_notify(3)
 * without libsystemd. Nobody listening is no error.
 */
typedef struct _DaemonNotify DaemonNotify;

/* @name: (nullable): path, or name with '@' for the abstract name space; NULL: talks to nobody. */
DaemonNotify *daemon_notify_new (const char *name);

/* Of $NOTIFY_SOCKET, which is then taken out of the environment: no child is to speak for us. */
DaemonNotify *daemon_notify_new_from_environment (void);

void daemon_notify_free (DaemonNotify *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonNotify, daemon_notify_free)

/**
 * daemon_notify_send:
 * @state: assignments, one a line: "READY=1", "STOPPING=1"
 *
 * Returns: whether it was handed over; never blocks
 */
gboolean daemon_notify_send (DaemonNotify *self, const char *state);

/**
 * daemon_notify_take_watchdog_ms:
 *
 * Of $WATCHDOG_USEC, if $WATCHDOG_PID is this process or not given; both are then taken out of the
 * environment: no child is to think that it is watched. See sd_watchdog_enabled(3).
 *
 * Returns: how often the service manager wants to hear "WATCHDOG=1" at least, in ms; 0: it does not
 */
guint daemon_notify_take_watchdog_ms (void);

/* Sends "STATUS=" and @line, in which line ends become spaces. */
gboolean daemon_notify_status (DaemonNotify *self, const char *line);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <libsoup/soup.h>

#include "player/player-clock.h"

G_BEGIN_DECLS

/* So many connections are open at a time; whoever comes then waits. */
#define DAEMON_DIRECTIVE_MAX_CONNECTIONS 16

/* So long lives a connection, whatever goes on in it: longer than any request is pending. */
#define DAEMON_DIRECTIVE_CONNECTION_MS 10000

/**
 * DaemonDirectiveDoor:
 *
 * The door of the directive service: listens on the loopback addresses, and lets in so many guests
 * at a time and each for so long that nobody can take up the daemon.
 */
typedef struct _DaemonDirectiveDoor DaemonDirectiveDoor;

/**
 * daemon_directive_door_new:
 * @server: serves those who come in
 * @port: 0 for any that is free
 *
 * Listens on 127.0.0.1, and on the same port of ::1 if that can be had.
 */
DaemonDirectiveDoor *daemon_directive_door_new (SoupServer *server,
                                                PlayerClock *clock,
                                                guint port,
                                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Shuts it; all guests have to go. */
void daemon_directive_door_free (DaemonDirectiveDoor *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonDirectiveDoor, daemon_directive_door_free)

guint daemon_directive_door_get_port (DaemonDirectiveDoor *self);
guint daemon_directive_door_get_n_guests (DaemonDirectiveDoor *self);

G_END_DECLS

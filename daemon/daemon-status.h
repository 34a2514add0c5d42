/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-outbox.h"
#include "player/player-controller.h"

G_BEGIN_DECLS

/**
 * DaemonStatus:
 *
 * What goes on, in one line for people (`systemctl status`): what plays, what that waits for, and whether
 * reports have not been told to their skills for some time. Without secrets.
 */
typedef struct _DaemonStatus DaemonStatus;

/* @changed: the line is another one */
DaemonStatus *daemon_status_new (PlayerController *controller,
                                 PlayerClock *clock,
                                 DaemonOutbox *outbox,
                                 void (*changed) (const char *line, gpointer user_data),
                                 gpointer user_data);
void daemon_status_free (DaemonStatus *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonStatus, daemon_status_free)

/* (transfer none): until it changes */
const char *daemon_status_get_line (DaemonStatus *self);

G_END_DECLS

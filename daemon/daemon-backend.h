/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-music.h"
#include "daemon-skills.h"
#include "dbus/bus-backend.h"

G_BEGIN_DECLS

/**
 * DaemonBackend:
 *
 * The #BusBackend: what callers on the bus may ask for, turned into requests to skills and
 * commands.
 */
#define DAEMON_TYPE_BACKEND (daemon_backend_get_type ())
G_DECLARE_FINAL_TYPE (DaemonBackend, daemon_backend, DAEMON, BACKEND, GObject)

DaemonBackend *
daemon_backend_new (DaemonContext *context, DaemonSkills *skills, DaemonMusic *music);

/* From now on every call ends with BUS_ERROR_SHUTTING_DOWN. */
void daemon_backend_shut_down (DaemonBackend *self);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-notify.h"
#include "daemon-signing.h"

G_BEGIN_DECLS

/**
 * DaemonService:
 *
 * The composition root: makes engine, controller, router, outbox, skills and bus adaptors, and
 * joins them. The parts of `daemon/` meet here only.
 *
 * Signals:
 * - "ready": the bus name is owned and calls are served (READY=1).
 * - "name-lost" (const char *why): the bus name cannot be had or was lost; the process should end.
 * - "status" (const char *line): one human line that tells what goes on (STATUS=).
 * - "stopped": everything has been put down after daemon_service_stop().
 */
#define DAEMON_TYPE_SERVICE (daemon_service_get_type ())
G_DECLARE_FINAL_TYPE (DaemonService, daemon_service, DAEMON, SERVICE, GObject)

/**
 * daemon_service_new:
 * @signing: (transfer full) (nullable): for requests to skills; %NULL: they are not signed
 * @bus_type: G_BUS_TYPE_SESSION or G_BUS_TYPE_SYSTEM
 * @state_dir: folder for outbox, device id and queue; made (0700) if it is not there
 * @error: if the sink description or the command that speaks cannot be parsed. A state folder that
 *   cannot be used is a warning: the daemon then runs without memory.
 */
DaemonService *daemon_service_new (DaemonConfig *config,
                                   DaemonSigning *signing,
                                   GBusType bus_type,
                                   const char *state_dir,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Goes for the bus name; "ready" or "name-lost" follows. */
void daemon_service_start (DaemonService *self);

/**
 * daemon_service_reconfigure:
 * @signing: (transfer full) (nullable): as for daemon_service_new()
 *
 * All that @config says holds from now on; what plays is not disturbed. What is being spoken is cut if the
 * synthesiser is another one.
 *
 * Returns: (transfer full) (nullable): what does not hold before a restart, "[audio] output"; %NULL: nothing
 */
char *
daemon_service_reconfigure (DaemonService *self, DaemonConfig *config, DaemonSigning *signing);

/* From now on @notify (kept, not owned) hears that all is well, for as long as it is: see
 * #DaemonWatchdog. */
void daemon_service_watch (DaemonService *self, DaemonNotify *notify, guint interval_ms);

/* Stops the audio, ends open sessions as far as that goes within 1 s, then "stopped". */
void daemon_service_stop (DaemonService *self);

/* What is to blame if nothing goes on: "the main loop", "the bus", … . Any thread. */
const char *daemon_service_get_doing (DaemonService *self);

/* Takes down what there is, the store first, the audio last. Only unref() may follow. FALSE: something
 * of the audio hangs, and its threads go on. */
gboolean daemon_service_close (DaemonService *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

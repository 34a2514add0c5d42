/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

#include "player/player-clock.h"

G_BEGIN_DECLS

/**
 * DaemonNetwork:
 *
 * What the system says about the network and the time of day: a hint when it is worth while to try
 * again what has failed. Nobody relies on it: where the system says nothing (without netlink a monitor
 * believes that there always is a network), everything is tried again after its own time.
 *
 * Signal "changed": the network, or what is known of it, has changed; the clock has been set; or the
 * machine has woken up. A tenth to four tenths of a second after it, at random, and once for what comes
 * within that time, for such news comes in flocks, and to all devices of a house at once.
 */
#define DAEMON_TYPE_NETWORK (daemon_network_get_type ())
G_DECLARE_FINAL_TYPE (DaemonNetwork, daemon_network, DAEMON, NETWORK, GObject)

/* @monitor: referred to; g_network_monitor_get_default() but in tests. */
DaemonNetwork *daemon_network_new (PlayerClock *clock, GNetworkMonitor *monitor);

/* %FALSE: the system says that there is no network but this machine. */
gboolean daemon_network_is_available (DaemonNetwork *self);

/* %FALSE: the clock shows a time before this release was made; looked at each time. */
gboolean daemon_network_is_clock_set (DaemonNetwork *self);

G_END_DECLS

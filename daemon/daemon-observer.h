/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-timeline.h"
#include "player/player-controller.h"

G_BEGIN_DECLS

/**
 * DaemonObserver:
 *
 * Puts into the log what an operator wants to know of: what plays, what fails, whether skills and the
 * audio output are there. It hears what everybody hears, and decides nothing.
 */
#define DAEMON_TYPE_OBSERVER (daemon_observer_get_type ())
G_DECLARE_FINAL_TYPE (DaemonObserver, daemon_observer, DAEMON, OBSERVER, GObject)

DaemonObserver *daemon_observer_new (PlayerController *controller, DaemonTimeline *timeline);

/* (nullable): why the stream that was to play last has failed, one line without secrets; %NULL when one
 * has begun since. @url: (out): which one, without its query. */
const char *daemon_observer_get_failure (DaemonObserver *self, const char **url);

G_END_DECLS

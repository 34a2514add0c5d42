/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player/player-types.h"

G_BEGIN_DECLS

/**
 * DaemonLoopGuard:
 *
 * Breaks the loop "the stream fails, the skill answers with a Play of the same stream, it fails
 * again": without it a dead URL becomes a storm of requests. A URL that failed, or ended after less
 * than a second of audio, has a strike against it; with each further one the next Play of it waits
 * longer: 1 s, 2 s, 4 s, up to 60 s. So does any Play after many strikes against whatever URLs.
 * Strikes are forgotten as soon as a stream that began after them has played for a second.
 */
typedef struct _DaemonLoopGuard DaemonLoopGuard;

DaemonLoopGuard *daemon_loop_guard_new (void);
void daemon_loop_guard_free (DaemonLoopGuard *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonLoopGuard, daemon_loop_guard_free)

/* Every report, in order. */
void daemon_loop_guard_observe (DaemonLoopGuard *self, const PlayerReport *report);

/* How long a Play of @url has to wait, given what plays now; 0 = not at all. */
guint
daemon_loop_guard_get_delay_ms (DaemonLoopGuard *self, const PlayerSnapshot *now, const char *url);

G_END_DECLS

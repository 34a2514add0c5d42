/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player/player-step.h"

G_BEGIN_DECLS

/**
 * SECTION:player-restore
 *
 * The moves on what an earlier run has left. What was under way is the current track again, paused and
 * *asleep*: it is loaded when it is to go on, at the very place, and PlaybackStarted says so when it
 * sounds.
 */

/* What the command brings is the state now. */
void player_restore (PlayerStep *self);
/* The current track, which is asleep and not loaded, is to go on. */
void player_restore_wake (PlayerStep *self);
/* The current track, which is asleep, is to go on somewhere else. */
void player_restore_seek (PlayerStep *self);

G_END_DECLS

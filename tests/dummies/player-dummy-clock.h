/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player/player-clock.h"

G_BEGIN_DECLS

/**
 * PlayerDummyClock:
 *
 * A clock that is turned by hand. It starts at 0.
 */
#define PLAYER_TYPE_DUMMY_CLOCK (player_dummy_clock_get_type ())
G_DECLARE_FINAL_TYPE (PlayerDummyClock, player_dummy_clock, PLAYER, DUMMY_CLOCK, GObject)

PlayerDummyClock *player_dummy_clock_new (void);

/* Lets @ms pass; alarms ring in the order of their times, with the clock at their time. */
void player_dummy_clock_advance (PlayerDummyClock *self, gint64 ms);
/* How many alarms are set. */
guint player_dummy_clock_get_n_alarms (PlayerDummyClock *self);
/* Milliseconds until the next alarm, -1 if none is set. */
gint64 player_dummy_clock_get_next_ms (PlayerDummyClock *self);

G_END_DECLS

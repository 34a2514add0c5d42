/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player-clock.h"
#include "player-effect.h"

G_BEGIN_DECLS

/**
 * PlayerDriver:
 *
 * From decision to deed: carries effects out on the engine and the clock. It decides nothing, and it
 * is the only one that speaks to the engine.
 */
typedef struct _PlayerDriver PlayerDriver;

/* @alarm has rung. It is not set any more. */
typedef void (*PlayerDriverFunc) (PlayerAlarm alarm, gpointer user_data);

PlayerDriver *player_driver_new (PlayerEngine *engine,
                                 PlayerClock *clock,
                                 PlayerDriverFunc ring,
                                 gpointer user_data);
/* Takes back what alarms are set. */
void player_driver_free (PlayerDriver *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerDriver, player_driver_free)

void player_driver_carry_out (PlayerDriver *self, const PlayerEffect *effect);

/* How softly the engine plays while it is ducked, from now on: above 0.0, up to 1.0. */
void player_driver_set_duck (PlayerDriver *self, double amplitude);
void player_driver_set_volume (PlayerDriver *self, double volume, gboolean muted);
/* The heard position of @generation in µs, -1 where the engine does not know it. */
gint64 player_driver_get_position (PlayerDriver *self, guint64 generation);

G_END_DECLS

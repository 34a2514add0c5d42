/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player/player-step.h"

G_BEGIN_DECLS

/**
 * player_settle_step:
 *
 * To be called once at the end of each step: what follows from the state alone, whatever has led to
 * it. A failure whose turn has come is told, the head of the queue is loaded ahead, "nearly
 * finished" is said, the alarms are set or taken back.
 */
void player_settle_step (PlayerStep *self);

/* The alarms that were set so have rung: the old stream has sounded on long enough; and the position
 * is to be looked at again. */
void player_settle_grace_over (PlayerStep *self);
void player_settle_nearly_due (PlayerStep *self);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player-effect.h"
#include "player-input.h"
#include "player-state.h"

G_BEGIN_DECLS

/**
 * player_activity_step:
 * @state: what is known; changed in place
 * @input: a command, an engine event or an alarm
 * @outcome: filled with the verdict, the effects to carry out and the reports to tell
 *
 * All decisions of the player. It looks at nothing but its arguments: no clock, no engine, no bus.
 * The rules stand in one table in player-activity.c.
 *
 * Engine events about a generation that is over have no outcome.
 */
void player_activity_step (PlayerState *state, const PlayerInput *input, PlayerOutcome *outcome);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player-state.h"

G_BEGIN_DECLS

/**
 * player_picture_take:
 * @state: what the decision core knows
 * @heard_us: the heard position of the current stream, -1 if there is none to be heard
 *
 * Returns: (transfer full): a snapshot of @state; volume and mute are left for the caller to fill
 * in
 */
PlayerSnapshot *player_picture_take (const PlayerState *state, gint64 heard_us);

G_END_DECLS

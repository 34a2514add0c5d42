/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player/player-step.h"

G_BEGIN_DECLS

/**
 * SECTION:player-source
 *
 * The moves about where a stream is to be had from, which may change while it plays: an expired URL
 * is refused, and whoever supplied it gives another. The state of the player stays as it is.
 */

/* (transfer none) (nullable): the stream @serial, if it is current, about to be, or waits. */
PlayerItem *player_source_find (PlayerState *state, guint64 serial);
/* The serial of the first of those whose token is @token, or of what plays or is about to for ""; 0:
 * none. */
guint64 player_source_find_token (PlayerState *state, const char *token);

/* Whether the stream that the command names is current, about to be, or waits in the queue. */
gboolean player_source_is_there (const PlayerStep *self);
/* It is to be had from the URL and with the headers of the command. One that has failed and waits
 * for its turn to say so is tried again. */
void player_source_renew (PlayerStep *self);
/* The URL of the track is refused: whoever supplied it should know. */
void player_source_refused (PlayerStep *self);

G_END_DECLS

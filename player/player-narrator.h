/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player-speech.h"
#include "player-types.h"

G_BEGIN_DECLS

/**
 * PlayerNarrator:
 *
 * What is to be said, in its order: the speech queue. It has nothing to do with the queue of the
 * audio player, though the play behaviors have the same names (Request and Response JSON Reference,
 * "OutputSpeech object").
 *
 * Signals:
 * - "event" (PlayerUtterance *utterance, const PlayerSpeechEvent *event): what became of an
 *   utterance. One that was dropped from the queue gets STOPPED, too (generation 0).
 * - "idle": nothing is being said, and nothing waits. After the last event.
 *
 * STOPPED, and FAILED where nobody can speak, are emitted before the call that causes them has
 * returned; the rest never is. From within a handler everything may be called, but what it causes
 * is emitted after the handler has returned.
 */
#define PLAYER_TYPE_NARRATOR (player_narrator_get_type ())
G_DECLARE_FINAL_TYPE (PlayerNarrator, player_narrator, PLAYER, NARRATOR, GObject)

/* @speech: (nullable): %NULL: nobody can speak; every utterance FAILs at once. */
PlayerNarrator *player_narrator_new (PlayerSpeech *speech);

/* Somebody else, or nobody, speaks from now on; hushes first. @speech: as for player_narrator_new() */
void player_narrator_set_speech (PlayerNarrator *self, PlayerSpeech *speech);

/**
 * player_narrator_say:
 * @behavior: ENQUEUE: after all that waits; REPLACE_ALL: now, in place of all that is said or waits;
 *   REPLACE_ENQUEUED: after what is being said, in place of what waits
 *
 * Wants @utterance to be said.
 */
void
player_narrator_say (PlayerNarrator *self, PlayerUtterance *utterance, PlayerPlayBehavior behavior);

/* Ends what is being said and drops what waits. */
void player_narrator_hush (PlayerNarrator *self);

/* Whether something is being said or waits to be. */
gboolean player_narrator_is_busy (PlayerNarrator *self);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player/player-speech.h"

G_BEGIN_DECLS

/**
 * PlayerDummySpeech:
 *
 * A #PlayerSpeech without sound. It keeps the contract of the port (one utterance at a time, stop()
 * emits STOPPED before it returns) and writes down each call as one line. Whatever takes time with a
 * real voice happens when the test says so.
 */
#define PLAYER_TYPE_DUMMY_SPEECH (player_dummy_speech_get_type ())
G_DECLARE_FINAL_TYPE (PlayerDummySpeech, player_dummy_speech, PLAYER, DUMMY_SPEECH, GObject)

PlayerDummySpeech *player_dummy_speech_new (void);

/* The lines so far, e.g. "say 1 ID", "stop"; then forgets them. (transfer full) */
GStrv player_dummy_speech_take_calls (PlayerDummySpeech *self);

/* (transfer none) (nullable): what is being said or prepared */
PlayerUtterance *player_dummy_speech_get_utterance (PlayerDummySpeech *self);
/* Its generation, 0 = none */
guint64 player_dummy_speech_get_generation (PlayerDummySpeech *self);

/* What becomes of the utterance under way. %FALSE: there is none, or (start) it has started. */
gboolean player_dummy_speech_start (PlayerDummySpeech *self);
gboolean player_dummy_speech_fault (PlayerDummySpeech *self, guint part, const char *message);
/* The recordings are too long together. */
gboolean player_dummy_speech_cut (PlayerDummySpeech *self, guint part);
gboolean player_dummy_speech_finish (PlayerDummySpeech *self);
gboolean player_dummy_speech_fail (PlayerDummySpeech *self, const char *message);

G_END_DECLS

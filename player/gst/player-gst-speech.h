/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player-gst-engine.h"
#include "player/player-speech.h"

G_BEGIN_DECLS

/**
 * PlayerGstSpeech:
 *
 * The #PlayerSpeech made of a synthesiser, which is a program of its own, and the engine: what is
 * spoken is mixed into the engine's one output, at the user's volume. While it prepares a part, the
 * ones before it are heard.
 */
#define PLAYER_TYPE_GST_SPEECH (player_gst_speech_get_type ())
G_DECLARE_FINAL_TYPE (PlayerGstSpeech, player_gst_speech, PLAYER, GST_SPEECH, GObject)

/**
 * player_gst_speech_new:
 * @engine: through whose output it speaks; the only one that does
 * @command: the synthesiser: a program and its arguments, split as a shell splits words, but run
 *   without one. It reads an SSML document from its standard input and writes audio, as a rule a WAV
 *   file, to its standard output. "%l" stands for the locale, "%%" for a percent sign
 * @timeout_ms: how long it may take for one part
 * @error: G_SHELL_ERROR: @command cannot be split. A program that is not there is no error here:
 *   every part that needs it gives %PLAYER_SPEECH_FAULT
 */
PlayerSpeech *player_gst_speech_new (PlayerGstEngine *engine,
                                     const char *command,
                                     guint timeout_ms,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

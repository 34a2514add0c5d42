/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * PlayerSpeechPartType:
 * @PLAYER_SPEECH_PART_SAY: words for the synthesiser
 * @PLAYER_SPEECH_PART_AUDIO: a recording
 * @PLAYER_SPEECH_PART_BREAK: silence
 */
typedef enum
{
  PLAYER_SPEECH_PART_SAY,
  PLAYER_SPEECH_PART_AUDIO,
  PLAYER_SPEECH_PART_BREAK,
} PlayerSpeechPartType;

/**
 * PlayerSpeechPart:
 * @ssml: (nullable): SAY: a whole document of W3C SSML, `<speak>` and what belongs into it
 * @url: (nullable): AUDIO: absolute URL
 * @duration_ms: BREAK: how long
 *
 * What is said without a pause in between. Only members named by @type are meaningful.
 */
typedef struct
{
  PlayerSpeechPartType type;
  char *ssml; /* (owned) (nullable) */
  char *url;  /* (owned) (nullable) */
  guint duration_ms;
} PlayerSpeechPart;

PlayerSpeechPart *player_speech_part_new_say (const char *ssml);
PlayerSpeechPart *player_speech_part_new_audio (const char *url);
PlayerSpeechPart *player_speech_part_new_break (guint duration_ms);
void player_speech_part_free (PlayerSpeechPart *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerSpeechPart, player_speech_part_free)

/**
 * PlayerUtterance:
 * @id: opaque name given by whoever wants it said; stored and handed back
 * @origin: opaque name of whoever says it, as that of a #PlayerItem
 * @locale: e.g. "en-US": for the synthesiser
 * @parts: (element-type PlayerSpeechPart): in order
 * @max_audio_ms: no recording is played longer than this in all; 0: no limit
 *
 * Something to be said. Immutable after construction.
 */
typedef struct
{
  gatomicrefcount ref_count;
  char *id;         /* (owned) */
  char *origin;     /* (owned) */
  char *locale;     /* (owned) */
  GPtrArray *parts; /* (owned) (element-type PlayerSpeechPart) */
  gint64 max_audio_ms;
} PlayerUtterance;

/* @parts: (transfer none): kept by reference, not to be changed any more. */
PlayerUtterance *player_utterance_new (
    const char *id, const char *origin, const char *locale, GPtrArray *parts, gint64 max_audio_ms);
PlayerUtterance *player_utterance_ref (PlayerUtterance *self);
void player_utterance_unref (PlayerUtterance *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerUtterance, player_utterance_unref)

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/player-utterance.h"

static PlayerSpeechPart *
part_new (PlayerSpeechPartType type)
{
  PlayerSpeechPart *self = g_new0 (PlayerSpeechPart, 1);
  self->type = type;
  return self;
}

PlayerSpeechPart *
player_speech_part_new_say (const char *ssml)
{
  g_return_val_if_fail (ssml != NULL, NULL);
  PlayerSpeechPart *self = part_new (PLAYER_SPEECH_PART_SAY);
  self->ssml = g_strdup (ssml);
  return self;
}

PlayerSpeechPart *
player_speech_part_new_audio (const char *url)
{
  g_return_val_if_fail (url != NULL, NULL);
  PlayerSpeechPart *self = part_new (PLAYER_SPEECH_PART_AUDIO);
  self->url = g_strdup (url);
  return self;
}

PlayerSpeechPart *
player_speech_part_new_break (guint duration_ms)
{
  PlayerSpeechPart *self = part_new (PLAYER_SPEECH_PART_BREAK);
  self->duration_ms = duration_ms;
  return self;
}

void
player_speech_part_free (PlayerSpeechPart *self)
{
  if (self == NULL)
    return;
  g_free (self->ssml);
  g_free (self->url);
  g_free (self);
}

PlayerUtterance *
player_utterance_new (
    const char *id, const char *origin, const char *locale, GPtrArray *parts, gint64 max_audio_ms)
{
  g_return_val_if_fail (id != NULL && origin != NULL && locale != NULL && parts != NULL, NULL);
  PlayerUtterance *self = g_new0 (PlayerUtterance, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->id = g_strdup (id);
  self->origin = g_strdup (origin);
  self->locale = g_strdup (locale);
  self->parts = g_ptr_array_ref (parts);
  self->max_audio_ms = max_audio_ms;
  return self;
}

PlayerUtterance *
player_utterance_ref (PlayerUtterance *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
player_utterance_unref (PlayerUtterance *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->id);
  g_free (self->origin);
  g_free (self->locale);
  g_ptr_array_unref (self->parts);
  g_free (self);
}

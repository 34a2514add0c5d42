/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player-utterance.h"

G_BEGIN_DECLS

/**
 * SECTION:player-speech
 *
 * The port to whatever speaks. It obeys, and tells what happened; it decides nothing.
 *
 * - Every utterance has a *generation*, chosen by the caller, never 0 and never used twice.
 * - At most one utterance is under way. No call blocks, and none fails: what goes wrong comes back as
 *   an event.
 * - All events are emitted in the main context the object was created in, never before the call
 *   that causes them has returned, but for the one of stop().
 *
 * Order of the events of one generation:
 *   STARTED? FAULT* (FINISHED | STOPPED | FAILED)     (FAULTs may come before STARTED, too)
 * After the last of them the generation is over.
 */
#define PLAYER_TYPE_SPEECH (player_speech_get_type ())
G_DECLARE_INTERFACE (PlayerSpeech, player_speech, PLAYER, SPEECH, GObject)

/**
 * PlayerSpeechEventType:
 * @PLAYER_SPEECH_STARTED: its first sample is on its way to the sink
 * @PLAYER_SPEECH_FAULT: a part cannot be said and is left out; the rest goes on
 * @PLAYER_SPEECH_FINISHED: the last sample has been heard
 * @PLAYER_SPEECH_STOPPED: faded out by stop()
 * @PLAYER_SPEECH_FAILED: nothing of it could be said
 */
typedef enum
{
  PLAYER_SPEECH_STARTED,
  PLAYER_SPEECH_FAULT,
  PLAYER_SPEECH_FINISHED,
  PLAYER_SPEECH_STOPPED,
  PLAYER_SPEECH_FAILED,
} PlayerSpeechEventType;

/* "started", "fault", "finished", "stopped", "failed" */
const char *player_speech_event_type_to_string (PlayerSpeechEventType type);

/**
 * PlayerSpeechEvent:
 *
 * Lives on the emitter's stack; handlers copy what they keep.
 */
typedef struct
{
  PlayerSpeechEventType type;
  guint64 generation;
  guint part;                /* FAULT: its index */
  gboolean too_long;         /* FAULT: recordings are cut off here at max_audio_ms; once */
  const char *error_message; /* FAULT, FAILED: one line without a URL's query */
} PlayerSpeechEvent;

struct _PlayerSpeechInterface
{
  GTypeInterface parent;

  void (*say) (PlayerSpeech *self, guint64 generation, PlayerUtterance *utterance);
  void (*stop) (PlayerSpeech *self);
};

/* Says @utterance as soon as it is synthesised; nothing may be under way. */
void player_speech_say (PlayerSpeech *self, guint64 generation, PlayerUtterance *utterance);

/* Ends what is being said or prepared, faded out; STOPPED is emitted before this returns. Nothing
 * happens if nothing is. */
void player_speech_stop (PlayerSpeech *self);

/* For implementations: emits the signal
 *   "event" (PlayerSpeech *self, const PlayerSpeechEvent *event). */
void player_speech_emit (PlayerSpeech *self, const PlayerSpeechEvent *event);

G_END_DECLS

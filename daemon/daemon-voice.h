/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-router.h"
#include "daemon-timeline.h"
#include "dbus/bus-backend.h"
#include "player/player-narrator.h"

G_BEGIN_DECLS

/* So long a device listens, once after the answer and once after the reprompt; and so long a
 * request may take to come after somebody has been understood. */
#define DAEMON_VOICE_LISTEN_MS 8000

/**
 * DaemonVoice:
 *
 * Who speaks and who listens: what skills say is spoken one after the other, and the microphone is
 * open while a session waits and nothing is spoken. The floor is held as long as anything is
 * spoken, or somebody speaks.
 *
 * Signal "changed": what daemon_voice_describe() tells has changed, but for the time left.
 */
#define DAEMON_TYPE_VOICE (daemon_voice_get_type ())
G_DECLARE_FINAL_TYPE (DaemonVoice, daemon_voice, DAEMON, VOICE, GObject)

/* @speech: (nullable): %NULL: nothing can be spoken; all goes on without. */
DaemonVoice *daemon_voice_new (DaemonRouter *router,
                               DaemonTimeline *timeline,
                               PlayerClock *clock,
                               PlayerSpeech *speech);

/* As for daemon_voice_new(); what is spoken is cut. */
void daemon_voice_set_speech (DaemonVoice *self, PlayerSpeech *speech);

/**
 * DaemonSaying:
 * @skill: name of the skill that says it, "" for none
 * @request_id: what it answers, or while what is pending it says it
 * @parts: (element-type PlayerSpeechPart): kept by reference
 * @max_audio_ms: no recording is played longer than this in all; 0: no limit
 *
 * Something to be spoken; the rest is borrowed for the call.
 */
typedef struct
{
  const char *skill;
  const char *request_id;
  const char *locale;
  GPtrArray *parts;
  gint64 max_audio_ms;
  PlayerPlayBehavior behavior;
} DaemonSaying;

/* Wants @saying to be spoken. What becomes of it is told by steps "SpeechState". While somebody
 * speaks it is dropped. */
void daemon_voice_say (DaemonVoice *self, const DaemonSaying *saying);

/* Cuts what is spoken and drops what waits to be. */
void daemon_voice_hush (DaemonVoice *self);

/* A request of the user is there: what is spoken is cut, and if somebody spoke, this is what was
 * said. Whoever calls holds the floor already. */
void daemon_voice_take_turn (DaemonVoice *self);

/* @user_data waits for somebody to speak, and nobody did. */
typedef void (*DaemonVoiceSilence) (gpointer user_data);

/**
 * daemon_voice_listen:
 * @skill: name of the skill whose session waits
 * @silence: called once if nobody says anything that is understood
 *
 * Opens the microphone as soon as nothing is spoken, for 8 s from then on. One session waits at a
 * time; another one takes its place.
 */
void daemon_voice_listen (DaemonVoice *self,
                          const char *skill,
                          DaemonVoiceSilence silence,
                          gpointer user_data);

/* The session of @user_data waits no more. */
void daemon_voice_stop_listening (DaemonVoice *self, gpointer user_data);

/* Somebody has begun to speak: what is spoken is cut, sessions wait without an end. */
void daemon_voice_begin_user_speech (DaemonVoice *self);

/**
 * daemon_voice_end_user_speech:
 * @understood: whether a request follows; if so, it has to come within 8 s
 * @error: BUS_ERROR_NOT_SPEAKING
 *
 * It is quiet again. What is not understood, or not followed by a request, counts as silence.
 */
gboolean daemon_voice_end_user_speech (DaemonVoice *self, gboolean understood, GError **error);

/* Fills @state; it is borrowed until the next call. */
void daemon_voice_describe (DaemonVoice *self, BusVoice *state);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* What is spoken, what gives way to it, and when the microphone is open. */
#include <string.h>

#include "dbus/bus-errors.h"
#include "test-house.h"

#define SPEECH(text) "\"outputSpeech\":{\"type\":\"PlainText\",\"text\":\"" text "\"}"
#define REPROMPT(text) "\"reprompt\":{" SPEECH (text) "}"
#define ANSWER(members) "{\"version\":\"1.0\",\"response\":{" members "}}"
#define OPEN "\"shouldEndSession\":false"
#define END "\"shouldEndSession\":true"

static DaemonConversation *
radio (House *house)
{
  return daemon_skills_find (house->skills, "radio");
}

static void
launch (House *house)
{
  g_autoptr (AlexaRequest) request = alexa_request_new (ALEXA_REQUEST_LAUNCH);
  g_assert_true (daemon_conversation_ask (radio (house), request, NULL, NULL, NULL));
}

static void
intend (House *house, const char *name)
{
  g_autoptr (AlexaRequest) request = alexa_request_new_intent (name, NULL);
  g_assert_true (daemon_conversation_ask (radio (house), request, NULL, NULL, NULL));
}

static void
begin_user_speech (House *house)
{
  g_assert_true (bus_backend_begin_user_speech (BUS_BACKEND (house->backend), NULL));
  house_settle (house);
}

static void
end_user_speech (House *house, gboolean understood)
{
  g_assert_true (bus_backend_end_user_speech (BUS_BACKEND (house->backend), understood, NULL));
  house_settle (house);
}

static void
start_speech (House *house)
{
  g_assert_true (player_dummy_speech_start (house->speech));
  house_settle (house);
  g_assert_true (house_saw (house, "SpeechState radio started"));
}

static void
finish_speech (House *house)
{
  g_assert_true (player_dummy_speech_finish (house->speech));
  house_settle (house);
  g_assert_true (house_saw (house, "SpeechState radio finished"));
}

static gboolean
is_spoken (House *house)
{
  return player_dummy_speech_get_utterance (house->speech) != NULL;
}

/* @skill: NULL: the microphone is closed. */
static void
assert_microphone (House *house, const char *skill, guint time_left_ms)
{
  BusVoice voice = { 0 };
  bus_backend_get_voice (BUS_BACKEND (house->backend), &voice);
  g_assert_cmpint (voice.microphone_open, ==, skill != NULL);
  g_assert_cmpstr (voice.microphone_skill, ==, skill != NULL ? skill : "");
  g_assert_cmpuint (voice.time_left_ms, ==, time_left_ms);
}

static void
assert_speaking (House *house, gboolean speaking)
{
  BusVoice voice = { 0 };
  bus_backend_get_voice (BUS_BACKEND (house->backend), &voice);
  g_assert_cmpint (voice.speaking, ==, speaking);
}

static void
assert_calls (House *house, const char *expected)
{
  g_auto (GStrv) calls = player_dummy_engine_take_calls (house->engine);
  g_autofree char *text = g_strjoinv ("; ", calls);
  g_assert_cmpstr (text, ==, expected);
}

static void
forget_calls (House *house)
{
  g_strfreev (player_dummy_engine_take_calls (house->engine));
}

/* The words come first, then the stream of the same answer. */
static void
test_speech_before_audio (House *house, gconstpointer data)
{
  g_autofree char *play = house_play ("REPLACE_ALL", "http://127.0.0.1/a.flac", "t1",
                                      "," SPEECH ("Here it comes.") "," END);
  launch (house);
  g_autoptr (JsonObject) request = house_expect (house, "LaunchRequest");
  house_answer (house, play);
  g_assert_true (house_saw (house, "Speech radio PlainText Here it comes. false"));
  g_assert_true (house_saw (house, "Session radio false"));
  PlayerUtterance *utterance = player_dummy_speech_get_utterance (house->speech);
  house_assert (request, "request/requestId", utterance->id);
  g_assert_cmpstr (utterance->locale, ==, "en-US");
  g_assert_cmpint (utterance->max_audio_ms, ==, 240000);
  const PlayerSpeechPart *part = g_ptr_array_index (utterance->parts, 0);
  g_assert_nonnull (strstr (part->ssml, "Here it comes."));
  assert_speaking (house, TRUE);
  start_speech (house);
  g_auto (GStrv) held = player_dummy_engine_take_calls (house->engine);
  g_assert_cmpstr (held[g_strv_length (held) - 1], ==, "pause");
  finish_speech (house);
  assert_calls (house, "resume");
  assert_speaking (house, FALSE);
  assert_microphone (house, NULL, 0); /* the session is over */
  house_start_sound (house, 0);
  house_exchange (house, "AudioPlayer.PlaybackStarted", SAY_NOTHING);
  house_expect_none (house);
}

/* What played goes on at its place when the words are over, and its skill hears of both. */
static void
test_question_while_playing (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  player_dummy_engine_set_position (house->engine, 5000);
  intend (house, "WhatIsThis");
  house_exchange (house, "AudioPlayer.PlaybackStopped", "{}");
  house_exchange (house, "IntentRequest", ANSWER (SPEECH ("A song.") "," END));
  forget_calls (house);
  start_speech (house);
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_PAUSED);
  house_advance (house, 60000);
  assert_calls (house, "");
  finish_speech (house);
  assert_calls (house, "resume");
}

/* In the other model it is softer meanwhile, and nobody is told. */
static void
test_ducked (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  forget_calls (house);
  intend (house, "WhatIsThis");
  assert_calls (house, "duck 0.13");
  g_autoptr (JsonObject) request = house_expect (house, "IntentRequest");
  house_assert (request, "context/AudioPlayer/playerActivity", "PLAYING");
  house_answer (house, ANSWER (SPEECH ("A song.") "," END));
  start_speech (house);
  assert_calls (house, "");
  finish_speech (house);
  assert_calls (house, "duck 1.00");
  house_expect_none (house);
}

/* A stream that the answer brings waits for the words in this model, too; of the old one there is
 * one PlaybackStopped. */
static void
test_ducked_play (House *house, gconstpointer data)
{
  g_autofree char *play = house_play ("REPLACE_ALL", "http://127.0.0.1/b.flac", "t2",
                                      "," SPEECH ("Next one.") "," END);
  house_start_playing (house, "t1");
  intend (house, "AMAZON.NextIntent");
  house_exchange (house, "IntentRequest", play);
  house_exchange (house, "AudioPlayer.PlaybackStopped", "{}");
  start_speech (house);
  g_auto (GStrv) held = player_dummy_engine_take_calls (house->engine);
  g_assert_cmpstr (held[g_strv_length (held) - 1], ==, "pause");
  finish_speech (house);
  g_auto (GStrv) calls = player_dummy_engine_take_calls (house->engine);
  g_assert_true (g_strv_contains ((const char *const *)calls, "resume"));
  g_assert_true (g_strv_contains ((const char *const *)calls, "duck 1.00"));
  house_start_sound (house, 0);
  g_autoptr (JsonObject) started = house_expect (house, "AudioPlayer.PlaybackStarted");
  house_assert (started, "request/token", "t2");
  house_answer (house, SAY_NOTHING);
  house_expect_none (house);
}

/* An open session keeps what plays soft. */
static void
test_ducked_session (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  intend (house, "Quiz");
  house_exchange (house, "IntentRequest", ANSWER (SPEECH ("Well?") "," OPEN));
  start_speech (house);
  finish_speech (house);
  forget_calls (house);
  house_advance (house, 7999);
  assert_calls (house, "");
  house_advance (house, 1);
  assert_calls (house, "duck 1.00");
  house_exchange (house, "SessionEndedRequest", "{}");
  house_expect_none (house);
}

/* 8 s from the last word on, the reprompt, and 8 s from its last word on. */
static void
test_microphone (House *house, gconstpointer data)
{
  assert_microphone (house, NULL, 0);
  launch (house);
  house_exchange (house, "LaunchRequest",
                  ANSWER (SPEECH ("Which one?") "," REPROMPT ("Say a name.") "," OPEN));
  start_speech (house);
  house_advance (house, 30000); /* it takes its time */
  assert_microphone (house, NULL, 0);
  finish_speech (house);
  assert_microphone (house, "radio", 8000);
  house_advance (house, 3000);
  assert_microphone (house, "radio", 5000);
  house_advance (house, 4999);
  g_assert_false (is_spoken (house));
  house_advance (house, 1);
  g_assert_true (house_saw (house, "Speech radio PlainText Say a name. true"));
  assert_microphone (house, NULL, 0);
  g_assert_cmpint (player_dummy_speech_get_utterance (house->speech)->max_audio_ms, ==, 90000);
  start_speech (house);
  house_advance (house, 30000);
  finish_speech (house);
  assert_microphone (house, "radio", 8000);
  house_advance (house, 7999);
  house_expect_none (house);
  house_advance (house, 1);
  assert_microphone (house, NULL, 0);
  g_autoptr (JsonObject) ended = house_expect (house, "SessionEndedRequest");
  house_assert (ended, "request/reason", "EXCEEDED_MAX_REPROMPTS");
  house_answer (house, "{}");
  g_assert_false (is_spoken (house));
}

/* A reprompt without words is none; one in an answer that ends the session is not spoken. */
static void
test_no_reprompt (House *house, gconstpointer data)
{
  launch (house);
  house_exchange (house, "LaunchRequest", ANSWER (REPROMPT ("") "," OPEN));
  assert_microphone (house, "radio", 8000);
  house_advance (house, 8000);
  house_exchange (house, "SessionEndedRequest", "{}");
  launch (house);
  house_exchange (house, "LaunchRequest", ANSWER (REPROMPT ("So?") "," END));
  launch (house);
  house_exchange (house, "LaunchRequest", ANSWER (REPROMPT ("So?")));
  house_advance (house, 60000);
  g_assert_false (is_spoken (house));
  house_expect_none (house);
}

/* A request cuts what is spoken; the session waits for its answer, not for the microphone. */
static void
test_barge_in (House *house, gconstpointer data)
{
  launch (house);
  house_exchange (house, "LaunchRequest", ANSWER (SPEECH ("A long story") "," OPEN));
  start_speech (house);
  intend (house, "Short");
  g_assert_true (house_saw (house, "SpeechState radio stopped"));
  g_assert_false (is_spoken (house));
  assert_microphone (house, NULL, 0);
  house_advance (house, 7900);
  house_exchange (house, "IntentRequest", ANSWER (SPEECH ("Fine.") "," END));
  start_speech (house);
  finish_speech (house);
  house_expect_none (house);
}

/* Who asks again does not want to hear the answer to the first question any more. */
static void
test_late_speech (House *house, gconstpointer data)
{
  launch (house);
  json_object_unref (house_expect (house, "LaunchRequest"));
  intend (house, "Other");
  house_answer (house, ANSWER (SPEECH ("Welcome") "," OPEN));
  g_assert_true (house_saw (house, "Speech radio PlainText Welcome"));
  g_assert_true (house_saw (house, "SpeechState radio stopped somebody has spoken meanwhile"));
  g_assert_false (is_spoken (house));
  house_exchange (house, "IntentRequest", ANSWER (SPEECH ("Other") "," END));
  g_assert_true (is_spoken (house));
}

/* What a skill says while it prepares its answer is for those who still wait for it. */
static void
test_may_speak (House *house, gconstpointer data)
{
  launch (house);
  g_autoptr (JsonObject) first = house_expect (house, "LaunchRequest");
  g_autofree char *id = house_get (first, "request/requestId");
  g_assert_true (daemon_conversation_may_speak (radio (house), id));
  g_assert_false (daemon_conversation_may_speak (radio (house), "another"));
  intend (house, "Other");
  g_assert_false (daemon_conversation_may_speak (radio (house), id));
  house_answer (house, ANSWER (OPEN));
  g_assert_false (daemon_conversation_may_speak (radio (house), id));

  g_autoptr (JsonObject) second = house_expect (house, "IntentRequest");
  g_autofree char *second_id = house_get (second, "request/requestId");
  g_assert_true (daemon_conversation_may_speak (radio (house), second_id));
  daemon_conversation_abandon (radio (house));
  g_assert_false (daemon_conversation_may_speak (radio (house), second_id));
  house_answer (house, ANSWER (SPEECH ("Too late") "," END));
  g_assert_true (house_saw (house, "SpeechState radio stopped somebody has left"));
  g_assert_false (is_spoken (house));
  house_exchange (house, "SessionEndedRequest", "{}");
}

static void
hand_over_as (House *house, const char *skill, const char *behavior, const char *text)
{
  g_autofree char *json = g_strdup_printf (
      "{\"version\":\"1.0\",\"response\":{\"outputSpeech\":{\"type\":\"PlainText\",\"text\":\"%s\""
      "%s%s%s},\"shouldEndSession\":true}}",
      text, behavior != NULL ? ",\"playBehavior\":\"" : "", behavior != NULL ? behavior : "",
      behavior != NULL ? "\"" : "");
  g_autofree char *id
      = bus_backend_handle_response (BUS_BACKEND (house->backend), skill, "", json, NULL);
  g_assert_nonnull (id);
}

static void
hand_over (House *house, const char *behavior, const char *text)
{
  hand_over_as (house, "radio", behavior, text);
}

static void
assert_spoken (House *house, const char *text)
{
  PlayerUtterance *utterance = player_dummy_speech_get_utterance (house->speech);
  g_assert_nonnull (utterance);
  const PlayerSpeechPart *part = g_ptr_array_index (utterance->parts, 0);
  g_assert_nonnull (strstr (part->ssml, text));
}

/* The speech queue: after all, in place of what waits, in place of everything. */
static void
test_behaviors (House *house, gconstpointer data)
{
  hand_over (house, NULL, "one");
  hand_over (house, "ENQUEUE", "two");
  assert_spoken (house, "one");
  player_dummy_speech_finish (house->speech);
  assert_spoken (house, "two");
  hand_over (house, NULL, "three");
  hand_over (house, "REPLACE_ENQUEUED", "four");
  g_assert_true (house_saw (house, "SpeechState radio stopped")); /* three */
  assert_spoken (house, "two");
  player_dummy_speech_finish (house->speech);
  assert_spoken (house, "four");
  hand_over (house, NULL, "five");
  hand_over (house, "REPLACE_ALL", "six");
  g_assert_true (house_saw (house, "SpeechState radio stopped")); /* four */
  g_assert_true (house_saw (house, "SpeechState radio stopped")); /* five */
  assert_spoken (house, "six");
  player_dummy_speech_finish (house->speech);
  g_assert_false (is_spoken (house));
  assert_speaking (house, FALSE);
}

/* What plays stays held between two utterances. */
static void
test_no_gap (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  hand_over (house, NULL, "one");
  hand_over (house, NULL, "two");
  house_exchange (house, "AudioPlayer.PlaybackStopped", "{}");
  forget_calls (house);
  start_speech (house);
  finish_speech (house);
  start_speech (house);
  assert_calls (house, "");
  finish_speech (house);
  assert_calls (house, "resume");
}

/* How long recordings are is known when they are played. */
static void
test_too_long (House *house, gconstpointer data)
{
  launch (house);
  house_exchange (house, "LaunchRequest", ANSWER (SPEECH ("x") "," REPROMPT ("y") "," OPEN));
  player_dummy_speech_cut (house->speech, 0);
  house_settle (house);
  g_assert_true (house_saw (house, "SpeechState radio fault too long"));
  g_assert_true (
      house_saw (house, "Finding radio speech-audio-too-long error response.outputSpeech "));
  finish_speech (house);
  house_advance (house, 8000);
  player_dummy_speech_cut (house->speech, 0);
  house_settle (house);
  g_assert_true (house_saw (
      house, "Finding radio speech-audio-too-long error response.reprompt.outputSpeech "));
}

static void
test_faults (House *house, gconstpointer data)
{
  launch (house);
  house_exchange (house, "LaunchRequest", ANSWER (SPEECH ("x") "," OPEN));
  player_dummy_speech_fault (house->speech, 0, "HTTP 404");
  g_assert_true (house_saw (house, "SpeechState radio fault HTTP 404"));
  assert_microphone (house, NULL, 0);
  player_dummy_speech_fail (house->speech, "no synthesiser");
  g_assert_true (house_saw (house, "SpeechState radio failed no synthesiser"));
  assert_microphone (house, "radio", 8000); /* it goes on all the same */
  house_advance (house, 8000);
  house_exchange (house, "SessionEndedRequest", "{}");
}

/* Nothing can be spoken: it is told, and all goes on at once. */
static void
test_no_voice (House *house, gconstpointer data)
{
  g_autofree char *play
      = house_play ("REPLACE_ALL", "http://127.0.0.1/a.flac", "t1", "," SPEECH ("Hello") "," END);
  launch (house);
  house_exchange (house, "LaunchRequest", play);
  g_assert_true (house_saw (house, "Speech radio PlainText Hello false"));
  g_assert_true (house_saw (house, "SpeechState radio failed"));
  assert_speaking (house, FALSE);
  g_auto (GStrv) calls = player_dummy_engine_take_calls (house->engine);
  g_assert_cmpstr (calls[g_strv_length (calls) - 1], ==, "resume");
  house_start_sound (house, 0);
  house_exchange (house, "AudioPlayer.PlaybackStarted", SAY_NOTHING);
  forget_calls (house);
  hand_over (house, NULL, "No reason to give way");
  assert_calls (house, "");
  house_expect_none (house);
}

/* The Stop button is for everything that sounds. */
static void
test_stop_button (House *house, gconstpointer data)
{
  hand_over (house, NULL, "A long story");
  start_speech (house);
  g_assert_true (bus_backend_press (BUS_BACKEND (house->backend), BUS_BUTTON_STOP, NULL));
  g_assert_true (house_saw (house, "SpeechState radio stopped"));
  assert_speaking (house, FALSE);
}

/* --- A front end that listens ----------------------------------------------------------------- */

/* The session waits while somebody speaks; what is not understood counts as silence. */
static void
test_not_understood (House *house, gconstpointer data)
{
  launch (house);
  house_exchange (house, "LaunchRequest", ANSWER (SPEECH ("Yes?") "," REPROMPT ("So?") "," OPEN));
  finish_speech (house);
  house_advance (house, 5000);
  begin_user_speech (house);
  assert_microphone (house, "radio", 0);
  house_advance (house, 60000);
  g_assert_false (is_spoken (house));
  end_user_speech (house, FALSE);
  g_assert_true (house_saw (house, "Speech radio PlainText So? true"));
  assert_microphone (house, NULL, 0);
  finish_speech (house);
  assert_microphone (house, "radio", 8000);
  begin_user_speech (house);
  end_user_speech (house, FALSE);
  g_autoptr (JsonObject) ended = house_expect (house, "SessionEndedRequest");
  house_assert (ended, "request/reason", "EXCEEDED_MAX_REPROMPTS");
  house_answer (house, "{}");
}

/* What is spoken is cut, what plays gives way at once, and stays so until the request has been
 * answered. */
static void
test_understood (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  forget_calls (house);
  begin_user_speech (house);
  assert_calls (house, "pause");
  assert_microphone (house, "", 0); /* no session waits, but somebody is listened to */
  house_exchange (house, "AudioPlayer.PlaybackStopped", "{}");
  end_user_speech (house, TRUE);
  assert_microphone (house, NULL, 0);
  house_advance (house, 7999);
  intend (house, "WhatIsThis");
  assert_calls (house, "");
  house_advance (house, 7999); /* the request has come, nothing else is expected */
  house_exchange (house, "IntentRequest", ANSWER (END));
  assert_calls (house, "resume");
}

/* A request that was announced and does not come. */
static void
test_understood_in_vain (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  intend (house, "Quiz");
  house_exchange (house, "AudioPlayer.PlaybackStopped", "{}");
  house_exchange (house, "IntentRequest", ANSWER (OPEN));
  begin_user_speech (house);
  end_user_speech (house, TRUE);
  forget_calls (house);
  house_advance (house, 7999);
  house_expect_none (house);
  assert_calls (house, "");
  house_advance (house, 1);
  house_exchange (house, "SessionEndedRequest", "{}");
  assert_calls (house, "resume");

  /* Without a session it leads to nothing but the end of the pause. */
  player_dummy_engine_emit_simple (house->engine, PLAYER_ENGINE_RESUMED,
                                   player_dummy_engine_get_current (house->engine), 0);
  house_exchange (house, "AudioPlayer.PlaybackStarted", SAY_NOTHING);
  begin_user_speech (house);
  end_user_speech (house, FALSE);
  assert_calls (house, "pause; resume");
}

/* Speaking into what is spoken: no microphone opens by itself, and no time runs. */
static void
test_begin_cuts_speech (House *house, gconstpointer data)
{
  launch (house);
  house_exchange (house, "LaunchRequest", ANSWER (SPEECH ("A long story") "," OPEN));
  start_speech (house);
  begin_user_speech (house);
  begin_user_speech (house); /* twice is once */
  g_assert_true (house_saw (house, "SpeechState radio stopped"));
  house_advance (house, 60000);
  house_expect_none (house);
  hand_over_as (house, "judge", NULL, "Not now");
  g_assert_true (house_saw (house, "SpeechState judge stopped somebody else speaks"));
  g_assert_false (is_spoken (house));
  end_user_speech (house, TRUE);
  begin_user_speech (house); /* once more before the request */
  house_advance (house, 60000);
  end_user_speech (house, TRUE);
  launch (house);
  house_exchange (house, "SessionEndedRequest", "{}");
  house_exchange (house, "LaunchRequest", ANSWER (END));
}

/* A request in the middle: its answer is heard, and the end that follows changes nothing. */
static void
test_request_before_end (House *house, gconstpointer data)
{
  begin_user_speech (house);
  intend (house, "Quick");
  house_exchange (house, "IntentRequest", ANSWER (SPEECH ("Sure") "," OPEN));
  g_assert_true (is_spoken (house));
  end_user_speech (house, TRUE);
  g_assert_true (is_spoken (house));
  finish_speech (house);
  assert_microphone (house, "radio", 8000);
  g_autoptr (GError) error = NULL;
  g_assert_false (bus_backend_end_user_speech (BUS_BACKEND (house->backend), FALSE, &error));
  g_assert_error (error, BUS_ERROR, BUS_ERROR_NOT_SPEAKING);
  assert_microphone (house, "radio", 8000);
  house_advance (house, 8000);
  house_exchange (house, "SessionEndedRequest", "{}");
}

/* To leave is something that one says, too. */
static void
test_leave_by_voice (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  intend (house, "Quiz");
  house_exchange (house, "AudioPlayer.PlaybackStopped", "{}");
  house_exchange (house, "IntentRequest", ANSWER (SPEECH ("Yes?") "," OPEN));
  begin_user_speech (house);
  end_user_speech (house, TRUE);
  forget_calls (house);
  g_assert_true (daemon_conversation_end_session (radio (house), NULL, NULL, NULL));
  assert_calls (house, "resume");
  house_exchange (house, "SessionEndedRequest", "{}");
  house_advance (house, 60000);
  house_expect_none (house);
}

/* The session of a skill that has answered meanwhile and ended it does not come back. */
static void
test_session_ends_meanwhile (House *house, gconstpointer data)
{
  launch (house);
  json_object_unref (house_expect (house, "LaunchRequest"));
  begin_user_speech (house);
  house_answer (house, ANSWER (SPEECH ("Bye") "," END));
  g_assert_false (is_spoken (house));
  end_user_speech (house, FALSE);
  house_advance (house, 60000);
  house_expect_none (house);
}

static void
test_shut_down (House *house, gconstpointer data)
{
  launch (house);
  house_exchange (house, "LaunchRequest", ANSWER (SPEECH ("A long story") "," OPEN));
  start_speech (house);
  daemon_backend_shut_down (house->backend);
  daemon_voice_hush (house->context->voice);
  daemon_skills_shut_down (house->skills);
  g_assert_true (house_saw (house, "SpeechState radio stopped"));
  g_autoptr (JsonObject) ended = house_expect (house, "SessionEndedRequest");
  house_assert (ended, "request/reason", "USER_INITIATED");
  g_autoptr (GError) error = NULL;
  g_assert_false (bus_backend_begin_user_speech (BUS_BACKEND (house->backend), &error));
  g_assert_error (error, BUS_ERROR, BUS_ERROR_SHUTTING_DOWN);
  assert_microphone (house, NULL, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, words, func)                                                                     \
  g_test_add ("/daemon/voice/" path, House, words, house_set_up, func, house_tear_down)
  ADD ("speech-before-audio", "speech", test_speech_before_audio);
  ADD ("question-while-playing", "speech", test_question_while_playing);
  ADD ("ducked", "speech duck", test_ducked);
  ADD ("ducked-play", "speech duck", test_ducked_play);
  ADD ("ducked-session", "speech duck", test_ducked_session);
  ADD ("microphone", "speech", test_microphone);
  ADD ("no-reprompt", "speech", test_no_reprompt);
  ADD ("barge-in", "speech", test_barge_in);
  ADD ("late-speech", "speech", test_late_speech);
  ADD ("may-speak", "speech", test_may_speak);
  ADD ("behaviors", "speech", test_behaviors);
  ADD ("no-gap", "speech", test_no_gap);
  ADD ("too-long", "speech", test_too_long);
  ADD ("faults", "speech", test_faults);
  ADD ("no-voice", NULL, test_no_voice);
  ADD ("stop-button", "speech", test_stop_button);
  ADD ("not-understood", "speech", test_not_understood);
  ADD ("understood", "speech", test_understood);
  ADD ("understood-in-vain", "speech", test_understood_in_vain);
  ADD ("begin-cuts-speech", "speech", test_begin_cuts_speech);
  ADD ("request-before-end", "speech", test_request_before_end);
  ADD ("leave-by-voice", "speech", test_leave_by_voice);
  ADD ("session-ends-meanwhile", "speech", test_session_ends_meanwhile);
  ADD ("shut-down", "speech", test_shut_down);
#undef ADD
  return g_test_run ();
}

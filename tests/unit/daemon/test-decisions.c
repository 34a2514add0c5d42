/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* Where the documents about the protocol contradict each other, or are silent: what has been
 * decided, one test for each row of the table "Decisions" in docs/protocol.md, by its number. */
#include <string.h>

#include "alexa/alexa-test-chain.h"
#include "daemon/daemon-fault.h"
#include "daemon/daemon-signing.h"
#include "test-house.h"

#define ONE_PLAY(behavior, stream, rest)                                                           \
  "{\"version\":\"1.0\",\"response\":{\"directives\":[{\"type\":\"AudioPlayer.Play\","             \
  "\"playBehavior\":\"" behavior "\",\"audioItem\":{\"stream\":{" stream "}}}]" rest "}}"
#define STREAM(name, token)                                                                        \
  "\"url\":\"https://media.example/" name ".flac\",\"token\":" token ",\"offsetInMilliseconds\":0"
#define AFTER(token) ",\"expectedPreviousToken\":\"" token "\""
#define END ",\"shouldEndSession\":true"
#define CLEAR_ALL                                                                                  \
  "{\"version\":\"1.0\",\"response\":{\"directives\":[{\"type\":\"AudioPlayer.ClearQueue\","       \
  "\"clearBehavior\":\"CLEAR_ALL\"}]}}"
#define STOP                                                                                       \
  "{\"version\":\"1.0\",\"response\":{\"shouldEndSession\":true,\"directives\":[{\"type\":"        \
  "\"AudioPlayer.Stop\"}]}}"

static const char *const modes[] = { "radio", "judge" }; /* lenient, strict */

static void
ask (House *house, const char *skill, AlexaRequestType type)
{
  g_autoptr (AlexaRequest) request = alexa_request_new (type);
  DaemonConversation *conversation = daemon_skills_find (house->skills, skill);
  g_assert_true (daemon_conversation_ask (conversation, request, NULL, NULL, NULL));
}

static void
intend (House *house, const char *skill, const char *name)
{
  g_autoptr (AlexaRequest) request = alexa_request_new_intent (name, NULL);
  DaemonConversation *conversation = daemon_skills_find (house->skills, skill);
  g_assert_true (daemon_conversation_ask (conversation, request, NULL, NULL, NULL));
}

/* @skill plays "t1". */
static void
start_playing (House *house, const char *skill)
{
  ask (house, skill, ALEXA_REQUEST_LAUNCH);
  house_exchange (house, "LaunchRequest", ONE_PLAY ("REPLACE_ALL", STREAM ("a", "\"t1\""), END));
  house_start_sound (house, 0);
  house_exchange (house, "AudioPlayer.PlaybackStarted", SAY_NOTHING);
  house_expect_none (house);
}

static guint64
current (House *house)
{
  return player_dummy_engine_get_current (house->engine);
}

static void
emit (House *house, PlayerEngineEventType type, gint64 offset_ms)
{
  g_assert_true (player_dummy_engine_emit_simple (house->engine, type, current (house), offset_ms));
}

static void
stop (House *house)
{
  bus_backend_press (BUS_BACKEND (house->backend), BUS_BUTTON_STOP, NULL);
}

/* Whether the engine was told to load what @part is in; forgets its calls. */
static gboolean
was_loaded (House *house, const char *part)
{
  g_auto (GStrv) calls = player_dummy_engine_take_calls (house->engine);
  for (guint i = 0; calls[i] != NULL; i++)
    if (g_str_has_prefix (calls[i], "load ") && strstr (calls[i], part) != NULL)
      return TRUE;
  return FALSE;
}

/* Strict: the answer is void, and the skill gets to hear @message (nullable: any). */
static void
expect_exception (House *house, const char *message)
{
  g_autoptr (JsonObject) exception = house_expect (house, "System.ExceptionEncountered");
  house_assert (exception, "request/error/type", "INVALID_RESPONSE");
  if (message != NULL)
    house_assert (exception, "request/error/message", message);
  house_answer (house, "{}");
  house_expect_none (house);
}

/* 1: context.AudioPlayer is in the player's own requests, unless configured away. */
static void
test_audio_context (House *house, gconstpointer data)
{
  for (guint i = 0; i < 2; i++)
    {
      house->config->audio_context_in_events = i == 0;
      house_start_playing (house, "t1");
      stop (house);
      g_autoptr (JsonObject) stopped = house_expect (house, "AudioPlayer.PlaybackStopped");
      house_assert (stopped, "context/AudioPlayer/token", i == 0 ? "t1" : NULL);
      house_assert (stopped, "context/AudioPlayer/playerActivity", i == 0 ? "STOPPED" : NULL);
      house_answer (house, "{}");
    }
}

/* 2: there are 17 locales. */
static void
test_locales (House *house, gconstpointer data)
{
  const char *const *locales = alexa_locales ();
  g_assert_cmpuint (g_strv_length ((GStrv)locales), ==, 17);
  for (guint i = 1; i < 17; i++)
    g_assert_cmpstr (locales[i - 1], <, locales[i]);
}

/* 3: ENQUEUE without expectedPreviousToken is taken in lenient, refused in strict. */
static void
test_enqueue_without_token (House *house, gconstpointer data)
{
  const char *answer = ONE_PLAY ("ENQUEUE", STREAM ("b", "\"t2\""), "");
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      start_playing (house, modes[i]);
      was_loaded (house, "");
      ask (house, modes[i], ALEXA_REQUEST_NEXT_COMMAND);
      house_exchange (house, "PlaybackController.NextCommandIssued", answer);
      g_assert_true (was_loaded (house, "b.flac") == (i == 0));
      if (i == 1)
        expect_exception (house, NULL);
      else
        g_assert_true (house_saw (house, "Finding radio play-previous-token-missing"));
      g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_PLAYING);
      stop (house);
      house_exchange (house, "AudioPlayer.PlaybackStopped", "{}");
    }
}

/* 4: shouldEndSession in answers to events: false is a fault, all else is none. */
static void
test_end_session_of_event (House *house, gconstpointer data)
{
  static const char *const values[] = { "true", "null", "false" };
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    for (guint k = 0; k < G_N_ELEMENTS (values); k++)
      {
        g_autofree char *more = g_strdup_printf (",\"shouldEndSession\":%s", values[k]);
        g_autofree char *answer
            = house_play ("REPLACE_ALL", "https://media.example/b.flac", "t2", more);
        start_playing (house, modes[i]);
        was_loaded (house, "");
        ask (house, modes[i], ALEXA_REQUEST_NEXT_COMMAND);
        json_object_unref (house_expect (house, "PlaybackController.NextCommandIssued"));
        daemon_dummy_transport_answer (house->transport, answer);
        house_settle (house);
        gboolean is_void = i == 1 && k == 2;
        g_assert_true (was_loaded (house, "b.flac") == !is_void);
        if (is_void)
          expect_exception (house, "The following directives are not supported: Response may not "
                                   "have shouldEndSession set to false");
        g_assert_true (house_saw (house, "Finding radio end-session-forbidden")
                           == (i == 0 && k == 2)
                       || i == 1);
        stop (house);
        house_exchange (house, "AudioPlayer.PlaybackStopped", "{}");
        house_expect_none (house);
      }
}

/* 5: null is false in a session, and absent in the answer to an event. */
static void
test_null (House *house, gconstpointer data)
{
  static const char open[] = "{\"version\":\"1.0\",\"response\":{\"shouldEndSession\":null}}";
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      DaemonConversation *skill = daemon_skills_find (house->skills, modes[i]);
      ask (house, modes[i], ALEXA_REQUEST_LAUNCH);
      house_exchange (house, "LaunchRequest", open);
      g_assert_true (daemon_conversation_has_session (skill));
      ask (house, modes[i], ALEXA_REQUEST_PLAY_COMMAND);
      house_exchange (house, "PlaybackController.PlayCommandIssued", open);
      house_expect_none (house);
      g_assert_true (daemon_conversation_has_session (skill));
      g_assert_true (daemon_conversation_end_session (skill, NULL, NULL, NULL));
      house_exchange (house, "SessionEndedRequest", "{}");
    }
}

/* 6: one PlaybackStopped for each PlaybackStarted, whatever stops it twice. */
static void
test_one_stopped (House *house, gconstpointer data)
{
  static const char *const answers[]
      = { STOP, CLEAR_ALL, ONE_PLAY ("REPLACE_ALL", STREAM ("b", "\"t2\""), END) };
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      house_start_playing (house, "t1");
      intend (house, "radio", "Any");
      house_exchange (house, "AudioPlayer.PlaybackStopped", "{}");
      house_exchange (house, "IntentRequest", answers[i]);
      house_expect_none (house);
      if (i < 2)
        continue;
      house_start_sound (house, 0);
      house_exchange (house, "AudioPlayer.PlaybackStarted", SAY_NOTHING);
      house_expect_none (house);
    }
}

/* 7: no PlaybackStopped after PlaybackFailed. */
static void
test_failed_alone (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  PlayerEngineEvent failed = { .type = PLAYER_ENGINE_FAILED,
                               .generation = current (house),
                               .offset_ms = 3000,
                               .error_type = PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR,
                               .error_message = "cut" };
  g_assert_true (player_dummy_engine_emit (house->engine, &failed));
  house_exchange (house, "AudioPlayer.PlaybackFailed", SAY_NOTHING);
  house_expect_none (house);
  stop (house);
  house_expect_none (house);
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_STOPPED);
}

/* 8: Stop drops the queue. */
static void
test_stop_drops_queue (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  emit (house, PLAYER_ENGINE_BUFFERED, 0);
  house_exchange (house, "AudioPlayer.PlaybackNearlyFinished",
                  ONE_PLAY ("ENQUEUE", STREAM ("b", "\"t2\"") AFTER ("t1"), ""));
  g_assert_true (was_loaded (house, "b.flac"));
  intend (house, "radio", "AMAZON.PauseIntent");
  house_exchange (house, "AudioPlayer.PlaybackStopped", "{}");
  house_exchange (house, "IntentRequest", STOP);
  was_loaded (house, "");
  intend (house, "radio", "Another");
  house_exchange (house, "IntentRequest", ONE_PLAY ("ENQUEUE", STREAM ("c", "\"t3\""), END));
  house_start_sound (house, 0);
  g_autoptr (JsonObject) started = house_expect (house, "AudioPlayer.PlaybackStarted");
  house_assert (started, "request/token", "t3");
  house_answer (house, SAY_NOTHING);
}

/* 9: at the end of the queue the activity is FINISHED. */
static void
test_finished (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  emit (house, PLAYER_ENGINE_FINISHED, 5000);
  house_exchange (house, "AudioPlayer.PlaybackNearlyFinished", SAY_NOTHING);
  g_autoptr (JsonObject) finished = house_expect (house, "AudioPlayer.PlaybackFinished");
  house_assert (finished, "context/AudioPlayer/playerActivity", "FINISHED");
  house_answer (house, SAY_NOTHING);
}

/* 10: after CLEAR_ALL it is STOPPED; IDLE only as long as nothing has played. */
static void
test_clear_all (House *house, gconstpointer data)
{
  intend (house, "radio", "Any");
  house_exchange (house, "IntentRequest", CLEAR_ALL);
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_IDLE);
  house_start_playing (house, "t1");
  ask (house, "radio", ALEXA_REQUEST_NEXT_COMMAND);
  house_exchange (house, "PlaybackController.NextCommandIssued", CLEAR_ALL);
  g_autoptr (JsonObject) stopped = house_expect (house, "AudioPlayer.PlaybackStopped");
  house_assert (stopped, "context/AudioPlayer/playerActivity", "STOPPED");
  house_answer (house, "{}");
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_STOPPED);
}

/* 11: while somebody speaks the activity is PAUSED, by default. */
static void
test_voice_pauses (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  intend (house, "radio", "Any");
  house_exchange (house, "AudioPlayer.PlaybackStopped", "{}");
  g_autoptr (JsonObject) intent = house_expect (house, "IntentRequest");
  house_assert (intent, "context/AudioPlayer/playerActivity", "PAUSED");
  house_answer (house, SAY_END);
}

/* 11: in the other model the stream goes on softly, and it is PLAYING. */
static void
test_voice_ducks (House *house, gconstpointer data)
{
  house->config->interruption = DAEMON_INTERRUPTION_DUCK;
  house_restart (house);
  house_start_playing (house, "t1");
  intend (house, "radio", "Any");
  g_autoptr (JsonObject) intent = house_expect (house, "IntentRequest");
  house_assert (intent, "context/AudioPlayer/playerActivity", "PLAYING");
  house_assert (intent, "context/AudioPlayer/token", "t1");
  house_answer (house, SAY_END);
  house_expect_none (house);
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_PLAYING);
}

/* 12: no answer in time is ENDPOINT_TIMEOUT for a session, INVALID_RESPONSE for an event. */
static void
test_timeout (House *house, gconstpointer data)
{
  ask (house, "radio", ALEXA_REQUEST_LAUNCH);
  json_object_unref (house_expect (house, "LaunchRequest"));
  house_fail (house, DAEMON_TRANSPORT_ERROR_TIMEOUT, 0);
  g_autoptr (JsonObject) ended = house_expect (house, "SessionEndedRequest");
  house_assert (ended, "request/error/type", "ENDPOINT_TIMEOUT");
  house_assert (ended, "request/error/message", DAEMON_FAULT_DISPATCH_MESSAGE);
  house_answer (house, "{}");
  house_start_playing (house, "t1");
  ask (house, "radio", ALEXA_REQUEST_NEXT_COMMAND);
  json_object_unref (house_expect (house, "PlaybackController.NextCommandIssued"));
  house_fail (house, DAEMON_TRANSPORT_ERROR_TIMEOUT, 0);
  expect_exception (house, DAEMON_FAULT_DISPATCH_MESSAGE);
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_PLAYING);
}

/* 13: an answer without `response`: tolerated for events in lenient, refused in strict, always fine
 * where no answer is taken. */
static void
test_no_response (House *house, gconstpointer data)
{
  static const char none[] = "{\"version\":\"1.0\",\"userAgent\":\"x\"}";
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      start_playing (house, modes[i]);
      ask (house, modes[i], ALEXA_REQUEST_NEXT_COMMAND);
      house_exchange (house, "PlaybackController.NextCommandIssued", none);
      g_autofree char *finding = g_strdup_printf ("Finding %s response-missing", modes[i]);
      g_assert_true (house_saw (house, finding));
      if (i == 1)
        {
          g_autoptr (JsonObject) told = house_expect (house, "System.ExceptionEncountered");
          house_assert (told, "request/error/message", "SpeechletResponse was null");
          house_answer (house, none);
        }
      house_expect_none (house);
      stop (house);
      house_exchange (house, "AudioPlayer.PlaybackStopped", none);
      house_expect_none (house);
      ask (house, modes[i], ALEXA_REQUEST_LAUNCH);
      house_exchange (house, "LaunchRequest", SAY_OPEN);
      house_advance (house, 8000);
      house_exchange (house, "SessionEndedRequest", none);
      house_expect_none (house);
    }
}

/* 14: an intent is sent under the name it was asked for by. */
static void
test_stop_spoken (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  intend (house, "radio", "AMAZON.StopIntent");
  house_exchange (house, "AudioPlayer.PlaybackStopped", "{}");
  g_autoptr (JsonObject) intent = house_expect (house, "IntentRequest");
  house_assert (intent, "request/intent/name", "AMAZON.StopIntent");
  house_answer (house, STOP);
  house_expect_none (house);
}

static void
on_uttered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree char *id = bus_backend_finish (BUS_BACKEND (source), result, NULL);
  g_assert_nonnull (id);
}

/* 14: the word "stop" is PauseIntent where audio of the skill plays and no session is open. */
static void
test_stop_word (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  bus_backend_built_in_intent (BUS_BACKEND (house->backend), "radio", "stop", on_uttered, NULL);
  house_exchange (house, "AudioPlayer.PlaybackStopped", "{}");
  g_autoptr (JsonObject) intent = house_expect (house, "IntentRequest");
  house_assert (intent, "request/intent/name", "AMAZON.PauseIntent");
  house_answer (house, STOP);
  house_expect_none (house);
}

/* 15: there are two signatures, the old one as long as it is wanted. */
static void
test_signatures (House *house, gconstpointer data)
{
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr (GError) error = NULL;
  g_autoptr (AlexaTestChain) chain = alexa_test_chain_new (now_s - 60, now_s + 86400 * 30, &error);
  g_assert_no_error (error);
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  for (guint i = 0; i < 2; i++)
    {
      AlexaSigner *signer = alexa_signer_new (chain->key, chain->chain, now_s, &error);
      g_assert_no_error (error);
      g_autoptr (DaemonSigning) signing
          = daemon_signing_new (signer, "https://s3.amazonaws.com/echo.api/x.pem", i == 0);
      g_autoptr (AlexaSignature) signature = daemon_signing_sign (signing, body, &error);
      g_assert_no_error (error);
      g_assert_nonnull (signature->sha256);
      g_assert_true ((signature->sha1 != NULL) == (i == 0));
    }
}

/* 16: whatever the tolerance of a verifier: each attempt carries the time of its own sending. */
static void
test_time_of_sending (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  stop (house);
  g_autoptr (JsonObject) first = house_expect (house, "AudioPlayer.PlaybackStopped");
  house_fail (house, DAEMON_TRANSPORT_ERROR_UNREACHABLE, 0);
  gint64 later_s = g_get_real_time () / G_USEC_PER_SEC + 1;
  while (g_get_real_time () / G_USEC_PER_SEC < later_s)
    g_usleep (10000);
  house_advance (house, 2000);
  g_autoptr (JsonObject) second = house_expect (house, "AudioPlayer.PlaybackStopped");
  g_autofree char *before = house_get (first, "request/timestamp");
  g_autofree char *after = house_get (second, "request/timestamp");
  g_autofree char *id = house_get (first, "request/requestId");
  g_assert_cmpstr (before, <, after);
  house_assert (second, "request/requestId", id);
  house_answer (house, "{}");
}

/* 17: 120 KB are 122,880 bytes; from 120,000 on it is a finding. */
static void
test_size (House *house, gconstpointer data)
{
  static const struct
  {
    gsize size;
    gboolean finding;
    gboolean is_void;
  } cases[] = { { 120000, FALSE, FALSE },
                { 120001, TRUE, FALSE },
                { 122880, TRUE, FALSE },
                { 122881, FALSE, TRUE } };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *blanks = g_strnfill (cases[i].size - strlen (SAY_NOTHING), ' ');
      g_autofree char *answer = g_strconcat (SAY_NOTHING, blanks, NULL);
      g_ptr_array_set_size (house->steps, 0);
      ask (house, "radio", ALEXA_REQUEST_PLAY_COMMAND);
      house_exchange (house, "PlaybackController.PlayCommandIssued", answer);
      if (cases[i].is_void)
        expect_exception (house, NULL);
      else
        g_assert_true (house_saw (house, "Finding radio body-large") == cases[i].finding);
      house_expect_none (house);
    }
}

static GType
type_at (JsonObject *body, const char *object, const char *child)
{
  JsonObject *parent = json_object_get_object_member (body, object);
  if (child != NULL)
    parent = json_object_get_object_member (parent, child);
  return json_node_get_value_type (json_object_get_member (parent, "token"));
}

/* 18: a token that is a number becomes a string, and is told as one. */
static void
test_number_token (House *house, gconstpointer data)
{
  ask (house, "radio", ALEXA_REQUEST_LAUNCH);
  house_exchange (house, "LaunchRequest", ONE_PLAY ("REPLACE_ALL", STREAM ("a", "7"), END));
  house_start_sound (house, 0);
  g_autoptr (JsonObject) started = house_expect (house, "AudioPlayer.PlaybackStarted");
  house_assert (started, "request/token", "7");
  g_assert_true (type_at (started, "request", NULL) == G_TYPE_STRING);
  g_assert_true (type_at (started, "context", "AudioPlayer") == G_TYPE_STRING);
  house_answer (house, SAY_NOTHING);
}

/* 19: whichever of Amazon's hosts is right: no request names one of them. */
static void
test_own_endpoint (House *house, gconstpointer data)
{
  ask (house, "radio", ALEXA_REQUEST_LAUNCH);
  g_autoptr (JsonObject) launch = house_expect (house, "LaunchRequest");
  g_autofree char *endpoint = house_get (launch, "context/System/apiEndpoint");
  g_assert_null (strstr (endpoint, "amazon"));
  g_assert_true (g_str_has_prefix (endpoint, "http://127.0.0.1:"));
  house_answer (house, SAY_END);
}

/* 20: empty objects are absent, in both modes. */
static void
test_empty_objects (House *house, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      ask (house, modes[i], ALEXA_REQUEST_LAUNCH);
      house_exchange (house, "LaunchRequest",
                      "{\"version\":\"1.0\",\"response\":{\"outputSpeech\":{},\"card\":{},"
                      "\"reprompt\":{},\"directives\":[],\"shouldEndSession\":true}}");
      g_autofree char *finding = g_strdup_printf ("Finding %s empty-object", modes[i]);
      for (guint k = 0; k < 3; k++)
        g_assert_true (house_saw (house, finding));
      g_assert_false (house_saw (house, "Card"));
      house_expect_none (house);
    }
}

/* 21: REPLACE_ALL in answer to NearlyFinished is obeyed, with a finding. */
static void
test_replace_all_on_nearly (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  emit (house, PLAYER_ENGINE_BUFFERED, 0);
  house_exchange (house, "AudioPlayer.PlaybackNearlyFinished",
                  ONE_PLAY ("REPLACE_ALL", STREAM ("b", "\"t2\""), ""));
  g_assert_true (house_saw (house, "Finding radio play-cuts-current"));
  g_assert_true (was_loaded (house, "b.flac"));
}

/* 22: the same stream under the same token, again and again, without delay. */
static void
test_same_token (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  for (guint i = 0; i < 4; i++)
    {
      was_loaded (house, "");
      emit (house, PLAYER_ENGINE_FINISHED, 5000);
      house_exchange (house, "AudioPlayer.PlaybackNearlyFinished",
                      ONE_PLAY ("ENQUEUE", STREAM ("a", "\"t1\"") AFTER ("t1"), ""));
      house_exchange (house, "AudioPlayer.PlaybackFinished", SAY_NOTHING);
      g_assert_true (was_loaded (house, "a.flac"));
      house_start_sound (house, 0);
      g_autoptr (JsonObject) started = house_expect (house, "AudioPlayer.PlaybackStarted");
      house_assert (started, "request/token", "t1");
      house_answer (house, SAY_NOTHING);
    }
  house_expect_none (house);
}

/* 23: a stream over plain http is a fault of the answer: nothing is loaded, nothing fails later. */
static void
test_http_stream (House *house, gconstpointer data)
{
  static const char answer[] = ONE_PLAY (
      "REPLACE_ALL",
      "\"url\":\"http://media.example/a.mp3\",\"token\":\"t1\",\"offsetInMilliseconds\":0", END);
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      DaemonSkillConfig *config = g_ptr_array_index (house->config->skills, i);
      g_free (config->endpoint);
      config->endpoint = g_strdup_printf ("https://%s.example/", modes[i]);
    }
  house_restart (house);
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      ask (house, modes[i], ALEXA_REQUEST_LAUNCH);
      house_exchange (house, "LaunchRequest", answer);
      if (i == 1)
        {
          g_autoptr (JsonObject) ended = house_expect (house, "SessionEndedRequest");
          house_assert (ended, "request/error/type", "INVALID_RESPONSE");
          house_assert (ended, "request/error/message",
                        "The URL specified in the Play directive must be HTTPS");
          house_answer (house, "{}");
        }
      g_assert_false (was_loaded (house, ""));
      house_expect_none (house);
    }
}

/* 24: speech without playBehavior is appended. */
static void
test_speech_behavior (House *house, gconstpointer data)
{
  static const char text[] = "{\"version\":\"1.0\",\"response\":{\"outputSpeech\":{\"type\":"
                             "\"PlainText\",\"text\":\"Hi\"}}}";
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (AlexaResponse) response
      = alexa_response_parse (bytes, ALEXA_REQUEST_INTENT, FALSE, "radio", NULL);
  g_assert_cmpint (response->speech->play_behavior, ==, PLAYER_PLAY_ENQUEUE);
}

/* 25: requests of screens and games are not sent, so nothing has to be allowed in their answers. */
static void
test_out_of_scope (House *house, gconstpointer data)
{
  AlexaRequestType type;
  g_assert_false (alexa_request_type_from_string ("Display.ElementSelected", &type));
  g_assert_false (alexa_request_type_from_string ("GameEngine.InputHandlerEvent", &type));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func)                                                                            \
  g_test_add ("/decisions/" path, House, NULL, house_set_up, func, house_tear_down)
  ADD ("01-audio-context-in-events", test_audio_context);
  ADD ("02-seventeen-locales", test_locales);
  ADD ("03-enqueue-without-previous-token", test_enqueue_without_token);
  ADD ("04-end-session-in-answers-to-events", test_end_session_of_event);
  ADD ("05-null-end-session", test_null);
  ADD ("06-one-stopped", test_one_stopped);
  ADD ("07-failed-alone", test_failed_alone);
  ADD ("08-stop-drops-queue", test_stop_drops_queue);
  ADD ("09-finished-at-the-end", test_finished);
  ADD ("10-clear-all", test_clear_all);
  ADD ("11-voice-pauses", test_voice_pauses);
  ADD ("11-voice-ducks", test_voice_ducks);
  ADD ("12-timeout", test_timeout);
  ADD ("13-no-response", test_no_response);
  ADD ("14-stop-spoken", test_stop_spoken);
  ADD ("14-stop-word", test_stop_word);
  ADD ("15-two-signatures", test_signatures);
  ADD ("16-time-of-sending", test_time_of_sending);
  ADD ("17-120-kb", test_size);
  ADD ("18-number-token", test_number_token);
  ADD ("19-own-endpoint", test_own_endpoint);
  ADD ("20-empty-objects", test_empty_objects);
  ADD ("21-replace-all-on-nearly", test_replace_all_on_nearly);
  ADD ("22-same-token", test_same_token);
  ADD ("23-http-stream", test_http_stream);
  ADD ("24-speech-behavior", test_speech_behavior);
  ADD ("25-out-of-scope", test_out_of_scope);
#undef ADD
  return g_test_run ();
}

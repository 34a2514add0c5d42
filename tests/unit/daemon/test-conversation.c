/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* Requests, sessions and interruptions; faults are in test-faults.c. */
#include <glib/gstdio.h>
#include <string.h>

#include "dbus/bus-errors.h"
#include "test-house.h"

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
test_launch (House *house, gconstpointer data)
{
  launch (house);
  g_autoptr (JsonObject) body = house_expect (house, "LaunchRequest");
  g_autofree char *device = house_get (body, "context/System/device/deviceId");
  g_autofree char *user = house_get (body, "session/user/userId");
  g_assert_true (g_regex_match_simple ("^amzn1\\.ask\\.device\\.[A-Z2-7]{52}$", device, 0, 0));
  g_assert_true (g_regex_match_simple ("^amzn1\\.ask\\.account\\.[A-Z0-9]{52,}$", user, 0, 0));
  house_assert (body, "context/System/user/userId", user);
  house_assert (body, "context/System/device/supportedInterfaces/AudioPlayer", "{}");
  house_assert (body, "context/System/apiAccessToken", house->context->api_access_token);
  house_assert (body, "context/AudioPlayer/playerActivity", "IDLE");
  house_assert (body, "context/AudioPlayer/token", NULL);
  house_assert (body, "session/new", "true");
  house_assert (body, "session/attributes", "{}");
  g_assert_cmpstr (daemon_dummy_transport_get_endpoint (house->transport), ==, HOUSE_SKILL_URL);

  /* The token of this run is on the wire, never on the bus. */
  g_assert_cmpuint (strlen (house->context->api_access_token), ==, 64);
  g_assert_true (house_saw (house, "Session radio true"));
  g_assert_cmpuint (house->steps->len, ==, 1);
  const char *sent = g_ptr_array_index (house->steps, 0);
  g_assert_true (g_str_has_prefix (sent, "RequestSent radio LaunchRequest {"));
  g_assert_null (strstr (sent, house->context->api_access_token));
  g_assert_nonnull (strstr (sent, "\"apiAccessToken\":\"<redacted>\""));

  house_answer (house, SAY_END);
  g_assert_true (house_saw (house, "AnswerReceived radio 200 7 {"));
  g_assert_true (house_saw (house, "Session radio false"));
  g_assert_false (daemon_conversation_has_session (radio (house)));
  house_expect_none (house);
}

static void
test_one_in_flight (House *house, gconstpointer data)
{
  launch (house);
  intend (house, "One");
  intend (house, "Two");
  house_exchange (house, "LaunchRequest", SAY_OPEN); /* asserts that one waits only */
  g_autoptr (JsonObject) one = house_expect (house, "IntentRequest");
  house_assert (one, "request/intent/name", "One");
  house_assert (one, "session/new", "false");
  house_answer (house, SAY_END);
  g_autoptr (JsonObject) two = house_expect (house, "IntentRequest");
  house_assert (two, "request/intent/name", "Two");
  house_assert (two, "session/new", "true"); /* the session ended between them */
  house_answer (house, SAY_END);
  house_expect_none (house);
}

/* What is sent is made at the moment of sending, whatever the time of asking. */
static void
test_fresh (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  player_dummy_engine_set_position (house->engine, 1000);
  launch (house);
  intend (house, "Later");
  house_exchange (house, "AudioPlayer.PlaybackStopped", SAY_NOTHING);
  g_autoptr (JsonObject) first = house_expect (house, "LaunchRequest");
  house_assert (first, "context/AudioPlayer/offsetInMilliseconds", "1000");
  gint64 second_begins = g_get_real_time () / G_USEC_PER_SEC + 1;
  while (g_get_real_time () / G_USEC_PER_SEC < second_begins)
    g_main_context_iteration (NULL, FALSE);
  house_answer (house,
                "{\"version\":\"1.0\",\"response\":{\"shouldEndSession\":false,\"directives\":"
                "[{\"type\":\"AudioPlayer.Stop\"}]}}");
  g_autoptr (JsonObject) later = house_expect (house, "IntentRequest");
  house_assert (later, "context/AudioPlayer/playerActivity", "STOPPED");
  g_autofree char *before = house_get (first, "request/timestamp");
  g_autofree char *after = house_get (later, "request/timestamp");
  g_assert_cmpstr (before, <, after);
  house_answer (house, SAY_END);
}

/* What was sent last holds @attributes byte for byte. */
static void
assert_attributes_sent (House *house, const char *attributes)
{
  house_settle (house);
  g_assert_cmpuint (daemon_dummy_transport_get_n_waiting (house->transport), ==, 1);
  GBytes *body = daemon_dummy_transport_get_body (house->transport);
  g_autofree char *text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  g_autofree char *part = g_strdup_printf ("\"attributes\":%s,", attributes);
  g_assert_nonnull (strstr (text, part));
}

/* Numbers beyond 2^53, 64 bit and a double, 1.0 beside 1, escapes, names given twice, order, space. */
#define ATTRIBUTES                                                                                 \
  "{ \"n\":9007199254740993,\"x\":null,\"b\":[123456789012345678901234567890,1e400,1.0,1,-0],"     \
  "\"a\":\"\\u0000\\ud800\\/\xc3\xa4\", \"a\":{}}"

static void
test_attributes (House *house, gconstpointer data)
{
  launch (house);
  house_exchange (house, "LaunchRequest",
                  "{\"version\":\"1.0\",\"sessionAttributes\":" ATTRIBUTES
                  ",\"response\":{\"shouldEndSession\":null}}");
  intend (house, "A");
  assert_attributes_sent (house, ATTRIBUTES);
  house_answer (house, SAY_OPEN); /* none given: kept */
  intend (house, "B");
  assert_attributes_sent (house, ATTRIBUTES);
  house_answer (house, SAY_NOTHING); /* no shouldEndSession: no screen, so it ends */
  g_assert_false (daemon_conversation_has_session (radio (house)));
  house_expect_none (house);
}

/* Attributes that can be read by whoever looks at the request. */
static void
test_session_id (House *house, gconstpointer data)
{
  launch (house);
  house_exchange (house, "LaunchRequest",
                  "{\"version\":\"1.0\",\"sessionAttributes\":{\"n\":9007199254740993,\"x\":null},"
                  "\"response\":{\"shouldEndSession\":null}}");
  intend (house, "A");
  g_autoptr (JsonObject) a = house_expect (house, "IntentRequest");
  house_assert (a, "session/attributes", "{\"n\":9007199254740993,\"x\":null}");
  house_answer (house, SAY_OPEN);
  intend (house, "B");
  g_autoptr (JsonObject) b = house_expect (house, "IntentRequest");
  g_autofree char *id_a = house_get (a, "session/sessionId");
  house_assert (b, "session/sessionId", id_a);
  house_answer (house, SAY_NOTHING);
  house_expect_none (house);
}

/* Strict: what an answer does not repeat is gone. */
static void
test_attributes_strict (House *house, gconstpointer data)
{
  DaemonConversation *judge = daemon_skills_find (house->skills, "judge");
  g_autoptr (AlexaRequest) first = alexa_request_new (ALEXA_REQUEST_LAUNCH);
  g_assert_true (daemon_conversation_ask (judge, first, NULL, NULL, NULL));
  house_exchange (house, "LaunchRequest",
                  "{\"version\":\"1.0\",\"sessionAttributes\":{\"n\":1},\"response\":"
                  "{\"shouldEndSession\":false}}");
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (AlexaRequest) intent = alexa_request_new_intent ("Next", NULL);
      g_assert_true (daemon_conversation_ask (judge, intent, NULL, NULL, NULL));
      g_autoptr (JsonObject) body = house_expect (house, "IntentRequest");
      house_assert (body, "session/attributes", i == 0 ? "{\"n\":1}" : "{}");
      house_answer (house, SAY_OPEN);
    }
}

/* The linked account's token is read anew each time, sent, and never told. */
static void
test_access_token (House *house, gconstpointer data)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("segue-token-XXXXXX", &path, NULL);
  g_assert_true (g_close (fd, NULL));
  g_assert_true (g_file_set_contents (path, "very-secret-1\n", -1, NULL));
  DaemonSkillConfig *config = g_ptr_array_index (house->config->skills, 0);
  config->access_token_path = g_strdup (path);
  house_restart (house);
  launch (house);
  g_autoptr (JsonObject) body = house_expect (house, "LaunchRequest");
  house_assert (body, "session/user/accessToken", "very-secret-1");
  house_assert (body, "context/System/user/accessToken", "very-secret-1");
  g_assert_true (house_saw (house, "Session"));
  const char *sent = g_ptr_array_index (house->steps, 0);
  g_assert_nonnull (strstr (sent, "\"accessToken\":\"<redacted>\""));
  g_assert_null (strstr (sent, "secret"));
  house_answer (house, SAY_END);

  g_assert_true (g_file_set_contents (path, "very-secret-2\n", -1, NULL));
  launch (house);
  g_autoptr (JsonObject) next = house_expect (house, "LaunchRequest");
  house_assert (next, "session/user/accessToken", "very-secret-2");
  house_answer (house, SAY_END);

  g_assert_cmpint (g_unlink (path), ==, 0);
  launch (house);
  g_autoptr (JsonObject) without = house_expect (house, "LaunchRequest");
  house_assert (without, "session/user/accessToken", NULL);
  house_answer (house, SAY_END);
}

static void
test_stop_intent (House *house, gconstpointer data)
{
  intend (house, "AMAZON.StopIntent");
  house_exchange (house, "IntentRequest", SAY_OPEN);
  g_assert_true (house_saw (house, "Finding radio stop-intent-session-open"));
  g_assert_false (daemon_conversation_has_session (radio (house)));
  house_expect_none (house);
}

static void
test_silence (House *house, gconstpointer data)
{
  launch (house);
  house_exchange (house, "LaunchRequest", SAY_OPEN);
  house_advance (house, 7999);
  g_assert_true (daemon_conversation_has_session (radio (house)));
  house_expect_none (house);
  house_advance (house, 1);
  g_autoptr (JsonObject) ended = house_expect (house, "SessionEndedRequest");
  house_assert (ended, "request/reason", "EXCEEDED_MAX_REPROMPTS");
  house_assert (ended, "request/error", NULL);
  g_assert_true (house_saw (house, "Session radio false EXCEEDED_MAX_REPROMPTS"));
  house_answer (house, "{}");
  house_expect_none (house);
}

static void
test_reprompt (House *house, gconstpointer data)
{
  launch (house);
  house_exchange (
      house, "LaunchRequest",
      "{\"version\":\"1.0\",\"response\":{\"outputSpeech\":{\"type\":\"PlainText\",\"text\":"
      "\"Which?\"},\"reprompt\":{\"outputSpeech\":{\"type\":\"SSML\",\"ssml\":"
      "\"<speak>So?</speak>\"}},\"shouldEndSession\":false}}");
  g_assert_true (house_saw (house, "Speech radio PlainText Which? false"));
  house_advance (house, 8000);
  g_assert_true (house_saw (house, "Speech radio SSML <speak>So?</speak> true"));
  house_expect_none (house);
  house_advance (house, 8000);
  house_exchange (house, "SessionEndedRequest", "{}");

  /* Somebody who speaks in time keeps it open. */
  launch (house);
  house_exchange (house, "LaunchRequest", SAY_OPEN);
  house_advance (house, 7000);
  intend (house, "Here");
  house_advance (house, 7000); /* the skill takes its time */
  house_exchange (house, "IntentRequest", SAY_END);
  house_advance (house, 60000);
  house_expect_none (house);
}

static void
test_relaunch (House *house, gconstpointer data)
{
  launch (house);
  g_autoptr (JsonObject) first = house_expect (house, "LaunchRequest");
  house_answer (house, SAY_OPEN);
  launch (house);
  g_autoptr (JsonObject) ended = house_expect (house, "SessionEndedRequest");
  house_assert (ended, "request/reason", "USER_INITIATED");
  g_autofree char *id = house_get (first, "session/sessionId");
  house_assert (ended, "session/sessionId", id);
  house_answer (house, "{}");
  g_autoptr (JsonObject) second = house_expect (house, "LaunchRequest");
  house_assert (second, "session/new", "true");
  g_autofree char *other_id = house_get (second, "session/sessionId");
  g_assert_cmpstr (other_id, !=, id);
  house_answer (house, SAY_END);
}

/* Question while playing: Stopped, Intent, speech, Started. */
static void
test_interruption (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  player_dummy_engine_set_position (house->engine, 12000);
  intend (house, "WhatIsThis");
  g_autoptr (JsonObject) stopped = house_expect (house, "AudioPlayer.PlaybackStopped");
  house_assert (stopped, "request/token", "t1");
  house_assert (stopped, "request/offsetInMilliseconds", "12000");
  house_answer (house, "{}");
  g_autoptr (JsonObject) intent = house_expect (house, "IntentRequest");
  house_assert (intent, "context/AudioPlayer/playerActivity", "PAUSED");
  house_assert (intent, "context/AudioPlayer/token", "t1");
  house_assert (intent, "context/AudioPlayer/offsetInMilliseconds", "12000");
  house_answer (house, SAY_END);
  g_assert_true (player_dummy_engine_emit_simple (house->engine, PLAYER_ENGINE_RESUMED,
                                                  player_dummy_engine_get_current (house->engine),
                                                  12000));
  g_autoptr (JsonObject) started = house_expect (house, "AudioPlayer.PlaybackStarted");
  house_assert (started, "request/offsetInMilliseconds", "12000");
  house_answer (house, SAY_NOTHING);
  house_expect_none (house);
}

/* With the session kept open the audio waits for its end. */
static void
test_interruption_by_session (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  intend (house, "Chat");
  house_exchange (house, "AudioPlayer.PlaybackStopped", "{}");
  house_exchange (house, "IntentRequest", SAY_OPEN);
  g_strfreev (player_dummy_engine_take_calls (house->engine));
  house_advance (house, 7999);
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_PAUSED);
  house_advance (house, 1);
  house_exchange (house, "SessionEndedRequest", "{}");
  g_auto (GStrv) calls = player_dummy_engine_take_calls (house->engine);
  g_assert_cmpstr (calls[0], ==, "resume");
}

/* A failed interaction lets the audio go on, too. */
static void
test_interruption_by_failure (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  intend (house, "Chat");
  house_exchange (house, "AudioPlayer.PlaybackStopped", "{}");
  g_strfreev (player_dummy_engine_take_calls (house->engine));
  json_object_unref (house_expect (house, "IntentRequest"));
  house_fail (house, DAEMON_TRANSPORT_ERROR_UNREACHABLE, 0);
  g_auto (GStrv) calls = player_dummy_engine_take_calls (house->engine);
  g_assert_cmpstr (calls[0], ==, "resume");
  house_exchange (house, "SessionEndedRequest", "{}");
}

/* Pause by voice: the answer is Stop; nothing resumes and nobody is told twice. */
static void
test_stop_by_voice (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  intend (house, "AMAZON.PauseIntent");
  house_exchange (house, "AudioPlayer.PlaybackStopped", "{}");
  house_exchange (house, "IntentRequest",
                  "{\"version\":\"1.0\",\"response\":{\"shouldEndSession\":true,\"directives\":"
                  "[{\"type\":\"AudioPlayer.Stop\"}]}}");
  g_assert_true (
      house_saw (house, "Directive radio AudioPlayer.Stop {\"type\":\"AudioPlayer.Stop\"} done"));
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_STOPPED);
  house_expect_none (house);
}

/* Skip by voice: the old stream is not heard again between the two. */
static void
test_skip_by_voice (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  intend (house, "AMAZON.NextIntent");
  house_exchange (house, "AudioPlayer.PlaybackStopped", "{}");
  g_strfreev (player_dummy_engine_take_calls (house->engine));
  g_autofree char *play
      = house_play ("REPLACE_ALL", "http://127.0.0.1/b.flac", "t2", ",\"shouldEndSession\":true");
  house_exchange (house, "IntentRequest", play);
  g_auto (GStrv) calls = player_dummy_engine_take_calls (house->engine);
  g_assert_cmpstr (calls[0], ==, "stop"); /* what goes on after that is the new one */
  house_start_sound (house, 0);
  g_autoptr (JsonObject) started = house_expect (house, "AudioPlayer.PlaybackStarted");
  house_assert (started, "request/token", "t2");
  house_answer (house, SAY_NOTHING);
  house_expect_none (house);
}

/* Play with an open session: it is delivered, and sounds when the session is over. */
static void
test_play_with_open_session (House *house, gconstpointer data)
{
  launch (house);
  g_autofree char *play
      = house_play ("REPLACE_ALL", "http://127.0.0.1/b.flac", "t2", ",\"shouldEndSession\":false");
  house_exchange (house, "LaunchRequest", play);
  g_assert_true (house_saw (house, "Directive radio AudioPlayer.Play"));
  g_auto (GStrv) calls = player_dummy_engine_take_calls (house->engine);
  g_assert_true (g_strv_contains ((const char *const *)calls, "pause"));
  house_advance (house, 8000);
  house_exchange (house, "SessionEndedRequest", "{}");
  g_auto (GStrv) later = player_dummy_engine_take_calls (house->engine);
  g_assert_true (g_strv_contains ((const char *const *)later, "resume"));
}

static void
assert_held (House *house)
{
  g_auto (GStrv) calls = player_dummy_engine_take_calls (house->engine);
  const char *last = calls[0] != NULL ? calls[g_strv_length (calls) - 1] : NULL;
  g_assert_cmpstr (last, ==, "pause");
}

/* So does a Play in a later answer of the session, or in the answer to an event meanwhile. */
static void
test_play_in_open_session (House *house, gconstpointer data)
{
  g_autofree char *first
      = house_play ("REPLACE_ALL", "http://127.0.0.1/b.flac", "t2", ",\"shouldEndSession\":false");
  g_autofree char *second
      = house_play ("REPLACE_ALL", "http://127.0.0.1/c.flac", "t3", ",\"shouldEndSession\":false");
  house_start_playing (house, "t1");
  intend (house, "One");
  house_exchange (house, "AudioPlayer.PlaybackStopped", "{}");
  house_exchange (house, "IntentRequest", first);
  assert_held (house);
  intend (house, "Two");
  house_exchange (house, "IntentRequest", second);
  assert_held (house);

  g_autofree char *play = house_play ("REPLACE_ALL", "http://127.0.0.1/d.flac", "t4", "");
  g_autoptr (GBytes) bytes = g_bytes_new (play, strlen (play));
  g_autofree char *id = daemon_conversation_handle (
      radio (house), ALEXA_REQUEST_PLAYBACK_NEARLY_FINISHED, bytes, NULL);
  g_assert_nonnull (id);
  assert_held (house);
  house_advance (house, 8000);
  house_exchange (house, "SessionEndedRequest", "{}");
  g_auto (GStrv) later = player_dummy_engine_take_calls (house->engine);
  g_assert_true (g_strv_contains ((const char *const *)later, "resume"));
}

/* Its playback events reach the skill that supplied the stream, also when another one has taken
 * over. */
static void
test_displaced (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  g_autoptr (PlayerItem) item = player_item_new ("https://x/", "x", 0, "judge", NULL);
  g_autoptr (PlayerCommand) play = player_command_new_play (item, PLAYER_PLAY_REPLACE_ALL, NULL);
  daemon_router_submit (house->context->router, play);
  guint64 waiting = player_dummy_engine_get_waiting (house->engine);
  player_dummy_engine_emit_simple (house->engine, PLAYER_ENGINE_STARTED, waiting, 0);
  house_settle (house);
  g_assert_cmpuint (daemon_dummy_transport_get_n_waiting (house->transport), ==, 2);
  g_assert_true (house_saw (house, "RequestSent radio AudioPlayer.PlaybackStopped"));
  g_assert_true (house_saw (house, "RequestSent judge AudioPlayer.PlaybackStarted"));
  g_assert_cmpstr (daemon_dummy_transport_get_endpoint (house->transport), ==, HOUSE_SKILL_URL);
  g_autoptr (JsonNode) body = json_from_string (
      g_bytes_get_data (daemon_dummy_transport_get_body (house->transport), NULL), NULL);
  house_assert (json_node_get_object (body), "context/AudioPlayer/token", NULL);
  house_answer (house, "{}");
  house_answer (house, SAY_NOTHING);
}

/* A skill whose stream fails learns nothing of what another one has played before. */
static void
test_displacing_fails (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  g_autoptr (PlayerItem) item = player_item_new ("https://x/", "x", 0, "judge", NULL);
  g_autoptr (PlayerCommand) play = player_command_new_play (item, PLAYER_PLAY_REPLACE_ALL, NULL);
  daemon_router_submit (house->context->router, play);
  PlayerEngineEvent failed = { .type = PLAYER_ENGINE_FAILED,
                               .generation = player_dummy_engine_get_waiting (house->engine),
                               .error_type = PLAYER_MEDIA_ERROR_INVALID_REQUEST,
                               .error_message = "HTTP 404" };
  player_dummy_engine_emit (house->engine, &failed);
  house_settle (house);
  g_assert_cmpuint (daemon_dummy_transport_get_n_waiting (house->transport), ==, 2);
  house_answer (house, "{}"); /* radio's PlaybackStopped */
  g_autoptr (JsonObject) told = house_expect (house, "AudioPlayer.PlaybackFailed");
  house_assert (told, "request/token", "x");
  house_assert (told, "request/currentPlaybackState", "{\"playerActivity\":\"STOPPED\"}");
  house_assert (told, "context/AudioPlayer", "{\"playerActivity\":\"STOPPED\"}");
  house_answer (house, SAY_NOTHING);
}

/* Bad documents, unknown directives and the like leave the audio alone and are told. */
static void
test_refused (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  DaemonConversation *skill = radio (house);
  g_autoptr (AlexaRequest) button = alexa_request_new (ALEXA_REQUEST_NEXT_COMMAND);
  g_assert_true (daemon_conversation_ask (skill, button, NULL, NULL, NULL));
  house_exchange (
      house, "PlaybackController.NextCommandIssued",
      "{\"version\":\"1.0\",\"response\":{\"outputSpeech\":{\"type\":\"PlainText\",\"text\":\"x\"},"
      "\"directives\":[{\"type\":\"AudioPlayer.Play\"}]}}");
  g_assert_true (house_saw (house, "Finding radio play-"));
  g_assert_true (house_saw (
      house, "Directive radio AudioPlayer.Play {\"type\":\"AudioPlayer.Play\"} refused: "));
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_PLAYING);
  house_expect_none (house);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func)                                                                            \
  g_test_add ("/daemon/conversation/" path, House, NULL, house_set_up, func, house_tear_down)
  ADD ("launch", test_launch);
  ADD ("one-in-flight", test_one_in_flight);
  ADD ("fresh", test_fresh);
  ADD ("attributes", test_attributes);
  ADD ("session-id", test_session_id);
  ADD ("attributes-strict", test_attributes_strict);
  ADD ("access-token", test_access_token);
  ADD ("stop-intent", test_stop_intent);
  ADD ("silence", test_silence);
  ADD ("reprompt", test_reprompt);
  ADD ("relaunch", test_relaunch);
  ADD ("interruption", test_interruption);
  ADD ("interruption-by-session", test_interruption_by_session);
  ADD ("interruption-by-failure", test_interruption_by_failure);
  ADD ("stop-by-voice", test_stop_by_voice);
  ADD ("skip-by-voice", test_skip_by_voice);
  ADD ("play-with-open-session", test_play_with_open_session);
  ADD ("play-in-open-session", test_play_in_open_session);
  ADD ("displaced", test_displaced);
  ADD ("displacing-fails", test_displacing_fails);
  ADD ("refused", test_refused);
#undef ADD
  return g_test_run ();
}

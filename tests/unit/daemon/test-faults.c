/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* What follows when an answer is bad or missing. */
#include <string.h>

#include "daemon/daemon-fault.h"
#include "dbus/bus-errors.h"
#include "test-house.h"

typedef struct
{
  guint n_calls;
  GError *error; /* (owned) (nullable) */
} Outcome;

static void
on_done (DaemonErrand *errand, const GError *error, gpointer user_data)
{
  Outcome *outcome = user_data;
  outcome->n_calls++;
  outcome->error = error != NULL ? g_error_copy (error) : NULL;
}

static void
ask (House *house, const char *skill, AlexaRequestType type, Outcome *outcome)
{
  g_autoptr (AlexaRequest) request = type == ALEXA_REQUEST_INTENT
                                         ? alexa_request_new_intent ("Any", NULL)
                                         : alexa_request_new (type);
  DaemonConversation *conversation = daemon_skills_find (house->skills, skill);
  g_assert_true (daemon_conversation_ask (conversation, request, on_done, outcome, NULL));
}

static void
assert_outcome (Outcome *outcome, BusError code)
{
  g_assert_cmpuint (outcome->n_calls, ==, 1);
  g_assert_error (outcome->error, BUS_ERROR, (int)code);
  g_clear_error (&outcome->error);
  outcome->n_calls = 0;
}

/* The load that sounds ends by itself. */
static void
finish_sound (House *house, gint64 offset_ms)
{
  guint64 current = player_dummy_engine_get_current (house->engine);
  g_assert_true (
      player_dummy_engine_emit_simple (house->engine, PLAYER_ENGINE_FINISHED, current, offset_ms));
}

/* The load on its way cannot be opened. */
static void
fail_load (House *house)
{
  PlayerEngineEvent event = { .type = PLAYER_ENGINE_FAILED,
                              .generation = player_dummy_engine_get_current (house->engine),
                              .error_type = PLAYER_MEDIA_ERROR_INVALID_REQUEST,
                              .error_message = "HTTP 404" };
  g_assert_true (player_dummy_engine_emit (house->engine, &event));
}

static void
test_session_ends (House *house, gconstpointer data)
{
  static const struct
  {
    DaemonTransportError code;
    guint status;
    BusError bus_code;
    const char *name;
    const char *type;
  } faults[] = {
    { DAEMON_TRANSPORT_ERROR_STATUS, 500, BUS_ERROR_HTTP, "Http", "INVALID_RESPONSE" },
    { DAEMON_TRANSPORT_ERROR_TIMEOUT, 0, BUS_ERROR_TIMEOUT, "Timeout", "ENDPOINT_TIMEOUT" },
    { DAEMON_TRANSPORT_ERROR_TLS, 0, BUS_ERROR_UNREACHABLE, "Unreachable", "INVALID_RESPONSE" },
    { DAEMON_TRANSPORT_ERROR_UNSIGNED, 0, BUS_ERROR_UNREACHABLE, "Unreachable",
      "INVALID_RESPONSE" },
    { DAEMON_TRANSPORT_ERROR_TRUNCATED, 200, BUS_ERROR_INVALID_RESPONSE, "InvalidResponse",
      "INVALID_RESPONSE" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      Outcome outcome = { 0 };
      ask (house, "radio", ALEXA_REQUEST_LAUNCH, &outcome);
      g_autoptr (JsonObject) launch = house_expect (house, "LaunchRequest");
      house_fail (house, faults[i].code, faults[i].status);
      g_autofree char *failed = g_strdup_printf ("RequestFailed radio %s ", faults[i].name);
      g_assert_true (house_saw (house, failed));
      assert_outcome (&outcome, faults[i].bus_code);
      g_autoptr (JsonObject) ended = house_expect (house, "SessionEndedRequest");
      g_autofree char *id = house_get (launch, "session/sessionId");
      house_assert (ended, "session/sessionId", id);
      house_assert (ended, "session/new", "false"); /* the Launch came before it */
      house_assert (ended, "request/reason", "ERROR");
      house_assert (ended, "request/error/type", faults[i].type);
      house_assert (ended, "request/error/message", DAEMON_FAULT_DISPATCH_MESSAGE);
      /* One error never leads to a second SessionEndedRequest. */
      house_fail (house, faults[i].code, faults[i].status);
      house_expect_none (house);
    }
}

static void
test_null_response (House *house, gconstpointer data)
{
  Outcome outcome = { 0 };
  ask (house, "radio", ALEXA_REQUEST_INTENT, &outcome);
  house_exchange (house, "IntentRequest", "{\"version\":\"1.0\"}");
  assert_outcome (&outcome, BUS_ERROR_INVALID_RESPONSE);
  g_autoptr (JsonObject) ended = house_expect (house, "SessionEndedRequest");
  house_assert (ended, "request/error/message", "SpeechletResponse was null");
  house_answer (house, "no json");
  house_expect_none (house);
}

/* An event whose answer is bad: one exception, the audio plays on. */
static void
test_exception (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  Outcome outcome = { 0 };
  ask (house, "radio", ALEXA_REQUEST_NEXT_COMMAND, &outcome);
  g_autoptr (JsonObject) next = house_expect (house, "PlaybackController.NextCommandIssued");
  house_answer (house, "<html>");
  assert_outcome (&outcome, BUS_ERROR_INVALID_RESPONSE);
  g_autoptr (JsonObject) exception = house_expect (house, "System.ExceptionEncountered");
  g_autofree char *id = house_get (next, "request/requestId");
  house_assert (exception, "request/cause/requestId", id);
  house_assert (exception, "request/error/type", "INVALID_RESPONSE");
  house_assert (exception, "request/error/message", DAEMON_FAULT_DISPATCH_MESSAGE);
  house_assert (exception, "session", NULL);
  house_fail (house, DAEMON_TRANSPORT_ERROR_STATUS, 500); /* none about an exception */
  house_expect_none (house);
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_PLAYING);
}

/* Finished answered with Play: told in both modes; the rest of the answer is obeyed in lenient
 * mode. */
static void
test_play_to_finished (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  finish_sound (house, 5000);
  house_exchange (house, "AudioPlayer.PlaybackNearlyFinished", SAY_NOTHING);
  g_autoptr (JsonObject) finished = house_expect (house, "AudioPlayer.PlaybackFinished");
  g_autofree char *play = house_play ("REPLACE_ALL", "http://127.0.0.1/b.flac", "t2", "");
  house_answer (house, play);
  g_assert_true (house_saw (house, "Directive radio AudioPlayer.Play"));
  g_autoptr (JsonObject) exception = house_expect (house, "System.ExceptionEncountered");
  house_assert (exception, "request/error/message",
                "Can't respond with more than 0 play directives");
  g_autofree char *id = house_get (finished, "request/requestId");
  house_assert (exception, "request/cause/requestId", id);
  house_answer (house, play);
  house_expect_none (house);
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_FINISHED);
}

/* Stopped takes no answer: whatever comes with status 200 is no fault. */
static void
test_stopped_takes_no_answer (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  bus_backend_press (BUS_BACKEND (house->backend), BUS_BUTTON_STOP, NULL);
  g_autofree char *play = house_play ("REPLACE_ALL", "http://127.0.0.1/b.flac", "t2", "");
  house_exchange (house, "AudioPlayer.PlaybackStopped", play);
  house_expect_none (house);
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_STOPPED);

  house_start_playing (house, "t2");
  bus_backend_press (BUS_BACKEND (house->backend), BUS_BUTTON_STOP, NULL);
  house_exchange (house, "AudioPlayer.PlaybackStopped", "");
  house_expect_none (house);

  house_start_playing (house, "t3");
  bus_backend_press (BUS_BACKEND (house->backend), BUS_BUTTON_STOP, NULL);
  house_exchange (house, "AudioPlayer.PlaybackStopped", "<html>");
  house_expect_none (house);
}

/* Good JSON is obeyed under whatever name it comes; the fault is told. */
static void
test_content_type (House *house, gconstpointer data)
{
  Outcome outcome = { 0 };
  daemon_dummy_transport_set_content_type (house->transport, "text/html");
  ask (house, "radio", ALEXA_REQUEST_LAUNCH, &outcome);
  g_autofree char *play
      = house_play ("REPLACE_ALL", "http://127.0.0.1/a.flac", "t1", ",\"shouldEndSession\":true");
  house_exchange (house, "LaunchRequest", play);
  g_assert_no_error (outcome.error);
  g_assert_true (house_saw (house, "Finding radio content-type"));
  g_assert_true (house_saw (house, "Directive radio AudioPlayer.Play"));
  house_start_sound (house, 0);
  house_exchange (house, "AudioPlayer.PlaybackStarted", SAY_NOTHING);
  house_expect_none (house);
}

static void
test_strict (House *house, gconstpointer data)
{
  const char *speech
      = "{\"version\":\"1.0\",\"response\":{\"outputSpeech\":{\"type\":\"PlainText\","
        "\"text\":\"x\"},\"directives\":[{\"type\":\"AudioPlayer.Stop\"}]}}";
  Outcome outcome = { 0 };
  ask (house, "judge", ALEXA_REQUEST_NEXT_COMMAND, &outcome);
  house_exchange (house, "PlaybackController.NextCommandIssued", speech);
  assert_outcome (&outcome, BUS_ERROR_INVALID_RESPONSE);
  g_autoptr (JsonObject) exception = house_expect (house, "System.ExceptionEncountered");
  house_assert (
      exception, "request/error/message",
      "The following directives are not supported: Response may not contain an outputSpeech");
  house_answer (house, "{}");
  g_assert_false (house_saw (house, "Directive"));

  ask (house, "radio", ALEXA_REQUEST_NEXT_COMMAND, &outcome);
  house_exchange (house, "PlaybackController.NextCommandIssued", speech);
  g_assert_cmpuint (outcome.n_calls, ==, 1);
  g_assert_no_error (outcome.error);
  g_assert_true (house_saw (house, "Directive radio AudioPlayer.Stop"));
  house_expect_none (house);
}

/* A report that does not get through keeps its place and its id; a skill that is away gets no
 * exception. */
static void
test_retry (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  finish_sound (house, 5000);
  house_exchange (house, "AudioPlayer.PlaybackNearlyFinished", SAY_NOTHING);
  g_autoptr (JsonObject) first = house_expect (house, "AudioPlayer.PlaybackFinished");
  g_autofree char *id = house_get (first, "request/requestId");
  house_fail (house, DAEMON_TRANSPORT_ERROR_UNREACHABLE, 0);
  for (guint i = 0; i < 5; i++)
    {
      house_expect_none (house);
      house_advance (house, 90000);
      g_autoptr (JsonObject) again = house_expect (house, "AudioPlayer.PlaybackFinished");
      house_assert (again, "request/requestId", id);
      house_fail (house, DAEMON_TRANSPORT_ERROR_UNREACHABLE, 0);
    }
  house_advance (house, 90000);
  house_exchange (house, "AudioPlayer.PlaybackFinished", SAY_NOTHING);
  house_advance (house, 90000);
  house_expect_none (house);
  g_autoptr (GPtrArray) left = daemon_outbox_load (house->context->outbox);
  g_assert_cmpuint (left->len, ==, 0);
}

/* To a strict skill the service's exception goes out, once, though it will hardly arrive; the report is
 * sent again as ever. */
static void
test_away_strict (House *house, gconstpointer data)
{
  g_autofree char *play
      = house_play ("REPLACE_ALL", "http://127.0.0.1/a.flac", "t1", ",\"shouldEndSession\":true");
  Outcome outcome = { 0 };
  ask (house, "judge", ALEXA_REQUEST_LAUNCH, &outcome);
  house_exchange (house, "LaunchRequest", play);
  house_start_sound (house, 0);
  g_autoptr (JsonObject) started = house_expect (house, "AudioPlayer.PlaybackStarted");
  g_autofree char *id = house_get (started, "request/requestId");
  house_fail (house, DAEMON_TRANSPORT_ERROR_UNREACHABLE, 0);
  g_autoptr (JsonObject) told = house_expect (house, "System.ExceptionEncountered");
  house_assert (told, "request/cause/requestId", id);
  house_assert (told, "request/error/type", "INVALID_RESPONSE");
  house_assert (told, "request/error/message", DAEMON_FAULT_DISPATCH_MESSAGE);
  house_fail (house, DAEMON_TRANSPORT_ERROR_UNREACHABLE, 0);
  house_expect_none (house);
  house_advance (house, 90000);
  g_autoptr (JsonObject) again = house_expect (house, "AudioPlayer.PlaybackStarted");
  house_assert (again, "request/requestId", id);
  house_fail (house, DAEMON_TRANSPORT_ERROR_UNREACHABLE, 0);
  house_expect_none (house);
  house_advance (house, 90000);
  house_exchange (house, "AudioPlayer.PlaybackStarted", "{}");
  house_expect_none (house);
}

/* Whoever speaks to a skill that is away gets his own failure at once, and his success lets the
 * reports go. */
static void
test_no_starving (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  bus_backend_press (BUS_BACKEND (house->backend), BUS_BUTTON_STOP, NULL);
  json_object_unref (house_expect (house, "AudioPlayer.PlaybackStopped"));
  house_fail (house, DAEMON_TRANSPORT_ERROR_UNREACHABLE, 0);

  Outcome outcome = { 0 };
  ask (house, "radio", ALEXA_REQUEST_LAUNCH, &outcome);
  json_object_unref (house_expect (house, "LaunchRequest"));
  house_fail (house, DAEMON_TRANSPORT_ERROR_UNREACHABLE, 0);
  assert_outcome (&outcome, BUS_ERROR_UNREACHABLE);
  json_object_unref (house_expect (house, "SessionEndedRequest"));
  house_fail (house, DAEMON_TRANSPORT_ERROR_UNREACHABLE, 0);
  house_expect_none (house);

  ask (house, "radio", ALEXA_REQUEST_LAUNCH, &outcome);
  house_exchange (house, "LaunchRequest", SAY_END);
  house_exchange (house, "AudioPlayer.PlaybackStopped", "{}"); /* no alarm has rung */
  house_expect_none (house);
}

static void
assert_counts (House *house, guint waiting, guint refused, guint dropped)
{
  DaemonOutboxCounts counts = daemon_outbox_get_counts (house->context->outbox);
  g_assert_cmpuint (counts.waiting, ==, waiting);
  g_assert_cmpuint (counts.refused, ==, refused);
  g_assert_cmpuint (counts.dropped, ==, dropped);
}

/* No whole answer, or a gateway's: without end. */
static void
test_retry_passing (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  bus_backend_press (BUS_BACKEND (house->backend), BUS_BUTTON_STOP, NULL);
  json_object_unref (house_expect (house, "AudioPlayer.PlaybackStopped"));
  house_fail (house, DAEMON_TRANSPORT_ERROR_TIMEOUT, 0);
  house_exchange (house, "System.ExceptionEncountered", "{}"); /* it is back: no wait */
  for (guint i = 0; i < 20; i++)
    {
      house_advance (house, 90000);
      json_object_unref (house_expect (house, "AudioPlayer.PlaybackStopped"));
      house_fail (house, DAEMON_TRANSPORT_ERROR_STATUS, 502 + i % 3);
      house_expect_none (house);
    }
  assert_counts (house, 1, 0, 0);
  house_advance (house, 90000);
  house_exchange (house, "AudioPlayer.PlaybackStopped", "{}");
  house_expect_none (house);
  assert_counts (house, 0, 0, 0);
}

/* A status that is the skill's own answer is final: refused, and counted. */
static void
test_refused (House *house, gconstpointer data)
{
  static const guint statuses[] = { 400, 403, 404, 410, 429, 500, 501 };
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      house_start_playing (house, "t1");
      bus_backend_press (BUS_BACKEND (house->backend), BUS_BUTTON_STOP, NULL);
      json_object_unref (house_expect (house, "AudioPlayer.PlaybackStopped"));
      house_fail (house, DAEMON_TRANSPORT_ERROR_STATUS, statuses[i]);
      house_exchange (house, "System.ExceptionEncountered", "{}");
      house_advance (house, 90000);
      house_expect_none (house);
      assert_counts (house, 0, i + 1, 0);
    }
  g_autoptr (GPtrArray) left = daemon_outbox_load (house->context->outbox);
  g_assert_cmpuint (left->len, ==, 0);
}

/* A report that always fails does not hold up the others of a skill that answers all else. */
static void
test_stuck (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  bus_backend_press (BUS_BACKEND (house->backend), BUS_BUTTON_STOP, NULL);
  json_object_unref (house_expect (house, "AudioPlayer.PlaybackStopped"));
  house_fail (house, DAEMON_TRANSPORT_ERROR_STATUS, 503);
  house_exchange (house, "System.ExceptionEncountered", "{}");
  for (guint i = 0; i < 2; i++)
    {
      json_object_unref (house_expect (house, "AudioPlayer.PlaybackStopped"));
      house_fail (house, DAEMON_TRANSPORT_ERROR_STATUS, 503);
      assert_counts (house, 1, 0, 0);
      Outcome outcome = { 0 };
      ask (house, "radio", ALEXA_REQUEST_LAUNCH, &outcome);
      house_exchange (house, "LaunchRequest", SAY_END);
    }
  json_object_unref (house_expect (house, "AudioPlayer.PlaybackStopped"));
  house_fail (house, DAEMON_TRANSPORT_ERROR_STATUS, 503);
  house_advance (house, 90000);
  house_expect_none (house);
  assert_counts (house, 0, 0, 1);
}

/* One that has waited for a week is not told any more, and nobody waits for it. */
static void
test_old (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  bus_backend_press (BUS_BACKEND (house->backend), BUS_BUTTON_STOP, NULL);
  json_object_unref (house_expect (house, "AudioPlayer.PlaybackStopped"));
  house_fail (house, DAEMON_TRANSPORT_ERROR_UNREACHABLE, 0);
  DaemonErrand old = { .request = alexa_request_new (ALEXA_REQUEST_PLAYBACK_STOPPED) };
  g_assert_false (daemon_errand_is_old (&old, DAEMON_OUTBOX_MAX_AGE_US));
  g_assert_true (daemon_errand_is_old (&old, DAEMON_OUTBOX_MAX_AGE_US + 1));
  alexa_request_unref (old.request);
  g_autofree char *sql = g_strdup_printf ("UPDATE outbox SET at_us = %" G_GINT64_FORMAT,
                                          g_get_real_time () - DAEMON_OUTBOX_MAX_AGE_US - 1);
  g_assert_true (daemon_store_exec (house->store, sql, NULL));
  house_restart (house);
  house_expect_none (house);
  assert_counts (house, 0, 0, 1);
}

/* NearlyFinished is repeated while its stream is the current one, and not stored. */
static void
test_nearly_finished (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  player_dummy_engine_emit_simple (house->engine, PLAYER_ENGINE_BUFFERED,
                                   player_dummy_engine_get_current (house->engine), 0);
  json_object_unref (house_expect (house, "AudioPlayer.PlaybackNearlyFinished"));
  g_autoptr (GPtrArray) stored = daemon_outbox_load (house->context->outbox);
  g_assert_cmpuint (stored->len, ==, 0);
  house_fail (house, DAEMON_TRANSPORT_ERROR_UNREACHABLE, 0);
  house_advance (house, 2000);
  json_object_unref (house_expect (house, "AudioPlayer.PlaybackNearlyFinished"));
  house_fail (house, DAEMON_TRANSPORT_ERROR_UNREACHABLE, 0);
  Outcome outcome = { 0 };
  ask (house, "radio", ALEXA_REQUEST_LAUNCH, &outcome); /* another stream takes over */
  g_autofree char *play
      = house_play ("REPLACE_ALL", "http://127.0.0.1/b.flac", "t2", ",\"shouldEndSession\":true");
  json_object_unref (house_expect (house, "LaunchRequest"));
  daemon_dummy_transport_answer (house->transport, play);
  while (outcome.n_calls == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (player_dummy_engine_emit_simple (
      house->engine, PLAYER_ENGINE_STARTED, player_dummy_engine_get_current (house->engine), 0));
  house_exchange (house, "AudioPlayer.PlaybackStopped", "{}"); /* of t1, by the interruption */
  house_exchange (house, "AudioPlayer.PlaybackStarted", SAY_NOTHING);
  house_expect_none (house);
}

/* What an earlier run has left goes first and in order; its answers start nothing any more. */
static void
test_restart (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  finish_sound (house, 5000);
  g_autoptr (JsonObject) nearly = house_expect (house, "AudioPlayer.PlaybackNearlyFinished");
  g_autofree char *device = house_get (nearly, "context/System/device/deviceId");
  house_restart (house);

  g_autoptr (JsonObject) finished = house_expect (house, "AudioPlayer.PlaybackFinished");
  house_assert (finished, "request/token", "t1");
  house_assert (finished, "request/offsetInMilliseconds", "5000");
  house_assert (finished, "context/System/device/deviceId", device);
  house_assert (finished, "context/AudioPlayer/playerActivity", "IDLE");
  house_answer (house, "{\"version\":\"1.0\",\"response\":{\"directives\":[{\"type\":"
                       "\"AudioPlayer.ClearQueue\",\"clearBehavior\":\"CLEAR_ALL\"}]}}");
  g_assert_true (house_saw (house, "Directive radio AudioPlayer.ClearQueue"));
  house_restart (house);
  house_expect_none (house);
}

static void
test_restart_failed (House *house, gconstpointer data)
{
  Outcome outcome = { 0 };
  g_autofree char *play
      = house_play ("REPLACE_ALL", "http://127.0.0.1/a.flac", "t1", ",\"shouldEndSession\":true");
  ask (house, "radio", ALEXA_REQUEST_LAUNCH, &outcome);
  house_exchange (house, "LaunchRequest", play);
  fail_load (house);
  json_object_unref (house_expect (house, "AudioPlayer.PlaybackFailed"));
  house_restart (house);
  g_autoptr (JsonObject) failed = house_expect (house, "AudioPlayer.PlaybackFailed");
  house_assert (failed, "request/error/type", "MEDIA_ERROR_INVALID_REQUEST");
  house_answer (house, play);
  g_auto (GStrv) calls = player_dummy_engine_take_calls (house->engine);
  g_assert_null (calls[0]);
}

/* A dead URL that the skill wants again and again: 1 s, 2 s, 4 s … */
static void
test_loop (House *house, gconstpointer data)
{
  Outcome outcome = { 0 };
  g_autofree char *play = house_play ("REPLACE_ALL", "http://127.0.0.1/dead.flac", "t1", "");
  ask (house, "radio", ALEXA_REQUEST_LAUNCH, &outcome);
  house_exchange (house, "LaunchRequest", play);
  for (guint delay_ms = 1000; delay_ms < 100000; delay_ms *= 2)
    {
      fail_load (house);
      house_exchange (house, "AudioPlayer.PlaybackFailed", play);
      g_autofree char *verdict = g_strdup_printf ("delayed %u ms", MIN (delay_ms, 60000));
      const char *step = g_ptr_array_index (house->steps, house->steps->len - 1);
      g_assert_true (g_str_has_suffix (step, verdict));
      g_strfreev (player_dummy_engine_take_calls (house->engine));
      house_advance (house, MIN (delay_ms, 60000) - 1);
      g_auto (GStrv) none = player_dummy_engine_take_calls (house->engine);
      g_assert_null (none[0]);
      house_advance (house, 1);
      g_auto (GStrv) load = player_dummy_engine_take_calls (house->engine);
      g_assert_nonnull (load[0]);
    }
  /* It plays after all, and fails later: back to the first wait. */
  house_start_sound (house, 0);
  house_exchange (house, "AudioPlayer.PlaybackStarted", SAY_NOTHING);
  PlayerEngineEvent event = { .type = PLAYER_ENGINE_FAILED,
                              .generation = player_dummy_engine_get_current (house->engine),
                              .offset_ms = 3000,
                              .error_message = "cut" };
  g_assert_true (player_dummy_engine_emit (house->engine, &event));
  house_exchange (house, "AudioPlayer.PlaybackFailed", play);
  const char *step = g_ptr_array_index (house->steps, house->steps->len - 1);
  g_assert_true (g_str_has_suffix (step, " done"));
}

/* A stream of almost no length that is enqueued again and again does not become a storm either. */
static void
test_loop_short (House *house, gconstpointer data)
{
  g_autofree char *again = house_play ("ENQUEUE", "http://127.0.0.1/a.flac", "t1", "");
  house_start_playing (house, "t1");
  finish_sound (house, 100);
  house_exchange (house, "AudioPlayer.PlaybackNearlyFinished", again); /* not yet known as short */
  house_exchange (house, "AudioPlayer.PlaybackFinished", SAY_NOTHING);
  house_advance (house, 1000);
  house_start_sound (house, 0);
  house_exchange (house, "AudioPlayer.PlaybackStarted", SAY_NOTHING);
  finish_sound (house, 100);
  house_exchange (house, "AudioPlayer.PlaybackNearlyFinished", again);
  const char *step
      = g_ptr_array_index (house->steps, house->steps->len - 2); /* then Finished is sent */
  g_assert_true (g_str_has_suffix (step, "delayed 2000 ms"));
  house_exchange (house, "AudioPlayer.PlaybackFinished", SAY_NOTHING);
}

/* A user who asks for it does not wait, and a Stop drops what waits. */
static void
test_loop_user (House *house, gconstpointer data)
{
  Outcome outcome = { 0 };
  g_autofree char *play = house_play ("REPLACE_ALL", "http://127.0.0.1/dead.flac", "t1",
                                      ",\"shouldEndSession\":true");
  ask (house, "radio", ALEXA_REQUEST_LAUNCH, &outcome);
  house_exchange (house, "LaunchRequest", play);
  fail_load (house);
  house_exchange (house, "AudioPlayer.PlaybackFailed", play);
  g_strfreev (player_dummy_engine_take_calls (house->engine));
  bus_backend_press (BUS_BACKEND (house->backend), BUS_BUTTON_STOP, NULL);
  house_advance (house, 60000);
  g_auto (GStrv) none = player_dummy_engine_take_calls (house->engine);
  g_assert_null (none[0]);
  ask (house, "radio", ALEXA_REQUEST_LAUNCH, &outcome);
  house_exchange (house, "LaunchRequest", play);
  g_auto (GStrv) load = player_dummy_engine_take_calls (house->engine);
  g_assert_true (g_str_has_prefix (load[0], "load "));
}

static void
test_shut_down (House *house, gconstpointer data)
{
  Outcome outcome = { 0 };
  Outcome waiting = { 0 };
  house_start_playing (house, "t1");
  ask (house, "radio", ALEXA_REQUEST_INTENT, &outcome);
  ask (house, "radio", ALEXA_REQUEST_INTENT, &waiting);
  house_exchange (house, "AudioPlayer.PlaybackStopped", "{}");
  json_object_unref (house_expect (house, "IntentRequest"));
  daemon_skills_shut_down (house->skills);
  assert_outcome (&waiting, BUS_ERROR_SHUTTING_DOWN);
  g_assert_false (daemon_skills_is_settled (house->skills));
  g_autofree char *play = house_play ("REPLACE_ALL", "http://127.0.0.1/b.flac", "t2", "");
  g_strfreev (player_dummy_engine_take_calls (house->engine));
  house_answer (house, play); /* too late to be obeyed */
  g_autoptr (JsonObject) ended = house_expect (house, "SessionEndedRequest");
  house_assert (ended, "request/reason", "USER_INITIATED");
  house_answer (house, "{}");
  g_assert_true (daemon_skills_is_settled (house->skills));
  g_auto (GStrv) calls = player_dummy_engine_take_calls (house->engine);
  for (guint i = 0; calls[i] != NULL; i++)
    g_assert_false (g_str_has_prefix (calls[i], "load"));

  g_autoptr (AlexaRequest) request = alexa_request_new (ALEXA_REQUEST_LAUNCH);
  g_autoptr (GError) error = NULL;
  g_assert_false (daemon_conversation_ask (daemon_skills_find (house->skills, "radio"), request,
                                           NULL, NULL, &error));
  g_assert_error (error, BUS_ERROR, BUS_ERROR_SHUTTING_DOWN);
}

/* Shut down while a request is in flight and nobody will answer it. */
static void
test_abandoned (House *house, gconstpointer data)
{
  Outcome outcome = { 0 };
  ask (house, "radio", ALEXA_REQUEST_LAUNCH, &outcome);
  json_object_unref (house_expect (house, "LaunchRequest"));
  house_restart (house);
  assert_outcome (&outcome, BUS_ERROR_SHUTTING_DOWN);

  /* Nor does anybody wait for ever for what had no chance to leave. */
  DaemonConversation *radio = daemon_skills_find (house->skills, "radio");
  ask (house, "radio", ALEXA_REQUEST_LAUNCH, &outcome);
  json_object_unref (house_expect (house, "LaunchRequest"));
  Outcome ended = { 0 };
  g_assert_true (daemon_conversation_end_session (radio, on_done, &ended, NULL));
  house_restart (house);
  assert_outcome (&outcome, BUS_ERROR_SHUTTING_DOWN);
  assert_outcome (&ended, BUS_ERROR_SHUTTING_DOWN);
}

static void
test_busy (House *house, gconstpointer data)
{
  Outcome outcomes[70] = { 0 };
  guint i = 0;
  g_autoptr (GError) error = NULL;
  DaemonConversation *radio = daemon_skills_find (house->skills, "radio");
  g_autoptr (AlexaRequest) request = alexa_request_new (ALEXA_REQUEST_NEXT_COMMAND);
  while (i < 70 && daemon_conversation_ask (radio, request, on_done, &outcomes[i], &error))
    i++;
  g_assert_cmpuint (i, ==, 64);
  g_assert_error (error, BUS_ERROR, BUS_ERROR_BUSY);
  for (i = 0; i < 64; i++)
    house_exchange (house, "PlaybackController.NextCommandIssued", SAY_NOTHING);
  for (i = 0; i < 70; i++)
    g_assert_cmpuint (outcomes[i].n_calls, ==, i < 64 ? 1 : 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func)                                                                            \
  g_test_add ("/daemon/faults/" path, House, NULL, house_set_up, func, house_tear_down)
  ADD ("session-ends", test_session_ends);
  ADD ("null-response", test_null_response);
  ADD ("exception", test_exception);
  ADD ("play-to-finished", test_play_to_finished);
  ADD ("stopped-takes-no-answer", test_stopped_takes_no_answer);
  ADD ("content-type", test_content_type);
  ADD ("strict", test_strict);
  ADD ("retry", test_retry);
  ADD ("away-strict", test_away_strict);
  ADD ("no-starving", test_no_starving);
  ADD ("retry-passing", test_retry_passing);
  ADD ("refused", test_refused);
  ADD ("stuck", test_stuck);
  ADD ("old", test_old);
  ADD ("nearly-finished", test_nearly_finished);
  ADD ("restart", test_restart);
  ADD ("restart-failed", test_restart_failed);
  ADD ("loop", test_loop);
  ADD ("loop-short", test_loop_short);
  ADD ("loop-user", test_loop_user);
  ADD ("shut-down", test_shut_down);
  ADD ("abandoned", test_abandoned);
  ADD ("busy", test_busy);
#undef ADD
  return g_test_run ();
}

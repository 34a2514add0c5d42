/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "bus-fixture.h"
#include "dbus/bus-errors.h"

#define ERROR_PREFIX "org.segue.Error."

/* A call that is under way. */
static void
on_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **slot = user_data;
  *slot = g_object_ref (result);
}

static void
begin (BusFixture *f, const char *method, GVariant *params, GAsyncResult **result)
{
  g_dbus_connection_call (f->client, BUS_SERVER_NAME, BUS_SERVER_PATH, BUS_FIXTURE_CONVERSATION,
                          method, params, NULL, G_DBUS_CALL_FLAGS_NONE, 10000, NULL, on_result,
                          result);
  bus_fixture_wait_until (bus_dummy_backend_is_waiting (f->backend));
  g_assert_null (*result);
}

/* The three that wait for the skill: the answer comes when the backend has one, good or bad. */
static void
test_calls (BusFixture *f, gconstpointer data)
{
  const struct
  {
    const char *method;
    const char *params;
    const char *call;
  } calls[] = {
    { "Launch", "('http://127.0.0.1:3000/',)", "launch 'http://127.0.0.1:3000/'\n" },
    { "Intent", "('radio', 'AMAZON.NextIntent', {'genre': 'jazz', 'when': ''})",
      "intent 'radio' AMAZON.NextIntent {'genre': 'jazz', 'when': ''}\n" },
    { "Intent", "('', 'HelloIntent', @a{ss} {})", "intent '' HelloIntent {}\n" },
    { "BuiltInIntent", "('', 'stop')", "built-in-intent '' stop\n" },
    { "CanFulfill", "('radio', 'PlayIntent', {'song': 'x'})",
      "can-fulfill 'radio' PlayIntent {'song': 'x'}\n" },
    { "EndSession", "('',)", "end-session ''\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      begin (f, calls[i].method, g_variant_new_parsed (calls[i].params), &result);
      bus_fixture_assert_calls (f, calls[i].call);
      bus_dummy_backend_answer (f->backend, "request-7", 0);
      bus_fixture_wait_until (result != NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (GVariant) reply = g_dbus_connection_call_finish (f->client, result, &error);
      g_assert_no_error (error);
      g_autofree char *printed = g_variant_print (reply, FALSE);
      g_assert_cmpstr (printed, ==, "('request-7',)");
    }
}

static void
test_errors (BusFixture *f, gconstpointer data)
{
  const struct
  {
    int code;
    const char *name;
  } errors[] = {
    { BUS_ERROR_UNKNOWN_SKILL, ERROR_PREFIX "UnknownSkill" },
    { BUS_ERROR_NO_SKILL, ERROR_PREFIX "NoSkill" },
    { BUS_ERROR_INVALID_ARGUMENT, ERROR_PREFIX "InvalidArgument" },
    { BUS_ERROR_TIMEOUT, ERROR_PREFIX "Timeout" },
    { BUS_ERROR_UNREACHABLE, ERROR_PREFIX "Unreachable" },
    { BUS_ERROR_HTTP, ERROR_PREFIX "Http" },
    { BUS_ERROR_INVALID_RESPONSE, ERROR_PREFIX "InvalidResponse" },
    { BUS_ERROR_NO_SESSION, ERROR_PREFIX "NoSession" },
    { BUS_ERROR_BUSY, ERROR_PREFIX "Busy" },
    { BUS_ERROR_SHUTTING_DOWN, ERROR_PREFIX "ShuttingDown" },
    { BUS_ERROR_SUPERSEDED, ERROR_PREFIX "Superseded" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      begin (f, "Launch", g_variant_new ("(s)", "radio"), &result);
      bus_dummy_backend_answer (f->backend, NULL, errors[i].code);
      bus_fixture_wait_until (result != NULL);
      g_autoptr (GError) error = NULL;
      g_assert_null (g_dbus_connection_call_finish (f->client, result, &error));
      g_autofree char *remote = g_dbus_error_get_remote_error (error);
      g_assert_cmpstr (remote, ==, errors[i].name);
      g_assert_nonnull (strstr (error->message, "told to fail"));
    }
}

/* A slow skill does not hold up other callers, nor the answers of others. */
static void
test_two_at_once (BusFixture *f, gconstpointer data)
{
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  begin (f, "Launch", g_variant_new ("(s)", "slow"), &first);
  g_dbus_connection_call (f->client, BUS_SERVER_NAME, BUS_SERVER_PATH, BUS_FIXTURE_CONVERSATION,
                          "EndSession", g_variant_new ("(s)", "other"), NULL,
                          G_DBUS_CALL_FLAGS_NONE, 10000, NULL, on_result, &second);
  bus_fixture_settle (f);
  bus_fixture_assert_calls (f, "launch 'slow'\nend-session 'other'\n");
  g_assert_null (first);

  bus_dummy_backend_answer (f->backend, "request-1", 0);
  bus_dummy_backend_answer (f->backend, "request-2", 0);
  bus_fixture_wait_until (first != NULL && second != NULL);
  g_autoptr (GVariant) one = g_dbus_connection_call_finish (f->client, first, NULL);
  g_autoptr (GVariant) two = g_dbus_connection_call_finish (f->client, second, NULL);
  g_assert_nonnull (one);
  g_assert_nonnull (two);
}

static void
test_intent_without_name (BusFixture *f, gconstpointer data)
{
  bus_fixture_call_fails (f, BUS_FIXTURE_CONVERSATION, "Intent",
                          g_variant_new_parsed ("('', '', @a{ss} {})"),
                          ERROR_PREFIX "InvalidArgument");
  bus_fixture_call_fails (f, BUS_FIXTURE_CONVERSATION, "Intent",
                          g_variant_new_parsed ("('', 'HelloIntent', {'slot': 1})"),
                          "org.freedesktop.DBus.Error.InvalidArgs");
  bus_fixture_assert_calls (f, "");
}

static void
test_handle_response (BusFixture *f, gconstpointer data)
{
  GVariant *params
      = g_variant_new ("(sss)", "radio", "AudioPlayer.PlaybackNearlyFinished", "{\"a\": 1}");
  g_autoptr (GVariant) owned = g_variant_ref_sink (params);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply
      = bus_fixture_call (f, BUS_FIXTURE_CONVERSATION, "HandleResponse", owned, &error);
  g_assert_no_error (error);
  g_autofree char *printed = g_variant_print (reply, FALSE);
  g_assert_cmpstr (printed, ==, "('handled-1',)");
  bus_fixture_assert_calls (f, "handle 'radio' 'AudioPlayer.PlaybackNearlyFinished' {\"a\": 1}\n");

  bus_dummy_backend_fail (f->backend, BUS_ERROR_INVALID_RESPONSE);
  bus_fixture_call_fails (f, BUS_FIXTURE_CONVERSATION, "HandleResponse", owned,
                          ERROR_PREFIX "InvalidResponse");
}

/* Each kind of step is a signal with the very arguments. */
static void
test_steps (BusFixture *f, gconstpointer data)
{
  const struct
  {
    const char *kind;
    const char *details;
  } steps[] = {
    { "RequestSent", "('radio', 'r1', 'LaunchRequest', '{}')" },
    { "AnswerReceived", "('radio', 'r1', uint32 200, uint32 35, '{}')" },
    { "RequestFailed", "('radio', 'r1', 'Timeout', 'no answer in 8 s')" },
    { "Directive", "('radio', 'r1', 'AudioPlayer.Play', '{}', 'done')" },
    { "Finding", "('radio', 'r1', 'id', 'warning', '$.response', 'sentence', 'rule')" },
    { "Card", "('radio', 'r1', '{}')" },
    { "Speech", "('radio', 'r1', 'PlainText', 'Hello', false)" },
    { "SpeechState", "('radio', 'r1', 'fault', 'HTTP 404')" },
    { "CanFulfillAnswered", "('radio', 'r1', '{}')" },
    { "Session", "('radio', 's1', true, '')" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    bus_backend_emit_step (BUS_BACKEND (f->backend), steps[i].kind,
                           g_variant_new_parsed (steps[i].details));
  bus_fixture_settle (f);
  g_assert_cmpuint (f->signals->len, ==, G_N_ELEMENTS (steps));
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_assert_cmpuint (bus_fixture_count (f, BUS_FIXTURE_CONVERSATION, steps[i].kind), ==, 1);
      GVariant *args = bus_fixture_last (f, BUS_FIXTURE_CONVERSATION, steps[i].kind);
      g_autofree char *printed = g_variant_print (args, TRUE);
      g_assert_cmpstr (printed, ==, steps[i].details);
    }
}

/* A step that is no signal of the interface is a bug of the daemon, and is not sent. */
static void
test_wrong_steps (BusFixture *f, gconstpointer data)
{
  if (g_test_subprocess ())
    {
      g_log_set_always_fatal (G_LOG_FATAL_MASK);
      bus_backend_emit_step (BUS_BACKEND (f->backend), "Rumour", g_variant_new ("(s)", "x"));
      bus_backend_emit_step (BUS_BACKEND (f->backend), "Card", g_variant_new ("(s)", "x"));
      bus_fixture_settle (f);
      g_assert_cmpuint (f->signals->len, ==, 0);
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*CRITICAL*step Rumour*CRITICAL*step Card*(s)*");
}

static void
assert_activity (BusFixture *f, const char *expected)
{
  bus_fixture_settle (f);
  g_assert_cmpuint (bus_fixture_count (f, BUS_FIXTURE_CONVERSATION, "Activity"), ==, 1);
  g_autofree char *printed
      = g_variant_print (bus_fixture_last (f, BUS_FIXTURE_CONVERSATION, "Activity"), FALSE);
  g_assert_cmpstr (printed, ==, expected);
  bus_fixture_forget (f);
}

static void
test_activity (BusFixture *f, gconstpointer data)
{
  bus_fixture_play (f, "token-1", "radio", 0);
  assert_activity (f, "('PLAYING', 'token-1', 0)");

  /* changes that are none of the activity */
  bus_fixture_enqueue (f, "token-2");
  player_controller_set_volume (f->controller, 0.5);
  bus_fixture_settle (f);
  g_assert_cmpuint (bus_fixture_count (f, BUS_FIXTURE_CONVERSATION, "Activity"), ==, 0);

  bus_fixture_set_position (f, 4000);
  bus_fixture_submit (f, PLAYER_COMMAND_PAUSE);
  assert_activity (f, "('PAUSED', 'token-1', 4000)");
  bus_fixture_submit (f, PLAYER_COMMAND_STOP);
  assert_activity (f, "('STOPPED', 'token-1', 4000)");
}

/* What does not play is named, whoever ordered it. */
static void
test_stream_failed (BusFixture *f, gconstpointer data)
{
  bus_fixture_play (f, "token-1", "", 0);
  const PlayerEngineEvent event = {
    .type = PLAYER_ENGINE_FAILED,
    .generation = player_dummy_engine_get_current (f->engine),
    .error_type = PLAYER_MEDIA_ERROR_INVALID_REQUEST,
    .error_message = "HTTP 404",
  };
  g_assert_true (player_dummy_engine_emit (f->engine, &event));
  bus_fixture_settle (f);
  g_assert_cmpuint (bus_fixture_count (f, BUS_FIXTURE_CONVERSATION, "StreamFailed"), ==, 1);
  g_autofree char *printed
      = g_variant_print (bus_fixture_last (f, BUS_FIXTURE_CONVERSATION, "StreamFailed"), FALSE);
  g_assert_cmpstr (printed, ==, "('', 'token-1', 'MEDIA_ERROR_INVALID_REQUEST', 'HTTP 404')");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func)                                                                            \
  g_test_add ("/bus/conversation/" path, BusFixture, NULL, bus_fixture_set_up, func,               \
              bus_fixture_tear_down)
  ADD ("calls", test_calls);
  ADD ("errors", test_errors);
  ADD ("two-at-once", test_two_at_once);
  ADD ("intent-without-name", test_intent_without_name);
  ADD ("handle-response", test_handle_response);
  ADD ("steps", test_steps);
  ADD ("wrong-steps", test_wrong_steps);
  ADD ("activity", test_activity);
  ADD ("stream-failed", test_stream_failed);
  return g_test_run ();
}

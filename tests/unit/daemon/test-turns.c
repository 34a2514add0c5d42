/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* Whose turn it is: from one skill to the next, words with an intent of their own, questions aside. */
#include <string.h>

#include "dbus/bus-errors.h"
#include "test-house.h"

/* A call that may still be under way. */
typedef struct
{
  gboolean done;
  char *id;      /* (owned) (nullable) */
  GError *error; /* (owned) (nullable) */
} Call;

static void
on_finished (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Call *call = user_data;
  call->id = bus_backend_finish (BUS_BACKEND (source), result, &call->error);
  call->done = TRUE;
}

static void
call_clear (Call *call)
{
  g_clear_pointer (&call->id, g_free);
  g_clear_error (&call->error);
  call->done = FALSE;
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Call, call_clear)

static DaemonConversation *
radio (House *house)
{
  return daemon_skills_find (house->skills, "radio");
}

static void
launch (House *house, const char *skill, Call *call)
{
  bus_backend_launch (BUS_BACKEND (house->backend), skill, on_finished, call);
}

static void
utter (House *house, const char *word, Call *call)
{
  bus_backend_built_in_intent (BUS_BACKEND (house->backend), "radio", word, on_finished, call);
}

static void
assert_failed (House *house, Call *call, BusError code)
{
  house_settle (house);
  g_assert_true (call->done);
  g_assert_error (call->error, BUS_ERROR, (int)code);
  call_clear (call);
}

/* What has not left yet when somebody turns to another skill never does. */
static void
test_superseded (House *house, gconstpointer data)
{
  g_auto (Call) intent = { 0 };
  g_auto (Call) other = { 0 };
  g_auto (Call) first = { 0 };
  house_start_playing (house, "t1");
  launch (house, "radio", &first); /* waits behind PlaybackStopped */
  bus_backend_intent (BUS_BACKEND (house->backend), "radio", "Later",
                      g_variant_new_parsed ("@a{ss} {}"), on_finished, &intent);
  house_settle (house);
  g_strfreev (player_dummy_engine_take_calls (house->engine));
  launch (house, "judge", &other);
  assert_failed (house, &first, BUS_ERROR_SUPERSEDED);
  assert_failed (house, &intent, BUS_ERROR_SUPERSEDED);
  g_auto (GStrv) calls = player_dummy_engine_take_calls (house->engine);
  g_assert_cmpuint (g_strv_length (calls), ==, 0); /* nothing is heard in between */
  g_assert_true (house_saw (house, "RequestSent judge LaunchRequest"));
  house_answer (house, "{}"); /* PlaybackStopped of radio */
  house_exchange (house, "LaunchRequest", SAY_END);
  g_assert_true (other.done);
  g_assert_no_error (other.error);
  house_expect_none (house);
  g_assert_false (daemon_conversation_has_session (radio (house)));
}

/* Two launches in a row are two sessions. */
static void
test_launch_twice (House *house, gconstpointer data)
{
  g_auto (Call) first = { 0 };
  g_auto (Call) second = { 0 };
  launch (house, "radio", &first);
  launch (house, "radio", &second);
  g_autoptr (JsonObject) one = house_expect (house, "LaunchRequest");
  g_autofree char *id = house_get (one, "session/sessionId");
  house_answer (house, SAY_OPEN);
  g_assert_true (first.done);
  g_autoptr (JsonObject) ended = house_expect (house, "SessionEndedRequest");
  house_assert (ended, "session/sessionId", id);
  house_assert (ended, "request/reason", "USER_INITIATED");
  house_answer (house, "{}");
  g_autoptr (JsonObject) two = house_expect (house, "LaunchRequest");
  house_assert (two, "session/new", "true");
  g_autofree char *other = house_get (two, "session/sessionId");
  g_assert_cmpstr (other, !=, id);
  house_answer (house, SAY_END);
  g_assert_true (second.done);
  g_assert_no_error (second.error);
  house_expect_none (house);
}

/* A button in line behind the request does not keep the session from waiting. */
static void
test_button_behind (House *house, gconstpointer data)
{
  g_auto (Call) call = { 0 };
  house_start_playing (house, "t1");
  launch (house, "radio", &call);
  house_exchange (house, "AudioPlayer.PlaybackStopped", "{}");
  json_object_unref (house_expect (house, "LaunchRequest"));
  g_assert_true (bus_backend_press (BUS_BACKEND (house->backend), BUS_BUTTON_NEXT, NULL));
  house_answer (house, SAY_OPEN);
  house_exchange (house, "PlaybackController.NextCommandIssued", SAY_NOTHING);
  g_assert_true (daemon_conversation_has_session (radio (house)));
  house_advance (house, 8000);
  house_exchange (house, "SessionEndedRequest", "{}");
}

/* Playback events and buttons neither use nor change an open session. */
static void
test_events_leave_session (House *house, gconstpointer data)
{
  g_auto (Call) call = { 0 };
  g_autofree char *play = house_play ("ENQUEUE", "http://127.0.0.1/b.flac", "t2", "");
  house_start_playing (house, "t1");
  launch (house, "radio", &call);
  house_exchange (house, "AudioPlayer.PlaybackStopped", "{}");
  house_exchange (house, "LaunchRequest",
                  "{\"version\":\"1.0\",\"sessionAttributes\":{\"a\":1},\"response\":"
                  "{\"shouldEndSession\":false}}");
  g_autoptr (GBytes) bytes = g_bytes_new (play, strlen (play));
  g_autofree char *id
      = daemon_conversation_handle (radio (house), ALEXA_REQUEST_PLAY_COMMAND, bytes, NULL);
  g_assert_nonnull (id);
  g_assert_true (bus_backend_press (BUS_BACKEND (house->backend), BUS_BUTTON_NEXT, NULL));
  g_autoptr (JsonObject) next = house_expect (house, "PlaybackController.NextCommandIssued");
  g_assert_false (json_object_has_member (next, "session"));
  house_answer (house, "{\"version\":\"1.0\",\"sessionAttributes\":{\"b\":2},\"response\":"
                       "{\"shouldEndSession\":true}}");
  g_assert_true (daemon_conversation_has_session (radio (house)));
  g_autoptr (AlexaRequest) intent = alexa_request_new_intent ("Next", NULL);
  g_assert_true (daemon_conversation_ask (radio (house), intent, NULL, NULL, NULL));
  g_autoptr (JsonObject) body = house_expect (house, "IntentRequest");
  house_assert (body, "session/attributes", "{\"a\":1}");
  house_assert (body, "session/new", "false");
  house_answer (house, SAY_END);
}

/* An error ends the session once: when the skill cannot be told of it, that is all. */
static void
test_one_error_one_end (House *house, gconstpointer data)
{
  g_auto (Call) call = { 0 };
  launch (house, "radio", &call);
  json_object_unref (house_expect (house, "LaunchRequest"));
  house_fail (house, DAEMON_TRANSPORT_ERROR_TIMEOUT, 0);
  g_autoptr (JsonObject) ended = house_expect (house, "SessionEndedRequest");
  house_assert (ended, "request/reason", "ERROR");
  house_assert (ended, "request/error/type", "ENDPOINT_TIMEOUT");
  house_assert (ended, "session/new", "false");
  house_fail (house, DAEMON_TRANSPORT_ERROR_TIMEOUT, 0);
  assert_failed (house, &call, BUS_ERROR_TIMEOUT);
  house_expect_none (house);
  house_advance (house, 60000);
  house_expect_none (house);
}

/* --- Words with an intent of their own --------------------------------------------------------- */

static void
assert_intent (House *house, const char *word, const char *intent, const char *is_new)
{
  g_auto (Call) call = { 0 };
  utter (house, word, &call);
  g_autoptr (JsonObject) body = house_expect (house, "IntentRequest");
  house_assert (body, "request/intent/name", intent);
  house_assert (body, "session/new", is_new);
  house_answer (house, SAY_END);
  g_assert_no_error (call.error);
}

static void
test_words (House *house, gconstpointer data)
{
  const char *const words[][2] = {
    { "pause", "AMAZON.PauseIntent" },
    { "resume", "AMAZON.ResumeIntent" },
    { "next", "AMAZON.NextIntent" },
    { "previous", "AMAZON.PreviousIntent" },
    { "repeat", "AMAZON.RepeatIntent" },
    { "start-over", "AMAZON.StartOverIntent" },
    { "shuffle-on", "AMAZON.ShuffleOnIntent" },
    { "shuffle-off", "AMAZON.ShuffleOffIntent" },
    { "loop-on", "AMAZON.LoopOnIntent" },
    { "loop-off", "AMAZON.LoopOffIntent" },
    { "cancel", "AMAZON.CancelIntent" },
    { "help", "AMAZON.HelpIntent" },
    { "yes", "AMAZON.YesIntent" },
    { "no", "AMAZON.NoIntent" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    assert_intent (house, words[i][0], words[i][1], "true");

  g_auto (Call) call = { 0 };
  utter (house, "abracadabra", &call);
  assert_failed (house, &call, BUS_ERROR_INVALID_ARGUMENT);
  house_expect_none (house);
}

/* "stop" is PauseIntent for the skill that plays or played last, outside of a session. */
static void
test_stop (House *house, gconstpointer data)
{
  assert_intent (house, "stop", "AMAZON.StopIntent", "true"); /* nothing has played */
  house_start_playing (house, "t1");
  g_auto (Call) call = { 0 };
  utter (house, "stop", &call);
  house_exchange (house, "AudioPlayer.PlaybackStopped", "{}");
  g_autoptr (JsonObject) body = house_expect (house, "IntentRequest");
  house_assert (body, "request/intent/name", "AMAZON.PauseIntent");
  house_assert (body, "session/new", "true");
  house_assert (body, "session/attributes", "{}");
  house_answer (house, "{\"version\":\"1.0\",\"response\":{\"directives\":"
                       "[{\"type\":\"AudioPlayer.Stop\"}],\"shouldEndSession\":true}}");
  g_assert_true (call.done);
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_STOPPED);
  house_expect_none (house); /* the skill has ended the session itself: no SessionEndedRequest */
  assert_intent (house, "stop", "AMAZON.PauseIntent", "true"); /* it was the last to play */

  g_auto (Call) open = { 0 };
  launch (house, "radio", &open);
  house_exchange (house, "LaunchRequest", SAY_OPEN);
  assert_intent (house, "stop", "AMAZON.StopIntent", "false");
}

/* --- Questions aside --------------------------------------------------------------------------- */

#define CAN "{\"canFulfill\":\"YES\",\"slots\":{}}"

static void
test_can_fulfill (House *house, gconstpointer data)
{
  g_auto (Call) call = { 0 };
  house_start_playing (house, "t1");
  g_strfreev (player_dummy_engine_take_calls (house->engine));
  bus_backend_can_fulfill (BUS_BACKEND (house->backend), "radio", "PlaySong",
                           g_variant_new_parsed ("{'song': 'x'}"), on_finished, &call);
  g_autoptr (JsonObject) body = house_expect (house, "CanFulfillIntentRequest");
  house_assert (body, "request/intent/name", "PlaySong");
  house_assert (body, "request/intent/slots/song/value", "x");
  house_assert (body, "session/new", "true");
  house_answer (house,
                "{\"version\":\"1.0\",\"response\":{\"canFulfillIntent\":" CAN
                ",\"outputSpeech\":{\"type\":\"PlainText\",\"text\":\"No\"},"
                "\"shouldEndSession\":false,\"directives\":[{\"type\":\"AudioPlayer.Stop\"}]}}");
  g_assert_true (call.done);
  g_assert_no_error (call.error);
  g_assert_true (house_saw (house, "CanFulfillAnswered radio " CAN));
  g_assert_false (daemon_conversation_has_session (radio (house)));
  g_assert_null (player_dummy_speech_get_utterance (house->speech));
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_PLAYING);
  g_auto (GStrv) calls = player_dummy_engine_take_calls (house->engine);
  g_assert_cmpuint (g_strv_length (calls), ==, 0);
  house_expect_none (house);
}

/* An open session does not notice; a skill that fails is not told. */
static void
test_can_fulfill_in_session (House *house, gconstpointer data)
{
  g_auto (Call) first = { 0 };
  g_auto (Call) call = { 0 };
  g_autoptr (GVariant) none = g_variant_ref_sink (g_variant_new_parsed ("@a{ss} {}"));
  launch (house, "judge", &first);
  house_exchange (house, "LaunchRequest", SAY_OPEN);
  bus_backend_can_fulfill (BUS_BACKEND (house->backend), "judge", "A", none, on_finished, &call);
  json_object_unref (house_expect (house, "CanFulfillIntentRequest"));
  house_fail (house, DAEMON_TRANSPORT_ERROR_STATUS, 500);
  assert_failed (house, &call, BUS_ERROR_HTTP);
  house_expect_none (house);
  g_assert_true (daemon_conversation_has_session (daemon_skills_find (house->skills, "judge")));
  bus_backend_can_fulfill (BUS_BACKEND (house->backend), "judge", "", none, on_finished, &call);
  assert_failed (house, &call, BUS_ERROR_INVALID_ARGUMENT);
  house_advance (house, 8000);
  house_exchange (house, "SessionEndedRequest", "{}");
}

static void
test_locale (House *house, gconstpointer data)
{
  BusBackend *backend = BUS_BACKEND (house->backend);
  g_auto (Call) call = { 0 };
  g_autoptr (GError) error = NULL;
  g_assert_cmpstr (bus_backend_get_locale (backend), ==, "en-US");
  g_assert_false (bus_backend_set_locale (backend, "tlh-KX", &error));
  g_assert_error (error, BUS_ERROR, BUS_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "pt-BR"));
  g_assert_true (bus_backend_set_locale (backend, "de-DE", NULL));
  g_assert_cmpstr (bus_backend_get_locale (backend), ==, "de-DE");
  launch (house, "radio", &call);
  g_autoptr (JsonObject) body = house_expect (house, "LaunchRequest");
  house_assert (body, "request/locale", "de-DE");
  house_answer (house,
                "{\"version\":\"1.0\",\"response\":{\"outputSpeech\":{\"type\":\"PlainText\","
                "\"text\":\"Ja\"},\"shouldEndSession\":true}}");
  PlayerUtterance *utterance = player_dummy_speech_get_utterance (house->speech);
  g_assert_cmpstr (utterance->locale, ==, "de-DE");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func)                                                                            \
  g_test_add ("/daemon/turns/" path, House, "speech", house_set_up, func, house_tear_down)
  ADD ("superseded", test_superseded);
  ADD ("launch-twice", test_launch_twice);
  ADD ("button-behind", test_button_behind);
  ADD ("events-leave-session", test_events_leave_session);
  ADD ("one-error-one-end", test_one_error_one_end);
  ADD ("words", test_words);
  ADD ("stop", test_stop);
  ADD ("can-fulfill", test_can_fulfill);
  ADD ("can-fulfill-in-session", test_can_fulfill_in_session);
  ADD ("locale", test_locale);
#undef ADD
  return g_test_run ();
}

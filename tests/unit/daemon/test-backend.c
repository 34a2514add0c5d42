/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* What callers on the bus may ask for, and the buttons. */
#include <string.h>

#include "dbus/bus-errors.h"
#include "test-house.h"

#define PLAY "PlaybackController.PlayCommandIssued"
#define PAUSE "PlaybackController.PauseCommandIssued"
#define NEXT "PlaybackController.NextCommandIssued"
#define PREVIOUS "PlaybackController.PreviousCommandIssued"

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

static void
assert_fails (Call *call, BusError code)
{
  while (!call->done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (call->id);
  g_assert_error (call->error, BUS_ERROR, (int)code);
  call_clear (call);
}

static void
launch (House *house, const char *skill, Call *call)
{
  bus_backend_launch (BUS_BACKEND (house->backend), skill, on_finished, call);
}

static void
press (House *house, BusButton button)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (bus_backend_press (BUS_BACKEND (house->backend), button, &error));
  g_assert_no_error (error);
}

static void
press_fails (House *house, BusButton button, BusError code)
{
  g_autoptr (GError) error = NULL;
  g_assert_false (bus_backend_press (BUS_BACKEND (house->backend), button, &error));
  g_assert_error (error, BUS_ERROR, (int)code);
}

static void
test_launch (House *house, gconstpointer data)
{
  Call call = { 0 };
  launch (house, "radio", &call);
  g_autoptr (JsonObject) request = house_expect (house, "LaunchRequest");
  g_assert_false (call.done);
  house_answer (house, SAY_END);
  g_assert_true (call.done);
  g_assert_no_error (call.error);
  house_assert (request, "request/requestId", call.id);
  call_clear (&call);

  launch (house, "radio", &call);
  json_object_unref (house_expect (house, "LaunchRequest"));
  house_fail (house, DAEMON_TRANSPORT_ERROR_TIMEOUT, 0);
  assert_fails (&call, BUS_ERROR_TIMEOUT);
  house_exchange (house, "SessionEndedRequest", "{}");
}

static void
test_names (House *house, gconstpointer data)
{
  Call call = { 0 };
  launch (house, "nobody", &call);
  assert_fails (&call, BUS_ERROR_UNKNOWN_SKILL);
  launch (house, "", &call); /* two are configured */
  assert_fails (&call, BUS_ERROR_NO_SKILL);
  launch (house, "http://example.com/", &call); /* plain http elsewhere */
  assert_fails (&call, BUS_ERROR_INVALID_ARGUMENT);
  bus_backend_end_session (BUS_BACKEND (house->backend), "radio", on_finished, &call);
  assert_fails (&call, BUS_ERROR_NO_SESSION);

  /* The URL of a configured skill is that skill. */
  launch (house, HOUSE_SKILL_URL, &call);
  house_exchange (house, "LaunchRequest", SAY_END);
  g_assert_true (house_saw (house, "RequestSent radio"));
  call_clear (&call);

  launch (house, "http://localhost:9/other", &call);
  house_exchange (house, "LaunchRequest", SAY_OPEN);
  call_clear (&call);
  g_autoptr (GVariant) list
      = g_variant_ref_sink (bus_backend_list_skills (BUS_BACKEND (house->backend)));
  g_autofree char *text = g_variant_print (list, FALSE);
  g_assert_cmpstr (
      text, ==,
      "[('radio', 'http://127.0.0.1:3000/', false), ('judge', 'http://127.0.0.1:3001/', "
      "false), ('http://localhost:9/other', 'http://localhost:9/other', true)]");

  /* The default is the skill whose session is open, then the one that played last. */
  bus_backend_end_session (BUS_BACKEND (house->backend), "", on_finished, &call);
  g_assert_false (call.done);
  house_exchange (house, "SessionEndedRequest", "{}");
  g_assert_true (call.done);
  g_assert_no_error (call.error);
  call_clear (&call);
  house_start_playing (house, "t1");
  launch (house, "", &call);
  house_exchange (house, "AudioPlayer.PlaybackStopped", "{}");
  house_exchange (house, "LaunchRequest", SAY_END);
  g_assert_true (house_saw (house, "RequestSent radio LaunchRequest"));
  call_clear (&call);
}

static void
test_intent (House *house, gconstpointer data)
{
  Call call = { 0 };
  g_autoptr (GVariant) slots
      = g_variant_ref_sink (g_variant_new_parsed ("{'Song': 'Für Elise', 'Empty': ''}"));
  bus_backend_intent (BUS_BACKEND (house->backend), "radio", "PlaySong", slots, on_finished, &call);
  g_autoptr (JsonObject) request = house_expect (house, "IntentRequest");
  house_assert (request, "request/intent/name", "PlaySong");
  house_assert (request, "request/intent/slots/Song/value", "Für Elise");
  house_assert (request, "request/intent/slots/Song/slotValue/value", "Für Elise");
  house_answer (house, SAY_END);
  call_clear (&call);
  bus_backend_intent (BUS_BACKEND (house->backend), "radio", "", slots, on_finished, &call);
  assert_fails (&call, BUS_ERROR_INVALID_ARGUMENT);
}

/* Turning to another skill ends the session with the first. */
static void
test_other_skill (House *house, gconstpointer data)
{
  Call first = { 0 };
  Call second = { 0 };
  launch (house, "radio", &first);
  house_exchange (house, "LaunchRequest", SAY_OPEN);
  launch (house, "judge", &second);
  house_settle (house);
  g_assert_cmpuint (daemon_dummy_transport_get_n_waiting (house->transport), ==, 2);
  g_assert_true (house_saw (house, "Session radio false USER_INITIATED"));
  g_assert_true (house_saw (house, "RequestSent radio SessionEndedRequest"));
  g_assert_true (house_saw (house, "RequestSent judge LaunchRequest"));
  house_answer (house, "{}");
  house_answer (house, SAY_END);
  call_clear (&first);
  call_clear (&second);
}

/* What the session with one skill has paused is not heard again before the other one answers. */
static void
test_other_skill_while_playing (House *house, gconstpointer data)
{
  Call first = { 0 };
  Call second = { 0 };
  house_start_playing (house, "t1");
  launch (house, "judge", &first);
  house_settle (house); /* PlaybackStopped to the one, LaunchRequest to the other */
  house_answer (house, SAY_OPEN);
  house_answer (house, SAY_OPEN);
  g_strfreev (player_dummy_engine_take_calls (house->engine));
  launch (house, "radio", &second);
  house_settle (house);
  g_assert_true (house_saw (house, "Session judge false USER_INITIATED"));
  g_auto (GStrv) calls = player_dummy_engine_take_calls (house->engine);
  g_assert_cmpuint (g_strv_length (calls), ==, 0);
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_PAUSED);
  house_answer (house, SAY_END);
  house_answer (house, SAY_END);
  g_auto (GStrv) later = player_dummy_engine_take_calls (house->engine);
  g_assert_cmpstr (later[0], ==, "resume");
  call_clear (&first);
  call_clear (&second);
}

/* The answer of a skill that somebody has turned away from comes too late to be obeyed. */
static void
test_other_skill_answers_late (House *house, gconstpointer data)
{
  Call first = { 0 };
  Call second = { 0 };
  g_autofree char *play
      = house_play ("REPLACE_ALL", "http://127.0.0.1/a.flac", "t1", ",\"shouldEndSession\":true");
  launch (house, "radio", &first);
  house_settle (house);
  launch (house, "judge", &second);
  house_settle (house);
  g_strfreev (player_dummy_engine_take_calls (house->engine));
  house_answer (house, play);
  g_assert_true (house_saw (house, "Directive radio AudioPlayer.Play"));
  g_auto (GStrv) calls = player_dummy_engine_take_calls (house->engine);
  g_assert_cmpuint (g_strv_length (calls), ==, 0);
  house_answer (house, SAY_END);
  house_answer (house, SAY_END); /* SessionEndedRequest */
  house_expect_none (house);
  call_clear (&first);
  call_clear (&second);
}

static void
test_no_stream (House *house, gconstpointer data)
{
  press_fails (house, BUS_BUTTON_PLAY, BUS_ERROR_NOTHING_TO_PLAY);
  press_fails (house, BUS_BUTTON_PAUSE, BUS_ERROR_NOT_PLAYING);
  press_fails (house, BUS_BUTTON_PLAY_PAUSE, BUS_ERROR_NOTHING_TO_PLAY);
  press_fails (house, BUS_BUTTON_NEXT, BUS_ERROR_NOTHING_TO_PLAY);
  press_fails (house, BUS_BUTTON_PREVIOUS, BUS_ERROR_NOTHING_TO_PLAY);
  press (house, BUS_BUTTON_STOP);
  g_autoptr (GError) error = NULL;
  g_assert_false (bus_backend_seek (BUS_BACKEND (house->backend), 1000, &error));
  g_assert_error (error, BUS_ERROR, BUS_ERROR_NOT_PLAYING);
}

static void
test_buttons (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  press (house, BUS_BUTTON_NEXT);
  house_exchange (house, NEXT, SAY_NOTHING);
  press (house, BUS_BUTTON_PREVIOUS);
  house_exchange (house, PREVIOUS, SAY_NOTHING);
  press (house, BUS_BUTTON_PLAY);
  house_exchange (house, PLAY, SAY_NOTHING);
  press (house, BUS_BUTTON_PAUSE);
  g_autoptr (JsonObject) pause = house_expect (house, PAUSE);
  house_assert (pause, "context/AudioPlayer/playerActivity", "PLAYING"); /* nothing waits for it */
  house_assert (pause, "session", NULL);
  house_answer (
      house,
      "{\"version\":\"1.0\",\"response\":{\"directives\":[{\"type\":\"AudioPlayer.Stop\"}]}}");
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_STOPPED);
  house_exchange (house, "AudioPlayer.PlaybackStopped", "{}");
  press_fails (house, BUS_BUTTON_PAUSE, BUS_ERROR_NOT_PLAYING);
  press (house, BUS_BUTTON_PLAY_PAUSE);
  house_exchange (house, PLAY, SAY_NOTHING);
  house_expect_none (house);
}

/* The skill cannot be asked to pause: it is quiet all the same, and Play resumes without a request.
 */
static void
test_pause_fails (House *house, gconstpointer data)
{
  house_start_playing (house, "t1");
  press (house, BUS_BUTTON_PAUSE);
  json_object_unref (house_expect (house, PAUSE));
  house_fail (house, DAEMON_TRANSPORT_ERROR_STATUS, 500);
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_PAUSED);
  house_exchange (house, "System.ExceptionEncountered", "{}");
  house_exchange (house, "AudioPlayer.PlaybackStopped", "{}");
  press (house, BUS_BUTTON_PAUSE); /* no effect */
  house_expect_none (house);
  g_strfreev (player_dummy_engine_take_calls (house->engine));
  press (house, BUS_BUTTON_PLAY);
  g_auto (GStrv) calls = player_dummy_engine_take_calls (house->engine);
  g_assert_cmpstr (calls[0], ==, "resume");
  house_expect_none (house);
}

static void
test_pause_local (House *house, gconstpointer data)
{
  house->config->pause_button = DAEMON_PAUSE_BUTTON_LOCAL;
  house_start_playing (house, "t1");
  press (house, BUS_BUTTON_PLAY_PAUSE);
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_PAUSED);
  house_exchange (house, "AudioPlayer.PlaybackStopped", "{}");
  house_expect_none (house);
}

/* Pause while somebody speaks: the audio does not go on by itself afterwards. */
static void
test_pause_while_speaking (House *house, gconstpointer data)
{
  Call call = { 0 };
  house_start_playing (house, "t1");
  launch (house, "radio", &call);
  house_exchange (house, "AudioPlayer.PlaybackStopped", "{}");
  json_object_unref (house_expect (house, "LaunchRequest"));
  press (house, BUS_BUTTON_PAUSE);
  g_strfreev (player_dummy_engine_take_calls (house->engine));
  house_answer (house, SAY_END);
  house_expect_none (house);
  g_auto (GStrv) calls = player_dummy_engine_take_calls (house->engine);
  g_assert_cmpuint (g_strv_length (calls), ==, 0);
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_PAUSED);
  press (house, BUS_BUTTON_PLAY);
  g_auto (GStrv) later = player_dummy_engine_take_calls (house->engine);
  g_assert_cmpstr (later[0], ==, "resume");
  call_clear (&call);
}

/* Without a skill everything is local, and nobody is told but the skill whose stream is displaced.
 */
static void
test_play_url (House *house, gconstpointer data)
{
  BusBackend *backend = BUS_BACKEND (house->backend);
  g_autoptr (GError) error = NULL;
  g_assert_false (bus_backend_play_url (backend, "ftp://x/a.mp3", 0, &error));
  g_assert_error (error, BUS_ERROR, BUS_ERROR_INVALID_ARGUMENT);
  house_start_playing (house, "t1");
  g_strfreev (player_dummy_engine_take_calls (house->engine));
  g_assert_true (bus_backend_play_url (backend, "http://radio.example/live", 1500, NULL));
  g_auto (GStrv) calls = player_dummy_engine_take_calls (house->engine);
  g_assert_nonnull (strstr (calls[0], "http://radio.example/live 1500 current"));
  house_start_sound (house, 1500);
  g_autoptr (JsonObject) stopped = house_expect (house, "AudioPlayer.PlaybackStopped");
  house_assert (stopped, "request/token", "t1");
  house_assert (stopped, "context/AudioPlayer/token", NULL);
  house_answer (house, "{}");

  press (house, BUS_BUTTON_PAUSE);
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_PAUSED);
  press_fails (house, BUS_BUTTON_NEXT, BUS_ERROR_NOTHING_TO_PLAY);
  press (house, BUS_BUTTON_PREVIOUS);
  house_expect_none (house);
}

static char *
handle (House *house, const char *skill, const char *type, const char *json, GError **error)
{
  return bus_backend_handle_response (BUS_BACKEND (house->backend), skill, type, json, error);
}

static void
test_handle_response (House *house, gconstpointer data)
{
  g_autofree char *play = house_play ("REPLACE_ALL", "http://127.0.0.1/a.flac", "t1", "");
  g_autofree char *id = handle (house, "radio", "", play, NULL);
  g_assert_true (g_str_has_prefix (id, "amzn1.echo-api.request."));
  g_assert_true (house_saw (house, "AnswerReceived radio 200 0 "));
  g_assert_true (house_saw (house, "Directive radio AudioPlayer.Play"));
  house_start_sound (house, 0);
  house_exchange (house, "AudioPlayer.PlaybackStarted", SAY_NOTHING);

  /* As an answer to an event it may not hold a Play. */
  g_autofree char *second = handle (house, "", "AudioPlayer.PlaybackStarted", play, NULL);
  g_assert_nonnull (second);
  const char *step = g_ptr_array_index (house->steps, house->steps->len - 1);
  g_assert_nonnull (strstr (step, "refused: Can't respond with more than 0 play directives"));

  g_autoptr (GError) error = NULL;
  g_assert_null (handle (house, "radio", "", "{\"response\":[}", &error));
  g_assert_error (error, BUS_ERROR, BUS_ERROR_INVALID_RESPONSE);
  g_clear_error (&error);
  g_assert_null (handle (house, "nobody", "", play, &error));
  g_assert_error (error, BUS_ERROR, BUS_ERROR_UNKNOWN_SKILL);
  g_clear_error (&error);
  g_assert_null (handle (house, "radio", "Some.Request", play, &error));
  g_assert_error (error, BUS_ERROR, BUS_ERROR_INVALID_ARGUMENT);
  house_expect_none (house);
}

static void
test_handle_for_nobody (House *house, gconstpointer data)
{
  g_autofree char *play = house_play ("ENQUEUE", "http://music.example/a.flac", "t1", "");
  g_autofree char *id = handle (house, "", "", play, NULL);
  g_assert_nonnull (id);
  house_start_sound (house, 0);
  house_expect_none (house);
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_PLAYING);
}

static void
test_shut_down (House *house, gconstpointer data)
{
  Call call = { 0 };
  daemon_backend_shut_down (house->backend);
  launch (house, "radio", &call);
  assert_fails (&call, BUS_ERROR_SHUTTING_DOWN);
  press_fails (house, BUS_BUTTON_PLAY, BUS_ERROR_SHUTTING_DOWN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func)                                                                            \
  g_test_add ("/daemon/backend/" path, House, NULL, house_set_up, func, house_tear_down)
  ADD ("launch", test_launch);
  ADD ("names", test_names);
  ADD ("intent", test_intent);
  ADD ("other-skill", test_other_skill);
  ADD ("other-skill-while-playing", test_other_skill_while_playing);
  ADD ("other-skill-answers-late", test_other_skill_answers_late);
  ADD ("no-stream", test_no_stream);
  ADD ("buttons", test_buttons);
  ADD ("pause-fails", test_pause_fails);
  ADD ("pause-local", test_pause_local);
  ADD ("pause-while-speaking", test_pause_while_speaking);
  ADD ("play-url", test_play_url);
  ADD ("handle-response", test_handle_response);
  ADD ("handle-for-nobody", test_handle_for_nobody);
  ADD ("shut-down", test_shut_down);
#undef ADD
  return g_test_run ();
}

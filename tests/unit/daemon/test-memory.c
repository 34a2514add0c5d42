/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* What goes on after a restart, and what the skills are told of it. */
#include <string.h>

#include "test-house.h"

/* What each test is given: what the house is set up with, and what was logged. */
typedef struct
{
  char words[sizeof "memory"]; /* first: the house reads it as a string */
  guint n_warnings;
} Data;

/* The one warning that is expected is counted. */
static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  Data *data = user_data;
  for (gsize i = 0; i < n_fields; i++)
    if ((level & G_LOG_LEVEL_WARNING) != 0 && g_str_equal (fields[i].key, "MESSAGE")
        && strstr (fields[i].value, "has ended the daemon 3 times") != NULL)
      {
        data->n_warnings++;
        return G_LOG_WRITER_HANDLED;
      }
  return g_log_writer_default (level, fields, n_fields, NULL);
}

static PlayerSnapshot *
take (House *house)
{
  return player_controller_get_snapshot (house->controller);
}

static void
assert_offset (House *house, gint64 offset_ms)
{
  g_autoptr (PlayerSnapshot) now = take (house);
  g_assert_cmpint (now->offset_ms, ==, offset_ms);
}

/* "t1" plays, and has got to @offset_ms. */
static void
play_to (House *house, gint64 offset_ms)
{
  house_start_playing (house, "t1");
  for (gint64 at = 900; at <= offset_ms; at += 900)
    {
      player_dummy_engine_set_position (house->engine, at);
      house_advance (house, 900);
    }
}

static void
expect_report (House *house, const char *type, const char *token, const char *offset)
{
  g_autoptr (JsonObject) body = house_expect (house, type);
  house_assert (body, "request/token", token);
  house_assert (body, "request/offsetInMilliseconds", offset);
  house_answer (house, SAY_NOTHING);
}

static void
submit (House *house, PlayerCommandType type)
{
  g_autoptr (PlayerCommand) command = player_command_new_simple (type);
  daemon_router_submit (house->context->router, command);
}

/* Stopped is told at the place that was kept, and Started when it sounds. */
static void
test_playing (House *house, gconstpointer data)
{
  play_to (house, 4500);
  player_dummy_engine_set_position (house->engine, 5300); /* not written yet */
  house_restart (house);
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_PAUSED);
  assert_offset (house, 4500);
  expect_report (house, "AudioPlayer.PlaybackStopped", "t1", "4500");
  house_expect_none (house);
  house_start_sound (house, 4500);
  expect_report (house, "AudioPlayer.PlaybackStarted", "t1", "4500");
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_PLAYING);
}

/* Once more before it sounds: it has stopped once. */
static void
test_twice (House *house, gconstpointer data)
{
  play_to (house, 4500);
  house_restart (house);
  expect_report (house, "AudioPlayer.PlaybackStopped", "t1", "4500");
  house_restart (house);
  house_expect_none (house);
  house_start_sound (house, 4500);
  expect_report (house, "AudioPlayer.PlaybackStarted", "t1", "4500");
}

static void
test_paused (House *house, gconstpointer data)
{
  play_to (house, 1800);
  submit (house, PLAYER_COMMAND_PAUSE);
  house_exchange (house, "AudioPlayer.PlaybackStopped", SAY_NOTHING);
  house_restart (house);
  house_expect_none (house);
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_PAUSED);
  assert_offset (house, 1800);
  g_assert_cmpuint (player_dummy_engine_get_current (house->engine), ==, 0);
  submit (house, PLAYER_COMMAND_RESUME);
  house_start_sound (house, 1800);
  expect_report (house, "AudioPlayer.PlaybackStarted", "t1", "1800");
}

/* resume = always and never. */
static void
test_policies (House *house, gconstpointer data)
{
  play_to (house, 1800);
  house->config->resume = DAEMON_RESUME_NEVER;
  house_restart (house);
  expect_report (house, "AudioPlayer.PlaybackStopped", "t1", "1800");
  g_assert_cmpuint (player_dummy_engine_get_current (house->engine), ==, 0);
  house->config->resume = DAEMON_RESUME_ALWAYS;
  house_restart (house);
  house_expect_none (house);
  house_start_sound (house, 1800);
  expect_report (house, "AudioPlayer.PlaybackStarted", "t1", "1800");
}

/* While somebody spoke: as if the interaction were over. */
static void
test_interrupted (House *house, gconstpointer data)
{
  play_to (house, 1800);
  daemon_voice_begin_user_speech (house->context->voice);
  house_exchange (house, "AudioPlayer.PlaybackStopped", SAY_NOTHING);
  house_restart (house);
  house_expect_none (house);
  house_start_sound (house, 1800);
  expect_report (house, "AudioPlayer.PlaybackStarted", "t1", "1800");
}

/* An ordinary end: what is kept is how it was before it, and it has been told. */
static void
test_closed (House *house, gconstpointer data)
{
  play_to (house, 1800);
  player_dummy_engine_set_position (house->engine, 2345);
  daemon_memory_close (house->memory);
  submit (house, PLAYER_COMMAND_STOP);
  house_exchange (house, "AudioPlayer.PlaybackStopped", SAY_NOTHING);
  house_restart (house);
  house_expect_none (house);
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_PAUSED);
  assert_offset (house, 2345);
  house_start_sound (house, 2345);
  expect_report (house, "AudioPlayer.PlaybackStarted", "t1", "2345");
}

/* Stopped by somebody: it stays so. */
static void
test_stopped (House *house, gconstpointer data)
{
  play_to (house, 1800);
  submit (house, PLAYER_COMMAND_STOP);
  house_exchange (house, "AudioPlayer.PlaybackStopped", SAY_NOTHING);
  house_restart (house);
  house_expect_none (house);
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_STOPPED);
  assert_offset (house, 1800);
  g_assert_cmpuint (player_dummy_engine_get_current (house->engine), ==, 0);
}

static void
test_volume (House *house, gconstpointer data)
{
  player_controller_set_volume (house->controller, 0.25);
  player_controller_set_muted (house->controller, TRUE);
  house_advance (house, 300);
  house_restart (house);
  g_autoptr (PlayerSnapshot) now = take (house);
  g_assert_cmpfloat (now->volume, ==, 0.25);
  g_assert_true (now->muted);
}

/* The skill whose stream was the last is the one that is meant where none is named, also if a stream
 * without a skill is there by now. */
static void
test_last_skill (House *house, gconstpointer data)
{
  play_to (house, 0);
  g_autoptr (PlayerItem) item = player_item_new ("http://127.0.0.1/x", "x", 0, "", NULL);
  g_autoptr (PlayerCommand) play = player_command_new_play (item, PLAYER_PLAY_REPLACE_ALL, NULL);
  daemon_router_submit (house->context->router, play);
  house_settle (house);
  house_restart (house);
  DaemonConversation *meant = daemon_skills_resolve (house->skills, "", NULL);
  g_assert_nonnull (meant);
  g_assert_cmpstr (daemon_skill_get_name (daemon_conversation_get_skill (meant)), ==, "radio");
}

/* It has ended the daemon three times in a row: it stays paused. */
static void
test_crash_loop (House *house, gconstpointer data)
{
  const Data *log = data;
  play_to (house, 1800);
  for (guint i = 0; i < 3; i++)
    {
      house_restart (house);
      expect_report (house, "AudioPlayer.PlaybackStopped", "t1", "1800");
      house_start_sound (house, 1800);
      expect_report (house, "AudioPlayer.PlaybackStarted", "t1", "1800");
    }
  house_restart (house);
  g_assert_cmpuint (log->n_warnings, ==, 1);
  expect_report (house, "AudioPlayer.PlaybackStopped", "t1", "1800");
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_PAUSED);
  g_assert_cmpuint (player_dummy_engine_get_current (house->engine), ==, 0);

  /* the user wants it to sound, and now it does no harm */
  submit (house, PLAYER_COMMAND_RESUME);
  house_start_sound (house, 1800);
  expect_report (house, "AudioPlayer.PlaybackStarted", "t1", "1800");
  player_dummy_engine_set_position (house->engine, 8000);
  house_advance (house, 6000);
  house_restart (house);
  expect_report (house, "AudioPlayer.PlaybackStopped", "t1", "8000");
  house_start_sound (house, 8000);
  expect_report (house, "AudioPlayer.PlaybackStarted", "t1", "8000");
}

/* Another stream is none that has ended the daemon. */
static void
test_no_loop (House *house, gconstpointer data)
{
  for (guint i = 0; i < 5; i++)
    {
      house_start_playing (house, "t1");
      house_restart (house);
      expect_report (house, "AudioPlayer.PlaybackStopped", "t1", "0");
      g_assert_cmpuint (player_dummy_engine_get_current (house->engine), !=, 0);
    }
}

/* --- Sessions ----------------------------------------------------------------------------------
 */

static DaemonConversation *
open_session (House *house)
{
  static const char answer[] = "{\"version\":\"1.0\",\"sessionAttributes\":{\"n\":1.0,\"big\":"
                               "12345678901234567890},\"response\":{\"shouldEndSession\":false}}";
  g_autoptr (AlexaRequest) request = alexa_request_new (ALEXA_REQUEST_LAUNCH);
  DaemonConversation *radio = daemon_skills_find (house->skills, "radio");
  g_assert_true (daemon_conversation_ask (radio, request, NULL, NULL, NULL));
  house_exchange (house, "LaunchRequest", answer);
  return radio;
}

/* The next thing said is said in it. */
static void
test_session (House *house, gconstpointer data)
{
  DaemonConversation *radio = open_session (house);
  g_autofree char *id
      = g_strdup (daemon_skill_get_session (daemon_conversation_get_skill (radio))->id);
  house_restart (house);
  house_expect_none (house);
  radio = daemon_skills_find (house->skills, "radio");
  g_assert_true (daemon_conversation_has_session (radio));
  g_autoptr (AlexaRequest) request = alexa_request_new_intent ("AskIntent", NULL);
  g_assert_true (daemon_conversation_ask (radio, request, NULL, NULL, NULL));
  g_autoptr (JsonObject) body = house_expect (house, "IntentRequest");
  house_assert (body, "session/sessionId", id);
  house_assert (body, "session/new", "false");
  GBytes *sent = daemon_dummy_transport_get_body (house->transport);
  g_autofree char *text = g_strndup (g_bytes_get_data (sent, NULL), g_bytes_get_size (sent));
  g_assert_nonnull (strstr (text, "{\"n\":1.0,\"big\":12345678901234567890}"));
  house_answer (house, SAY_END);
  house_restart (house);
  g_assert_false (daemon_conversation_has_session (daemon_skills_find (house->skills, "radio")));
}

/* Nobody says anything: it ends as it would have. */
static void
test_session_times_out (House *house, gconstpointer data)
{
  open_session (house);
  house_restart (house);
  house_expect_none (house);
  house_advance (house, 8000);
  g_autoptr (JsonObject) body = house_expect (house, "SessionEndedRequest");
  house_assert (body, "request/reason", "EXCEEDED_MAX_REPROMPTS");
  house_answer (house, SAY_NOTHING);
  house_restart (house);
  house_expect_none (house);
}

/* Its time has passed meanwhile. */
static void
test_session_old (House *house, gconstpointer data)
{
  open_session (house);
  house_settle (house);
  daemon_store_exec (house->store, "UPDATE session SET at_us = 1, until_us = 8000001", NULL);
  house_restart (house);
  g_autoptr (JsonObject) body = house_expect (house, "SessionEndedRequest");
  house_assert (body, "request/reason", "EXCEEDED_MAX_REPROMPTS");
  house_assert (body, "session/new", "false");
  house_answer (house, SAY_NOTHING);
}

/* What plays goes on, though a session is open. */
static void
test_session_holds_nothing (House *house, gconstpointer data)
{
  play_to (house, 1800);
  g_autoptr (AlexaRequest) request = alexa_request_new (ALEXA_REQUEST_LAUNCH);
  DaemonConversation *radio = daemon_skills_find (house->skills, "radio");
  g_assert_true (daemon_conversation_ask (radio, request, NULL, NULL, NULL));
  house_exchange (house, "AudioPlayer.PlaybackStopped", SAY_NOTHING);
  house_exchange (house, "LaunchRequest", SAY_OPEN);
  house_restart (house);
  house_start_sound (house, 1800);
  expect_report (house, "AudioPlayer.PlaybackStarted", "t1", "1800");
  g_assert_true (daemon_conversation_has_session (daemon_skills_find (house->skills, "radio")));
}

/* --- The store ---------------------------------------------------------------------------------
 */

/* The store asks for all of it anew: there is an empty file. */
static void
test_rewrite (House *house, gconstpointer data)
{
  open_session (house);
  g_autoptr (PlayerItem) item = player_item_new ("http://127.0.0.1/x", "x", 0, "", NULL);
  g_autoptr (PlayerCommand) play = player_command_new_play (item, PLAYER_PLAY_REPLACE_ALL, NULL);
  daemon_router_submit (house->context->router, play);
  house_settle (house);
  daemon_store_exec (house->store, "DROP TABLE player; DROP TABLE player_item; DROP TABLE session",
                     NULL);
  g_signal_emit_by_name (house->store, "rewrite");
  house_restart (house);
  g_assert_true (daemon_conversation_has_session (daemon_skills_find (house->skills, "radio")));
  g_autoptr (PlayerSnapshot) now = take (house);
  g_assert_cmpuint (now->queue->len, ==, 1);
}

int
main (int argc, char **argv)
{
  Data data = { .words = "memory" };
  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (write_log, &data, NULL);
#define ADD(path, func)                                                                            \
  g_test_add ("/daemon/memory/" path, House, &data, house_set_up, func, house_tear_down)
  ADD ("playing", test_playing);
  ADD ("twice", test_twice);
  ADD ("paused", test_paused);
  ADD ("policies", test_policies);
  ADD ("interrupted", test_interrupted);
  ADD ("closed", test_closed);
  ADD ("stopped", test_stopped);
  ADD ("volume", test_volume);
  ADD ("last-skill", test_last_skill);
  ADD ("crash-loop", test_crash_loop);
  ADD ("no-loop", test_no_loop);
  ADD ("session", test_session);
  ADD ("session-times-out", test_session_times_out);
  ADD ("session-old", test_session_old);
  ADD ("session-holds-nothing", test_session_holds_nothing);
  ADD ("rewrite", test_rewrite);
#undef ADD
  return g_test_run ();
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* The pure step by itself: what the scenarios, which go through the controller, cannot reach. */
#include "player/player-activity.h"

static PlayerOutcome *
submit (PlayerState *state, PlayerCommand *command, gint64 position_ms)
{
  g_autoptr (PlayerCommand) owned = command;
  g_autoptr (PlayerInput) input = player_input_new_command (owned);
  PlayerOutcome *outcome = player_outcome_new ();
  input->position_us = position_ms < 0 ? -1 : position_ms * 1000;
  player_activity_step (state, input, outcome);
  return outcome;
}

static PlayerOutcome *
tell (PlayerState *state, PlayerEngineEventType type, guint64 generation, gint64 offset_ms)
{
  PlayerEngineEvent event = { .type = type, .generation = generation, .offset_ms = offset_ms };
  g_autoptr (PlayerInput) input = player_input_new_event (&event);
  PlayerOutcome *outcome = player_outcome_new ();
  player_activity_step (state, input, outcome);
  return outcome;
}

static PlayerOutcome *
tell_silenced (PlayerState *state, guint64 generation, PlayerSilencedReason reason)
{
  PlayerEngineEvent event
      = { .type = PLAYER_ENGINE_SILENCED, .generation = generation, .offset_ms = 777 };
  event.reason = reason;
  g_autoptr (PlayerInput) input = player_input_new_event (&event);
  PlayerOutcome *outcome = player_outcome_new ();
  player_activity_step (state, input, outcome);
  return outcome;
}

static PlayerCommand *
play (PlayerPlayBehavior behavior, const char *token)
{
  g_autoptr (PlayerItem) item = player_item_new ("https://a/", token, 0, "", NULL);
  return player_command_new_play (item, behavior, NULL);
}

static void
start_playing (PlayerState *state)
{
  player_outcome_free (submit (state, play (PLAYER_PLAY_REPLACE_ALL, "A"), -1));
  player_outcome_free (tell (state, PLAYER_ENGINE_STARTED, 1, 0));
  g_assert_cmpint (state->activity, ==, PLAYER_ACTIVITY_PLAYING);
}

static PlayerReportType
report_at (PlayerOutcome *outcome, guint index)
{
  g_assert_cmpuint (index, <, outcome->reports->len);
  return ((PlayerReport *)g_ptr_array_index (outcome->reports, index))->type;
}

static PlayerEffectType
effect_at (PlayerOutcome *outcome, guint index)
{
  g_assert_cmpuint (index, <, outcome->effects->len);
  return ((PlayerEffect *)g_ptr_array_index (outcome->effects, index))->type;
}

/* The grace is an alarm like any other effect. */
static void
test_alarms_are_effects (void)
{
  g_autoptr (PlayerState) state = player_state_new (PLAYER_NEARLY_FINISHED_BUFFERED);
  start_playing (state);

  g_autoptr (PlayerOutcome) replace = submit (state, play (PLAYER_PLAY_REPLACE_ALL, "B"), 10);
  g_assert_cmpuint (replace->effects->len, ==, 2);
  g_assert_cmpint (effect_at (replace, 0), ==, PLAYER_EFFECT_LOAD);
  g_assert_cmpint (effect_at (replace, 1), ==, PLAYER_EFFECT_ARM);
  g_assert_cmpint (player_state_get_phase (state), ==, PLAYER_PHASE_REPLACING);

  g_autoptr (PlayerOutcome) silenced = tell_silenced (state, 1, PLAYER_SILENCED_REPLACED);
  g_assert_cmpint (report_at (silenced, 0), ==, PLAYER_REPORT_STOPPED);
  g_assert_cmpint (effect_at (silenced, 0), ==, PLAYER_EFFECT_DISARM);
  g_assert_cmpint (player_state_get_phase (state), ==, PLAYER_PHASE_LOADING);
}

/* The engine starts the new one without having said that the old one is over. */
static void
test_started_while_alive (void)
{
  g_autoptr (PlayerState) state = player_state_new (PLAYER_NEARLY_FINISHED_BUFFERED);
  start_playing (state);
  player_outcome_free (submit (state, play (PLAYER_PLAY_REPLACE_ALL, "B"), 10));

  g_autoptr (PlayerOutcome) started = tell (state, PLAYER_ENGINE_STARTED, 2, 0);
  g_assert_cmpint (report_at (started, 0), ==, PLAYER_REPORT_STOPPED);
  g_assert_cmpint (report_at (started, 1), ==, PLAYER_REPORT_STARTED);
  g_assert_cmpstr (state->current->item->token, ==, "B");
}

/* A stream that ends in the very moment of a pause or stop: FINISHED comes in place of SILENCED. */
static void
test_end_overtakes_stop (void)
{
  g_autoptr (PlayerState) state = player_state_new (PLAYER_NEARLY_FINISHED_BUFFERED);
  start_playing (state);
  player_outcome_free (submit (state, play (PLAYER_PLAY_ENQUEUE, "B"), 10));

  player_outcome_free (submit (state, player_command_new_simple (PLAYER_COMMAND_STOP), 29999));
  g_autoptr (PlayerOutcome) outcome = tell (state, PLAYER_ENGINE_FINISHED, 1, 30000);
  g_assert_cmpuint (outcome->reports->len, ==, 2);
  g_assert_cmpint (report_at (outcome, 1), ==, PLAYER_REPORT_FINISHED);
  g_assert_cmpint (player_state_get_phase (state), ==, PLAYER_PHASE_REST);
}

static void
test_end_overtakes_pause (void)
{
  g_autoptr (PlayerState) state = player_state_new (PLAYER_NEARLY_FINISHED_BUFFERED);
  start_playing (state);
  player_outcome_free (submit (state, play (PLAYER_PLAY_ENQUEUE, "B"), 10));
  player_outcome_free (tell (state, PLAYER_ENGINE_READY, 2, 0));

  player_outcome_free (submit (state, player_command_new_simple (PLAYER_COMMAND_PAUSE), 29999));
  player_outcome_free (tell (state, PLAYER_ENGINE_FINISHED, 1, 30000));
  g_assert_cmpint (state->activity, ==, PLAYER_ACTIVITY_FINISHED); /* B waits: held */
  g_assert_cmpint (player_state_get_phase (state), ==, PLAYER_PHASE_LOADING);
  g_autoptr (PlayerOutcome) resumed
      = submit (state, player_command_new_simple (PLAYER_COMMAND_RESUME), -1);
  g_assert_cmpint (resumed->verdict, ==, PLAYER_VERDICT_DONE);
  g_assert_cmpint (effect_at (resumed, 0), ==, PLAYER_EFFECT_RESUME);
}

/* A pause after which nothing is left must not hold the stream of the next command. */
static void
test_pause_leaves_no_trace (void)
{
  g_autoptr (PlayerState) state = player_state_new (PLAYER_NEARLY_FINISHED_BUFFERED);
  start_playing (state);
  player_outcome_free (submit (state, player_command_new_simple (PLAYER_COMMAND_PAUSE), 29999));
  player_outcome_free (tell (state, PLAYER_ENGINE_FINISHED, 1, 30000));

  g_autoptr (PlayerOutcome) outcome = submit (state, play (PLAYER_PLAY_ENQUEUE, "B"), -1);
  g_assert_cmpint (effect_at (outcome, 0), ==, PLAYER_EFFECT_STOP);
  g_assert_cmpint (effect_at (outcome, 1), ==, PLAYER_EFFECT_LOAD);
  g_assert_cmpint (state->hold, ==, PLAYER_HOLD_NONE);
}

/* A command between the two halves of a joint. */
static void
test_stop_in_joint (void)
{
  g_autoptr (PlayerState) state = player_state_new (PLAYER_NEARLY_FINISHED_BUFFERED);
  start_playing (state);
  player_outcome_free (submit (state, play (PLAYER_PLAY_ENQUEUE, "B"), 10));
  player_outcome_free (tell (state, PLAYER_ENGINE_READY, 2, 0));
  player_outcome_free (tell (state, PLAYER_ENGINE_FINISHED, 1, 30000));
  g_assert_cmpint (state->activity, ==, PLAYER_ACTIVITY_PLAYING);

  g_autoptr (PlayerOutcome) paused
      = submit (state, player_command_new_simple (PLAYER_COMMAND_PAUSE), -1);
  g_assert_cmpint (paused->verdict, ==, PLAYER_VERDICT_DONE);
  g_assert_cmpint (state->activity, ==, PLAYER_ACTIVITY_FINISHED);
  g_autoptr (PlayerOutcome) stopped
      = submit (state, player_command_new_simple (PLAYER_COMMAND_STOP), -1);
  g_assert_cmpuint (stopped->reports->len, ==, 0); /* A finished, B never started */
  g_assert_cmpint (state->activity, ==, PLAYER_ACTIVITY_STOPPED);
}

/* An event of a generation that is unknown or over has no outcome at all. */
static void
test_stale (void)
{
  g_autoptr (PlayerState) state = player_state_new (PLAYER_NEARLY_FINISHED_BUFFERED);
  start_playing (state);
  player_outcome_free (tell (state, PLAYER_ENGINE_FINISHED, 1, 30000));

  for (int type = PLAYER_ENGINE_READY; type <= PLAYER_ENGINE_REFUSED; type++)
    for (guint64 generation = 0; generation < 3; generation++)
      {
        g_autoptr (PlayerOutcome) outcome = tell (state, type, generation, 1);
        g_assert_cmpuint (outcome->effects->len, ==, 0);
        g_assert_cmpuint (outcome->reports->len, ==, 0);
        g_assert_cmpint (outcome->seeked_us, ==, -1);
        g_assert_cmpuint (outcome->refused_serial, ==, 0);
        g_assert_cmpint (state->activity, ==, PLAYER_ACTIVITY_FINISHED);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/player/activity/alarms-are-effects", test_alarms_are_effects);
  g_test_add_func ("/player/activity/started-while-alive", test_started_while_alive);
  g_test_add_func ("/player/activity/end-overtakes-stop", test_end_overtakes_stop);
  g_test_add_func ("/player/activity/end-overtakes-pause", test_end_overtakes_pause);
  g_test_add_func ("/player/activity/pause-leaves-no-trace", test_pause_leaves_no_trace);
  g_test_add_func ("/player/activity/stop-in-joint", test_stop_in_joint);
  g_test_add_func ("/player/activity/stale", test_stale);
  return g_test_run ();
}

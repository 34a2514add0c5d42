/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/player-controller.h"
#include "tests/dummies/player-dummy-clock.h"
#include "tests/dummies/player-dummy-engine.h"

typedef struct
{
  PlayerDummyEngine *engine;    /* (owned) */
  PlayerDummyClock *clock;      /* (owned) */
  PlayerController *controller; /* (owned) */
  GString *log;                 /* (owned): reports and positions, in order */
  guint n_changed;
  gboolean enqueue_on_nearly; /* submit from within the handler */
} Fixture;

static PlayerVerdict
submit (Fixture *fixture, PlayerCommand *command)
{
  g_autoptr (PlayerCommand) owned = command;
  return player_controller_submit (fixture->controller, owned);
}

static PlayerVerdict
play (Fixture *fixture, PlayerPlayBehavior behavior, const char *token)
{
  g_autoptr (PlayerItem) item = player_item_new ("https://a/", token, 0, "", NULL);
  return submit (fixture, player_command_new_play (item, behavior, NULL));
}

static void
tell (Fixture *fixture, PlayerEngineEventType type, guint64 generation, gint64 offset_ms)
{
  g_assert_true (player_dummy_engine_emit_simple (fixture->engine, type, generation, offset_ms));
}

static void
on_report (PlayerController *controller, PlayerReport *report, Fixture *fixture)
{
  g_string_append_printf (fixture->log, "%s(%s) ",
                          player_report_type_to_string (report->type) + 8, /* "Playback" */
                          report->item->token);
  if (report->type == PLAYER_REPORT_NEARLY_FINISHED && fixture->enqueue_on_nearly)
    {
      fixture->enqueue_on_nearly = FALSE;
      g_assert_cmpint (play (fixture, PLAYER_PLAY_REPLACE_ALL, "N"), ==, PLAYER_VERDICT_DONE);
    }
}

static void
on_changed (PlayerController *controller, Fixture *fixture)
{
  fixture->n_changed++;
}

static void
on_seeked (PlayerController *controller, gint64 offset_us, Fixture *fixture)
{
  g_string_append_printf (fixture->log, "seeked(%g) ", (double)offset_us / 1000.0);
}

static void
connect_signals (Fixture *fixture)
{
  g_signal_connect (fixture->controller, "report", G_CALLBACK (on_report), fixture);
  g_signal_connect (fixture->controller, "changed", G_CALLBACK (on_changed), fixture);
  g_signal_connect (fixture->controller, "seeked", G_CALLBACK (on_seeked), fixture);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->engine = player_dummy_engine_new ();
  fixture->clock = player_dummy_clock_new ();
  fixture->controller
      = player_controller_new (PLAYER_ENGINE (fixture->engine), PLAYER_CLOCK (fixture->clock),
                               PLAYER_NEARLY_FINISHED_BUFFERED);
  fixture->log = g_string_new (NULL);
  connect_signals (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->controller);
  g_assert_cmpuint (player_dummy_clock_get_n_alarms (fixture->clock), ==, 0);
  g_assert_finalize_object (fixture->engine);
  g_assert_finalize_object (fixture->clock);
  g_string_free (fixture->log, TRUE);
}

static void
test_changed_once (Fixture *fixture, gconstpointer data)
{
  play (fixture, PLAYER_PLAY_REPLACE_ALL, "A");
  g_assert_cmpuint (fixture->n_changed, ==, 1);
  tell (fixture, PLAYER_ENGINE_READY, 1, 0);
  g_assert_cmpuint (fixture->n_changed, ==, 1); /* nothing that a snapshot shows */
  tell (fixture, PLAYER_ENGINE_STARTED, 1, 0);
  g_assert_cmpuint (fixture->n_changed, ==, 2);
  player_dummy_engine_set_position (fixture->engine, 1000);
  player_dummy_clock_advance (fixture->clock, 1000);
  g_assert_cmpuint (fixture->n_changed, ==, 2);                      /* time passes by itself */
  submit (fixture, player_command_new_simple (PLAYER_COMMAND_STOP)); /* with its SILENCED */
  g_assert_cmpuint (fixture->n_changed, ==, 3);
  submit (fixture, player_command_new_simple (PLAYER_COMMAND_STOP));
  g_assert_cmpuint (fixture->n_changed, ==, 3);
  g_assert_cmpstr (fixture->log->str, ==, "Started(A) Stopped(A) ");
}

/* What a handler orders is carried out after the reports that stand in line already. */
static void
test_submit_from_handler (Fixture *fixture, gconstpointer data)
{
  fixture->enqueue_on_nearly = TRUE;
  play (fixture, PLAYER_PLAY_REPLACE_ALL, "A");
  tell (fixture, PLAYER_ENGINE_STARTED, 1, 0);
  tell (fixture, PLAYER_ENGINE_FINISHED, 1, 30000);
  tell (fixture, PLAYER_ENGINE_STARTED, 2, 0);
  g_assert_cmpstr (fixture->log->str, ==, "Started(A) NearlyFinished(A) Finished(A) Started(N) ");
}

static void
test_snapshot (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PlayerSnapshot) idle = player_controller_get_snapshot (fixture->controller);
  g_assert_null (idle->item);
  g_assert_cmpuint (idle->serial, ==, 0);

  g_autoptr (PlayerMetadata) said = player_metadata_new ("said", "", NULL, "art", NULL);
  g_autoptr (PlayerItem) item = player_item_new ("https://a/", "A", 2000, "skill", said);
  submit (fixture, player_command_new_play (item, PLAYER_PLAY_REPLACE_ALL, NULL));
  g_autoptr (PlayerMetadata) tags = player_metadata_new ("tag", "artist", "album", "x", NULL);
  PlayerEngineEvent event = { .type = PLAYER_ENGINE_TAGS, .generation = 1, .metadata = tags };
  g_assert_true (player_dummy_engine_emit (fixture->engine, &event));
  tell (fixture, PLAYER_ENGINE_STARTED, 1, 2000);
  player_dummy_engine_set_position_us (fixture->engine, 4320988);
  play (fixture, PLAYER_PLAY_ENQUEUE, "B");

  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (fixture->controller);
  g_assert_true (now->item == item);
  g_assert_cmpint (now->offset_ms, ==, 4321);
  g_assert_cmpint (now->offset_us, ==, 4320988);
  g_assert_cmpstr (now->metadata->title, ==, "said");
  g_assert_cmpstr (now->metadata->subtitle, ==, "artist");
  g_assert_cmpstr (now->metadata->album, ==, "album");
  g_assert_cmpstr (now->metadata->art_url, ==, "art");
  g_assert_cmpuint (now->queue->len, ==, 1);
  g_assert_cmpint (idle->activity, ==, PLAYER_ACTIVITY_IDLE); /* an old picture stays as it was */
  g_assert_cmpstr (fixture->log->str, ==, "Started(A) seeked(2000) ");
}

static void
test_volume (Fixture *fixture, gconstpointer data)
{
  player_controller_set_volume (fixture->controller, 1.0);
  player_controller_set_muted (fixture->controller, FALSE);
  g_assert_cmpuint (fixture->n_changed, ==, 0);
  player_controller_set_volume (fixture->controller, 0.25);
  player_controller_set_volume (fixture->controller, 7.0);
  player_controller_set_volume (fixture->controller, -1.0);
  player_controller_set_volume (fixture->controller, 0.0 / 0.0);
  player_controller_set_muted (fixture->controller, TRUE);
  player_controller_set_muted (fixture->controller, 4); /* any truth is the same truth */
  g_assert_cmpuint (fixture->n_changed, ==, 4);

  g_auto (GStrv) calls = player_dummy_engine_take_calls (fixture->engine);
  g_autofree char *joined = g_strjoinv (", ", calls);
  g_assert_cmpstr (joined, ==, "volume 0.25, volume 1.00, volume 0.00, volume 0.00 muted");
  g_autoptr (PlayerSnapshot) snapshot = player_controller_get_snapshot (fixture->controller);
  g_assert_cmpfloat (snapshot->volume, ==, 0.0);
  g_assert_true (snapshot->muted);
}

static void
test_duck (Fixture *fixture, gconstpointer data)
{
  player_controller_set_duck (fixture->controller, 0.5); /* nobody speaks: nothing to do yet */
  submit (fixture, player_command_new_simple (PLAYER_COMMAND_DUCK));
  g_assert_cmpuint (fixture->n_changed, ==, 1);
  g_autoptr (PlayerSnapshot) during = player_controller_get_snapshot (fixture->controller);
  g_assert_true (during->ducked);
  player_controller_set_duck (fixture->controller, 0.25);
  player_controller_set_duck (fixture->controller, 0.25);
  submit (fixture, player_command_new_simple (PLAYER_COMMAND_DUCK_END));
  g_assert_cmpuint (fixture->n_changed, ==, 2);
  g_autoptr (PlayerSnapshot) after = player_controller_get_snapshot (fixture->controller);
  g_assert_false (after->ducked);
  player_controller_set_duck (fixture->controller, 1.0);

  g_auto (GStrv) calls = player_dummy_engine_take_calls (fixture->engine);
  g_autofree char *joined = g_strjoinv (", ", calls);
  g_assert_cmpstr (joined, ==, "duck 0.50, duck 0.25, duck 1.00");
}

static void
test_alarms_go_with_it (Fixture *fixture, gconstpointer data)
{
  play (fixture, PLAYER_PLAY_REPLACE_ALL, "A");
  PlayerEngineEvent event = { .type = PLAYER_ENGINE_DURATION, .generation = 1 };
  event.duration_ms = 30000;
  g_assert_true (player_dummy_engine_emit (fixture->engine, &event));
  tell (fixture, PLAYER_ENGINE_STARTED, 1, 0);
  g_assert_cmpint (player_dummy_clock_get_next_ms (fixture->clock), ==, 28000);
  play (fixture, PLAYER_PLAY_REPLACE_ALL, "B");
  g_assert_cmpint (player_dummy_clock_get_next_ms (fixture->clock), ==, 500);
  g_assert_cmpuint (player_dummy_clock_get_n_alarms (fixture->clock), ==, 1);
  /* tear_down() finds no alarm left */
}

/* --- An engine that does not keep its promise ------------------------------------------------ */

#define TEST_TYPE_MUTE_ENGINE (test_mute_engine_get_type ())
G_DECLARE_FINAL_TYPE (TestMuteEngine, test_mute_engine, TEST, MUTE_ENGINE, GObject)

struct _TestMuteEngine
{
  GObject parent_instance;
};

static void test_mute_engine_iface_init (PlayerEngineInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (TestMuteEngine,
                               test_mute_engine,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PLAYER_TYPE_ENGINE,
                                                      test_mute_engine_iface_init))

static void
mute_load (PlayerEngine *engine, guint64 generation, PlayerItem *item, gint64 at, PlayerLoadMode m)
{
}

static void
mute_call (PlayerEngine *engine)
{
}

static gint64
mute_position_us (PlayerEngine *engine, guint64 generation)
{
  return 4000 * 1000;
}

static void
test_mute_engine_iface_init (PlayerEngineInterface *iface)
{
  iface->load = mute_load;
  iface->stop = mute_call;
  iface->get_position_us = mute_position_us;
}

static void
test_mute_engine_class_init (TestMuteEngineClass *klass)
{
}

static void
test_mute_engine_init (TestMuteEngine *self)
{
}

static void
test_missing_end (void)
{
  if (g_test_subprocess ())
    {
      g_log_set_always_fatal (G_LOG_LEVEL_ERROR);
      g_autoptr (PlayerEngine) engine = g_object_new (TEST_TYPE_MUTE_ENGINE, NULL);
      Fixture fixture = { .clock = player_dummy_clock_new (), .log = g_string_new (NULL) };
      fixture.controller = player_controller_new (engine, PLAYER_CLOCK (fixture.clock),
                                                  PLAYER_NEARLY_FINISHED_BUFFERED);
      connect_signals (&fixture);
      play (&fixture, PLAYER_PLAY_REPLACE_ALL, "A");
      PlayerEngineEvent event = { .type = PLAYER_ENGINE_STARTED, .generation = 1 };
      player_engine_emit (engine, &event);
      submit (&fixture, player_command_new_simple (PLAYER_COMMAND_STOP));
      g_assert_cmpstr (fixture.log->str, ==, "Started(A) Stopped(A) ");
      g_object_unref (fixture.controller);
      g_object_unref (fixture.clock);
      g_string_free (fixture.log, TRUE);
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*ended generation 1 without saying so*");
}

#define ADD(name, func)                                                                            \
  g_test_add ("/player/controller/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("changed-once", test_changed_once);
  ADD ("submit-from-handler", test_submit_from_handler);
  ADD ("snapshot", test_snapshot);
  ADD ("volume", test_volume);
  ADD ("duck", test_duck);
  ADD ("alarms-go-with-it", test_alarms_go_with_it);
  g_test_add_func ("/player/controller/missing-end", test_missing_end);
  return g_test_run ();
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* The line for `systemctl status`. */
#include "daemon/daemon-status.h"
#include "daemon/daemon-store.h"
#include "tests/dummies/player-dummy-clock.h"
#include "tests/dummies/player-dummy-engine.h"

typedef struct
{
  PlayerDummyClock *clock;      /* (owned) */
  PlayerDummyEngine *engine;    /* (owned) */
  PlayerController *controller; /* (owned) */
  DaemonStore *store;           /* (owned) */
  DaemonOutbox *outbox;         /* (owned) */
  DaemonStatus *status;         /* (owned) */
  char *told;                   /* (owned) (nullable) */
} Fixture;

static void
on_changed (const char *line, gpointer user_data)
{
  Fixture *f = user_data;
  g_free (f->told);
  f->told = g_strdup (line);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  f->clock = player_dummy_clock_new ();
  f->engine = player_dummy_engine_new ();
  f->controller = player_controller_new (PLAYER_ENGINE (f->engine), PLAYER_CLOCK (f->clock),
                                         PLAYER_NEARLY_FINISHED_BUFFERED);
  f->store = daemon_store_new (NULL, &error);
  g_assert_no_error (error);
  f->outbox = daemon_outbox_new (f->store);
  f->status = daemon_status_new (f->controller, PLAYER_CLOCK (f->clock), f->outbox, on_changed, f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  daemon_status_free (f->status);
  g_object_unref (f->outbox);
  g_object_unref (f->store);
  g_object_unref (f->controller);
  g_object_unref (f->engine);
  g_object_unref (f->clock);
  g_free (f->told);
}

static void
assert_line (Fixture *f, const char *expected)
{
  g_assert_cmpstr (f->told, ==, expected);
  g_assert_cmpstr (daemon_status_get_line (f->status), ==, expected);
}

static void
play (Fixture *f)
{
  g_autoptr (PlayerItem) item = player_item_new ("https://a/song.mp3?key=secret",
                                                 "https://a/song.mp3?key=secret", 0, "radio", NULL);
  g_autoptr (PlayerCommand) command = player_command_new_play (item, PLAYER_PLAY_REPLACE_ALL, NULL);
  player_controller_submit (f->controller, command);
  guint64 generation = player_dummy_engine_get_waiting (f->engine);
  if (generation == 0)
    generation = player_dummy_engine_get_current (f->engine);
  g_assert_true (player_dummy_engine_emit_simple (f->engine, PLAYER_ENGINE_STARTED, generation, 0));
}

/* What plays, without secrets; and why it does not sound. */
static void
test_stream (Fixture *f, gconstpointer data)
{
  g_assert_cmpstr (daemon_status_get_line (f->status), ==, "idle");
  play (f);
  assert_line (f, "playing https://a/song.mp3?… of radio");
  player_dummy_engine_set_output (f->engine, PLAYER_OUTPUT_WAITING, "pulsesink: refused");
  assert_line (f, "waiting for the audio output: pulsesink: refused; "
                  "playing https://a/song.mp3?… of radio");
  player_dummy_engine_set_output (f->engine, PLAYER_OUTPUT_PLAYING, NULL);
  assert_line (f, "playing https://a/song.mp3?… of radio");
}

static gint64
add_report (Fixture *f)
{
  g_autoptr (PlayerItem) item = player_item_new ("https://x/", "x", 0, "radio", NULL);
  g_autoptr (PlayerReport) report = player_report_new (PLAYER_REPORT_STOPPED, 1, item, 0);
  g_autoptr (AlexaRequest) request = alexa_request_new_playback (report);
  return daemon_outbox_add (f->outbox, "radio", request);
}

/* Reports are on their way all the time: only those that stay are told of. */
static void
test_reports (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 20; i++)
    {
      const gint64 id = add_report (f);
      player_dummy_clock_advance (f->clock, 1000);
      daemon_outbox_remove (f->outbox, id, DAEMON_OUTBOX_TOLD);
    }
  g_assert_null (f->told);
  const gint64 first = add_report (f);
  const gint64 second = add_report (f);
  g_assert_null (f->told);
  player_dummy_clock_advance (f->clock, 5000);
  assert_line (f, "idle; 2 reports wait for skills that do not answer");
  daemon_outbox_remove (f->outbox, first, DAEMON_OUTBOX_TOLD);
  assert_line (f, "idle; a report waits for a skill that does not answer");
  daemon_outbox_remove (f->outbox, second, DAEMON_OUTBOX_TOLD);
  assert_line (f, "idle");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/status/stream", Fixture, NULL, set_up, test_stream, tear_down);
  g_test_add ("/status/reports", Fixture, NULL, set_up, test_reports, tear_down);
  return g_test_run ();
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* The order in which errands leave. */
#include "daemon/daemon-lane.h"
#include "tests/dummies/player-dummy-clock.h"

typedef struct
{
  PlayerDummyClock *clock;
  DaemonLane *lane;
  GString *sent; /* intent names and report types, in order */
} Fixture;

static void
on_send (DaemonErrand *errand, gpointer user_data)
{
  Fixture *fixture = user_data;
  const AlexaRequest *request = errand->request;
  g_string_append_printf (fixture->sent, "%s ",
                          request->intent_name != NULL ? request->intent_name : request->token);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->clock = player_dummy_clock_new ();
  fixture->lane = daemon_lane_new (PLAYER_CLOCK (fixture->clock), on_send, fixture);
  fixture->sent = g_string_new (NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  daemon_lane_free (fixture->lane);
  g_assert_cmpuint (player_dummy_clock_get_n_alarms (fixture->clock), ==, 0);
  g_assert_finalize_object (fixture->clock);
  g_string_free (fixture->sent, TRUE);
}

static void
say (Fixture *fixture, const char *name)
{
  g_autoptr (AlexaRequest) request = alexa_request_new_intent (name, NULL);
  g_autoptr (DaemonErrand) errand = daemon_errand_new (request);
  g_assert_true (daemon_lane_push (fixture->lane, errand));
}

static void
report_of (Fixture *fixture, PlayerReportType type, const char *token)
{
  g_autoptr (PlayerItem) item = player_item_new ("https://x/", token, 0, "a", NULL);
  g_autoptr (PlayerReport) value = player_report_new (type, 1, item, 0);
  g_autoptr (AlexaRequest) request = alexa_request_new_playback (value);
  g_autoptr (DaemonErrand) errand = daemon_errand_new (request);
  g_assert_true (daemon_lane_push (fixture->lane, errand));
}

static void
report (Fixture *fixture, const char *token)
{
  report_of (fixture, PLAYER_REPORT_STARTED, token);
}

/* Everything that has left since the last call. */
static void
assert_sent (Fixture *fixture, const char *expected)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (fixture->sent->str, ==, expected);
  g_string_truncate (fixture->sent, 0);
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  report (fixture, "r1");
  g_assert_cmpstr (fixture->sent->str, ==, ""); /* never from inside the call */
  say (fixture, "i1");
  report (fixture, "r2");
  assert_sent (fixture, "r1 ");
  g_assert_false (daemon_lane_is_idle (fixture->lane));
  daemon_lane_settle (fixture->lane, DAEMON_LANE_ANSWERED);
  assert_sent (fixture, "i1 ");
  daemon_lane_settle (fixture->lane, DAEMON_LANE_GIVEN_UP);
  assert_sent (fixture, "r2 ");
  daemon_lane_settle (fixture->lane, DAEMON_LANE_ANSWERED);
  g_assert_true (daemon_lane_is_idle (fixture->lane));
}

static void
test_wait (Fixture *fixture, gconstpointer data)
{
  gint64 expected_ms = 1000;
  report (fixture, "r1");
  report (fixture, "r2");
  for (guint i = 0; i < 10; i++)
    {
      assert_sent (fixture, "r1 ");
      daemon_lane_settle (fixture->lane, DAEMON_LANE_AGAIN);
      assert_sent (fixture, "");
      gint64 wait_ms = player_dummy_clock_get_next_ms (fixture->clock);
      g_assert_cmpint (wait_ms, >=, expected_ms * 2 / 3);
      g_assert_cmpint (wait_ms, <=, expected_ms * 3 / 2);
      player_dummy_clock_advance (fixture->clock, wait_ms);
      expected_ms = MIN (expected_ms * 2, 60000);
    }
  assert_sent (fixture, "r1 ");
  daemon_lane_settle (fixture->lane, DAEMON_LANE_ANSWERED);
  assert_sent (fixture, "r2 ");
  daemon_lane_settle (fixture->lane, DAEMON_LANE_AGAIN); /* from the first wait again */
  g_assert_cmpint (player_dummy_clock_get_next_ms (fixture->clock), <=, 1500);
}

/* The network is back: what waits for a minute does not wait for its end. */
static void
test_hurry (Fixture *fixture, gconstpointer data)
{
  report (fixture, "r1");
  daemon_lane_hurry (fixture->lane); /* nothing waits for another attempt */
  for (guint i = 0; i < 10; i++)
    {
      assert_sent (fixture, "r1 ");
      daemon_lane_settle (fixture->lane, DAEMON_LANE_AGAIN);
      if (i < 9)
        player_dummy_clock_advance (fixture->clock,
                                    player_dummy_clock_get_next_ms (fixture->clock));
    }
  g_assert_cmpint (player_dummy_clock_get_next_ms (fixture->clock), >=, 40000);
  daemon_lane_hurry (fixture->lane);
  assert_sent (fixture, "");
  player_dummy_clock_advance (fixture->clock, 1000);
  assert_sent (fixture, "r1 ");
  daemon_lane_settle (fixture->lane, DAEMON_LANE_AGAIN); /* from the first wait again */
  g_assert_cmpint (player_dummy_clock_get_next_ms (fixture->clock), <=, 1500);
  player_dummy_clock_advance (fixture->clock, 1500);
  assert_sent (fixture, "r1 ");
}

/* Without the time of day only what somebody waits for leaves. */
static void
test_hold (Fixture *fixture, gconstpointer data)
{
  daemon_lane_hold_reports (fixture->lane, TRUE);
  report (fixture, "r1");
  report (fixture, "r2");
  assert_sent (fixture, "");
  g_assert_true (daemon_lane_is_idle (fixture->lane)); /* the daemon may stop */
  say (fixture, "i1");
  assert_sent (fixture, "i1 ");
  daemon_lane_settle (fixture->lane, DAEMON_LANE_ANSWERED);
  assert_sent (fixture, "");
  daemon_lane_hold_reports (fixture->lane, FALSE);
  assert_sent (fixture, "r1 ");
  daemon_lane_settle (fixture->lane, DAEMON_LANE_ANSWERED);
  assert_sent (fixture, "r2 ");
}

static void
test_overtake (Fixture *fixture, gconstpointer data)
{
  report (fixture, "r1");
  report (fixture, "r2");
  say (fixture, "i1");
  assert_sent (fixture, "r1 ");
  daemon_lane_settle (fixture->lane, DAEMON_LANE_AGAIN);
  assert_sent (fixture, "i1 ");
  daemon_lane_settle (fixture->lane, DAEMON_LANE_GIVEN_UP);
  assert_sent (fixture, "");
  g_assert_true (daemon_lane_is_idle (fixture->lane));
  say (fixture, "i2");
  assert_sent (fixture, "i2 ");
  daemon_lane_settle (fixture->lane, DAEMON_LANE_ANSWERED); /* the skill is back */
  assert_sent (fixture, "r1 ");
  daemon_lane_settle (fixture->lane, DAEMON_LANE_ANSWERED);
  assert_sent (fixture, "r2 ");
}

/* What only says how far something got goes first, the oldest of it; then the oldest of all. */
static void
test_excess (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    PlayerReportType type;
    const char *token;
    guint goes; /* as which */
  } first[] = {
    { PLAYER_REPORT_FINISHED, "end-1", 5 },    { PLAYER_REPORT_STARTED, "2", 3 },
    { PLAYER_REPORT_NEARLY_FINISHED, "2", 1 }, { PLAYER_REPORT_STOPPED, "2", 6 },
    { PLAYER_REPORT_STARTED, "3", 7 }, /* nothing says that it is over */
    { PLAYER_REPORT_STARTED, "4", 4 },         { PLAYER_REPORT_NEARLY_FINISHED, "4", 2 },
    { PLAYER_REPORT_FAILED, "4", 8 },
  };
  static const PlayerReportType expected[] = {
    PLAYER_REPORT_NEARLY_FINISHED, PLAYER_REPORT_NEARLY_FINISHED, PLAYER_REPORT_STARTED,
    PLAYER_REPORT_STARTED,         PLAYER_REPORT_FINISHED,        PLAYER_REPORT_STOPPED,
    PLAYER_REPORT_STARTED,         PLAYER_REPORT_FAILED,
  };
  say (fixture, "i1");
  assert_sent (fixture, "i1 ");
  for (guint i = 0; i < G_N_ELEMENTS (first); i++)
    report_of (fixture, first[i].type, first[i].token);
  for (guint i = G_N_ELEMENTS (first); i < DAEMON_LANE_MAX_REPORTS; i++)
    report_of (fixture, PLAYER_REPORT_FAILED, "r");
  g_assert_null (daemon_lane_drop_excess (fixture->lane));
  for (guint i = 0; i < G_N_ELEMENTS (first); i++)
    {
      guint k = 0;
      while (first[k].goes != i + 1)
        k++;
      report_of (fixture, PLAYER_REPORT_FAILED, "r");
      g_autoptr (DaemonErrand) dropped = daemon_lane_drop_excess (fixture->lane);
      g_autoptr (PlayerItem) item = player_item_new ("https://x/", first[k].token, 0, "a", NULL);
      g_autoptr (PlayerReport) value = player_report_new (expected[i], 1, item, 0);
      g_autoptr (AlexaRequest) request = alexa_request_new_playback (value);
      g_assert_cmpint (dropped->request->type, ==, request->type);
      g_assert_cmpstr (dropped->request->token, ==, first[k].token);
      g_assert_null (daemon_lane_drop_excess (fixture->lane));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/daemon/lane/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("order", test_order);
  ADD ("wait", test_wait);
  ADD ("hurry", test_hurry);
  ADD ("hold", test_hold);
  ADD ("overtake", test_overtake);
  ADD ("excess", test_excess);
#undef ADD
  return g_test_run ();
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* Repetition without audio backs off; repetition with audio does not wait. */
#include "daemon/daemon-loop-guard.h"
#include "test-house.h"

#define DEAD "http://127.0.0.1/dead.flac"

/* --- The guard alone --------------------------------------------------------------------------- */

typedef struct
{
  DaemonLoopGuard *guard;
  guint64 serial;
} Guard;

static void
guard_clear (Guard *self)
{
  daemon_loop_guard_free (self->guard);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Guard, guard_clear)

static void
tell (Guard *self, PlayerReportType type, const char *url, gint64 offset_ms)
{
  g_autoptr (PlayerItem) item = player_item_new (url, "t", 0, "radio", NULL);
  if (type == PLAYER_REPORT_STARTED)
    self->serial++;
  g_autoptr (PlayerReport) report = player_report_new (type, self->serial, item, offset_ms);
  daemon_loop_guard_observe (self->guard, report);
}

/* A stream that is not the one under way cannot be opened. */
static void
tell_failed (Guard *self, const char *url)
{
  g_autoptr (PlayerItem) item = player_item_new (url, "t", 0, "radio", NULL);
  g_autoptr (PlayerReport) report
      = player_report_new_failed (self->serial + 1000, item, PLAYER_MEDIA_ERROR_INVALID_REQUEST,
                                  "HTTP 404", PLAYER_ACTIVITY_PLAYING, "t", 0);
  daemon_loop_guard_observe (self->guard, report);
}

static void
assert_delay (Guard *self, const char *url, gint64 now_ms, guint expected_ms)
{
  g_autoptr (PlayerSnapshot) now = player_snapshot_new ();
  now->serial = self->serial;
  now->offset_ms = now_ms;
  g_assert_cmpuint (daemon_loop_guard_get_delay_ms (self->guard, now, url), ==, expected_ms);
}

static void
test_short (void)
{
  g_auto (Guard) self = { daemon_loop_guard_new (), 0 };
  tell (&self, PLAYER_REPORT_STARTED, "a", 0);
  tell (&self, PLAYER_REPORT_FINISHED, "a", 999);
  assert_delay (&self, "a", 999, 1000);
  assert_delay (&self, "b", 999, 0);
  tell (&self, PLAYER_REPORT_STARTED, "b", 0);
  assert_delay (&self, "a", 999, 1000);
  assert_delay (&self, "a", 1000, 0); /* b has played for a second */
}

/* What is resumed just before its end has audio; again and again it has not. */
static void
test_begun_late (void)
{
  g_auto (Guard) self = { daemon_loop_guard_new (), 0 };
  tell (&self, PLAYER_REPORT_STARTED, "a", 179600);
  tell (&self, PLAYER_REPORT_FINISHED, "a", 180000);
  assert_delay (&self, "a", 180000, 0);
  tell (&self, PLAYER_REPORT_STARTED, "a", 179600);
  tell (&self, PLAYER_REPORT_FINISHED, "a", 180000);
  assert_delay (&self, "a", 180000, 1000);
  tell (&self, PLAYER_REPORT_STARTED, "a", 0);
  tell (&self, PLAYER_REPORT_FINISHED, "a", 180000);
  tell (&self, PLAYER_REPORT_STARTED, "a", 179600);
  tell (&self, PLAYER_REPORT_FINISHED, "a", 180000);
  assert_delay (&self, "a", 180000, 0);
  /* An offset beyond the end of something short is no audio. */
  tell (&self, PLAYER_REPORT_STARTED, "b", 500);
  tell (&self, PLAYER_REPORT_FINISHED, "b", 500);
  assert_delay (&self, "b", 500, 1000);
}

/* One stream, interrupted by voice and gone on with just before its end. */
static void
test_interrupted_late (void)
{
  g_auto (Guard) self = { daemon_loop_guard_new (), 0 };
  for (guint i = 0; i < 3; i++)
    {
      tell (&self, PLAYER_REPORT_STARTED, "a", 0);
      tell (&self, PLAYER_REPORT_STOPPED, "a", 179600);
      self.serial--;
      tell (&self, PLAYER_REPORT_STARTED, "a", 179600);
      tell (&self, PLAYER_REPORT_FINISHED, "a", 180000);
      assert_delay (&self, "a", 180000, 0);
    }
}

/* The next stream fails while the current one plays on: that it plays is no excuse. */
static void
test_next_fails (void)
{
  g_auto (Guard) self = { daemon_loop_guard_new (), 0 };
  tell (&self, PLAYER_REPORT_STARTED, "good", 0);
  for (guint wait_ms = 1000; wait_ms <= 32000; wait_ms *= 2)
    {
      tell_failed (&self, "dead");
      assert_delay (&self, "dead", 100000, wait_ms);
    }
  tell_failed (&self, "dead");
  assert_delay (&self, "dead", 200000, 60000);
  tell (&self, PLAYER_REPORT_FINISHED, "good", 300000);
  assert_delay (&self, "dead", 300000, 60000);
  tell (&self, PLAYER_REPORT_STARTED, "good", 0);
  assert_delay (&self, "dead", 1000, 0);
}

/* A loop with a new URL each time, as a signed one is. */
static void
test_many_urls (void)
{
  g_auto (Guard) self = { daemon_loop_guard_new (), 0 };
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *url = g_strdup_printf ("u%u", i);
      guint wait_ms = i <= 8 ? 0 : MIN (1000u << MIN (i - 9, 6), 60000);
      assert_delay (&self, url, 0, wait_ms);
      tell_failed (&self, url);
    }
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *url = g_strdup_printf ("v%u", i);
      tell_failed (&self, url);
    }
  assert_delay (&self, "w", 0, 60000);
  tell (&self, PLAYER_REPORT_STARTED, "w", 0);
  assert_delay (&self, "v0", 1000, 0);
}

/* --- In the house ------------------------------------------------------------------------------ */

static void
fail_load (House *house, guint64 generation)
{
  PlayerEngineEvent event = { .type = PLAYER_ENGINE_FAILED,
                              .generation = generation,
                              .error_type = PLAYER_MEDIA_ERROR_INVALID_REQUEST,
                              .error_message = "HTTP 404" };
  g_assert_true (player_dummy_engine_emit (house->engine, &event));
  house_settle (house);
}

static void
assert_verdict (House *house, const char *suffix)
{
  for (guint i = house->steps->len; i > 0; i--)
    {
      const char *step = g_ptr_array_index (house->steps, i - 1);
      if (!g_str_has_prefix (step, "Directive "))
        continue;
      if (!g_str_has_suffix (step, suffix))
        g_assert_cmpstr (step, ==, suffix);
      return;
    }
  g_assert_not_reached ();
}

static guint
count_loads (House *house)
{
  guint n = 0;
  g_auto (GStrv) calls = player_dummy_engine_take_calls (house->engine);
  for (guint i = 0; calls[i] != NULL; i++)
    n += g_str_has_prefix (calls[i], "load ") || g_str_has_prefix (calls[i], "preload ");
  return n;
}

static void
press (House *house, AlexaRequestType type, const char *answer)
{
  g_autoptr (AlexaRequest) request = alexa_request_new (type);
  DaemonConversation *radio = daemon_skills_find (house->skills, "radio");
  g_assert_true (daemon_conversation_ask (radio, request, NULL, NULL, NULL));
  house_exchange (house, alexa_request_type_to_string (type), answer);
}

/* Somebody presses Next, the stream is dead: what the skill wants then by itself waits, what
 * somebody asks for does not. */
static void
test_button (House *house, gconstpointer data)
{
  g_autofree char *dead = house_play ("REPLACE_ALL", DEAD, "t1", "");
  press (house, ALEXA_REQUEST_NEXT_COMMAND, dead);
  assert_verdict (house, " done");
  fail_load (house, player_dummy_engine_get_current (house->engine));
  house_exchange (house, "AudioPlayer.PlaybackFailed", dead);
  assert_verdict (house, " delayed 1000 ms");
  count_loads (house);

  press (house, ALEXA_REQUEST_NEXT_COMMAND, dead); /* takes the place of the one that waits */
  assert_verdict (house, " done");
  g_assert_cmpuint (count_loads (house), ==, 1);
  fail_load (house, player_dummy_engine_get_current (house->engine));
  house_exchange (house, "AudioPlayer.PlaybackFailed", dead);
  assert_verdict (house, " delayed 2000 ms");
  count_loads (house);
  house_advance (house, 1999);
  g_assert_cmpuint (count_loads (house), ==, 0);
  house_advance (house, 1);
  g_assert_cmpuint (count_loads (house), ==, 1);
}

/* What waits for its place in the queue keeps it when something else is enqueued. */
static void
test_kept (House *house, gconstpointer data)
{
  static const struct
  {
    const char *delayed;
    const char *later;
    gboolean kept;
  } cases[] = {
    { "ENQUEUE", "ENQUEUE", TRUE },           { "REPLACE_ENQUEUED", "ENQUEUE", TRUE },
    { "ENQUEUE", "REPLACE_ENQUEUED", FALSE }, { "ENQUEUE", "REPLACE_ALL", FALSE },
    { "REPLACE_ALL", "ENQUEUE", FALSE },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s, then %s", cases[i].delayed, cases[i].later);
      g_autofree char *dead = house_play ("REPLACE_ALL", DEAD, "t1", "");
      g_autofree char *again = house_play (cases[i].delayed, DEAD, "t1", "");
      g_autofree char *later = house_play (cases[i].later, "http://127.0.0.1/b.flac", "t2", "");
      house_restart (house);
      press (house, ALEXA_REQUEST_NEXT_COMMAND, dead);
      fail_load (house, player_dummy_engine_get_current (house->engine));
      house_exchange (house, "AudioPlayer.PlaybackFailed", again);
      assert_verdict (house, " delayed 1000 ms");
      press (house, ALEXA_REQUEST_NEXT_COMMAND, later);
      house_start_sound (house, 0);
      house_exchange (house, "AudioPlayer.PlaybackStarted", SAY_NOTHING);
      house_advance (house, 1000);
      g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (house->controller);
      g_assert_cmpstr (now->item->token, ==, "t2");
      g_assert_cmpuint (now->queue->len, ==, cases[i].kept ? 1 : 0);
    }
}

/* Stop and ClearQueue leave nothing that comes later. */
static void
test_cleared (House *house, gconstpointer data)
{
  static const char *const answers[] = {
    "{\"type\":\"AudioPlayer.Stop\"}",
    "{\"type\":\"AudioPlayer.ClearQueue\",\"clearBehavior\":\"CLEAR_ALL\"}",
    "{\"type\":\"AudioPlayer.ClearQueue\",\"clearBehavior\":\"CLEAR_ENQUEUED\"}",
  };
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autofree char *dead = house_play ("REPLACE_ALL", DEAD, "t1", "");
      g_autofree char *again = house_play ("ENQUEUE", DEAD, "t1", "");
      g_autofree char *answer = g_strdup_printf (
          "{\"version\":\"1.0\",\"response\":{\"directives\":[%s]}}", answers[i]);
      house_restart (house);
      press (house, ALEXA_REQUEST_NEXT_COMMAND, dead);
      fail_load (house, player_dummy_engine_get_current (house->engine));
      house_exchange (house, "AudioPlayer.PlaybackFailed", again);
      assert_verdict (house, " delayed 1000 ms");
      press (house, ALEXA_REQUEST_PAUSE_COMMAND, answer);
      count_loads (house);
      house_advance (house, 60000);
      g_assert_cmpuint (count_loads (house), ==, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/daemon/loops/short", test_short);
  g_test_add_func ("/daemon/loops/begun-late", test_begun_late);
  g_test_add_func ("/daemon/loops/interrupted-late", test_interrupted_late);
  g_test_add_func ("/daemon/loops/next-fails", test_next_fails);
  g_test_add_func ("/daemon/loops/many-urls", test_many_urls);
#define ADD(name, func)                                                                            \
  g_test_add ("/daemon/loops/" name, House, NULL, house_set_up, func, house_tear_down)
  ADD ("button", test_button);
  ADD ("kept", test_kept);
  ADD ("cleared", test_cleared);
#undef ADD
  return g_test_run ();
}

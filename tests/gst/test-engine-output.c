/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "tests/gst/gst-audio.h"
#include "tests/gst/gst-rig.h"

/* Sound cards that break, are away, hang, and are released. */

#define A GST_RIG_FILE_A
#define C GST_RIG_FILE_C
#define RATE 44100
#define FADE 441

static GstRig *
rig_with (guint wait_ms, guint idle_ms)
{
  PlayerGstEngineOptions options = PLAYER_GST_ENGINE_OPTIONS_INIT;
  GstRig *rig = gst_rig_new_with_sink (NULL);
  g_autofree char *sink = gst_tap_describe (&rig->tap, TRUE);

  options.sink = sink;
  options.sink_wait_ms = wait_ms;
  options.idle_ms = idle_ms;
  gst_rig_start (rig, &options);
  return rig;
}

static guint64
load (GstRig *rig, const char *name)
{
  g_autofree char *url = gst_rig_url (name);

  return gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT);
}

static void
wait_until_held (GstRig *rig, guint held)
{
  const gint64 deadline = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  while (gst_tap_get_held (&rig->tap) != held)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      gst_rig_run (rig, 5);
    }
}

static void
assert_quick (gint64 before_us)
{
  g_assert_cmpint (g_get_monotonic_time () - before_us, <, 100000);
}

/* The frames of C from 0 on, with @breaks fade-ins in them where the output came back: none is
 * lost or repeated. Returns the index of the last one. */
static guint
assert_whole (GstRig *rig, guint breaks, guint frames)
{
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  guint at = gst_audio_skip_silence (heard, 0);
  const guint begin = at;
  guint index = 0;

  at = gst_audio_follow (heard, begin, C, 0);
  index = at - begin;
  for (guint i = 0; i < breaks; i++)
    {
      const guint from = index;

      at = gst_audio_assert_fade (heard, gst_audio_skip_silence (heard, at), C, from, FADE, FALSE);
      const guint end = gst_audio_follow (heard, at, C, from + FADE);
      index = from + FADE + (end - at);
      at = end;
    }
  g_assert_cmpuint (index, >=, frames);
  return index;
}

/* What is said of the output; @trouble: with a reason. */
static void
assert_output (GstRig *rig, PlayerOutputState state, gboolean trouble)
{
  const char *message;

  g_assert_cmpint (player_engine_get_output (rig->engine, &message), ==, state);
  g_assert_cmpint (message != NULL, ==, trouble);
}

static void
wait_output (GstRig *rig, PlayerOutputState state)
{
  const gint64 deadline = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  const char *message;

  while (player_engine_get_output (rig->engine, &message) != state)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      gst_rig_run (rig, 5);
    }
}

/* --- away --- */

/* The card comes back at once: what plays goes on with the next frame. */
static void
test_returns (void)
{
  g_autoptr (GstRig) rig = rig_with (20000, 2000);
  const guint64 c = load (rig, "c.flac");

  assert_output (rig, PLAYER_OUTPUT_CLOSED, FALSE);
  gst_rig_wait_frames (rig, 8820);
  wait_output (rig, PLAYER_OUTPUT_PLAYING);
  assert_output (rig, PLAYER_OUTPUT_PLAYING, FALSE);
  gst_tap_break_once (&rig->tap);
  const gint64 lost_ms = gst_rig_wait (rig, PLAYER_ENGINE_UNDERRUN, c)->offset_ms;
  wait_output (rig, PLAYER_OUTPUT_WAITING);
  assert_output (rig, PLAYER_OUTPUT_WAITING, TRUE);
  g_assert_cmpint (gst_rig_wait (rig, PLAYER_ENGINE_REFILLED, c)->offset_ms, ==, lost_ms);
  wait_output (rig, PLAYER_OUTPUT_PLAYING);
  assert_output (rig, PLAYER_OUTPUT_PLAYING, FALSE);
  gst_rig_wait_frames (rig, 8820 * 3);
  g_assert_cmpuint (rig->tap.opened, ==, 2);
  assert_whole (rig, 1, 8820 * 2);
  const gint64 position_ms = gst_rig_get_position_ms (rig, c);
  g_assert_cmpint (ABS (position_ms - (gint64)gst_tap_count (&rig->tap) * 1000 / RATE), <=, 40);
}

/* It is away for a while, and again and again. */
static void
test_comes_and_goes (void)
{
  g_autoptr (GstRig) rig = rig_with (20000, 2000);
  const guint64 c = load (rig, "c.flac");

  for (guint i = 1; i <= 3; i++)
    {
      gst_rig_wait_frames (rig, gst_tap_count (&rig->tap) + 4410);
      gst_tap_set_broken (&rig->tap, TRUE);
      gst_rig_run (rig, 500);
      g_assert_cmpuint (gst_rig_count (rig, PLAYER_ENGINE_UNDERRUN, c), ==, i);
      g_assert_cmpuint (gst_rig_count (rig, PLAYER_ENGINE_REFILLED, c), ==, i - 1);
      const gint64 position_ms = gst_rig_get_position_ms (rig, c);
      gst_rig_run (rig, 50);
      g_assert_cmpint (gst_rig_get_position_ms (rig, c), ==, position_ms);
      gst_tap_set_broken (&rig->tap, FALSE);
      while (gst_rig_count (rig, PLAYER_ENGINE_REFILLED, c) < i)
        gst_rig_run (rig, 5);
    }
  gst_rig_wait_frames (rig, gst_tap_count (&rig->tap) + 4410);
  assert_whole (rig, 3, 4 * 4410);
  g_assert_cmpuint (rig->tap.opened, <, 16);
}

/* Not there yet: it is waited for, and nothing has been said to have started. */
static void
test_appears (void)
{
  g_autoptr (GstRig) rig = rig_with (20000, 2000);

  gst_tap_set_broken (&rig->tap, TRUE);
  const guint64 c = load (rig, "c.flac");
  gst_rig_wait (rig, PLAYER_ENGINE_READY, c);
  gst_rig_run (rig, 500);
  g_assert_cmpuint (gst_rig_count (rig, PLAYER_ENGINE_STARTED, c), ==, 0);
  g_assert_cmpuint (gst_rig_count (rig, PLAYER_ENGINE_FAILED, c), ==, 0);
  gst_tap_set_broken (&rig->tap, FALSE);
  gst_rig_assert_start (rig, c, C, 0);
}

/* It does not come back in time: what plays fails, and says which sink and why. */
static void
test_stays_away (void)
{
  g_autoptr (GstRig) rig = rig_with (900, 2000);
  const guint64 c = load (rig, "c.flac");

  gst_rig_wait_frames (rig, 8820);
  gst_tap_set_broken (&rig->tap, TRUE);
  const PlayerEngineEvent *failed = gst_rig_wait (rig, PLAYER_ENGINE_FAILED, c);
  g_assert_cmpint (failed->error_type, ==, PLAYER_MEDIA_ERROR_INTERNAL_DEVICE_ERROR);
  g_assert_cmpstr (g_ptr_array_index (rig->errors, 0), ==, "seguetapsink: No such sound card");
  g_assert_cmpint (failed->offset_ms, >=, 150);
  const guint opened = rig->tap.opened;
  g_assert_cmpuint (opened, <, 8);
  gst_rig_run (rig, 300);
  g_assert_cmpuint (rig->tap.opened, ==, opened);
  gst_tap_set_broken (&rig->tap, FALSE);
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, load (rig, "a.flac"));
}

/* A sink that cannot take it is not waited for. */
static void
test_hopeless (void)
{
  g_autoptr (GstRig) rig = rig_with (20000, 2000);

  rig->tap.hopeless = TRUE;
  gst_tap_set_broken (&rig->tap, TRUE);
  const guint64 a = load (rig, "a.flac");
  g_assert_cmpint (gst_rig_wait (rig, PLAYER_ENGINE_FAILED, a)->error_type, ==,
                   PLAYER_MEDIA_ERROR_INTERNAL_DEVICE_ERROR);
  g_assert_cmpstr (g_ptr_array_index (rig->errors, 0), ==, "seguetapsink: Not in this format");
  g_assert_cmpuint (rig->tap.opened, <=, 2); /* once beside the stream, once for it */
}

/* Paused while it is away: what is said is what was heard, and from there it goes on. */
static void
test_paused_while_away (void)
{
  g_autoptr (GstRig) rig = rig_with (20000, 2000);
  const guint64 c = load (rig, "c.flac");

  gst_rig_wait_frames (rig, 8820);
  gst_tap_set_broken (&rig->tap, TRUE);
  const gint64 lost_ms = gst_rig_wait (rig, PLAYER_ENGINE_UNDERRUN, c)->offset_ms;
  player_engine_pause (rig->engine);
  g_assert_cmpint (gst_rig_find (rig, PLAYER_ENGINE_SILENCED, c)->offset_ms, ==, lost_ms);
  gst_rig_run (rig, 300);
  const guint opened = rig->tap.opened;
  gst_rig_run (rig, 500); /* nobody waits for it now */
  g_assert_cmpuint (rig->tap.opened, ==, opened);
  gst_tap_set_broken (&rig->tap, FALSE);
  player_engine_resume (rig->engine);
  g_assert_cmpint (gst_rig_wait (rig, PLAYER_ENGINE_RESUMED, c)->offset_ms, ==, lost_ms);
  gst_rig_wait_frames (rig, gst_tap_count (&rig->tap) + 8820);
  assert_whole (rig, 1, 8820 * 2);
}

/* Another track while it is away: of the old one nothing is heard any more. */
static void
test_replaced_while_away (void)
{
  g_autoptr (GstRig) rig = rig_with (20000, 2000);
  const guint64 c = load (rig, "c.flac");

  gst_rig_wait_frames (rig, 8820);
  gst_tap_set_broken (&rig->tap, TRUE);
  const gint64 lost_ms = gst_rig_wait (rig, PLAYER_ENGINE_UNDERRUN, c)->offset_ms;
  const guint before = gst_tap_count (&rig->tap);
  const guint64 a = load (rig, "a.flac");
  g_assert_cmpint (gst_rig_wait (rig, PLAYER_ENGINE_SILENCED, c)->offset_ms, ==, lost_ms);
  gst_tap_set_broken (&rig->tap, FALSE);
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, a);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  const guint at = gst_audio_skip_silence (heard, before);
  gst_audio_assert_silent_end (heard, gst_audio_assert_run (heard, at, A, 0, GST_RIG_FRAMES_A));
}

/* A seek while it is away lands, and is heard when it is back. */
static void
test_sought_while_away (void)
{
  g_autoptr (GstRig) rig = rig_with (20000, 2000);
  const guint64 c = load (rig, "c.flac");

  gst_rig_wait_frames (rig, 8820);
  gst_tap_set_broken (&rig->tap, TRUE);
  gst_rig_wait (rig, PLAYER_ENGINE_UNDERRUN, c);
  const guint before = gst_tap_count (&rig->tap);
  player_engine_seek (rig->engine, c, 5000);
  gst_rig_wait (rig, PLAYER_ENGINE_SEEKED, c);
  g_assert_cmpint (gst_rig_get_position_ms (rig, c), ==, 5000);
  gst_tap_set_broken (&rig->tap, FALSE);
  gst_rig_wait_frames (rig, before + 8820);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  const guint at = gst_audio_skip_silence (heard, before);
  gst_audio_assert_run (heard, gst_audio_assert_fade (heard, at, C, 5 * RATE, FADE, FALSE), C,
                        5 * RATE + FADE, 5 * RATE + 4410);
}

/* --- hung --- */

/* Calls are answered at once, and the engine goes away in time. */
static void
test_hung (gconstpointer data)
{
  const GstTapHang hang = GPOINTER_TO_UINT (data);
  GstRig *rig = rig_with (20000, 2000);
  guint64 c = load (rig, "c.flac");

  if (hang == GST_TAP_HANG_RENDER)
    gst_rig_wait_frames (rig, 8820);
  gst_tap_set_hang (&rig->tap, hang);
  gst_rig_wait (rig, PLAYER_ENGINE_READY, c);
  gst_rig_run (rig, 300);
  for (guint i = 0; i < 4; i++)
    {
      gint64 before_us = g_get_monotonic_time ();
      player_engine_pause (rig->engine);
      player_engine_resume (rig->engine);
      gst_rig_get_position_ms (rig, c);
      assert_quick (before_us);
      before_us = g_get_monotonic_time ();
      if (i % 2 == 0)
        player_engine_stop (rig->engine);
      c = load (rig, "c.flac");
      assert_quick (before_us);
      gst_rig_run (rig, 100);
    }
  const gint64 before_us = g_get_monotonic_time ();
  g_assert_finalize_object (g_steal_pointer (&rig->engine));
  g_assert_cmpint (g_get_monotonic_time () - before_us, <, 2 * G_USEC_PER_SEC);
  gst_tap_set_hang (&rig->tap, GST_TAP_HANG_NONE);
  wait_until_held (rig, 0); /* what was left behind, lets go of the tap */
  gst_rig_free (rig);
}

/* What hangs is left behind, and another output takes its place: the hung one no longer answers
 * for anything, even when it comes to itself. */
static void
test_left_behind (gconstpointer data)
{
  const GstTapHang hang = GPOINTER_TO_UINT (data);
  g_autoptr (GstRig) rig = rig_with (20000, 2000);

  if (hang != GST_TAP_HANG_RENDER)
    gst_tap_set_hang (&rig->tap, hang);
  const guint64 c = load (rig, "c.flac");
  if (hang == GST_TAP_HANG_RENDER)
    {
      gst_rig_wait_frames (rig, 8820);
      gst_tap_set_hang (&rig->tap, hang);
      gst_rig_wait (rig, PLAYER_ENGINE_UNDERRUN, c);
      gst_rig_run (rig, 2500);
    }
  else
    gst_rig_run (rig, 5500);
  gst_tap_set_hang (&rig->tap, GST_TAP_HANG_NONE);
  gst_rig_wait_frames (rig, 8820 * 3);
  g_assert_cmpuint (gst_rig_count (rig, PLAYER_ENGINE_FAILED, c), ==, 0);
  assert_whole (rig, hang == GST_TAP_HANG_RENDER ? 1 : 0, 8820 * 2);
  wait_until_held (rig, 1);
}

/* --- slow to open --- */

/* What is stopped while the output is being opened lets it go at once, and what is loaded then is
 * heard from its first frame on. The time since the sink answered. */
static gint64
stop_while_opening (void)
{
  g_autoptr (GstRig) rig = rig_with (20000, 2000);

  gst_tap_set_hang (&rig->tap, GST_TAP_HANG_PAUSE);
  gst_rig_wait (rig, PLAYER_ENGINE_READY, load (rig, "a.flac"));
  gst_rig_run (rig, 100);
  player_engine_stop (rig->engine);
  gst_rig_run (rig, 100);
  const guint64 c = load (rig, "c.flac");
  gst_rig_wait (rig, PLAYER_ENGINE_READY, c);
  const gint64 before_us = g_get_monotonic_time ();
  gst_tap_set_hang (&rig->tap, GST_TAP_HANG_NONE);
  gst_rig_wait (rig, PLAYER_ENGINE_STARTED, c);
  const gint64 elapsed_us = g_get_monotonic_time () - before_us;
  gst_rig_assert_start (rig, c, C, 0);
  return elapsed_us;
}

/* Two seconds are lost wherever the opening is waited for; a busy machine is not that slow three
 * times. */
static void
test_stopped_while_opening (void)
{
  gint64 best_us = G_MAXINT64;

  for (guint i = 0; i < 3 && best_us > 1500000; i++)
    best_us = MIN (best_us, stop_while_opening ());
  g_assert_cmpint (best_us, <, 1500000);
}

/* --- released --- */

static void
test_idle (gconstpointer data)
{
  const guint idle_ms = GPOINTER_TO_UINT (data);
  g_autoptr (GstRig) rig = rig_with (20000, idle_ms);

  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, load (rig, "a.flac"));
  const gint64 before_us = g_get_monotonic_time ();
  wait_until_held (rig, 0);
  g_assert_cmpint (g_get_monotonic_time () - before_us, >=, (idle_ms - MIN (idle_ms, 50)) * 1000);
  g_assert_cmpuint (rig->tap.opened, ==, 1);
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, load (rig, "a.flac"));
  g_assert_cmpuint (rig->tap.opened, ==, 2);
  wait_output (rig, PLAYER_OUTPUT_CLOSED);
  wait_until_held (rig, 0);
  assert_output (rig, PLAYER_OUTPUT_CLOSED, FALSE);
}

/* In ms; -1: nothing but an event ends its sleep. */
static gint
find_sleep (void)
{
  GMainContext *context = g_main_context_default ();
  GPollFD fds[64];
  gint timeout_ms = -1;
  gint priority;

  g_assert_true (g_main_context_acquire (context));
  g_main_context_prepare (context, &priority);
  g_main_context_query (context, priority, &timeout_ms, fds, G_N_ELEMENTS (fds));
  g_main_context_release (context);
  return timeout_ms;
}

/* Once it has been released nothing wakes up any more. */
static void
test_idle_sleeps (gconstpointer data)
{
  g_autoptr (GstRig) rig = rig_with (20000, GPOINTER_TO_UINT (data));
  const gint64 deadline = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, load (rig, "a.flac"));
  wait_until_held (rig, 0);
  while (find_sleep () >= 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_main_context_iteration (NULL, TRUE);
    }
}

/* A pause releases it, too, and goes on at the very sample. */
static void
test_idle_paused (void)
{
  g_autoptr (GstRig) rig = rig_with (20000, 100);
  const guint64 c = load (rig, "c.flac");

  gst_rig_wait_frames (rig, 8820);
  player_engine_pause (rig->engine);
  const gint64 paused_ms = gst_rig_find (rig, PLAYER_ENGINE_SILENCED, c)->offset_ms;
  wait_until_held (rig, 0);
  g_assert_cmpint (gst_rig_get_position_ms (rig, c), ==, paused_ms);
  const guint before = gst_tap_count (&rig->tap);
  player_engine_resume (rig->engine);
  g_assert_cmpint (gst_rig_get_position_ms (rig, c), ==, paused_ms);
  g_assert_cmpint (gst_rig_wait (rig, PLAYER_ENGINE_RESUMED, c)->offset_ms, ==, paused_ms);
  gst_rig_wait_frames (rig, before + 8820);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  guint at = gst_audio_skip_silence (heard, 0);
  const guint end = gst_audio_find_fade (heard, at, C, 0, FADE);
  const guint n = end - at;
  at = gst_audio_assert_fade (heard, end, C, n, FADE, TRUE);
  at = gst_audio_assert_fade (heard, gst_audio_skip_silence (heard, at), C, n + FADE, FADE, FALSE);
  gst_audio_assert_run (heard, at, C, n + 2 * FADE, n + 2 * FADE + 4000);
}

static void
add_tests (void)
{
  g_test_add_func ("/output/returns", test_returns);
  g_test_add_func ("/output/comes-and-goes", test_comes_and_goes);
  g_test_add_func ("/output/appears", test_appears);
  g_test_add_func ("/output/stays-away", test_stays_away);
  g_test_add_func ("/output/hopeless", test_hopeless);
  g_test_add_func ("/output/away/paused", test_paused_while_away);
  g_test_add_func ("/output/away/replaced", test_replaced_while_away);
  g_test_add_func ("/output/away/sought", test_sought_while_away);
  g_test_add_data_func ("/output/hung/open", GUINT_TO_POINTER (GST_TAP_HANG_OPEN), test_hung);
  g_test_add_data_func ("/output/hung/start", GUINT_TO_POINTER (GST_TAP_HANG_START), test_hung);
  g_test_add_data_func ("/output/hung/render", GUINT_TO_POINTER (GST_TAP_HANG_RENDER), test_hung);
  g_test_add_data_func ("/output/left-behind/open", GUINT_TO_POINTER (GST_TAP_HANG_OPEN),
                        test_left_behind);
  g_test_add_data_func ("/output/left-behind/render", GUINT_TO_POINTER (GST_TAP_HANG_RENDER),
                        test_left_behind);
  g_test_add_func ("/output/opening/stopped", test_stopped_while_opening);
  g_test_add_data_func ("/output/idle/at-once", GUINT_TO_POINTER (0), test_idle);
  g_test_add_data_func ("/output/idle/later", GUINT_TO_POINTER (300), test_idle);
  g_test_add_data_func ("/output/idle/sleeps", GUINT_TO_POINTER (100), test_idle_sleeps);
  g_test_add_data_func ("/output/idle/sleeps-at-once", GUINT_TO_POINTER (0), test_idle_sleeps);
  g_test_add_func ("/output/idle/paused", test_idle_paused);
}

/* Warnings are fatal here, but for those which the tests provoke. */
static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  static const char *const expected[] = { "The audio output is away", "The audio output does not" };

  for (gsize i = 0; i < n_fields; i++)
    for (gsize j = 0; j < G_N_ELEMENTS (expected); j++)
      if (g_str_equal (fields[i].key, "MESSAGE") && g_str_has_prefix (fields[i].value, expected[j]))
        return G_LOG_WRITER_HANDLED;
  return g_log_writer_default (level, fields, n_fields, data);
}

int
main (int argc, char **argv)
{
  g_log_set_writer_func (write_log, NULL, NULL);
  return gst_rig_main (argc, argv, add_tests);
}

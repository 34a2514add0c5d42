/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "tests/gst/gst-audio.h"
#include "tests/gst/gst-rig.h"

/* Pause, resume, stop, replace, seek, silence, volume: what is heard, and where it is said to be.
 */

#define RATE 44100
#define FADE 441
#define A GST_RIG_FILE_A
#define C GST_RIG_FILE_C

static gint64
to_ms (guint frames)
{
  return ((gint64)frames * 1000 + RATE / 2) / RATE;
}

/* c.flac, real time, @frames heard. */
static GstRig *
play_c (guint64 *generation, guint frames)
{
  GstRig *rig = gst_rig_new (TRUE);
  g_autofree char *url = gst_rig_url ("c.flac");

  *generation = gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT);
  gst_rig_wait_frames (rig, frames);
  gst_rig_wait (rig, PLAYER_ENGINE_STARTED, *generation);
  return rig;
}

static void
test_pause (void)
{
  guint64 c;
  g_autoptr (GstRig) rig = play_c (&c, RATE / 5);

  player_engine_pause (rig->engine);
  const PlayerEngineEvent *silenced = gst_rig_find (rig, PLAYER_ENGINE_SILENCED, c);
  g_assert_nonnull (silenced);
  g_assert_cmpint (silenced->reason, ==, PLAYER_SILENCED_PAUSED);
  const gint64 paused_ms = silenced->offset_ms;
  gst_rig_run (rig, 300);
  g_assert_cmpint (gst_rig_get_position_ms (rig, c), ==, paused_ms);
  const guint corked = gst_tap_count (&rig->tap);
  gst_rig_run (rig, 200);
  g_assert_cmpuint (gst_tap_count (&rig->tap), ==, corked);
  player_engine_resume (rig->engine);
  g_assert_cmpint (gst_rig_wait (rig, PLAYER_ENGINE_RESUMED, c)->offset_ms, ==, paused_ms);
  gst_rig_wait_frames (rig, corked + RATE / 5);

  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  const guint begin = gst_audio_skip_silence (heard, 0);
  const guint fade = gst_audio_find_fade (heard, begin, C, 0, FADE);
  const guint n = fade - begin;
  g_assert_cmpint (paused_ms, ==, to_ms (n + FADE));
  guint at = gst_audio_assert_fade (heard, fade, C, n, FADE, TRUE);
  at = gst_audio_skip_silence (heard, at);
  at = gst_audio_assert_fade (heard, at, C, n + FADE, FADE, FALSE);
  g_assert_cmpuint (gst_audio_follow (heard, at, C, n + 2 * FADE), ==, heard->len);
}

static void
test_pause_before_start (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autofree char *url = gst_rig_url ("a.flac");
  const guint64 a = gst_rig_load (rig, url, 100, PLAYER_LOAD_CURRENT);

  player_engine_pause (rig->engine);
  gst_rig_wait (rig, PLAYER_ENGINE_READY, a);
  gst_rig_run (rig, 100);
  g_assert_cmpuint (gst_rig_count (rig, PLAYER_ENGINE_STARTED, a), ==, 0);
  g_assert_cmpint (gst_rig_get_position_ms (rig, a), ==, 100);
  player_engine_resume (rig->engine);
  g_assert_cmpint (gst_rig_wait (rig, PLAYER_ENGINE_STARTED, a)->offset_ms, ==, 100);
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, a);
  g_assert_cmpuint (gst_rig_count (rig, PLAYER_ENGINE_SILENCED, a), ==, 0);
}

static void
test_stop (void)
{
  guint64 c;
  g_autoptr (GstRig) rig = play_c (&c, RATE / 5);
  const gint64 before_us = g_get_monotonic_time ();

  player_engine_stop (rig->engine);
  g_assert_cmpint (g_get_monotonic_time () - before_us, <, 50000);
  const PlayerEngineEvent *silenced = gst_rig_find (rig, PLAYER_ENGINE_SILENCED, c);
  g_assert_nonnull (silenced);
  g_assert_cmpint (silenced->reason, ==, PLAYER_SILENCED_STOPPED);
  g_assert_cmpint (gst_rig_get_position_ms (rig, c), ==, -1);
  gst_rig_run (rig, 200);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  const guint begin = gst_audio_skip_silence (heard, 0);
  const guint fade = gst_audio_find_fade (heard, begin, C, 0, FADE);
  g_assert_cmpint (silenced->offset_ms, ==, to_ms (fade - begin + FADE));
  gst_audio_assert_silent_end (heard,
                               gst_audio_assert_fade (heard, fade, C, fade - begin, FADE, TRUE));
  player_engine_stop (rig->engine);
  g_assert_cmpuint (gst_rig_count (rig, PLAYER_ENGINE_SILENCED, c), ==, 1);
}

/* The card is released when nothing has been loaded for a while, and opened again. */
static void
test_release (void)
{
  guint64 c;
  g_autoptr (GstRig) rig = play_c (&c, RATE / 10);
  g_autofree char *url = gst_rig_url ("a.wav");

  g_assert_cmpstr (player_gst_engine_get_sink_name (PLAYER_GST_ENGINE (rig->engine)), ==,
                   "seguetapsink");
  player_engine_stop (rig->engine);
  gst_rig_run (rig, 2500);
  const guint count = gst_tap_count (&rig->tap);
  const guint64 a = gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT);
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, a);
  g_assert_cmpuint (rig->tap.opened, ==, 2);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  gst_audio_assert_run (heard, gst_audio_skip_silence (heard, count), A, 0, GST_RIG_FRAMES_A);
}

static void
test_replace (void)
{
  guint64 c;
  g_autoptr (GstRig) rig = play_c (&c, RATE / 5);
  g_autofree char *url = gst_rig_url ("a.flac");
  const guint64 next = gst_rig_load (rig, url, 0, PLAYER_LOAD_NEXT);
  gst_rig_wait (rig, PLAYER_ENGINE_READY, next);
  const guint64 a = gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT);

  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, a);
  const PlayerEngineEvent *silenced = gst_rig_find (rig, PLAYER_ENGINE_SILENCED, c);
  const PlayerEngineEvent *started = gst_rig_find (rig, PLAYER_ENGINE_STARTED, a);
  g_assert_nonnull (silenced);
  g_assert_cmpint (silenced->reason, ==, PLAYER_SILENCED_REPLACED);
  g_assert_true (silenced < started);
  g_assert_cmpuint (gst_rig_count (rig, PLAYER_ENGINE_STARTED, next), ==, 0);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  const guint begin = gst_audio_skip_silence (heard, 0);
  const guint cross = gst_audio_follow (heard, begin, C, 0);
  g_assert_cmpint (silenced->offset_ms, ==, to_ms (cross - begin + FADE));
  /* not a moment of silence: under the fade-out the other fades in, and both take the same time */
  const guint end = gst_audio_assert_run (heard, cross + FADE, A, FADE, GST_RIG_FRAMES_A);
  gst_audio_assert_silent_end (heard, end);
}

static void
test_replace_by_bad (void)
{
  guint64 c;
  g_autoptr (GstRig) rig = play_c (&c, RATE / 5);
  const guint64 bad = gst_rig_load (rig, "file:///nowhere", 0, PLAYER_LOAD_CURRENT);

  const PlayerEngineEvent *failed = gst_rig_wait (rig, PLAYER_ENGINE_FAILED, bad);
  g_assert_cmpint (failed->error_type, ==, PLAYER_MEDIA_ERROR_INVALID_REQUEST);
  gst_rig_run (rig, 200);
  player_engine_stop (rig->engine);
  gst_rig_run (rig, 100);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  const guint begin = gst_audio_skip_silence (heard, 0);
  const guint fade = gst_audio_find_fade (heard, begin, C, 0, FADE);
  g_assert_cmpint (gst_rig_find (rig, PLAYER_ENGINE_SILENCED, c)->offset_ms, ==,
                   to_ms (fade - begin + FADE));
}

static void
test_silence (void)
{
  guint64 c;
  g_autoptr (GstRig) rig = play_c (&c, RATE / 5);
  g_autofree char *url = gst_rig_url ("a.flac");
  const guint64 a = gst_rig_load (rig, url, 0, PLAYER_LOAD_NEXT);

  gst_rig_wait (rig, PLAYER_ENGINE_READY, a);
  player_engine_silence (rig->engine);
  g_assert_cmpint (gst_rig_find (rig, PLAYER_ENGINE_SILENCED, c)->reason, ==,
                   PLAYER_SILENCED_STOPPED);
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, a);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  const guint begin = gst_audio_skip_silence (heard, 0);
  const guint fade = gst_audio_find_fade (heard, begin, C, 0, FADE);
  const guint at = gst_audio_assert_fade (heard, fade, C, fade - begin, FADE, TRUE);
  gst_audio_assert_run (heard, at, A, 0, GST_RIG_FRAMES_A);
  player_engine_silence (rig->engine);
}

static void
test_seek (void)
{
  guint64 c;
  g_autoptr (GstRig) rig = play_c (&c, RATE / 5);

  player_engine_seek (rig->engine, c, 10007);
  g_assert_cmpint (gst_rig_wait (rig, PLAYER_ENGINE_SEEKED, c)->offset_ms, ==, 10007);
  const gint64 position_ms = gst_rig_get_position_ms (rig, c);
  g_assert_cmpint (position_ms, >=, 10007);
  g_assert_cmpint (position_ms, <=, 10050);
  gst_rig_run (rig, 200);
  player_engine_stop (rig->engine);
  const gint64 end_ms = gst_rig_find (rig, PLAYER_ENGINE_SILENCED, c)->offset_ms;
  gst_rig_run (rig, 100);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  const guint begin = gst_audio_skip_silence (heard, 0);
  const guint cross = gst_audio_follow (heard, begin, C, 0);
  const guint from = 441309 + FADE; /* 10007 ms, to the nearest frame, and the fade */
  const guint fade = gst_audio_find_fade (heard, cross + FADE, C, from, FADE);
  g_assert_cmpuint (fade, >, cross + 2 * FADE);
  g_assert_cmpint (end_ms, ==, to_ms (from + fade - cross - FADE + FADE));
}

static void
test_seek_paused (void)
{
  guint64 c;
  g_autoptr (GstRig) rig = play_c (&c, RATE / 5);

  player_engine_pause (rig->engine);
  player_engine_seek (rig->engine, c, 5000);
  gst_rig_wait (rig, PLAYER_ENGINE_SEEKED, c);
  gst_rig_run (rig, 200);
  g_assert_cmpint (gst_rig_get_position_ms (rig, c), ==, 5000);
  g_assert_cmpuint (gst_rig_count (rig, PLAYER_ENGINE_RESUMED, c), ==, 0);
  player_engine_resume (rig->engine);
  g_assert_cmpint (gst_rig_wait (rig, PLAYER_ENGINE_RESUMED, c)->offset_ms, ==, 5000);
  player_engine_pause (rig->engine);
  player_engine_seek (rig->engine, c, 16001);
  g_assert_cmpint (gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, c)->offset_ms, ==, 16000);
}

static void
test_seek_beyond_end (void)
{
  guint64 c;
  g_autoptr (GstRig) rig = play_c (&c, RATE / 5);
  g_autofree char *url = gst_rig_url ("a.flac");
  const guint64 a = gst_rig_load (rig, url, 0, PLAYER_LOAD_NEXT);

  gst_rig_wait (rig, PLAYER_ENGINE_READY, a);
  player_engine_seek (rig->engine, c, 3600000);
  g_assert_cmpint (gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, c)->offset_ms, ==, 16000);
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, a);
}

static void
test_start_beyond_end (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autofree char *url = gst_rig_url ("c.flac");
  const guint64 c = gst_rig_load (rig, url, 20000, PLAYER_LOAD_CURRENT);

  g_assert_cmpint (gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, c)->offset_ms, ==, 16000);
  g_assert_cmpuint (gst_rig_count (rig, PLAYER_ENGINE_STARTED, c), ==, 1);
}

static void
test_unload (void)
{
  guint64 c;
  g_autoptr (GstRig) rig = play_c (&c, RATE / 5);
  g_autofree char *url = gst_rig_url ("a.flac");
  const guint64 a = gst_rig_load (rig, url, 0, PLAYER_LOAD_NEXT);

  gst_rig_wait (rig, PLAYER_ENGINE_READY, a);
  player_engine_unload (rig->engine, a);
  player_engine_seek (rig->engine, c, 15900);
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, c);
  gst_rig_run (rig, 100);
  g_assert_cmpuint (gst_rig_count (rig, PLAYER_ENGINE_STARTED, a), ==, 0);
}

/* amplitude = volume³, and it gets there without a step */
static void
test_volume (void)
{
  guint64 c;
  g_autoptr (GstRig) rig = play_c (&c, RATE / 5);

  player_engine_set_volume (rig->engine, 0.5, FALSE);
  gst_rig_run (rig, 150);
  player_engine_set_volume (rig->engine, 0.5, TRUE);
  gst_rig_run (rig, 150);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  const guint begin = gst_audio_skip_silence (heard, 0);
  const guint ramp = gst_audio_follow (heard, begin, C, 0);
  const guint index = ramp - begin + 2000;
  const double left = (gint16)(g_array_index (heard, guint32, begin + index) & 0xffff);
  g_assert_cmpfloat_with_epsilon (left, (gint16)(index & 0xffff) * 0.125, 1.0);
  g_assert_cmphex (g_array_index (heard, guint32, heard->len - 1), ==, 0);
  for (guint i = ramp; i < ramp + 2000; i++)
    {
      const gint16 one = (gint16)(g_array_index (heard, guint32, i) >> 16);
      const gint16 two = (gint16)(g_array_index (heard, guint32, i - 1) >> 16);
      g_assert_cmpint (ABS (one - two), <=, 4);
    }
}

/* What is said to be heard is what the sink renders at that moment. */
static void
test_position (void)
{
  guint64 c;
  g_autoptr (GstRig) rig = play_c (&c, RATE / 5);
  gint64 last = 0;

  for (guint i = 0; i < 50; i++)
    {
      gst_rig_run (rig, 7);
      const guint rendered = gst_tap_count (&rig->tap);
      const gint64 position = gst_rig_get_position_ms (rig, c);
      g_assert_cmpint (position, >=, last);
      g_assert_cmpint (ABS (position - to_ms (rendered)), <=, 25);
      last = position;
    }
  g_assert_cmpint (gst_rig_get_position_ms (rig, c + 1), ==, -1);
}

static void
add_tests (void)
{
  g_test_add_func ("/engine/pause", test_pause);
  g_test_add_func ("/engine/pause/before-start", test_pause_before_start);
  g_test_add_func ("/engine/stop", test_stop);
  g_test_add_func ("/engine/release", test_release);
  g_test_add_func ("/engine/replace", test_replace);
  g_test_add_func ("/engine/replace/by-bad", test_replace_by_bad);
  g_test_add_func ("/engine/silence", test_silence);
  g_test_add_func ("/engine/seek", test_seek);
  g_test_add_func ("/engine/seek/paused", test_seek_paused);
  g_test_add_func ("/engine/seek/beyond-end", test_seek_beyond_end);
  g_test_add_func ("/engine/start/beyond-end", test_start_beyond_end);
  g_test_add_func ("/engine/unload", test_unload);
  g_test_add_func ("/engine/volume", test_volume);
  g_test_add_func ("/engine/position", test_position);
}

int
main (int argc, char **argv)
{
  return gst_rig_main (argc, argv, add_tests);
}

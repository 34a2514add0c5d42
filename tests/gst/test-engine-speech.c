/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <stdlib.h>

#include "tests/gst/gst-audio.h"
#include "tests/gst/gst-talk.h"

/* What is spoken over that which plays, waits or is paused: neither loses or gains a sample. */

#define RATE 44100
#define FADE (RATE / 100)
#define RAMP (RATE / 5)
#define A GST_RIG_FILE_A
#define C GST_RIG_FILE_C
#define V 7
#define FRAMES_V 26111
#define LEVEL 16000

static gint16
left (GArray *heard, guint at)
{
  return (gint16)g_array_index (heard, guint32, at);
}

static guint64
load (GstRig *rig, const char *name, PlayerLoadMode mode)
{
  g_autofree char *url = gst_rig_url (name);

  return gst_rig_load (rig, url, 0, mode);
}

static void
wait_words (GstTalk *talk, const char *name)
{
  g_autofree char *words = gst_talk_file (name);

  gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, gst_talk_say (talk, 0, words, NULL));
}

/* --- paused --- */

/* All that is heard while it is held is what is said; then it goes on with the very next sample. */
static void
test_paused (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);
  const guint64 c = load (rig, "c.flac", PLAYER_LOAD_CURRENT);

  gst_rig_wait_frames (rig, RATE / 5);
  player_engine_pause (rig->engine);
  const gint64 paused_ms = gst_rig_find (rig, PLAYER_ENGINE_SILENCED, c)->offset_ms;
  gst_rig_settle (rig); /* words that come at once are heard over the fade-out */
  wait_words (talk, "v.wav");
  g_assert_cmpint (gst_rig_get_position_ms (rig, c), ==, paused_ms);
  wait_words (talk, "v.wav");
  player_engine_resume (rig->engine);
  g_assert_cmpint (gst_rig_wait (rig, PLAYER_ENGINE_RESUMED, c)->offset_ms, ==, paused_ms);
  gst_rig_wait_frames (rig, gst_tap_count (&rig->tap) + RATE / 5);
  g_assert_cmpuint (gst_rig_count (rig, PLAYER_ENGINE_UNDERRUN, c), ==, 0);
  g_assert_cmpuint (rig->tap.opened, ==, 1);

  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  const guint begin = gst_audio_skip_silence (heard, 0);
  guint at = gst_audio_find_fade (heard, begin, C, 0, FADE);
  const guint n = at - begin;
  at = gst_audio_assert_fade (heard, at, C, n, FADE, TRUE);
  for (guint i = 0; i < 2; i++)
    at = gst_audio_assert_run (heard, gst_audio_skip_silence (heard, at), V, 0, FRAMES_V);
  at = gst_audio_skip_silence (heard, at);
  at = gst_audio_assert_fade (heard, at, C, n + FADE, FADE, FALSE);
  g_assert_cmpuint (gst_audio_follow (heard, at, C, n + 2 * FADE), ==, heard->len);
}

/* Said while the fade-out of the pause is still on its way, and resumed while it is said. */
static void
test_paused_in_haste (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);
  const guint64 c = load (rig, "c.flac", PLAYER_LOAD_CURRENT);
  g_autofree char *v = gst_talk_recording ("v.wav");

  gst_rig_wait_frames (rig, RATE / 5);
  player_engine_pause (rig->engine);
  const guint64 id = gst_talk_say (talk, 0, v, NULL);
  gst_talk_wait (talk, PLAYER_SPEECH_STARTED, id);
  player_engine_resume (rig->engine);
  gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, id);
  const guint said = gst_tap_count (&rig->tap);
  const gint64 position_ms = gst_rig_get_position_ms (rig, c);
  gst_rig_wait_frames (rig, said + RATE); /* the limiter lets go */
  g_assert_cmpuint (gst_rig_count (rig, PLAYER_ENGINE_UNDERRUN, c), ==, 0);
  g_assert_cmpint (gst_rig_get_position_ms (rig, c), >, position_ms);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  guint at = heard->len - RATE / 10; /* what is heard now was not shifted by what was said */
  const guint32 frame = g_array_index (heard, guint32, at);
  const guint index = (frame & 0xffff) | (frame >> 16 & 0xff) << 16;
  gst_audio_assert_run (heard, at, C, index, index + RATE / 10);
}

/* --- ducked --- */

static double
assert_level (GArray *heard, guint from, guint to, double level)
{
  for (guint i = from; i < to; i++)
    g_assert_cmpfloat_with_epsilon (left (heard, i), level, MAX (level / 1000, 1.0));
  return level;
}

/* Down in 200 ms, exactly to the factor, and up again; no step is larger than the ramp's. */
static void
test_duck (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  const guint64 dc = load (rig, "dc.wav", PLAYER_LOAD_CURRENT);
  const double factor = 0.125;
  const double step = LEVEL * (1.0 - factor) / RAMP;

  gst_rig_wait (rig, PLAYER_ENGINE_STARTED, dc);
  gst_rig_wait_frames (rig, RATE / 5);
  player_engine_set_duck (rig->engine, factor);
  gst_rig_wait_frames (rig, RATE * 4 / 5);
  player_engine_set_duck (rig->engine, 1.0);
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, dc);
  gst_rig_settle (rig);

  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  const guint begin = gst_audio_skip_silence (heard, 0);
  guint down = begin;
  while (left (heard, down) == LEVEL)
    down++;
  g_assert_cmpuint (down - begin, >=, RATE / 5 - RATE / 20);
  for (guint i = down; i < down + RAMP; i++)
    g_assert_cmpfloat_with_epsilon (left (heard, i), LEVEL - (i - down + 1) * step, 1.0);
  guint up = down + RAMP;
  while (left (heard, up) == (gint16)(LEVEL * factor))
    up++;
  assert_level (heard, down + RAMP, up, LEVEL * factor);
  g_assert_cmpuint (up - down - RAMP, >, RATE / 4);
  for (guint i = up; i < up + RAMP; i++)
    {
      g_assert_cmpfloat_with_epsilon (left (heard, i), LEVEL * factor + (i - up + 1) * step, 1.5);
      g_assert_cmpint (abs (left (heard, i + 1) - left (heard, i)), <=, (int)step + 1);
    }
  assert_level (heard, up + RAMP, begin + 2 * RATE, LEVEL);
  gst_audio_assert_silent_end (heard, begin + 2 * RATE); /* not a sample less or more */
}

/* Set anew in the middle of a ramp: it turns without a jump. */
static void
test_duck_turns (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  const guint64 dc = load (rig, "dc.wav", PLAYER_LOAD_CURRENT);

  gst_rig_wait_frames (rig, RATE / 5);
  for (guint i = 0; i < 8; i++)
    {
      player_engine_set_duck (rig->engine, i % 2 == 0 ? 0.1 : 1.0);
      gst_rig_run (rig, 70);
    }
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, dc);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  const guint begin = gst_audio_skip_silence (heard, 0);
  for (guint i = begin; i + 1 < begin + 2 * RATE; i++)
    g_assert_cmpint (abs (left (heard, i + 1) - left (heard, i)), <=, LEVEL / RAMP + 1);
  assert_level (heard, begin + RATE * 3 / 2, begin + 2 * RATE, LEVEL);
}

/* Where nothing is heard there is nothing to be ramped. */
static void
test_duck_before (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);

  player_engine_set_duck (rig->engine, 0.25);
  const guint64 dc = load (rig, "dc.wav", PLAYER_LOAD_CURRENT);
  gst_rig_wait (rig, PLAYER_ENGINE_STARTED, dc);
  gst_rig_wait_frames (rig, RATE / 2);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  const guint begin = gst_audio_skip_silence (heard, 0);
  assert_level (heard, begin, begin + RATE / 4, LEVEL * 0.25);
}

/* What plays goes on underneath, each sample at its place and at the factor; what is said is whole. */
static void
test_ducked (void)
{
  const double factor = 0.25;
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);
  const guint64 c = load (rig, "c.flac", PLAYER_LOAD_CURRENT);
  gint64 last_ms = 0;

  gst_rig_wait_frames (rig, RATE / 5);
  player_engine_set_duck (rig->engine, factor);
  gst_rig_run (rig, 350);
  g_autofree char *words = gst_talk_file ("flat.wav");
  const guint64 id = gst_talk_say (talk, 0, words, "break:50", words, NULL);
  while (gst_talk_count (talk, PLAYER_SPEECH_FINISHED, id) == 0)
    {
      const gint64 position_ms = gst_rig_get_position_ms (rig, c);

      g_assert_cmpint (position_ms, >=, last_ms);
      last_ms = position_ms;
      gst_rig_run (rig, 5);
    }
  const guint over = gst_tap_count (&rig->tap);
  player_engine_set_duck (rig->engine, 1.0);
  gst_rig_wait_frames (rig, over + RATE / 2);
  g_assert_cmpuint (gst_rig_count (rig, PLAYER_ENGINE_UNDERRUN, c), ==, 0);

  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  const guint begin = gst_audio_skip_silence (heard, 0);
  const guint down = gst_audio_follow (heard, begin, C, 0);
  guint said = 0;
  guint first = 0;
  guint last = 0;
  for (guint i = down + RAMP; i < over; i++)
    {
      const double content = (gint16)gst_audio_code (C, i - begin) * factor;
      const double rest = left (heard, i) - content;

      if (rest > 4000.0)
        {
          g_assert_cmpfloat_with_epsilon (rest, 8000.0, 1.0);
          first = said++ == 0 ? i : first;
          last = i;
        }
      else
        g_assert_cmpfloat_with_epsilon (rest, 0.0, 1.0);
    }
  g_assert_cmpuint (said, ==, 2 * 9001);
  g_assert_cmpuint (last - first + 1, ==, 2 * 9001 + RATE / 20);
  const guint up = heard->len - RATE / 10;
  gst_audio_assert_run (heard, up, C, up - begin, up - begin + RATE / 10);
}

/* More than full level together: turned down for as long as that lasts, nowhere beyond; before it and
 * some time after it each sample is what it was. */
static void
test_loud (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);
  const guint64 loud = load (rig, "loud.wav", PLAYER_LOAD_CURRENT);

  gst_rig_wait_frames (rig, RATE / 10);
  wait_words (talk, "loud-words.wav");
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, loud);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  const guint begin = gst_audio_skip_silence (heard, 0);
  guint both = 0;
  for (guint i = begin; i < begin + 2 * RATE; i++)
    {
      g_assert_cmpint (left (heard, i), >=, 16000);
      both += left (heard, i) > 32000;
    }
  g_assert_cmpuint (both, ==, FRAMES_V);
  assert_level (heard, begin, begin + RATE / 20, 20000);
  for (guint i = begin + 2 * RATE - RATE / 20; i < begin + 2 * RATE; i++)
    g_assert_cmpint (left (heard, i), ==, 20000);
}

/* --- the rate of the output --- */

/* What follows what was said alone has the output at its own rate. */
static void
test_then_content (gconstpointer data)
{
  const guint after_ms = GPOINTER_TO_UINT (data);
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);
  g_autofree char *words = gst_talk_file ("p.wav");
  const guint64 id = gst_talk_say (talk, 0, words, NULL);

  gst_talk_wait (talk, PLAYER_SPEECH_STARTED, id);
  if (after_ms > 0)
    gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, id);
  if (after_ms > 1)
    gst_rig_run (rig, after_ms);
  const guint64 a = load (rig, "a.flac", PLAYER_LOAD_CURRENT);
  gst_rig_wait (rig, PLAYER_ENGINE_STARTED, a);
  g_assert_cmpuint (gst_talk_count (talk, PLAYER_SPEECH_FINISHED, id), ==, 1);
  g_assert_cmpuint (rig->tap.rate, ==, RATE);
  g_assert_cmpuint (rig->tap.opened, <=, 2); /* once for each, unless it rested between them */
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, a);
  g_assert_cmpuint (gst_rig_count (rig, PLAYER_ENGINE_UNDERRUN, a), ==, 0);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  guint at = gst_audio_assert_run (heard, gst_audio_skip_silence (heard, 0), GST_TALK_FILE_P, 0,
                                   GST_TALK_FRAMES_P);
  at = gst_audio_assert_run (heard, gst_audio_skip_silence (heard, at), A, 0, GST_RIG_FRAMES_A);
  gst_audio_assert_silent_end (heard, at);
}

/* What waits, decoded, gives the rate to what is said before it; nothing is opened twice. */
static void
test_before_content (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);
  const guint64 a = load (rig, "a.flac", PLAYER_LOAD_CURRENT);

  player_engine_pause (rig->engine);
  gst_rig_wait (rig, PLAYER_ENGINE_READY, a);
  wait_words (talk, "v.wav");
  g_assert_cmpuint (gst_rig_count (rig, PLAYER_ENGINE_STARTED, a), ==, 0);
  player_engine_resume (rig->engine);
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, a);
  g_assert_cmpuint (rig->tap.opened, ==, 1);
  g_assert_cmpuint (rig->tap.rate, ==, RATE);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  guint at = gst_audio_assert_run (heard, gst_audio_skip_silence (heard, 0), V, 0, FRAMES_V);
  at = gst_audio_assert_run (heard, gst_audio_skip_silence (heard, at), A, 0, GST_RIG_FRAMES_A);
  gst_audio_assert_silent_end (heard, at);
}

/* The stream becomes known between the words' being asked for and their being there. */
static void
test_rate_in_between (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, "sh -c 'sleep 0.5; xargs cat'", 5000);
  g_autofree char *words = gst_talk_file ("v.wav");
  const guint64 id = gst_talk_say (talk, 0, words, NULL);
  const guint64 c = load (rig, "c.flac", PLAYER_LOAD_CURRENT);

  gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, id);
  g_assert_cmpuint (rig->tap.opened, ==, 1);
  g_assert_cmpuint (gst_rig_count (rig, PLAYER_ENGINE_STARTED, c), ==, 1);
  g_assert_cmpuint (gst_rig_count (rig, PLAYER_ENGINE_UNDERRUN, c), ==, 0);
}

/* --- ends --- */

/* A stream's end is told when it has been heard, though it is still being spoken. */
static void
test_end_underneath (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);
  const guint64 a = load (rig, "a.flac", PLAYER_LOAD_CURRENT);
  g_autofree char *words = gst_talk_file ("v.wav");

  gst_rig_wait (rig, PLAYER_ENGINE_STARTED, a);
  const guint64 id = gst_talk_say (talk, 0, words, words, words, words, NULL);
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, a);
  g_assert_cmpuint (gst_talk_count (talk, PLAYER_SPEECH_FINISHED, id), ==, 0);
  const guint64 next = load (rig, "b.flac", PLAYER_LOAD_CURRENT);
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, next);
  g_assert_cmpuint (gst_talk_count (talk, PLAYER_SPEECH_FINISHED, id), ==, 0);
  gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, id);
  g_assert_cmpuint (rig->tap.opened, ==, 1);
}

/* Stopping either leaves the other alone. */
static void
test_stop_one (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);
  g_autofree char *words = gst_talk_file ("v.wav");
  const guint64 c = load (rig, "c.flac", PLAYER_LOAD_CURRENT);
  guint64 id = gst_talk_say (talk, 0, words, NULL);

  gst_rig_wait (rig, PLAYER_ENGINE_STARTED, c);
  gst_talk_wait (talk, PLAYER_SPEECH_STARTED, id);
  player_speech_stop (talk->speech);
  gst_rig_run (rig, 200);
  const guint from = gst_tap_count (&rig->tap);
  gst_rig_wait_frames (rig, from + RATE / 5);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  const guint32 frame = g_array_index (heard, guint32, from);
  const guint index = (frame & 0xffff) | (frame >> 16 & 0xff) << 16;
  gst_audio_assert_run (heard, from, C, index, index + RATE / 5);

  id = gst_talk_say (talk, 0, words, words, NULL);
  gst_talk_wait (talk, PLAYER_SPEECH_STARTED, id);
  player_engine_stop (rig->engine);
  gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, id);
  gst_rig_settle (rig);
  g_autoptr (GArray) all = gst_tap_dup_frames (&rig->tap);
  guint end = all->len;
  while (g_array_index (all, guint32, end - 1) == 0)
    end--;
  gst_audio_assert_run (all, end - FRAMES_V, V, 0, FRAMES_V);
}

static void
write_level (const char *name, gint16 level, guint frames)
{
  g_autofree char *path = gst_rig_path (name);
  g_autoptr (GArray) wav = g_array_new (FALSE, FALSE, sizeof (guint32));
  const guint32 frame = (guint16)level | (guint32)(guint16)level << 16;

  for (guint i = 0; i < frames; i++)
    g_array_append_val (wav, frame);
  gst_audio_write_frames (path, wav, RATE, 2);
}

static void
add_tests (void)
{
  g_autofree char *v = gst_rig_path ("v.wav");

  gst_talk_make_audio ();
  gst_audio_write_wav (v, V, FRAMES_V, RATE);
  write_level ("dc.wav", LEVEL, 2 * RATE);
  write_level ("flat.wav", 8000, 9001);
  write_level ("loud.wav", 20000, 2 * RATE);
  write_level ("loud-words.wav", 20000, FRAMES_V);
  g_test_add_func ("/engine/speech/paused", test_paused);
  g_test_add_func ("/engine/speech/paused/in-haste", test_paused_in_haste);
  g_test_add_func ("/engine/speech/duck", test_duck);
  g_test_add_func ("/engine/speech/duck/turns", test_duck_turns);
  g_test_add_func ("/engine/speech/duck/before", test_duck_before);
  g_test_add_func ("/engine/speech/ducked", test_ducked);
  g_test_add_func ("/engine/speech/loud", test_loud);
  g_test_add_data_func ("/engine/speech/then/during", GUINT_TO_POINTER (0), test_then_content);
  g_test_add_data_func ("/engine/speech/then/at-once", GUINT_TO_POINTER (1), test_then_content);
  g_test_add_data_func ("/engine/speech/then/later", GUINT_TO_POINTER (300), test_then_content);
  g_test_add_data_func ("/engine/speech/then/released", GUINT_TO_POINTER (2500), test_then_content);
  g_test_add_func ("/engine/speech/before", test_before_content);
  g_test_add_func ("/engine/speech/in-between", test_rate_in_between);
  g_test_add_func ("/engine/speech/end-underneath", test_end_underneath);
  g_test_add_func ("/engine/speech/stop-one", test_stop_one);
}

int
main (int argc, char **argv)
{
  return gst_rig_main (argc, argv, add_tests);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <math.h>
#include <stdlib.h>

#include "tests/gst/fault-server.h"
#include "tests/gst/gst-audio.h"
#include "tests/gst/gst-rig.h"

/* What flows through the pump: switches, volume, loudness, and networks that are too slow. */

#define RATE 44100
#define LEVEL 16000
#define SECONDS 3

/* --- sines --- */

/* The largest step between two samples of a steady sine. */
static int
get_own_step (double hertz, double level)
{
  return (int)(2.0 * G_PI * hertz / RATE * level) + 2;
}

static void
write_sine_at (const char *name, double hertz, guint seconds, guint rate)
{
  g_autofree char *path = gst_rig_path (name);
  g_autoptr (GArray) frames = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; i < seconds * rate; i++)
    {
      const guint16 sample = (guint16)(gint16)lrint (LEVEL * cos (2.0 * G_PI * hertz * i / rate));
      const guint32 frame = sample | (guint32)sample << 16;

      g_array_append_val (frames, frame);
    }
  gst_audio_write_frames (path, frames, rate, 2);
}

static void
write_sine (const char *name, double hertz)
{
  write_sine_at (name, hertz, SECONDS, RATE);
}

static gint16
left (GArray *heard, guint at)
{
  return (gint16)(g_array_index (heard, guint32, at) & 0xffff);
}

/* Between @from and @to: no step larger than @step, nowhere silence, nothing at full level. */
static void
assert_smooth (GArray *heard, guint from, guint to, int step)
{
  guint silent = 0;

  for (guint i = from + 1; i < to; i++)
    {
      g_assert_cmpint (abs (left (heard, i) - left (heard, i - 1)), <=, step);
      g_assert_cmpint (abs (left (heard, i)), <, 32767);
      silent = g_array_index (heard, guint32, i) == 0 ? silent + 1 : 0;
      g_assert_cmpuint (silent, <, 3);
    }
}

/* Replaced and sought again and again: what was fades into what comes, at full power. Two sines that
 * are alike may add up to 3 dB for a moment. */
static void
test_switch (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autofree char *low = gst_rig_url ("low.wav");
  g_autofree char *high = gst_rig_url ("high.wav");
  guint64 id = gst_rig_load (rig, low, 0, PLAYER_LOAD_CURRENT);

  gst_rig_wait (rig, PLAYER_ENGINE_STARTED, id);
  for (guint i = 0; i < 12; i++)
    {
      gst_rig_wait_frames (rig, gst_tap_count (&rig->tap) + RATE / 20);
      if (i % 3 == 2)
        {
          player_engine_seek (rig->engine, id, 100 * i);
          gst_rig_wait (rig, PLAYER_ENGINE_SEEKED, id);
          continue;
        }
      id = gst_rig_load (rig, i % 2 == 0 ? high : low, 7 * i, PLAYER_LOAD_CURRENT);
      gst_rig_wait (rig, PLAYER_ENGINE_STARTED, id);
    }
  gst_rig_wait_frames (rig, gst_tap_count (&rig->tap) + RATE / 10);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  assert_smooth (heard, gst_audio_skip_silence (heard, 0), heard->len,
                 (int)(1.5 * get_own_step (660.0, LEVEL)));
}

/* A tone that goes on in files of other rates, joined where it is loudest: the worst place for what a
 * resampler makes of an end and of a beginning. */
static void
test_rates (void)
{
  static const guint rates[] = { RATE, 48000, 32000, RATE, 96000 };
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  guint64 id = 0;

  for (guint i = 0; i < G_N_ELEMENTS (rates); i++)
    {
      g_autofree char *name = g_strdup_printf ("tone-%u.wav", rates[i]);
      g_autofree char *url = gst_rig_url (name);

      write_sine_at (name, 440.0, 1, rates[i]);
      id = gst_rig_load (rig, url, 0, i == 0 ? PLAYER_LOAD_CURRENT : PLAYER_LOAD_NEXT);
      gst_rig_wait (rig, PLAYER_ENGINE_STARTED, id);
    }
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, id);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  const guint begin = gst_audio_skip_silence (heard, 0);
  assert_smooth (heard, begin, begin + G_N_ELEMENTS (rates) * RATE - 100,
                 (int)(1.1 * get_own_step (440.0, LEVEL)));
}

/* The power at a switch: with what has nothing to do with each other it stays what it is. */
static void
test_switch_power (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autofree char *low = gst_rig_url ("low.wav");
  g_autofree char *high = gst_rig_url ("high.wav");
  double least = G_MAXDOUBLE;

  gst_rig_wait (rig, PLAYER_ENGINE_STARTED, gst_rig_load (rig, low, 0, PLAYER_LOAD_CURRENT));
  gst_rig_wait_frames (rig, RATE / 5);
  gst_rig_wait (rig, PLAYER_ENGINE_STARTED, gst_rig_load (rig, high, 0, PLAYER_LOAD_CURRENT));
  gst_rig_wait_frames (rig, gst_tap_count (&rig->tap) + RATE / 5);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  for (guint at = gst_audio_skip_silence (heard, 0); at + 200 < heard->len; at += 20)
    {
      double power = 0.0;

      for (guint i = 0; i < 200; i++)
        power += pow (left (heard, at + i) / (double)LEVEL, 2.0) / 200;
      least = MIN (least, power);
    }
  g_assert_cmpfloat (least, >, 0.2); /* a steady one: 0.5, 4.5 ms of it between 0.4 and 0.6 */
}

/* A slider that is drawn to and fro: no step and no bend that the sine has not itself. */
static void
test_volume_steps (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autofree char *low = gst_rig_url ("low.wav");
  const guint64 id = gst_rig_load (rig, low, 0, PLAYER_LOAD_CURRENT);
  const double own_bend = LEVEL * pow (2.0 * G_PI * 440.0 / RATE, 2.0);

  gst_rig_wait (rig, PLAYER_ENGINE_STARTED, id);
  gst_rig_wait_frames (rig, RATE / 10);
  for (guint i = 0; i < 200; i++)
    {
      player_engine_set_volume (rig->engine, (double)((i * 7) % 11) / 10.0, i % 31 == 30);
      gst_rig_run (rig, 5);
    }
  player_engine_set_volume (rig->engine, 1.0, FALSE);
  gst_rig_wait_frames (rig, gst_tap_count (&rig->tap) + RATE / 5);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  for (guint i = gst_audio_skip_silence (heard, 0) + 2; i < heard->len; i++)
    {
      const int bend = left (heard, i) - 2 * left (heard, i - 1) + left (heard, i - 2);

      g_assert_cmpint (abs (left (heard, i) - left (heard, i - 1)), <=,
                       get_own_step (440.0, LEVEL) + LEVEL * 50 / RATE + 2);
      /* where the ramp turns: its steps before and after it, at most */
      g_assert_cmpfloat (abs (bend), <=, own_bend + 2.0 * LEVEL * 50 / RATE + 4.0);
    }
}

/* --- loudness --- */

/* name.flac of name.wav, with tags. */
static void
write_tagged (const char *from, const char *to, const char *tags)
{
  g_autofree char *source = gst_rig_path (from);
  g_autofree char *target = gst_rig_path (to);
  g_autofree char *pipeline
      = g_strdup_printf ("filesrc location=%s ! wavparse ! taginject tags=\"%s\" ! flacenc ! "
                         "filesink location=%s",
                         source, tags, target);

  gst_audio_run_pipeline (pipeline);
}

static GstRig *
new_loud_rig (PlayerGstLoudness loudness, int preamp_db)
{
  GstRig *rig = gst_rig_new_with_sink (NULL);
  g_autofree char *sink = gst_tap_describe (&rig->tap, TRUE);
  PlayerGstEngineOptions options = PLAYER_GST_ENGINE_OPTIONS_INIT;

  options.sink = sink;
  options.loudness = loudness;
  options.loudness_preamp_db = preamp_db;
  options.loudness_fallback_db = 0;
  gst_rig_start (rig, &options);
  return rig;
}

static int
find_peak (GArray *heard, guint from, guint to)
{
  int peak = 0;

  for (guint i = from; i < to; i++)
    peak = MAX (peak, abs (left (heard, i)));
  return peak;
}

/* Each joined item has its own factor, from its first sample on: soft by 6 dB, then as it is. */
static void
test_track_gain (void)
{
  g_autoptr (GstRig) rig = new_loud_rig (PLAYER_GST_LOUDNESS_TRACK, 0);
  g_autofree char *soft = gst_rig_url ("soft.flac");
  g_autofree char *plain = gst_rig_url ("low.wav");
  const guint64 one = gst_rig_load (rig, soft, 0, PLAYER_LOAD_CURRENT);
  const guint64 two = gst_rig_load (rig, plain, 0, PLAYER_LOAD_NEXT);

  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, one);
  gst_rig_wait (rig, PLAYER_ENGINE_STARTED, two);
  gst_rig_wait_frames (rig, SECONDS * RATE + RATE / 2);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  const guint begin = gst_audio_skip_silence (heard, 0);
  const guint join = begin + SECONDS * RATE;
  g_assert_cmpint (abs (left (heard, begin) - LEVEL / 2), <=, 1);
  g_assert_cmpint (find_peak (heard, begin, join), <=, LEVEL / 2 + 1);
  g_assert_cmpint (left (heard, join), ==, LEVEL);
  g_assert_cmpint (find_peak (heard, join, heard->len), ==, LEVEL);
}

/* 12 dB louder than there is room: limited, and never wrapped. */
static void
test_album_gain (void)
{
  g_autoptr (GstRig) rig = new_loud_rig (PLAYER_GST_LOUDNESS_ALBUM, 6);
  g_autofree char *url = gst_rig_url ("soft.flac");

  gst_rig_wait (rig, PLAYER_ENGINE_STARTED, gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT));
  gst_rig_wait_frames (rig, RATE / 2);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  const guint begin = gst_audio_skip_silence (heard, 0);
  g_assert_cmpint (find_peak (heard, begin, heard->len), >=, 32000);
  for (guint i = begin + RATE / 10; i < heard->len; i++)
    g_assert_cmpint (abs (left (heard, i) - left (heard, i - 1)), <=,
                     get_own_step (440.0, 32767 * 1.3));
}

/* --- networks --- */

/* Half as fast as it would have to be: few gaps, each longer than the last one, and every sample. */
static void
test_too_slow (void)
{
  g_autofree char *root = g_strdup (g_getenv ("GST_RIG_AUDIO"));
  g_autoptr (GError) error = NULL;
  g_autoptr (FaultServer) server = fault_server_new (root, NULL, 0, &error);
  g_assert_no_error (error);
  g_autofree char *url = fault_server_url (server, "/short.wav?fault=slow:88200");
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  const guint64 id = gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT);
  guint index = 0;
  guint gaps = 0;

  gst_rig_wait (rig, PLAYER_ENGINE_STARTED, id);
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, id);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  guint at = gst_audio_skip_silence (heard, 0);
  while (TRUE)
    {
      const guint end = gst_audio_follow (heard, at, 9, index);

      index += end - at;
      if (index == SECONDS * RATE)
        break;
      gaps++;
      at = gst_audio_skip_silence (heard, end);
      at = gst_audio_assert_fade (heard, at, 9, index, 441, FALSE);
      index += 441;
    }
  g_test_message ("%u gaps", gaps);
  g_assert_cmpuint (gaps, <=, 5);
  g_assert_cmpuint (gst_rig_count (rig, PLAYER_ENGINE_UNDERRUN, id), <=, gaps);
  g_assert_cmpuint (gst_rig_count (rig, PLAYER_ENGINE_UNDERRUN, id), >=, 1);
}

static void
add_tests (void)
{
  g_autofree char *path = gst_rig_path ("short.wav");

  write_sine ("low.wav", 440.0);
  write_sine ("high.wav", 660.0);
  write_tagged ("low.wav", "soft.flac", "replaygain-track-gain=-6.0206,replaygain-album-gain=6.0");
  gst_audio_write_wav (path, 9, SECONDS * RATE, RATE);
  g_test_add_func ("/flow/switch", test_switch);
  g_test_add_func ("/flow/rates", test_rates);
  g_test_add_func ("/flow/switch/power", test_switch_power);
  g_test_add_func ("/flow/volume/steps", test_volume_steps);
  g_test_add_func ("/flow/loudness/track", test_track_gain);
  g_test_add_func ("/flow/loudness/album", test_album_gain);
  g_test_add_func ("/flow/too-slow", test_too_slow);
}

int
main (int argc, char **argv)
{
  return gst_rig_main (argc, argv, add_tests);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <string.h>

#include "tests/gst/gst-audio.h"
#include "tests/gst/gst-rig.h"

/* Other formats, counted between two files whose frames have names: @before and @after are joined
 * to them, and what lies between is as long as it was before it was encoded. */

#define RATE 44100
#define A GST_RIG_FILE_A
#define B GST_RIG_FILE_B

/* Plays a.flac, @name, b.flac; returns what was heard, and where @name begins and ends. */
static GArray *
play_between (const char *name, guint *begin, guint *end)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autofree char *before = gst_rig_url ("a.flac");
  g_autofree char *middle = gst_rig_url (name);
  g_autofree char *after = gst_rig_url ("b.flac");
  const guint64 one = gst_rig_load (rig, before, 0, PLAYER_LOAD_CURRENT);
  const guint64 two = gst_rig_load (rig, middle, 0, PLAYER_LOAD_NEXT);

  gst_rig_wait (rig, PLAYER_ENGINE_STARTED, two);
  const guint64 three = gst_rig_load (rig, after, 0, PLAYER_LOAD_NEXT);
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, three);
  g_assert_nonnull (gst_rig_find (rig, PLAYER_ENGINE_FINISHED, one));
  gst_rig_settle (rig);
  GArray *heard = gst_tap_dup_frames (&rig->tap);
  *begin = gst_audio_assert_run (heard, gst_audio_skip_silence (heard, 0), A, 0, GST_RIG_FRAMES_A);
  for (*end = *begin; *end < heard->len; (*end)++)
    if (gst_audio_follow (heard, *end, B, 0) - *end == GST_RIG_FRAMES_B)
      break;
  g_assert_cmpuint (*end, <, heard->len);
  return heard;
}

static void
encode_mp3 (const char *wav, const char *mp3)
{
  const char *const command[] = { LAME, "--quiet", "-b", "320", wav, mp3, NULL };
  g_autoptr (GError) error = NULL;
  gint status = -1;

  g_spawn_sync (NULL, (char **)command, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

static void
test_mp3 (void)
{
  g_autofree char *wav = gst_rig_path ("noise.wav");
  g_autofree char *mp3 = gst_rig_path ("noise.mp3");
  g_autoptr (GArray) noise = gst_audio_make_noise (33333);
  guint begin;
  guint end;

  gst_audio_write_frames (wav, noise, RATE, 2);
  encode_mp3 (wav, mp3);
  g_autoptr (GArray) heard = play_between ("noise.mp3", &begin, &end);
  g_assert_cmpuint (end - begin, ==, 33333);
  g_assert_cmpfloat (gst_audio_correlate (heard, begin, noise, 33333), >, 0.8);
  g_assert_cmpfloat (gst_audio_correlate (heard, begin + 1, noise, 33333), <, 0.5);
  g_assert_cmpfloat (gst_audio_correlate (heard, begin - 1, noise, 33333), <, 0.5);
}

static void
test_mp3_offset (void)
{
  static const gint64 offsets_ms[] = { 1, 333, 2000, 4321 };
  g_autofree char *wav = gst_rig_path ("long.wav");
  g_autofree char *mp3 = gst_rig_path ("long.mp3");
  g_autofree char *url = gst_rig_url ("long.mp3");
  g_autoptr (GArray) noise = gst_audio_make_noise (5 * RATE);

  gst_audio_write_frames (wav, noise, RATE, 2);
  encode_mp3 (wav, mp3);
  for (guint i = 0; i < G_N_ELEMENTS (offsets_ms); i++)
    {
      g_autoptr (GstRig) rig = gst_rig_new (TRUE);
      const guint first = (guint)((offsets_ms[i] * RATE + 500) / 1000);
      const guint64 load = gst_rig_load (rig, url, offsets_ms[i], PLAYER_LOAD_CURRENT);

      gst_rig_wait (rig, PLAYER_ENGINE_STARTED, load);
      gst_rig_wait_frames (rig, 9000);
      g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
      g_autoptr (GArray) rest = g_array_copy (noise);
      g_array_remove_range (rest, 0, first);
      const guint at = gst_audio_skip_silence (heard, 0);
      g_assert_cmpfloat (gst_audio_correlate (heard, at, rest, 8000), >, 0.8);
    }
}

/* Resampled to what the output was opened with: as long, to the frame that rounding gives or takes.
 */
static void
test_other_rate (void)
{
  g_autofree char *wav = gst_rig_path ("d48.wav");
  guint begin;
  guint end;

  gst_audio_write_wav (wav, 4, 24000, 48000);
  g_autoptr (GArray) heard = play_between ("d48.wav", &begin, &end);
  g_assert_cmpuint (end - begin, >=, 22049);
  g_assert_cmpuint (end - begin, <=, 22051);
}

/* The first item says at which rate the output is opened: nothing is resampled without need. */
static void
test_first_rate (void)
{
  g_autofree char *wav = gst_rig_path ("e48.wav");
  g_autofree char *url = gst_rig_url ("e48.wav");
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);

  gst_audio_write_wav (wav, 5, 12345, 48000);
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT));
  g_assert_cmpuint (rig->tap.rate, ==, 48000);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  gst_audio_assert_silent_end (
      heard, gst_audio_assert_run (heard, gst_audio_skip_silence (heard, 0), 5, 0, 12345));
}

static void
test_mono (void)
{
  g_autofree char *wav = gst_rig_path ("mono.wav");
  g_autoptr (GArray) noise = gst_audio_make_noise (9999);
  guint begin;
  guint end;

  gst_audio_write_frames (wav, noise, RATE, 1);
  g_autoptr (GArray) heard = play_between ("mono.wav", &begin, &end);
  g_assert_cmpuint (end - begin, ==, 9999);
  for (guint i = 0; i < 9999; i++)
    g_assert_cmphex (g_array_index (heard, guint32, begin + i), ==,
                     g_array_index (noise, guint32, i));
}

/* Six channels become two, and no frame is lost over it. */
static void
test_surround (void)
{
  g_autofree char *stereo = gst_rig_path ("front.wav");
  g_autofree char *wav = gst_rig_path ("surround.wav");
  g_autoptr (GArray) noise = gst_audio_make_noise (9999);
  guint begin;
  guint end;

  gst_audio_write_frames (stereo, noise, RATE, 2);
  g_autofree char *pipeline = g_strdup_printf (
      "filesrc location=%s ! wavparse ! audioconvert ! "
      "audio/x-raw,channels=6,channel-mask=(bitmask)0x3f ! wavenc ! filesink location=%s",
      stereo, wav);
  gst_audio_run_pipeline (pipeline);
  g_autoptr (GArray) heard = play_between ("surround.wav", &begin, &end);
  g_assert_cmpuint (end - begin, ==, 9999);
  g_assert_cmpfloat (gst_audio_correlate (heard, begin, noise, 9999), >, 0.5);
  g_assert_cmpfloat (gst_audio_correlate (heard, begin + 1, noise, 9999), <, 0.3);
}

/* (transfer full): the samples of a WAV, without what stands before and behind them. */
static GBytes *
read_samples (const char *path)
{
  char *data;
  gsize length;
  guint32 size;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &data, &length, &error);
  g_assert_no_error (error);
  g_autoptr (GBytes) all = g_bytes_new_take (data, length);
  const char *chunk = memmem (data, length, "data", 4);
  g_assert_nonnull (chunk);
  memcpy (&size, chunk + 4, sizeof size);
  return g_bytes_new_from_bytes (all, (gsize)(chunk + 8 - data), GUINT32_FROM_LE (size));
}

/* Into a sink that takes 24 bit 24 bit go as they are. */
static void
test_24_bit (void)
{
  g_autofree char *wav = gst_rig_path ("deep.wav");
  g_autofree char *out = gst_rig_path ("deep.raw");
  g_autofree char *url = gst_rig_url ("deep.wav");
  g_autofree char *make = g_strdup_printf ("audiotestsrc wave=white-noise num-buffers=20 ! "
                                           "audio/x-raw,format=S24LE,rate=44100,channels=2 "
                                           "! wavenc ! filesink location=%s",
                                           wav);
  g_autofree char *sink = g_strdup_printf (
      "capsfilter caps=audio/x-raw,format=S24LE,rate=44100 ! filesink sync=true location=%s", out);
  g_autofree char *heard = NULL;
  gsize heard_bytes;

  gst_audio_run_pipeline (make);
  {
    g_autoptr (GstRig) rig = gst_rig_new_with_sink (sink);

    gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT));
  }
  g_autoptr (GBytes) samples = read_samples (wav);
  gsize bytes;
  const void *wanted = g_bytes_get_data (samples, &bytes);
  g_assert_cmpuint (bytes, ==, 20 * 1024 * 6);
  g_assert_true (g_file_get_contents (out, &heard, &heard_bytes, NULL));
  g_assert_nonnull (memmem (heard, heard_bytes, wanted, bytes));
}

static void
test_tags (void)
{
  g_autofree char *wav = gst_rig_path ("a.wav");
  g_autofree char *flac = gst_rig_path ("tags.flac");
  g_autofree char *url = gst_rig_url ("tags.flac");
  g_autofree char *pipeline = g_strdup_printf (
      "filesrc location=%s ! wavparse ! taginject tags=\"title=Sooner,artist=Later,album=Or\" "
      "! flacenc ! filesink location=%s",
      wav, flac);
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);

  gst_audio_run_pipeline (pipeline);
  const guint64 load = gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT);
  const PlayerEngineEvent *tags = gst_rig_wait (rig, PLAYER_ENGINE_TAGS, load);
  g_assert_true (tags > gst_rig_find (rig, PLAYER_ENGINE_STARTED, load));
  g_assert_cmpstr (rig->title, ==, "Sooner");
}

/* AAC in MP4 has no exact length in GStreamer 1.22 (the last packet is dropped), but it joins and
 * ends, and an offset lands. */
static void
test_m4a (void)
{
  g_autofree char *wav = gst_rig_path ("m4a.wav");
  g_autofree char *m4a = gst_rig_path ("m4a.m4a");
  g_autofree char *url = gst_rig_url ("m4a.m4a");
  g_autofree char *pipeline = g_strdup_printf (
      "filesrc location=%s ! wavparse ! audioconvert ! avenc_aac bitrate=256000 ! mp4mux "
      "faststart=true ! filesink location=%s",
      wav, m4a);
  g_autoptr (GArray) noise = gst_audio_make_noise (2 * RATE);
  guint begin;
  guint end;

  gst_audio_write_frames (wav, noise, RATE, 2);
  gst_audio_run_pipeline (pipeline);
  g_autoptr (GArray) heard = play_between ("m4a.m4a", &begin, &end);
  g_assert_cmpuint (end - begin, >, 2 * RATE - 3000);
  g_assert_cmpuint (end - begin, <, 2 * RATE + 3000);

  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  const guint64 load = gst_rig_load (rig, url, 1500, PLAYER_LOAD_CURRENT);
  g_assert_cmpint (gst_rig_wait (rig, PLAYER_ENGINE_STARTED, load)->offset_ms, ==, 1500);
  const gint64 end_ms = gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, load)->offset_ms;
  g_assert_cmpint (ABS (end_ms - 2000), <, 70);
}

static void
add_tests (void)
{
  g_test_add_func ("/engine/m4a", test_m4a);
  g_test_add_func ("/engine/mp3/join", test_mp3);
  g_test_add_func ("/engine/mp3/offset", test_mp3_offset);
  g_test_add_func ("/engine/rate/other", test_other_rate);
  g_test_add_func ("/engine/rate/first", test_first_rate);
  g_test_add_func ("/engine/mono", test_mono);
  g_test_add_func ("/engine/format/surround", test_surround);
  g_test_add_func ("/engine/format/24-bit", test_24_bit);
  g_test_add_func ("/engine/tags", test_tags);
}

int
main (int argc, char **argv)
{
  return gst_rig_main (argc, argv, add_tests);
}

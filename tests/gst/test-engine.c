/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "tests/gst/gst-audio.h"
#include "tests/gst/gst-rig.h"

/* Playing from end to end: joins, offsets and formats, counted in samples. */

static const struct
{
  guint file;
  guint frames;
} tracks[] = {
  { GST_RIG_FILE_A, GST_RIG_FRAMES_A },
  { GST_RIG_FILE_B, GST_RIG_FRAMES_B },
  { GST_RIG_FILE_A, GST_RIG_FRAMES_A },
};

static void
test_one (gconstpointer data)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autofree char *url = gst_rig_url (data);
  const guint64 a = gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT);

  g_assert_cmpint (gst_rig_wait (rig, PLAYER_ENGINE_STARTED, a)->offset_ms, ==, 0);
  const PlayerEngineEvent *end = gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, a);
  g_assert_cmpint (end->offset_ms, ==, 558);
  g_assert_cmpint (gst_rig_find (rig, PLAYER_ENGINE_DURATION, a)->duration_ms, ==, 558);
  g_assert_true (gst_rig_find (rig, PLAYER_ENGINE_DURATION, a)->seekable);
  g_assert_cmpuint (gst_rig_count (rig, PLAYER_ENGINE_READY, a), ==, 1);
  g_assert_cmpuint (gst_rig_count (rig, PLAYER_ENGINE_BUFFERED, a), ==, 1);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  const guint at = gst_audio_assert_run (heard, gst_audio_skip_silence (heard, 0), GST_RIG_FILE_A,
                                         0, GST_RIG_FRAMES_A);
  gst_audio_assert_silent_end (heard, at);
}

static void
test_join (gconstpointer data)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  const char *const *names = data;
  guint64 last = 0;

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *url = gst_rig_url (names[i]);

      if (i > 0)
        gst_rig_wait (rig, PLAYER_ENGINE_STARTED, last);
      last = gst_rig_load (rig, url, 0, i == 0 ? PLAYER_LOAD_CURRENT : PLAYER_LOAD_NEXT);
    }
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, last);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  guint at = gst_audio_skip_silence (heard, 0);
  for (guint i = 0; i < 3; i++)
    at = gst_audio_assert_run (heard, at, tracks[i].file, 0, tracks[i].frames);
  gst_audio_assert_silent_end (heard, at);
}

static void
test_offset (gconstpointer data)
{
  static const gint64 offsets_ms[] = { 1, 500, 1234, 10007, 15900 };

  for (guint i = 0; i < G_N_ELEMENTS (offsets_ms); i++)
    {
      g_autoptr (GstRig) rig = gst_rig_new (TRUE);
      g_autofree char *url = gst_rig_url (data);
      const guint64 c = gst_rig_load (rig, url, offsets_ms[i], PLAYER_LOAD_CURRENT);

      gst_rig_assert_start (rig, c, GST_RIG_FILE_C, offsets_ms[i]);
    }
}

static void
add_tests (void)
{
  static const char *const flac[] = { "a.flac", "b.flac", "a.flac" };
  static const char *const wav[] = { "a.wav", "b.wav", "a.wav" };
  static const char *const mixed[] = { "a.flac", "b.wav", "a.flac" };

  g_test_add_data_func ("/engine/one/flac", "a.flac", test_one);
  g_test_add_data_func ("/engine/one/wav", "a.wav", test_one);
  g_test_add_data_func ("/engine/join/flac", flac, test_join);
  g_test_add_data_func ("/engine/join/wav", wav, test_join);
  g_test_add_data_func ("/engine/join/mixed", mixed, test_join);
  g_test_add_data_func ("/engine/offset/flac", "c.flac", test_offset);
  g_test_add_data_func ("/engine/offset/wav", "c.wav", test_offset);
}

int
main (int argc, char **argv)
{
  return gst_rig_main (argc, argv, add_tests);
}

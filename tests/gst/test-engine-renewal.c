/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* Playlists whose signed URLs expire: the entry that is refused is told as the item's, and the renewed
 * playlist says where the same entry is to be had, which goes on at the very byte. Each frame is heard
 * once. */
#include <string.h>

#include "tests/gst/gst-audio.h"
#include "tests/gst/gst-scene.h"

#define A GST_RIG_FILE_A
#define B GST_RIG_FILE_B
#define EXPIRES "?fault=droponce:40001,statusafter:403"

static void
put (GstScene *scene, const char *path, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  fault_server_add (scene->server, path, bytes);
}

static void
refused (GstScene *scene, guint64 generation, guint times)
{
  const gint64 deadline_us = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  while (gst_rig_count (scene->rig, PLAYER_ENGINE_REFUSED, generation) < times)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);
      gst_rig_run (scene->rig, 5);
    }
}

/* A, and B behind it, were heard, as one stream. */
static void
assert_both (GstScene *scene, guint64 generation, guint refusals)
{
  guint gaps = 0;

  const gint64 end_ms = gst_rig_wait (scene->rig, PLAYER_ENGINE_FINISHED, generation)->offset_ms;
  const gint64 frames = GST_RIG_FRAMES_A + GST_RIG_FRAMES_B;
  g_assert_cmpint (ABS (end_ms - frames * 1000 / 44100), <=, 1);
  gst_rig_settle (scene->rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&scene->rig->tap);
  const guint at = gst_audio_assert_heard (heard, 0, A, 0, GST_RIG_FRAMES_A, &gaps);
  gst_audio_assert_silent_end (heard,
                               gst_audio_assert_heard (heard, at, B, 0, GST_RIG_FRAMES_B, &gaps));
  g_assert_cmpuint (gst_rig_count (scene->rig, PLAYER_ENGINE_STARTED, generation), ==, 1);
  g_assert_cmpuint (gst_rig_count (scene->rig, PLAYER_ENGINE_REFUSED, generation), ==, refusals);
  g_assert_cmpuint (gst_rig_count (scene->rig, PLAYER_ENGINE_SEEKED, generation), ==, 0);
}

/* In the middle of the first entry. */
static void
test_under_way (gconstpointer data)
{
  const gboolean other_file = GPOINTER_TO_INT (data);
  g_auto (GstScene) scene = { 0 };

  gst_scene_init (&scene);
  put (&scene, "/old.m3u", "#EXTM3U\na.wav" EXPIRES "\nb.wav?fault=status:403\n");
  put (&scene, "/new.m3u",
       other_file ? "a.flac?key=new\nb.wav?key=new\n" : "a.wav?key=new\nb.wav?key=new\n");
  const guint64 a = gst_scene_load (&scene, "/old.m3u", TRUE, 0);
  refused (&scene, a, 1);
  gst_scene_renew (&scene, a, "/new.m3u");
  assert_both (&scene, a, 1);
}

/* At its begin: as the first entry, and as the second one; the renewed URLs expire, too. */
static void
test_entries (void)
{
  g_auto (GstScene) scene = { 0 };

  gst_scene_init (&scene);
  put (&scene, "/old.pls",
       "[playlist]\nFile1=a.wav?fault=status:401\nFile2=b.wav\nNumberOfEntries=2\n");
  put (&scene, "/new.m3u", "a.wav?key=new\nb.wav?fault=status:403\n");
  put (&scene, "/newest.m3u", "a.wav?key=newest\nb.wav?key=newest\n");
  const guint64 a = gst_scene_load (&scene, "/old.pls", TRUE, 0);
  refused (&scene, a, 1);
  gst_scene_renew (&scene, a, "/new.m3u");
  refused (&scene, a, 2);
  gst_scene_renew (&scene, a, "/newest.m3u");
  assert_both (&scene, a, 2);
}

/* Those that lie in one another are all read again. */
static void
test_nested (void)
{
  g_auto (GstScene) scene = { 0 };

  gst_scene_init (&scene);
  put (&scene, "/old.m3u", "first.m3u\nsecond.m3u\n");
  put (&scene, "/first.m3u", "#EXTM3U\na.wav\n");
  put (&scene, "/second.m3u", "b.wav?fault=droponce:20001,statusafter:410\n");
  put (&scene, "/new.m3u", "third.m3u\nfourth.m3u\n");
  put (&scene, "/third.m3u", "#EXTM3U\na.wav?key=new\n");
  put (&scene, "/fourth.m3u", "b.wav?key=new\n");
  const guint64 a = gst_scene_load (&scene, "/old.m3u", TRUE, 0);
  refused (&scene, a, 1);
  gst_scene_renew (&scene, a, "/new.m3u");
  assert_both (&scene, a, 1);
}

/* What is renewed before it expires is not refused. */
static void
test_in_time (void)
{
  g_auto (GstScene) scene = { 0 };

  gst_scene_init (&scene);
  put (&scene, "/old.m3u", "a.wav?fault=slow:200000\nb.wav?fault=status:403\n");
  put (&scene, "/new.m3u", "a.wav?key=new\nb.wav?key=new\n");
  const guint64 a = gst_scene_load (&scene, "/old.m3u", TRUE, 0);
  gst_rig_wait (scene.rig, PLAYER_ENGINE_STARTED, a);
  gst_scene_renew (&scene, a, "/new.m3u");
  assert_both (&scene, a, 0);
}

/* The rest cannot be had: what there is of it is heard, then it says why. */
static void
assert_failed (const char *renewed, const char *text, const char *message)
{
  g_auto (GstScene) scene = { 0 };

  gst_scene_init (&scene);
  put (&scene, "/old.m3u", "#EXTM3U\na.wav" EXPIRES "\nb.wav\n");
  if (text != NULL)
    put (&scene, renewed, text);
  const guint64 a = gst_scene_load (&scene, "/old.m3u", TRUE, 0);
  refused (&scene, a, 1);
  gst_scene_renew (&scene, a, renewed);
  const PlayerEngineEvent *failed = gst_rig_wait (scene.rig, PLAYER_ENGINE_FAILED, a);
  g_assert_cmpint (failed->error_type, ==, PLAYER_MEDIA_ERROR_INVALID_REQUEST);
  g_assert_cmpstr (g_ptr_array_index (scene.rig->errors, 0), ==, message);
  gst_rig_settle (scene.rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&scene.rig->tap);
  guint gaps = 0;
  gst_audio_assert_heard (heard, 0, A, 0, (40001 - 44) / 4, &gaps);
}

static void
test_failures (void)
{
  assert_failed ("/nothing.m3u", NULL, "HTTP 404");
  assert_failed ("/one.m3u", "#EXTM3U\na.wav\n", "The renewed playlist names other streams");
  assert_failed ("/a.wav", NULL, "The renewed URL leads to no playlist any more");
}

static void
add_tests (void)
{
  g_test_add_data_func ("/engine/renewal/under-way", GINT_TO_POINTER (FALSE), test_under_way);
  g_test_add_data_func ("/engine/renewal/other-file", GINT_TO_POINTER (TRUE), test_under_way);
  g_test_add_func ("/engine/renewal/entries", test_entries);
  g_test_add_func ("/engine/renewal/nested", test_nested);
  g_test_add_func ("/engine/renewal/in-time", test_in_time);
  g_test_add_func ("/engine/renewal/failures", test_failures);
}

int
main (int argc, char **argv)
{
  return gst_rig_main (argc, argv, add_tests);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* A stream that cannot be read on at its byte is opened anew at its frame; one whose URL has expired is
 * read on from another. Every frame is heard once, and nobody is told. */
#include "tests/gst/gst-audio.h"
#include "tests/gst/gst-scene.h"

#define RATE 44100
#define A GST_RIG_FILE_A
#define B GST_RIG_FILE_B
#define C GST_RIG_FILE_C

static void
test_cut (gconstpointer data)
{
  const char *name = data;
  const int cut = g_str_has_suffix (name, "wav") ? 40001 : 15001;
  g_auto (GstScene) scene = { 0 };
  g_autofree char *path = g_strdup_printf ("/%s?fault=droponce:%d,etagfrom:1", name, cut);

  gst_scene_init (&scene);
  const guint64 a = gst_scene_load (&scene, path, FALSE, 0);
  gst_scene_assert_whole (&scene, a, A, 0, GST_RIG_FRAMES_A);
}

static void
test_cut_behind_offset (void)
{
  g_auto (GstScene) scene = { 0 };

  gst_scene_init (&scene);
  const guint64 a = gst_scene_load (&scene, "/a.wav?fault=drop:20001,etagfrom:2", FALSE, 123);
  gst_scene_assert_whole (&scene, a, A, (123 * RATE + 500) / 1000, GST_RIG_FRAMES_A);
}

/* What is cut while it waits for its turn goes on all the same when that has come. */
static void
test_cut_next (void)
{
  g_auto (GstScene) scene = { 0 };
  guint gaps = 0;

  gst_scene_init (&scene);
  const guint64 b = gst_scene_load (&scene, "/b.wav", FALSE, 0);
  const guint64 a = gst_scene_load (&scene, "/a.wav?fault=droponce:40001,etagfrom:1", FALSE, 0);
  gst_rig_wait (scene.rig, PLAYER_ENGINE_FINISHED, a);
  gst_rig_settle (scene.rig);
  g_assert_cmpuint (gst_rig_count (scene.rig, PLAYER_ENGINE_FINISHED, b), ==, 1);
  g_assert_cmpuint (gst_rig_count (scene.rig, PLAYER_ENGINE_STARTED, a), ==, 1);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&scene.rig->tap);
  const guint at = gst_audio_assert_heard (heard, 0, B, 0, GST_RIG_FRAMES_B, &gaps);
  gst_audio_assert_silent_end (heard,
                               gst_audio_assert_heard (heard, at, A, 0, GST_RIG_FRAMES_A, &gaps));
}

/* The follower comes too late. */
static void
test_cut_late (void)
{
  g_auto (GstScene) scene = { 0 };

  gst_scene_init (&scene);
  const guint64 a
      = gst_scene_load (&scene, "/a.wav?fault=droponce:40001,etagfrom:1,late:2:900", FALSE, 0);
  gst_rig_wait (scene.rig, PLAYER_ENGINE_UNDERRUN, a);
  gst_rig_wait (scene.rig, PLAYER_ENGINE_REFILLED, a);
  gst_scene_assert_whole (&scene, a, A, 0, GST_RIG_FRAMES_A);
  g_assert_cmpuint (gst_rig_count (scene.rig, PLAYER_ENGINE_UNDERRUN, a), ==, 1);
}

static void
test_pause_in_gap (void)
{
  g_auto (GstScene) scene = { 0 };

  gst_scene_init (&scene);
  const guint64 a
      = gst_scene_load (&scene, "/a.wav?fault=droponce:40001,etagfrom:1,late:2:900", FALSE, 0);
  gst_rig_wait (scene.rig, PLAYER_ENGINE_UNDERRUN, a);
  player_engine_pause (scene.rig->engine);
  const PlayerEngineEvent *silenced = gst_rig_find (scene.rig, PLAYER_ENGINE_SILENCED, a);
  g_assert_nonnull (silenced);
  const gint64 at_us = silenced->offset_us;
  g_assert_cmpint (at_us, ==, gst_rig_find (scene.rig, PLAYER_ENGINE_UNDERRUN, a)->offset_us);
  gst_rig_run (scene.rig, 2000); /* what follows is there by now */
  g_assert_cmpint (player_engine_get_position_us (scene.rig->engine, a), ==, at_us);
  player_engine_resume (scene.rig->engine);
  g_assert_cmpint (gst_rig_wait (scene.rig, PLAYER_ENGINE_RESUMED, a)->offset_us, ==, at_us);
  gst_scene_assert_whole (&scene, a, A, 0, GST_RIG_FRAMES_A);
}

static void
test_stop_in_gap (void)
{
  g_auto (GstScene) scene = { 0 };

  gst_scene_init (&scene);
  const guint64 a
      = gst_scene_load (&scene, "/a.wav?fault=droponce:40001,etagfrom:1,late:2:900", FALSE, 0);
  gst_rig_wait (scene.rig, PLAYER_ENGINE_UNDERRUN, a);
  player_engine_stop (scene.rig->engine);
  g_assert_cmpint (gst_rig_find (scene.rig, PLAYER_ENGINE_SILENCED, a)->reason, ==,
                   PLAYER_SILENCED_STOPPED);
  gst_rig_run (scene.rig, 300);
}

static void
test_seek_in_gap (void)
{
  g_auto (GstScene) scene = { 0 };

  gst_scene_init (&scene);
  const guint64 a
      = gst_scene_load (&scene, "/a.wav?fault=droponce:40001,etagfrom:1,late:2:900", FALSE, 0);
  gst_rig_wait (scene.rig, PLAYER_ENGINE_UNDERRUN, a);
  player_engine_seek (scene.rig->engine, a, 100);
  g_assert_cmpint (gst_rig_wait (scene.rig, PLAYER_ENGINE_SEEKED, a)->offset_ms, ==, 100);
  gst_rig_wait (scene.rig, PLAYER_ENGINE_FINISHED, a);
  gst_rig_settle (scene.rig);
  g_assert_cmpuint (gst_rig_count (scene.rig, PLAYER_ENGINE_REFILLED, a), ==, 1);
}

/* The position goes on through it, and never back. */
static void
test_position (void)
{
  g_auto (GstScene) scene = { 0 };
  gint64 last_us = 0;

  gst_scene_init (&scene);
  const guint64 a = gst_scene_load (&scene, "/a.wav?fault=droponce:40001,etagfrom:1", FALSE, 0);
  gst_rig_wait (scene.rig, PLAYER_ENGINE_STARTED, a);
  while (gst_rig_find (scene.rig, PLAYER_ENGINE_FINISHED, a) == NULL)
    {
      const gint64 now_us = player_engine_get_position_us (scene.rig->engine, a);

      g_assert_cmpint (now_us, >=, last_us);
      g_assert_cmpint (now_us, <=, (gint64)GST_RIG_FRAMES_A * G_USEC_PER_SEC / RATE + 1);
      last_us = now_us;
      gst_rig_run (scene.rig, 5);
      if (player_engine_get_position_us (scene.rig->engine, a) < 0)
        break;
    }
  g_assert_cmpint (last_us, >, 400000);
}

/* The URL expires in the middle; with the new one it goes on at the very byte. */
static void
test_renew (gconstpointer data)
{
  const gboolean paused = GPOINTER_TO_INT (data);
  g_auto (GstScene) scene = { 0 };

  gst_scene_init (&scene);
  const guint64 a = gst_scene_load (&scene, "/a.wav?fault=droponce:40001,statusafter:403", TRUE, 0);
  gst_rig_wait (scene.rig, PLAYER_ENGINE_REFUSED, a);
  if (paused)
    {
      gst_rig_wait (scene.rig, PLAYER_ENGINE_STARTED, a);
      player_engine_pause (scene.rig->engine);
      g_assert_nonnull (gst_rig_find (scene.rig, PLAYER_ENGINE_SILENCED, a));
    }
  gst_scene_renew (&scene, a, "/a.wav?key=new");
  if (paused)
    {
      gst_rig_run (scene.rig, 200);
      player_engine_resume (scene.rig->engine);
    }
  gst_scene_assert_whole (&scene, a, A, 0, GST_RIG_FRAMES_A);
}

/* The line breaks when the URL has expired: nobody is asked there any more, and what the next URL gives
 * follows at the very sample, though that one has expired as well. */
static void
test_expired (gconstpointer data)
{
  const char *renewed = data;
  g_auto (GstScene) scene = { 0 };

  gst_scene_init (&scene);
  g_autofree char *url = fault_server_url (scene.server, "/a.wav?fault=droponce:40001");
  g_autoptr (PlayerItem) plain = player_item_new (url, "token", 0, "", NULL);
  g_autoptr (PlayerItem) source = player_item_new_source (plain, url, NULL, TRUE);
  g_autoptr (PlayerItem) item = player_item_new_until (source, 1);
  player_engine_load (scene.rig->engine, 1, item, 0, PLAYER_LOAD_CURRENT);
  gst_rig_wait (scene.rig, PLAYER_ENGINE_REFUSED, 1);
  g_autoptr (GPtrArray) requests = fault_server_take_requests (scene.server);
  g_assert_cmpuint (requests->len, ==, 1);

  g_autofree char *next = fault_server_url (scene.server, renewed);
  g_autoptr (PlayerItem) again = player_item_new (next, "", 0, "", NULL);
  g_autoptr (PlayerItem) late = player_item_new_until (again, 2);
  player_engine_renew (scene.rig->engine, 1, late);
  gst_scene_assert_whole (&scene, 1, A, 0, GST_RIG_FRAMES_A);
  g_assert_cmpuint (gst_rig_count (scene.rig, PLAYER_ENGINE_REFUSED, 1), ==, 1);
}

/* The new URL has the same sound in other bytes: it goes on at the very frame. */
static void
test_renew_other_file (gconstpointer data)
{
  const gboolean paused = GPOINTER_TO_INT (data);
  g_auto (GstScene) scene = { 0 };

  gst_scene_init (&scene);
  const guint64 a = gst_scene_load (&scene, "/a.wav?fault=droponce:40001,statusafter:403", TRUE, 0);
  gst_rig_wait (scene.rig, PLAYER_ENGINE_REFUSED, a);
  if (paused)
    {
      gst_rig_wait (scene.rig, PLAYER_ENGINE_STARTED, a);
      player_engine_pause (scene.rig->engine);
    }
  gst_scene_renew (&scene, a, "/a.flac");
  if (paused)
    {
      gst_rig_run (scene.rig, 200);
      player_engine_resume (scene.rig->engine);
    }
  gst_scene_assert_whole (&scene, a, A, 0, GST_RIG_FRAMES_A);
}

/* Refused before the first byte, as what plays and as what is loaded ahead. */
static void
test_renew_before_start (void)
{
  g_auto (GstScene) scene = { 0 };
  guint gaps = 0;

  gst_scene_init (&scene);
  const guint64 b = gst_scene_load (&scene, "/b.wav?fault=status:401", TRUE, 0);
  const guint64 a = gst_scene_load (&scene, "/a.wav?fault=status:410", TRUE, 0);
  gst_rig_wait (scene.rig, PLAYER_ENGINE_REFUSED, b);
  gst_scene_renew (&scene, b, "/b.wav");
  gst_rig_wait (scene.rig, PLAYER_ENGINE_REFUSED, a);
  gst_scene_renew (&scene, a, "/a.wav");
  gst_rig_wait (scene.rig, PLAYER_ENGINE_FINISHED, a);
  gst_rig_settle (scene.rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&scene.rig->tap);
  const guint at = gst_audio_assert_heard (heard, 0, B, 0, GST_RIG_FRAMES_B, &gaps);
  gst_audio_assert_silent_end (heard,
                               gst_audio_assert_heard (heard, at, A, 0, GST_RIG_FRAMES_A, &gaps));
}

/* What has not been opened yet just takes the new source. */
static void
test_renew_unopened (void)
{
  g_auto (GstScene) scene = { 0 };
  guint gaps = 0;

  gst_scene_init (&scene);
  gst_scene_load (&scene, "/b.wav", FALSE, 0);
  const guint64 a = gst_scene_load (&scene, "/nothing.wav", FALSE, 0);
  gst_scene_renew (&scene, a, "/a.wav"); /* nothing has been opened before b tells the rate */
  gst_rig_wait (scene.rig, PLAYER_ENGINE_FINISHED, a);
  gst_rig_settle (scene.rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&scene.rig->tap);
  const guint at = gst_audio_assert_heard (heard, 0, B, 0, GST_RIG_FRAMES_B, &gaps);
  gst_audio_assert_silent_end (heard,
                               gst_audio_assert_heard (heard, at, A, 0, GST_RIG_FRAMES_A, &gaps));
}

/* The rest cannot be had: what there is of it is heard, then it says so. */
static void
test_follower_fails (void)
{
  g_auto (GstScene) scene = { 0 };

  gst_scene_init (&scene);
  const guint64 a = gst_scene_load (&scene, "/a.wav?fault=droponce:40001,statusafter:403", TRUE, 0);
  gst_rig_wait (scene.rig, PLAYER_ENGINE_REFUSED, a);
  gst_scene_renew (&scene, a, "/b.wav?fault=statusafter:404");
  const PlayerEngineEvent *failed = gst_rig_wait (scene.rig, PLAYER_ENGINE_FAILED, a);
  g_assert_cmpint (failed->error_type, ==, PLAYER_MEDIA_ERROR_INVALID_REQUEST);
  g_assert_cmpstr (g_ptr_array_index (scene.rig->errors, 0), ==, "HTTP 404");
  const guint frames = (40001 - 44) / 4;
  g_assert_cmpint (failed->offset_us, ==, ((gint64)frames * G_USEC_PER_SEC + RATE / 2) / RATE);
  gst_rig_settle (scene.rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&scene.rig->tap);
  gst_audio_assert_run (heard, gst_audio_skip_silence (heard, 0), A, 0, frames);
}

static void
add_tests (void)
{
  g_test_add_data_func ("/engine/follow/cut-wav", "a.wav", test_cut);
  g_test_add_data_func ("/engine/follow/cut-flac", "a.flac", test_cut);
  g_test_add_func ("/engine/follow/cut-behind-offset", test_cut_behind_offset);
  g_test_add_func ("/engine/follow/cut-next", test_cut_next);
  g_test_add_func ("/engine/follow/cut-late", test_cut_late);
  g_test_add_func ("/engine/follow/pause-in-gap", test_pause_in_gap);
  g_test_add_func ("/engine/follow/stop-in-gap", test_stop_in_gap);
  g_test_add_func ("/engine/follow/seek-in-gap", test_seek_in_gap);
  g_test_add_func ("/engine/follow/position", test_position);
  g_test_add_data_func ("/engine/follow/renew", GINT_TO_POINTER (FALSE), test_renew);
  g_test_add_data_func ("/engine/follow/renew-paused", GINT_TO_POINTER (TRUE), test_renew);
  g_test_add_data_func ("/engine/follow/expired", "/a.wav?key=new", test_expired);
  g_test_add_data_func ("/engine/follow/expired-other-file", "/a.flac", test_expired);
  g_test_add_data_func ("/engine/follow/renew-other-file", GINT_TO_POINTER (FALSE),
                        test_renew_other_file);
  g_test_add_data_func ("/engine/follow/renew-other-file-paused", GINT_TO_POINTER (TRUE),
                        test_renew_other_file);
  g_test_add_func ("/engine/follow/renew-before-start", test_renew_before_start);
  g_test_add_func ("/engine/follow/renew-unopened", test_renew_unopened);
  g_test_add_func ("/engine/follow/follower-fails", test_follower_fails);
}

int
main (int argc, char **argv)
{
  return gst_rig_main (argc, argv, add_tests);
}

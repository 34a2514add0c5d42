/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* HLS whose signed URLs expire, and over TLS. */
#include "tests/gst/hls-scene.h"

static void
wait_refused (HlsScene *scene, guint64 generation, guint times)
{
  const gint64 deadline_us = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  while (gst_rig_count (scene->rig, PLAYER_ENGINE_REFUSED, generation) < times)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);
      gst_rig_run (scene->rig, 5);
    }
}

static void
sign_from (HlsScene *scene, const char *expires)
{
  g_mutex_lock (&scene->origin.lock);
  if (scene->origin.signature == 0)
    scene->origin.signature = 'a';
  scene->origin.expires = expires;
  g_mutex_unlock (&scene->origin.lock);
}

/* Nobody hears or is told of it, but for the refusal. */
static void
assert_renewed (HlsScene *scene, guint64 generation, guint refusals)
{
  const gint64 end_ms = gst_rig_wait (scene->rig, PLAYER_ENGINE_FINISHED, generation)->offset_ms;

  g_assert_cmpint (ABS (end_ms - HLS_MS), <, 100);
  hls_assert_all_heard (scene);
  g_assert_cmpuint (gst_rig_count (scene->rig, PLAYER_ENGINE_STARTED, generation), ==, 1);
  g_assert_cmpuint (gst_rig_count (scene->rig, PLAYER_ENGINE_SEEKED, generation), ==, 0);
  g_assert_cmpuint (gst_rig_count (scene->rig, PLAYER_ENGINE_REFUSED, generation), ==, refusals);
  g_assert_cmpuint (gst_rig_count (scene->rig, PLAYER_ENGINE_BUFFERED, generation), ==, 1);
}

/* A segment is refused: the rest is had from the renewed playlist, from the very frame on. */
static void
test_renewed (HlsScene *scene, gconstpointer data)
{
  hls_put_adts (scene);
  hls_put_vod (scene, "/vod.m3u8", "", "aac");
  sign_from (scene, "/2.aac");
  const guint64 generation = hls_load_signed (scene, "/vod.m3u8");
  wait_refused (scene, generation, 1);
  hls_renew (scene, generation, "/vod.m3u8");
  assert_renewed (scene, generation, 1);
}

/* What is renewed is the item's URL: that of the master playlist, which names others now. Twice. */
static void
test_renewed_master (HlsScene *scene, gconstpointer data)
{
  hls_put_adts (scene);
  hls_put_vod (scene, "/vod.m3u8", "", "aac");
  hls_put (scene, "/master.m3u8",
           "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=200000,CODECS=\"mp4a.40.2\"\nvod.m3u8\n");
  sign_from (scene, "/1.aac");
  const guint64 generation = hls_load_signed (scene, "/master.m3u8");
  wait_refused (scene, generation, 1);
  sign_from (scene, "/3.aac");
  hls_renew (scene, generation, "/master.m3u8");
  wait_refused (scene, generation, 2);
  g_assert_cmpuint (gst_rig_count (scene->rig, PLAYER_ENGINE_BUFFERED, generation), ==, 0);
  hls_renew (scene, generation, "/master.m3u8");
  assert_renewed (scene, generation, 2);
}

/* At its begin: the media playlist behind the master, then the first segment. */
static void
test_renewed_begin (HlsScene *scene, gconstpointer data)
{
  hls_put_fmp4 (scene);
  hls_put (scene, "/master.m3u8",
           "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=200000,CODECS=\"mp4a.40.2\"\nfmp4.m3u8\n");
  sign_from (scene, "/fmp4.m3u8");
  const guint64 generation = hls_load_signed (scene, "/master.m3u8");
  wait_refused (scene, generation, 1);
  sign_from (scene, "/init.mp4");
  hls_renew (scene, generation, "/master.m3u8");
  wait_refused (scene, generation, 2);
  g_assert_cmpuint (gst_rig_count (scene->rig, PLAYER_ENGINE_BUFFERED, generation), ==, 0);
  hls_renew (scene, generation, "/master.m3u8");
  assert_renewed (scene, generation, 2);
}

/* Before anything is refused: nobody is asked when it is. */
static void
test_renewed_in_time (HlsScene *scene, gconstpointer data)
{
  hls_put_adts (scene);
  hls_put_vod (scene, "/vod.m3u8", "", "aac");
  sign_from (scene, NULL);
  scene->origin.held = "/2.aac";
  const guint64 generation = hls_load_signed (scene, "/vod.m3u8");
  gst_rig_wait (scene->rig, PLAYER_ENGINE_STARTED, generation);
  g_mutex_lock (&scene->origin.lock);
  scene->origin.signature = 'b';
  g_mutex_unlock (&scene->origin.lock);
  hls_renew (scene, generation, "/vod.m3u8");
  hls_release (scene);
  assert_renewed (scene, generation, 0);
}

static void
test_renewed_key (HlsScene *scene, gconstpointer data)
{
  hls_put_adts (scene);
  hls_put_encrypted (scene);
  sign_from (scene, "/private/key");
  const guint64 generation = hls_load_signed (scene, "/private/list.m3u8");
  wait_refused (scene, generation, 1);
  hls_renew (scene, generation, "/private/list.m3u8");
  assert_renewed (scene, generation, 1);
}

/* A broadcast goes on where it is now, and so does its position. */
static void
test_renewed_live (HlsScene *scene, gconstpointer data)
{
  hls_put_adts (scene);
  scene->origin.window = 3;
  scene->origin.ended = TRUE;
  sign_from (scene, "/3.aac");
  const guint64 generation = hls_load_signed (scene, "/live.m3u8");
  wait_refused (scene, generation, 1);
  const gint64 before_us = player_engine_get_position_us (scene->rig->engine, generation);
  hls_renew (scene, generation, "/live.m3u8");
  const gint64 end_us = gst_rig_wait (scene->rig, PLAYER_ENGINE_FINISHED, generation)->offset_us;
  g_assert_cmpint (end_us, >, before_us);
  g_assert_cmpint (end_us, >, 4 * G_USEC_PER_SEC);
  g_assert_cmpuint (gst_rig_count (scene->rig, PLAYER_ENGINE_STARTED, generation), ==, 1);
}

/* --- TLS --- */

/* The CA that is named holds for playlist, segments and key. */
static void
test_tls (HlsScene *scene, gconstpointer data)
{
  hls_put_adts (scene);
  hls_put_encrypted (scene);
  const guint64 generation = hls_load (scene, "/private/list.m3u8", 0);
  gst_rig_wait (scene->rig, PLAYER_ENGINE_FINISHED, generation);
  hls_assert_all_heard (scene);
}

static void
test_tls_unknown (HlsScene *scene, gconstpointer data)
{
  hls_put_adts (scene);
  hls_put_vod (scene, "/vod.m3u8", "", "aac");
  const guint64 generation = hls_load (scene, "/vod.m3u8", 0);
  gst_rig_wait (scene->rig, PLAYER_ENGINE_FAILED, generation);
  g_assert_cmpint (gst_rig_find (scene->rig, PLAYER_ENGINE_FAILED, generation)->error_type, ==,
                   PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE);
}

static void
add_tests (void)
{
  hls_add ("/hls/renewed/segment", HLS_REAL_TIME, test_renewed);
  hls_add ("/hls/renewed/master", 0, test_renewed_master);
  hls_add ("/hls/renewed/begin", 0, test_renewed_begin);
  hls_add ("/hls/renewed/in-time", HLS_REAL_TIME, test_renewed_in_time);
  hls_add ("/hls/renewed/key", 0, test_renewed_key);
  hls_add ("/hls/renewed/live", HLS_REAL_TIME, test_renewed_live);
  hls_add ("/hls/tls", HLS_TLS, test_tls);
  hls_add ("/hls/tls/unknown", HLS_UNKNOWN, test_tls_unknown);
}

int
main (int argc, char **argv)
{
  return gst_rig_main (argc, argv, add_tests);
}

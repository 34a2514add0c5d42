/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* HLS from servers that fail. */
#include "tests/gst/hls-scene.h"

static void
test_faults (HlsScene *scene, gconstpointer data)
{
  hls_put_adts (scene);
  hls_put_vod (scene, "/vod.m3u8", "", "aac");
  hls_put_vod (scene, "/again.m3u8", "", "aac");
  g_hash_table_insert (scene->origin.faults, (char *)"/3.aac", (char *)"503 Busy");
  const guint64 one = hls_load (scene, "/vod.m3u8", 0);
  gst_rig_wait (scene->rig, PLAYER_ENGINE_FAILED, one);
  g_assert_cmpstr (g_ptr_array_index (scene->rig->errors, 0), ==, "HTTP 503");
  g_assert_cmpint (gst_rig_find (scene->rig, PLAYER_ENGINE_FAILED, one)->error_type, ==,
                   PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE);
}

/* What is had at the second try is all there. */
static void
test_fault_once (HlsScene *scene, gconstpointer data)
{
  hls_put_adts (scene);
  hls_put_vod (scene, "/vod.m3u8", "", "aac");
  g_hash_table_insert (scene->origin.faults, (char *)"/2.aac", (char *)"once 503 Busy");
  const guint64 generation = hls_load (scene, "/vod.m3u8", 0);
  gst_rig_wait (scene->rig, PLAYER_ENGINE_FINISHED, generation);
  hls_assert_all_heard (scene);
}

static void
test_vanished (HlsScene *scene, gconstpointer data)
{
  hls_put_adts (scene);
  scene->origin.window = 3;
  scene->origin.vanishes = 2;
  const guint64 one = hls_load (scene, "/live.m3u8", 0);
  gst_rig_wait (scene->rig, PLAYER_ENGINE_FAILED, one);
  g_assert_cmpuint (gst_rig_count (scene->rig, PLAYER_ENGINE_STARTED, one), ==, 1);
  g_assert_cmpstr (g_ptr_array_index (scene->rig->errors, 0), ==, "HTTP 410");
}

/* A server that does not answer holds nobody up: not for a segment, not for a key. */
static void
test_hung (HlsScene *scene, gconstpointer data)
{
  hls_put_adts (scene);
  hls_put (
      scene, "/segment.m3u8",
      "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n0.aac\n#EXTINF:1,\nhang\n#EXT-X-ENDLIST\n");
  hls_put (scene, "/key.m3u8",
           "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-KEY:METHOD=AES-128,URI=\"hang\"\n#EXTINF:1,\n"
           "0.aac\n#EXT-X-ENDLIST\n");
  hls_put (scene, "/list.m3u8", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nhang\n");
  const guint64 one = hls_load (scene, "/segment.m3u8", 0);
  gst_rig_wait (scene->rig, PLAYER_ENGINE_UNDERRUN, one);
  hls_load (scene, "/key.m3u8", 0);
  gst_rig_run (scene->rig, 300);
  hls_load (scene, "/list.m3u8", 0);
  gst_rig_run (scene->rig, 300);
  const gint64 begin_us = g_get_monotonic_time ();
  player_engine_stop (scene->rig->engine);
  g_assert_cmpint (g_get_monotonic_time () - begin_us, <, G_USEC_PER_SEC);
  g_assert_nonnull (gst_rig_find (scene->rig, PLAYER_ENGINE_SILENCED, one));
  /* What is left to the end of the engine is torn down, or it says so: a warning, which is fatal. */
}

static void
test_no_variant (HlsScene *scene, gconstpointer data)
{
  hls_put (scene, "/master.m3u8", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=200000\nsound/vod.m3u8\n");
  const guint64 one = hls_load (scene, "/master.m3u8", 0);
  gst_rig_wait (scene->rig, PLAYER_ENGINE_FAILED, one);
  g_assert_cmpstr (g_ptr_array_index (scene->rig->errors, 0), ==, "HTTP 404");
  g_assert_cmpint (gst_rig_find (scene->rig, PLAYER_ENGINE_FAILED, one)->error_type, ==,
                   PLAYER_MEDIA_ERROR_INVALID_REQUEST);
}

static void
assert_failed (HlsScene *scene, const char *path, PlayerErrorType type, const char *message)
{
  const guint64 generation = hls_load (scene, path, 0);

  g_assert_cmpint (gst_rig_wait (scene->rig, PLAYER_ENGINE_FAILED, generation)->error_type, ==,
                   type);
  g_assert_cmpstr (g_ptr_array_index (scene->rig->errors, scene->rig->errors->len - 1), ==,
                   message);
}

/* On demand, what is not there is not passed over: what lies before it is heard. */
static void
test_segment_gone (HlsScene *scene, gconstpointer data)
{
  hls_put_adts (scene);
  hls_put_vod (scene, "/vod.m3u8", "", "aac");
  g_hash_table_insert (scene->origin.faults, (char *)"/2.aac", (char *)"404 Not Found");
  assert_failed (scene, "/vod.m3u8", PLAYER_MEDIA_ERROR_INVALID_REQUEST, "HTTP 404");
  gst_rig_settle (scene->rig);
  g_autoptr (GArray) heard = hls_dup_sounding (scene->rig);
  g_assert_cmpuint (heard->len, >=, (2 * HLS_SEGMENT_PACKETS - 3) * HLS_PACKET);
  g_assert_cmpuint (heard->len, <=, 2 * HLS_SEGMENT_PACKETS * HLS_PACKET);
}

static void
test_variants_gone (HlsScene *scene, gconstpointer data)
{
  hls_put (scene, "/master.m3u8",
           "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=200000\none.m3u8\n"
           "#EXT-X-STREAM-INF:BANDWIDTH=100000\nother.m3u8\n");
  g_hash_table_insert (scene->origin.faults, (char *)"/one.m3u8", (char *)"500 Oops");
  g_hash_table_insert (scene->origin.faults, (char *)"/other.m3u8", (char *)"500 Oops");
  assert_failed (scene, "/master.m3u8", PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR, "HTTP 500");
}

/* The best one is dead, and so is the first segment of the next: the third is played. */
static void
test_variant_other (HlsScene *scene, gconstpointer data)
{
  hls_put_adts (scene);
  hls_put_vod (scene, "/good.m3u8", "", "aac");
  hls_put (scene, "/dead.m3u8",
           "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nnothing.aac\n#EXTINF:1,\nnothing.aac\n"
           "#EXT-X-ENDLIST\n");
  hls_put (scene, "/master.m3u8",
           "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=100000\ngood.m3u8\n"
           "#EXT-X-STREAM-INF:BANDWIDTH=200000\ndead.m3u8\n"
           "#EXT-X-STREAM-INF:BANDWIDTH=300000\nnone.m3u8\n");
  const guint64 generation = hls_load (scene, "/master.m3u8", 0);
  gst_rig_wait (scene->rig, PLAYER_ENGINE_FINISHED, generation);
  hls_assert_all_heard (scene);
  g_assert_cmpuint (radio_server_count (scene->server, "/none.m3u8"), ==, 1);
}

/* Neither is kept in memory without end. */
static void
test_long (HlsScene *scene, gconstpointer data)
{
  static const char line[] = "#EXTINF:1,\n0.aac\n";
  g_autoptr (GString) text = g_string_new ("#EXTM3U\n#EXT-X-TARGETDURATION:1\n");

  while (text->len < 9 << 20)
    g_string_append (text, line);
  hls_put (scene, "/long.m3u8", text->str);
  assert_failed (scene, "/long.m3u8", PLAYER_MEDIA_ERROR_INVALID_REQUEST,
                 "The playlist is too long");
  g_string_assign (text, "#EXTM3U\n");
  while (text->len < 65537)
    g_string_append (text, "#EXT-X-STREAM-INF:BANDWIDTH=200000\none.m3u8\n");
  hls_put (scene, "/master.m3u8", text->str);
  assert_failed (scene, "/master.m3u8", PLAYER_MEDIA_ERROR_INVALID_REQUEST,
                 "The playlist is too long");
}

/* A gap is told once, where it is heard, and the rest goes on. */
static void
assert_gap (HlsScene *scene, guint64 generation, gint64 at_ms, guint segments)
{
  const gint64 segment_ms = HLS_SEGMENT_PACKETS * HLS_PACKET * 1000 / HLS_RATE;

  gst_rig_wait (scene->rig, PLAYER_ENGINE_UNDERRUN, generation);
  const gint64 told_ms = gst_rig_wait (scene->rig, PLAYER_ENGINE_REFILLED, generation)->offset_ms;
  g_assert_cmpint (ABS (told_ms - at_ms), <, 100);
  g_mutex_lock (&scene->origin.lock);
  scene->origin.ended = TRUE;
  g_mutex_unlock (&scene->origin.lock);
  const gint64 end_ms = gst_rig_wait (scene->rig, PLAYER_ENGINE_FINISHED, generation)->offset_ms;
  g_assert_cmpint (ABS (end_ms - segments * segment_ms), <, 100);
  g_assert_cmpuint (gst_rig_count (scene->rig, PLAYER_ENGINE_UNDERRUN, generation), ==, 1);
  g_assert_cmpuint (gst_rig_count (scene->rig, PLAYER_ENGINE_REFILLED, generation), ==, 1);
}

/* A segment that a broadcast does not have is tried three times, and passed over: the playlist may show
 * it for minutes still. What follows is heard at once. */
static void
test_gap (HlsScene *scene, gconstpointer data)
{
  hls_put_adts (scene);
  scene->origin.window = HLS_N_SEGMENTS; /* it does not move; the second is where it begins */
  g_hash_table_insert (scene->origin.faults, (char *)"/3.aac", (char *)"404 Not Found");
  const guint64 generation = hls_load (scene, "/live.m3u8", 0);
  assert_gap (scene, generation, 1997, 3);
  g_assert_cmpuint (radio_server_count (scene->server, "/3.aac"), ==, 3);
}

/* … in transport streams, too. */
static void
test_gap_ts (HlsScene *scene, gconstpointer data)
{
  hls_put_ts (scene, "/ts/");
  for (guint i = 0; i < HLS_N_SEGMENTS; i++)
    {
      g_autofree char *from = g_strdup_printf ("/ts/%u.ts", i);
      g_autofree char *to = g_strdup_printf ("/%u.aac", i);

      hls_put_bytes (scene, to, g_bytes_ref (g_hash_table_lookup (scene->origin.documents, from)));
    }
  scene->origin.window = HLS_N_SEGMENTS;
  g_hash_table_insert (scene->origin.faults, (char *)"/3.aac", (char *)"404 Not Found");
  assert_gap (scene, hls_load (scene, "/live.m3u8", 0), 1997, 3);
}

/* One that the playlist does not show any more before that is a gap, too. */
static void
test_gap_gone (HlsScene *scene, gconstpointer data)
{
  hls_put_adts (scene);
  scene->origin.window = 4;
  g_hash_table_insert (scene->origin.faults, (char *)"/2.aac", (char *)"500 Oops");
  const guint64 generation = hls_load (scene, "/live.m3u8", 0);
  assert_gap (scene, generation, 1997, 4);
}

static void
add_tests (void)
{
  hls_add ("/hls/fault/segment", 0, test_faults);
  hls_add ("/hls/fault/once", 0, test_fault_once);
  hls_add ("/hls/fault/variant", 0, test_no_variant);
  hls_add ("/hls/fault/vanished", HLS_REAL_TIME, test_vanished);
  hls_add ("/hls/fault/gap", HLS_REAL_TIME, test_gap);
  hls_add ("/hls/fault/gap/ts", HLS_REAL_TIME, test_gap_ts);
  hls_add ("/hls/fault/segment-gone", 0, test_segment_gone);
  hls_add ("/hls/fault/variants", 0, test_variants_gone);
  hls_add ("/hls/fault/variant/other", 0, test_variant_other);
  hls_add ("/hls/fault/long", 0, test_long);
  hls_add ("/hls/fault/gap/gone", HLS_REAL_TIME, test_gap_gone);
  hls_add ("/hls/fault/hung", HLS_REAL_TIME, test_hung);
}

int
main (int argc, char **argv)
{
  return gst_rig_main (argc, argv, add_tests);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <string.h>

#include "player/gst/player-gst-map.h"
#include "tests/gst/gst-audio.h"
#include "tests/gst/hls-scene.h"

/* HTTP Live Streaming (RFC 8216). The audio is one piece of noise in pieces; what is heard is compared
 * with it. AAC begins with up to two packets that are not in the noise. */

static void
test_ts (HlsScene *scene, gconstpointer data)
{
  hls_put_ts (scene, "/");
  const guint64 generation = hls_load (scene, "/vod.m3u8", 0);
  const gint64 end_ms = gst_rig_wait (scene->rig, PLAYER_ENGINE_FINISHED, generation)->offset_ms;

  g_assert_cmpint (ABS (end_ms - HLS_MS), <, 100);
  hls_assert_all_heard (scene);
}

static void
test_packed (HlsScene *scene, gconstpointer data)
{
  hls_put_adts (scene);
  hls_put_vod (scene, "/vod.m3u8", "", "aac");
  const guint64 generation = hls_load (scene, "/vod.m3u8", 0);

  gst_rig_wait (scene->rig, PLAYER_ENGINE_FINISHED, generation);
  hls_assert_all_heard (scene);
}

/* --- offsets --- */

/* Where the noise begins to be heard when @path is played from each of some offsets: how many frames
 * before (< 0) or behind where the noise itself says. */
static void
assert_offsets (HlsScene *scene, const char *path, gint earliest, gint latest)
{
  static const gint64 offsets_ms[] = { 500, 1300, 2500, 3821 };

  for (guint i = 0; i < G_N_ELEMENTS (offsets_ms); i++)
    {
      g_autofree char *url = radio_server_url (scene->server, path);
      g_autoptr (GstRig) rig = gst_rig_new (FALSE);
      const guint64 generation = gst_rig_load (rig, url, offsets_ms[i], PLAYER_LOAD_CURRENT);

      g_assert_cmpint (gst_rig_wait (rig, PLAYER_ENGINE_STARTED, generation)->offset_ms, ==,
                       offsets_ms[i]);
      g_assert_true (gst_rig_find (rig, PLAYER_ENGINE_DURATION, generation)->seekable);
      gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, generation);
      g_autoptr (GArray) heard = hls_dup_sounding (rig);
      const gint due = (gint)player_gst_ms_to_frames (offsets_ms[i], HLS_RATE);
      const gint found = hls_locate (heard, 4000, scene->noise, due + 4000 - HLS_LEAD_MAX,
                                     due + 4000 + HLS_LEAD_MAX);

      g_test_message ("%s at %d: %d frames off", path, due, found - due - 4000);
      g_assert_cmpint (found - due - 4000, >=, earliest);
      g_assert_cmpint (found - due - 4000, <=, latest);
    }
}

/* The labels of TS hang on its clock, which is told every so often: exact to a packet. Of the encoder's
 * delay, which is a packet, it says nothing. */
static void
test_offset (HlsScene *scene, gconstpointer data)
{
  hls_put_ts (scene, "/");
  assert_offsets (scene, "/vod.m3u8", -HLS_PACKET, 1);
}

static void
test_offset_packed (HlsScene *scene, gconstpointer data)
{
  hls_put_adts (scene);
  hls_put_vod (scene, "/vod.m3u8", "", "aac");
  assert_offsets (scene, "/vod.m3u8", -HLS_PACKET - 1, -HLS_PACKET + 1);
}

static void
test_fmp4 (HlsScene *scene, gconstpointer data)
{
  hls_put_fmp4 (scene);
  const guint64 generation = hls_load (scene, "/fmp4.m3u8", 0);
  gst_rig_wait (scene->rig, PLAYER_ENGINE_FINISHED, generation);
  hls_assert_all_heard (scene);
}

static void
test_offset_fmp4 (HlsScene *scene, gconstpointer data)
{
  hls_put_fmp4 (scene);
  assert_offsets (scene, "/fmp4.m3u8", -HLS_PACKET - 1, -HLS_PACKET + 1);
}

static void
test_seek (HlsScene *scene, gconstpointer data)
{
  hls_put_ts (scene, "/");
  const guint64 generation = hls_load (scene, "/vod.m3u8", 0);

  gst_rig_wait (scene->rig, PLAYER_ENGINE_STARTED, generation);
  player_engine_seek (scene->rig->engine, generation, 4000);
  g_assert_cmpint (gst_rig_wait (scene->rig, PLAYER_ENGINE_SEEKED, generation)->offset_ms, ==,
                   4000);
  gst_rig_wait (scene->rig, PLAYER_ENGINE_FINISHED, generation);
}

/* --- what playlists may say --- */

static void
test_master (HlsScene *scene, gconstpointer data)
{
  hls_put_adts (scene);
  hls_put_vod (scene, "/sound/vod.m3u8", "", "aac");
  hls_put (scene, "/master.m3u8",
           "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=5000000,CODECS=\"avc1.640028,mp4a.40.2\"\n"
           "picture/vod.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=200000,CODECS=\"mp4a.40.2\"\n"
           "sound/vod.m3u8\n");
  const guint64 generation = hls_load (scene, "/master.m3u8", 0);
  gst_rig_wait (scene->rig, PLAYER_ENGINE_FINISHED, generation);
  hls_assert_all_heard (scene);
  g_assert_cmpuint (radio_server_count (scene->server, "/picture/vod.m3u8"), ==, 0);
  g_assert_cmpstr (scene->rig->title, ==, "master.m3u8");
}

/* With the item's headers for playlist, segments and key, as they have the same origin. */
static void
test_encrypted (HlsScene *scene, gconstpointer data)
{
  static const char *const headers[] = { "X-Key", "secret", NULL };

  hls_put_adts (scene);
  hls_put_encrypted (scene);
  g_autofree char *url = radio_server_url (scene->server, "/private/list.m3u8");
  g_autoptr (PlayerItem) plain = player_item_new (url, "token", 0, "", NULL);
  g_autoptr (PlayerItem) item = player_item_new_source (plain, url, headers, FALSE);
  player_engine_load (scene->rig->engine, ++scene->rig->generation, item, 0, PLAYER_LOAD_CURRENT);
  gst_rig_wait (scene->rig, PLAYER_ENGINE_FINISHED, scene->rig->generation);
  hls_assert_all_heard (scene);
  g_assert_cmpuint (scene->origin.without_key, ==, 0);
}

/* Two pieces, each with times of its own. */
static void
test_discontinuity (HlsScene *scene, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new ("#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n");

  hls_put_ts (scene, "/");
  for (guint i = 0; i < 4; i++)
    g_string_append_printf (text, "%s#EXTINF:0.998,\n%u.ts\n",
                            i == 2 ? "#EXT-X-DISCONTINUITY\n" : "", i % 2);
  g_string_append (text, "#EXT-X-ENDLIST\n");
  hls_put (scene, "/twice.m3u8", text->str);
  const guint64 generation = hls_load (scene, "/twice.m3u8", 0);
  const gint64 end_ms = gst_rig_wait (scene->rig, PLAYER_ENGINE_FINISHED, generation)->offset_ms;

  g_assert_cmpint (ABS (end_ms - 3990), <, 150);
  gst_rig_settle (scene->rig);
  g_autoptr (GArray) heard = hls_dup_sounding (scene->rig);
  const guint begin = 0;
  const gint second = 2 * HLS_SEGMENT_PACKETS * HLS_PACKET;
  g_assert_cmpint (
      hls_locate (heard, begin + 10000, scene->noise, 10000 - HLS_LEAD_MAX, 10000 + HLS_LEAD_MAX),
      >=, 0);
  g_assert_cmpint (hls_locate (heard, begin + (guint)second + 10000, scene->noise,
                               10000 - 3 * HLS_LEAD_MAX, 10000 + 3 * HLS_LEAD_MAX),
                   >=, 0);
}

/* --- live --- */

static void
test_live (HlsScene *scene, gconstpointer data)
{
  hls_put_adts (scene);
  scene->origin.window = 3;
  scene->origin.ended = TRUE;
  const guint64 generation = hls_load (scene, "/live.m3u8", 2500); /* an offset means nothing */
  g_assert_cmpint (gst_rig_wait (scene->rig, PLAYER_ENGINE_STARTED, generation)->offset_ms, ==, 0);
  const PlayerEngineEvent *told = gst_rig_find (scene->rig, PLAYER_ENGINE_DURATION, generation);
  g_assert_cmpint (told->duration_ms, ==, -1);
  g_assert_false (told->seekable);
  g_assert_cmpuint (gst_rig_count (scene->rig, PLAYER_ENGINE_BUFFERED, generation), ==, 0);
  /* It ends when the playlist says so. */
  gst_rig_wait (scene->rig, PLAYER_ENGINE_FINISHED, generation);
}

/* An event that goes on is a broadcast, of which nothing goes away; one that is over can be sought. */
static void
test_event (HlsScene *scene, gconstpointer data)
{
  hls_put_adts (scene);
  scene->origin.window = 3;
  scene->origin.kind = "#EXT-X-PLAYLIST-TYPE:EVENT";
  scene->origin.ended = TRUE;
  const guint64 one = hls_load (scene, "/live.m3u8", 0);
  gst_rig_wait (scene->rig, PLAYER_ENGINE_STARTED, one);
  g_assert_false (gst_rig_find (scene->rig, PLAYER_ENGINE_DURATION, one)->seekable);
  gst_rig_wait (scene->rig, PLAYER_ENGINE_FINISHED, one);
  const guint64 other = hls_load (scene, "/live.m3u8", 2500);
  g_assert_cmpint (gst_rig_wait (scene->rig, PLAYER_ENGINE_STARTED, other)->offset_ms, ==, 2500);
  g_assert_true (gst_rig_find (scene->rig, PLAYER_ENGINE_DURATION, other)->seekable);
  const gint64 end_ms = gst_rig_wait (scene->rig, PLAYER_ENGINE_FINISHED, other)->offset_ms;
  g_assert_cmpint (ABS (end_ms - HLS_MS), <, 100);
}

static void
test_live_dropped (HlsScene *scene, gconstpointer data)
{
  hls_put_adts (scene);
  scene->origin.window = 3;
  const guint64 generation = hls_load (scene, "/live.m3u8", 0);
  gst_rig_wait (scene->rig, PLAYER_ENGINE_STARTED, generation);
  player_engine_stop (scene->rig->engine);
  gst_rig_wait (scene->rig, PLAYER_ENGINE_SILENCED, generation);
}

/* All segments lie in one file. */
static void
test_byterange (HlsScene *scene, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new ("#EXTM3U\n#EXT-X-VERSION:4\n#EXT-X-TARGETDURATION:1\n");
  gsize at = 0;

  hls_put_adts (scene);
  hls_put_bytes (scene, "/whole.aac", hls_read_made ("whole.aac"));
  for (guint i = 0; i < HLS_N_SEGMENTS; i++)
    {
      g_autofree char *path = g_strdup_printf ("/%u.aac", i);
      const gsize length = g_bytes_get_size (g_hash_table_lookup (scene->origin.documents, path));

      g_string_append_printf (text, "#EXTINF:1,\n#EXT-X-BYTERANGE:%u@%u\nwhole.aac\n",
                              (guint)length, (guint)at);
      at += length;
    }
  g_string_append (text, "#EXT-X-ENDLIST\n");
  hls_put (scene, "/ranges.m3u8", text->str);
  const guint64 generation = hls_load (scene, "/ranges.m3u8", 0);
  gst_rig_wait (scene->rig, PLAYER_ENGINE_FINISHED, generation);
  hls_assert_all_heard (scene);
}

static void
add_tests (void)
{
  hls_add ("/hls/ts", HLS_REAL_TIME, test_ts);
  hls_add ("/hls/packed", 0, test_packed);
  hls_add ("/hls/fmp4", 0, test_fmp4);
  hls_add ("/hls/offset/ts", 0, test_offset);
  hls_add ("/hls/offset/packed", 0, test_offset_packed);
  hls_add ("/hls/offset/fmp4", 0, test_offset_fmp4);
  hls_add ("/hls/seek", HLS_REAL_TIME, test_seek);
  hls_add ("/hls/master", 0, test_master);
  hls_add ("/hls/encrypted", 0, test_encrypted);
  hls_add ("/hls/discontinuity", 0, test_discontinuity);
  hls_add ("/hls/live", HLS_REAL_TIME, test_live);
  hls_add ("/hls/event", HLS_REAL_TIME, test_event);
  hls_add ("/hls/live/stopped", HLS_REAL_TIME, test_live_dropped);
  hls_add ("/hls/byterange", 0, test_byterange);
}

int
main (int argc, char **argv)
{
  return gst_rig_main (argc, argv, add_tests);
}

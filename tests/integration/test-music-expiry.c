/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* URLs of a music service that expire, at each place where that can happen; what is heard of it is
 * counted to the sample. */

#include <signal.h>

#include "demo-json.h"
#include "harness-music.h"

#define RATE 44100

static const guint short_tracks[] = { 2000, 1500, 1200, 0 };

static void
assert_text (char *found, const char *expected)
{
  g_autofree char *owned = found;
  g_assert_cmpstr (found, ==, expected);
}

/* Where the current item is. */
static gint64
get_offset_ms (MusicRig *rig)
{
  return harness_get_int64 (rig->harness, HARNESS_PLAYER, "OffsetInMilliseconds");
}

/* How often a file was asked for and answered with @status. */
static guint
count_media (MusicRig *rig, guint status)
{
  GPtrArray *log = demo_music_server_get_log (rig->tunes);
  guint n = 0;
  for (guint i = 0; i < log->len; i++)
    {
      JsonObject *entry = g_ptr_array_index (log, i);
      n += g_strcmp0 (demo_json_get_string (entry, "kind"), "media") == 0
           && demo_json_get_int (entry, "status", 0) == status;
    }
  return n;
}

/* A pause in which the URL expires: one GetItem, and it goes on at the very sample. */
static void
test_resume_expired (void)
{
  g_autoptr (MusicRig) rig = music_rig_new (short_tracks);
  music_rig_control (rig, "{'lifetime_ms': 1000}");
  music_rig_play (rig, "album-3:3");
  harness_wait_offset (rig->harness, 400);
  harness_press (rig->harness, "Pause");
  harness_wait_activity (rig->harness, "PAUSED");
  gint64 paused_ms = get_offset_ms (rig);
  music_rig_control (rig, "{'expire': true, 'lifetime_ms': 60000}");
  music_rig_sleep (1100);
  guint asked = music_rig_count (rig, "GetItem");
  harness_press (rig->harness, "Play");
  harness_wait_activity (rig->harness, "PLAYING");
  g_assert_cmpint (get_offset_ms (rig), >=, paused_ms);
  g_assert_cmpuint (music_rig_count (rig, "GetItem"), ==, asked + 1);
  harness_wait_activity (rig->harness, "FINISHED");
  music_rig_check (rig, (MusicPart[]){ { 2, 0, 0 }, { 0 } });
}

/* The same while the file is still on its way: what is missing is read from the new URL. */
static void
test_resume_in_transfer (void)
{
  g_autoptr (MusicRig) rig = music_rig_new (short_tracks);
  music_rig_control (rig, "{'lifetime_ms': 1000, 'rate': 150000}");
  music_rig_play (rig, "album-3:3");
  harness_press (rig->harness, "Pause");
  harness_wait_activity (rig->harness, "PAUSED");
  music_rig_control (rig, "{'expire': true, 'lifetime_ms': 60000, 'rate': 0, 'cut': 0}");
  music_rig_sleep (1100);
  harness_press (rig->harness, "Play");
  harness_wait_activity (rig->harness, "FINISHED");
  g_assert_cmpuint (music_rig_count (rig, "GetItem"), ==, 1);
  g_assert_cmpuint (count_media (rig, 403), ==, 0);
  music_rig_check (rig, (MusicPart[]){ { 2, 0, 0 }, { 0 } });
}

/* The connection breaks in the middle, and the URL has expired by then: one GetItem, and it is read on
 * from its byte; not a sample is lost. */
static void
refuse_in_mid_stream (guint status)
{
  g_autoptr (MusicRig) rig = music_rig_new (short_tracks);
  g_autofree char *refusal = g_strdup_printf ("{'refusal': %u}", status);
  music_rig_control (rig, refusal);
  music_rig_control (rig, "{'rate': 120000, 'cut': 150000}");
  music_rig_play (rig, "album-3:3");
  music_rig_control (rig, "{'expire': true, 'rate': 0}");
  music_rig_wait_asked (rig, "GetItem", 1);
  harness_wait_activity (rig->harness, "FINISHED");
  g_assert_cmpuint (music_rig_count (rig, "GetItem"), ==, 1);
  music_rig_check (rig, (MusicPart[]){ { 2, 0, 0 }, { 0 } });
}

static void
test_refused_401 (void)
{
  refuse_in_mid_stream (401);
}

static void
test_refused_403 (void)
{
  refuse_in_mid_stream (403);
}

static void
test_refused_410 (void)
{
  refuse_in_mid_stream (410);
}

/* What has been loaded ahead expires before its turn: it is renewed, and nothing is heard of it. */
static void
test_next_expires (void)
{
  static const guint tracks[] = { 4000, 1500, 0 };
  g_autoptr (MusicRig) rig = music_rig_new (tracks);
  music_rig_control (rig, "{'lifetime_ms': 1500}");
  music_rig_play (rig, "album-1");
  music_rig_wait_asked (rig, "GetNextItem", 1);
  music_rig_wait_asked (rig, "GetItem", 1);
  harness_wait_activity (rig->harness, "FINISHED");
  music_rig_check (rig, (MusicPart[]){ { 1, 0, 0 }, { 2, 0, 0 }, { 0 } });
  g_assert_cmpuint (music_rig_get_gap (rig), ==, 0);
}

/* The item is gone when it should go on: the next one plays. */
static void
test_item_gone (void)
{
  g_autoptr (MusicRig) rig = music_rig_new (short_tracks);
  music_rig_control (rig, "{'lifetime_ms': 500}");
  music_rig_play (rig, "album-1");
  harness_wait_offset (rig->harness, 300);
  harness_press (rig->harness, "Pause");
  harness_wait_activity (rig->harness, "PAUSED");
  music_rig_sleep (600);
  music_rig_control (rig, "{'fault': 'error', 'type': 'ITEM_NOT_FOUND', 'on': 'GetItem'}");
  harness_press (rig->harness, "Play");
  music_rig_wait_item (rig, "album-1.track-2");
}

/* The daemon is killed in the middle. It goes on where it was, with another URL. */
static void
test_restart (void)
{
  static const guint tracks[] = { 6000, 0 };
  g_autoptr (MusicRig) rig = music_rig_new (tracks);
  music_rig_control (rig, "{'lifetime_ms': 1000}");
  music_rig_play (rig, "album-1");
  harness_wait_offset (rig->harness, 2500);
  g_assert_cmpint (harness_end_daemon (rig->harness, SIGKILL), ==, 128 + SIGKILL);
  music_rig_control (rig, "{'expire': true, 'lifetime_ms': 60000}");
  harness_start_daemon (rig->harness);
  music_rig_wait_item (rig, "album-1.track-1");
  g_assert_cmpuint (music_rig_count (rig, "GetItem"), ==, 1);
  music_rig_wait_events (rig, 2);
  g_autofree char *events = music_rig_list_events (rig);
  const char *started = strrchr (events, ' ');
  gint64 offset_ms = g_ascii_strtoll (started, NULL, 10);
  g_assert_cmpint (offset_ms, >=, 1000);
  harness_wait_activity (rig->harness, "FINISHED");
  music_rig_check (rig, (MusicPart[]){ { 1, offset_ms * RATE / 1000, 0 }, { 0 } });
}

/* Broken off after its time, a stream is not even asked for with the old URL: it is renewed first. */
static void
test_reconnection (void)
{
  g_autoptr (MusicRig) rig = music_rig_new (short_tracks);
  music_rig_control (rig, "{'lifetime_ms': 800, 'rate': 120000, 'cut': 150000}");
  music_rig_play (rig, "album-3:3");
  music_rig_control (rig, "{'lifetime_ms': 60000, 'rate': 0}");
  harness_wait_activity (rig->harness, "FINISHED");
  g_assert_cmpuint (music_rig_count (rig, "GetItem"), ==, 1);
  g_assert_cmpuint (count_media (rig, 403), ==, 0);
  music_rig_check (rig, (MusicPart[]){ { 2, 0, 0 }, { 0 } });
}

/* A URL that has expired when it comes is used at once; one that is refused from the beginning is
 * renewed, once. */
static void
test_fresh (void)
{
  g_autoptr (MusicRig) rig = music_rig_new (short_tracks);
  music_rig_control (rig, "{'fault': 'stale', 'on': 'Initiate'}");
  music_rig_control (rig, "{'fault': 'dead-uri', 'on': 'GetNextItem'}");
  music_rig_play (rig, "album-1:2");
  harness_wait_activity (rig->harness, "FINISHED");
  g_assert_cmpuint (music_rig_count (rig, "GetItem"), ==, 1);
  music_rig_check (rig, (MusicPart[]){ { 2, 0, 0 }, { 3, 0, 0 }, { 0 } });
  g_assert_cmpuint (music_rig_get_gap (rig), ==, 0);
}

/* None of its URLs can be opened: three items are tried, and that is all. */
static void
test_all_dead (void)
{
  g_autoptr (MusicRig) rig = music_rig_new (short_tracks);
  music_rig_control (rig, "{'fault': 'dead-uri', 'count': 0}");
  music_rig_do (rig, "Play", "('tunes', {'content': 'album-1'})");
  music_rig_wait_asked (rig, "GetItem", 3);
  music_rig_sleep (1000);
  assert_text (music_rig_list_asked (rig),
               "Initiate GetItem GetNextItem GetItem GetNextItem GetItem");
  g_autofree char *problem = harness_get_string (rig->harness, MUSIC, "Problem");
  g_assert_cmpstr (problem, !=, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/music-expiry/resume", test_resume_expired);
  g_test_add_func ("/music-expiry/resume-in-transfer", test_resume_in_transfer);
  g_test_add_func ("/music-expiry/refused-401", test_refused_401);
  g_test_add_func ("/music-expiry/refused-403", test_refused_403);
  g_test_add_func ("/music-expiry/refused-410", test_refused_410);
  g_test_add_func ("/music-expiry/reconnection", test_reconnection);
  g_test_add_func ("/music-expiry/next", test_next_expires);
  g_test_add_func ("/music-expiry/fresh", test_fresh);
  g_test_add_func ("/music-expiry/all-dead", test_all_dead);
  g_test_add_func ("/music-expiry/item-gone", test_item_gone);
  g_test_add_func ("/music-expiry/restart", test_restart);
  return g_test_run ();
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* Queues of a music service, through the whole daemon: what is asked, and what is heard, to the sample.
 */

#include <signal.h>

#include "harness-music.h"

static const guint short_tracks[] = { 2000, 1500, 1200, 0 };

static void
assert_text (char *found, const char *expected)
{
  g_autofree char *owned = found;
  g_assert_cmpstr (found, ==, expected);
}

/* An album that was searched for, from its beginning to its end: no sample is lost or added at the
 * joints, and the service hears of each item. */
static void
test_album (void)
{
  g_autoptr (MusicRig) rig = music_rig_new (short_tracks);
  music_rig_do (rig, "Play", "('tunes', {'ALBUM': 'album-1'})");
  harness_wait_activity (rig->harness, "PLAYING");
  harness_wait_activity (rig->harness, "FINISHED");
  music_rig_wait_events (rig, 6);
  assert_text (music_rig_list_asked (rig),
               "GetPlayableContent Initiate GetNextItem GetNextItem GetNextItem");
  assert_text (music_rig_list_events (rig), "Started album-1.track-1 0, Finished album-1.track-1, "
                                            "Started album-1.track-2 0, Finished album-1.track-2, "
                                            "Started album-1.track-3 0, Finished album-1.track-3");
  music_rig_check (rig, (MusicPart[]){ { 1, 0, 0 }, { 2, 0, 0 }, { 3, 0, 0 }, { 0 } });
  g_assert_cmpuint (music_rig_get_gap (rig), ==, 0);
}

/* The service takes five seconds to say what comes next, and fails before it does: what plays is not
 * touched, and the joint is without a seam. */
static void
test_slow_service (void)
{
  static const guint tracks[] = { 8000, 1200, 0 };
  g_autoptr (MusicRig) rig = music_rig_new (tracks);
  music_rig_control (rig, "{'fault': 'status', 'status': 503, 'on': 'GetNextItem'}");
  music_rig_control (rig, "{'fault': 'late', 'on': 'GetNextItem', 'delay_ms': 5000}");
  music_rig_play (rig, "album-1");
  harness_wait_activity (rig->harness, "FINISHED");
  music_rig_check (rig, (MusicPart[]){ { 1, 0, 0 }, { 2, 0, 0 }, { 0 } });
  g_assert_cmpuint (music_rig_get_gap (rig), ==, 0);
}

/* Switched on while another item waits: that is thrown away, and what belongs there now follows without
 * a seam. */
static void
test_shuffle (void)
{
  g_autoptr (MusicRig) rig = music_rig_new (short_tracks);
  music_rig_play (rig, "album-1");
  music_rig_wait_asked (rig, "GetNextItem", 1);
  music_rig_do (rig, "SetShuffle", "(true,)");
  music_rig_wait_item (rig, "album-1.track-3");
  music_rig_wait_item (rig, "album-1.track-2");
  harness_wait_activity (rig->harness, "FINISHED");
  music_rig_check (rig, (MusicPart[]){ { 1, 0, 0 }, { 3, 0, 0 }, { 2, 0, 0 }, { 0 } });
  g_assert_cmpuint (music_rig_get_gap (rig), ==, 0);
}

/* After the last one comes the first one. */
static void
test_loop (void)
{
  static const guint tracks[] = { 1500, 1200, 0 };
  g_autoptr (MusicRig) rig = music_rig_new (tracks);
  music_rig_play (rig, "album-1");
  music_rig_do (rig, "SetLoop", "(true,)");
  music_rig_wait_item (rig, "album-1.track-2");
  music_rig_wait_item (rig, "album-1.track-1");
  music_rig_do (rig, "SetLoop", "(false,)");
  music_rig_wait_item (rig, "album-1.track-2");
  harness_wait_activity (rig->harness, "FINISHED");
  music_rig_check (rig, (MusicPart[]){ { 1, 0, 0 }, { 2, 0, 0 }, { 1, 0, 0 }, { 2, 0, 0 }, { 0 } });
  g_assert_cmpuint (music_rig_get_gap (rig), ==, 0);
}

static void
assert_not_allowed (MusicRig *rig, const char *method)
{
  g_autofree char *name = harness_call_error (rig->harness, HARNESS_PLAYER, method, NULL, NULL);
  g_assert_cmpstr (name, ==, "NotAllowed");
}

/* The user skips until the service has had enough: what plays plays on. */
static void
test_skip_limit (void)
{
  g_autoptr (MusicRig) rig = music_rig_new (short_tracks);
  music_rig_control (rig, "{'skip_limit': 1}");
  music_rig_play (rig, "album-1");
  harness_press (rig->harness, "Next");
  music_rig_wait_item (rig, "album-1.track-2");
  harness_press (rig->harness, "Next");
  harness_wait_property (rig->harness, MUSIC, "Controls",
                         "['previous', 'seek', 'shuffle', 'loop', 'repeat', 'rate']");
  guint asked = music_rig_count (rig, "GetNextItem");
  assert_not_allowed (rig, "Next");
  g_assert_cmpuint (music_rig_count (rig, "GetNextItem"), <=, asked + 1);
  music_rig_wait_item (rig, "album-1.track-3");
}

/* Advertising is neither skipped nor sought. */
static void
test_ad (void)
{
  g_autoptr (MusicRig) rig = music_rig_new (short_tracks);
  music_rig_control (rig, "{'ads_every': 1}");
  music_rig_play (rig, "album-1");
  music_rig_wait_item (rig, "ad-1");
  assert_not_allowed (rig, "Next");
  g_autofree char *name = harness_call_error (rig->harness, HARNESS_PLAYER, "Seek",
                                              g_variant_new ("(x)", (gint64)100), NULL);
  g_assert_cmpstr (name, ==, "NotSeekable");
}

/* The queue that the service wants to be stopped is, before the new one begins. */
static void
test_one_queue (void)
{
  g_autoptr (MusicRig) rig = music_rig_new (short_tracks);
  music_rig_control (rig, "{'one_queue': true}");
  music_rig_play (rig, "album-1");
  music_rig_play (rig, "album-2");
  music_rig_wait_item (rig, "album-2.track-1");
  music_rig_wait_events (rig, 3);
  assert_text (music_rig_list_events (rig),
               "Started album-1.track-1 0, Stopped album-1.track-1, Started album-2.track-1 0");
}

/* INTERNAL_ERROR in answer to anything that what plays does not need. */
static void
test_internal_error (void)
{
  static const struct
  {
    const char *name;
    const char *method;
    const char *args;
  } calls[] = { { "GetPlayableContent", "Play", "('tunes', {'ALBUM': 'x'})" },
                { "SetShuffle", "SetShuffle", "(true,)" },
                { "SetLoop", "SetLoop", "(true,)" },
                { "ReceiveFeedback", "Feedback", "('positive',)" },
                { "JumpToItem", "JumpTo", "('album-1.track-3',)" },
                { "GetView", "GetView", NULL } };
  static const guint tracks[] = { 8000, 1500, 0 };
  g_autoptr (MusicRig) rig = music_rig_new (tracks);
  music_rig_play (rig, "album-1");
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autofree char *fault = g_strdup_printf (
          "{'fault': 'error', 'type': 'INTERNAL_ERROR', 'on': '%s'}", calls[i].name);
      music_rig_control (rig, fault);
      g_autofree char *name = harness_call_error (
          rig->harness, MUSIC, calls[i].method,
          calls[i].args != NULL ? g_variant_new_parsed (calls[i].args) : NULL, NULL);
      g_assert_cmpstr (name, ==, "Refused");
    }
  music_rig_wait_item (rig, "album-1.track-1");
  /* What is to sound: all is over. */
  music_rig_control (rig, "{'fault': 'error', 'type': 'INTERNAL_ERROR', 'on': 'Initiate'}");
  g_autofree char *name
      = harness_call_error (rig->harness, MUSIC, "Play",
                            g_variant_new_parsed ("('tunes', {'content': 'album-2'})"), NULL);
  g_assert_cmpstr (name, ==, "Refused");
  harness_wait_activity (rig->harness, "STOPPED");
  harness_wait_property (rig->harness, MUSIC, "Service", "''");
}

/* A station: no length, no seeking, and nothing is asked for ahead. */
static void
test_live (void)
{
  g_autoptr (MusicRig) rig = music_rig_new (short_tracks);
  g_autofree char *mp3 = g_build_filename (DEMO_MEDIA_DIR, "noon.mp3", NULL);
  static const char *const names[] = { "a.wav", "b.wav", "c.wav" };
  g_autofree char *data = NULL;
  gsize length = 0;
  g_assert_true (g_file_get_contents (mp3, &data, &length, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (rig->media_dir, names[i], NULL);
      g_assert_true (g_file_set_contents (path, data, length, NULL));
    }
  music_rig_play (rig, "radio");
  harness_wait_property (rig->harness, MUSIC, "Live", "true");
  music_rig_sleep (1500);
  g_assert_cmpuint (music_rig_count (rig, "GetNextItem"), ==, 0);
  g_autofree char *name = harness_call_error (rig->harness, HARNESS_PLAYER, "Seek",
                                              g_variant_new ("(x)", (gint64)100), NULL);
  g_assert_cmpstr (name, ==, "NotSeekable");
}

/* The configuration file with @to in place of @from is read anew. */
static void
reload (MusicRig *rig, const char *from, const char *to)
{
  g_autofree char *path = g_build_filename (harness_dir (rig->harness), "segue.conf", NULL);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_autoptr (GString) other = g_string_new (text);
  g_assert_cmpuint (g_string_replace (other, from, to, 0), ==, 1);
  g_assert_true (g_file_set_contents (path, other->str, -1, NULL));
  g_assert_cmpint (kill (harness_daemon_pid (rig->harness), SIGHUP), ==, 0);
}

static gboolean
has_services (gpointer user_data)
{
  MusicRig *rig = user_data;
  g_autoptr (GVariant) services = harness_get (rig->harness, MUSIC, "Services");
  return g_variant_n_children (services) == 2;
}

/* The configuration changes while a queue plays: it goes on, without a seam. */
static void
test_reload (void)
{
  g_autoptr (MusicRig) rig = music_rig_new (short_tracks);
  music_rig_play (rig, "album-1");
  reload (rig, "[music tunes]\n",
          "[music other]\nendpoint = https://example.com/music\n[music tunes]\nlocale = de-DE\n");
  g_assert_true (harness_wait (15000, has_services, rig));
  harness_wait_activity (rig->harness, "FINISHED");
  music_rig_check (rig, (MusicPart[]){ { 1, 0, 0 }, { 2, 0, 0 }, { 3, 0, 0 }, { 0 } });
  g_assert_cmpuint (music_rig_get_gap (rig), ==, 0);
}

/* Its service goes: what plays is played to its end, what waits as well, and nothing more is asked. */
static void
test_reload_without_service (void)
{
  g_autoptr (MusicRig) rig = music_rig_new (short_tracks);
  music_rig_play (rig, "album-1");
  music_rig_wait_asked (rig, "GetNextItem", 1);
  reload (rig, "[music tunes]\n", "[music other]\n");
  harness_wait_property (rig->harness, MUSIC, "QueueId", "''");
  harness_wait_activity (rig->harness, "FINISHED");
  g_assert_cmpuint (music_rig_count (rig, "GetNextItem"), ==, 1);
  music_rig_do (rig, "Play", "('other', {'ALBUM': 'album-1'})");
  harness_wait_activity (rig->harness, "PLAYING");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/music/album", test_album);
  g_test_add_func ("/music/slow-service", test_slow_service);
  g_test_add_func ("/music/shuffle", test_shuffle);
  g_test_add_func ("/music/loop", test_loop);
  g_test_add_func ("/music/skip-limit", test_skip_limit);
  g_test_add_func ("/music/ad", test_ad);
  g_test_add_func ("/music/one-queue", test_one_queue);
  g_test_add_func ("/music/internal-error", test_internal_error);
  g_test_add_func ("/music/live", test_live);
  g_test_add_func ("/music/reload", test_reload);
  g_test_add_func ("/music/reload-without-service", test_reload_without_service);
  return g_test_run ();
}

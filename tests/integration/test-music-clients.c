/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* Music services by the programs people control players with: seguectl, playerctl, busctl. */

#include <signal.h>
#include <string.h>

#include "harness-music.h"

/* Nothing is over before some processes have started and ended. */
static const guint long_tracks[] = { 40000, 40000, 40000, 0 };

static void
assert_contains (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    harness_fail ("\"%s\" not in: %s", part, text);
}

/* What @program prints. */
#define run(rig, ...) run_to (rig, 0, __VA_ARGS__, NULL)
/* Where it says nothing. */
#define tell(rig, ...) g_free (run (rig, __VA_ARGS__))

G_GNUC_NULL_TERMINATED
static char *
run_to (MusicRig *rig, int status, const char *program, ...)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const char *word;
  va_list args;
  va_start (args, program);
  while ((word = va_arg (args, const char *)) != NULL)
    g_strv_builder_add (builder, word);
  va_end (args);
  g_auto (GStrv) words = g_strv_builder_end (builder);
  const char *w[4] = { NULL };
  g_assert_cmpuint (g_strv_length (words), <=, G_N_ELEMENTS (w));
  for (guint i = 0; words[i] != NULL; i++)
    w[i] = words[i];
  char *out = NULL;
  g_autofree char *err = NULL;
  int found = harness_run (rig->harness, &out, &err, program, w[0], w[1], w[2], w[3], NULL);
  if (found != status)
    harness_fail ("%s %s ended with %d: %s", program, w[0], found, err);
  return status == 0 ? out : (g_free (out), g_steal_pointer (&err));
}

static void
test_seguectl (void)
{
  g_autoptr (MusicRig) rig = music_rig_new (long_tracks);
  g_autofree char *services = run (rig, SEGUECTL, "music");
  assert_contains (services, "tunes  http://127.0.0.1:");
  assert_contains (services, "(linked)");

  tell (rig, SEGUECTL, "music", "--type=ALBUM", "tunes", "album-1");
  music_rig_wait_item (rig, "album-1.track-1");
  g_autofree char *status = run (rig, SEGUECTL, "status");
  assert_contains (status, "Music      tunes: linked\n");
  assert_contains (status, "Modes      shuffle off, loop off, repeat off\n");
  assert_contains (status, "Skill      music:tunes\n");
  assert_contains (status, "URL        good for ");
  g_autofree char *queue = run (rig, SEGUECTL, "queue");
  assert_contains (queue, "  1* ");
  assert_contains (queue, "  3  ");

  tell (rig, SEGUECTL, "next");
  music_rig_wait_item (rig, "album-1.track-2");
  tell (rig, SEGUECTL, "jump", "--id=album-1.track-1");
  music_rig_wait_item (rig, "album-1.track-1");
  tell (rig, SEGUECTL, "jump", "2");
  music_rig_wait_item (rig, "album-1.track-2");
  g_autofree char *nowhere = run_to (rig, 1, SEGUECTL, "jump", "--id=nowhere", NULL);
  assert_contains (nowhere, "nothing like that");

  tell (rig, SEGUECTL, "loop", "on");
  g_autofree char *loop = run (rig, SEGUECTL, "loop");
  g_assert_cmpstr (loop, ==, "on\n");
  tell (rig, SEGUECTL, "feedback", "up");
  harness_wait_property (rig->harness, MUSIC, "Rating", "'POSITIVE'");
  tell (rig, SEGUECTL, "music", "--content=album-2", "tunes");
  music_rig_wait_item (rig, "album-2.track-1");
}

/* What cannot be had is told in plain words, and by the exit status. */
static void
test_refusals (void)
{
  g_autoptr (MusicRig) rig = music_rig_new (long_tracks);
  g_autofree char *nobody = run_to (rig, 64, SEGUECTL, "music", "nobody", "words", NULL);
  assert_contains (nobody, "nobody");
  g_autofree char *nothing = run_to (rig, 1, SEGUECTL, "music", "tunes", "no such words", NULL);
  assert_contains (nothing, "nothing like that");
  g_autofree char *no_queue = run_to (rig, 1, SEGUECTL, "shuffle", "on", NULL);
  assert_contains (no_queue, "shuffle");
}

/* A paused queue outlives the daemon: it is shown, and goes on at the next Play. */
static void
test_restart (void)
{
  g_autoptr (MusicRig) rig = music_rig_new (long_tracks);
  music_rig_play (rig, "album-1");
  harness_wait_offset (rig->harness, 1500);
  tell (rig, SEGUECTL, "pause");
  harness_wait_activity (rig->harness, "PAUSED");
  gint64 offset_ms = harness_get_int64 (rig->harness, HARNESS_PLAYER, "OffsetInMilliseconds");
  g_assert_cmpint (harness_end_daemon (rig->harness, SIGTERM), ==, 0);
  harness_start_daemon (rig->harness);

  g_autofree char *status = run (rig, SEGUECTL, "status");
  assert_contains (status, "Activity   nothing has been played yet\n");
  assert_contains (status, "Music      tunes: linked\n");
  assert_contains (status, ", at 0:0");
  g_autofree char *metadata = run (rig, "playerctl", "metadata");
  assert_contains (metadata, "xesam:title");
  g_assert_cmpint (harness_get_int64 (rig->harness, MUSIC, "OffsetInMilliseconds"), ==, offset_ms);
  g_autofree char *queue = run (rig, SEGUECTL, "queue");
  assert_contains (queue, "  1* ");
  tell (rig, "playerctl", "play");
  harness_wait_activity (rig->harness, "PLAYING");
  g_assert_cmpint (harness_get_int64 (rig->harness, HARNESS_PLAYER, "OffsetInMilliseconds"), >=,
                   offset_ms);
}

static void
test_playerctl (void)
{
  g_autoptr (MusicRig) rig = music_rig_new (long_tracks);
  music_rig_play (rig, "album-1");
  g_autofree char *none = run (rig, "playerctl", "loop");
  g_assert_cmpstr (none, ==, "None\n");
  tell (rig, "playerctl", "loop", "Track");
  harness_wait_property (rig->harness, MUSIC, "Repeat", "true");
  tell (rig, "playerctl", "loop", "Playlist");
  harness_wait_property (rig->harness, MUSIC, "Loop", "true");
  harness_wait_property (rig->harness, MUSIC, "Repeat", "false");
  g_autofree char *looped = run (rig, "playerctl", "loop");
  g_assert_cmpstr (looped, ==, "Playlist\n");
  tell (rig, "playerctl", "shuffle", "On");
  harness_wait_property (rig->harness, MUSIC, "Shuffle", "true");
  g_autofree char *metadata = run (rig, "playerctl", "metadata");
  assert_contains (metadata, "xesam:artist");
  assert_contains (metadata, "xesam:album");
  assert_contains (metadata, "mpris:artUrl");
}

static void
test_busctl (void)
{
  g_autoptr (MusicRig) rig = music_rig_new (long_tracks);
  music_rig_play (rig, "album-1");
  g_autofree char *address = g_strdup_printf ("--address=%s", harness_bus_address (rig->harness));
  g_autofree char *out = NULL;
  g_assert_cmpint (harness_run (rig->harness, &out, NULL, "busctl", address, "get-property",
                                "org.segue.Segue1", HARNESS_PATH, MUSIC, "Service", "ItemId",
                                "Controls", NULL),
                   ==, 0);
  assert_contains (out, "s \"tunes\"\ns \"album-1.track-1\"\nas ");
  assert_contains (out, "\"next\"");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/music-clients/seguectl", test_seguectl);
  g_test_add_func ("/music-clients/refusals", test_refusals);
  g_test_add_func ("/music-clients/restart", test_restart);
  g_test_add_func ("/music-clients/playerctl", test_playerctl);
  g_test_add_func ("/music-clients/busctl", test_busctl);
  return g_test_run ();
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* The process: start, end, restart, and what it plays counted sample by sample. */

#include <signal.h>
#include <string.h>

#include "harness.h"

/* Where the frames of the three tracks lie in the capture: file number and index of each. */
static void
check_frames (const guint8 *data, gsize frames)
{
  gsize i = 0;
  while (i < frames && data[i * 4 + 3] == 0 && data[i * 4] == 0)
    i++; /* silence before the first frame; frame 0 of track 1 has its file number */
  for (guint track = 1; track <= 3; track++)
    for (gsize index = 0; index < harness_track_frames (track); index++, i++)
      {
        g_assert_cmpuint (i, <, frames);
        const guint8 *frame = data + i * 4;
        gsize is = frame[0] | frame[1] << 8 | frame[2] << 16;
        if (frame[3] != track || is != index)
          harness_fail ("frame %" G_GSIZE_FORMAT " of the capture is %u/%" G_GSIZE_FORMAT
                        ", expected %u/%" G_GSIZE_FORMAT,
                        i, frame[3], is, track, index);
      }
}

/* Three tracks, each from its own HTTP transfer: not a sample lost, added or changed at the joins.
 */
static void
test_samples (void)
{
  g_autoptr (Harness) h
      = harness_new ("[audio]\nsink = capsfilter caps=audio/x-raw,format=S16LE ! tee name=t ! "
                     "queue ! filesink location=@DIR@/capture.raw sync=false async=false "
                     "t. ! queue ! fakesink sync=true\n");
  harness_launch (h);
  harness_expect (h, "LaunchRequest", NULL);
  harness_wait_activity (h, "PLAYING");
  harness_wait_activity (h, "FINISHED");
  harness_end_daemon (h, SIGTERM);
  g_autofree char *path = g_build_filename (harness_dir (h), "capture.raw", NULL);
  g_autofree char *data = NULL;
  gsize length = 0;
  g_autoptr (GError) error = NULL;
  g_file_get_contents (path, &data, &length, &error);
  g_assert_no_error (error);
  check_frames ((const guint8 *)data, length / 4);
}

/* Killed in the middle: what had not been answered is told after the next start, in order. */
static void
test_killed (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  harness_launch (h);
  harness_expect (h, "LaunchRequest", "PlaybackStarted track-1 0",
                  "PlaybackNearlyFinished track-1 *", NULL);
  harness_wait_signal (h, "Directive", "track-2");
  harness_kill_skill (h);
  g_autoptr (GVariant) stop = harness_call (h, HARNESS_PLAYER, "Stop", NULL);
  harness_wait_activity (h, "STOPPED");
  g_assert_cmpint (harness_end_daemon (h, SIGKILL), ==, 128 + SIGKILL);
  harness_restart_skill (h);
  harness_start_daemon (h);
  harness_expect (h, "PlaybackStopped track-1 *", NULL);
}

/* SIGTERM while playing: the skill hears of the stop, the exit status is 0. */
static void
test_terminated (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  harness_launch (h);
  harness_expect (h, "LaunchRequest", "PlaybackStarted track-1 0",
                  "PlaybackNearlyFinished track-1 *", NULL);
  g_assert_cmpint (harness_end_daemon (h, SIGTERM), ==, 0);
  harness_expect (h, "PlaybackStopped track-1 *", NULL);
}

/* A skill of the configuration is known by its name, and the only one is the default. */
static void
test_configured_skill (void)
{
  g_autoptr (Harness) h = harness_new ("[device]\nlocale = de-DE\n[skill radio]\nendpoint = @URL@\n"
                                       "application-id = amzn1.ask.skill.1234\n");
  g_autoptr (GVariant) reply
      = harness_call (h, HARNESS_CONVERSATION, "Launch", g_variant_new ("(s)", ""));
  harness_expect (h, "LaunchRequest", NULL);
  JsonObject *body = harness_request (h, 0);
  g_assert_cmpstr (
      json_object_get_string_member (json_object_get_object_member (body, "request"), "locale"), ==,
      "de-DE");
  g_assert_cmpstr (json_object_get_string_member (
                       json_object_get_object_member (
                           json_object_get_object_member (body, "session"), "application"),
                       "applicationId"),
                   ==, "amzn1.ask.skill.1234");
  harness_wait_activity (h, "PLAYING");
  g_autofree char *skill = harness_get_string (h, HARNESS_PLAYER, "Skill");
  g_assert_cmpstr (skill, ==, "radio");
}

/* A second daemon on the same bus says why it ends; a wrong configuration names file, line and key.
 */
static void
test_refusals (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  g_autofree char *err = NULL;
  g_autofree char *state = g_build_filename (harness_dir (h), "other", NULL);
  g_assert_cmpint (harness_run (h, NULL, &err, SEGUED, "--session", "--state-dir", state, NULL), !=,
                   0);
  g_assert_nonnull (strstr (err, "org.segue.Segue1"));
  g_autofree char *path = g_build_filename (harness_dir (h), "wrong.conf", NULL);
  g_assert_true (g_file_set_contents (path, "[device]\nlocale = de-DE\nlanguage = de\n", -1, NULL));
  g_autofree char *wrong = NULL;
  g_assert_cmpint (harness_run (h, NULL, &wrong, SEGUED, "--config", path, "--check-config", NULL),
                   ==, 78);
  g_assert_nonnull (strstr (wrong, "wrong.conf:3"));
  g_assert_nonnull (strstr (wrong, "language"));
  g_assert_true (g_file_set_contents (path, "[audio]\nsink = nosuchsink\n", -1, NULL));
  g_autofree char *sink = NULL;
  g_assert_cmpint (harness_run (h, NULL, &sink, SEGUED, "--config", path, "--state-dir", state, NULL),
                   ==, 78);
  g_assert_nonnull (strstr (sink, "wrong.conf:2: [audio] sink: "));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/daemon/samples", test_samples);
  g_test_add_func ("/daemon/killed", test_killed);
  g_test_add_func ("/daemon/terminated", test_terminated);
  g_test_add_func ("/daemon/configured-skill", test_configured_skill);
  g_test_add_func ("/daemon/refusals", test_refusals);
  return g_test_run ();
}

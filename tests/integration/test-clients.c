/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* The programs people control players with: seguectl, busctl, playerctl. */

#include <string.h>

#include "harness.h"

static void
assert_contains (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    harness_fail ("\"%s\" not in: %s", part, text);
}

/* So that it is not over before some processes have started and ended. */
static void
lengthen (Harness *h, const char *name, guint file)
{
  g_autofree char *path = g_build_filename (harness_media_dir (h), name, NULL);
  harness_write_wav (path, file, 30 * 44100);
}

static void
test_seguectl (void)
{
  g_autoptr (Harness) h = harness_new ("[player]\nnearly-finished = early\n");
  lengthen (h, "a.wav", 1);
  lengthen (h, "b.wav", 2);
  g_autofree char *idle = NULL;
  g_assert_cmpint (harness_run (h, &idle, NULL, SEGUECTL, "status", NULL), ==, 0);
  assert_contains (idle, "nothing has been played yet");
  g_assert_cmpint (harness_run (h, NULL, NULL, SEGUECTL, "launch", harness_url (h), NULL), ==, 0);
  harness_expect (h, "LaunchRequest", "PlaybackStarted track-1 0",
                  "PlaybackNearlyFinished track-1 *", NULL);
  harness_wait_signal (h, "Directive", "track-2");
  g_autofree char *status = NULL;
  g_assert_cmpint (harness_run (h, &status, NULL, SEGUECTL, "status", NULL), ==, 0);
  assert_contains (status, "playing");
  assert_contains (status, "track-1");
  g_autofree char *queue = NULL;
  g_assert_cmpint (harness_run (h, &queue, NULL, SEGUECTL, "queue", NULL), ==, 0);
  assert_contains (queue, "track-2");
  g_autofree char *skills = NULL;
  g_assert_cmpint (harness_run (h, &skills, NULL, SEGUECTL, "skills", NULL), ==, 0);
  assert_contains (skills, harness_url (h));
  g_assert_cmpint (harness_run (h, NULL, NULL, SEGUECTL, "next", NULL), ==, 0);
  harness_expect (h, "NextCommandIssued", "PlaybackStopped track-1 *", "PlaybackStarted track-2 0",
                  "PlaybackNearlyFinished track-2 *", NULL);
  g_assert_cmpint (harness_run (h, NULL, NULL, SEGUECTL, "pause", NULL), ==, 0);
  harness_expect (h, "PauseCommandIssued", "PlaybackStopped track-2 *", NULL);
  g_assert_cmpint (harness_run (h, NULL, NULL, SEGUECTL, "resume", NULL), ==, 0);
  harness_expect (h, "PlayCommandIssued", "PlaybackStarted track-2 *",
                  "PlaybackNearlyFinished track-2 *", NULL);
  g_assert_cmpint (harness_run (h, NULL, NULL, SEGUECTL, "volume", "40%", NULL), ==, 0);
  g_autoptr (GVariant) volume = harness_get (h, HARNESS_PLAYER, "Volume");
  g_assert_cmpfloat_with_epsilon (g_variant_get_double (volume), 0.4, 0.001);
  g_assert_cmpint (harness_run (h, NULL, NULL, SEGUECTL, "stop", NULL), ==, 0);
  harness_expect (h, "PlaybackStopped track-2 *", NULL);
  g_assert_cmpint (harness_run (h, NULL, NULL, SEGUECTL, "intent", "PlayIntent", "track=3", NULL),
                   ==, 0);
  harness_expect (h, "IntentRequest PlayIntent", "PlaybackStarted track-3 0", NULL);
  g_autofree char *err = NULL;
  g_assert_cmpint (harness_run (h, NULL, &err, SEGUECTL, "launch", "nobody", NULL), !=, 0);
  assert_contains (err, "nobody");
}

/* What is wrong with an answer is said where it was asked for. */
static void
test_faults_told (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  g_autofree char *path = g_build_filename (harness_dir (h), "answer.json", NULL);
  g_assert_true (g_file_set_contents (
      path,
      "{\"version\":\"1.0\",\"response\":{\"directives\":[{\"type\":\"AudioPlayer.Play\","
      "\"playBehavior\":\"REPLACE_ALL\",\"audioItem\":{\"stream\":{\"token\":\"t\"}}}]}}",
      -1, NULL));
  g_autofree char *err = NULL;
  g_assert_cmpint (harness_run (h, NULL, &err, SEGUECTL, "handle", path, NULL), ==, 65);
  assert_contains (err, "response.directives[0].audioItem.stream.url");
  assert_contains (err, "refused");
  harness_fault (h, "no-url@LaunchRequest");
  g_autofree char *launched = NULL;
  g_assert_cmpint (harness_run (h, NULL, &launched, SEGUECTL, "launch", harness_url (h), NULL), ==,
                   76);
  assert_contains (launched, "refused");
}

static void
test_busctl (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  g_autofree char *address = g_strdup_printf ("--address=%s", harness_bus_address (h));
  g_autofree char *out = NULL;
  g_assert_cmpint (harness_run (h, &out, NULL, "busctl", address, "introspect", "org.segue.Segue1",
                                HARNESS_PATH, NULL),
                   ==, 0);
  const char *members[] = { ".Launch",
                            ".Intent",
                            ".HandleResponse",
                            ".EndSession",
                            ".Play",
                            ".Pause",
                            ".Stop",
                            ".Next",
                            ".Previous",
                            ".Seek",
                            ".Volume",
                            ".Muted",
                            ".PlayerActivity",
                            ".Token",
                            ".OffsetInMilliseconds",
                            ".DurationInMilliseconds",
                            ".Metadata",
                            ".Queue",
                            ".Skill",
                            ".RequestSent",
                            ".AnswerReceived",
                            ".Directive",
                            ".Finding",
                            ".Activity",
                            ".Card" };
  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    assert_contains (out, members[i]);
  g_assert_cmpint (harness_run (h, NULL, NULL, "busctl", address, "call", "org.segue.Segue1",
                                HARNESS_PATH, HARNESS_CONVERSATION, "Launch", "s", harness_url (h),
                                NULL),
                   ==, 0);
  harness_expect (h, "LaunchRequest", "PlaybackStarted track-1 0", NULL);
  g_assert_cmpint (harness_run (h, NULL, NULL, "busctl", address, "call", "org.segue.Segue1",
                                HARNESS_PATH, HARNESS_PLAYER, "Seek", "x", "600", NULL),
                   ==, 0);
  harness_wait_offset (h, 600);
}

static void
test_playerctl (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  g_autoptr (GVariant) reply
      = harness_call (h, HARNESS_CONVERSATION, "Launch", g_variant_new ("(s)", harness_url (h)));
  harness_expect (h, "LaunchRequest", "PlaybackStarted track-1 0",
                  "PlaybackNearlyFinished track-1 *", NULL);
  g_autofree char *list = NULL;
  g_assert_cmpint (harness_run (h, &list, NULL, "playerctl", "--list-all", NULL), ==, 0);
  assert_contains (list, "segue");
  g_autofree char *status = NULL;
  g_assert_cmpint (harness_run (h, &status, NULL, "playerctl", "status", NULL), ==, 0);
  assert_contains (status, "Playing");
  g_autofree char *metadata = NULL;
  g_assert_cmpint (harness_run (h, &metadata, NULL, "playerctl", "metadata", NULL), ==, 0);
  assert_contains (metadata, "mpris:trackid");
  g_assert_cmpint (harness_run (h, NULL, NULL, "playerctl", "next", NULL), ==, 0);
  harness_expect (h, "NextCommandIssued", "PlaybackStopped track-1 *", "PlaybackStarted track-2 0",
                  "PlaybackNearlyFinished track-2 *", NULL);
  g_assert_cmpint (harness_run (h, NULL, NULL, "playerctl", "pause", NULL), ==, 0);
  harness_expect (h, "PauseCommandIssued", "PlaybackStopped track-2 *", NULL);
  g_assert_cmpint (harness_run (h, NULL, NULL, "playerctl", "play", NULL), ==, 0);
  harness_expect (h, "PlayCommandIssued", "PlaybackStarted track-2 *", NULL);
  g_assert_cmpint (harness_run (h, NULL, NULL, "playerctl", "volume", "0.3", NULL), ==, 0);
  g_autoptr (GVariant) volume = harness_get (h, HARNESS_PLAYER, "Volume");
  g_assert_cmpfloat_with_epsilon (g_variant_get_double (volume), 0.3, 0.001);
  g_assert_cmpint (harness_run (h, NULL, NULL, "playerctl", "stop", NULL), ==, 0);
  harness_wait_activity (h, "STOPPED");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/clients/seguectl", test_seguectl);
  g_test_add_func ("/clients/faults-told", test_faults_told);
  g_test_add_func ("/clients/busctl", test_busctl);
  g_test_add_func ("/clients/playerctl", test_playerctl);
  return g_test_run ();
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* SIGHUP: the configuration is read anew, and what plays is not disturbed. */

#include <signal.h>
#include <string.h>

#include "harness-ear.h"
#include "harness-manager.h"

#define RADIO "[skill radio]\nendpoint = @URL@\n"
#define FRAME_BYTES 4
#define FILE_LONG 7

static void
hang_up (Harness *h)
{
  g_assert_cmpint (kill (harness_daemon_pid (h), SIGHUP), ==, 0);
}

/* Another configuration, read and taken. */
static void
reload (Harness *h, HarnessManager *manager, const char *config)
{
  harness_write_config (h, config);
  hang_up (h);
  const char *begun = harness_manager_expect (manager, "RELOADING=1");
  g_assert_nonnull (strstr (begun, "\nMONOTONIC_USEC="));
  harness_manager_expect (manager, "READY=1");
}

static JsonObject *
get_system (Harness *h)
{
  JsonObject *context = json_object_get_object_member (harness_request (h, 0), "context");
  return json_object_get_object_member (context, "System");
}

/* The skill answers, and does nothing. */
static void
launch (Harness *h, const char *skill)
{
  harness_answer (h, "LaunchRequest",
                  "{\"version\":\"1.0\",\"response\":{\"shouldEndSession\":true}}", 0);
  g_autoptr (GVariant) reply
      = harness_call (h, HARNESS_CONVERSATION, "Launch", g_variant_new ("(s)", skill));
  harness_expect (h, "LaunchRequest", NULL);
}

/* Frames of the long file, each after the one before: none is lost, repeated or changed. */
static void
check_whole (HarnessEar *ear)
{
  const GByteArray *heard = harness_ear_get (ear);
  gsize expected = 0;
  for (guint i = 0; i + FRAME_BYTES <= heard->len; i += FRAME_BYTES)
    {
      const guint8 *frame = heard->data + i;
      if (expected == 0 && (frame[3] != FILE_LONG || frame[0] != 0))
        continue; /* silence before the first one */
      const gsize index = (gsize)frame[0] | (gsize)frame[1] << 8 | (gsize)frame[2] << 16;
      if (frame[3] != FILE_LONG || index != expected)
        harness_fail ("frame %" G_GSIZE_FORMAT " of file %u is heard where %" G_GSIZE_FORMAT
                      " belongs",
                      index, frame[3], expected);
      expected++;
    }
  g_assert_cmpuint (expected, >, 44100);
}

/* Nearly everything is another, five times: not a sample of what plays is. */
static void
test_audio_goes_on (void)
{
  g_autoptr (HarnessManager) manager = harness_manager_new (0);
  g_autoptr (Harness) h = harness_new (HARNESS_PIPE RADIO);
  g_autoptr (HarnessEar) ear = harness_ear_new (h);
  harness_manager_expect (manager, "READY=1");
  harness_play_long (h);
  static const char *const configs[] = {
    HARNESS_PIPE
    "buffer-ms = 200\nidle-seconds = 0\nreplay-gain = track\n[device]\nlocale = de-DE\n"
    "[voice]\ninterruption = duck\nduck-db = 40\n[player]\nnearly-finished = late\n"
    "[directive-service]\nenabled = false\n[speech]\ncommand = cat\n"
    "[skill kitchen]\nendpoint = @URL@\n",
    HARNESS_PIPE RADIO,
    "[audio]\nsink = fakesink sync=true\n" RADIO "[speech]\ncommand = cat\n",
    HARNESS_PIPE "output = snapcast\n" RADIO,
    HARNESS_PIPE RADIO,
  };
  for (gsize i = 0; i < G_N_ELEMENTS (configs); i++)
    {
      reload (h, manager, configs[i]);
      harness_ear_wait (ear, 11025);
    }
  g_autofree char *activity = harness_get_string (h, HARNESS_PLAYER, "PlayerActivity");
  g_assert_cmpstr (activity, ==, "PLAYING");
  check_whole (ear);
  harness_end_daemon (h, SIGTERM);
}

/* A skill comes, another changes, the third goes: its session ends. */
static void
test_skills (void)
{
  g_autoptr (HarnessManager) manager = harness_manager_new (0);
  g_autoptr (Harness) h = harness_new (RADIO "[skill news]\nendpoint = @URL@\n"
                                             "application-id = amzn1.ask.skill.old\n");
  harness_manager_expect (manager, "READY=1");
  harness_answer (h, "LaunchRequest",
                  "{\"version\":\"1.0\",\"response\":{\"shouldEndSession\":false}}", 0);
  g_autoptr (GVariant) opened
      = harness_call (h, HARNESS_CONVERSATION, "Launch", g_variant_new ("(s)", "radio"));
  harness_expect (h, "LaunchRequest", NULL);
  reload (h, manager,
          "[device]\nid = amzn1.ask.device.mine\n[skill news]\nendpoint = @URL@\n"
          "application-id = amzn1.ask.skill.new\n[skill weather]\nendpoint = @URL@\n");
  harness_wait_signal (h, "Session", "radio");
  g_autofree char *message = NULL;
  g_autofree char *error = harness_call_error (h, HARNESS_CONVERSATION, "Launch",
                                               g_variant_new ("(s)", "radio"), &message);
  g_assert_cmpstr (error, ==, "UnknownSkill");
  harness_expect (h, "SessionEndedRequest USER_INITIATED", NULL);
  launch (h, "news");
  JsonObject *system = get_system (h);
  g_assert_cmpstr (json_object_get_string_member (
                       json_object_get_object_member (system, "application"), "applicationId"),
                   ==, "amzn1.ask.skill.new");
  g_assert_cmpstr (
      json_object_get_string_member (json_object_get_object_member (system, "device"), "deviceId"),
      ==, "amzn1.ask.device.mine");
  launch (h, "weather");
}

/* What a skill plays that is not configured any more goes on; nobody hears of it. */
static void
test_stream_of_nobody (void)
{
  g_autoptr (HarnessManager) manager = harness_manager_new (0);
  g_autoptr (Harness) h = harness_new (RADIO);
  harness_manager_expect (manager, "READY=1");
  harness_launch (h);
  harness_expect (h, "LaunchRequest", "PlaybackStarted track-1 0",
                  "PlaybackNearlyFinished track-1 *", NULL);
  harness_wait_activity (h, "PLAYING");
  reload (h, manager, "[skill kitchen]\nendpoint = @URL@\n");
  const gint64 offset_ms = harness_get_int64 (h, HARNESS_PLAYER, "OffsetInMilliseconds");
  harness_wait_offset (h, offset_ms + 100);
  g_autoptr (GVariant) stop = harness_call (h, HARNESS_PLAYER, "Stop", NULL);
  harness_expect_quiet (h, 300);
}

/* Something is wrong: every fault is logged with file and line, all stays as it was, and the service manager
 * is told both that it is over and why it came to nothing. */
static void
test_wrong (void)
{
  g_autoptr (HarnessManager) manager = harness_manager_new (0);
  g_autoptr (Harness) h = harness_new (RADIO);
  harness_log_to (h, "log");
  harness_end_daemon (h, SIGTERM);
  harness_start_daemon (h);
  harness_manager_expect (manager, "READY=1");
  harness_manager_expect (manager, "READY=1"); /* of the second one */
  harness_write_config (h, "[device]\nlocale = de-DE\nlanguage = de\n"
                           "[skill kitchen]\nendpoint = ftp://nowhere/\n"
                           "[signing]\nkey-file = /nowhere/key\n");
  hang_up (h);
  harness_manager_expect (manager, "RELOADING=1");
  const char *status = harness_manager_expect (manager, "STATUS=the configuration is wrong");
  g_assert_nonnull (strstr (status, "segue.conf:3: [device] language"));
  harness_manager_expect (manager, "READY=1");
  g_autofree char *path = g_build_filename (harness_dir (h), "log", NULL);
  g_autofree char *log = NULL;
  g_assert_true (g_file_get_contents (path, &log, NULL, NULL));
  g_assert_nonnull (strstr (log, "segue.conf:3: [device] language"));
  g_assert_nonnull (strstr (log, "segue.conf:5: [skill kitchen] endpoint"));
  launch (h, "radio");
  JsonObject *request = json_object_get_object_member (harness_request (h, 0), "request");
  g_assert_cmpstr (json_object_get_string_member (request, "locale"), ==, "en-US");
  /* a key that is not there is found when it is read */
  harness_write_config (h, RADIO "[signing]\nkey-file = /nowhere/key\nchain-file = /nowhere/chain\n"
                                 "chain-url = https://s3.amazonaws.com/echo.api/chain.pem\n");
  hang_up (h);
  harness_manager_expect (manager, "RELOADING=1");
  const char *second = harness_manager_expect (manager, "STATUS=the configuration is wrong");
  g_assert_nonnull (strstr (second, "[signing] key-file"));
  harness_manager_expect (manager, "READY=1");
}

/* The directive service moves; what needs a restart is named. */
static void
test_parts (void)
{
  g_autoptr (HarnessManager) manager = harness_manager_new (0);
  g_autoptr (Harness) h = harness_new (RADIO);
  harness_log_to (h, "log");
  harness_end_daemon (h, SIGTERM);
  harness_start_daemon (h);
  harness_manager_expect (manager, "READY=1");
  harness_manager_expect (manager, "READY=1");
  launch (h, "radio");
  g_autofree char *before
      = g_strdup (json_object_get_string_member (get_system (h), "apiEndpoint"));
  g_assert_true (g_str_has_prefix (before, "http://127.0.0.1:"));
  reload (h, manager,
          RADIO "[directive-service]\nenabled = false\n"
                "[audio]\nsink = fakesink sync=true\noutput = snapcast\n");
  launch (h, "radio");
  g_assert_cmpstr (json_object_get_string_member (get_system (h), "apiEndpoint"), !=, before);
  reload (h, manager, RADIO);
  launch (h, "radio");
  g_assert_true (g_str_has_prefix (json_object_get_string_member (get_system (h), "apiEndpoint"),
                                   "http://127.0.0.1:"));
  g_autofree char *path = g_build_filename (harness_dir (h), "log", NULL);
  g_autofree char *log = NULL;
  g_assert_true (g_file_get_contents (path, &log, NULL, NULL));
  g_assert_nonnull (strstr (log, "needs a restart: [audio] output"));
}

static gboolean
knows_kitchen (gpointer user_data)
{
  g_autoptr (GVariant) skills = harness_get (user_data, HARNESS_ROOT, "Skills");
  g_autofree char *text = g_variant_print (skills, FALSE);
  return strstr (text, "kitchen") != NULL && strstr (text, "radio") == NULL;
}

/* Many at once, right ones and wrong ones: several may be read as one, but the last one counts. */
static void
test_many (void)
{
  g_autoptr (HarnessManager) manager = harness_manager_new (0);
  g_autoptr (Harness) h = harness_new (RADIO);
  harness_manager_expect (manager, "READY=1");
  for (guint i = 0; i < 50; i++)
    {
      harness_write_config (h, i % 2 == 0 ? "[nothing]\n" : RADIO);
      hang_up (h);
    }
  harness_write_config (h, "[skill kitchen]\nendpoint = @URL@\n");
  hang_up (h);
  g_assert_true (harness_wait (20000, knows_kitchen, h));
  launch (h, "kitchen");
  g_assert_cmpint (harness_end_daemon (h, SIGTERM), ==, 0);
}

int
main (int argc, char **argv)
{
  g_unsetenv ("G_DEBUG"); /* daemons warn here, on purpose */
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reload/audio-goes-on", test_audio_goes_on);
  g_test_add_func ("/reload/skills", test_skills);
  g_test_add_func ("/reload/stream-of-nobody", test_stream_of_nobody);
  g_test_add_func ("/reload/wrong", test_wrong);
  g_test_add_func ("/reload/parts", test_parts);
  g_test_add_func ("/reload/many", test_many);
  return g_test_run ();
}

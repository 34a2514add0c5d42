/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* The daemon on a machine whose network and clock come late, in a network namespace of this test's
 * own: nothing here leaves it. */

#include <signal.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "fake-clock.h"
#include "harness.h"
#include "tls-relay.h"

/* An address of this machine that is no loopback address. */
#define ADDRESS "10.77.0.1"

static void
run (const char *command)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *err = NULL;
  int status = 0;
  g_spawn_command_line_sync (command, NULL, &err, &status, &error);
  g_assert_no_error (error);
  if (status != 0)
    harness_fail ("%s: %s", command, err);
}

static void
play_stream (Harness *h, const char *url)
{
  g_autoptr (GVariant) reply = harness_call (h, HARNESS_PLAYER, "PlayStream",
                                             g_variant_new_parsed ("(%s, @a{sv} {})", url));
}

static void
assert_launch_fails (Harness *h, const char *skill, const char *words)
{
  g_autofree char *message = NULL;
  g_autofree char *error = harness_call_error (h, HARNESS_CONVERSATION, "Launch",
                                               g_variant_new ("(s)", skill), &message);
  g_assert_cmpstr (error, ==, "Unreachable");
  if (strstr (message, words) == NULL)
    harness_fail ("\"%s\" does not say \"%s\"", message, words);
}

static void
write_long_track (Harness *h)
{
  g_autofree char *path = g_build_filename (harness_media_dir (h), "long.wav", NULL);
  harness_write_wav (path, 9, 44100 * 30);
}

/* --- No network at all ------------------------------------------------------------------------ */

/* Started without a network, the daemon is ready, says what is the matter, and when there is one, tells
 * what waited and plays what was asked for: at once where the system says so, soon where it does not. */
static void
test_no_network (gconstpointer monitor)
{
  g_autoptr (Harness) h = harness_new (NULL);
  g_autofree char *url = g_strdup_printf ("%smedia/b.wav", harness_url (h));
  g_autofree char *address = g_strdup (harness_url (h));
  harness_launch (h);
  harness_expect (h, "LaunchRequest", "PlaybackStarted track-1 0",
                  "PlaybackNearlyFinished track-1 *", NULL);
  harness_wait_signal (h, "Directive", "track-2");
  run ("ip addr flush dev lo");
  g_autoptr (GVariant) stop = harness_call (h, HARNESS_PLAYER, "Stop", NULL);
  harness_wait_signal (h, "RequestFailed", NULL);
  g_assert_cmpint (harness_end_daemon (h, SIGTERM), ==, 0);

  GStrv environment = g_environ_unsetenv (g_get_environ (), "G_DEBUG"); /* it warns */
  if (monitor != NULL)
    environment = g_environ_setenv (environment, "GIO_USE_NETWORK_MONITOR", monitor, TRUE);
  harness_set_environment (h, environment);
  harness_start_daemon (h);
  assert_launch_fails (h, address, "no network that leads there");
  assert_launch_fails (h, "https://skill.test/", "(DNS)");
  play_stream (h, url);
  harness_expect_quiet (h, 1500); /* longer than three tries of whoever is told at once */
  g_assert_cmpuint (harness_count_signals (h, "StreamFailed"), ==, 0);

  run ("ip addr add 127.0.0.1/8 dev lo");
  run ("ip addr add " ADDRESS "/32 dev lo");
  run ("ip link add out type veth peer name in");
  run ("ip link set out up");
  run ("ip link set in up");
  run ("ip route add default dev out");
  harness_expect (h, "PlaybackStopped track-1 *", NULL);
  harness_wait_signal (h, "Activity", "PLAYING");
  harness_wait_activity (h, "FINISHED");
  g_assert_cmpuint (harness_count_signals (h, "StreamFailed"), ==, 0);
  run ("ip link del out");
}

/* --- A clock in 1970 -------------------------------------------------------------------------- */

#define CONFIG                                                                                     \
  "[skill far]\nendpoint = %s\nca-file = %s\n\n"                                                   \
  "[audio]\nsink = fakesink sync=true\nca-file = %s\n"

/* (transfer full) */
static char *
make_answer (const char *url)
{
  return g_strdup_printf (
      "{\"version\":\"1.0\",\"response\":{\"shouldEndSession\":true,\"directives\":[{"
      "\"type\":\"AudioPlayer.Play\",\"playBehavior\":\"REPLACE_ALL\",\"audioItem\":{\"stream\":{"
      "\"url\":\"%smedia/long.wav\",\"token\":\"long\",\"offsetInMilliseconds\":0}}}]}}",
      url);
}

/* A report of the far skill that cannot leave is kept by a daemon that ends. */
static void
leave_report (Harness *h, TlsRelay *relay)
{
  g_autofree char *answer = make_answer (tls_relay_get_url (relay));
  harness_answer (h, "LaunchRequest", answer, 0);
  harness_fault (
      h, "{\"fault\":\"answer\",\"on\":\"AudioPlayer.PlaybackNearlyFinished\",\"count\":0}");
  g_autoptr (GVariant) reply
      = harness_call (h, HARNESS_CONVERSATION, "Launch", g_variant_new ("(s)", "far"));
  harness_expect (h, "LaunchRequest", "PlaybackStarted long 0", NULL);
  harness_wait_offset (h, 200);
  tls_relay_set_target (relay, 0);
  g_autoptr (GVariant) stop = harness_call (h, HARNESS_PLAYER, "Stop", NULL);
  harness_wait_signal (h, "RequestFailed", NULL);
  g_assert_cmpint (harness_end_daemon (h, SIGTERM), ==, 0);
}

static guint16
get_port (Harness *h)
{
  g_autoptr (GUri) uri = g_uri_parse (harness_url (h), G_URI_FLAGS_NONE, NULL);
  return (guint16)g_uri_get_port (uri);
}

/* The time that the skill was told last, in Unix time. */
static gint64
get_timestamp (Harness *h)
{
  JsonObject *request = json_object_get_object_member (harness_request (h, 0), "request");
  g_autoptr (GDateTime) time
      = g_date_time_new_from_iso8601 (json_object_get_string_member (request, "timestamp"), NULL);
  g_assert_nonnull (time);
  return g_date_time_to_unix (time);
}

/* The daemon starts in 1970: it plays what it can, tells who asks why the rest cannot be, and when the
 * clock is set, reports leave with the right time, and media behind TLS begin. */
static void
test_clock (void)
{
  g_autofree char *ca = g_test_build_filename (G_TEST_BUILT, "gst", "ca.pem", NULL);
  g_autofree char *pem = g_test_build_filename (G_TEST_BUILT, "gst", "server.pem", NULL);
  g_autoptr (TlsRelay) relay = tls_relay_new (ADDRESS, pem);
  g_autofree char *config = g_strdup_printf (CONFIG, tls_relay_get_url (relay), ca, ca);
  g_autoptr (Harness) h = harness_new (config);
  tls_relay_set_target (relay, get_port (h));
  write_long_track (h);
  leave_report (h, relay);

  tls_relay_set_target (relay, get_port (h));
  g_autoptr (FakeClock) clock = fake_clock_new (harness_dir (h), 60);
  GStrv environment = g_environ_unsetenv (g_get_environ (), "G_DEBUG"); /* it warns */
  harness_set_environment (h, fake_clock_get_environment (clock, environment, CLOCK_SHIM));
  harness_start_daemon (h);
  assert_launch_fails (h, "far", "the clock of this device is not set (it shows 1970-01-01)");
  g_autofree char *near = g_strdup_printf ("%smedia/a.wav", harness_url (h));
  play_stream (h, near);
  harness_wait_activity (h, "FINISHED");
  g_autofree char *far = g_strdup_printf ("%smedia/b.wav", tls_relay_get_url (relay));
  play_stream (h, far);
  harness_expect_quiet (h, 1500);
  g_assert_cmpuint (harness_count_signals (h, "StreamFailed"), ==, 0);

  fake_clock_set_right (clock);
  harness_expect (h, "PlaybackStopped long *", NULL);
  g_assert_cmpint (ABS (get_timestamp (h) - g_get_real_time () / G_USEC_PER_SEC), <, 60);
  harness_wait_signal (h, "Activity", "PLAYING");
  harness_wait_activity (h, "FINISHED");
  g_assert_cmpuint (harness_count_signals (h, "StreamFailed"), ==, 0);
  g_assert_cmpint (harness_end_daemon (h, SIGTERM), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (unshare (CLONE_NEWNET) != 0)
    {
      perror ("a network namespace of one's own takes root");
      return 1;
    }
  run ("ip link set lo up");
  run ("ip addr add " ADDRESS "/32 dev lo");
  g_test_add_data_func ("/networks/none/told", NULL, test_no_network);
  g_test_add_data_func ("/networks/none/not-told", "base", test_no_network);
  g_test_add_func ("/networks/clock", test_clock);
  return g_test_run ();
}

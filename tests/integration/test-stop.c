/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* One SIGTERM is enough, whatever hangs: the daemon ends within two seconds, with status 0, and what was to be
 * told is told later. */

#include <signal.h>
#include <string.h>

#include "config.h"
#include "fault-server.h"
#include "harness-ear.h"

/* What is promised, and as much again for a machine that has no time; sanitizers slow all down. */
#define STOP_US (4 * G_USEC_PER_SEC * SEGUE_PATIENCE)

static void
check_stop (Harness *h)
{
  const gint64 before_us = g_get_monotonic_time ();
  g_assert_cmpint (harness_end_daemon (h, SIGTERM), ==, 0);
  const gint64 took_us = g_get_monotonic_time () - before_us;
  g_test_message ("%d ms", (int)(took_us / 1000));
  g_assert_cmpint (took_us, <, STOP_US);
}

static void
start_with_log (Harness *h)
{
  harness_log_to (h, "log");
  harness_end_daemon (h, SIGTERM);
  harness_start_daemon (h);
}

static void
assert_logged (Harness *h, const char *text)
{
  g_autofree char *path = g_build_filename (harness_dir (h), "log", NULL);
  g_autofree char *log = NULL;
  g_assert_true (g_file_get_contents (path, &log, NULL, NULL));
  if (strstr (log, text) == NULL)
    harness_fail ("the log does not say \"%s\"", text);
}

/* A skill that does not answer: it hears of the stop when it answers again. */
static void
test_skill (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  harness_launch (h);
  harness_expect (h, "LaunchRequest", "PlaybackStarted track-1 0",
                  "PlaybackNearlyFinished track-1 *", NULL);
  harness_fault (h, "{\"fault\": \"late\", \"on\": \"AudioPlayer.PlaybackStopped\", "
                    "\"delay_ms\": 60000}");
  check_stop (h);
  harness_expect (h, "PlaybackStopped track-1 *", NULL);
  harness_start_daemon (h);
  harness_expect (h, "PlaybackStopped track-1 *", NULL);
}

/* A stream whose server never answers. */
static void
test_stream (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FaultServer) server = fault_server_new (NULL, NULL, 0, &error);
  g_assert_no_error (error);
  g_autofree char *url = fault_server_url (server, "/a.wav?fault=hang");
  GVariant *options = g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0);
  g_autoptr (GVariant) reply
      = harness_call (h, HARNESS_PLAYER, "PlayStream", g_variant_new ("(s@a{sv})", url, options));
  check_stop (h);
}

/* A sink that blocks in what it has been given. */
static void
test_sink (void)
{
  g_autoptr (Harness) h = harness_new (HARNESS_PIPE);
  g_autoptr (HarnessEar) ear = harness_ear_new (h);
  start_with_log (h);
  harness_play_long (h);
  harness_ear_wait (ear, 22050);
  harness_ear_set_listening (ear, FALSE);
  harness_wait_property (h, HARNESS_PLAYER, "OutputState", "'waiting'");
  check_stop (h);
  assert_logged (h, "for the audio hangs");
}

/* A synthesiser that says nothing, and does not end. */
static void
test_synthesiser (void)
{
  g_autoptr (Harness) h
      = harness_new ("[speech]\ncommand = sh -c \"trap '' TERM INT; sleep 1000\"\n"
                     "timeout-ms = 60000\n");
  harness_answer (h, "LaunchRequest",
                  "{\"version\":\"1.0\",\"response\":{\"outputSpeech\":{\"type\":\"PlainText\","
                  "\"text\":\"hello\"},\"shouldEndSession\":true}}",
                  0);
  harness_launch (h);
  harness_expect (h, "LaunchRequest", NULL);
  check_stop (h);
}

static pid_t
get_bus_pid (Harness *h)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      harness_connection (h), "org.freedesktop.DBus", "/org/freedesktop/DBus",
      "org.freedesktop.DBus", "GetConnectionUnixProcessID",
      g_variant_new ("(s)", "org.freedesktop.DBus"), G_VARIANT_TYPE ("(u)"), G_DBUS_CALL_FLAGS_NONE,
      -1, NULL, &error);
  g_assert_no_error (error);
  guint32 pid = 0;
  g_variant_get (reply, "(u)", &pid);
  return (pid_t)pid;
}

/* A bus that does not answer: names are given back by a call that waits. */
static void
test_bus (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  start_with_log (h);
  harness_play_long (h);
  const pid_t bus = get_bus_pid (h);
  g_assert_cmpint (bus, >, 1);
  g_assert_cmpint (kill (bus, SIGSTOP), ==, 0);
  check_stop (h);
  g_assert_cmpint (kill (bus, SIGCONT), ==, 0);
  assert_logged (h, "for the bus hangs");
}

int
main (int argc, char **argv)
{
  g_unsetenv ("G_DEBUG"); /* daemons warn here, on purpose */
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stop/skill", test_skill);
  g_test_add_func ("/stop/stream", test_stream);
  g_test_add_func ("/stop/sink", test_sink);
  g_test_add_func ("/stop/synthesiser", test_synthesiser);
  g_test_add_func ("/stop/bus", test_bus);
  return g_test_run ();
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* What the service manager's watchdog hears of the daemon: while it plays, while it does not, when its main
 * loop stands still, when its sound does. */

#include <signal.h>
#include <string.h>

#include "harness-ear.h"
#include "harness-manager.h"

#define WATCHDOG_MS 2000
typedef struct
{
  HarnessManager *manager;
  guint pings;
} Pings;

static gboolean
have_come (gpointer user_data)
{
  const Pings *pings = user_data;
  return harness_manager_count_pings (pings->manager) >= pings->pings;
}

/* Waits until @more pings than so far have come. */
static void
expect_pings (HarnessManager *manager, guint more)
{
  Pings pings = { manager, harness_manager_count_pings (manager) + more };
  if (!harness_wait (30000, have_come, &pings))
    harness_fail ("the watchdog was fed %u times only", harness_manager_count_pings (manager));
}

/* Waits until none has come for @ms, and @ms_at_most for that. */
static void
expect_silence (HarnessManager *manager, guint ms, guint ms_at_most)
{
  for (guint waited = 0; waited < ms_at_most; waited += ms)
    {
      Pings pings = { manager, harness_manager_count_pings (manager) + 1 };
      if (!harness_wait (ms, have_come, &pings))
        return;
    }
  harness_fail ("the watchdog is still fed");
}

/* Idle, playing, paused, playing again. */
static void
test_fed (void)
{
  g_autoptr (HarnessManager) manager = harness_manager_new (WATCHDOG_MS);
  g_autoptr (Harness) h = harness_new (NULL);
  harness_manager_expect (manager, "READY=1");
  expect_pings (manager, 2);
  harness_play_long (h);
  expect_pings (manager, 6);
  g_autoptr (GVariant) pause = harness_call (h, HARNESS_PLAYER, "Pause", NULL);
  harness_wait_activity (h, "PAUSED");
  expect_pings (manager, 6);
  g_autoptr (GVariant) play = harness_call (h, HARNESS_PLAYER, "Play", NULL);
  harness_wait_activity (h, "PLAYING");
  expect_pings (manager, 6);
}

/* Stopped as a whole, and let go on: no ping meanwhile, and none is missing afterwards though no sample has
 * flowed for several intervals. */
static void
test_stopped_process (void)
{
  g_autoptr (HarnessManager) manager = harness_manager_new (WATCHDOG_MS);
  g_autoptr (Harness) h = harness_new (NULL);
  harness_play_long (h);
  expect_pings (manager, 2);
  g_assert_cmpint (kill (harness_daemon_pid (h), SIGSTOP), ==, 0);
  expect_silence (manager, WATCHDOG_MS, 2 * WATCHDOG_MS);
  g_assert_cmpint (kill (harness_daemon_pid (h), SIGCONT), ==, 0);
  expect_pings (manager, 6);
}

/* The sink blocks for ever in what it has been given: the main loop lives, and still no ping comes; the log says why.
 * When it goes on, so do they. */
static void
test_hung_sink (void)
{
  g_autoptr (HarnessManager) manager = harness_manager_new (WATCHDOG_MS);
  g_autoptr (Harness) h = harness_new (HARNESS_PIPE);
  g_autoptr (HarnessEar) ear = harness_ear_new (h);
  harness_log_to (h, "log");
  harness_end_daemon (h, SIGTERM);
  harness_start_daemon (h);
  harness_play_long (h);
  harness_ear_wait (ear, 44100);
  expect_pings (manager, 4);
  harness_ear_set_listening (ear, FALSE);
  expect_silence (manager, 2 * WATCHDOG_MS, 40000);
  g_autofree char *path = g_build_filename (harness_dir (h), "log", NULL);
  g_autofree char *log = NULL;
  g_assert_true (g_file_get_contents (path, &log, NULL, NULL));
  g_assert_nonnull (strstr (log, "no sample has left for 2 s"));
  g_autofree char *activity = harness_get_string (h, HARNESS_PLAYER, "PlayerActivity");
  g_assert_cmpstr (activity, !=, ""); /* it answers */
  harness_ear_set_listening (ear, TRUE);
  harness_ear_wait (ear, 2 * 44100);
  expect_pings (manager, 4);
  harness_end_daemon (h, SIGKILL);
}

int
main (int argc, char **argv)
{
  g_unsetenv ("G_DEBUG"); /* daemons warn here, on purpose */
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/watchdog/fed", test_fed);
  g_test_add_func ("/watchdog/stopped-process", test_stopped_process);
  g_test_add_func ("/watchdog/hung-sink", test_hung_sink);
  return g_test_run ();
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* What the service manager's watchdog hears of the daemon: while it plays, while it does not, when its main
 * loop stands still, when its sound does. */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness-manager.h"
#include "harness.h"

#define WATCHDOG_MS 2000
#define LONG_FRAMES (120 * 44100)
/* An output that is a pipe: whoever does not read from it, makes it hang. */
#define PIPE                                                                                       \
  "[audio]\nsink = capsfilter caps=audio/x-raw,format=S16LE ! filesink location=@DIR@/pipe "       \
  "buffer-mode=unbuffered sync=true async=false\n"

typedef struct
{
  int fd;
  guint source;
  gsize bytes;
} Ear;

static gboolean
on_sound (gpointer user_data)
{
  Ear *ear = user_data;
  char block[16384];
  for (gssize length; (length = read (ear->fd, block, sizeof block)) > 0;)
    ear->bytes += (gsize)length;
  return G_SOURCE_CONTINUE;
}

/* Hears what comes out of the pipe "pipe", which it makes, in @dir. */
static void
ear_open (Ear *ear, const char *dir)
{
  g_autofree char *path = g_build_filename (dir, "pipe", NULL);
  if (mkfifo (path, 0600) != 0)
    g_assert_cmpint (errno, ==, EEXIST);
  ear->fd = open (path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
  g_assert_cmpint (ear->fd, >=, 0);
  ear->source = g_timeout_add (10, on_sound, ear);
}

static void
ear_listen (Ear *ear, gboolean listen)
{
  if (listen && ear->source == 0)
    ear->source = g_timeout_add (10, on_sound, ear);
  else if (!listen)
    g_clear_handle_id (&ear->source, g_source_remove);
}

static void
ear_close (Ear *ear)
{
  ear_listen (ear, FALSE);
  close (ear->fd);
}

static void
play_long (Harness *h)
{
  g_autofree char *path = g_build_filename (harness_media_dir (h), "long.wav", NULL);
  g_autofree char *base = g_strdup (harness_url (h));
  *(strchr (strstr (base, "://") + 3, '/')) = '\0';
  g_autofree char *url = g_strconcat (base, "/media/long.wav", NULL);
  GVariant *options = g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0);
  harness_write_wav (path, 7, LONG_FRAMES);
  g_autoptr (GVariant) reply
      = harness_call (h, HARNESS_PLAYER, "PlayStream", g_variant_new ("(s@a{sv})", url, options));
  harness_wait_activity (h, "PLAYING");
  harness_wait_offset (h, 300);
}

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
  play_long (h);
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
  play_long (h);
  expect_pings (manager, 2);
  g_assert_cmpint (kill (harness_daemon_pid (h), SIGSTOP), ==, 0);
  expect_silence (manager, WATCHDOG_MS, 2 * WATCHDOG_MS);
  g_assert_cmpint (kill (harness_daemon_pid (h), SIGCONT), ==, 0);
  expect_pings (manager, 6);
}

static gboolean
has_sound (gpointer user_data)
{
  return *(gsize *)user_data > 200000;
}

/* The sink blocks for ever in what it has been given: the main loop lives, and still no ping comes; the log says why.
 * When it goes on, so do they. */
static void
test_hung_sink (void)
{
  g_autoptr (HarnessManager) manager = harness_manager_new (WATCHDOG_MS);
  g_autoptr (Harness) h = harness_new (PIPE);
  Ear ear = { 0 };
  ear_open (&ear, harness_dir (h));
  harness_log_to (h, "log");
  harness_end_daemon (h, SIGTERM);
  harness_start_daemon (h);
  play_long (h);
  g_assert_true (harness_wait (20000, has_sound, &ear.bytes));
  expect_pings (manager, 4);
  ear_listen (&ear, FALSE);
  expect_silence (manager, 2 * WATCHDOG_MS, 40000);
  g_autofree char *path = g_build_filename (harness_dir (h), "log", NULL);
  g_autofree char *log = NULL;
  g_assert_true (g_file_get_contents (path, &log, NULL, NULL));
  g_assert_nonnull (strstr (log, "no sample has left for 2 s"));
  harness_get_string (h, HARNESS_PLAYER, "PlayerActivity"); /* it answers */
  ear.bytes = 0;
  ear_listen (&ear, TRUE);
  g_assert_true (harness_wait (40000, has_sound, &ear.bytes));
  expect_pings (manager, 4);
  harness_end_daemon (h, SIGKILL);
  ear_close (&ear);
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

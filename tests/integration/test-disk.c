/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* The disk of the state folder is full, or read-only: a small file system in a mount namespace of this test's
 * own. What plays goes on, skills are told, and it is said once what will not survive. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "harness.h"

#define CONFIG "[skill demo]\nendpoint = @URL@\n"
#define STOPPED "AudioPlayer.PlaybackStopped"
#define FAILING "until it can, what changes will not survive a restart"
#define WORKS "all is kept over a restart"
#define NOTHING "nothing will be remembered over a restart"

typedef struct
{
  Harness *harness;
  char *state; /* (owned) */
  char *log;   /* (owned) */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->harness = harness_new (CONFIG);
  fixture->state = g_build_filename (harness_dir (fixture->harness), "state", NULL);
  g_autofree char *long_track
      = g_build_filename (harness_media_dir (fixture->harness), "a.wav", NULL);
  harness_write_wav (long_track, 1, 44100 * 60);
  fixture->log = g_build_filename (harness_dir (fixture->harness), "log", NULL);
  g_assert_cmpint (harness_end_daemon (fixture->harness, SIGTERM), ==, 0);
  g_assert_cmpint (mount ("segue-test", fixture->state, "tmpfs", 0, "size=1m,mode=0700"), ==, 0);
  harness_log_to (fixture->harness, "log");
  harness_start_daemon (fixture->harness);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (harness_end_daemon (fixture->harness, SIGTERM), ==, 0);
  g_assert_cmpint (umount (fixture->state), ==, 0);
  g_free (fixture->state);
  g_free (fixture->log);
  harness_free (fixture->harness);
}

static guint
count_in_log (Fixture *fixture, const char *words)
{
  g_autofree char *log = NULL;
  g_autoptr (GError) error = NULL;
  guint count = 0;
  g_file_get_contents (fixture->log, &log, NULL, &error);
  g_assert_no_error (error);
  for (const char *found = log; (found = strstr (found, words)) != NULL; found++)
    count++;
  return count;
}

static gboolean
is_failing (gpointer user_data)
{
  return count_in_log (user_data, FAILING) > 0;
}

static gboolean
works_again (gpointer user_data)
{
  return count_in_log (user_data, WORKS) > 0;
}

/* (transfer full): of the file that takes all the room there is. */
static char *
fill (Fixture *fixture)
{
  char *path = g_build_filename (fixture->state, "filler", NULL);
  static const char block[4096] = "";
  int fd = g_open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  g_assert_cmpint (fd, >=, 0);
  while (write (fd, block, sizeof block) > 0)
    ;
  g_assert_cmpint (errno, ==, ENOSPC);
  close (fd);
  return path;
}

/* What plays is paused and goes on, and its skill hears of it. */
static void
pause_and_play (Harness *harness)
{
  harness_press (harness, "Pause");
  harness_expect (harness, "PauseCommandIssued", "PlaybackStopped track-1 *", NULL);
  harness_press (harness, "Play");
  harness_expect (harness, "PlayCommandIssued", "PlaybackStarted track-1 *", NULL);
}

static void
launch (Harness *harness)
{
  harness_launch (harness);
  harness_expect (harness, "LaunchRequest", "PlaybackStarted track-1 0~", NULL);
}

static guint
get_n_waiting (Harness *harness)
{
  g_autoptr (GVariant) count = harness_get (harness, HARNESS_ROOT, "ReportsWaiting");
  return g_variant_get_uint32 (count);
}

static gboolean
none_waits (gpointer user_data)
{
  return get_n_waiting (user_data) == 0;
}

/* The PlaybackStopped that the skill has been told from entry @first of its log on. */
static guint
count_stopped (Harness *harness, guint first)
{
  GPtrArray *log = demo_server_get_log (harness_skill (harness));
  guint count = 0;
  for (guint i = first; i < log->len; i++)
    {
      JsonObject *entry = g_ptr_array_index (log, i);
      count += g_str_equal (json_object_get_string_member (entry, "kind"), "request")
               && g_str_equal (json_object_get_string_member (entry, "type"), STOPPED);
    }
  return count;
}

/* Full in the middle of a track. When there is room again, all is stored by itself: also the report of
 * a skill that was away meanwhile, which is told after the daemon was killed. */
static void
test_full (Fixture *fixture, gconstpointer data)
{
  Harness *harness = fixture->harness;
  launch (harness);
  g_autofree char *filler = fill (fixture);
  pause_and_play (harness);
  g_assert_true (harness_wait (15000, is_failing, fixture));
  pause_and_play (harness);
  harness_wait_activity (harness, "PLAYING");
  gint64 offset_ms = harness_get_int64 (harness, HARNESS_PLAYER, "OffsetInMilliseconds");
  harness_wait_offset (harness, offset_ms + 500);

  harness_fault (harness,
                 "{\"fault\":\"status\",\"status\":503,\"count\":0,\"on\":\"" STOPPED "\"}");
  g_variant_unref (harness_call (harness, HARNESS_PLAYER, "Stop", NULL));
  g_assert_cmpuint (get_n_waiting (harness), ==, 1);
  g_assert_false (works_again (fixture));
  g_assert_cmpint (g_unlink (filler), ==, 0);
  g_assert_true (harness_wait (30000, works_again, fixture));
  g_assert_cmpuint (count_in_log (fixture, FAILING), ==, 1);

  g_assert_cmpint (harness_end_daemon (harness, SIGKILL), ==, 128 + SIGKILL);
  demo_server_clear_faults (harness_skill (harness));
  guint n_before = demo_server_get_log (harness_skill (harness))->len;
  harness_start_daemon (harness);
  g_assert_true (harness_wait (15000, none_waits, harness));
  g_assert_cmpuint (count_stopped (harness, n_before), ==, 1);
}

/* (transfer full) */
static char *
get_device_id (Harness *harness)
{
  JsonObject *body = harness_request (harness, 0);
  JsonObject *context = json_object_get_object_member (body, "context");
  JsonObject *system = json_object_get_object_member (context, "System");
  JsonObject *device = json_object_get_object_member (system, "device");
  return g_strdup (json_object_get_string_member (device, "deviceId"));
}

static void
remount (Fixture *fixture, unsigned long flags)
{
  g_assert_cmpint (harness_end_daemon (fixture->harness, SIGTERM), ==, 0);
  g_assert_cmpint (mount ("segue-test", fixture->state, NULL, MS_REMOUNT | flags, NULL), ==, 0);
  harness_start_daemon (fixture->harness);
}

/* Read-only from the start: plays and tells, without a memory; what was stored before is there after. */
static void
test_read_only (Fixture *fixture, gconstpointer data)
{
  Harness *harness = fixture->harness;
  launch (harness);
  g_autofree char *id = get_device_id (harness);
  g_variant_unref (harness_call (harness, HARNESS_PLAYER, "Stop", NULL));
  harness_expect (harness, "PlaybackStopped track-1 *", NULL);

  remount (fixture, MS_RDONLY);
  g_assert_cmpuint (count_in_log (fixture, NOTHING), ==, 1);
  launch (harness);
  pause_and_play (harness);
  g_variant_unref (harness_call (harness, HARNESS_PLAYER, "Stop", NULL));
  harness_expect (harness, "PlaybackStopped track-1 *", NULL);

  remount (fixture, 0);
  launch (harness);
  g_autofree char *again = get_device_id (harness);
  g_assert_cmpstr (again, ==, id);
  g_assert_cmpuint (count_in_log (fixture, NOTHING), ==, 0);
}

int
main (int argc, char **argv)
{
  g_unsetenv ("G_DEBUG"); /* the daemon warns, and goes on */
  g_test_init (&argc, &argv, NULL);
  /* EINVAL: the root is none of a file system, but one by chroot */
  if (unshare (CLONE_NEWNS) != 0
      || (mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 && errno != EINVAL))
    {
      perror ("a mount namespace of one's own takes root");
      return 1;
    }
  g_test_add ("/disk/full", Fixture, NULL, set_up, test_full, tear_down);
  g_test_add ("/disk/read-only", Fixture, NULL, set_up, test_read_only, tear_down);
  return g_test_run ();
}

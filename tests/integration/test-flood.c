/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* Skills and streams that fail over and over do not fill the log, and nobody hears anything of it. */
#include <signal.h>
#include <string.h>

#include "daemon/daemon-log-bound.h"
#include "harness-ear.h"
#include "harness.h"

#define TIMES 60
/* More than TIMES / 10 s cannot have passed: a few more than the burst are let through. */
#define MOST (DAEMON_LOG_BOUND_BURST + 6)

static guint
count_lines (const char *log, const char *words)
{
  g_auto (GStrv) lines = g_strsplit (log, "\n", -1);
  guint count = 0;
  for (guint i = 0; lines[i] != NULL; i++)
    count += strstr (lines[i], " message ") != NULL && strstr (lines[i], words) != NULL;
  return count;
}

/* (transfer full): what the daemon has logged until now */
static char *
read_log (Harness *h)
{
  g_autofree char *path = g_build_filename (harness_dir (h), "log", NULL);
  char *log = NULL;
  g_assert_true (g_file_get_contents (path, &log, NULL, NULL));
  return log;
}

/* Every frame that was heard follows the one before. */
static void
assert_untouched (const GByteArray *heard, gsize from)
{
  for (gsize i = from; i + 1 < heard->len / 4; i++)
    {
      const guint8 *a = heard->data + i * 4;
      const guint8 *b = a + 4;
      g_assert_cmpint (b[0] | b[1] << 8 | b[2] << 16, ==, (a[0] | a[1] << 8 | a[2] << 16) + 1);
    }
}

static void
test_flood (void)
{
  g_autoptr (Harness) h = harness_new (HARNESS_PIPE "[skill radio]\nendpoint = @URL@\n");
  harness_end_daemon (h, SIGTERM);
  harness_log_to (h, "log");
  g_autoptr (HarnessEar) ear = harness_ear_new (h);
  harness_start_daemon (h);
  harness_play_long (h);
  const gsize from = harness_ear_get (ear)->len / 4;
  for (guint i = 0; i < TIMES; i++)
    {
      harness_fault (h, "status@CanFulfillIntentRequest");
      g_autofree char *name = harness_call_error (
          h, HARNESS_CONVERSATION, "CanFulfill",
          g_variant_new ("(ss@a{ss})", "radio", "Anything",
                         g_variant_new_array (G_VARIANT_TYPE ("{ss}"), NULL, 0)),
          NULL);
      g_assert_cmpstr (name, ==, "Http");
    }
  harness_ear_wait (ear, 10000);
  assert_untouched (harness_ear_get (ear), from);
  g_autofree char *log = read_log (h);
  g_assert_cmpuint (count_lines (log, "CanFulfillIntentRequest failed"), >=,
                    DAEMON_LOG_BOUND_BURST);
  g_assert_cmpuint (count_lines (log, "CanFulfillIntentRequest failed"), <=, MOST);
}

static void
test_streams (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  harness_end_daemon (h, SIGTERM);
  harness_log_to (h, "log");
  harness_start_daemon (h);
  for (guint i = 0; i < TIMES; i++)
    {
      g_autofree char *url = g_strdup_printf ("file:///nowhere/%u.mp3", i);
      g_autoptr (GVariant) play
          = harness_call (h, HARNESS_PLAYER, "PlayUrl", g_variant_new ("(sx)", url, (gint64)0));
      harness_wait_signal (h, "StreamFailed", url);
    }
  g_autofree char *log = read_log (h);
  g_assert_cmpuint (count_lines (log, "does not play"), >=, DAEMON_LOG_BOUND_BURST);
  g_assert_cmpuint (count_lines (log, "does not play"), <=, MOST);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/flood/skill", test_flood);
  g_test_add_func ("/flood/streams", test_streams);
  return g_test_run ();
}

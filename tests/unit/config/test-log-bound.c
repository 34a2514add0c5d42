/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* The log is bounded, and says how much it has left out. */
#include "daemon/daemon-log-bound.h"
#include "daemon/daemon-log.h"

#include <string.h>

static void
add_told (const char *example, guint left_out, gpointer user_data)
{
  g_string_append_printf (user_data, "%u %s;", left_out, example);
}

static guint
admit_many (DaemonLogBound *bound, const char *kind, gint64 now_us, guint count)
{
  guint admitted = 0;
  guint left_out = 0;
  for (guint i = 0; i < count; i++)
    admitted += daemon_log_bound_admit (bound, kind, "again", now_us, &left_out);
  return admitted;
}

static void
test_burst (void)
{
  g_autoptr (DaemonLogBound) bound = daemon_log_bound_new ();
  const gint64 now_us = 7;
  g_assert_cmpuint (admit_many (bound, "one", now_us, 1000), ==, DAEMON_LOG_BOUND_BURST);
  /* others have their own */
  g_assert_cmpuint (admit_many (bound, "other", now_us, 1), ==, 1);
}

static void
test_rate (void)
{
  g_autoptr (DaemonLogBound) bound = daemon_log_bound_new ();
  const guint seconds = 600;
  guint admitted = 0;
  for (guint i = 0; i < seconds; i++)
    admitted += admit_many (bound, "one", i * G_USEC_PER_SEC, 17);
  g_assert_cmpuint (admitted, ==,
                    DAEMON_LOG_BOUND_BURST
                        + (seconds - 1) * G_USEC_PER_SEC / DAEMON_LOG_BOUND_INTERVAL_US);
  /* a rest does not allow more than the burst */
  g_assert_cmpuint (admit_many (bound, "one", 100 * seconds * G_USEC_PER_SEC, 1000), ==,
                    DAEMON_LOG_BOUND_BURST);
}

/* Nothing is left out in silence: with the next one, or when it is quiet. */
static void
test_told (void)
{
  g_autoptr (DaemonLogBound) bound = daemon_log_bound_new ();
  g_autoptr (GString) told = g_string_new (NULL);
  guint left_out = 0;
  admit_many (bound, "one", 0, DAEMON_LOG_BOUND_BURST + 5);
  g_assert_true (
      daemon_log_bound_admit (bound, "one", "next", DAEMON_LOG_BOUND_INTERVAL_US, &left_out));
  g_assert_cmpuint (left_out, ==, 5);
  daemon_log_bound_collect (bound, add_told, told);
  g_assert_cmpstr (told->str, ==, "");
  g_assert_false (
      daemon_log_bound_admit (bound, "one", "last", DAEMON_LOG_BOUND_INTERVAL_US, &left_out));
  daemon_log_bound_collect (bound, add_told, told);
  daemon_log_bound_collect (bound, add_told, told);
  g_assert_cmpstr (told->str, ==, "1 last;");
}

/* The writer can be installed once in a process. */
static void
test_writer (void)
{
  if (g_test_subprocess ())
    {
      g_log_set_always_fatal (G_LOG_FATAL_MASK);
      daemon_log_init (TRUE);
      for (guint i = 0; i < 1000; i++)
        {
          g_log_structured ("segued", G_LOG_LEVEL_MESSAGE, "CODE_FILE", "a.c", "CODE_LINE", "1",
                            "MESSAGE", "much %u", i);
          g_log_structured ("segued", G_LOG_LEVEL_INFO, "CODE_FILE", "a.c", "CODE_LINE", "2",
                            "MESSAGE", "steps %u", i);
          g_log_structured ("segued", G_LOG_LEVEL_CRITICAL, "MESSAGE", "bug %u", i);
        }
      g_log_structured ("segued", G_LOG_LEVEL_MESSAGE, "CODE_FILE", "a.c", "CODE_LINE", "3",
                        "MESSAGE", "another");
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*message much 19\n*");
  g_test_trap_assert_stderr_unmatched ("*message much 20\n*");
  g_test_trap_assert_stderr ("*info steps 19\n*");
  g_test_trap_assert_stderr_unmatched ("*info steps 20\n*");
  g_test_trap_assert_stderr ("*critical bug 999\n*");
  g_test_trap_assert_stderr ("*message another\n*");
}

/* What a developer has asked for comes whole. */
static void
test_debug (void)
{
  if (g_test_subprocess ())
    {
      daemon_log_init (FALSE);
      for (guint i = 0; i < 100; i++)
        {
          g_log_structured ("segued", G_LOG_LEVEL_DEBUG, "MESSAGE", "detail %u", i);
          g_log_structured ("segued", G_LOG_LEVEL_INFO, "MESSAGE", "step %u", i);
        }
      return;
    }
  g_autofree char *domains = g_strdup (g_getenv ("G_MESSAGES_DEBUG"));
  g_setenv ("G_MESSAGES_DEBUG", "segued", TRUE);
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_setenv ("G_MESSAGES_DEBUG", domains != NULL ? domains : "", TRUE);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*detail 99\n*");
  g_test_trap_assert_stderr ("*step 99\n*");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/log-bound/burst", test_burst);
  g_test_add_func ("/log-bound/rate", test_rate);
  g_test_add_func ("/log-bound/told", test_told);
  g_test_add_func ("/log-bound/writer", test_writer);
  g_test_add_func ("/log-bound/debug", test_debug);
  return g_test_run ();
}

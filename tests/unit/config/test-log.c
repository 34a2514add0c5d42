/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* The log: nothing secret, no forged lines. */
#include "daemon/daemon-log.h"

#include <string.h>

static void
test_redact_url (void)
{
  static const char *const rows[][2] = {
    { "https://cdn.example/a.mp3", "https://cdn.example/a.mp3" },
    { "https://cdn.example/a.mp3?Signature=hush", "https://cdn.example/a.mp3?…" },
    { "https://cdn.example/a.mp3#hush", "https://cdn.example/a.mp3?…" },
    { "https://u:hush@cdn.example:8443/a", "https://cdn.example:8443/a" },
    { "https://cdn.example/a@b", "https://cdn.example/a@b" },
    { "https://cdn.example?x@y/z", "https://cdn.example?…" },
    { "https://u@hush@cdn.example/a", "https://cdn.example/a" },
    { "file:///music/a.flac", "file:///music/a.flac" },
    { "a.mp3?hush", "a.mp3" },
    { "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *redacted = daemon_log_redact_url (rows[i][0]);
      g_assert_cmpstr (redacted, ==, rows[i][1]);
    }
}

static void
test_redact_text (void)
{
  static const char *const rows[][2] = {
    { "nothing to hide? no", "nothing to hide? no" },
    { "GET https://a/b?hush failed: 404", "GET https://a/b?… failed: 404" },
    { "“http://a/?hush” and HTTPS://u:hush@b/c", "“http://a/?… and HTTPS://b/c" },
    { "'http://a/?hush'", "'http://a/?…'" },
    { "data:// http://a?hush", "data:// http://a?…" },
    { "http://", "http://" },
    { "x http://a?u=http://b/?hush y", "x http://a?… y" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *redacted = daemon_log_redact_text (rows[i][0]);
      g_assert_cmpstr (redacted, ==, rows[i][1]);
    }
}

static void
test_redact_token (void)
{
  g_autofree char *one = daemon_log_redact_token ("Atza|hush");
  g_autofree char *same = daemon_log_redact_token ("Atza|hush");
  g_autofree char *other = daemon_log_redact_token ("Atza|hush2");

  g_assert_cmpuint (strlen (one), ==, 8);
  g_assert_cmpstr (one, ==, same);
  g_assert_cmpstr (one, !=, other);
}

static void
test_format (void)
{
  g_autofree char *line
      = daemon_log_format (G_LOG_LEVEL_WARNING, "segue-player", "one\ntwo \x1b[31m \xff ü");

  g_assert_true (
      g_regex_match_simple ("^\\d\\d:\\d\\d:\\d\\d\\.\\d\\d\\d warning \\(segue-player\\) "
                            "one\\\\x0atwo \\\\x1b\\[31m \xef\xbf\xbd ü$",
                            line, 0, 0));
}

/* The writer can be installed once in a process. */
static void
run_writer (gboolean verbose)
{
  daemon_log_init (verbose);
  g_log_structured ("segue-player", G_LOG_LEVEL_INFO, "MESSAGE", "an info of ours");
  g_log_structured ("elsewhere", G_LOG_LEVEL_INFO, "MESSAGE", "an info of others");
  g_log_structured ("segued", G_LOG_LEVEL_DEBUG, "MESSAGE", "a debug line");
  g_log_structured ("segued", G_LOG_LEVEL_MESSAGE, "MESSAGE", "fetching %s", "https://a/?hush");
}

static void
test_quiet (void)
{
  if (g_test_subprocess ())
    {
      run_writer (FALSE);
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*message fetching https://a/*\n*");
  g_test_trap_assert_stderr_unmatched ("*an info of ours*");
  g_test_trap_assert_stderr_unmatched ("*a debug line*");
  g_test_trap_assert_stderr_unmatched ("*hush*");
}

static void
test_verbose (void)
{
  if (g_test_subprocess ())
    {
      run_writer (TRUE);
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*info (segue-player) an info of ours\n*");
  g_test_trap_assert_stderr_unmatched ("*an info of others*");
  g_test_trap_assert_stderr_unmatched ("*a debug line*");
}

static void
test_fatal_warnings (void)
{
  if (g_test_subprocess ())
    {
      g_log_set_always_fatal (G_LOG_LEVEL_WARNING | G_LOG_FATAL_MASK);
      daemon_log_init (FALSE);
      g_log_structured ("segued", G_LOG_LEVEL_WARNING, "MESSAGE", "the last words");
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*warning the last words\n*");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/log/redact-url", test_redact_url);
  g_test_add_func ("/log/redact-text", test_redact_text);
  g_test_add_func ("/log/redact-token", test_redact_token);
  g_test_add_func ("/log/format", test_format);
  g_test_add_func ("/log/quiet", test_quiet);
  g_test_add_func ("/log/verbose", test_verbose);
  g_test_add_func ("/log/fatal-warnings", test_fatal_warnings);
  return g_test_run ();
}

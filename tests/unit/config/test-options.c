/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* The command line of the daemon. */
#include "daemon/daemon-options.h"

#include <string.h>

static DaemonOptions *
parse (const char *line, GError **error)
{
  g_auto (GStrv) args = g_strsplit (line, " ", -1);

  return daemon_options_parse (&args, error);
}

static void
test_defaults (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DaemonOptions) options = parse ("segued", &error);
  g_autofree char *state_dir = g_build_filename (g_get_user_state_dir (), "segue", NULL);

  g_assert_no_error (error);
  g_assert_false (options->system);
  g_assert_null (options->config_file);
  g_assert_cmpstr (options->state_dir, ==, state_dir);
  g_assert_false (options->check_config);
  g_assert_false (options->print_config);
  g_assert_false (options->verbose);
  g_assert_false (options->version);
}

static void
test_all (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DaemonOptions) options
      = parse ("segued --system --config=/a.conf --state-dir /b --check-config --print-config "
               "--verbose --version",
               &error);

  g_assert_no_error (error);
  g_assert_true (options->system);
  g_assert_cmpstr (options->config_file, ==, "/a.conf");
  g_assert_cmpstr (options->state_dir, ==, "/b");
  g_assert_true (options->check_config);
  g_assert_true (options->print_config);
  g_assert_true (options->verbose);
  g_assert_true (options->version);
}

static void
test_wrong (void)
{
  const char *lines[]
      = { "segued --session --system", "segued --sytem", "segued start", "segued --config" };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (GError) error = NULL;
      g_test_message ("%s", lines[i]);
      g_assert_null (parse (lines[i], &error));
      g_assert_true (error->domain == G_OPTION_ERROR);
    }
}

static void
test_state_dir (void)
{
  g_autoptr (DaemonOptions) system = parse ("segued --system", NULL);
  g_assert_cmpstr (system->state_dir, ==, "/var/lib/segue");

  g_setenv ("STATE_DIRECTORY", "/var/lib/one:/var/lib/two", TRUE);
  g_autoptr (DaemonOptions) given = parse ("segued --system", NULL);
  g_assert_cmpstr (given->state_dir, ==, "/var/lib/one");
  g_autoptr (DaemonOptions) chosen = parse ("segued --system --state-dir=/mine", NULL);
  g_assert_cmpstr (chosen->state_dir, ==, "/mine");

  g_setenv ("STATE_DIRECTORY", "relative", TRUE);
  g_autoptr (DaemonOptions) ignored = parse ("segued --system", NULL);
  g_assert_cmpstr (ignored->state_dir, ==, "/var/lib/segue");
  g_unsetenv ("STATE_DIRECTORY");
}

int
main (int argc, char **argv)
{
  g_unsetenv ("STATE_DIRECTORY");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/options/defaults", test_defaults);
  g_test_add_func ("/options/all", test_all);
  g_test_add_func ("/options/wrong", test_wrong);
  g_test_add_func ("/options/state-dir", test_state_dir);
  return g_test_run ();
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* The daemon as a process: exit statuses, what it prints, signals, the service manager. Its service
 * is a dummy. */
#include "config.h"

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sysexits.h>

/* What is promised, and as much again for a machine that has no time. */
#define STOP_US (4 * G_USEC_PER_SEC)
#define DEADLINE_US (10 * G_USEC_PER_SEC)

typedef struct
{
  char *folder;      /* (owned) */
  char *socket_path; /* (owned) */
  GSocket *socket;   /* (owned) the service manager's */
  char *out;         /* (owned) (nullable) what was printed */
  char *err;         /* (owned) (nullable) */
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->folder = g_dir_make_tmp ("segue-main-XXXXXX", &error);
  g_assert_no_error (error);
  f->socket_path = g_build_filename (f->folder, "notify", NULL);
  f->socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_DATAGRAM, 0, &error);
  g_assert_no_error (error);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (f->socket_path);
  g_assert_true (g_socket_bind (f->socket, address, FALSE, &error));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_unlink (f->socket_path);
  g_rmdir (f->folder);
  g_object_unref (f->socket);
  g_free (f->folder);
  g_free (f->socket_path);
  g_free (f->out);
  g_free (f->err);
}

static GSubprocess *
spawn (Fixture *f, const char *mode, const char *options)
{
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autofree char *program = g_test_build_filename (G_TEST_BUILT, "unit/config/segued-dummy", NULL);
  g_autofree char *line = g_strdup_printf ("%s %s", program, options);
  g_auto (GStrv) args = g_strsplit (g_strchomp (line), " ", -1);
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_setenv (launcher, "SEGUE_DUMMY", mode, TRUE);
  g_subprocess_launcher_setenv (launcher, "NOTIFY_SOCKET", f->socket_path, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_CONFIG_HOME", f->folder, TRUE);
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C", TRUE);
  if (!g_str_equal (mode, "good")) /* may warn */
    g_subprocess_launcher_unsetenv (launcher, "G_DEBUG");
  GSubprocess *process = g_subprocess_launcher_spawnv (launcher, (const char *const *)args, &error);
  g_assert_no_error (error);
  return process;
}

/* Exit status; what it printed is in the fixture. */
static int
finish (Fixture *f, GSubprocess *process)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&f->out, g_free);
  g_clear_pointer (&f->err, g_free);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &f->out, &f->err, &error));
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  return g_subprocess_get_exit_status (process);
}

static int
run (Fixture *f, const char *mode, const char *options)
{
  g_autoptr (GSubprocess) process = spawn (f, mode, options);

  return finish (f, process);
}

static void
assert_notified (Fixture *f, const char *expected)
{
  char text[512] = "";
  g_autoptr (GError) error = NULL;

  g_socket_condition_timed_wait (f->socket, G_IO_IN, DEADLINE_US, NULL, &error);
  g_assert_no_error (error);
  g_socket_receive (f->socket, text, sizeof (text) - 1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_life (Fixture *f, gconstpointer signal)
{
  g_autoptr (GSubprocess) process = spawn (f, "good", "--session");

  assert_notified (f, "READY=1");
  assert_notified (f, "STATUS=socket (null)"); /* no child can speak for it */
  g_subprocess_send_signal (process, GPOINTER_TO_INT (signal));
  g_assert_cmpint (finish (f, process), ==, 0);
  assert_notified (f, "STOPPING=1");
  g_assert_true (g_regex_match_simple ("^[0-9:.]+ message Segue \\d+\\.\\d+\\.\\d+ is ready\n"
                                       "[0-9:.]+ message Segue ends\n$",
                                       f->err, 0, 0));
}

static void
test_second_signal (Fixture *f, gconstpointer data)
{
  g_autoptr (GSubprocess) process = spawn (f, "stuck", "");

  assert_notified (f, "READY=1");
  assert_notified (f, "STATUS=socket (null)");
  g_subprocess_send_signal (process, SIGTERM);
  assert_notified (f, "STOPPING=1");
  g_subprocess_send_signal (process, SIGTERM);
  g_assert_cmpint (finish (f, process), ==, 0);
}

/* Whatever hangs: one signal is enough, the process ends by itself, as if all were well, and says what hung. */
static void
test_hang (Fixture *f, gconstpointer mode)
{
  g_autoptr (GSubprocess) process = spawn (f, mode, "");

  assert_notified (f, "READY=1");
  assert_notified (f, "STATUS=socket (null)");
  const gint64 before_us = g_get_monotonic_time ();
  g_subprocess_send_signal (process, SIGTERM);
  g_assert_cmpint (finish (f, process), ==, 0);
  g_assert_cmpint (g_get_monotonic_time () - before_us, <, SEGUE_PATIENCE * STOP_US);
  g_autofree char *blamed = g_strdup_printf ("for %s hangs", (const char *)mode);
  g_assert_nonnull (strstr (f->err, blamed));
}

static void
test_name_lost (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (run (f, "lost", ""), ==, 1);
  g_assert_cmpstr (f->err, ==, "segued: the name “org.segue.Segue1” is taken\n");
}

static void
test_no_service (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (run (f, "bad", ""), ==, EX_CONFIG);
  g_assert_cmpstr (f->err, ==, "segued: built-in default: [audio] sink: no element “auto”\n");
}

static void
test_usage (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (run (f, "good", "--session --system"), ==, EX_USAGE);
  g_assert_cmpstr (
      f->err, ==, "segued: --session and --system exclude each other\nsegued: see segued --help\n");
  g_assert_cmpint (run (f, "good", "--no-such-thing"), ==, EX_USAGE);
  g_assert_cmpint (run (f, "good", "start"), ==, EX_USAGE);
}

static void
test_version_and_help (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (run (f, "good", "--version"), ==, 0);
  g_assert_true (g_regex_match_simple ("^segued \\d+\\.\\d+\\.\\d+\n$", f->out, 0, 0));
  g_assert_cmpint (run (f, "good", "--help"), ==, 0);
  g_assert_nonnull (strstr (f->out, "--check-config"));
  g_assert_nonnull (strstr (f->out, "Exit status:"));
}

static void
test_wrong_configuration (Fixture *f, gconstpointer option)
{
  g_autofree char *path = g_build_filename (f->folder, "x.conf", NULL);
  g_autofree char *options = g_strdup_printf ("--config=%s %s", path, (const char *)option);
  g_autofree char *expected = g_strdup_printf (
      "segued: %s:1: [a]: unknown group; allowed: [device], [audio], [player], [voice], [speech], "
      "[directive-service], [signing], "
      "[skill NAME], [music NAME]\n"
      "segued: %s:3: [audio] buffer-ms: “x” is out of range or no number; allowed: a "
      "number from 20 to 2000\n",
      path, path);

  g_assert_true (g_file_set_contents (path, "[a]\n[audio]\nbuffer-ms=x\n", -1, NULL));
  g_assert_cmpint (run (f, "good", options), ==, EX_CONFIG);
  g_assert_cmpstr (f->err, ==, expected);
  g_assert_cmpstr (f->out, ==, "");
  g_unlink (path);
}

static void
test_check (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->folder, "x.conf", NULL);
  g_autofree char *options = g_strdup_printf ("--config=%s --check-config", path);
  g_autofree char *valid = g_strdup_printf ("configuration is valid: %s\n", path);

  g_assert_true (g_file_set_contents (path, "[audio]\nsink=fakesink\n", -1, NULL));
  g_assert_cmpint (run (f, "good", options), ==, 0);
  g_assert_cmpstr (f->out, ==, valid);
  g_assert_cmpstr (f->err, ==, "");

  g_autofree char *prefix = g_strdup_printf ("segued: %s:2: [audio] sink: ", path);
  g_assert_true (g_file_set_contents (path, "[audio]\nsink=nosuchsink\n", -1, NULL));
  g_assert_cmpint (run (f, "good", options), ==, EX_CONFIG);
  g_assert_true (g_str_has_prefix (f->err, prefix));
  g_assert_nonnull (strstr (f->err, "nosuchsink"));

  g_autofree char *skill = g_strdup_printf ("segued: %s:3: [skill a] ca-file: ", path);
  g_assert_true (g_file_set_contents (
      path, "[skill a]\nendpoint=https://a/\nca-file=/nonexistent/ca.pem\n", -1, NULL));
  g_assert_cmpint (run (f, "good", options), ==, EX_CONFIG);
  g_assert_true (g_str_has_prefix (f->err, skill));
  g_unlink (path);
}

static void
test_print (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (run (f, "good", "--print-config"), ==, 0);
  g_assert_true (g_str_has_prefix (f->out, "[device]\nlocale=en-US\n"));
  g_assert_nonnull (strstr (f->out, "\n[audio]\nsink=auto\nbuffer-ms=60\n"));
  g_assert_cmpstr (f->err, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, data, func) g_test_add ("/main/" path, Fixture, data, set_up, func, tear_down)
  ADD ("terminate", GINT_TO_POINTER (SIGTERM), test_life);
  ADD ("interrupt", GINT_TO_POINTER (SIGINT), test_life);
  ADD ("second-signal", NULL, test_second_signal);
  ADD ("hang/stop", "stuck", test_hang);
  ADD ("hang/main-loop", "hung", test_hang);
  ADD ("hang/audio", "deaf", test_hang);
  ADD ("name-lost", NULL, test_name_lost);
  ADD ("no-service", NULL, test_no_service);
  ADD ("usage", NULL, test_usage);
  ADD ("version-and-help", NULL, test_version_and_help);
  ADD ("wrong-configuration/run", "", test_wrong_configuration);
  ADD ("wrong-configuration/check", "--check-config", test_wrong_configuration);
  ADD ("wrong-configuration/print", "--print-config", test_wrong_configuration);
  ADD ("check", NULL, test_check);
  ADD ("print", NULL, test_print);
  return g_test_run ();
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* The service manager is played by a datagram socket. */
#include "daemon/daemon-notify.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

typedef struct
{
  int fd;
  char *folder; /* (owned) */
  char *name;   /* (owned) as in NOTIFY_SOCKET */
} Manager;

static void
set_up (Manager *m, gconstpointer abstract)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };

  m->folder = g_dir_make_tmp ("segue-notify-XXXXXX", NULL);
  m->name = g_strdup_printf ("%s%s/socket", abstract != NULL ? "@" : "", m->folder);
  m->fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  strncpy (address.sun_path, m->name, sizeof (address.sun_path) - 1);
  socklen_t length = offsetof (struct sockaddr_un, sun_path) + strlen (m->name);
  if (abstract != NULL)
    address.sun_path[0] = '\0';
  else
    length++;
  g_assert_cmpint (bind (m->fd, (struct sockaddr *)&address, length), ==, 0);
}

static void
tear_down (Manager *m, gconstpointer abstract)
{
  close (m->fd);
  if (abstract == NULL)
    g_unlink (m->name);
  g_rmdir (m->folder);
  g_free (m->folder);
  g_free (m->name);
}

/* A datagram is there as soon as it has been sent. */
static void
assert_received (Manager *m, const char *expected)
{
  char text[256] = "";
  gssize n = recv (m->fd, text, sizeof (text) - 1, 0);

  if (expected == NULL)
    {
      g_assert_cmpint (n, <, 0);
      g_assert_cmpint (errno, ==, EAGAIN);
      return;
    }
  g_assert_cmpint (n, ==, strlen (expected));
  g_assert_cmpstr (text, ==, expected);
}

static void
test_send (Manager *m, gconstpointer abstract)
{
  g_setenv ("NOTIFY_SOCKET", m->name, TRUE);
  g_autoptr (DaemonNotify) notify = daemon_notify_new_from_environment ();

  g_assert_null (g_getenv ("NOTIFY_SOCKET"));
  assert_received (m, NULL);
  g_assert_true (daemon_notify_send (notify, "READY=1"));
  g_assert_true (daemon_notify_status (notify, "Playing\nREADY=0"));
  g_assert_true (daemon_notify_send (notify, "STOPPING=1"));
  assert_received (m, "READY=1");
  assert_received (m, "STATUS=Playing READY=0");
  assert_received (m, "STOPPING=1");
  assert_received (m, NULL);
}

static void
test_manager_gone (Manager *m, gconstpointer abstract)
{
  g_autoptr (DaemonNotify) notify = daemon_notify_new (m->name);

  close (m->fd);
  m->fd = -1;
  g_assert_false (daemon_notify_send (notify, "READY=1"));
}

static void
test_nobody (void)
{
  g_unsetenv ("NOTIFY_SOCKET");
  g_autoptr (DaemonNotify) notify = daemon_notify_new_from_environment ();

  g_assert_false (daemon_notify_send (notify, "READY=1"));
}

static void
test_bad_names (void)
{
  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_passed ();
      g_test_trap_assert_stderr ("*names no socket that can be used*");
      return;
    }

  g_log_set_always_fatal (G_LOG_FATAL_MASK); /* the warnings are what is wanted */
  g_autofree char *long_name = g_strnfill (200, '/');
  const char *names[] = { "", "@", "/", "relative/socket", "vsock:2:1", long_name };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (DaemonNotify) notify = daemon_notify_new (names[i]);
      g_assert_false (daemon_notify_send (notify, "READY=1"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/notify/path", Manager, NULL, set_up, test_send, tear_down);
  g_test_add ("/notify/abstract", Manager, "@", set_up, test_send, tear_down);
  g_test_add ("/notify/manager-gone", Manager, NULL, set_up, test_manager_gone, tear_down);
  g_test_add_func ("/notify/nobody", test_nobody);
  g_test_add_func ("/notify/bad-names", test_bad_names);
  return g_test_run ();
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-notify.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct _DaemonNotify
{
  int fd; /* -1: talks to nobody */
  struct sockaddr_un address;
  socklen_t address_length;
};

static gboolean
set_address (DaemonNotify *self, const char *name)
{
  gsize length = strlen (name);

  if ((name[0] != '/' && name[0] != '@') || length < 2 || length >= sizeof (self->address.sun_path))
    return FALSE;
  self->address.sun_family = AF_UNIX;
  memcpy (self->address.sun_path, name, length);
  if (name[0] == '@')
    self->address.sun_path[0] = '\0';
  /* an abstract name is not terminated: its length counts */
  self->address_length
      = (socklen_t)(offsetof (struct sockaddr_un, sun_path) + length + (name[0] == '/' ? 1 : 0));
  return TRUE;
}

DaemonNotify *
daemon_notify_new (const char *name)
{
  DaemonNotify *self = g_new0 (DaemonNotify, 1);

  self->fd = -1;
  if (name == NULL)
    return self;
  if (!set_address (self, name))
    {
      g_warning (
          "NOTIFY_SOCKET names no socket that can be used; the service manager hears nothing");
      return self;
    }
  self->fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (self->fd < 0)
    g_warning ("No socket for the service manager: %s", g_strerror (errno));
  return self;
}

DaemonNotify *
daemon_notify_new_from_environment (void)
{
  DaemonNotify *self = daemon_notify_new (g_getenv ("NOTIFY_SOCKET"));

  g_unsetenv ("NOTIFY_SOCKET");
  return self;
}

void
daemon_notify_free (DaemonNotify *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_free (self);
}

gboolean
daemon_notify_send (DaemonNotify *self, const char *state)
{
  if (self->fd < 0)
    return FALSE;

  gssize sent = sendto (self->fd, state, strlen (state), MSG_NOSIGNAL,
                        (const struct sockaddr *)&self->address, self->address_length);
  if (sent < 0)
    g_debug ("The service manager was not reached: %s", g_strerror (errno));
  return sent >= 0;
}

static guint
read_watchdog_ms (const char *usec, const char *pid)
{
  guint64 interval_us = 0, watched = 0;

  if (usec == NULL)
    return 0;
  if (!g_ascii_string_to_unsigned (usec, 10, 1000, (guint64)G_MAXUINT * 1000, &interval_us, NULL))
    {
      g_warning ("WATCHDOG_USEC is no time; the service manager's watchdog hears nothing");
      return 0;
    }
  if (pid != NULL
      && (!g_ascii_string_to_unsigned (pid, 10, 1, G_MAXINT, &watched, NULL)
          || (pid_t)watched != getpid ()))
    return 0;
  return (guint)(interval_us / 1000);
}

guint
daemon_notify_take_watchdog_ms (void)
{
  const guint interval_ms
      = read_watchdog_ms (g_getenv ("WATCHDOG_USEC"), g_getenv ("WATCHDOG_PID"));

  g_unsetenv ("WATCHDOG_USEC");
  g_unsetenv ("WATCHDOG_PID");
  return interval_ms;
}

gboolean
daemon_notify_status (DaemonNotify *self, const char *line)
{
  g_autofree char *state = g_strconcat ("STATUS=", line, NULL);

  g_strdelimit (state, "\r\n", ' ');
  return daemon_notify_send (self, state);
}

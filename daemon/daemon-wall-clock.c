/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-wall-clock.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <sys/timerfd.h>
#include <unistd.h>

typedef struct
{
  int fd;
  DaemonWallClockFunc func;
  gpointer user_data;
} Watch;

static void
watch_free (gpointer data)
{
  Watch *self = data;
  close (self->fd);
  g_free (self);
}

/* It never ends: what matters is that it is cancelled. */
static gboolean
arm (int fd)
{
  const struct itimerspec never = { .it_value.tv_sec = G_MAXLONG };
  return timerfd_settime (fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL) == 0;
}

static gboolean
on_set (int fd, GIOCondition condition, gpointer data)
{
  Watch *self = data;
  guint64 count;
  while (read (fd, &count, sizeof count) > 0) /* ECANCELED, in fact */
    continue;
  gboolean armed = arm (fd);
  self->func (self->user_data);
  return armed ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

GSource *
daemon_wall_clock_watch (DaemonWallClockFunc func, gpointer user_data, GError **error)
{
  g_return_val_if_fail (func != NULL, NULL);
  int fd = timerfd_create (CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
  if (fd < 0 || !arm (fd))
    {
      int saved = errno;
      g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (saved), g_strerror (saved));
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  Watch *watch = g_new (Watch, 1);
  *watch = (Watch){ fd, func, user_data };
  GSource *source = g_unix_fd_source_new (fd, G_IO_IN);
  g_source_set_callback (source, G_SOURCE_FUNC (on_set), watch, watch_free);
  g_source_attach (source, g_main_context_get_thread_default ());
  return source;
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-flush.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <unistd.h>

struct _DaemonFlush
{
  gatomicrefcount ref_count;
  char *path;     /* (owned) */
  gint under_way; /* atomic */
};

DaemonFlush *
daemon_flush_new (const char *path)
{
  g_return_val_if_fail (path != NULL, NULL);
  DaemonFlush *self = g_new0 (DaemonFlush, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->path = g_strdup (path);
  return self;
}

void
daemon_flush_unref (DaemonFlush *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->path);
  g_free (self);
}

/* What goes wrong here, the next write finds, too. */
static void
flush (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  DaemonFlush *self = data;
  int fd = open (self->path, O_RDONLY | O_CLOEXEC);
  if (fd >= 0)
    {
      fdatasync (fd);
      close (fd);
    }
  g_atomic_int_set (&self->under_way, 0);
}

void
daemon_flush_start (DaemonFlush *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_int_compare_and_exchange (&self->under_way, 0, 1))
    return;
  g_atomic_ref_count_inc (&self->ref_count);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);
  g_task_set_task_data (task, self, (GDestroyNotify)daemon_flush_unref);
  g_task_run_in_thread (task, flush);
}

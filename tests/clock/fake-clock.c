/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "fake-clock.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct _FakeClock
{
  char *path;     /* (owned): of the offset */
  char *set_path; /* (owned): of the pipe */
  volatile gint64 *offset_s;
};

FakeClock *
fake_clock_new (const char *dir, gint64 unix_s)
{
  FakeClock *self = g_new0 (FakeClock, 1);
  self->path = g_build_filename (dir, "clock", NULL);
  self->set_path = g_strconcat (self->path, ".set", NULL);
  int fd = g_open (self->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (ftruncate (fd, sizeof *self->offset_s), ==, 0);
  g_assert_cmpint (mkfifo (self->set_path, 0600), ==, 0);
  void *map = mmap (NULL, sizeof *self->offset_s, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  g_assert_true (map != MAP_FAILED);
  close (fd);
  self->offset_s = map;
  *self->offset_s = unix_s - g_get_real_time () / G_USEC_PER_SEC;
  return self;
}

void
fake_clock_free (FakeClock *self)
{
  munmap ((void *)self->offset_s, sizeof *self->offset_s);
  g_unlink (self->path);
  g_unlink (self->set_path);
  g_free (self->path);
  g_free (self->set_path);
  g_free (self);
}

void
fake_clock_set (FakeClock *self, gint64 unix_s)
{
  *self->offset_s = unix_s - g_get_real_time () / G_USEC_PER_SEC;
  int fd = g_open (self->set_path, O_WRONLY | O_NONBLOCK | O_CLOEXEC, 0);
  if (fd < 0)
    return; /* nobody listens */
  const guint64 once = 1;
  g_assert_cmpint (write (fd, &once, sizeof once), ==, sizeof once);
  close (fd);
}

void
fake_clock_set_right (FakeClock *self)
{
  fake_clock_set (self, g_get_real_time () / G_USEC_PER_SEC);
}

GStrv
fake_clock_get_environment (FakeClock *self, GStrv environment, const char *shim)
{
  environment = g_environ_setenv (environment, FAKE_CLOCK_VARIABLE, self->path, TRUE);
  environment = g_environ_setenv (environment, "LD_PRELOAD", shim, TRUE);
  /* The sanitizer wants to be the first, but works as the second, too. */
  return g_environ_setenv (environment, "ASAN_OPTIONS", "verify_asan_link_order=0", TRUE);
}

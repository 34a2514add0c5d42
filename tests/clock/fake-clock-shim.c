/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* Preloaded into a program, or linked into it, this turns its time of day, and no other clock: the
 * functions of the C library that tell it, and the timerfd that says when it is set. */

#include "fake-clock.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

/* (nullable): by how many seconds the time of day is off */
static volatile const gint64 *offset_s;

void
fake_clock_use (volatile const gint64 *offset)
{
  offset_s = offset;
}

static __attribute__ ((constructor)) void
map_offset (void)
{
  const char *path = getenv (FAKE_CLOCK_VARIABLE);
  int fd = path != NULL ? open (path, O_RDONLY | O_CLOEXEC) : -1;
  if (fd < 0)
    return;
  void *map = mmap (NULL, sizeof *offset_s, PROT_READ, MAP_SHARED, fd, 0);
  close (fd);
  if (map != MAP_FAILED)
    fake_clock_use (map);
}

static void
shift (clockid_t clock, struct timespec *now)
{
  if (offset_s != NULL && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
    now->tv_sec += *offset_s;
}

int
clock_gettime (clockid_t clock, struct timespec *now)
{
  int result = (int)syscall (SYS_clock_gettime, clock, now);
  if (result == 0)
    shift (clock, now);
  return result;
}

int
gettimeofday (struct timeval *restrict now, void *restrict zone)
{
  struct timespec exact;
  clock_gettime (CLOCK_REALTIME, &exact);
  now->tv_sec = exact.tv_sec;
  now->tv_usec = exact.tv_nsec / 1000;
  return 0;
}

time_t
time (time_t *now)
{
  struct timespec exact;
  clock_gettime (CLOCK_REALTIME, &exact);
  if (now != NULL)
    *now = exact.tv_sec;
  return exact.tv_sec;
}

/* The pipe beside the offset stands for a timer of the time of day: it can be read when that is set. */
int
timerfd_create (int clock, int flags)
{
  const char *path = getenv (FAKE_CLOCK_VARIABLE);
  if (clock != CLOCK_REALTIME || path == NULL)
    return (int)syscall (SYS_timerfd_create, clock, flags);
  g_autofree char *pipe_path = g_strconcat (path, ".set", NULL);
  return open (pipe_path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
}

int
timerfd_settime (int fd, int flags, const struct itimerspec *when, struct itimerspec *before)
{
  if (offset_s != NULL && (flags & TFD_TIMER_CANCEL_ON_SET) != 0)
    return 0;
  return (int)syscall (SYS_timerfd_settime, fd, flags, when, before);
}

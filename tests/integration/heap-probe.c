/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* Loaded into the daemon by the soak test: for each byte that comes from the fifo $HEAP_PROBE it gives
 * back what is free and writes the bytes in use into $HEAP_PROBE.out. */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
answer (const char *fifo)
{
  char part[512];
  char whole[512];
  malloc_trim (0);
  struct mallinfo2 info = mallinfo2 ();
  snprintf (part, sizeof part, "%s.part", fifo);
  snprintf (whole, sizeof whole, "%s.out", fifo);
  int fd = open (part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0)
    return;
  dprintf (fd, "%zu\n", info.uordblks + info.hblkhd);
  close (fd);
  rename (part, whole);
}

static void *
serve (void *data)
{
  const char *fifo = data;
  for (;;)
    {
      char byte;
      int fd = open (fifo, O_RDONLY | O_CLOEXEC);
      if (fd < 0)
        return NULL;
      while (read (fd, &byte, 1) == 1)
        answer (fifo);
      close (fd);
    }
}

__attribute__ ((constructor)) static void
start (void)
{
  static char fifo[400];
  const char *path = getenv ("HEAP_PROBE");
  if (path == NULL || strlen (path) >= sizeof fifo
      || strcmp (program_invocation_short_name, "segued") != 0)
    return;
  strcpy (fifo, path);
  unsetenv ("LD_PRELOAD");
  /* Signals are the main thread's. */
  sigset_t all;
  sigset_t before;
  pthread_t thread;
  sigfillset (&all);
  pthread_sigmask (SIG_SETMASK, &all, &before);
  pthread_create (&thread, NULL, serve, fifo);
  pthread_detach (thread);
  pthread_sigmask (SIG_SETMASK, &before, NULL);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "soak-usage.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WAIT_MS 20000
/* Connections to the skill and to the service that are kept open for the next request. */
#define IDLE_FDS 3

typedef struct
{
  guint done;
  guint64 heap_bytes;
  guint rss_kib;
  guint pss_kib;
  guint fds;
  guint threads;
} Sample;

struct _SoakUsage
{
  char *fifo;      /* (owned) */
  char *answer;    /* (owned) */
  GArray *samples; /* (owned) (element-type Sample) */
  guint warm_fds;  /* 0: not asked yet */
  guint warm_threads;
};

SoakUsage *
soak_usage_new (const char *dir)
{
  SoakUsage *self = g_new0 (SoakUsage, 1);
  self->fifo = g_build_filename (dir, "heap-probe", NULL);
  self->answer = g_strconcat (self->fifo, ".out", NULL);
  self->samples = g_array_new (FALSE, TRUE, sizeof (Sample));
#ifdef HEAP_PROBE
  g_assert_cmpint (mkfifo (self->fifo, 0600), ==, 0);
  g_setenv ("HEAP_PROBE", self->fifo, TRUE);
  const char *more = g_getenv ("SOAK_PRELOAD"); /* a profiler's */
  g_autofree char *libraries = g_strjoin (":", HEAP_PROBE, more, NULL);
  g_setenv ("LD_PRELOAD", libraries, TRUE);
#endif
  return self;
}

void
soak_usage_free (SoakUsage *self)
{
  g_unsetenv ("LD_PRELOAD");
  g_array_unref (self->samples);
  g_free (self->fifo);
  g_free (self->answer);
  g_free (self);
}

static guint
read_field (int pid, const char *file, const char *name)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/%s", pid, file);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  const char *at = strstr (text, name);
  g_assert_nonnull (at);
  return (guint)g_ascii_strtoull (at + strlen (name), NULL, 10);
}

static guint
count_fds (int pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/fd", pid);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint count = 0;
  while (dir != NULL && g_dir_read_name (dir) != NULL)
    count++;
  return count;
}

gboolean
soak_usage_is_steady (SoakUsage *self, int pid)
{
  guint fds = count_fds (pid);
  guint threads = read_field (pid, "status", "\nThreads:");
  if (self->warm_fds == 0)
    {
      self->warm_fds = fds;
      self->warm_threads = threads;
    }
  return fds <= self->warm_fds + IDLE_FDS && threads <= self->warm_threads;
}

char *
soak_usage_describe (SoakUsage *self, int pid)
{
  return g_strdup_printf ("%u descriptors (%u), %u threads (%u)", count_fds (pid), self->warm_fds,
                          read_field (pid, "status", "\nThreads:"), self->warm_threads);
}

#ifdef HEAP_PROBE
static gboolean
has_answer (gpointer user_data)
{
  return g_file_test (user_data, G_FILE_TEST_EXISTS);
}

/* Bytes in use, after what is free has been given back. */
static guint64
ask_heap (SoakUsage *self)
{
  g_unlink (self->answer);
  int fd = g_open (self->fifo, O_WRONLY | O_CLOEXEC);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, "?", 1), ==, 1);
  close (fd);
  if (!harness_wait (WAIT_MS, has_answer, self->answer))
    harness_fail ("the probe does not answer");
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (self->answer, &text, NULL, NULL));
  return g_ascii_strtoull (text, NULL, 10);
}
#endif

void
soak_usage_print_head (const char *what)
{
  g_print ("# %8s  heap in use  RSS KiB  PSS KiB  fds  threads\n", what);
}

void
soak_usage_take (SoakUsage *self, int pid, guint done)
{
  Sample sample = { .done = done };
#ifdef HEAP_PROBE
  sample.heap_bytes = ask_heap (self);
#endif
  sample.rss_kib = read_field (pid, "smaps_rollup", "\nRss:");
  sample.pss_kib = read_field (pid, "smaps_rollup", "\nPss:");
  sample.fds = count_fds (pid);
  sample.threads = read_field (pid, "status", "\nThreads:");
  g_print ("# %8u  %11" G_GUINT64_FORMAT "  %7u  %7u  %3u  %7u\n", done, sample.heap_bytes,
           sample.rss_kib, sample.pss_kib, sample.fds, sample.threads);
  g_array_append_val (self->samples, sample);
}

/* Of what @get gives for each of the samples from @first on, by least squares, for each that was done. */
static double
get_slope (SoakUsage *self, guint first, double (*get) (const Sample *sample))
{
  double n = 0, sum_x = 0, sum_y = 0, sum_xx = 0, sum_xy = 0;
  for (guint i = first; i < self->samples->len; i++)
    {
      const Sample *sample = &g_array_index (self->samples, Sample, i);
      double x = sample->done;
      double y = get (sample);
      n++;
      sum_x += x;
      sum_y += y;
      sum_xx += x * x;
      sum_xy += x * y;
    }
  return (n * sum_xy - sum_x * sum_y) / (n * sum_xx - sum_x * sum_x);
}

static double
get_heap (const Sample *sample)
{
  return (double)sample->heap_bytes;
}

static double
get_rss (const Sample *sample)
{
  return sample->rss_kib * 1024.0;
}

void
soak_usage_check (SoakUsage *self, double limit_bytes)
{
  guint first = self->samples->len / 5;
  g_assert_cmpuint (self->samples->len, >=, 4);
  double heap = get_slope (self, first, get_heap);
  double rss = get_slope (self, first, get_rss);
  g_print ("# growth for each: heap %.3f bytes, RSS %.3f bytes\n", heap, rss);
#ifdef HEAP_PROBE
  g_assert_cmpfloat (heap, <, limit_bytes);
#endif
}

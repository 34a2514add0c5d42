/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "gst-usage.h"

#include <string.h>

static guint
read_field (const char *path, const char *name)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  const char *at = strstr (text, name);
  g_assert_nonnull (at);
  return (guint)g_ascii_strtoull (at + strlen (name), NULL, 10);
}

guint
gst_usage_count_fds (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint count = 0;

  while (g_dir_read_name (dir) != NULL)
    count++;
  return count - 1; /* the directory's own */
}

void
gst_usage_measure (GstUsage *self)
{
  self->rss_kib = read_field ("/proc/self/smaps_rollup", "\nRss:");
  self->pss_kib = read_field ("/proc/self/smaps_rollup", "\nPss:");
  self->threads = read_field ("/proc/self/status", "\nThreads:");
  self->fds = gst_usage_count_fds ();
}

void
gst_usage_print_head (const char *what)
{
  g_print ("# %7s  RSS KiB  PSS KiB  fds  threads\n", what);
}

void
gst_usage_print (const GstUsage *self, guint done)
{
  g_print ("# %7u  %7u  %7u  %3u  %7u\n", done, self->rss_kib, self->pss_kib, self->fds,
           self->threads);
}

void
gst_usage_assert_steady (const GstUsage *warm, const GstUsage *end, guint done, double limit_kib)
{
  const double slope = ((double)end->rss_kib - warm->rss_kib) / done;

  g_print ("# growth: %.3f KiB each\n", slope);
  g_assert_cmpfloat (slope, <, limit_kib);
  g_assert_cmpuint (end->fds, <=, warm->fds);
  g_assert_cmpuint (end->threads, <=, warm->threads + 2); /* pools of GLib come and go */
}

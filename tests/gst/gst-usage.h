/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What this process holds. */
typedef struct
{
  guint rss_kib;
  guint pss_kib;
  guint fds;
  guint threads;
} GstUsage;

void gst_usage_measure (GstUsage *self);
guint gst_usage_count_fds (void);

/* A line of a table for the log. */
void gst_usage_print_head (const char *what);
void gst_usage_print (const GstUsage *self, guint done);

/* Between @warm and @end so much was @done: no descriptor or thread more, and less memory for each
 * than @limit_kib. */
void
gst_usage_assert_steady (const GstUsage *warm, const GstUsage *end, guint done, double limit_kib);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "harness.h"

G_BEGIN_DECLS

/**
 * SoakUsage:
 *
 * What the daemon holds at rest, again and again: bytes that are in use on its heap (told by
 * heap-probe.c, which is loaded into it), memory, descriptors, threads.
 */
typedef struct _SoakUsage SoakUsage;

/* Before the daemon is started. @dir: for the probe's files. */
SoakUsage *soak_usage_new (const char *dir);
void soak_usage_free (SoakUsage *self);

/* Whether there are no more threads and descriptors than when it was first asked for. */
gboolean soak_usage_is_steady (SoakUsage *self, int pid);
/* Threads and descriptors, in words. (transfer full) */
char *soak_usage_describe (SoakUsage *self, int pid);
/* Writes down, and prints, what is held after @done. */
void soak_usage_take (SoakUsage *self, int pid, guint done);
void soak_usage_print_head (const char *what);
/* The slope of the last four fifths by least squares must be below @limit_bytes for each. */
void soak_usage_check (SoakUsage *self, double limit_bytes);

G_END_DECLS

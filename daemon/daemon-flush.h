/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * DaemonFlush:
 *
 * Has what has been written to a file brought to the disk, by a thread of GLib's pool: a slow disk
 * takes seconds, and the main loop has other things to do.
 */
typedef struct _DaemonFlush DaemonFlush;

/* @path: of a file that this process takes no POSIX locks on, for its closing would drop them */
DaemonFlush *daemon_flush_new (const char *path);
/* One that is under way is not waited for. */
void daemon_flush_unref (DaemonFlush *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonFlush, daemon_flush_unref)

/* Returns at once. While one is under way there is no second: who writes again asks again. */
void daemon_flush_start (DaemonFlush *self);

G_END_DECLS

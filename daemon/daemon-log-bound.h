/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * DaemonLogBound:
 *
 * How many messages of one kind may be written: #DAEMON_LOG_BOUND_BURST at once, then one every
 * #DAEMON_LOG_BOUND_INTERVAL_US. What is left out is counted, and told with the next one that is
 * written, or when it has become quiet. No clock, no I/O; safe from all threads.
 */
typedef struct _DaemonLogBound DaemonLogBound;

#define DAEMON_LOG_BOUND_BURST 20
#define DAEMON_LOG_BOUND_INTERVAL_US (10 * G_USEC_PER_SEC)

DaemonLogBound *daemon_log_bound_new (void);
void daemon_log_bound_free (DaemonLogBound *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonLogBound, daemon_log_bound_free)

/**
 * daemon_log_bound_admit:
 * @kind: what the message is like: where in the code it comes from, or its MESSAGE_ID
 * @message: kept as an example if it is left out
 * @now_us: monotonic
 * @left_out: (out): if it may be written: how many of @kind have been left out since the last one
 *
 * Returns: whether it may be written
 */
gboolean daemon_log_bound_admit (
    DaemonLogBound *self, const char *kind, const char *message, gint64 now_us, guint *left_out);

/* @example: the last one of the @left_out messages of a kind. */
typedef void (*DaemonLogBoundTell) (const char *example, guint left_out, gpointer user_data);

/* Tells of all that has been left out and not been told yet, which then counts as told. */
void daemon_log_bound_collect (DaemonLogBound *self, DaemonLogBoundTell tell, gpointer user_data);

G_END_DECLS

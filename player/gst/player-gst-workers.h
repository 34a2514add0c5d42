/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PlayerGstWorkers:
 *
 * Runs what may block (state changes of pipelines, opening a sound card) in threads of their own,
 * and can wait for them with a deadline. To be used from the thread of its context only.
 */
typedef struct _PlayerGstWorkers PlayerGstWorkers;

typedef void (*PlayerGstWork) (gpointer data);

PlayerGstWorkers *player_gst_workers_new (GMainContext *context);
void player_gst_workers_free (PlayerGstWorkers *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerGstWorkers, player_gst_workers_free)

/* Calls @work (@data) in a new thread, then @done (@data) in the context. */
void player_gst_workers_run (PlayerGstWorkers *self,
                             const char *name,
                             PlayerGstWork work,
                             PlayerGstWork done,
                             gpointer data);

/* One of those that run is not waited for any more; or has come to its end after all. */
void player_gst_workers_write_off (PlayerGstWorkers *self);
void player_gst_workers_write_back (PlayerGstWorkers *self);

/* Whether any runs, or hangs. */
gboolean player_gst_workers_is_busy (PlayerGstWorkers *self);

/* Waits until all but those written off are done, and calls their @done; FALSE if some have not
 * returned after @timeout_ms: they are left alone. */
gboolean player_gst_workers_wait (PlayerGstWorkers *self, guint timeout_ms);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * CtlEnd:
 *
 * Decides from the signals alone when a conversation has come to its end: nothing plays or is spoken,
 * no request waits for its answer, and nothing was signalled for a while. No clock, no I/O.
 */
typedef struct
{
  GHashTable *pending; /* (owned) (element-type utf8): ids of unanswered requests */
  guint n_speaking;    /* words told, and not yet spoken */
  gboolean playing;
  gboolean play_obeyed; /* a Play was obeyed, and has not sounded yet */
  gboolean seen;        /* anything at all */
  guint n_failed;       /* failed requests and streams */
} CtlEnd;

void ctl_end_init (CtlEnd *self);
void ctl_end_clear (CtlEnd *self);
void ctl_end_feed (CtlEnd *self, const char *member, GVariant *args);
/* The activity as read, not signalled. */
void ctl_end_set_activity (CtlEnd *self, const char *activity);
/* Whether it is over after @quiet_ms without a signal, if @limit_ms is what is asked for. */
gboolean ctl_end_is_over (const CtlEnd *self, gint64 quiet_ms, gint64 limit_ms);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "alexa/alexa-request.h"
#include "daemon-store.h"

G_BEGIN_DECLS

/**
 * DaemonOutbox:
 *
 * The reports that have to reach their skill even over a restart: started, stopped, finished,
 * failed. A report is stored before it is sent for the first time, as a value: what surrounds it is
 * made anew for each attempt, its request id stays. Order is kept.
 */
#define DAEMON_TYPE_OUTBOX (daemon_outbox_get_type ())
G_DECLARE_FINAL_TYPE (DaemonOutbox, daemon_outbox, DAEMON, OUTBOX, GObject)

/* So many are kept; the oldest goes for one more. */
#define DAEMON_OUTBOX_MAX 1000

typedef struct
{
  gint64 id;
  char *skill;           /* (owned) */
  AlexaRequest *request; /* (owned) */
} DaemonOutboxEntry;

void daemon_outbox_entry_free (DaemonOutboxEntry *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonOutboxEntry, daemon_outbox_entry_free)

DaemonOutbox *daemon_outbox_new (DaemonStore *store);

/* Returns: its id, or 0 if it could not be stored (logged once; the report is sent without). */
gint64 daemon_outbox_add (DaemonOutbox *self, const char *skill, const AlexaRequest *request);

/* It has been answered with something final. Safe for 0. */
void daemon_outbox_remove (DaemonOutbox *self, gint64 id);

/* (transfer full) (element-type DaemonOutboxEntry): all, in order; unreadable ones are dropped. */
GPtrArray *daemon_outbox_load (DaemonOutbox *self);

G_END_DECLS

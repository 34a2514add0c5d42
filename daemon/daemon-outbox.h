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
 * made anew for each attempt, its request id stays. Order is kept. Where it cannot be stored it waits in
 * memory, and is stored with all others when that is possible again.
 *
 * Bounds: each is kept for %DAEMON_OUTBOX_MAX_AGE_US; how many may wait is the lane's to say
 * (%DAEMON_LANE_MAX_REPORTS).
 *
 * Signals:
 * - "counts-changed"
 */
#define DAEMON_TYPE_OUTBOX (daemon_outbox_get_type ())
G_DECLARE_FINAL_TYPE (DaemonOutbox, daemon_outbox, DAEMON, OUTBOX, GObject)

/* A skill that has been away for so long has no use for what was played then. */
#define DAEMON_OUTBOX_MAX_AGE_US (7 * G_TIME_SPAN_DAY)

/**
 * DaemonOutboxEntry:
 * @skill: its name
 * @at_us: Unix time when it was made
 */
typedef struct
{
  gint64 id;
  char *skill;           /* (owned) */
  AlexaRequest *request; /* (owned) */
  gint64 at_us;
} DaemonOutboxEntry;

void daemon_outbox_entry_free (DaemonOutboxEntry *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonOutboxEntry, daemon_outbox_entry_free)

/**
 * DaemonOutboxEnd:
 * @DAEMON_OUTBOX_TOLD: the skill has seen it
 * @DAEMON_OUTBOX_REFUSED: the skill has answered with a status that says that it will not take it
 * @DAEMON_OUTBOX_DROPPED: too old, too many, or for a skill that is not there any more
 *
 * What became of a report.
 */
typedef enum
{
  DAEMON_OUTBOX_TOLD,
  DAEMON_OUTBOX_REFUSED,
  DAEMON_OUTBOX_DROPPED,
} DaemonOutboxEnd;

/**
 * DaemonOutboxCounts:
 * @waiting: now
 * @refused: since the daemon was started
 * @dropped: since the daemon was started
 */
typedef struct
{
  guint waiting;
  guint refused;
  guint dropped;
} DaemonOutboxCounts;

DaemonOutbox *daemon_outbox_new (DaemonStore *store);

/* Returns: its id, never 0. */
gint64 daemon_outbox_add (DaemonOutbox *self, const char *skill, AlexaRequest *request);

/* It is over with the report @id, or with one that was not stored (0), which is counted alone. */
void daemon_outbox_remove (DaemonOutbox *self, gint64 id, DaemonOutboxEnd end);

/* (transfer container) (element-type DaemonOutboxEntry): all, in order, as an earlier run has left
 * them; those that are unreadable or too old are dropped. At start, before the first
 * daemon_outbox_add(); valid until the next call. */
GPtrArray *daemon_outbox_load (DaemonOutbox *self);

DaemonOutboxCounts daemon_outbox_get_counts (DaemonOutbox *self);

/* How old a report made at the Unix time @at_us is at @now_us; 0 if either clock was not set. */
gint64 daemon_outbox_get_age_us (gint64 at_us, gint64 now_us);

G_END_DECLS

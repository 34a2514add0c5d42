/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "alexa/alexa-session.h"
#include "daemon-store.h"

G_BEGIN_DECLS

/**
 * DaemonMemorySession:
 * @skill: its name
 * @left_ms: how long from now on somebody may still say something; 0: nobody has
 *
 * An open session with a skill.
 */
typedef struct
{
  char *skill;           /* (owned) */
  AlexaSession *session; /* (owned) */
  gint64 left_ms;
} DaemonMemorySession;

/* @session: (transfer full) */
DaemonMemorySession *
daemon_memory_session_new (const char *skill, AlexaSession *session, gint64 left_ms);
void daemon_memory_session_free (DaemonMemorySession *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonMemorySession, daemon_memory_session_free)

/**
 * DaemonMemorySessions:
 *
 * The open sessions over a restart, in a table of the #DaemonStore; their attributes byte for byte.
 */
typedef struct _DaemonMemorySessions DaemonMemorySessions;

DaemonMemorySessions *daemon_memory_sessions_new (DaemonStore *store);
void daemon_memory_sessions_free (DaemonMemorySessions *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonMemorySessions, daemon_memory_sessions_free)

/* @session of @skill is open: written, if that is not known yet or its end has moved by a second.
 * @wall_us: Unix time of now */
void daemon_memory_sessions_keep (DaemonMemorySessions *self,
                                  const char *skill,
                                  const AlexaSession *session,
                                  gint64 left_ms,
                                  gint64 wall_us);
/* There is none open with @skill. */
void daemon_memory_sessions_drop (DaemonMemorySessions *self, const char *skill);

/* What has been written may not be there, nor the table. */
void daemon_memory_sessions_doubt (DaemonMemorySessions *self);

/* (transfer full) (element-type DaemonMemorySession): as they were kept, none of them new. What cannot
 * be read is dropped with a message, and so are all from the table: what goes on is kept anew. */
GPtrArray *daemon_memory_sessions_take (DaemonMemorySessions *self, gint64 wall_us);

G_END_DECLS

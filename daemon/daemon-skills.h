/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-conversation.h"

G_BEGIN_DECLS

/**
 * DaemonSkills:
 *
 * All skills known: those of the configuration, and those named by their URL since start.
 *
 * Signals:
 * - "changed": a skill came, or a session was opened or ended.
 * - "session-answered": an open session goes on, with other attributes or more time.
 * - "settled": nothing is under way to any skill.
 */
#define DAEMON_TYPE_SKILLS (daemon_skills_get_type ())
G_DECLARE_FINAL_TYPE (DaemonSkills, daemon_skills, DAEMON, SKILLS, GObject)

/* So many skills can be named by URL. */
#define DAEMON_SKILLS_MAX_BY_URL 100

DaemonSkills *daemon_skills_new (DaemonContext *context);

/* (transfer none) (nullable): the skill called @name. */
DaemonConversation *daemon_skills_find (DaemonSkills *self, const char *name);

/* (transfer none) (nullable): the skill whose stream is current or was the last. */
DaemonConversation *daemon_skills_find_owner (DaemonSkills *self);

/**
 * daemon_skills_resolve:
 * @name: a name, an absolute URL, or "" for the skill whose session is open, else the one that
 * played last, else the only one configured
 * @error: BUS_ERROR_UNKNOWN_SKILL, BUS_ERROR_NO_SKILL, BUS_ERROR_INVALID_ARGUMENT (a URL that may
 * not be used), BUS_ERROR_BUSY (too many by URL)
 *
 * Returns: (transfer none): the skill; made if its URL is new
 */
DaemonConversation *daemon_skills_resolve (DaemonSkills *self, const char *name, GError **error);

/* The user has turned to @skill: see daemon_conversation_abandon(). */
void daemon_skills_abandon_others (DaemonSkills *self, DaemonConversation *skill);

/* A stream of @name has started. */
void daemon_skills_note_played (DaemonSkills *self, const char *name);
/* (nullable): what was noted last */
const char *daemon_skills_get_last_played (DaemonSkills *self);

/* (transfer none) (element-type DaemonConversation): with all that are known */
const GPtrArray *daemon_skills_get_all (DaemonSkills *self);

/* (transfer floating): a(ssb): name, endpoint, session open. */
GVariant *daemon_skills_list (DaemonSkills *self);

/* Sends what an earlier run has left in the outbox. */
void daemon_skills_restore (DaemonSkills *self);

/* The context's configuration is another one. Skills that are still there keep session and reports; those
 * that are not are told that their session is over, and are gone as soon as all that was to be told
 * has been; what they play goes on. */
void daemon_skills_reconfigure (DaemonSkills *self);

void daemon_skills_shut_down (DaemonSkills *self);
gboolean daemon_skills_is_settled (DaemonSkills *self);

G_END_DECLS

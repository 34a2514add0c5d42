/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "alexa/alexa-session.h"
#include "daemon-config.h"

G_BEGIN_DECLS

/**
 * DaemonSkill:
 *
 * One skill as this device knows it: who it is, who we are towards it, and the session that is open
 * with it.
 */
typedef struct _DaemonSkill DaemonSkill;

/* @config is copied. @device_id: the user id of each skill is derived from it. */
DaemonSkill *daemon_skill_new (const DaemonSkillConfig *config, const char *device_id);
/* The same skill (by its name), as it is configured now; its session stays as it is. */
void
daemon_skill_configure (DaemonSkill *self, const DaemonSkillConfig *config, const char *device_id);
void daemon_skill_free (DaemonSkill *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonSkill, daemon_skill_free)

const char *daemon_skill_get_name (const DaemonSkill *self);
const char *daemon_skill_get_endpoint (const DaemonSkill *self);
/* (nullable) */
const char *daemon_skill_get_ca_file (const DaemonSkill *self);
const char *daemon_skill_get_application_id (const DaemonSkill *self);
/* "amzn1.ask.account.…": the same for ever for one device and one skill, another for each skill. */
const char *daemon_skill_get_user_id (const DaemonSkill *self);
gboolean daemon_skill_is_strict (const DaemonSkill *self);
/* Requests to it are signed if there is a key. */
gboolean daemon_skill_is_signed (const DaemonSkill *self);
/* Media over plain http are taken, too: its endpoint is on a loopback address, or it is configured so. */
gboolean daemon_skill_takes_http (const DaemonSkill *self);

/* (transfer full) (nullable): the access token of the linked account, read anew from its file. */
char *daemon_skill_read_access_token (const DaemonSkill *self);

/* (transfer none) (nullable): the open session. */
AlexaSession *daemon_skill_get_session (DaemonSkill *self);
/* (transfer none): a new open session; there must be none. */
AlexaSession *daemon_skill_open_session (DaemonSkill *self);
/* @session: (transfer full): left open by an earlier run; there must be none. */
void daemon_skill_restore_session (DaemonSkill *self, AlexaSession *session);
/* (transfer full) (nullable): the session, which is not open any more. */
AlexaSession *daemon_skill_take_session (DaemonSkill *self);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "alexa/alexa-request.h"
#include "daemon-context.h"
#include "daemon-skill.h"

G_BEGIN_DECLS

/**
 * DaemonEnvelope:
 *
 * What surrounds one request at the moment it leaves: the access tokens are read anew, the time is
 * now.
 */
typedef struct
{
  AlexaEnvelope inner;       /* borrows from here and from what it was made with */
  char *user_access_token;   /* (owned) (nullable) */
  char *person_access_token; /* (owned) (nullable) */
} DaemonEnvelope;

/**
 * daemon_envelope_new:
 * @session: (nullable): for the requests that carry one
 * @snapshot: what plays
 * @api_access_token: the skill's key to the directive service
 *
 * All arguments must outlive the envelope.
 */
DaemonEnvelope *daemon_envelope_new (DaemonContext *context,
                                     DaemonSkill *skill,
                                     const AlexaSession *session,
                                     const PlayerSnapshot *snapshot,
                                     const char *api_access_token);
void daemon_envelope_free (DaemonEnvelope *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonEnvelope, daemon_envelope_free)

/* (transfer full): the body to send. */
GBytes *daemon_envelope_build (const DaemonEnvelope *self, const AlexaRequest *request);

/* (transfer full): the same body with other words in place of the secrets, to be told. */
GBytes *daemon_envelope_build_told (const DaemonEnvelope *self, const AlexaRequest *request);

/* Whether @skill supplied the most recent stream. */
gboolean daemon_envelope_owns_audio (DaemonSkill *skill, const PlayerSnapshot *snapshot);

G_END_DECLS

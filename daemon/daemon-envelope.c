/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-envelope.h"

#include "daemon-token-file.h"

#define REDACTED "<redacted>"

/* Nobody listens there: a skill that calls the Alexa API finds out at once. */
#define CLOSED_ENDPOINT "http://127.0.0.1:9"

gboolean
daemon_envelope_owns_audio (DaemonSkill *skill, const PlayerSnapshot *snapshot)
{
  return snapshot->item != NULL
         && g_str_equal (snapshot->item->origin, daemon_skill_get_name (skill));
}

static const char *
get_api_endpoint (const DaemonContext *context)
{
  if (context->config->api_endpoint != NULL)
    return context->config->api_endpoint;
  if (context->directive_service != NULL)
    return daemon_directive_service_get_endpoint (context->directive_service);
  return CLOSED_ENDPOINT;
}

static void
set_device (AlexaEnvelope *inner, const DaemonContext *context)
{
  const DaemonConfig *config = context->config;
  inner->device_id = context->device_id;
  inner->persistent_endpoint_id = config->persistent_endpoint_id;
  inner->person_id = config->person_id;
  inner->unit_id = config->unit_id;
  inner->persistent_unit_id = config->persistent_unit_id;
  inner->advertising_id = config->advertising_id;
  inner->limit_ad_tracking = config->limit_ad_tracking;
  inner->locale = context->locale;
  inner->audio_context_in_events = config->audio_context_in_events;
  inner->api_endpoint = get_api_endpoint (context);
}

DaemonEnvelope *
daemon_envelope_new (DaemonContext *context,
                     DaemonSkill *skill,
                     const AlexaSession *session,
                     const PlayerSnapshot *snapshot,
                     const char *api_access_token)
{
  g_return_val_if_fail (context != NULL && skill != NULL && snapshot != NULL, NULL);
  DaemonEnvelope *self = g_new0 (DaemonEnvelope, 1);
  self->user_access_token = daemon_skill_read_access_token (skill);
  self->person_access_token
      = daemon_token_file_read (context->config->person_access_token_path, "the person");

  AlexaEnvelope *inner = &self->inner;
  set_device (inner, context);
  inner->application_id = daemon_skill_get_application_id (skill);
  inner->user_id = daemon_skill_get_user_id (skill);
  inner->user_access_token = self->user_access_token;
  inner->person_access_token = self->person_access_token;
  inner->api_access_token = api_access_token;
  inner->session = session;
  inner->snapshot = snapshot;
  inner->owns_audio = daemon_envelope_owns_audio (skill, snapshot);
  inner->now_s = g_get_real_time () / G_USEC_PER_SEC;
  return self;
}

void
daemon_envelope_free (DaemonEnvelope *self)
{
  if (self == NULL)
    return;
  g_free (self->user_access_token);
  g_free (self->person_access_token);
  g_free (self);
}

GBytes *
daemon_envelope_build (const DaemonEnvelope *self, const AlexaRequest *request)
{
  return alexa_request_build (request, &self->inner);
}

GBytes *
daemon_envelope_build_told (const DaemonEnvelope *self, const AlexaRequest *request)
{
  AlexaEnvelope told = self->inner;
  told.api_access_token = REDACTED;
  if (told.user_access_token != NULL)
    told.user_access_token = REDACTED;
  if (told.person_access_token != NULL)
    told.person_access_token = REDACTED;
  return alexa_request_build (request, &told);
}

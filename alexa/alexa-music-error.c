/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-member.h"
#include "alexa-music-private.h"

#define PAYLOAD "payload"

typedef enum
{
  GENERIC,        /* namespace Alexa, version 3.0 */
  MEDIA,          /* Alexa.Media */
  AUDIO,          /* Alexa.Audio */
  MEDIA_OR_AUDIO, /* seen, or printed, under both */
} Family;

static const struct
{
  const char *name;
  Family family;
} errors[] = {
  [ALEXA_MUSIC_ERROR_INVALID_DIRECTIVE] = { "INVALID_DIRECTIVE", GENERIC },
  [ALEXA_MUSIC_ERROR_INVALID_AUTHORIZATION_CREDENTIAL]
  = { "INVALID_AUTHORIZATION_CREDENTIAL", GENERIC },
  [ALEXA_MUSIC_ERROR_EXPIRED_AUTHORIZATION_CREDENTIAL]
  = { "EXPIRED_AUTHORIZATION_CREDENTIAL", GENERIC },
  [ALEXA_MUSIC_ERROR_ACCOUNT_PROBLEM] = { "ACCOUNT_PROBLEM", GENERIC },
  [ALEXA_MUSIC_ERROR_RATE_LIMIT_EXCEEDED] = { "RATE_LIMIT_EXCEEDED", GENERIC },
  [ALEXA_MUSIC_ERROR_INTERNAL_ERROR] = { "INTERNAL_ERROR", GENERIC },
  [ALEXA_MUSIC_ERROR_CONTENT_NOT_FOUND] = { "CONTENT_NOT_FOUND", MEDIA },
  [ALEXA_MUSIC_ERROR_ITEM_NOT_FOUND] = { "ITEM_NOT_FOUND", MEDIA_OR_AUDIO },
  [ALEXA_MUSIC_ERROR_INVALID_ITEM] = { "INVALID_ITEM", MEDIA },
  [ALEXA_MUSIC_ERROR_DEVICE_LIMIT_REACHED] = { "DEVICE_LIMIT_REACHED", MEDIA_OR_AUDIO },
  [ALEXA_MUSIC_ERROR_SKIP_LIMIT_REACHED] = { "SKIP_LIMIT_REACHED", AUDIO },
};

const char *
alexa_music_error_type_to_string (AlexaMusicErrorType type)
{
  return (gsize)type < G_N_ELEMENTS (errors) ? errors[type].name : NULL;
}

static AlexaMusicErrorType
find_error (const char *name)
{
  for (guint i = ALEXA_MUSIC_ERROR_NONE + 1; i < G_N_ELEMENTS (errors); i++)
    if (g_strcmp0 (name, errors[i].name) == 0)
      return (AlexaMusicErrorType)i;
  return ALEXA_MUSIC_ERROR_UNKNOWN;
}

static gboolean
is_family (Family family, const char *namespace)
{
  gboolean media = g_strcmp0 (namespace, "Alexa.Media") == 0;
  gboolean audio = g_strcmp0 (namespace, "Alexa.Audio") == 0;
  switch (family)
    {
    case MEDIA:
      return media;
    case AUDIO:
      return audio;
    case MEDIA_OR_AUDIO:
      return media || audio;
    case GENERIC:
    default:
      return g_strcmp0 (namespace, "Alexa") == 0;
    }
}

static void
read_retry_period (const AlexaMusicReader *reader, JsonObject *payload, AlexaMusicAnswer *self)
{
  const char *period = alexa_member_get_string (payload, "retryPeriod", PAYLOAD, reader->findings);
  if (period == NULL && self->error != ALEXA_MUSIC_ERROR_SKIP_LIMIT_REACHED)
    return;
  gboolean known = g_strcmp0 (period, "HOURLY") == 0 || g_strcmp0 (period, "DAILY") == 0
                   || g_strcmp0 (period, "UNKNOWN") == 0;
  if (!known)
    alexa_lint_add (reader->findings, ALEXA_LINT_MUSIC_RETRY_PERIOD, PAYLOAD, "retryPeriod");
  self->retry_period = g_strdup (known ? period : "UNKNOWN");
}

void
alexa_music_error_read (const AlexaMusicReader *reader,
                        JsonObject *header,
                        JsonObject *payload,
                        AlexaMusicAnswer *self)
{
  self->error = ALEXA_MUSIC_ERROR_UNKNOWN;
  if (payload != NULL)
    {
      self->error_name
          = g_strdup (alexa_member_get_string (payload, "type", PAYLOAD, reader->findings));
      self->error_message
          = g_strdup (alexa_member_get_string (payload, "message", PAYLOAD, reader->findings));
      self->error = find_error (self->error_name);
      read_retry_period (reader, payload, self);
    }
  if (self->error == ALEXA_MUSIC_ERROR_UNKNOWN)
    {
      alexa_lint_add (reader->findings, ALEXA_LINT_MUSIC_ERROR_TYPE, PAYLOAD, "type");
      return;
    }
  const char *namespace = alexa_member_get_string (header, "namespace", "header", reader->findings);
  Family family = errors[self->error].family;
  if (!is_family (family, namespace))
    alexa_lint_add (reader->findings, ALEXA_LINT_MUSIC_NAMESPACE, "header", "namespace");
  const char *version
      = alexa_member_get_string (header, "payloadVersion", "header", reader->findings);
  if (g_strcmp0 (version, family == GENERIC ? "3.0" : "1.0") != 0)
    alexa_lint_add (reader->findings, ALEXA_LINT_MUSIC_VERSION, "header", "payloadVersion");
}

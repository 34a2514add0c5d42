/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-request.h"

#include "alexa-json.h"

static void
set_text (JsonObject *object, const char *name, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, name, text);
}

/* Takes @value (nullable). */
static void
set_object (JsonObject *object, const char *name, JsonObject *value)
{
  if (value != NULL)
    json_object_set_object_member (object, name, value);
}

static JsonObject *
build_application (const AlexaEnvelope *envelope)
{
  JsonObject *application = json_object_new ();
  set_text (application, "applicationId", envelope->application_id);
  return application;
}

static JsonObject *
build_user (const AlexaEnvelope *envelope)
{
  JsonObject *user = json_object_new ();
  set_text (user, "userId", envelope->user_id);
  set_text (user, "accessToken", envelope->user_access_token);
  return user;
}

/* (nullable): who is recognised by the voice; nobody speaks in an event or presses a button with it. */
static JsonObject *
build_person (const AlexaRequest *self, const AlexaEnvelope *envelope)
{
  if (envelope->person_id == NULL || !alexa_request_type_has_session (self->type))
    return NULL;
  JsonObject *person = json_object_new ();
  set_text (person, "personId", envelope->person_id);
  set_text (person, "accessToken", envelope->person_access_token);
  return person;
}

/* (nullable) */
static JsonObject *
build_unit (const AlexaEnvelope *envelope)
{
  if (envelope->unit_id == NULL && envelope->persistent_unit_id == NULL)
    return NULL;
  JsonObject *unit = json_object_new ();
  set_text (unit, "unitId", envelope->unit_id);
  set_text (unit, "persistentUnitId", envelope->persistent_unit_id);
  return unit;
}

/* (nullable) */
static JsonObject *
build_advertising (const AlexaEnvelope *envelope)
{
  if (envelope->advertising_id == NULL)
    return NULL;
  JsonObject *advertising = json_object_new ();
  set_text (advertising, "advertisingId", envelope->advertising_id);
  json_object_set_boolean_member (advertising, "limitAdTracking", envelope->limit_ad_tracking);
  return advertising;
}

static JsonObject *
build_session (const AlexaEnvelope *envelope)
{
  const AlexaSession *open = envelope->session;
  JsonObject *session = json_object_new ();
  json_object_set_boolean_member (session, "new", open->is_new);
  json_object_set_string_member (session, "sessionId", open->id);
  json_object_set_object_member (session, "application", build_application (envelope));
  json_object_set_null_member (session, "attributes"); /* written as they came */
  json_object_set_object_member (session, "user", build_user (envelope));
  return session;
}

static JsonObject *
build_device (const AlexaEnvelope *envelope)
{
  JsonObject *interfaces = json_object_new ();
  json_object_set_object_member (interfaces, "AudioPlayer", json_object_new ());
  JsonObject *device = json_object_new ();
  set_text (device, "deviceId", envelope->device_id);
  json_object_set_object_member (device, "supportedInterfaces", interfaces);
  set_text (device, "persistentEndpointId", envelope->persistent_endpoint_id);
  return device;
}

static JsonObject *
build_system (const AlexaRequest *self, const AlexaEnvelope *envelope)
{
  JsonObject *system = json_object_new ();
  json_object_set_object_member (system, "application", build_application (envelope));
  json_object_set_object_member (system, "user", build_user (envelope));
  set_object (system, "person", build_person (self, envelope));
  set_object (system, "unit", build_unit (envelope));
  json_object_set_object_member (system, "device", build_device (envelope));
  set_text (system, "apiEndpoint", envelope->api_endpoint);
  set_text (system, "apiAccessToken", envelope->api_access_token);
  return system;
}

/* Every skill learns the activity, but only the one that played last learns what. */
static JsonObject *
build_audio_player (const AlexaEnvelope *envelope)
{
  const PlayerSnapshot *snapshot = envelope->snapshot;
  JsonObject *audio_player = json_object_new ();
  if (envelope->owns_audio && snapshot != NULL && snapshot->item != NULL)
    {
      json_object_set_string_member (audio_player, "token", snapshot->item->token);
      json_object_set_int_member (audio_player, "offsetInMilliseconds",
                                  MAX (snapshot->offset_ms, 0));
    }
  PlayerActivity activity = snapshot != NULL ? snapshot->activity : PLAYER_ACTIVITY_IDLE;
  json_object_set_string_member (audio_player, "playerActivity",
                                 player_activity_to_string (activity));
  return audio_player;
}

/* Requests a person makes always tell the state of the player. */
static gboolean
is_customer_initiated (AlexaRequestType type)
{
  switch (type)
    {
    case ALEXA_REQUEST_PLAYBACK_STARTED:
    case ALEXA_REQUEST_PLAYBACK_NEARLY_FINISHED:
    case ALEXA_REQUEST_PLAYBACK_FINISHED:
    case ALEXA_REQUEST_PLAYBACK_STOPPED:
    case ALEXA_REQUEST_PLAYBACK_FAILED:
    case ALEXA_REQUEST_EXCEPTION_ENCOUNTERED:
      return FALSE;
    case ALEXA_REQUEST_LAUNCH:
    case ALEXA_REQUEST_INTENT:
    case ALEXA_REQUEST_CAN_FULFILL_INTENT:
    case ALEXA_REQUEST_SESSION_ENDED:
    case ALEXA_REQUEST_PLAY_COMMAND:
    case ALEXA_REQUEST_PAUSE_COMMAND:
    case ALEXA_REQUEST_NEXT_COMMAND:
    case ALEXA_REQUEST_PREVIOUS_COMMAND:
    default:
      return TRUE;
    }
}

static JsonObject *
build_context (const AlexaRequest *self, const AlexaEnvelope *envelope)
{
  JsonObject *context = json_object_new ();
  if (is_customer_initiated (self->type) || envelope->audio_context_in_events)
    json_object_set_object_member (context, "AudioPlayer", build_audio_player (envelope));
  json_object_set_object_member (context, "System", build_system (self, envelope));
  set_object (context, "Advertising", build_advertising (envelope));
  return context;
}

static char *
format_time (gint64 unix_s)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (unix_s);
  if (time == NULL)
    time = g_date_time_new_from_unix_utc (0);
  return g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");
}

static JsonNode *
build_request (const AlexaRequest *self, const AlexaEnvelope *envelope)
{
  g_autofree char *timestamp = format_time (envelope->now_s);
  JsonNode *node = alexa_request_to_node (self);
  JsonObject *request = json_node_get_object (node);
  json_object_set_string_member (request, "requestId", self->request_id);
  json_object_set_string_member (request, "timestamp", timestamp);
  set_text (request, "locale", envelope->locale);
  return node;
}

GBytes *
alexa_request_build (const AlexaRequest *self, const AlexaEnvelope *envelope)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (envelope != NULL, NULL);

  JsonObject *body = json_object_new ();
  json_object_set_string_member (body, "version", "1.0");
  JsonNode *attributes = NULL;
  if (alexa_request_type_has_session (self->type) && envelope->session != NULL)
    {
      JsonObject *session = build_session (envelope);
      json_object_set_object_member (body, "session", session);
      attributes = json_object_get_member (session, "attributes");
    }
  json_object_set_object_member (body, "context", build_context (self, envelope));
  json_object_set_member (body, "request", build_request (self, envelope));
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (root, body);
  return alexa_json_to_bytes_with (root, attributes,
                                   attributes != NULL ? envelope->session->attributes : NULL);
}

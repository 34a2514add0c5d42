/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-json.h"
#include "alexa-music-private.h"

const char *
alexa_music_event_type_to_string (AlexaMusicEventType type)
{
  static const char *const names[] = {
    [ALEXA_MUSIC_EVENT_STARTED] = "AlexaAudioPlayQueueEvent.ItemPlaybackStarted",
    [ALEXA_MUSIC_EVENT_FINISHED] = "AlexaAudioPlayQueueEvent.ItemPlaybackFinished",
    [ALEXA_MUSIC_EVENT_STOPPED] = "AlexaAudioPlayQueueEvent.ItemPlaybackStopped",
    [ALEXA_MUSIC_EVENT_FAILED] = "AlexaAudioPlayQueueEvent.ItemPlaybackFailed",
  };
  g_return_val_if_fail ((gsize)type < G_N_ELEMENTS (names), NULL);

  return names[type];
}

AlexaMusicEvent *
alexa_music_event_new (AlexaMusicEventType type,
                       AlexaMusicReference *reference,
                       gint64 offset_ms,
                       const char *error_type,
                       const char *error_message,
                       const char *cause)
{
  g_return_val_if_fail (reference != NULL, NULL);

  AlexaMusicEvent *self = g_new0 (AlexaMusicEvent, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->type = type;
  self->reference = alexa_music_reference_ref (reference);
  self->offset_ms = MAX (offset_ms, 0);
  self->error_type = g_strdup (error_type);
  self->error_message = g_strdup (error_message);
  self->cause = g_strdup (cause);
  return self;
}

AlexaMusicEvent *
alexa_music_event_ref (AlexaMusicEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
alexa_music_event_unref (AlexaMusicEvent *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  alexa_music_reference_unref (self->reference);
  g_free (self->error_type);
  g_free (self->error_message);
  g_free (self->cause);
  g_free (self);
}

static JsonObject *
build_context (const AlexaMusicEnvelope *envelope, const char *endpoint_id)
{
  JsonObject *user = json_object_new ();
  alexa_music_set_text (user, "userId", envelope->user_id);
  alexa_music_set_text (user, "accessToken", envelope->access_token);
  JsonObject *system = json_object_new ();
  json_object_set_object_member (system, "user", user);
  if (endpoint_id != NULL)
    {
      JsonArray *ids = json_array_new ();
      json_array_add_string_element (ids, endpoint_id);
      json_object_set_array_member (system, "endpointIds", ids);
    }
  JsonObject *context = json_object_new ();
  json_object_set_object_member (context, "System", system);
  return context;
}

static JsonObject *
build_body (const AlexaMusicEvent *self)
{
  JsonObject *body = json_object_new ();
  json_object_set_int_member (body, "offsetInMilliseconds", self->offset_ms);
  json_object_set_member (body, "item", alexa_music_reference_to_node (self->reference, FALSE));
  if (self->error_type != NULL || self->error_message != NULL)
    {
      JsonObject *error = json_object_new ();
      alexa_music_set_text (error, "type", self->error_type);
      alexa_music_set_text (error, "message", self->error_message);
      json_object_set_object_member (body, "error", error);
    }
  alexa_music_set_text (body, "cause", self->cause);
  return body;
}

GBytes *
alexa_music_event_build (const AlexaMusicEvent *self,
                         const AlexaMusicEnvelope *envelope,
                         gint64 timestamp_us,
                         const char *endpoint_id)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (envelope != NULL, NULL);

  g_autofree char *fresh = envelope->message_id == NULL ? g_uuid_string_random () : NULL;
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (timestamp_us / G_USEC_PER_SEC);
  g_autofree char *timestamp
      = time != NULL ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ") : NULL;
  JsonObject *request = json_object_new ();
  json_object_set_string_member (request, "type", alexa_music_event_type_to_string (self->type));
  json_object_set_string_member (request, "requestId",
                                 fresh != NULL ? fresh : envelope->message_id);
  alexa_music_set_text (request, "timestamp", timestamp);
  alexa_music_set_text (request, "locale", envelope->locale);
  json_object_set_object_member (request, "body", build_body (self));
  JsonObject *root_object = json_object_new ();
  json_object_set_string_member (root_object, "version", "1.0");
  json_object_set_object_member (root_object, "context", build_context (envelope, endpoint_id));
  json_object_set_object_member (root_object, "request", request);
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (root, root_object);
  return alexa_json_to_bytes (root);
}

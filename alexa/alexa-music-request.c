/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-json.h"
#include "alexa-music-private.h"

/* How each message is named, and in what form it wants its reference. */
static const struct
{
  const char *name;
  const char *namespace;
  const char *version;
  const char *reference; /* (nullable): the member */
  gboolean wrapped;
} messages[ALEXA_N_MUSIC_MESSAGES] = {
  [ALEXA_MUSIC_GET_PLAYABLE_CONTENT]
  = { "GetPlayableContent", "Alexa.Media.Search", "1.0", NULL, FALSE },
  [ALEXA_MUSIC_INITIATE]
  = { "Initiate", "Alexa.Media.Playback", "1.0", "currentItemReference", TRUE },
  [ALEXA_MUSIC_REINITIATE] = { "Reinitiate", "Alexa.Media.Playback", "1.0", NULL, TRUE },
  [ALEXA_MUSIC_GET_NEXT_ITEM]
  = { "GetNextItem", "Alexa.Audio.PlayQueue", "1.0", "currentItemReference", FALSE },
  [ALEXA_MUSIC_GET_PREVIOUS_ITEM]
  = { "GetPreviousItem", "Alexa.Audio.PlayQueue", "1.0", "currentItemReference", FALSE },
  [ALEXA_MUSIC_JUMP_TO_ITEM]
  = { "JumpToItem", "Alexa.Audio.PlayQueue", "1.0", "currentItemReference", FALSE },
  [ALEXA_MUSIC_GET_ITEM]
  = { "GetItem", "Alexa.Media.PlayQueue", "1.0", "targetItemReference", TRUE },
  [ALEXA_MUSIC_GET_VIEW]
  = { "GetView", "Alexa.Media.PlayQueue", "1.0", "currentItemReference", TRUE },
  [ALEXA_MUSIC_SET_SHUFFLE]
  = { "SetShuffle", "Alexa.Media.PlayQueue", "1.0", "currentItemReference", TRUE },
  [ALEXA_MUSIC_SET_LOOP]
  = { "SetLoop", "Alexa.Media.PlayQueue", "1.0", "currentItemReference", TRUE },
  [ALEXA_MUSIC_SET_REPEAT]
  = { "SetRepeat", "Alexa.Media.PlayQueue", "1.0", "currentItemReference", TRUE },
  [ALEXA_MUSIC_RECEIVE_FEEDBACK] = { "ReceiveFeedback", "Alexa.UserPreference", "2.0", NULL, TRUE },
};

const char *
alexa_music_message_to_string (AlexaMusicMessage message)
{
  g_return_val_if_fail (message < ALEXA_N_MUSIC_MESSAGES, NULL);

  return messages[message].name;
}

AlexaMusicCriterion *
alexa_music_criterion_new (const char *type, const char *entity_id, const char *value)
{
  g_return_val_if_fail (type != NULL, NULL);

  AlexaMusicCriterion *self = g_new0 (AlexaMusicCriterion, 1);
  self->type = g_strdup (type);
  self->entity_id = g_strdup (entity_id);
  self->value = g_strdup (value);
  return self;
}

void
alexa_music_criterion_free (AlexaMusicCriterion *self)
{
  if (self == NULL)
    return;
  g_free (self->type);
  g_free (self->entity_id);
  g_free (self->value);
  g_free (self);
}

AlexaMusicRequest *
alexa_music_request_new (AlexaMusicMessage message)
{
  g_return_val_if_fail (message < ALEXA_N_MUSIC_MESSAGES, NULL);

  AlexaMusicRequest *self = g_new0 (AlexaMusicRequest, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->message = message;
  self->criteria = g_ptr_array_new_with_free_func ((GDestroyNotify)alexa_music_criterion_free);
  return self;
}

AlexaMusicRequest *
alexa_music_request_ref (AlexaMusicRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
alexa_music_request_unref (AlexaMusicRequest *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->reference, alexa_music_reference_unref);
  g_free (self->target_item_id);
  g_free (self->content_id);
  g_ptr_array_unref (self->criteria);
  g_free (self);
}

/* --- the parts of a payload --- */

static JsonObject *
build_context (const AlexaMusicEnvelope *envelope)
{
  JsonObject *user = json_object_new ();
  alexa_music_set_text (user, "id", envelope->user_id);
  alexa_music_set_text (user, "accessToken", envelope->access_token);
  JsonObject *context = json_object_new ();
  json_object_set_object_member (context, "user", user);
  if (envelope->locale == NULL && envelope->country == NULL)
    return context;
  JsonObject *location = json_object_new ();
  alexa_music_set_text (location, "originatingLocale", envelope->locale);
  alexa_music_set_text (location, "countryCode", envelope->country);
  json_object_set_object_member (context, "location", location);
  return context;
}

static void
set_filters (JsonObject *payload, const AlexaMusicRequest *self)
{
  JsonObject *filters = json_object_new ();
  json_object_set_boolean_member (filters, "explicitLanguageAllowed", self->explicit_allowed);
  json_object_set_object_member (payload, "filters", filters);
}

static void
set_criteria (JsonObject *payload, const AlexaMusicRequest *self)
{
  JsonArray *attributes = json_array_new ();
  for (guint i = 0; i < self->criteria->len; i++)
    {
      const AlexaMusicCriterion *criterion = g_ptr_array_index (self->criteria, i);
      JsonObject *attribute = json_object_new ();
      json_object_set_string_member (attribute, "type", criterion->type);
      alexa_music_set_text (attribute, "entityId", criterion->entity_id);
      alexa_music_set_text (attribute, "value", criterion->value);
      json_array_add_object_element (attributes, attribute);
    }
  JsonObject *criteria = json_object_new ();
  json_object_set_array_member (criteria, "attributes", attributes);
  json_object_set_object_member (payload, "selectionCriteria", criteria);
}

static JsonObject *
build_status (gboolean on)
{
  JsonObject *status = json_object_new ();
  json_object_set_string_member (status, "status", on ? "ON" : "OFF");
  return status;
}

static void
set_modes (JsonObject *payload, const AlexaMusicRequest *self)
{
  JsonObject *modes = json_object_new ();
  json_object_set_boolean_member (modes, "shuffle", self->shuffle);
  json_object_set_boolean_member (modes, "loop", self->loop);
  json_object_set_object_member (modes, "repeat", build_status (self->repeat));
  json_object_set_object_member (payload, "playbackModes", modes);
}

/* Where playback was, for the one message that tells it. */
static void
set_state (JsonObject *payload, const AlexaMusicRequest *self)
{
  JsonObject *state = json_object_new ();
  if (self->reference != NULL)
    json_object_set_member (state, "mediaReference",
                            alexa_music_reference_to_node (self->reference, TRUE));
  json_object_set_int_member (state, "offsetInMilliseconds", MAX (self->offset_ms, 0));
  json_object_set_object_member (payload, "playbackState", state);
}

static void
set_feedback (JsonObject *payload, const AlexaMusicRequest *self)
{
  JsonArray *content = json_array_new ();
  if (self->reference != NULL)
    json_array_add_element (content, alexa_music_reference_to_node (self->reference, TRUE));
  JsonObject *active = json_object_new ();
  json_object_set_array_member (active, "content", content);
  json_object_set_object_member (payload, "activeContext", active);
  JsonObject *feedback = json_object_new ();
  json_object_set_string_member (feedback, "type", "PREFERENCE");
  json_object_set_string_member (feedback, "value", self->positive ? "POSITIVE" : "NEGATIVE");
  json_object_set_object_member (payload, "feedback", feedback);
}

/* What a message has beside context and reference. */
static void
set_own (JsonObject *payload, const AlexaMusicRequest *self)
{
  switch (self->message)
    {
    case ALEXA_MUSIC_GET_PLAYABLE_CONTENT:
      set_filters (payload, self);
      set_criteria (payload, self);
      break;
    case ALEXA_MUSIC_INITIATE:
      set_filters (payload, self);
      alexa_music_set_text (payload, "contentId", self->content_id);
      set_modes (payload, self);
      break;
    case ALEXA_MUSIC_REINITIATE:
      set_state (payload, self);
      set_modes (payload, self);
      break;
    case ALEXA_MUSIC_GET_NEXT_ITEM:
      json_object_set_boolean_member (payload, "isUserInitiated", self->user_initiated);
      break;
    case ALEXA_MUSIC_JUMP_TO_ITEM:
      alexa_music_set_text (payload, "targetItemId", self->target_item_id);
      break;
    case ALEXA_MUSIC_SET_SHUFFLE:
    case ALEXA_MUSIC_SET_LOOP:
      json_object_set_boolean_member (payload, "enable", self->enable);
      break;
    case ALEXA_MUSIC_SET_REPEAT:
      json_object_set_object_member (payload, "mode", build_status (self->enable));
      break;
    case ALEXA_MUSIC_RECEIVE_FEEDBACK:
      set_feedback (payload, self);
      break;
    case ALEXA_MUSIC_GET_PREVIOUS_ITEM:
    case ALEXA_MUSIC_GET_ITEM:
    case ALEXA_MUSIC_GET_VIEW:
    case ALEXA_N_MUSIC_MESSAGES:
    default:
      break;
    }
}

static JsonObject *
build_header (AlexaMusicMessage message, const char *message_id)
{
  g_autofree char *fresh = message_id == NULL ? g_uuid_string_random () : NULL;
  JsonObject *header = json_object_new ();
  json_object_set_string_member (header, "messageId", fresh != NULL ? fresh : message_id);
  json_object_set_string_member (header, "namespace", messages[message].namespace);
  json_object_set_string_member (header, "name", messages[message].name);
  json_object_set_string_member (header, "payloadVersion", messages[message].version);
  return header;
}

GBytes *
alexa_music_request_build (const AlexaMusicRequest *self, const AlexaMusicEnvelope *envelope)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (envelope != NULL, NULL);

  JsonObject *payload = json_object_new ();
  json_object_set_object_member (payload, "requestContext", build_context (envelope));
  const char *member = messages[self->message].reference;
  if (member != NULL && self->reference != NULL)
    json_object_set_member (
        payload, member,
        alexa_music_reference_to_node (self->reference, messages[self->message].wrapped));
  set_own (payload, self);
  JsonObject *body = json_object_new ();
  json_object_set_object_member (body, "header",
                                 build_header (self->message, envelope->message_id));
  json_object_set_object_member (body, "payload", payload);
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (root, body);
  return alexa_json_to_bytes (root);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-request.h"

#include <gio/gio.h>

#include "alexa-member.h"

/* --- to JSON --- */

static void
set_text (JsonObject *object, const char *name, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, name, text);
}

static JsonObject *
slot_to_object (const AlexaSlot *slot)
{
  JsonObject *object = json_object_new ();
  json_object_set_string_member (object, "name", slot->name);
  set_text (object, "value", slot->value);
  json_object_set_string_member (object, "confirmationStatus", "NONE");
  json_object_set_string_member (object, "source", "USER");
  if (slot->value != NULL)
    {
      JsonObject *value = json_object_new ();
      json_object_set_string_member (value, "type", "Simple");
      json_object_set_string_member (value, "value", slot->value);
      json_object_set_object_member (object, "slotValue", value);
    }
  return object;
}

static void
set_intent (JsonObject *request, const AlexaRequest *self)
{
  JsonObject *intent = json_object_new ();
  set_text (intent, "name", self->intent_name);
  json_object_set_string_member (intent, "confirmationStatus", "NONE");
  if (self->slots != NULL)
    {
      JsonObject *slots = json_object_new ();
      for (guint i = 0; i < self->slots->len; i++)
        {
          const AlexaSlot *slot = g_ptr_array_index (self->slots, i);
          json_object_set_object_member (slots, slot->name, slot_to_object (slot));
        }
      json_object_set_object_member (intent, "slots", slots);
    }
  json_object_set_object_member (request, "intent", intent);
}

static void
set_error_object (JsonObject *request, const AlexaRequest *self)
{
  if (self->error_type == NULL && self->error_message == NULL)
    return;
  JsonObject *error = json_object_new ();
  set_text (error, "type", self->error_type);
  set_text (error, "message", self->error_message);
  json_object_set_object_member (request, "error", error);
}

static void
set_cause (JsonObject *request, const AlexaRequest *self)
{
  if (self->cause_request_id == NULL)
    return;
  JsonObject *cause = json_object_new ();
  json_object_set_string_member (cause, "requestId", self->cause_request_id);
  json_object_set_object_member (request, "cause", cause);
}

/* Where nothing had played, there is no token and no offset to tell, only the activity. */
static void
set_playback_state (JsonObject *request, const AlexaRequest *self)
{
  JsonObject *state = json_object_new ();
  if (self->state_token != NULL)
    {
      json_object_set_string_member (state, "token", self->state_token);
      json_object_set_int_member (state, "offsetInMilliseconds", self->state_offset_ms);
    }
  set_text (state, "playerActivity", self->state_activity);
  json_object_set_object_member (request, "currentPlaybackState", state);
}

JsonNode *
alexa_request_to_node (const AlexaRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  JsonObject *request = json_object_new ();
  json_object_set_string_member (request, "type", alexa_request_type_to_string (self->type));
  switch (self->type)
    {
    case ALEXA_REQUEST_INTENT:
    case ALEXA_REQUEST_CAN_FULFILL_INTENT:
      set_intent (request, self);
      break;
    case ALEXA_REQUEST_SESSION_ENDED:
      json_object_set_string_member (request, "reason",
                                     alexa_ended_reason_to_string (self->reason));
      set_error_object (request, self);
      break;
    case ALEXA_REQUEST_PLAYBACK_STARTED:
    case ALEXA_REQUEST_PLAYBACK_NEARLY_FINISHED:
    case ALEXA_REQUEST_PLAYBACK_FINISHED:
    case ALEXA_REQUEST_PLAYBACK_STOPPED:
      set_text (request, "token", self->token);
      json_object_set_int_member (request, "offsetInMilliseconds", self->offset_ms);
      break;
    case ALEXA_REQUEST_PLAYBACK_FAILED:
      set_text (request, "token", self->token);
      set_error_object (request, self);
      set_playback_state (request, self);
      break;
    case ALEXA_REQUEST_EXCEPTION_ENCOUNTERED:
      set_error_object (request, self);
      set_cause (request, self);
      break;
    case ALEXA_REQUEST_LAUNCH:
    case ALEXA_REQUEST_PLAY_COMMAND:
    case ALEXA_REQUEST_PAUSE_COMMAND:
    case ALEXA_REQUEST_NEXT_COMMAND:
    case ALEXA_REQUEST_PREVIOUS_COMMAND:
    default:
      break;
    }
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, request);
  return node;
}

/* --- and back --- */

static JsonObject *
get_object (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? alexa_member_get (object, name) : NULL;
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static const char *
get_text (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? alexa_member_get (object, name) : NULL;
  return node != NULL && alexa_member_is_string (node) ? json_node_get_string (node) : NULL;
}

static gint64
get_offset (JsonObject *object)
{
  JsonNode *node = object != NULL ? alexa_member_get (object, "offsetInMilliseconds") : NULL;
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_INT64)
    return -1;
  return json_node_get_int (node);
}

static void
read_error (AlexaRequest *self, JsonObject *request)
{
  JsonObject *error = get_object (request, "error");
  self->error_type = g_strdup (get_text (error, "type"));
  self->error_message = g_strdup (get_text (error, "message"));
}

static gboolean
read_intent (AlexaRequest *self, JsonObject *request)
{
  JsonObject *intent = get_object (request, "intent");
  self->intent_name = g_strdup (get_text (intent, "name"));
  JsonObject *slots = get_object (intent, "slots");
  if (slots == NULL || json_object_get_size (slots) == 0)
    return self->intent_name != NULL;
  self->slots = g_ptr_array_new_with_free_func ((GDestroyNotify)alexa_slot_free);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;
  json_object_iter_init_ordered (&iter, slots);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      if (!JSON_NODE_HOLDS_OBJECT (node))
        return FALSE;
      const char *value = get_text (json_node_get_object (node), "value");
      g_ptr_array_add (self->slots, alexa_slot_new (name, value));
    }
  return self->intent_name != NULL;
}

static gboolean
read_reason (AlexaRequest *self, JsonObject *request)
{
  const char *reason = get_text (request, "reason");
  read_error (self, request);
  for (AlexaEndedReason i = ALEXA_ENDED_USER_INITIATED; i <= ALEXA_ENDED_EXCEEDED_MAX_REPROMPTS;
       i++)
    if (g_strcmp0 (reason, alexa_ended_reason_to_string (i)) == 0)
      {
        self->reason = i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
read_failure (AlexaRequest *self, JsonObject *request)
{
  JsonObject *state = get_object (request, "currentPlaybackState");
  read_error (self, request);
  self->token = g_strdup (get_text (request, "token"));
  self->state_activity = g_strdup (get_text (state, "playerActivity"));
  self->state_token = g_strdup (get_text (state, "token"));
  self->state_offset_ms = MAX (get_offset (state), 0);
  return self->token != NULL && self->error_type != NULL && self->state_activity != NULL;
}

static gboolean
read_request (AlexaRequest *self, JsonObject *request)
{
  switch (self->type)
    {
    case ALEXA_REQUEST_INTENT:
    case ALEXA_REQUEST_CAN_FULFILL_INTENT:
      return read_intent (self, request);
    case ALEXA_REQUEST_SESSION_ENDED:
      return read_reason (self, request);
    case ALEXA_REQUEST_PLAYBACK_STARTED:
    case ALEXA_REQUEST_PLAYBACK_NEARLY_FINISHED:
    case ALEXA_REQUEST_PLAYBACK_FINISHED:
    case ALEXA_REQUEST_PLAYBACK_STOPPED:
      self->token = g_strdup (get_text (request, "token"));
      self->offset_ms = get_offset (request);
      return self->token != NULL && self->offset_ms >= 0;
    case ALEXA_REQUEST_PLAYBACK_FAILED:
      return read_failure (self, request);
    case ALEXA_REQUEST_EXCEPTION_ENCOUNTERED:
      read_error (self, request);
      self->cause_request_id = g_strdup (get_text (get_object (request, "cause"), "requestId"));
      return self->error_type != NULL;
    case ALEXA_REQUEST_LAUNCH:
    case ALEXA_REQUEST_PLAY_COMMAND:
    case ALEXA_REQUEST_PAUSE_COMMAND:
    case ALEXA_REQUEST_NEXT_COMMAND:
    case ALEXA_REQUEST_PREVIOUS_COMMAND:
    default:
      return TRUE;
    }
}

AlexaRequest *
alexa_request_from_node (JsonNode *node, const char *request_id, GError **error)
{
  g_return_val_if_fail (node != NULL, NULL);
  g_return_val_if_fail (request_id != NULL, NULL);

  JsonObject *request = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *name = get_text (request, "type");
  AlexaRequestType type;
  if (!alexa_request_type_from_string (name, &type))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "Unknown request type \"%s\"",
                   name != NULL ? name : "");
      return NULL;
    }
  g_autoptr (AlexaRequest) self = alexa_request_new (type);
  g_free (self->request_id);
  self->request_id = g_strdup (request_id);
  if (read_request (self, request))
    return g_steal_pointer (&self);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "A member of the %s is missing or of a wrong type", name);
  return NULL;
}

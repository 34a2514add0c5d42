/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-json.h"
#include "alexa-member.h"
#include "alexa-music-private.h"

#include <string.h>

/* A reference in a string may be so long. */
#define MAX_STRING_BYTES (16 * 1024)

AlexaMusicReference *
alexa_music_reference_new (const char *id, const char *queue_id, const char *content_id)
{
  g_return_val_if_fail (id != NULL, NULL);
  g_return_val_if_fail (queue_id != NULL, NULL);

  AlexaMusicReference *self = g_new0 (AlexaMusicReference, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->id = g_strdup (id);
  self->queue_id = g_strdup (queue_id);
  self->content_id = g_strdup (content_id != NULL ? content_id : "");
  return self;
}

AlexaMusicReference *
alexa_music_reference_ref (AlexaMusicReference *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
alexa_music_reference_unref (AlexaMusicReference *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->id);
  g_free (self->queue_id);
  g_free (self->content_id);
  g_free (self);
}

gboolean
alexa_music_reference_equal (const AlexaMusicReference *self, const AlexaMusicReference *other)
{
  if (self == NULL || other == NULL)
    return self == other;
  return g_str_equal (self->id, other->id) && g_str_equal (self->queue_id, other->queue_id)
         && g_str_equal (self->content_id, other->content_id);
}

static AlexaMusicReference *
read_flat (const AlexaMusicReader *reader, JsonObject *object)
{
  g_autofree char *id = alexa_music_require_id (reader, object, "id", "reference");
  if (id == NULL)
    return NULL;
  g_autofree char *queue_id = alexa_music_require_id (reader, object, "queueId", "reference");
  if (queue_id == NULL)
    return NULL;
  g_autofree char *content_id = alexa_music_read_id (reader, object, "contentId", "reference");
  JsonNode *content = alexa_member_get (object, "content");
  if (content_id == NULL && content != NULL && JSON_NODE_HOLDS_OBJECT (content))
    content_id
        = alexa_music_read_id (reader, json_node_get_object (content), "id", "reference.content");
  return alexa_music_reference_new (id, queue_id, content_id);
}

static AlexaMusicReference *
read_string (const AlexaMusicReader *reader, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) local = NULL;
  g_autoptr (JsonNode) node = alexa_json_parse (bytes, MAX_STRING_BYTES, &local);
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    return read_flat (reader, json_node_get_object (node));
  alexa_music_reader_fail (reader, ALEXA_MUSIC_ANSWER_ERROR_NOT_JSON, "reference", "value",
                           "is a string that holds no reference");
  return NULL;
}

AlexaMusicReference *
alexa_music_reference_parse (JsonNode *node, GError **error)
{
  g_return_val_if_fail (node != NULL, NULL);

  g_autoptr (GPtrArray) findings
      = g_ptr_array_new_with_free_func ((GDestroyNotify)alexa_finding_free);
  AlexaMusicReader reader = { .findings = findings, .error = error };
  if (alexa_member_is_string (node))
    return read_string (&reader, json_node_get_string (node));
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      alexa_music_reader_fail (&reader, ALEXA_MUSIC_ANSWER_ERROR_TYPE, "", "reference",
                               "is no object");
      return NULL;
    }
  JsonNode *value = alexa_member_get (json_node_get_object (node), "value");
  if (value != NULL && alexa_member_is_string (value))
    return read_string (&reader, json_node_get_string (value));
  if (value != NULL && JSON_NODE_HOLDS_OBJECT (value))
    return read_flat (&reader, json_node_get_object (value));
  return read_flat (&reader, json_node_get_object (node));
}

JsonNode *
alexa_music_reference_to_node (const AlexaMusicReference *self, gboolean wrapped)
{
  JsonObject *flat = json_object_new ();
  json_object_set_string_member (flat, "id", self->id);
  json_object_set_string_member (flat, "queueId", self->queue_id);
  json_object_set_string_member (flat, "contentId", self->content_id);
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  if (!wrapped)
    {
      json_node_take_object (node, flat);
      return node;
    }
  JsonObject *media = json_object_new ();
  json_object_set_string_member (media, "namespace", "Alexa.Audio.PlayQueue");
  json_object_set_string_member (media, "name", "item");
  json_object_set_object_member (media, "value", flat);
  json_node_take_object (node, media);
  return node;
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-json.h"
#include "alexa-member.h"
#include "alexa-music-private.h"

#include <string.h>

static JsonObject *
name_to_object (const char *text)
{
  JsonObject *name = json_object_new ();
  json_object_set_string_member (name, "display", text);
  JsonObject *named = json_object_new ();
  json_object_set_object_member (named, "name", name);
  return named;
}

static JsonObject *
art_to_object (const AlexaMusicMetadata *metadata)
{
  JsonObject *art = json_object_new ();
  alexa_music_set_text (art, "contentDescription", metadata->art_description);
  JsonArray *sources = json_array_new ();
  for (guint i = 0; i < metadata->art->len; i++)
    {
      const AlexaMusicArt *picture = g_ptr_array_index (metadata->art, i);
      JsonObject *source = json_object_new ();
      json_object_set_string_member (source, "url", picture->url);
      alexa_music_set_text (source, "size", picture->size);
      if (picture->width > 0)
        json_object_set_int_member (source, "widthPixels", picture->width);
      if (picture->height > 0)
        json_object_set_int_member (source, "heightPixels", picture->height);
      json_array_add_object_element (sources, source);
    }
  json_object_set_array_member (art, "sources", sources);
  return art;
}

static JsonObject *
metadata_to_object (const AlexaMusicMetadata *metadata)
{
  JsonObject *object
      = metadata->name != NULL ? name_to_object (metadata->name) : json_object_new ();
  alexa_music_set_text (object, "type", metadata->type);
  if (metadata->album != NULL)
    json_object_set_object_member (object, "album", name_to_object (metadata->album));
  JsonArray *authors = json_array_new ();
  for (guint i = 0; metadata->authors[i] != NULL; i++)
    json_array_add_object_element (authors, name_to_object (metadata->authors[i]));
  json_object_set_array_member (object, "authors", authors);
  json_object_set_object_member (object, "art", art_to_object (metadata));
  return object;
}

static JsonObject *
stream_to_object (const AlexaMusicStream *stream)
{
  JsonObject *object = json_object_new ();
  alexa_music_set_text (object, "id", stream->id);
  json_object_set_string_member (object, "uri", stream->uri);
  json_object_set_int_member (object, "offsetInMilliseconds", stream->offset_ms);
  alexa_music_set_text (object, "validUntil", stream->valid_until);
  return object;
}

/* An object with one member. */
static JsonObject *
object_with (const char *name, const char *text)
{
  JsonObject *object = json_object_new ();
  json_object_set_string_member (object, name, text);
  return object;
}

char *
alexa_music_item_to_json (const AlexaMusicItem *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  JsonObject *object = json_object_new ();
  json_object_set_string_member (object, "id", self->id);
  json_object_set_object_member (
      object, "playbackInfo",
      object_with ("type", alexa_music_playback_to_string (self->playback)));
  json_object_set_object_member (object, "metadata", metadata_to_object (self->metadata));
  if (self->duration_ms > 0)
    json_object_set_int_member (object, "durationInMilliseconds", self->duration_ms);
  json_object_set_array_member (object, "controls",
                                alexa_music_controls_to_array (&self->controls));
  if (self->has_feedback_rule)
    {
      JsonObject *rules = json_object_new ();
      json_object_set_boolean_member (rules, "feedbackEnabled", self->feedback_enabled);
      json_object_set_object_member (object, "rules", rules);
    }
  if (self->stream != NULL)
    json_object_set_object_member (object, "stream", stream_to_object (self->stream));
  if (self->rating != NULL)
    json_object_set_object_member (object, "feedback", object_with ("value", self->rating));
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (root, object);
  g_autoptr (GBytes) bytes = alexa_json_to_bytes (root);
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

AlexaMusicItem *
alexa_music_item_from_json (const char *json, GError **error)
{
  g_return_val_if_fail (json != NULL, NULL);

  g_autoptr (GPtrArray) findings
      = g_ptr_array_new_with_free_func ((GDestroyNotify)alexa_finding_free);
  AlexaMusicReader reader = { .findings = findings, .error = error };
  g_autoptr (GBytes) bytes = g_bytes_new (json, strlen (json));
  g_autoptr (GError) local = NULL;
  g_autoptr (JsonNode) root = alexa_json_parse (bytes, ALEXA_MUSIC_ANSWER_MAX_BYTES, &local);
  if (root == NULL)
    {
      g_set_error (error, ALEXA_MUSIC_ANSWER_ERROR, ALEXA_MUSIC_ANSWER_ERROR_NOT_JSON,
                   "Not JSON: %s", local->message);
      return NULL;
    }
  if (JSON_NODE_HOLDS_OBJECT (root))
    return alexa_music_item_read (&reader, json_node_get_object (root), "item", FALSE);
  alexa_music_reader_fail (&reader, ALEXA_MUSIC_ANSWER_ERROR_TYPE, "", "item", "is no object");
  return NULL;
}

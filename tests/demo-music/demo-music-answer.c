/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "demo-music-answer.h"

static const struct
{
  const char *size;
  guint pixels;
} art_sizes[] = {
  { "X_SMALL", 48 }, { "SMALL", 60 }, { "MEDIUM", 110 }, { "LARGE", 256 }, { "X_LARGE", 600 }
};

static JsonObject *new_object (const char *first, ...) G_GNUC_NULL_TERMINATED;

/* Members that are strings: name, value, name, value … */
static JsonObject *
new_object (const char *first, ...)
{
  JsonObject *object = json_object_new ();
  va_list rest;
  va_start (rest, first);
  for (const char *name = first; name != NULL; name = va_arg (rest, const char *))
    json_object_set_string_member (object, name, va_arg (rest, const char *));
  va_end (rest);
  return object;
}

JsonObject *
demo_music_answer_new (const char *namespace,
                       const char *name,
                       const char *version,
                       JsonObject *payload)
{
  g_autofree char *id = g_uuid_string_random ();
  JsonObject *answer = json_object_new ();
  json_object_set_object_member (answer, "header",
                                 new_object ("messageId", id, "namespace", namespace, "name", name,
                                             "payloadVersion", version, NULL));
  json_object_set_object_member (answer, "payload", payload);
  return answer;
}

JsonObject *
demo_music_answer_refuse (const char *namespace,
                          const char *type,
                          const char *message,
                          const char *retry_period)
{
  JsonObject *payload = new_object ("type", type, "message", message, NULL);
  if (retry_period != NULL)
    json_object_set_string_member (payload, "retryPeriod", retry_period);
  const char *version = g_str_equal (namespace, "Alexa") ? "3.0" : "1.0";
  return demo_music_answer_new (namespace, "ErrorResponse", version, payload);
}

static void
add_control (JsonArray *controls, const char *type, const char *name, gboolean enabled)
{
  JsonObject *control = new_object ("type", type, "name", name, NULL);
  json_object_set_boolean_member (control, "enabled", enabled);
  json_array_add_object_element (controls, control);
}

static void
add_toggle (JsonArray *controls, const char *name, gboolean enabled, gboolean selected)
{
  add_control (controls, "TOGGLE", name, enabled);
  JsonObject *control
      = json_array_get_object_element (controls, json_array_get_length (controls) - 1);
  json_object_set_boolean_member (control, "selected", selected);
}

static gboolean
is_endless (const DemoMusicQueue *queue)
{
  const DemoMusicTrack *first = g_ptr_array_index (queue->order, 0);
  return first->duration_ms < 0;
}

JsonArray *
demo_music_answer_queue_controls (const DemoMusicQueue *queue)
{
  JsonArray *controls = json_array_new ();
  gboolean modes = !is_endless (queue);
  add_toggle (controls, "SHUFFLE", modes, queue->shuffle);
  add_toggle (controls, "LOOP", modes, queue->loop);
  add_control (controls, "CYCLE", "REPEAT", modes);
  JsonObject *repeat = json_array_get_object_element (controls, 2);
  json_object_set_object_member (repeat, "value",
                                 new_object ("status", queue->repeat ? "ON" : "OFF", NULL));
  add_control (controls, "ADJUST", "SEEK_POSITION", modes);
  return controls;
}

static JsonArray *
make_controls (const DemoMusicQueue *queue, guint place, gboolean free_to_go)
{
  JsonArray *controls = json_array_new ();
  gboolean seekable = free_to_go && !is_endless (queue);
  guint to = 0;
  add_control (controls, "COMMAND", "NEXT", free_to_go);
  add_control (controls, "COMMAND", "PREVIOUS",
               free_to_go && demo_music_queue_go (queue, place, -1, TRUE, &to));
  add_control (controls, "ADJUST", "SEEK_POSITION", seekable);
  return controls;
}

JsonObject *
demo_music_answer_metadata (const char *type, const char *title)
{
  JsonObject *metadata = new_object ("type", type, NULL);
  JsonObject *name = new_object ("display", title, NULL);
  json_object_set_object_member (name, "speech",
                                 new_object ("type", "PLAIN_TEXT", "text", title, NULL));
  json_object_set_object_member (metadata, "name", name);
  return metadata;
}

static void
add_art (JsonObject *metadata, const char *art_url)
{
  JsonArray *sources = json_array_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (art_sizes); i++)
    {
      g_autofree char *url = g_strdup_printf ("%s%u.png", art_url, art_sizes[i].pixels);
      JsonObject *source = new_object ("url", url, "size", art_sizes[i].size, NULL);
      json_object_set_int_member (source, "widthPixels", art_sizes[i].pixels);
      json_object_set_int_member (source, "heightPixels", art_sizes[i].pixels);
      json_array_add_object_element (sources, source);
    }
  JsonObject *art = json_object_new ();
  json_object_set_array_member (art, "sources", sources);
  json_object_set_object_member (metadata, "art", art);
}

static JsonObject *
make_metadata (const DemoMusicTrack *track, const char *art_url)
{
  if (track == NULL)
    return demo_music_answer_metadata ("AD", "Advertisement");
  JsonObject *metadata
      = demo_music_answer_metadata (track->duration_ms < 0 ? "STATION" : "TRACK", track->title);
  JsonArray *authors = json_array_new ();
  json_array_add_object_element (authors, new_object ("name", track->author, NULL));
  json_object_set_array_member (metadata, "authors", authors);
  if (track->album != NULL)
    json_object_set_object_member (metadata, "album", new_object ("name", track->album, NULL));
  add_art (metadata, art_url);
  return metadata;
}

JsonObject *
demo_music_answer_item (const DemoMusicQueue *queue, guint place, const DemoMusicLook *look)
{
  const DemoMusicTrack *track = g_ptr_array_index (queue->order, place);
  g_autofree char *id = demo_music_queue_get_item_id (queue, place);
  JsonObject *item = new_object ("id", id, NULL);
  json_object_set_object_member (item, "playbackInfo",
                                 new_object ("type", track != NULL ? "DEFAULT" : "AD", NULL));
  json_object_set_object_member (item, "metadata", make_metadata (track, look->art_url));
  if (track == NULL || track->duration_ms >= 0)
    json_object_set_int_member (item, "durationInMilliseconds",
                                track != NULL ? track->duration_ms : 8000);
  json_object_set_array_member (item, "controls", make_controls (queue, place, track != NULL));
  JsonObject *rules = json_object_new ();
  json_object_set_boolean_member (rules, "feedbackEnabled", track != NULL);
  json_object_set_object_member (item, "rules", rules);
  if (look->stream != NULL)
    json_object_set_object_member (item, "stream", json_object_ref (look->stream));
  if (look->rating != NULL)
    json_object_set_object_member (item, "feedback",
                                   new_object ("type", "PREFERENCE", "value", look->rating, NULL));
  return item;
}

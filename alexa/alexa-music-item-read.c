/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-directive-private.h"
#include "alexa-member.h"
#include "alexa-music-private.h"

#define MAX_URI_CHARACTERS 8000
/* So many queues may be named that are to be stopped. */
#define MAX_DEACTIVATE 64

/* (transfer full) (nullable): with an error. */
static char *
read_uri (const AlexaMusicReader *self, JsonObject *stream, const char *path)
{
  const char *text = alexa_member_get_string (stream, "uri", path, self->findings);
  if (text == NULL || *text == '\0')
    {
      alexa_music_reader_fail (self, ALEXA_MUSIC_ANSWER_ERROR_MISSING, path, "uri", "is missing");
      return NULL;
    }
  gboolean escaped = FALSE;
  g_autofree char *uri = alexa_media_url_normalize (text, &escaped);
  const char *scheme = uri != NULL ? g_uri_peek_scheme (uri) : NULL;
  gboolean is_http = g_strcmp0 (scheme, "http") == 0;
  const char *fault = NULL;
  if (!is_http && g_strcmp0 (scheme, "https") != 0)
    fault = "is no https URL";
  else if (is_http && self->secure)
    fault = "is plain http, which only http-media allows";
  else if (g_utf8_strlen (text, -1) > MAX_URI_CHARACTERS)
    fault = "is longer than 8000 characters";
  if (fault != NULL)
    {
      alexa_music_reader_fail (self, ALEXA_MUSIC_ANSWER_ERROR_URI, path, "uri", fault);
      return NULL;
    }
  if (is_http)
    alexa_lint_add (self->findings, ALEXA_LINT_MUSIC_URI_HTTP, path, "uri");
  if (escaped)
    alexa_lint_add (self->findings, ALEXA_LINT_MUSIC_URI_ESCAPED, path, "uri");
  return g_steal_pointer (&uri);
}

static void
read_valid_until (const AlexaMusicReader *self,
                  JsonObject *object,
                  const char *path,
                  AlexaMusicStream *stream)
{
  JsonNode *node = alexa_member_get (object, "validUntil");
  if (node == NULL)
    return;
  stream->valid_until = alexa_member_to_text (node);
  if (alexa_member_is_string (node))
    stream->valid_until_us = alexa_music_read_time (stream->valid_until);
  if (stream->valid_until_us == 0)
    alexa_lint_add (self->findings, ALEXA_LINT_MUSIC_VALID_UNTIL, path, "validUntil");
}

/* (nullable): with an error. */
static AlexaMusicStream *
read_stream (const AlexaMusicReader *self, JsonObject *object, const char *path)
{
  g_autofree char *uri = read_uri (self, object, path);
  if (uri == NULL)
    return NULL;
  AlexaMusicStream *stream = g_new0 (AlexaMusicStream, 1);
  g_atomic_ref_count_init (&stream->ref_count);
  stream->uri = g_steal_pointer (&uri);
  stream->id = alexa_music_read_id (self, object, "id", path);
  if (stream->id == NULL)
    alexa_lint_add (self->findings, ALEXA_LINT_MUSIC_MEMBER_MISSING, path, "id");
  JsonNode *offset = alexa_member_get (object, "offsetInMilliseconds");
  gboolean exact = TRUE;
  if (offset != NULL)
    stream->offset_ms = MAX (alexa_music_read_ms (offset, &exact), 0);
  if (!exact)
    alexa_lint_add (self->findings, ALEXA_LINT_MUSIC_OFFSET, path, "offsetInMilliseconds");
  read_valid_until (self, object, path, stream);
  return stream;
}

static AlexaMusicPlayback
read_playback (const AlexaMusicReader *self, JsonObject *item, const char *path)
{
  JsonObject *info = alexa_member_get_object (item, "playbackInfo", path, self->findings);
  g_autofree char *info_path = g_strconcat (path, ".playbackInfo", NULL);
  const char *type = NULL;
  if (info != NULL)
    type = alexa_member_get_string (info, "type", info_path, self->findings);
  for (AlexaMusicPlayback i = ALEXA_MUSIC_PLAYBACK_DEFAULT; i <= ALEXA_MUSIC_PLAYBACK_AD; i++)
    if (g_strcmp0 (type, alexa_music_playback_to_string (i)) == 0)
      return i;
  alexa_lint_add (self->findings,
                  type != NULL ? ALEXA_LINT_MUSIC_PLAYBACK_TYPE : ALEXA_LINT_MUSIC_MEMBER_MISSING,
                  info_path, "type");
  return ALEXA_MUSIC_PLAYBACK_DEFAULT;
}

static gint64
read_duration (const AlexaMusicReader *self, JsonObject *item, const char *path)
{
  JsonNode *node = alexa_member_get (item, "durationInMilliseconds");
  if (node == NULL)
    return -1;
  gboolean exact;
  gint64 ms = alexa_music_read_ms (node, &exact);
  if (!exact || ms == 0)
    alexa_lint_add (self->findings, ALEXA_LINT_MUSIC_DURATION, path, "durationInMilliseconds");
  return ms > 0 ? ms : -1;
}

/* Whether it is there. */
static gboolean
read_boolean (const AlexaMusicReader *self,
              JsonObject *object,
              const char *name,
              const char *path,
              gboolean *value)
{
  JsonNode *node = alexa_member_get (object, name);
  if (node == NULL)
    return FALSE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    {
      alexa_lint_add (self->findings, ALEXA_LINT_MEMBER_TYPE, path, name);
      return FALSE;
    }
  *value = json_node_get_boolean (node);
  return TRUE;
}

static void
read_rules (const AlexaMusicReader *self,
            JsonObject *object,
            const char *path,
            AlexaMusicItem *item)
{
  JsonObject *rules = alexa_member_get_object (object, "rules", path, self->findings);
  if (rules == NULL)
    return;
  g_autofree char *rules_path = g_strconcat (path, ".rules", NULL);
  item->has_feedback_rule
      = read_boolean (self, rules, "feedbackEnabled", rules_path, &item->feedback_enabled);
}

/* (transfer full) (nullable) */
static char *
read_rating (const AlexaMusicReader *self, JsonObject *item, const char *path)
{
  JsonObject *feedback = alexa_member_get_object (item, "feedback", path, self->findings);
  if (feedback == NULL)
    return NULL;
  g_autofree char *feedback_path = g_strconcat (path, ".feedback", NULL);
  const char *value = alexa_member_get_string (feedback, "value", feedback_path, self->findings);
  if (g_strcmp0 (value, "POSITIVE") == 0 || g_strcmp0 (value, "NEGATIVE") == 0)
    return g_strdup (value);
  alexa_lint_add (self->findings, ALEXA_LINT_MUSIC_RATING, feedback_path, "value");
  return NULL;
}

/* FALSE with an error. */
static gboolean
read_stream_of (const AlexaMusicReader *self,
                JsonObject *object,
                const char *path,
                gboolean playable,
                AlexaMusicItem *item)
{
  JsonNode *node = alexa_member_get (object, "stream");
  if (node == NULL && !playable)
    return TRUE;
  JsonObject *stream = alexa_music_require_object (self, object, "stream", path);
  if (stream == NULL)
    return FALSE;
  g_autofree char *stream_path = g_strconcat (path, ".stream", NULL);
  item->stream = read_stream (self, stream, stream_path);
  return item->stream != NULL;
}

AlexaMusicItem *
alexa_music_item_read (const AlexaMusicReader *self,
                       JsonObject *object,
                       const char *path,
                       gboolean playable)
{
  g_autoptr (AlexaMusicItem) item = g_new0 (AlexaMusicItem, 1);
  g_atomic_ref_count_init (&item->ref_count);
  item->id = alexa_music_require_id (self, object, "id", path);
  if (item->id == NULL || !read_stream_of (self, object, path, playable, item))
    return NULL;
  item->playback = read_playback (self, object, path);
  item->metadata = alexa_music_metadata_read (self, object, path);
  item->duration_ms = read_duration (self, object, path);
  item->controls = alexa_music_controls_read (self, object, "controls", path);
  read_rules (self, object, path, item);
  item->rating = read_rating (self, object, path);
  return g_steal_pointer (&item);
}

/* --- queues --- */

static gboolean
read_queue_feedback (const AlexaMusicReader *self, JsonObject *queue, const char *path)
{
  gboolean enabled = FALSE;
  JsonObject *rules = alexa_member_get_object (queue, "rules", path, self->findings);
  if (rules == NULL)
    return FALSE;
  g_autofree char *rules_path = g_strconcat (path, ".rules", NULL);
  g_autofree char *feedback_path = g_strconcat (rules_path, ".feedback", NULL);
  JsonObject *feedback = alexa_member_get_object (rules, "feedback", rules_path, self->findings);
  if (feedback != NULL)
    read_boolean (self, feedback, "enabled", feedback_path, &enabled);
  else if (read_boolean (self, rules, "feedbackEnabled", rules_path, &enabled))
    alexa_lint_add (self->findings, ALEXA_LINT_MUSIC_QUEUE_RULES, rules_path, "feedbackEnabled");
  return enabled;
}

static GStrv
read_deactivate (const AlexaMusicReader *self, JsonObject *queue, const char *path)
{
  static const char name[] = "queueIdsToDeactivate";
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  JsonArray *array = alexa_music_read_array (self, queue, name, path);
  guint n = array != NULL ? json_array_get_length (array) : 0;
  for (guint i = 0; i < MIN (n, MAX_DEACTIVATE); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      if (alexa_member_is_string (node))
        g_strv_builder_add (ids, json_node_get_string (node));
      else
        alexa_lint_add_message (self->findings, ALEXA_LINT_MEMBER_TYPE, path, name,
                                "Element %u is no string and is ignored.", i);
    }
  return g_strv_builder_end (ids);
}

AlexaMusicQueue *
alexa_music_queue_read (const AlexaMusicReader *self, JsonObject *object, const char *path)
{
  g_autoptr (AlexaMusicQueue) queue = g_new0 (AlexaMusicQueue, 1);
  g_atomic_ref_count_init (&queue->ref_count);
  queue->id = alexa_music_require_id (self, object, "id", path);
  if (queue->id == NULL)
    return NULL;
  JsonObject *first = alexa_music_require_object (self, object, "firstItem", path);
  if (first == NULL)
    return NULL;
  g_autofree char *first_path = g_strconcat (path, ".firstItem", NULL);
  queue->first = alexa_music_item_read (self, first, first_path, TRUE);
  if (queue->first == NULL)
    return NULL;
  const char *type = alexa_member_get_string (object, "type", path, self->findings);
  if (g_strcmp0 (type, "ALEXA_AUDIO_PLAYER_QUEUE") != 0)
    alexa_lint_add (self->findings, ALEXA_LINT_MUSIC_QUEUE_TYPE, path, "type");
  queue->controls = alexa_music_controls_read (self, object, "controls", path);
  queue->feedback_enabled = read_queue_feedback (self, object, path);
  queue->deactivate = read_deactivate (self, object, path);
  return g_steal_pointer (&queue);
}

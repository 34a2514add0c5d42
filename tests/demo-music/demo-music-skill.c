/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "demo-music-skill.h"

#include "demo-json.h"

struct _DemoMusicSkill
{
  DemoMusicMedia *media; /* not owned */
  DemoMusicCatalogue *catalogue;
  DemoMusicOptions options;
  char *art_url;       /* (owned) */
  GHashTable *queues;  /* (owned) (element-type utf8 DemoMusicQueue) */
  GHashTable *ratings; /* (owned) (element-type utf8 utf8): by item id */
  char *last_queue;    /* (owned) (nullable) */
};

/* Where in a queue. */
typedef struct
{
  DemoMusicQueue *queue; /* (nullable): there is no such place */
  guint place;
} Spot;

typedef JsonObject *(*Answer) (DemoMusicSkill *self, JsonObject *request);

void
demo_music_options_clear (DemoMusicOptions *self)
{
  g_clear_pointer (&self->token, g_free);
  g_clear_pointer (&self->expired_token, g_free);
}

DemoMusicSkill *
demo_music_skill_new (DemoMusicMedia *media, const char *url, const char *const *tracks)
{
  DemoMusicSkill *self = g_new0 (DemoMusicSkill, 1);
  self->media = media;
  self->catalogue = demo_music_catalogue_new (tracks);
  self->options.lifetime_ms = 15 * 60 * 1000;
  self->art_url = g_strconcat (url, "art/", NULL);
  self->queues = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify)demo_music_queue_free);
  self->ratings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
demo_music_skill_free (DemoMusicSkill *self)
{
  if (self == NULL)
    return;
  demo_music_catalogue_free (self->catalogue);
  demo_music_options_clear (&self->options);
  g_free (self->art_url);
  g_hash_table_unref (self->queues);
  g_hash_table_unref (self->ratings);
  g_free (self->last_queue);
  g_free (self);
}

DemoMusicOptions *
demo_music_skill_get_options (DemoMusicSkill *self)
{
  return &self->options;
}

static gboolean
get_bool (JsonObject *request, const char *path)
{
  JsonNode *node = demo_json_get (request, path);
  return node != NULL && JSON_NODE_HOLDS_VALUE (node)
         && json_node_get_value_type (node) == G_TYPE_BOOLEAN && json_node_get_boolean (node);
}

/* A wrapped reference is opened, also one whose value is a string. */
static JsonObject *
unwrap (JsonObject *reference)
{
  const char *text = demo_json_get_string (reference, "value");
  if (text != NULL)
    return demo_json_parse_object (text, -1, NULL);
  JsonObject *value = demo_json_get_object (reference, "value");
  return json_object_ref (value != NULL ? value : reference);
}

JsonObject *
demo_music_skill_get_reference (JsonObject *request)
{
  static const char *const paths[] = {
    "payload.currentItemReference",
    "payload.targetItemReference",
    "payload.mediaReference",
    "payload.playbackState.mediaReference",
    "payload.currentPlaybackState.mediaReference",
    "request.body.item",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      JsonObject *reference = demo_json_get_object (request, paths[i]);
      if (reference != NULL)
        return unwrap (reference);
    }
  JsonNode *content = demo_json_get (request, "payload.activeContext.content");
  if (content != NULL && JSON_NODE_HOLDS_ARRAY (content)
      && json_array_get_length (json_node_get_array (content)) > 0)
    return unwrap (json_array_get_object_element (json_node_get_array (content), 0));
  return NULL;
}

static Spot
find_spot (DemoMusicSkill *self, JsonObject *request)
{
  Spot spot = { 0 };
  g_autoptr (JsonObject) reference = demo_music_skill_get_reference (request);
  const char *queue_id = reference != NULL ? demo_json_get_string (reference, "queueId") : NULL;
  const char *id = reference != NULL ? demo_json_get_string (reference, "id") : NULL;
  DemoMusicQueue *queue = queue_id != NULL ? g_hash_table_lookup (self->queues, queue_id) : NULL;
  if (queue != NULL && id != NULL && demo_music_queue_find (queue, id, &spot.place))
    spot.queue = queue;
  return spot;
}

static JsonObject *
make_stream (DemoMusicSkill *self, const DemoMusicTrack *track)
{
  gint64 now_us = g_get_real_time ();
  gint64 life_us = self->options.lifetime_ms * 1000;
  gboolean live = track->duration_ms < 0;
  g_autofree char *uri
      = demo_music_media_sign (self->media, track->file, live, life_us > 0 ? now_us + life_us : 0);
  g_autofree char *id = g_strconcat ("stream-", track->file, NULL);
  JsonObject *stream = json_object_new ();
  json_object_set_string_member (stream, "id", id);
  json_object_set_string_member (stream, "uri", uri);
  json_object_set_int_member (stream, "offsetInMilliseconds", 0);
  if (life_us > 0)
    {
      g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (now_us / G_USEC_PER_SEC);
      g_autoptr (GDateTime) until = g_date_time_add (now, life_us + now_us % G_USEC_PER_SEC);
      g_autofree char *text = g_date_time_format_iso8601 (until);
      json_object_set_string_member (stream, "validUntil", text);
    }
  return stream;
}

/* What an ad says is the last of the tracks. */
static const DemoMusicTrack *
get_track (const DemoMusicQueue *queue, guint place)
{
  const DemoMusicTrack *track = g_ptr_array_index (queue->order, place);
  for (guint i = queue->plain->len; track == NULL && i > 0; i--)
    track = g_ptr_array_index (queue->plain, i - 1);
  return track;
}

static JsonObject *
make_item (DemoMusicSkill *self, const DemoMusicQueue *queue, guint place, gboolean playable)
{
  g_autofree char *id = demo_music_queue_get_item_id (queue, place);
  g_autoptr (JsonObject) stream = playable ? make_stream (self, get_track (queue, place)) : NULL;
  DemoMusicLook look = { .art_url = self->art_url,
                         .stream = stream,
                         .rating = g_hash_table_lookup (self->ratings, id) };
  return demo_music_answer_item (queue, place, &look);
}

static JsonObject *
answer_with_item (DemoMusicSkill *self, const char *name, const DemoMusicQueue *queue, guint place)
{
  JsonObject *payload = json_object_new ();
  json_object_set_object_member (payload, "item", make_item (self, queue, place, TRUE));
  return demo_music_answer_new ("Alexa.Audio.PlayQueue", name, "1.0", payload);
}

static JsonObject *
refuse_item (const char *namespace)
{
  return demo_music_answer_refuse (namespace, "ITEM_NOT_FOUND", "There is no such item.", NULL);
}

/* What is asked for, in words: the first criterion that says something. */
static const char *
get_words (JsonObject *request)
{
  JsonNode *node = demo_json_get (request, "payload.selectionCriteria.attributes");
  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return "album-1";
  JsonArray *attributes = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (attributes); i++)
    {
      JsonObject *attribute = json_array_get_object_element (attributes, i);
      const char *words = demo_json_get_string (attribute, "entityId");
      if (words != NULL && words[0] != '\0')
        return words;
    }
  return "album-1";
}

static JsonObject *
get_playable_content (DemoMusicSkill *self, JsonObject *request)
{
  g_autofree char *id = demo_music_catalogue_find (self->catalogue, get_words (request));
  if (id == NULL)
    return demo_music_answer_refuse ("Alexa.Media", "CONTENT_NOT_FOUND", "Nothing is like that.",
                                     NULL);
  g_autofree char *title = demo_music_catalogue_get_title (self->catalogue, id);
  const char *type = g_str_has_prefix (id, "album-") ? "ALBUM" : "STATION";
  JsonObject *content = json_object_new ();
  JsonObject *actions = json_object_new ();
  json_object_set_string_member (content, "id", id);
  json_object_set_boolean_member (actions, "playable", TRUE);
  json_object_set_boolean_member (actions, "browsable", FALSE);
  json_object_set_object_member (content, "actions", actions);
  json_object_set_object_member (content, "metadata", demo_music_answer_metadata (type, title));
  JsonObject *payload = json_object_new ();
  json_object_set_object_member (payload, "content", content);
  return demo_music_answer_new ("Alexa.Media.Search", "GetPlayableContent.Response", "1.0",
                                payload);
}

static gboolean
get_mode (JsonObject *request, const char *name)
{
  g_autofree char *path = g_strconcat ("payload.playbackModes.", name, NULL);
  g_autofree char *status_path = g_strconcat (path, ".status", NULL);
  return g_strcmp0 (demo_json_get_string (request, status_path), "ON") == 0
         || get_bool (request, path);
}

static DemoMusicQueue *
start_queue (DemoMusicSkill *self, JsonObject *request, const char *content_id)
{
  guint first = 0;
  GPtrArray *tracks = demo_music_catalogue_get_tracks (self->catalogue, content_id, &first);
  if (tracks == NULL)
    return NULL;
  g_autofree char *id = g_strdup_printf ("queue-%u", g_hash_table_size (self->queues) + 1);
  DemoMusicQueue *queue
      = demo_music_queue_new (id, content_id, tracks, first, self->options.ads_every);
  if (get_mode (request, "shuffle"))
    demo_music_queue_set_shuffle (queue, TRUE);
  queue->loop = get_mode (request, "loop");
  queue->repeat = get_mode (request, "repeat");
  g_hash_table_insert (self->queues, g_strdup (id), queue);
  return queue;
}

static JsonObject *
answer_with_queue (DemoMusicSkill *self, const char *name, DemoMusicQueue *queue, guint place)
{
  JsonObject *method = json_object_new ();
  json_object_set_string_member (method, "type", "ALEXA_AUDIO_PLAYER_QUEUE");
  json_object_set_string_member (method, "id", queue->id);
  json_object_set_array_member (method, "controls", demo_music_answer_queue_controls (queue));
  JsonObject *feedback = json_object_new ();
  json_object_set_string_member (feedback, "type", "PREFERENCE");
  json_object_set_boolean_member (feedback, "enabled", TRUE);
  JsonObject *rules = json_object_new ();
  json_object_set_object_member (rules, "feedback", feedback);
  json_object_set_object_member (method, "rules", rules);
  if (self->options.one_queue && self->last_queue != NULL)
    {
      JsonArray *others = json_array_new ();
      json_array_add_string_element (others, self->last_queue);
      json_object_set_array_member (method, "queueIdsToDeactivate", others);
    }
  json_object_set_object_member (method, "firstItem", make_item (self, queue, place, TRUE));
  g_free (self->last_queue);
  self->last_queue = g_strdup (queue->id);

  JsonObject *payload = json_object_new ();
  json_object_set_object_member (payload, "playbackMethod", method);
  return demo_music_answer_new ("Alexa.Media.Playback", name, "1.0", payload);
}

static JsonObject *
initiate (DemoMusicSkill *self, JsonObject *request)
{
  const char *content_id = demo_json_get_string (request, "payload.contentId");
  DemoMusicQueue *queue = content_id != NULL ? start_queue (self, request, content_id) : NULL;
  if (queue == NULL)
    return demo_music_answer_refuse ("Alexa.Media", "CONTENT_NOT_FOUND", "No such content.", NULL);
  guint place = queue->first;
  const DemoMusicTrack *first = g_ptr_array_index (queue->plain, place);
  demo_music_queue_find (queue, first->id, &place);
  return answer_with_queue (self, "Initiate.Response", queue, place);
}

/* The same queue goes on elsewhere: at the item that the caller names. */
static JsonObject *
reinitiate (DemoMusicSkill *self, JsonObject *request)
{
  Spot spot = find_spot (self, request);
  if (spot.queue == NULL)
    return demo_music_answer_refuse ("Alexa.Media", "CONTENT_NOT_FOUND", "No such queue.", NULL);
  return answer_with_queue (self, "Reinitiate.Response", spot.queue, spot.place);
}

static JsonObject *
get_next_item (DemoMusicSkill *self, JsonObject *request)
{
  static const char name[] = "GetNextItem.Response";
  Spot spot = find_spot (self, request);
  gboolean user = get_bool (request, "payload.isUserInitiated");
  if (spot.queue == NULL)
    return refuse_item ("Alexa.Audio");
  if (user && self->options.skip_limit > 0 && spot.queue->n_skips >= self->options.skip_limit)
    return demo_music_answer_refuse ("Alexa.Audio", "SKIP_LIMIT_REACHED", "No more for now.",
                                     "HOURLY");
  guint to = 0;
  gboolean more = demo_music_queue_go (spot.queue, spot.place, 1, user, &to);
  if (more && user)
    spot.queue->n_skips++;
  JsonObject *payload = json_object_new ();
  json_object_set_boolean_member (payload, "isQueueFinished", !more);
  if (more)
    json_object_set_object_member (payload, "item", make_item (self, spot.queue, to, TRUE));
  return demo_music_answer_new ("Alexa.Audio.PlayQueue", name, "1.0", payload);
}

static JsonObject *
get_previous_item (DemoMusicSkill *self, JsonObject *request)
{
  Spot spot = find_spot (self, request);
  guint to = 0;
  if (spot.queue == NULL || !demo_music_queue_go (spot.queue, spot.place, -1, TRUE, &to))
    return refuse_item ("Alexa.Media");
  return answer_with_item (self, "GetPreviousItem.Response", spot.queue, to);
}

static JsonObject *
jump_to_item (DemoMusicSkill *self, JsonObject *request)
{
  Spot spot = find_spot (self, request);
  const char *target = demo_json_get_string (request, "payload.targetItemId");
  guint to = 0;
  if (spot.queue == NULL || target == NULL || !demo_music_queue_find (spot.queue, target, &to))
    return demo_music_answer_refuse ("Alexa.Media", "INVALID_ITEM", "Not in this queue.", NULL);
  return answer_with_item (self, "JumpToItem.Response", spot.queue, to);
}

static JsonObject *
get_item (DemoMusicSkill *self, JsonObject *request)
{
  Spot spot = find_spot (self, request);
  if (spot.queue == NULL)
    return refuse_item ("Alexa.Audio");
  return answer_with_item (self, "GetItem.Response", spot.queue, spot.place);
}

static JsonObject *
get_view (DemoMusicSkill *self, JsonObject *request)
{
  Spot spot = find_spot (self, request);
  if (spot.queue == NULL)
    return refuse_item ("Alexa.Audio");
  JsonArray *items = json_array_new ();
  for (guint place = spot.place; place < spot.queue->order->len; place++)
    json_array_add_object_element (items, make_item (self, spot.queue, place, FALSE));
  JsonObject *payload = json_object_new ();
  json_object_set_array_member (payload, "queueControls",
                                demo_music_answer_queue_controls (spot.queue));
  json_object_set_array_member (payload, "items", items);
  return demo_music_answer_new ("Alexa.Audio.PlayQueue", "GetView.Response", "1.0", payload);
}

static JsonObject *
set_mode (DemoMusicSkill *self, JsonObject *request)
{
  Spot spot = find_spot (self, request);
  const char *name = demo_json_get_string (request, "header.name");
  gboolean on = get_bool (request, "payload.enable")
                || g_strcmp0 (demo_json_get_string (request, "payload.mode.status"), "ON") == 0;
  if (spot.queue == NULL)
    return refuse_item ("Alexa.Media");
  if (g_str_equal (name, "SetShuffle"))
    demo_music_queue_set_shuffle (spot.queue, on);
  else if (g_str_equal (name, "SetLoop"))
    spot.queue->loop = on;
  else
    spot.queue->repeat = on;
  return demo_music_answer_new ("Alexa", "Response", "3.0", json_object_new ());
}

static JsonObject *
receive_feedback (DemoMusicSkill *self, JsonObject *request)
{
  Spot spot = find_spot (self, request);
  const char *value = demo_json_get_string (request, "payload.feedback.value");
  if (spot.queue == NULL || value == NULL)
    return refuse_item ("Alexa.Media");
  g_hash_table_replace (self->ratings, demo_music_queue_get_item_id (spot.queue, spot.place),
                        g_strdup (value));
  JsonObject *payload = json_object_new ();
  json_object_set_boolean_member (payload, "skip", g_str_equal (value, "NEGATIVE"));
  return demo_music_answer_new ("Alexa.UserPreference.Audio", "ReceiveFeedback.Response", "2.0",
                                payload);
}

/* (nullable): why a request is refused whatever it asks for. */
static JsonObject *
check_token (const DemoMusicSkill *self, JsonObject *request)
{
  const char *token = demo_json_get_string (request, "payload.requestContext.user.accessToken");
  if (self->options.token == NULL || g_strcmp0 (token, self->options.token) == 0)
    return NULL;
  if (token != NULL && g_strcmp0 (token, self->options.expired_token) == 0)
    return demo_music_answer_refuse ("Alexa", "EXPIRED_AUTHORIZATION_CREDENTIAL",
                                     "The token has expired.", NULL);
  return demo_music_answer_refuse ("Alexa", "INVALID_AUTHORIZATION_CREDENTIAL",
                                   "The token is not known.", NULL);
}

JsonObject *
demo_music_skill_answer (DemoMusicSkill *self, JsonObject *request)
{
  static const struct
  {
    const char *namespace;
    const char *name;
    Answer answer;
  } messages[] = {
    { "Alexa.Media.Search", "GetPlayableContent", get_playable_content },
    { "Alexa.Media.Playback", "Initiate", initiate },
    { "Alexa.Media.Playback", "Reinitiate", reinitiate },
    { "Alexa.Audio.PlayQueue", "GetNextItem", get_next_item },
    { "Alexa.Audio.PlayQueue", "GetPreviousItem", get_previous_item },
    { "Alexa.Audio.PlayQueue", "JumpToItem", jump_to_item },
    { "Alexa.Media.PlayQueue", "GetItem", get_item },
    { "Alexa.Media.PlayQueue", "GetView", get_view },
    { "Alexa.Media.PlayQueue", "SetShuffle", set_mode },
    { "Alexa.Media.PlayQueue", "SetLoop", set_mode },
    { "Alexa.Media.PlayQueue", "SetRepeat", set_mode },
    { "Alexa.UserPreference", "ReceiveFeedback", receive_feedback },
  };
  const char *namespace = demo_json_get_string (request, "header.namespace");
  const char *name = demo_json_get_string (request, "header.name");
  if (demo_json_get_string (request, "request.type") != NULL)
    return json_object_new ();
  JsonObject *refusal = check_token (self, request);
  if (refusal != NULL)
    return refusal;
  for (gsize i = 0; i < G_N_ELEMENTS (messages); i++)
    if (g_strcmp0 (name, messages[i].name) == 0
        && g_strcmp0 (namespace, messages[i].namespace) == 0)
      return messages[i].answer (self, request);
  return demo_music_answer_refuse ("Alexa", "INVALID_DIRECTIVE", "No such message.", NULL);
}

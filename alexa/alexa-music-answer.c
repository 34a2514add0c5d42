/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-json.h"
#include "alexa-member.h"
#include "alexa-music-private.h"

#include <string.h>

#define PAYLOAD "payload"

static AlexaMusicAnswer *
answer_new (AlexaMusicMessage message)
{
  AlexaMusicAnswer *self = g_new0 (AlexaMusicAnswer, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->message = message;
  self->items = g_ptr_array_new_with_free_func ((GDestroyNotify)alexa_music_item_unref);
  return self;
}

AlexaMusicAnswer *
alexa_music_answer_ref (AlexaMusicAnswer *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
alexa_music_answer_unref (AlexaMusicAnswer *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->error_name);
  g_free (self->error_message);
  g_free (self->retry_period);
  g_free (self->content_id);
  g_clear_pointer (&self->content, alexa_music_metadata_unref);
  g_clear_pointer (&self->queue, alexa_music_queue_unref);
  g_clear_pointer (&self->item, alexa_music_item_unref);
  g_ptr_array_unref (self->items);
  g_free (self);
}

/* --- good answers; FALSE with an error --- */

static gboolean
read_content (const AlexaMusicReader *reader, JsonObject *payload, AlexaMusicAnswer *self)
{
  JsonObject *content = alexa_music_require_object (reader, payload, "content", PAYLOAD);
  if (content == NULL)
    return FALSE;
  self->content_id = alexa_music_require_id (reader, content, "id", PAYLOAD ".content");
  if (self->content_id == NULL)
    return FALSE;
  self->content = alexa_music_metadata_read (reader, content, PAYLOAD ".content");
  return TRUE;
}

static gboolean
read_queue (const AlexaMusicReader *reader, JsonObject *payload, AlexaMusicAnswer *self)
{
  JsonObject *method = alexa_music_require_object (reader, payload, "playbackMethod", PAYLOAD);
  if (method == NULL)
    return FALSE;
  self->queue = alexa_music_queue_read (reader, method, PAYLOAD ".playbackMethod");
  return self->queue != NULL;
}

static gboolean
read_item (const AlexaMusicReader *reader, JsonObject *payload, AlexaMusicAnswer *self)
{
  JsonObject *item = alexa_music_require_object (reader, payload, "item", PAYLOAD);
  if (item == NULL)
    return FALSE;
  self->item = alexa_music_item_read (reader, item, PAYLOAD ".item", TRUE);
  return self->item != NULL;
}

/* An item that is there wins over what is said of the queue. */
static gboolean
read_next (const AlexaMusicReader *reader, JsonObject *payload, AlexaMusicAnswer *self)
{
  static const char name[] = "isQueueFinished";
  JsonNode *node = alexa_member_get (payload, name);
  gboolean is_boolean = node != NULL && JSON_NODE_HOLDS_VALUE (node)
                        && json_node_get_value_type (node) == G_TYPE_BOOLEAN;
  gboolean said = is_boolean && json_node_get_boolean (node);
  self->finished = alexa_member_get (payload, "item") == NULL;
  if (!is_boolean || said != self->finished)
    alexa_lint_add (reader->findings, ALEXA_LINT_MUSIC_QUEUE_FINISHED, PAYLOAD, name);
  return self->finished || read_item (reader, payload, self);
}

/* (nullable): a stream that cannot be opened is left out, for what is shown only. */
static AlexaMusicItem *
read_view_item (const AlexaMusicReader *reader, JsonNode *node, const char *path)
{
  g_autoptr (GError) error = NULL;
  AlexaMusicReader quiet = *reader;
  quiet.error = &error;
  AlexaMusicItem *item = NULL;
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *object = json_node_get_object (node);
      item = alexa_music_item_read (&quiet, object, path, FALSE);
      if (item == NULL && alexa_member_get (object, "stream") != NULL)
        {
          alexa_lint_add (reader->findings, ALEXA_LINT_MUSIC_VIEW_ITEM, path, "stream");
          json_object_remove_member (object, "stream");
          g_clear_error (&error);
          item = alexa_music_item_read (&quiet, object, path, FALSE);
        }
    }
  if (item == NULL)
    alexa_lint_add (reader->findings, ALEXA_LINT_MUSIC_VIEW_ITEM, path, NULL);
  return item;
}

static gboolean
read_view (const AlexaMusicReader *reader, JsonObject *payload, AlexaMusicAnswer *self)
{
  JsonArray *items = alexa_music_read_array (reader, payload, "items", PAYLOAD);
  if (items == NULL)
    return alexa_music_reader_fail (reader, ALEXA_MUSIC_ANSWER_ERROR_MISSING, PAYLOAD, "items",
                                    "is missing or no array");
  guint n = json_array_get_length (items);
  if (n > ALEXA_MUSIC_VIEW_MAX_ITEMS)
    alexa_lint_add (reader->findings, ALEXA_LINT_MUSIC_VIEW_ITEMS, PAYLOAD, "items");
  for (guint i = 0; i < MIN (n, ALEXA_MUSIC_VIEW_MAX_ITEMS); i++)
    {
      g_autofree char *path = g_strdup_printf (PAYLOAD ".items[%u]", i);
      AlexaMusicItem *item = read_view_item (reader, json_array_get_element (items, i), path);
      if (item != NULL)
        g_ptr_array_add (self->items, item);
    }
  self->controls = alexa_music_controls_read (reader, payload, "queueControls", PAYLOAD);
  return TRUE;
}

static void
read_skip (JsonObject *payload, AlexaMusicAnswer *self)
{
  JsonNode *node = alexa_member_get (payload, "skip");
  self->skip = node != NULL && JSON_NODE_HOLDS_VALUE (node)
               && json_node_get_value_type (node) == G_TYPE_BOOLEAN && json_node_get_boolean (node);
}

static gboolean
read_payload (const AlexaMusicReader *reader, JsonObject *payload, AlexaMusicAnswer *self)
{
  switch (self->message)
    {
    case ALEXA_MUSIC_GET_PLAYABLE_CONTENT:
      return read_content (reader, payload, self);
    case ALEXA_MUSIC_INITIATE:
    case ALEXA_MUSIC_REINITIATE:
      return read_queue (reader, payload, self);
    case ALEXA_MUSIC_GET_NEXT_ITEM:
      return read_next (reader, payload, self);
    case ALEXA_MUSIC_GET_PREVIOUS_ITEM:
    case ALEXA_MUSIC_JUMP_TO_ITEM:
    case ALEXA_MUSIC_GET_ITEM:
      return read_item (reader, payload, self);
    case ALEXA_MUSIC_GET_VIEW:
      return read_view (reader, payload, self);
    case ALEXA_MUSIC_RECEIVE_FEEDBACK:
      read_skip (payload, self);
      return TRUE;
    case ALEXA_MUSIC_SET_SHUFFLE:
    case ALEXA_MUSIC_SET_LOOP:
    case ALEXA_MUSIC_SET_REPEAT:
    case ALEXA_N_MUSIC_MESSAGES:
    default:
      return TRUE;
    }
}

/* --- the header --- */

/* How a good answer to each message is named. */
static void
get_expected (AlexaMusicMessage asked,
              const char *name,
              const char **namespace,
              const char **version)
{
  *version = "1.0";
  switch (asked)
    {
    case ALEXA_MUSIC_GET_PLAYABLE_CONTENT:
      *namespace = "Alexa.Media.Search";
      return;
    case ALEXA_MUSIC_INITIATE:
    case ALEXA_MUSIC_REINITIATE:
      *namespace = "Alexa.Media.Playback";
      return;
    case ALEXA_MUSIC_SET_SHUFFLE:
    case ALEXA_MUSIC_SET_LOOP:
    case ALEXA_MUSIC_SET_REPEAT:
    case ALEXA_MUSIC_RECEIVE_FEEDBACK:
      {
        gboolean plain = g_str_equal (name, "Response");
        *namespace = plain ? "Alexa" : "Alexa.UserPreference.Audio";
        *version = plain ? "3.0" : "2.0";
        return;
      }
    case ALEXA_MUSIC_GET_NEXT_ITEM:
    case ALEXA_MUSIC_GET_PREVIOUS_ITEM:
    case ALEXA_MUSIC_JUMP_TO_ITEM:
    case ALEXA_MUSIC_GET_ITEM:
    case ALEXA_MUSIC_GET_VIEW:
    case ALEXA_N_MUSIC_MESSAGES:
    default:
      *namespace = "Alexa.Audio.PlayQueue";
      return;
    }
}

static gboolean
gives_item (AlexaMusicMessage message)
{
  return message == ALEXA_MUSIC_GET_NEXT_ITEM || message == ALEXA_MUSIC_GET_PREVIOUS_ITEM
         || message == ALEXA_MUSIC_JUMP_TO_ITEM || message == ALEXA_MUSIC_GET_ITEM;
}

static gboolean
is_answer_to (const char *name, AlexaMusicMessage message)
{
  g_autofree char *expected
      = g_strconcat (alexa_music_message_to_string (message), ".Response", NULL);
  return g_str_equal (name, expected);
}

static gboolean
takes_plain (AlexaMusicMessage message)
{
  return message == ALEXA_MUSIC_SET_SHUFFLE || message == ALEXA_MUSIC_SET_LOOP
         || message == ALEXA_MUSIC_SET_REPEAT;
}

/* Whether @name is that of an answer to @asked; that of a similar one is found fault with. */
static gboolean
check_name (const AlexaMusicReader *reader, AlexaMusicMessage asked, const char *name)
{
  gboolean plain = g_str_equal (name, "Response");
  if (plain && (takes_plain (asked) || asked == ALEXA_MUSIC_RECEIVE_FEEDBACK))
    return TRUE;
  gboolean own = is_answer_to (name, asked);
  if (own && !takes_plain (asked))
    return TRUE;
  gboolean similar = own;
  for (guint i = 0; gives_item (asked) && !similar && i < ALEXA_N_MUSIC_MESSAGES; i++)
    similar = gives_item ((AlexaMusicMessage)i) && is_answer_to (name, (AlexaMusicMessage)i);
  if (similar)
    alexa_lint_add (reader->findings, ALEXA_LINT_MUSIC_NAME, "header", "name");
  return similar;
}

static gboolean
check_header (const AlexaMusicReader *reader,
              AlexaMusicMessage asked,
              JsonObject *header,
              const char *name)
{
  if (!check_name (reader, asked, name))
    {
      g_set_error (reader->error, ALEXA_MUSIC_ANSWER_ERROR, ALEXA_MUSIC_ANSWER_ERROR_NAME,
                   "header.name \"%.64s\" is not that of an answer to %s", name,
                   alexa_music_message_to_string (asked));
      return FALSE;
    }
  if (takes_plain (asked) && !g_str_equal (name, "Response"))
    return TRUE;
  const char *namespace;
  const char *version;
  get_expected (asked, name, &namespace, &version);
  if (g_strcmp0 (alexa_member_get_string (header, "namespace", "header", reader->findings),
                 namespace)
      != 0)
    alexa_lint_add (reader->findings, ALEXA_LINT_MUSIC_NAMESPACE, "header", "namespace");
  if (g_strcmp0 (alexa_member_get_string (header, "payloadVersion", "header", reader->findings),
                 version)
      != 0)
    alexa_lint_add (reader->findings, ALEXA_LINT_MUSIC_VERSION, "header", "payloadVersion");
  return TRUE;
}

/* --- the whole --- */

/* (nullable): with an error. */
static JsonNode *
read_root (const AlexaMusicReader *reader, GBytes *body)
{
  AlexaJsonLoss loss = { 0 };
  g_autoptr (GError) local = NULL;
  if (g_bytes_get_size (body) == 0)
    {
      g_set_error_literal (reader->error, ALEXA_MUSIC_ANSWER_ERROR, ALEXA_MUSIC_ANSWER_ERROR_EMPTY,
                           "The body is empty");
      return NULL;
    }
  g_autoptr (JsonNode) root
      = alexa_json_parse_keeping (body, ALEXA_MUSIC_ANSWER_MAX_BYTES, NULL, NULL, &loss, &local);
  if (root == NULL)
    {
      gboolean large = g_error_matches (local, ALEXA_JSON_ERROR, ALEXA_JSON_ERROR_TOO_LARGE);
      g_set_error (reader->error, ALEXA_MUSIC_ANSWER_ERROR,
                   large ? ALEXA_MUSIC_ANSWER_ERROR_TOO_LARGE : ALEXA_MUSIC_ANSWER_ERROR_NOT_JSON,
                   "%s%s", large ? "" : "Not JSON: ", local->message);
      return NULL;
    }
  if (loss.n_characters > 0)
    alexa_lint_add (reader->findings, ALEXA_LINT_BODY_CHARACTER, "", NULL);
  if (loss.n_numbers > 0)
    alexa_lint_add (reader->findings, ALEXA_LINT_BODY_NUMBER, "", NULL);
  if (JSON_NODE_HOLDS_OBJECT (root))
    return g_steal_pointer (&root);
  gboolean null = JSON_NODE_HOLDS_NULL (root);
  g_set_error_literal (reader->error, ALEXA_MUSIC_ANSWER_ERROR,
                       null ? ALEXA_MUSIC_ANSWER_ERROR_EMPTY : ALEXA_MUSIC_ANSWER_ERROR_TYPE,
                       null ? "The body is null" : "The body is no object");
  return NULL;
}

/* Whether an answer can be made of @root; @payload may be missing where nothing is to be in it. */
static gboolean
read_answer (const AlexaMusicReader *reader, JsonObject *root, AlexaMusicAnswer *self)
{
  JsonObject *header = alexa_music_require_object (reader, root, "header", "");
  if (header == NULL)
    return FALSE;
  const char *name = alexa_member_get_string (header, "name", "header", reader->findings);
  if (name == NULL)
    return alexa_music_reader_fail (reader, ALEXA_MUSIC_ANSWER_ERROR_MISSING, "header", "name",
                                    "is missing");
  JsonNode *node = alexa_member_get (root, PAYLOAD);
  JsonObject *payload = NULL;
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    payload = json_node_get_object (node);
  if (g_str_equal (name, "ErrorResponse"))
    {
      alexa_music_error_read (reader, header, payload, self);
      return TRUE;
    }
  if (!check_header (reader, self->message, header, name))
    return FALSE;
  if (payload != NULL)
    return read_payload (reader, payload, self);
  if (takes_plain (self->message) || self->message == ALEXA_MUSIC_RECEIVE_FEEDBACK)
    {
      alexa_lint_add (reader->findings, ALEXA_LINT_MUSIC_MEMBER_MISSING, "", PAYLOAD);
      return TRUE;
    }
  return alexa_music_require_object (reader, root, PAYLOAD, "") != NULL;
}

AlexaMusicAnswer *
alexa_music_answer_parse (
    AlexaMusicMessage asked, GBytes *body, gboolean secure, GPtrArray *findings, GError **error)
{
  g_return_val_if_fail (asked < ALEXA_N_MUSIC_MESSAGES, NULL);
  g_return_val_if_fail (body != NULL && findings != NULL, NULL);

  AlexaMusicReader reader = { .secure = secure, .findings = findings, .error = error };
  g_autoptr (JsonNode) root = read_root (&reader, body);
  if (root == NULL)
    return NULL;
  g_autoptr (AlexaMusicAnswer) self = answer_new (asked);
  if (!read_answer (&reader, json_node_get_object (root), self))
    return NULL;
  return g_steal_pointer (&self);
}

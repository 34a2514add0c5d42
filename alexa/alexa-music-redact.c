/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-json.h"
#include "alexa-member.h"
#include "alexa-music-private.h"

#include <string.h>

static JsonNode *redact (const char *name, JsonNode *node);

static gboolean
is_secret (const char *name)
{
  static const char *const secrets[]
      = { "accessToken", "apiAccessToken", "refreshToken", "authorization" };
  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    if (name != NULL && g_ascii_strcasecmp (name, secrets[i]) == 0)
      return TRUE;
  return FALSE;
}

/* (transfer full): of a URL neither user and password nor what comes after the path; else @text. */
static char *
redact_text (const char *text)
{
  gboolean is_url = g_ascii_strncasecmp (text, "http://", strlen ("http://")) == 0
                    || g_ascii_strncasecmp (text, "https://", strlen ("https://")) == 0;
  if (!is_url)
    return g_strdup (text);
  const char *authority = strstr (text, "://") + strlen ("://");
  gsize length = strcspn (authority, "/?#");
  g_autofree char *host = g_strndup (authority, length);
  const char *at = strrchr (host, '@');
  const char *rest = authority + length;
  gsize path = strcspn (rest, "?#");
  return g_strdup_printf ("%.*s%s%.*s%s", (int)(authority - text), text, at != NULL ? at + 1 : host,
                          (int)path, rest, rest[path] != '\0' ? "?…" : "");
}

static JsonNode *
redact_object (JsonObject *object)
{
  JsonObject *result = json_object_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    json_object_set_member (result, name, redact (name, value));
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, result);
  return node;
}

static JsonNode *
redact_array (JsonArray *array)
{
  JsonArray *result = json_array_new ();
  for (guint i = 0; i < json_array_get_length (array); i++)
    json_array_add_element (result, redact (NULL, json_array_get_element (array, i)));
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  json_node_take_array (node, result);
  return node;
}

/* The copy of @node, the value of @name (nullable), that may be shown. As deep as a document may
 * be. (transfer full) */
static JsonNode *
redact (const char *name, JsonNode *node)
{
  if (is_secret (name) && !JSON_NODE_HOLDS_NULL (node))
    return json_node_init_string (json_node_alloc (), "<redacted>");
  if (JSON_NODE_HOLDS_OBJECT (node))
    return redact_object (json_node_get_object (node));
  if (JSON_NODE_HOLDS_ARRAY (node))
    return redact_array (json_node_get_array (node));
  if (!alexa_member_is_string (node))
    return json_node_copy (node);
  g_autofree char *text = redact_text (json_node_get_string (node));
  return json_node_init_string (json_node_alloc (), text);
}

GBytes *
alexa_music_request_redact (GBytes *body)
{
  g_return_val_if_fail (body != NULL, NULL);

  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = alexa_json_parse (body, ALEXA_MUSIC_ANSWER_MAX_BYTES, &error);
  if (root == NULL)
    return g_bytes_new_static ("", 0);
  g_autoptr (JsonNode) redacted = redact (NULL, root);
  return alexa_json_to_bytes (redacted);
}

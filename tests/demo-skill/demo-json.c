/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "demo-json.h"

#include <gio/gio.h>

JsonNode *
demo_json_get (JsonObject *root, const char *path)
{
  g_auto (GStrv) steps = g_strsplit (path, ".", -1);
  JsonObject *object = root;
  JsonNode *node = NULL;
  for (gsize i = 0; steps[i] != NULL; i++)
    {
      node = object != NULL ? json_object_get_member (object, steps[i]) : NULL;
      if (node == NULL)
        return NULL;
      object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
    }
  return node;
}

JsonObject *
demo_json_get_object (JsonObject *root, const char *path)
{
  JsonNode *node = demo_json_get (root, path);
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

const char *
demo_json_get_string (JsonObject *root, const char *path)
{
  JsonNode *node = demo_json_get (root, path);
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (node);
}

gint64
demo_json_get_int (JsonObject *root, const char *path, gint64 fallback)
{
  JsonNode *node = demo_json_get (root, path);
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return fallback;
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return json_node_get_int (node);
  gint64 value;
  if (json_node_get_value_type (node) == G_TYPE_STRING
      && g_ascii_string_to_signed (json_node_get_string (node), 10, G_MININT64, G_MAXINT64, &value,
                                   NULL))
    return value;
  return fallback;
}

JsonObject *
demo_json_parse_object (const char *text, gssize length, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  if (!json_parser_load_from_data (parser, text, length, error))
    return NULL;
  JsonNode *root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "not a JSON object");
      return NULL;
    }
  return json_object_ref (json_node_get_object (root));
}

char *
demo_json_print (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (node, object);
  return json_to_string (node, FALSE);
}

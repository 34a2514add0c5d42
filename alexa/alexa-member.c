/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-member.h"

#include "alexa-json.h"

JsonNode *
alexa_member_get (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  return node == NULL || JSON_NODE_HOLDS_NULL (node) ? NULL : node;
}

const char *
alexa_member_type_name (JsonNode *node)
{
  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_OBJECT:
      return "object";
    case JSON_NODE_ARRAY:
      return "array";
    case JSON_NODE_NULL:
      return "null";
    case JSON_NODE_VALUE:
    default:
      break;
    }
  GType type = json_node_get_value_type (node);
  if (type == G_TYPE_STRING)
    return "string";
  if (type == G_TYPE_BOOLEAN)
    return "boolean";
  return type == G_TYPE_DOUBLE ? "number" : "integer";
}

gboolean
alexa_member_is_string (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
}

const char *
alexa_member_get_string (JsonObject *object,
                         const char *name,
                         const char *path,
                         GPtrArray *findings)
{
  JsonNode *node = alexa_member_get (object, name);
  if (node == NULL)
    return NULL;
  if (alexa_member_is_string (node))
    return json_node_get_string (node);
  alexa_lint_add_message (findings, ALEXA_LINT_MEMBER_TYPE, path, name,
                          "The member is of type %s in place of string and is ignored.",
                          alexa_member_type_name (node));
  return NULL;
}

JsonObject *
alexa_member_get_object (JsonObject *object,
                         const char *name,
                         const char *path,
                         GPtrArray *findings)
{
  JsonNode *node = alexa_member_get (object, name);
  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      alexa_lint_add_message (findings, ALEXA_LINT_MEMBER_TYPE, path, name,
                              "The member is of type %s in place of object and is ignored.",
                              alexa_member_type_name (node));
      return NULL;
    }
  JsonObject *member = json_node_get_object (node);
  if (json_object_get_size (member) > 0)
    return member;
  alexa_lint_add (findings, ALEXA_LINT_EMPTY_OBJECT, path, name);
  return NULL;
}

char *
alexa_member_to_text (JsonNode *node)
{
  if (!JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  if (alexa_member_is_string (node))
    return json_node_dup_string (node);
  g_autoptr (GBytes) bytes = alexa_json_to_bytes (node);
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

gboolean
alexa_member_within (
    const char *text, glong limit, const char *path, const char *member, GPtrArray *findings)
{
  glong units = 0;
  glong characters = 0;
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      characters++;
      units += g_utf8_get_char (p) > 0xffff ? 2 : 1;
    }
  if (characters > limit)
    return FALSE;
  if (units > limit)
    alexa_lint_add_message (findings, ALEXA_LINT_TEXT_UTF16, path, member,
                            "The text has %ld characters, but %ld UTF-16 units; the limit is %ld.",
                            characters, units, limit);
  return TRUE;
}

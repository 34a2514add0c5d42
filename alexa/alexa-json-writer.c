/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-json.h"

#include <string.h>

/* json-glib's generator is not used: it writes 1e300 as "1e+300.0", which is no JSON. */

typedef struct
{
  GString *text;
  JsonNode *hole; /* (nullable) */
  GBytes *raw;    /* (nullable): in its place */
} Writer;

static void write_node (Writer *self, JsonNode *node);

static void
write_escaped (GString *out, const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    {
      switch (*p)
        {
        case '"':
          g_string_append (out, "\\\"");
          break;
        case '\\':
          g_string_append (out, "\\\\");
          break;
        case '\n':
          g_string_append (out, "\\n");
          break;
        case '\r':
          g_string_append (out, "\\r");
          break;
        case '\t':
          g_string_append (out, "\\t");
          break;
        default:
          if ((guchar)*p < 0x20 || *p == 0x7f)
            g_string_append_printf (out, "\\u%04x", (guint)*p);
          else
            g_string_append_c (out, *p);
        }
    }
}

static void
write_string (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  if (text != NULL && g_utf8_validate (text, -1, NULL))
    write_escaped (out, text);
  else if (text != NULL)
    {
      g_autofree char *valid = g_utf8_make_valid (text, -1);
      write_escaped (out, valid);
    }
  g_string_append_c (out, '"');
}

/* A short text that reads back as the same double and is still a double to a reader. */
static void
write_double (GString *out, double value)
{
  static const char *const formats[] = { "%.15g", "%.16g", "%.17g" };
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_ascii_formatd (text, sizeof text, formats[i], value);
      if (g_ascii_strtod (text, NULL) == value)
        break;
    }
  g_string_append (out, text);
  if (strpbrk (text, ".e") == NULL)
    g_string_append (out, ".0");
}

static void
write_value (GString *out, JsonNode *node)
{
  GType type = json_node_get_value_type (node);
  if (type == G_TYPE_STRING)
    write_string (out, json_node_get_string (node));
  else if (type == G_TYPE_BOOLEAN)
    g_string_append (out, json_node_get_boolean (node) ? "true" : "false");
  else if (type == G_TYPE_DOUBLE)
    write_double (out, json_node_get_double (node));
  else
    g_string_append_printf (out, "%" G_GINT64_FORMAT, json_node_get_int (node));
}

static void
write_object (Writer *self, JsonObject *object)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;
  const char *separator = "";
  g_string_append_c (self->text, '{');
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      g_string_append (self->text, separator);
      write_string (self->text, name);
      g_string_append_c (self->text, ':');
      write_node (self, value);
      separator = ",";
    }
  g_string_append_c (self->text, '}');
}

static void
write_array (Writer *self, JsonArray *array)
{
  g_string_append_c (self->text, '[');
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      if (i > 0)
        g_string_append_c (self->text, ',');
      write_node (self, json_array_get_element (array, i));
    }
  g_string_append_c (self->text, ']');
}

static void
write_node (Writer *self, JsonNode *node)
{
  if (node == self->hole)
    {
      gsize size;
      const char *raw = g_bytes_get_data (self->raw, &size);
      g_string_append_len (self->text, raw, (gssize)size);
      return;
    }
  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_OBJECT:
      write_object (self, json_node_get_object (node));
      break;
    case JSON_NODE_ARRAY:
      write_array (self, json_node_get_array (node));
      break;
    case JSON_NODE_VALUE:
      write_value (self->text, node);
      break;
    case JSON_NODE_NULL:
    default:
      g_string_append (self->text, "null");
      break;
    }
}

GBytes *
alexa_json_to_bytes_with (JsonNode *node, JsonNode *hole, GBytes *raw)
{
  g_return_val_if_fail (node != NULL, NULL);
  g_return_val_if_fail ((hole == NULL) == (raw == NULL), NULL);

  g_autoptr (GString) text = g_string_new (NULL);
  Writer self = { .text = text, .hole = hole, .raw = raw };
  write_node (&self, node);
  return g_string_free_to_bytes (g_steal_pointer (&text));
}

GBytes *
alexa_json_to_bytes (JsonNode *node)
{
  return alexa_json_to_bytes_with (node, NULL, NULL);
}

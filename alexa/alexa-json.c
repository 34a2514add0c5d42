/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-json-reader.h"

#include <math.h>
#include <string.h>

#define MAX_NUMBER_CHARACTERS 64

/* clang-format off */
G_DEFINE_QUARK (alexa-json-error-quark, alexa_json_error)
/* clang-format on */

/* Builds json-glib's tree, but does not use json-glib's parser: that one takes comments, single
 * quotes, a second root and duplicate members, wraps integers beyond 64 bit, cuts strings at
 * \u0000 and overflows the stack on deep nesting. */
typedef AlexaJsonReader Reader;

static JsonNode *read_value (Reader *self);

/* The nearest double, of the largest magnitude if it is beyond them all. */
static double
to_double (Reader *self, const guint8 *at, gboolean is_integer)
{
  g_autofree char *text = g_strndup ((const char *)at, (gsize)(self->p - at));
  double value = g_ascii_strtod (text, NULL);
  if (is_integer || !isfinite (value))
    if (self->loss->n_numbers++ == 0)
      self->loss->number_at = (gsize)(at - self->start);
  return CLAMP (value, -G_MAXDOUBLE, G_MAXDOUBLE);
}

static gboolean
to_integer (const guint8 *at, gsize length, gint64 *value)
{
  char text[MAX_NUMBER_CHARACTERS];
  if (length >= sizeof text)
    return FALSE;
  memcpy (text, at, length);
  text[length] = '\0';
  return g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, value, NULL);
}

static JsonNode *
read_number (Reader *self)
{
  const guint8 *at = self->p;
  gboolean is_integer;
  gint64 value;
  if (!alexa_json_reader_skip_number (self, &is_integer))
    return NULL;
  if (is_integer && to_integer (at, (gsize)(self->p - at), &value))
    return json_node_init_int (json_node_alloc (), value);
  return json_node_init_double (json_node_alloc (), to_double (self, at, is_integer));
}

static gboolean
read_array_into (Reader *self, JsonArray *array)
{
  if (alexa_json_reader_take (self, "]"))
    return TRUE;
  while (TRUE)
    {
      JsonNode *element = read_value (self);
      if (element == NULL)
        return FALSE;
      json_array_add_element (array, element);
      alexa_json_reader_skip_space (self);
      if (alexa_json_reader_take (self, "]"))
        return TRUE;
      if (!alexa_json_reader_take (self, ","))
        return alexa_json_reader_fail_unexpected (self, "',' or ']'");
    }
}

/* A null in the tree stands for what is kept as it came. */
static JsonNode *
read_raw (Reader *self)
{
  AlexaJsonLoss unused = { 0 };
  AlexaJsonLoss *loss = self->loss;
  alexa_json_reader_skip_space (self);
  self->raw_start = self->p;
  self->loss = &unused;
  gboolean is_read = alexa_json_reader_skip_value (self);
  self->loss = loss;
  self->raw_end = self->p;
  return is_read ? json_node_init_null (json_node_alloc ()) : NULL;
}

static gboolean
read_member (Reader *self, JsonObject *object)
{
  alexa_json_reader_skip_space (self);
  const guint8 *at = self->p;
  if (self->p >= self->end || *self->p != '"')
    return alexa_json_reader_fail_unexpected (self, "a member name in double quotes");
  if (!alexa_json_reader_read_string (self))
    return FALSE;
  g_autofree char *name = g_strndup (self->text->str, self->text->len);
  if (json_object_has_member (object, name))
    return alexa_json_reader_fail (self, at, ALEXA_JSON_ERROR_DUPLICATE,
                                   "member name \"%.64s\" given twice", name);
  alexa_json_reader_skip_space (self);
  if (!alexa_json_reader_take (self, ":"))
    return alexa_json_reader_fail_unexpected (self, "':'");
  gboolean is_raw = self->depth == 1 && g_strcmp0 (name, self->raw_member) == 0;
  JsonNode *value = is_raw ? read_raw (self) : read_value (self);
  if (value == NULL)
    return FALSE;
  json_object_set_member (object, name, value);
  return TRUE;
}

static gboolean
read_object_into (Reader *self, JsonObject *object)
{
  if (alexa_json_reader_take (self, "}"))
    return TRUE;
  while (TRUE)
    {
      if (!read_member (self, object))
        return FALSE;
      alexa_json_reader_skip_space (self);
      if (alexa_json_reader_take (self, "}"))
        return TRUE;
      if (!alexa_json_reader_take (self, ","))
        return alexa_json_reader_fail_unexpected (self, "',' or '}'");
    }
}

static JsonNode *
read_container (Reader *self)
{
  gboolean is_object = *self->p == '{';
  if (!alexa_json_reader_descend (self))
    return NULL;
  g_autoptr (JsonNode) node = json_node_alloc ();
  gboolean is_read;
  if (is_object)
    {
      g_autoptr (JsonObject) object = json_object_new ();
      json_node_init_object (node, object);
      is_read = read_object_into (self, object);
    }
  else
    {
      g_autoptr (JsonArray) array = json_array_new ();
      json_node_init_array (node, array);
      is_read = read_array_into (self, array);
    }
  self->depth--;
  return is_read ? g_steal_pointer (&node) : NULL;
}

static JsonNode *
read_value (Reader *self)
{
  alexa_json_reader_skip_space (self);
  guint8 c = self->p < self->end ? *self->p : 0;
  if (c == '{' || c == '[')
    return read_container (self);
  if (c == '"')
    return alexa_json_reader_read_string (self)
               ? json_node_init_string (json_node_alloc (), self->text->str)
               : NULL;
  if (c == '-' || g_ascii_isdigit (c))
    return read_number (self);
  if (alexa_json_reader_take (self, "true"))
    return json_node_init_boolean (json_node_alloc (), TRUE);
  if (alexa_json_reader_take (self, "false"))
    return json_node_init_boolean (json_node_alloc (), FALSE);
  if (alexa_json_reader_take (self, "null"))
    return json_node_init_null (json_node_alloc ());
  alexa_json_reader_fail_unexpected (self, "a JSON value");
  return NULL;
}

static JsonNode *
read_document (Reader *self, gsize max_bytes)
{
  gsize size = (gsize)(self->end - self->start);
  if (size > max_bytes)
    {
      alexa_json_reader_fail (self, self->start + max_bytes, ALEXA_JSON_ERROR_TOO_LARGE,
                              "document of %" G_GSIZE_FORMAT " bytes goes on", size);
      return NULL;
    }
  if (!alexa_json_reader_start (self))
    return NULL;
  g_autoptr (JsonNode) root = read_value (self);
  if (root == NULL)
    return NULL;
  alexa_json_reader_skip_space (self);
  if (self->p >= self->end)
    return g_steal_pointer (&root);
  alexa_json_reader_fail_unexpected (self, "the end of the document");
  return NULL;
}

static void
place_losses (const Reader *self, AlexaJsonLoss *loss)
{
  alexa_json_reader_place (self, self->start + loss->character_at, &loss->character_line,
                           &loss->character_column);
  alexa_json_reader_place (self, self->start + loss->number_at, &loss->number_line,
                           &loss->number_column);
}

JsonNode *
alexa_json_parse_keeping (GBytes *bytes,
                          gsize max_bytes,
                          const char *member,
                          GBytes **raw,
                          AlexaJsonLoss *loss,
                          GError **error)
{
  g_return_val_if_fail (bytes != NULL && loss != NULL, NULL);
  g_return_val_if_fail ((member == NULL) == (raw == NULL), NULL);

  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  if (data == NULL)
    data = (const guint8 *)"";
  g_autoptr (GString) text = g_string_new (NULL);
  *loss = (AlexaJsonLoss){ 0 };
  Reader self = { .start = data,
                  .p = data,
                  .end = data + size,
                  .raw_member = member,
                  .text = text,
                  .loss = loss,
                  .error = error };
  JsonNode *root = read_document (&self, max_bytes);
  if (root == NULL)
    return NULL;
  if (loss->n_characters > 0 || loss->n_numbers > 0)
    place_losses (&self, loss);
  if (raw != NULL && self.raw_start != NULL)
    *raw = g_bytes_new_from_bytes (bytes, (gsize)(self.raw_start - data),
                                   (gsize)(self.raw_end - self.raw_start));
  else if (raw != NULL)
    *raw = NULL;
  return root;
}

JsonNode *
alexa_json_parse (GBytes *bytes, gsize max_bytes, GError **error)
{
  AlexaJsonLoss unused;
  return alexa_json_parse_keeping (bytes, max_bytes, NULL, NULL, &unused, error);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-json.h"

#include <math.h>
#include <string.h>

/* clang-format off */
G_DEFINE_QUARK (alexa-json-error-quark, alexa_json_error)
/* clang-format on */

/* Builds json-glib's tree, but does not use json-glib's parser: that one takes comments, single
 * quotes, a second root and duplicate members, wraps integers beyond 64 bit, cuts strings at
 * \u0000 and overflows the stack on deep nesting. */
typedef struct
{
  const guint8 *start;
  const guint8 *p;
  const guint8 *end;
  guint depth;
  GError **error;
} Reader;

static JsonNode *read_value (Reader *self);

static const guint8 utf8_bom[] = { 0xef, 0xbb, 0xbf };

static gboolean fail (Reader *self, const guint8 *at, AlexaJsonError code, const char *format, ...)
    G_GNUC_PRINTF (4, 5);

/* Always returns FALSE. Columns count characters, from 1. */
static gboolean
fail (Reader *self, const guint8 *at, AlexaJsonError code, const char *format, ...)
{
  guint line = 1;
  guint column = 1;
  const guint8 *p = self->start;
  if (self->end - p >= 3 && memcmp (p, utf8_bom, 3) == 0)
    p += 3;
  for (; p < at; p++)
    {
      if (*p == '\n')
        {
          line++;
          column = 1;
        }
      else if ((*p & 0xc0) != 0x80)
        column++;
    }
  va_list args;
  va_start (args, format);
  g_autofree char *what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (self->error, ALEXA_JSON_ERROR, code,
               "%s at byte %" G_GSIZE_FORMAT ", line %u, column %u", what,
               (gsize)(at - self->start), line, column);
  return FALSE;
}

static void
skip_space (Reader *self)
{
  while (self->p < self->end
         && (*self->p == ' ' || *self->p == '\t' || *self->p == '\n' || *self->p == '\r'))
    self->p++;
}

static gboolean
fail_unexpected (Reader *self, const char *expected)
{
  if (self->p >= self->end)
    return fail (self, self->p, ALEXA_JSON_ERROR_SYNTAX, "document ends, expected %s", expected);
  char seen[7] = { 0 };
  gunichar c = g_utf8_get_char ((const char *)self->p);
  if (g_unichar_isprint (c))
    g_unichar_to_utf8 (c, seen);
  else
    g_snprintf (seen, sizeof seen, "0x%02x", *self->p);
  return fail (self, self->p, ALEXA_JSON_ERROR_SYNTAX, "'%s', expected %s", seen, expected);
}

static gboolean
read_hex4 (Reader *self, guint *value)
{
  *value = 0;
  for (guint i = 0; i < 4; i++)
    {
      if (self->p >= self->end || !g_ascii_isxdigit (*self->p))
        return fail_unexpected (self, "a hexadecimal digit");
      *value = *value * 16 + (guint)g_ascii_xdigit_value ((char)*self->p++);
    }
  return TRUE;
}

/* After "\u". */
static gboolean
read_unicode_escape (Reader *self, GString *out)
{
  const guint8 *at = self->p - 2;
  guint c;
  if (!read_hex4 (self, &c))
    return FALSE;
  if (c == 0)
    return fail (self, at, ALEXA_JSON_ERROR_ENCODING, "NUL character in a string");
  if (c >= 0xd800 && c <= 0xdbff && self->end - self->p >= 2 && self->p[0] == '\\'
      && self->p[1] == 'u')
    {
      guint low;
      self->p += 2;
      if (!read_hex4 (self, &low))
        return FALSE;
      if (low >= 0xdc00 && low <= 0xdfff)
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    }
  if (c >= 0xd800 && c <= 0xdfff)
    return fail (self, at, ALEXA_JSON_ERROR_ENCODING, "lone surrogate in a string");
  g_string_append_unichar (out, c);
  return TRUE;
}

static gboolean
read_escape (Reader *self, GString *out)
{
  static const char names[] = "\"\\/bfnrt";
  static const char values[] = "\"\\/\b\f\n\r\t";
  self->p++;
  if (self->p < self->end && *self->p == 'u')
    {
      self->p++;
      return read_unicode_escape (self, out);
    }
  const char *name = self->p < self->end ? strchr (names, *self->p) : NULL;
  if (name == NULL)
    return fail_unexpected (self, "an escape (one of \"\\/bfnrtu)");
  g_string_append_c (out, values[name - names]);
  self->p++;
  return TRUE;
}

/* At the opening quote; returns the unescaped text. */
static char *
read_string (Reader *self)
{
  g_autoptr (GString) out = g_string_new (NULL);
  self->p++;
  while (self->p < self->end && *self->p != '"')
    {
      const guint8 *run = self->p;
      while (self->p < self->end && *self->p != '"' && *self->p != '\\' && *self->p >= 0x20)
        self->p++;
      g_string_append_len (out, (const char *)run, self->p - run);
      if (self->p >= self->end || *self->p == '"')
        break;
      if (*self->p != '\\')
        {
          fail (self, self->p, ALEXA_JSON_ERROR_SYNTAX, "control character in a string");
          return NULL;
        }
      if (!read_escape (self, out))
        return NULL;
    }
  if (self->p >= self->end)
    {
      fail_unexpected (self, "the end of a string");
      return NULL;
    }
  self->p++;
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static gboolean
skip_digits (Reader *self)
{
  if (self->p >= self->end || !g_ascii_isdigit (*self->p))
    return fail_unexpected (self, "a digit");
  while (self->p < self->end && g_ascii_isdigit (*self->p))
    self->p++;
  return TRUE;
}

/* Moves over a number of RFC 8259. */
static gboolean
skip_number (Reader *self, gboolean *is_integer)
{
  *is_integer = TRUE;
  if (*self->p == '-')
    self->p++;
  if (self->p < self->end && *self->p == '0')
    self->p++;
  else if (!skip_digits (self))
    return FALSE;
  if (self->p < self->end && *self->p == '.')
    {
      *is_integer = FALSE;
      self->p++;
      if (!skip_digits (self))
        return FALSE;
    }
  if (self->p < self->end && (*self->p == 'e' || *self->p == 'E'))
    {
      *is_integer = FALSE;
      self->p++;
      if (self->p < self->end && (*self->p == '+' || *self->p == '-'))
        self->p++;
      if (!skip_digits (self))
        return FALSE;
    }
  return TRUE;
}

static JsonNode *
read_number (Reader *self)
{
  const guint8 *at = self->p;
  gboolean is_integer;
  if (!skip_number (self, &is_integer))
    return NULL;
  g_autofree char *text = g_strndup ((const char *)at, (gsize)(self->p - at));
  if (is_integer)
    {
      gint64 value;
      if (g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &value, NULL))
        return json_node_init_int (json_node_alloc (), value);
      fail (self, at, ALEXA_JSON_ERROR_NUMBER, "integer beyond 64 bit");
      return NULL;
    }
  double value = g_ascii_strtod (text, NULL);
  if (isfinite (value))
    return json_node_init_double (json_node_alloc (), value);
  fail (self, at, ALEXA_JSON_ERROR_NUMBER, "number too large");
  return NULL;
}

static gboolean
read_literal (Reader *self, const char *literal)
{
  gsize length = strlen (literal);
  if ((gsize)(self->end - self->p) < length || memcmp (self->p, literal, length) != 0)
    return FALSE;
  self->p += length;
  return TRUE;
}

static gboolean
read_array_into (Reader *self, JsonArray *array)
{
  self->p++;
  skip_space (self);
  if (read_literal (self, "]"))
    return TRUE;
  while (TRUE)
    {
      JsonNode *element = read_value (self);
      if (element == NULL)
        return FALSE;
      json_array_add_element (array, element);
      skip_space (self);
      if (read_literal (self, "]"))
        return TRUE;
      if (!read_literal (self, ","))
        return fail_unexpected (self, "',' or ']'");
    }
}

static gboolean
read_member (Reader *self, JsonObject *object)
{
  skip_space (self);
  const guint8 *at = self->p;
  if (self->p >= self->end || *self->p != '"')
    return fail_unexpected (self, "a member name in double quotes");
  g_autofree char *name = read_string (self);
  if (name == NULL)
    return FALSE;
  if (json_object_has_member (object, name))
    return fail (self, at, ALEXA_JSON_ERROR_DUPLICATE, "member name \"%.64s\" given twice", name);
  skip_space (self);
  if (!read_literal (self, ":"))
    return fail_unexpected (self, "':'");
  JsonNode *value = read_value (self);
  if (value == NULL)
    return FALSE;
  json_object_set_member (object, name, value);
  return TRUE;
}

static gboolean
read_object_into (Reader *self, JsonObject *object)
{
  self->p++;
  skip_space (self);
  if (read_literal (self, "}"))
    return TRUE;
  while (TRUE)
    {
      if (!read_member (self, object))
        return FALSE;
      skip_space (self);
      if (read_literal (self, "}"))
        return TRUE;
      if (!read_literal (self, ","))
        return fail_unexpected (self, "',' or '}'");
    }
}

static JsonNode *
read_container (Reader *self)
{
  if (self->depth >= ALEXA_JSON_MAX_DEPTH)
    {
      fail (self, self->p, ALEXA_JSON_ERROR_DEPTH, "nested deeper than %d levels",
            ALEXA_JSON_MAX_DEPTH);
      return NULL;
    }
  g_autoptr (JsonNode) node = json_node_alloc ();
  gboolean read;
  self->depth++;
  if (*self->p == '{')
    {
      g_autoptr (JsonObject) object = json_object_new ();
      json_node_init_object (node, object);
      read = read_object_into (self, object);
    }
  else
    {
      g_autoptr (JsonArray) array = json_array_new ();
      json_node_init_array (node, array);
      read = read_array_into (self, array);
    }
  self->depth--;
  return read ? g_steal_pointer (&node) : NULL;
}

static JsonNode *
read_value (Reader *self)
{
  skip_space (self);
  guint8 c = self->p < self->end ? *self->p : 0;
  if (c == '{' || c == '[')
    return read_container (self);
  if (c == '"')
    {
      g_autofree char *text = read_string (self);
      return text != NULL ? json_node_init_string (json_node_alloc (), text) : NULL;
    }
  if (c == '-' || g_ascii_isdigit (c))
    return read_number (self);
  if (read_literal (self, "true"))
    return json_node_init_boolean (json_node_alloc (), TRUE);
  if (read_literal (self, "false"))
    return json_node_init_boolean (json_node_alloc (), FALSE);
  if (read_literal (self, "null"))
    return json_node_init_null (json_node_alloc ());
  fail_unexpected (self, "a JSON value");
  return NULL;
}

static gboolean
check_encoding (Reader *self)
{
  const char *invalid;
  if (g_utf8_validate ((const char *)self->p, self->end - self->p, &invalid))
    return TRUE;
  const guint8 *at = (const guint8 *)invalid;
  return fail (self, at, ALEXA_JSON_ERROR_ENCODING, *at == 0 ? "NUL byte" : "not UTF-8");
}

JsonNode *
alexa_json_parse (GBytes *bytes, gsize max_bytes, GError **error)
{
  g_return_val_if_fail (bytes != NULL, NULL);

  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  if (data == NULL)
    data = (const guint8 *)"";
  Reader self = { .start = data, .p = data, .end = data + size, .error = error };
  if (size > max_bytes)
    {
      fail (&self, data + max_bytes, ALEXA_JSON_ERROR_TOO_LARGE,
            "document of %" G_GSIZE_FORMAT " bytes goes on", size);
      return NULL;
    }
  if (!check_encoding (&self))
    return NULL;
  if (size >= 3 && memcmp (data, utf8_bom, 3) == 0)
    self.p += 3;
  g_autoptr (JsonNode) root = read_value (&self);
  if (root == NULL)
    return NULL;
  skip_space (&self);
  if (self.p < self.end)
    {
      fail_unexpected (&self, "the end of the document");
      return NULL;
    }
  return g_steal_pointer (&root);
}

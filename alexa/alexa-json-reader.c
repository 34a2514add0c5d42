/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-json-reader.h"

#include <string.h>

static const guint8 utf8_bom[] = { 0xef, 0xbb, 0xbf };

static gboolean
begins_with_bom (const guint8 *p, const guint8 *end)
{
  return end - p >= 3 && memcmp (p, utf8_bom, 3) == 0;
}

void
alexa_json_reader_place (const AlexaJsonReader *self, const guint8 *at, guint *line, guint *column)
{
  const guint8 *p = self->start;
  *line = 1;
  *column = 1;
  if (begins_with_bom (p, self->end))
    p += 3;
  for (; p < at; p++)
    {
      if (*p == '\n')
        {
          (*line)++;
          *column = 1;
        }
      else if ((*p & 0xc0) != 0x80)
        (*column)++;
    }
}

gboolean
alexa_json_reader_fail (
    AlexaJsonReader *self, const guint8 *at, AlexaJsonError code, const char *format, ...)
{
  guint line;
  guint column;
  alexa_json_reader_place (self, at, &line, &column);
  va_list args;
  va_start (args, format);
  g_autofree char *what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (self->error, ALEXA_JSON_ERROR, code,
               "%s at byte %" G_GSIZE_FORMAT ", line %u, column %u", what,
               (gsize)(at - self->start), line, column);
  return FALSE;
}

gboolean
alexa_json_reader_fail_unexpected (AlexaJsonReader *self, const char *expected)
{
  if (self->p >= self->end)
    return alexa_json_reader_fail (self, self->p, ALEXA_JSON_ERROR_SYNTAX,
                                   "document ends, expected %s", expected);
  char seen[7] = { 0 };
  gunichar c = g_utf8_get_char ((const char *)self->p);
  if (g_unichar_isprint (c))
    g_unichar_to_utf8 (c, seen);
  else
    g_snprintf (seen, sizeof seen, "0x%02x", *self->p);
  return alexa_json_reader_fail (self, self->p, ALEXA_JSON_ERROR_SYNTAX, "'%s', expected %s", seen,
                                 expected);
}

gboolean
alexa_json_reader_start (AlexaJsonReader *self)
{
  const char *invalid;
  if (!g_utf8_validate ((const char *)self->p, self->end - self->p, &invalid))
    {
      const guint8 *at = (const guint8 *)invalid;
      return alexa_json_reader_fail (self, at, ALEXA_JSON_ERROR_ENCODING,
                                     *at == 0 ? "NUL byte" : "not UTF-8");
    }
  if (begins_with_bom (self->p, self->end))
    self->p += 3;
  return TRUE;
}

void
alexa_json_reader_skip_space (AlexaJsonReader *self)
{
  while (self->p < self->end
         && (*self->p == ' ' || *self->p == '\t' || *self->p == '\n' || *self->p == '\r'))
    self->p++;
}

gboolean
alexa_json_reader_take (AlexaJsonReader *self, const char *literal)
{
  gsize length = strlen (literal);
  if ((gsize)(self->end - self->p) < length || memcmp (self->p, literal, length) != 0)
    return FALSE;
  self->p += length;
  return TRUE;
}

static gboolean
read_hex4 (AlexaJsonReader *self, guint *value)
{
  *value = 0;
  for (guint i = 0; i < 4; i++)
    {
      if (self->p >= self->end || !g_ascii_isxdigit (*self->p))
        return alexa_json_reader_fail_unexpected (self, "a hexadecimal digit");
      *value = *value * 16 + (guint)g_ascii_xdigit_value ((char)*self->p++);
    }
  return TRUE;
}

/* After the escape of a first half: takes the second, if it is what follows. */
static gboolean
read_second_half (AlexaJsonReader *self, guint *c)
{
  const guint8 *at = self->p;
  guint low;
  if (self->end - self->p < 2 || self->p[0] != '\\' || self->p[1] != 'u')
    return TRUE;
  self->p += 2;
  if (!read_hex4 (self, &low))
    return FALSE;
  if (low >= 0xdc00 && low <= 0xdfff)
    *c = 0x10000 + ((*c - 0xd800) << 10) + (low - 0xdc00);
  else
    self->p = at;
  return TRUE;
}

/* After "\u". A NUL and half a character are good JSON, but no text of ours can hold them. */
static gboolean
read_unicode_escape (AlexaJsonReader *self)
{
  const guint8 *at = self->p - 2;
  guint c;
  if (!read_hex4 (self, &c))
    return FALSE;
  if (c >= 0xd800 && c <= 0xdbff && !read_second_half (self, &c))
    return FALSE;
  if (c == 0 || (c >= 0xd800 && c <= 0xdfff))
    {
      if (self->loss->n_characters++ == 0)
        self->loss->character_at = (gsize)(at - self->start);
      c = 0xfffd;
    }
  g_string_append_unichar (self->text, c);
  return TRUE;
}

static gboolean
read_escape (AlexaJsonReader *self)
{
  static const char names[] = "\"\\/bfnrt";
  static const char values[] = "\"\\/\b\f\n\r\t";
  self->p++;
  if (self->p < self->end && *self->p == 'u')
    {
      self->p++;
      return read_unicode_escape (self);
    }
  const char *name = self->p < self->end ? strchr (names, *self->p) : NULL;
  if (name == NULL)
    return alexa_json_reader_fail_unexpected (self, "an escape (one of \"\\/bfnrtu)");
  g_string_append_c (self->text, values[name - names]);
  self->p++;
  return TRUE;
}

gboolean
alexa_json_reader_read_string (AlexaJsonReader *self)
{
  g_string_truncate (self->text, 0);
  self->p++;
  while (TRUE)
    {
      const guint8 *run = self->p;
      while (self->p < self->end && *self->p != '"' && *self->p != '\\' && *self->p >= 0x20)
        self->p++;
      g_string_append_len (self->text, (const char *)run, self->p - run);
      if (self->p >= self->end)
        return alexa_json_reader_fail_unexpected (self, "the end of a string");
      if (*self->p == '"')
        break;
      if (*self->p != '\\')
        return alexa_json_reader_fail (self, self->p, ALEXA_JSON_ERROR_SYNTAX,
                                       "control character in a string");
      if (!read_escape (self))
        return FALSE;
    }
  self->p++;
  return TRUE;
}

static gboolean
skip_digits (AlexaJsonReader *self)
{
  if (self->p >= self->end || !g_ascii_isdigit (*self->p))
    return alexa_json_reader_fail_unexpected (self, "a digit");
  while (self->p < self->end && g_ascii_isdigit (*self->p))
    self->p++;
  return TRUE;
}

gboolean
alexa_json_reader_skip_number (AlexaJsonReader *self, gboolean *is_integer)
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

gboolean
alexa_json_reader_descend (AlexaJsonReader *self)
{
  if (self->depth >= ALEXA_JSON_MAX_DEPTH)
    return alexa_json_reader_fail (self, self->p, ALEXA_JSON_ERROR_DEPTH,
                                   "nested deeper than %d levels", ALEXA_JSON_MAX_DEPTH);
  self->depth++;
  self->p++;
  alexa_json_reader_skip_space (self);
  return TRUE;
}

static gboolean
skip_member_name (AlexaJsonReader *self)
{
  alexa_json_reader_skip_space (self);
  if (self->p >= self->end || *self->p != '"')
    return alexa_json_reader_fail_unexpected (self, "a member name in double quotes");
  if (!alexa_json_reader_read_string (self))
    return FALSE;
  alexa_json_reader_skip_space (self);
  return alexa_json_reader_take (self, ":") || alexa_json_reader_fail_unexpected (self, "':'");
}

static gboolean
skip_container (AlexaJsonReader *self)
{
  gboolean is_object = *self->p == '{';
  const char *close = is_object ? "}" : "]";
  if (!alexa_json_reader_descend (self))
    return FALSE;
  gboolean is_closed = alexa_json_reader_take (self, close);
  while (!is_closed)
    {
      if (is_object && !skip_member_name (self))
        return FALSE;
      if (!alexa_json_reader_skip_value (self))
        return FALSE;
      alexa_json_reader_skip_space (self);
      is_closed = alexa_json_reader_take (self, close);
      if (!is_closed && !alexa_json_reader_take (self, ","))
        return alexa_json_reader_fail_unexpected (self, is_object ? "',' or '}'" : "',' or ']'");
    }
  self->depth--;
  return TRUE;
}

gboolean
alexa_json_reader_skip_value (AlexaJsonReader *self)
{
  alexa_json_reader_skip_space (self);
  guint8 c = self->p < self->end ? *self->p : 0;
  gboolean is_integer;
  if (c == '{' || c == '[')
    return skip_container (self);
  if (c == '"')
    return alexa_json_reader_read_string (self);
  if (c == '-' || g_ascii_isdigit (c))
    return alexa_json_reader_skip_number (self, &is_integer);
  if (alexa_json_reader_take (self, "true") || alexa_json_reader_take (self, "false")
      || alexa_json_reader_take (self, "null"))
    return TRUE;
  return alexa_json_reader_fail_unexpected (self, "a JSON value");
}

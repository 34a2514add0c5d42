/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-ssml-private.h"

#include <string.h>

#define MAX_ENTITY_BYTES 12

typedef struct
{
  const char *start;
  const char *p;
  GPtrArray *tags;
  GError **error;
} Scanner;

gboolean
alexa_ssml_fail (
    GError **error, AlexaSsmlError code, const char *ssml, const char *at, const char *format, ...)
{
  guint line = 1;
  guint column = 1;
  for (const char *p = ssml; p < at && *p != '\0'; p = g_utf8_next_char (p))
    {
      column++;
      if (*p != '\n')
        continue;
      line++;
      column = 1;
    }
  va_list args;
  va_start (args, format);
  g_autofree char *what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, ALEXA_SSML_ERROR, code, "Line %u, column %u: %s", line, column, what);
  return FALSE;
}

gboolean
alexa_ssml_is_char (gunichar c)
{
  if (c < 0x20)
    return c == '\t' || c == '\n' || c == '\r';
  return c <= 0xd7ff || (c >= 0xe000 && c <= 0xfffd) || (c >= 0x10000 && c <= 0x10ffff);
}

static gunichar
read_reference (const char *p, const char *end)
{
  guint base = *p == 'x' ? 16 : 10;
  guint64 value;
  g_autofree char *digits = g_strndup (base == 16 ? p + 1 : p, (gsize)(end - p));
  char *semicolon = strchr (digits, ';');
  if (semicolon != NULL)
    *semicolon = '\0';
  if (!g_ascii_string_to_unsigned (digits, base, 1, 0x10ffff, &value, NULL))
    return 0;
  return alexa_ssml_is_char ((gunichar)value) ? (gunichar)value : 0;
}

gunichar
alexa_ssml_read_entity (const char *p, const char **end)
{
  static const struct
  {
    const char *name;
    char character;
  } entities[] = {
    { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }, { "&apos;", '\'' },
  };
  for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
    if (g_str_has_prefix (p, entities[i].name))
      {
        *end = p + strlen (entities[i].name);
        return (gunichar)entities[i].character;
      }
  if (p[1] != '#')
    return 0;
  const char *semicolon = memchr (p, ';', strnlen (p, MAX_ENTITY_BYTES));
  if (semicolon == NULL)
    return 0;
  *end = semicolon + 1;
  return read_reference (p + 2, semicolon);
}

static gboolean
fail (Scanner *self, const char *at, const char *what)
{
  return alexa_ssml_fail (self->error, ALEXA_SSML_ERROR_SYNTAX, self->start, at, "%s", what);
}

/* Up to and with @end; FALSE if it never comes. */
static gboolean
skip_past (Scanner *self, const char *end, const char *what)
{
  const char *found = strstr (self->p, end);
  if (found == NULL)
    return fail (self, self->p, what);
  self->p = found + strlen (end);
  return TRUE;
}

/* One character of text or of an attribute's value. */
static gboolean
scan_char (Scanner *self)
{
  if (g_ascii_isprint (*self->p) && *self->p != '&')
    {
      self->p++;
      return TRUE;
    }
  gunichar c = g_utf8_get_char (self->p);
  if (c == '&')
    {
      const char *end;
      if (alexa_ssml_read_entity (self->p, &end) == 0)
        return fail (self, self->p,
                     "an & that begins no character of XML; it has to be written as &amp;");
      self->p = end;
      return TRUE;
    }
  if (!alexa_ssml_is_char (c))
    return fail (self, self->p, "a control character that XML cannot hold");
  self->p = g_utf8_next_char (self->p);
  return TRUE;
}

static gboolean
scan_value (Scanner *self)
{
  char quote = *self->p;
  const char *at = self->p++;
  while (*self->p != quote)
    {
      if (*self->p == '\0')
        return fail (self, at, "the value of an attribute does not end");
      if (*self->p == '<')
        return fail (self, self->p, "< in an attribute; it has to be written as &lt;");
      if (!scan_char (self))
        return FALSE;
    }
  self->p++;
  return TRUE;
}

static gboolean
scan_tag (Scanner *self)
{
  const char *at = self->p;
  if (self->p[1] != '/')
    g_ptr_array_add (self->tags, (gpointer)self->p);
  self->p++;
  while (*self->p != '>')
    {
      if (*self->p == '\0')
        return fail (self, at, "a tag does not end");
      if (*self->p == '<')
        return fail (self, self->p, "< inside a tag");
      if (*self->p == '"' || *self->p == '\'')
        {
          if (!scan_value (self))
            return FALSE;
          if (strchr (" \t\r\n/>", *self->p) == NULL)
            return fail (self, self->p, "no space between two attributes");
        }
      else
        self->p++;
    }
  self->p++;
  return TRUE;
}

/* The XML declaration may stand at the very beginning only. */
static gboolean
scan_instruction (Scanner *self)
{
  const char *at = self->p;
  if (at != self->start || !g_str_has_prefix (at, "<?xml") || !g_ascii_isspace (at[5]))
    return fail (self, at, "a processing instruction is not allowed");
  return skip_past (self, "?>", "the XML declaration does not end");
}

static gboolean
scan_markup (Scanner *self)
{
  if (g_str_has_prefix (self->p, "<!--"))
    {
      const char *at = self->p;
      self->p += strlen ("<!--");
      /* For GMarkup this is a whole comment, for XML the beginning of one. */
      if (*self->p == '>' || g_str_has_prefix (self->p, "->"))
        return fail (self, at, "a comment that begins with >");
      if (!skip_past (self, "-->", "a comment does not end"))
        return FALSE;
      const char *dashes = strstr (at + strlen ("<!--"), "--");
      return dashes == self->p - 3 || fail (self, dashes, "-- inside a comment");
    }
  if (g_str_has_prefix (self->p, "<![CDATA["))
    {
      const char *at = self->p;
      if (!skip_past (self, "]]>", "a CDATA section does not end"))
        return FALSE;
      for (const char *p = at; p < self->p; p = g_utf8_next_char (p))
        if (!alexa_ssml_is_char (g_utf8_get_char (p)))
          return fail (self, p, "a control character that XML cannot hold");
      return TRUE;
    }
  if (self->p[1] == '!')
    return fail (self, self->p, "a document type declaration is not allowed");
  if (self->p[1] == '?')
    return scan_instruction (self);
  if (self->p[1] != '/' && (g_ascii_isspace (self->p[1]) || self->p[1] == '\0'))
    return fail (self, self->p, "a lone <; it has to be written as &lt;");
  return scan_tag (self);
}

gboolean
alexa_ssml_scan (const char *ssml, GPtrArray *tags, GError **error)
{
  Scanner self = { .start = ssml, .p = ssml, .tags = tags, .error = error };
  while (*self.p != '\0')
    {
      if (*self.p == ']' && g_str_has_prefix (self.p, "]]>"))
        return fail (&self, self.p, "]]> in text");
      if (!(*self.p == '<' ? scan_markup (&self) : scan_char (&self)))
        return FALSE;
    }
  return TRUE;
}

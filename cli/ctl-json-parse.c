/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-json.h"

#define MAX_DEPTH 32

static GVariant *parse_value (const char **at, guint depth);

static void
skip_space (const char **at)
{
  while (**at == ' ' || **at == '\t' || **at == '\n' || **at == '\r')
    (*at)++;
}

static gboolean
take (const char **at, char c)
{
  skip_space (at);
  if (**at != c)
    return FALSE;
  (*at)++;
  return TRUE;
}

/* The four hex digits of \uXXXX; -1 if they are not. */
static gint32
parse_hex4 (const char **at)
{
  gint32 value = 0;
  for (int i = 0; i < 4; i++, (*at)++)
    {
      if (!g_ascii_isxdigit (**at))
        return -1;
      value = value * 16 + g_ascii_xdigit_value (**at);
    }
  return value;
}

static gboolean
parse_unicode (const char **at, GString *out)
{
  gint32 c = parse_hex4 (at);
  if (c >= 0xd800 && c < 0xdc00 && (*at)[0] == '\\' && (*at)[1] == 'u')
    {
      *at += 2;
      gint32 low = parse_hex4 (at);
      if (low < 0xdc00 || low > 0xdfff)
        return FALSE;
      c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    }
  if (c <= 0 || !g_unichar_validate (c))
    c = c < 0 ? -1 : 0xfffd;
  if (c < 0)
    return FALSE;
  g_string_append_unichar (out, c);
  return TRUE;
}

static gboolean
parse_escape (const char **at, GString *out)
{
  static const char names[] = "\"\\/bfnrt";
  static const char values[] = "\"\\/\b\f\n\r\t";
  char c = *(*at)++;
  if (c == 'u')
    return parse_unicode (at, out);
  const char *name = c != '\0' ? strchr (names, c) : NULL;
  if (name == NULL)
    return FALSE;
  g_string_append_c (out, values[name - names]);
  return TRUE;
}

static char *
parse_string (const char **at)
{
  if (!take (at, '"'))
    return NULL;
  g_autoptr (GString) out = g_string_new (NULL);
  while (**at != '"')
    {
      if ((guchar) * *at < 0x20)
        return NULL;
      if (**at != '\\')
        g_string_append_c (out, *(*at)++);
      else
        {
          (*at)++;
          if (!parse_escape (at, out))
            return NULL;
        }
    }
  (*at)++;
  return g_strdup (out->str);
}

static GVariant *
parse_number (const char **at)
{
  const char *start = *at;
  const char *end = start + strspn (start, "+-0123456789.eE");
  g_autofree char *text = g_strndup (start, end - start);
  if (text[0] != '-' && !g_ascii_isdigit (text[0]))
    return NULL;
  *at = end;
  gint64 integer;
  if (g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &integer, NULL))
    return g_variant_new_int64 (integer);
  char *rest;
  double number = g_ascii_strtod (text, &rest);
  return *rest == '\0' ? g_variant_new_double (number) : NULL;
}

static GVariant *
parse_array (const char **at, guint depth)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));
  if (!take (at, ']'))
    {
      do
        {
          GVariant *value = parse_value (at, depth);
          if (value == NULL)
            return NULL;
          g_variant_builder_add (&builder, "v", value);
        }
      while (take (at, ','));
      if (!take (at, ']'))
        return NULL;
    }
  return g_variant_builder_end (&builder);
}

static GVariant *
parse_object (const char **at, guint depth)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  if (!take (at, '}'))
    {
      do
        {
          g_autofree char *name = parse_string (at);
          if (name == NULL || !take (at, ':'))
            return NULL;
          GVariant *value = parse_value (at, depth);
          if (value == NULL)
            return NULL;
          g_variant_builder_add (&builder, "{sv}", name, value);
        }
      while (take (at, ','));
      if (!take (at, '}'))
        return NULL;
    }
  return g_variant_builder_end (&builder);
}

static GVariant *
parse_word (const char **at)
{
  static const char *const words[] = { "null", "true", "false" };
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_has_prefix (*at, words[i]))
      {
        *at += strlen (words[i]);
        return i == 0 ? g_variant_new_maybe (G_VARIANT_TYPE_VARIANT, NULL)
                      : g_variant_new_boolean (i == 1);
      }
  return NULL;
}

/* A floating reference. */
static GVariant *
parse_value (const char **at, guint depth)
{
  if (depth == 0)
    return NULL;
  skip_space (at);
  if (**at == '"')
    {
      char *text = parse_string (at);
      return text != NULL ? g_variant_new_take_string (text) : NULL;
    }
  if (take (at, '{'))
    return parse_object (at, depth - 1);
  if (take (at, '['))
    return parse_array (at, depth - 1);
  GVariant *word = parse_word (at);
  return word != NULL ? word : parse_number (at);
}

GVariant *
ctl_json_parse (const char *text)
{
  if (!g_utf8_validate (text, -1, NULL))
    return NULL;
  GVariant *value = parse_value (&text, MAX_DEPTH);
  if (value == NULL)
    return NULL;
  g_variant_ref_sink (value);
  skip_space (&text);
  if (*text != '\0')
    g_clear_pointer (&value, g_variant_unref);
  return value;
}

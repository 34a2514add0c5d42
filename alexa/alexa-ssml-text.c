/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-ssml-private.h"

#include <string.h>

/* Reads broken documents, too: a screen shows what can be made out of them. */
typedef struct
{
  const char *p;
  GString *out;
  const char *mute_until; /* (nullable): the end tag up to which nothing is shown */
} Shower;

static void
show (Shower *self, gunichar c)
{
  if (self->mute_until == NULL)
    g_string_append_unichar (self->out, c);
}

/* The value of attribute @name in the tag of @length bytes at @tag; (transfer full) (nullable) */
static char *
attribute (const char *tag, gsize length, const char *name)
{
  g_autofree char *text = g_strndup (tag, length);
  const char *p = text;
  while ((p = strstr (p, name)) != NULL)
    {
      gboolean is_name = p > text && g_ascii_isspace (p[-1]);
      p += strlen (name);
      const char *value = p + strspn (p, " \t\r\n");
      if (!is_name || *value != '=')
        continue;
      value += 1 + strspn (value + 1, " \t\r\n");
      const char *end = *value == '"' || *value == '\'' ? strchr (value + 1, *value) : NULL;
      return end != NULL ? g_strndup (value + 1, (gsize)(end - value - 1)) : NULL;
    }
  return NULL;
}

static void
show_text (Shower *self, const char *text)
{
  for (const char *p = text; *p != '\0';)
    {
      const char *end;
      gunichar c = *p == '&' ? alexa_ssml_read_entity (p, &end) : 0;
      show (self, c != 0 ? c : g_utf8_get_char (p));
      p = c != 0 ? end : g_utf8_next_char (p);
    }
}

static gboolean
is_tag (const char *p, const char *name)
{
  gsize length = strlen (name);
  return strncmp (p, name, length) == 0 && strchr (" \t\r\n/>", p[length]) != NULL;
}

static void
on_tag (Shower *self, const char *tag, gsize length)
{
  static const char *const blocks[] = { "p", "s", "break", "audio", "speak" };
  if (self->mute_until != NULL)
    {
      if (is_tag (tag, self->mute_until))
        self->mute_until = NULL;
      return;
    }
  gboolean is_empty = length > 1 && tag[length - 2] == '/';
  const char *name = tag[1] == '/' ? tag + 2 : tag + 1;
  for (guint i = 0; i < G_N_ELEMENTS (blocks); i++)
    if (is_tag (name, blocks[i]))
      g_string_append_c (self->out, ' ');
  g_autofree char *alias = is_tag (tag, "<sub") ? attribute (tag, length, "alias") : NULL;
  g_autofree char *as = is_tag (tag, "<say-as") ? attribute (tag, length, "interpret-as") : NULL;
  if (alias != NULL)
    {
      show_text (self, alias);
      self->mute_until = is_empty ? NULL : "</sub";
    }
  else if (g_strcmp0 (as, "expletive") == 0 && !is_empty)
    {
      show_text (self, "****");
      self->mute_until = "</say-as";
    }
}

/* The end of the tag at @p, quotes considered; NULL if it has none. */
static const char *
tag_end (const char *p)
{
  char quote = '\0';
  for (; *p != '\0'; p++)
    {
      if (quote != '\0')
        quote = *p == quote ? '\0' : quote;
      else if (*p == '"' || *p == '\'')
        quote = *p;
      else if (*p == '>')
        return p + 1;
    }
  return NULL;
}

static gboolean
skip_delimited (Shower *self, const char *start, const char *end, gboolean is_shown)
{
  if (!g_str_has_prefix (self->p, start))
    return FALSE;
  const char *from = self->p + strlen (start);
  const char *to = strstr (from, end);
  const char *stop = to != NULL ? to : from + strlen (from);
  for (const char *p = from; is_shown && p < stop; p = g_utf8_next_char (p))
    show (self, g_utf8_get_char (p));
  self->p = to != NULL ? to + strlen (end) : stop;
  return TRUE;
}

static void
step (Shower *self)
{
  if (*self->p == '<')
    {
      if (skip_delimited (self, "<!--", "-->", FALSE)
          || skip_delimited (self, "<![CDATA[", "]]>", TRUE))
        return;
      char next = self->p[1];
      const char *end
          = g_ascii_isalpha (next) || strchr ("/!?", next) != NULL ? tag_end (self->p) : NULL;
      if (end != NULL && next != '\0')
        {
          on_tag (self, self->p, (gsize)(end - self->p));
          self->p = end;
          return;
        }
    }
  const char *end;
  gunichar c = *self->p == '&' ? alexa_ssml_read_entity (self->p, &end) : 0;
  show (self, c != 0 ? c : g_utf8_get_char (self->p));
  self->p = c != 0 ? end : g_utf8_next_char (self->p);
}

static char *
fold_space (const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      if (g_ascii_isgraph (*p))
        {
          g_string_append_c (out, *p);
          continue;
        }
      gunichar c = g_utf8_get_char (p);
      gboolean is_space = g_unichar_isspace (c) || !alexa_ssml_is_char (c) || c == 0xfeff;
      if (!is_space)
        g_string_append_unichar (out, c);
      else if (out->len > 0 && out->str[out->len - 1] != ' ')
        g_string_append_c (out, ' ');
    }
  return g_strchomp (g_string_free (g_steal_pointer (&out), FALSE));
}

char *
alexa_ssml_to_text (const char *ssml)
{
  g_return_val_if_fail (ssml != NULL, NULL);

  g_autofree char *valid = g_utf8_make_valid (ssml, -1);
  g_autoptr (GString) out = g_string_new (NULL);
  Shower self = { .p = valid, .out = out };
  while (*self.p != '\0')
    step (&self);
  return fold_space (out->str);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-ssml-private.h"

#include <string.h>

/* Reopened elements make the parts longer than the document; this is far more than any speech. */
#define MAX_WRITTEN_BYTES (4 * 1024 * 1024)

#define START "<speak version=\"1.1\" xmlns=\"http://www.w3.org/2001/10/synthesis\""

struct _AlexaSsmlWriter
{
  GArray *open;     /* (owned) (element-type AlexaSsmlMapped): from the root inwards */
  GPtrArray *parts; /* (owned) (element-type PlayerSpeechPart) */
  GString *words;   /* (owned): tags and words since the last part */
  gboolean has_words;
  gsize n_written_bytes;
};

static void
clear_mapped (gpointer data)
{
  AlexaSsmlMapped *mapped = data;
  g_free (mapped->start);
  g_free (mapped->language);
  g_free (mapped->replacement);
}

AlexaSsmlWriter *
alexa_ssml_writer_new (void)
{
  AlexaSsmlWriter *self = g_new0 (AlexaSsmlWriter, 1);
  self->open = g_array_new (FALSE, FALSE, sizeof (AlexaSsmlMapped));
  g_array_set_clear_func (self->open, clear_mapped);
  self->parts = g_ptr_array_new_with_free_func ((GDestroyNotify)player_speech_part_free);
  self->words = g_string_new (NULL);
  return self;
}

void
alexa_ssml_writer_free (AlexaSsmlWriter *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->open);
  g_clear_pointer (&self->parts, g_ptr_array_unref);
  g_string_free (self->words, TRUE);
  g_free (self);
}

/* What stands for the character at @p; NULL if it stands for itself. */
static const char *
escape (const char *p, const char *end)
{
  switch (*p)
    {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '[':
      /* espeak-ng takes what follows "[[" for phonemes. */
      return p + 1 < end && p[1] == '[' ? "[ " : NULL;
    default:
      return g_ascii_isprint (*p) || alexa_ssml_is_char (g_utf8_get_char (p)) ? NULL : " ";
    }
}

void
alexa_ssml_append_escaped (GString *out, const char *text, gssize length)
{
  const char *end = text + (length < 0 ? (gssize)strlen (text) : length);
  const char *run = text;
  for (const char *p = text; p < end; p = g_utf8_next_char (p))
    {
      const char *escaped = escape (p, end);
      if (escaped == NULL)
        continue;
      g_string_append_len (out, run, p - run);
      g_string_append (out, escaped);
      run = g_utf8_next_char (p);
    }
  g_string_append_len (out, run, end - run);
}

/* Whether anything would be heard: not white space, not a lone full stop between two recordings. */
static gboolean
is_heard (const char *text, gssize length)
{
  static const char silent[] = ".,;:!?'\"()-";
  const char *end = text + (length < 0 ? (gssize)strlen (text) : length);
  for (const char *p = text; p < end; p = g_utf8_next_char (p))
    {
      if (g_ascii_isalnum (*p))
        return TRUE;
      gunichar c = g_utf8_get_char (p);
      gboolean is_silent = g_unichar_isspace (c) || g_unichar_iscntrl (c) || c == 0xfeff
                           || (c < 0x80 && strchr (silent, (int)c) != NULL)
                           || (c >= 0x2010 && c <= 0x2027);
      if (!is_silent)
        return TRUE;
    }
  return FALSE;
}

/* What the words inside the outer @depth elements are in. */
static const char *
language (AlexaSsmlWriter *self, guint depth)
{
  for (guint i = depth; i > 0; i--)
    {
      const AlexaSsmlMapped *mapped = &g_array_index (self->open, AlexaSsmlMapped, i - 1);
      if (mapped->language != NULL)
        return mapped->language;
    }
  return NULL;
}

static gboolean
is_mute (AlexaSsmlWriter *self)
{
  for (guint i = 0; i < self->open->len; i++)
    if (g_array_index (self->open, AlexaSsmlMapped, i).is_mute)
      return TRUE;
  return FALSE;
}

static void
add_words (AlexaSsmlWriter *self)
{
  g_autoptr (GString) document = g_string_new (START);
  const char *code = language (self, self->open->len);
  if (code != NULL)
    g_string_append_printf (document, " xml:lang=\"%s\"", code);
  g_string_append_c (document, '>');
  g_string_append_len (document, self->words->str, (gssize)self->words->len);
  for (guint i = self->open->len; i > 0; i--)
    {
      const char *end = g_array_index (self->open, AlexaSsmlMapped, i - 1).end;
      g_string_append (document, end != NULL ? end : "");
    }
  g_string_append (document, "</speak>");
  self->n_written_bytes += document->len;
  if (self->n_written_bytes <= MAX_WRITTEN_BYTES)
    g_ptr_array_add (self->parts, player_speech_part_new_say (document->str));
}

/* Ends the stretch of words, in the language it was written in. */
static void
flush (AlexaSsmlWriter *self)
{
  if (self->has_words)
    add_words (self);
  self->has_words = FALSE;
  g_string_truncate (self->words, 0);
}

static void
reopen (AlexaSsmlWriter *self)
{
  for (guint i = 0; i < self->open->len; i++)
    {
      const char *start = g_array_index (self->open, AlexaSsmlMapped, i).start;
      g_string_append (self->words, start != NULL ? start : "");
    }
}

void
alexa_ssml_writer_open (AlexaSsmlWriter *self, AlexaSsmlMapped *mapped)
{
  /* A document has one language: espeak-ng does not always find back to the first one. */
  gboolean changes = mapped->language != NULL
                     && g_strcmp0 (mapped->language, language (self, self->open->len)) != 0;
  if (changes)
    flush (self);
  else if (mapped->start != NULL)
    g_string_append (self->words, mapped->start);
  g_autofree char *replacement = g_steal_pointer (&mapped->replacement);
  g_array_append_vals (self->open, mapped, 1);
  memset (mapped, 0, sizeof *mapped);
  if (changes)
    reopen (self);
  if (replacement == NULL)
    return;
  AlexaSsmlMapped *top = &g_array_index (self->open, AlexaSsmlMapped, self->open->len - 1);
  gboolean muted = top->is_mute;
  top->is_mute = FALSE;
  alexa_ssml_writer_text (self, replacement, -1);
  top->is_mute = muted;
}

void
alexa_ssml_writer_close (AlexaSsmlWriter *self)
{
  g_return_if_fail (self->open->len > 0);

  guint depth = self->open->len;
  const char *end = g_array_index (self->open, AlexaSsmlMapped, depth - 1).end;
  gboolean changes = g_strcmp0 (language (self, depth), language (self, depth - 1)) != 0;
  if (changes)
    flush (self);
  else if (end != NULL)
    g_string_append (self->words, end);
  g_array_set_size (self->open, depth - 1);
  if (changes)
    reopen (self);
}

void
alexa_ssml_writer_text (AlexaSsmlWriter *self, const char *text, gssize length)
{
  if (is_mute (self))
    return;
  alexa_ssml_append_escaped (self->words, text, length);
  self->has_words = self->has_words || is_heard (text, length);
}

void
alexa_ssml_writer_add (AlexaSsmlWriter *self, PlayerSpeechPart *part)
{
  flush (self);
  g_ptr_array_add (self->parts, part);
  reopen (self);
}

GPtrArray *
alexa_ssml_writer_finish (AlexaSsmlWriter *self, gboolean *is_cut)
{
  flush (self);
  *is_cut = self->n_written_bytes > MAX_WRITTEN_BYTES;
  return g_steal_pointer (&self->parts);
}

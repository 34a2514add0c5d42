/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-ssml.h"

#include "alexa-directive-private.h"
#include "alexa-ssml-private.h"

#include <string.h>

#define MAX_BREAK_MS 10000
#define MAX_RECORDINGS 5

/* clang-format off */
G_DEFINE_QUARK (alexa-ssml-error-quark, alexa_ssml_error)
/* clang-format on */

typedef struct
{
  const char *ssml;
  GPtrArray *tags; /* (owned): where each start tag begins */
  guint n_started;
  GPtrArray *open; /* (owned) (element-type AlexaSsmlElement): from the root inwards */
  AlexaSsmlWriter *writer;
  AlexaSsmlNotes notes;
  guint n_recordings;
} Reader;

static const char *
tag (Reader *self)
{
  return g_ptr_array_index (self->tags, self->n_started - 1);
}

static const AlexaSsmlElement *
innermost (Reader *self)
{
  return self->open->len > 0 ? g_ptr_array_index (self->open, self->open->len - 1) : NULL;
}

static void
add_break (Reader *self, const char *const *values)
{
  guint duration_ms;
  if (values[1] == NULL)
    duration_ms = alexa_ssml_strength_to_ms (values[0]);
  else if (!alexa_ssml_parse_time (values[1], &duration_ms))
    return;
  if (duration_ms > MAX_BREAK_MS)
    {
      alexa_lint_add_message (self->notes.findings, ALEXA_LINT_SPEECH_SSML_LIMITED,
                              self->notes.path, NULL,
                              "A <break> of more than ten seconds is limited to them.");
      duration_ms = MAX_BREAK_MS;
    }
  if (duration_ms > 0)
    alexa_ssml_writer_add (self->writer, player_speech_part_new_break (duration_ms));
}

static gboolean
has_scheme (const char *url, const char *scheme)
{
  return g_ascii_strncasecmp (url, scheme, strlen (scheme)) == 0 && url[strlen (scheme)] == ':';
}

static gboolean
add_audio (Reader *self, const char *const *values, GError **error)
{
  gboolean escaped;
  g_autofree char *url = alexa_media_url_normalize (values[0], &escaped);
  if (url == NULL)
    return alexa_ssml_fail (error, ALEXA_SSML_ERROR_ATTRIBUTE, self->ssml, tag (self),
                            "src of <audio> is no URL");
  if (has_scheme (url, "soundbank"))
    alexa_lint_add (self->notes.findings, ALEXA_LINT_SPEECH_AUDIO_SOUNDBANK, self->notes.path,
                    NULL);
  if (++self->n_recordings == MAX_RECORDINGS + 1)
    alexa_lint_add (self->notes.findings, ALEXA_LINT_SPEECH_AUDIO_COUNT, self->notes.path, NULL);
  alexa_ssml_writer_add (self->writer, player_speech_part_new_audio (url));
  return TRUE;
}

static gboolean
check_place (Reader *self, const AlexaSsmlElement *element, const char *name, GError **error)
{
  const AlexaSsmlElement *parent = innermost (self);
  if (parent == NULL && (self->n_started > 1 || !g_str_equal (name, "speak")))
    return alexa_ssml_fail (
        error, ALEXA_SSML_ERROR_ROOT, self->ssml, tag (self),
        self->n_started > 1 ? "<%s> after the end of <speak>" : "<%s>, expected <speak>", name);
  if (element == NULL)
    return alexa_ssml_fail (error, ALEXA_SSML_ERROR_ELEMENT, self->ssml, tag (self),
                            "<%s> is no element of the service", name);
  g_autofree char *reason = parent != NULL ? alexa_ssml_element_refuses (parent, element) : NULL;
  if (reason != NULL)
    return alexa_ssml_fail (error, ALEXA_SSML_ERROR_ELEMENT, self->ssml, tag (self), "%s", reason);
  if (self->open->len >= ALEXA_SSML_MAX_DEPTH)
    return alexa_ssml_fail (error, ALEXA_SSML_ERROR_ELEMENT, self->ssml, tag (self),
                            "nested deeper than %d elements", ALEXA_SSML_MAX_DEPTH);
  return TRUE;
}

/* Scanner and GMarkup see different tags: no document is known that does that. */
static gboolean
fail_disagreement (Reader *self, GError **error)
{
  return alexa_ssml_fail (error, ALEXA_SSML_ERROR_SYNTAX, self->ssml, self->ssml, "not XML");
}

static void
on_start (GMarkupParseContext *context,
          const char *name,
          const char **attribute_names,
          const char **attribute_values,
          gpointer data,
          GError **error)
{
  Reader *self = data;
  const char *values[ALEXA_SSML_MAX_ATTRIBUTES];
  if (self->n_started++ >= self->tags->len)
    {
      self->n_started--;
      fail_disagreement (self, error);
      return;
    }
  const AlexaSsmlElement *element = alexa_ssml_element_find (name);
  g_autofree char *shown = g_utf8_substring (name, 0, MIN (g_utf8_strlen (name, -1), 64));
  if (!check_place (self, element, shown, error))
    return;
  g_autofree char *reason
      = alexa_ssml_element_read (element, attribute_names, attribute_values, values);
  if (reason != NULL)
    {
      alexa_ssml_fail (error, ALEXA_SSML_ERROR_ATTRIBUTE, self->ssml, tag (self), "%s", reason);
      return;
    }
  g_ptr_array_add (self->open, (gpointer)element);
  AlexaSsmlMapped mapped = { .is_mute = alexa_ssml_element_is (element, "audio") };
  if (alexa_ssml_element_is (element, "break"))
    add_break (self, values);
  else if (mapped.is_mute && !add_audio (self, values, error))
    return;
  if (element->map != NULL)
    element->map (values, &mapped, &self->notes);
  alexa_ssml_writer_open (self->writer, &mapped);
}

static void
on_end (GMarkupParseContext *context, const char *name, gpointer data, GError **error)
{
  Reader *self = data;
  g_ptr_array_set_size (self->open, (gint)self->open->len - 1);
  alexa_ssml_writer_close (self->writer);
}

static gboolean
is_blank (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isspace (text[i]))
      return FALSE;
  return TRUE;
}

static void
on_text (
    GMarkupParseContext *context, const char *text, gsize length, gpointer data, GError **error)
{
  Reader *self = data;
  const AlexaSsmlElement *parent = innermost (self);
  if (parent == NULL || is_blank (text, length))
    {
      if (parent != NULL)
        alexa_ssml_writer_text (self->writer, text, (gssize)length);
      return;
    }
  if (parent->content == ALEXA_SSML_CONTENT_EMPTY)
    alexa_ssml_fail (error, ALEXA_SSML_ERROR_ELEMENT, self->ssml, tag (self),
                     "<%s> has to be empty", parent->name);
  else if (alexa_ssml_element_is (parent, "audio"))
    alexa_lint_add_message (self->notes.findings, ALEXA_LINT_SPEECH_SSML_IGNORED, self->notes.path,
                            NULL, "The text inside <audio> is not said.");
  else
    alexa_ssml_writer_text (self->writer, text, (gssize)length);
}

/* GMarkup's errors name line and column only in some of their texts. */
static void
propagate (Reader *self, GMarkupParseContext *context, GError **error, GError *local)
{
  if (local->domain == ALEXA_SSML_ERROR)
    {
      g_propagate_error (error, local);
      return;
    }
  gint line;
  gint column;
  g_markup_parse_context_get_position (context, &line, &column);
  const char *colon
      = g_str_has_prefix (local->message, "Error on line ") ? strstr (local->message, ": ") : NULL;
  /* It may have cut a name inside a character. */
  g_autofree char *reason = g_utf8_make_valid (colon != NULL ? colon + 2 : local->message, -1);
  gboolean outside = self->open->len == 0;
  g_set_error (error, ALEXA_SSML_ERROR, outside ? ALEXA_SSML_ERROR_ROOT : ALEXA_SSML_ERROR_SYNTAX,
               "Line %d, column %d: %s", line, column, reason);
  g_error_free (local);
}

static gboolean
read_document (Reader *self, gsize length, GError **error)
{
  static const GMarkupParser parser
      = { .start_element = on_start, .end_element = on_end, .text = on_text };
  g_autoptr (GMarkupParseContext) context
      = g_markup_parse_context_new (&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, self, NULL);
  GError *local = NULL;
  if (g_markup_parse_context_parse (context, self->ssml, (gssize)length, &local)
      && g_markup_parse_context_end_parse (context, &local))
    return self->n_started == self->tags->len || fail_disagreement (self, error);
  propagate (self, context, error, local);
  return FALSE;
}

GPtrArray *
alexa_ssml_parse (const char *ssml, const char *path, GPtrArray *findings, GError **error)
{
  g_return_val_if_fail (ssml != NULL && path != NULL && findings != NULL, NULL);

  if (g_str_has_prefix (ssml, "\xef\xbb\xbf"))
    ssml += 3;
  gsize length = strlen (ssml);
  if (length > ALEXA_SSML_MAX_BYTES || !g_utf8_validate (ssml, (gssize)length, NULL))
    {
      g_set_error (error, ALEXA_SSML_ERROR, ALEXA_SSML_ERROR_SYNTAX, "Line 1, column 1: %s",
                   length > ALEXA_SSML_MAX_BYTES ? "the document is too large" : "not UTF-8");
      return NULL;
    }
  g_autoptr (GPtrArray) tags = g_ptr_array_new ();
  g_autoptr (GPtrArray) open = g_ptr_array_new ();
  g_autoptr (AlexaSsmlWriter) writer = alexa_ssml_writer_new ();
  Reader self
      = { .ssml = ssml, .tags = tags, .open = open, .writer = writer, .notes = { path, findings } };
  if (!alexa_ssml_scan (ssml, tags, error) || !read_document (&self, length, error))
    return NULL;
  gboolean is_cut;
  GPtrArray *parts = alexa_ssml_writer_finish (writer, &is_cut);
  if (is_cut)
    alexa_lint_add_message (
        findings, ALEXA_LINT_SPEECH_SSML_LIMITED, path, NULL,
        "So many parts inside so many elements are too much; some are left out.");
  return parts;
}

void
alexa_ssml_refuse_http (GPtrArray *parts, const char *path, GPtrArray *findings)
{
  g_return_if_fail (parts != NULL && path != NULL && findings != NULL);

  for (guint i = parts->len; i > 0; i--)
    {
      const PlayerSpeechPart *part = g_ptr_array_index (parts, i - 1);
      if (part->type != PLAYER_SPEECH_PART_AUDIO || !has_scheme (part->url, "http"))
        continue;
      alexa_lint_add (findings, ALEXA_LINT_SPEECH_AUDIO_HTTP, path, NULL);
      g_ptr_array_remove_index (parts, i - 1);
    }
}

GPtrArray *
alexa_ssml_from_text (const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);

  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr (AlexaSsmlWriter) writer = alexa_ssml_writer_new ();
  alexa_ssml_writer_text (writer, g_strstrip (valid), -1);
  gboolean is_cut;
  return alexa_ssml_writer_finish (writer, &is_cut);
}

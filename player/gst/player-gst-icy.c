/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-icy.h"

#include <string.h>

#define TITLE_KEY "StreamTitle='"
#define UNIT_BYTES 16

struct _PlayerGstIcy
{
  guint interval;
  PlayerGstIcyFunc found;
  gpointer data;

  guint64 passed;   /* bytes of audio given back */
  guint audio_left; /* bytes of audio before the next text */
  gboolean sized;   /* the length of the text at hand is known … */
  guint text_left;  /* … and so much of it is still to come */
  GByteArray *text; /* (owned) */
  GBytes *last;     /* (owned) (nullable): text told last */
};

PlayerGstIcy *
player_gst_icy_new (guint interval, PlayerGstIcyFunc found, gpointer data)
{
  PlayerGstIcy *self = g_new0 (PlayerGstIcy, 1);

  self->interval = interval;
  self->found = found;
  self->data = data;
  self->audio_left = interval;
  self->text = g_byte_array_new ();
  return self;
}

void
player_gst_icy_free (PlayerGstIcy *self)
{
  g_byte_array_unref (self->text);
  g_clear_pointer (&self->last, g_bytes_unref);
  g_free (self);
}

char *
player_gst_icy_decode (const char *text, gssize length)
{
  const gsize size = length < 0 ? strlen (text) : strnlen (text, (gsize)length);
  char *decoded = g_utf8_validate (text, (gssize)size, NULL)
                      ? g_strndup (text, size)
                      : g_convert_with_fallback (text, (gssize)size, "UTF-8", "WINDOWS-1252", "?",
                                                 NULL, NULL, NULL);

  if (decoded == NULL)
    return NULL;
  for (char *at = decoded; *at != '\0'; at++)
    if (g_ascii_iscntrl (*at))
      *at = ' ';
  g_strstrip (decoded);
  if (*decoded == '\0')
    g_clear_pointer (&decoded, g_free);
  return decoded;
}

/* Whether nothing, or another key, begins here. */
static gboolean
is_key_or_end (const char *text, const char *end)
{
  while (text < end && (*text == ' ' || *text == ';'))
    text++;
  if (text == end || *text == '\0')
    return TRUE;
  const char *key = text;
  while (text < end && g_ascii_isalnum (*text))
    text++;
  return text > key && end - text >= 2 && text[0] == '=' && text[1] == '\'';
}

char *
player_gst_icy_parse (const guint8 *text, gsize length)
{
  const char *end = (const char *)text + strnlen ((const char *)text, length);
  const char *begin = g_strstr_len ((const char *)text, end - (const char *)text, TITLE_KEY);

  if (begin == NULL)
    return NULL;
  begin += strlen (TITLE_KEY);
  for (const char *at = begin; at + 1 < end; at++)
    if (at[0] == '\'' && at[1] == ';' && is_key_or_end (at + 1, end))
      return player_gst_icy_decode (begin, at - begin);
  /* Cut short. */
  if (end > begin && end[-1] == '\'')
    end--;
  return player_gst_icy_decode (begin, end - begin);
}

void
player_gst_icy_split (const char *text, char **artist, char **title)
{
  const char *dash = strstr (text, " - ");
  g_autofree char *before = dash != NULL ? g_strndup (text, (gsize)(dash - text)) : NULL;

  if (before == NULL || *g_strstrip (before) == '\0' || dash[3] == '\0')
    {
      *artist = NULL;
      *title = g_strdup (text);
      return;
    }
  *artist = g_steal_pointer (&before);
  *title = g_strstrip (g_strdup (dash + 3));
}

static void
icy_tell (PlayerGstIcy *self)
{
  g_autoptr (GBytes) text = g_bytes_new (self->text->data, self->text->len);

  g_byte_array_set_size (self->text, 0);
  if (self->last != NULL && g_bytes_equal (text, self->last))
    return;
  gsize length;
  const guint8 *data = g_bytes_get_data (text, &length);
  g_autofree char *title = player_gst_icy_parse (data, length);
  self->found (title, self->passed, self->data);
  g_clear_pointer (&self->last, g_bytes_unref);
  self->last = g_steal_pointer (&text);
}

/* Takes in what lies at @data and is no audio; returns how much that is. */
static gsize
icy_take (PlayerGstIcy *self, const guint8 *data, gsize length)
{
  if (!self->sized)
    {
      self->sized = TRUE;
      self->text_left = *data * UNIT_BYTES;
      length = 1;
    }
  else
    {
      length = MIN (length, self->text_left);
      g_byte_array_append (self->text, data, (guint)length);
      self->text_left -= (guint)length;
    }
  if (self->text_left > 0)
    return length;
  if (self->text->len > 0)
    icy_tell (self);
  self->sized = FALSE;
  self->audio_left = self->interval;
  return length;
}

gsize
player_gst_icy_strip (PlayerGstIcy *self, guint8 *data, gsize length)
{
  gsize kept = 0;

  for (gsize at = 0; at < length;)
    if (self->audio_left == 0)
      at += icy_take (self, data + at, length - at);
    else
      {
        const gsize some = MIN (length - at, self->audio_left);

        memmove (data + kept, data + at, some);
        kept += some;
        at += some;
        self->passed += some;
        self->audio_left -= (guint)some;
      }
  return kept;
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-resource.h"

void
player_gst_resource_clear (PlayerGstResource *self)
{
  g_clear_pointer (&self->etag, g_free);
  g_clear_pointer (&self->last_modified, g_free);
  self->known = FALSE;
  self->size_bytes = -1;
  self->ranges = TRUE;
}

const char *
player_gst_resource_get_validator (const PlayerGstResource *self)
{
  if (self->etag != NULL && g_str_has_prefix (self->etag, "\""))
    return self->etag;
  return self->last_modified;
}

/* Two validators contradict each other if both are there and differ. */
static gboolean
contradicts (const char *known, const char *told)
{
  return known != NULL && told != NULL && g_strcmp0 (known, told) != 0;
}

static gboolean
is_other (const PlayerGstResource *self, SoupMessageHeaders *headers, gint64 size)
{
  if (!self->known)
    return FALSE;
  if (self->size_bytes >= 0 && size >= 0 && self->size_bytes != size)
    return TRUE;
  if (self->etag != NULL && soup_message_headers_get_one (headers, "ETag") != NULL)
    return contradicts (self->etag, soup_message_headers_get_one (headers, "ETag"));
  return contradicts (self->last_modified, soup_message_headers_get_one (headers, "Last-Modified"));
}

/* Whether a whole answer shows by its ETag or its length that it is what we have begun with. */
static gboolean
is_proved_same (const PlayerGstResource *self, SoupMessageHeaders *headers, gint64 size)
{
  const char *etag = soup_message_headers_get_one (headers, "ETag");
  if (self->etag != NULL && g_strcmp0 (self->etag, etag) == 0)
    return TRUE;
  return self->size_bytes >= 0 && self->size_bytes == size;
}

static void
learn (PlayerGstResource *self, SoupMessageHeaders *headers, gint64 size)
{
  if (self->size_bytes < 0)
    self->size_bytes = size;
  if (self->etag == NULL)
    self->etag = g_strdup (soup_message_headers_get_one (headers, "ETag"));
  if (self->last_modified == NULL)
    self->last_modified = g_strdup (soup_message_headers_get_one (headers, "Last-Modified"));
  self->known = TRUE;
}

static PlayerGstAnswer
judge_whole (PlayerGstResource *self, SoupMessageHeaders *headers, guint64 position)
{
  gint64 size = -1;
  if (soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH)
    size = soup_message_headers_get_content_length (headers);

  if (is_other (self, headers, size))
    return PLAYER_GST_ANSWER_CHANGED;
  if (position > 0 && self->known && !is_proved_same (self, headers, size))
    return PLAYER_GST_ANSWER_UNPROVEN;

  const char *accepts = soup_message_headers_get_one (headers, "Accept-Ranges");
  if (position > 0 || (accepts != NULL && g_ascii_strcasecmp (accepts, "none") == 0))
    self->ranges = FALSE;
  learn (self, headers, size);
  return PLAYER_GST_ANSWER_DATA;
}

static PlayerGstAnswer
judge_part (PlayerGstResource *self, SoupMessageHeaders *headers, guint64 position, guint64 *start)
{
  goffset first = -1, last = -1, total = -1;
  if (!soup_message_headers_get_content_range (headers, &first, &last, &total))
    return PLAYER_GST_ANSWER_UNPROVEN;
  if (is_other (self, headers, total))
    return PLAYER_GST_ANSWER_CHANGED;
  if (first < 0 || (guint64)first > position)
    return PLAYER_GST_ANSWER_UNPROVEN;

  *start = first;
  learn (self, headers, total);
  return PLAYER_GST_ANSWER_DATA;
}

/* 416: its Content-Range, "bytes *" "/N", tells the true size. */
static PlayerGstAnswer
judge_unsatisfiable (PlayerGstResource *self, SoupMessageHeaders *headers, guint64 position)
{
  gint64 size = self->size_bytes;
  const char *range = soup_message_headers_get_one (headers, "Content-Range");
  if (range != NULL && g_str_has_prefix (range, "bytes */"))
    {
      guint64 told = 0;
      if (g_ascii_string_to_unsigned (range + 8, 10, 0, G_MAXINT64, &told, NULL))
        size = told;
    }

  if (self->size_bytes >= 0 && position < (guint64)self->size_bytes)
    return size == (gint64)position ? PLAYER_GST_ANSWER_SHORT : PLAYER_GST_ANSWER_CHANGED;
  if (position == 0)
    return size == 0 ? PLAYER_GST_ANSWER_END : PLAYER_GST_ANSWER_NONE;
  if (self->size_bytes < 0)
    self->size_bytes = size;
  return PLAYER_GST_ANSWER_END;
}

PlayerGstAnswer
player_gst_resource_judge (PlayerGstResource *self,
                           guint status,
                           SoupMessageHeaders *headers,
                           guint64 position,
                           guint64 *start)
{
  *start = 0;
  switch (status)
    {
    case SOUP_STATUS_OK:
      return judge_whole (self, headers, position);
    case SOUP_STATUS_PARTIAL_CONTENT:
      return judge_part (self, headers, position, start);
    case SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE:
      return judge_unsatisfiable (self, headers, position);
    default:
      return PLAYER_GST_ANSWER_NONE;
    }
}

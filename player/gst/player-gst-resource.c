/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-resource.h"

#define HEAD_BYTES 4096

void
player_gst_resource_clear (PlayerGstResource *self)
{
  g_clear_pointer (&self->etag, g_free);
  g_clear_pointer (&self->last_modified, g_free);
  g_clear_pointer (&self->origin, g_free);
  g_clear_pointer (&self->head, g_byte_array_unref);
  self->known = FALSE;
  self->size_bytes = -1;
  self->ranges = TRUE;
  self->live = FALSE;
  self->moved = FALSE;
}

static gboolean
is_strong (const char *etag)
{
  return etag != NULL && g_str_has_prefix (etag, "\"");
}

const char *
player_gst_resource_get_validator (const PlayerGstResource *self)
{
  if (self->moved)
    return NULL;
  return is_strong (self->etag) ? self->etag : self->last_modified;
}

/* -- one answer -- */

typedef struct
{
  const char *etag;          /* (nullable) */
  const char *last_modified; /* (nullable) */
  gint64 size;               /* of the whole, -1 = unknown */
  gboolean same_origin;      /* as the one before */
  gboolean broadcast;
  char *origin; /* (owned) */
} Told;

static void
told_clear (Told *self)
{
  g_free (self->origin);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Told, told_clear)

static void
on_header (const char *name, const char *value, gpointer data)
{
  gboolean *broadcast = data;

  if (g_ascii_strncasecmp (name, "icy-", 4) == 0 || g_ascii_strncasecmp (name, "ice-", 4) == 0)
    *broadcast = TRUE;
  if (g_ascii_strcasecmp (name, "Server") == 0
      && (g_ascii_strncasecmp (value, "Icecast", 7) == 0
          || g_ascii_strncasecmp (value, "SHOUTcast", 9) == 0))
    *broadcast = TRUE;
}

static void
told_init (Told *self,
           const PlayerGstResource *resource,
           GUri *uri,
           SoupMessageHeaders *headers,
           gint64 size)
{
  self->etag = soup_message_headers_get_one (headers, "ETag");
  self->last_modified = soup_message_headers_get_one (headers, "Last-Modified");
  self->size = size;
  self->origin = g_strdup_printf ("%s://%s:%d", g_uri_get_scheme (uri), g_uri_get_host (uri),
                                  g_uri_get_port (uri));
  self->same_origin = g_strcmp0 (self->origin, resource->origin) == 0;
  if (size < 0)
    soup_message_headers_foreach (headers, on_header, &self->broadcast);
}

static gboolean
is_other (const PlayerGstResource *self, const Told *told)
{
  if (!self->known)
    return FALSE;
  if (self->size_bytes >= 0 && told->size >= 0 && self->size_bytes != told->size)
    return TRUE;
  if (!told->same_origin)
    return FALSE;
  if (self->etag != NULL && told->etag != NULL)
    return g_strcmp0 (self->etag, told->etag) != 0;
  return self->last_modified != NULL && told->last_modified != NULL
         && g_strcmp0 (self->last_modified, told->last_modified) != 0;
}

/* … which is no other for all that is known. */
static gboolean
is_proved_same (const PlayerGstResource *self, const Told *told)
{
  if (is_strong (self->etag) && g_strcmp0 (self->etag, told->etag) == 0)
    return TRUE;
  return self->size_bytes >= 0 && self->size_bytes == told->size;
}

/* From now on it is known as the origin that has answered knows it. */
static void
learn (PlayerGstResource *self, Told *told)
{
  const gboolean first = !self->known;

  if (self->size_bytes < 0)
    self->size_bytes = told->size;
  if (!told->same_origin || self->etag == NULL)
    {
      g_free (self->etag);
      self->etag = g_strdup (told->etag);
    }
  if (!told->same_origin || self->last_modified == NULL)
    {
      g_free (self->last_modified);
      self->last_modified = g_strdup (told->last_modified);
    }
  g_free (self->origin);
  self->origin = g_steal_pointer (&told->origin);
  self->known = TRUE;
  self->moved = FALSE;
  if (!first)
    return;
  self->live = told->broadcast;
  if (!self->live && told->size < 0 && told->etag == NULL && told->last_modified == NULL)
    self->head = g_byte_array_new ();
}

static PlayerGstAnswer
judge_whole (PlayerGstResource *self, GUri *uri, SoupMessageHeaders *headers, guint64 position)
{
  g_auto (Told) told = { 0 };
  gint64 size = -1;
  if (soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH)
    size = soup_message_headers_get_content_length (headers);
  told_init (&told, self, uri, headers, size);

  if (self->live && size < 0)
    {
      learn (self, &told);
      return PLAYER_GST_ANSWER_LIVE;
    }
  if (is_other (self, &told))
    return PLAYER_GST_ANSWER_CHANGED;
  PlayerGstAnswer answer = PLAYER_GST_ANSWER_DATA;
  if (position > 0 && self->known && !is_proved_same (self, &told))
    {
      if (self->head == NULL || size >= 0)
        return PLAYER_GST_ANSWER_UNPROVEN;
      answer = PLAYER_GST_ANSWER_COMPARE;
    }

  const char *accepts = soup_message_headers_get_one (headers, "Accept-Ranges");
  if (position > 0 || (accepts != NULL && g_ascii_strcasecmp (accepts, "none") == 0))
    self->ranges = FALSE;
  learn (self, &told);
  return answer;
}

static PlayerGstAnswer
judge_part (PlayerGstResource *self,
            GUri *uri,
            SoupMessageHeaders *headers,
            guint64 position,
            guint64 *start)
{
  g_auto (Told) told = { 0 };
  goffset first = -1, last = -1, total = -1;
  if (!soup_message_headers_get_content_range (headers, &first, &last, &total))
    return PLAYER_GST_ANSWER_UNPROVEN;
  told_init (&told, self, uri, headers, total);

  if (is_other (self, &told))
    return PLAYER_GST_ANSWER_CHANGED;
  if (first < 0 || (guint64)first > position)
    return PLAYER_GST_ANSWER_UNPROVEN;
  if (self->known && (self->moved || !told.same_origin) && !is_proved_same (self, &told))
    return PLAYER_GST_ANSWER_UNPROVEN;

  *start = first;
  learn (self, &told);
  return PLAYER_GST_ANSWER_DATA;
}

/* 416: its Content-Range, "bytes *" "/N", tells the true size, even against what was said before. */
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

  if (self->size_bytes >= 0 && position < (guint64)self->size_bytes && size != (gint64)position)
    return PLAYER_GST_ANSWER_CHANGED;
  if (position == 0)
    return size == 0 ? PLAYER_GST_ANSWER_END : PLAYER_GST_ANSWER_NONE;
  if (self->size_bytes < 0 || size == (gint64)position)
    self->size_bytes = size;
  return PLAYER_GST_ANSWER_END;
}

PlayerGstAnswer
player_gst_resource_judge (PlayerGstResource *self,
                           guint status,
                           GUri *uri,
                           SoupMessageHeaders *headers,
                           guint64 position,
                           guint64 *start)
{
  *start = 0;
  switch (status)
    {
    case SOUP_STATUS_OK:
      return judge_whole (self, uri, headers, position);
    case SOUP_STATUS_PARTIAL_CONTENT:
      return judge_part (self, uri, headers, position, start);
    case SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE:
      return judge_unsatisfiable (self, headers, position);
    default:
      return PLAYER_GST_ANSWER_NONE;
    }
}

void
player_gst_resource_note (PlayerGstResource *self,
                          guint64 position,
                          const guint8 *data,
                          gsize length)
{
  if (self->head != NULL && position == self->head->len && position < HEAD_BYTES)
    g_byte_array_append (self->head, data, (guint)MIN (length, HEAD_BYTES - position));
}

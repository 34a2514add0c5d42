/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-titles.h"

#include <string.h>

#define MAX_TEXT_CHARS 1000

/* What holds from a place on. */
typedef struct
{
  gint64 at_us;
  PlayerMetadata *metadata; /* (owned) (nullable): as before */
  gboolean gap;             /* something is missing before it */
} Change;

struct _PlayerGstTitles
{
  gatomicrefcount ref_count;
  PlayerGstTitlesFunc changed;
  gpointer data;

  /* streaming thread */
  GstSegment segment;
  PlayerMetadata *latest; /* (owned) (nullable) */
  gboolean fresh;         /* latest holds from the next buffer on */
  gboolean gap;           /* something is missing before that */

  GMutex lock;
  GQueue changes; /* (element-type Change): in order */
};

static void
change_free (gpointer data)
{
  Change *change = data;

  g_clear_pointer (&change->metadata, player_metadata_unref);
  g_free (change);
}

/* --- streaming thread --- */

/* What a server says of a stream goes over the bus, again and again. (transfer full) */
static char *
shorten (char *text)
{
  if (g_utf8_strlen (text, -1) > MAX_TEXT_CHARS)
    *g_utf8_offset_to_pointer (text, MAX_TEXT_CHARS) = '\0';
  return text;
}

static char *
tag_dup (const GstTagList *list, const char *tag, const char *old)
{
  char *value = NULL;

  if (gst_tag_list_get_string (list, tag, &value))
    return shorten (value);
  return g_strdup (old);
}

/* Tags come in several lists; but one with another title is about another piece, of which nothing else
 * is known. */
static PlayerMetadata *
merge_tags (const GstTagList *list, const PlayerMetadata *old)
{
  g_autofree char *title = tag_dup (list, GST_TAG_TITLE, NULL);

  if (title != NULL && old != NULL && old->title != NULL && g_strcmp0 (title, old->title) != 0)
    old = NULL;
  if (title == NULL && old != NULL)
    title = g_strdup (old->title);
  g_autofree char *artist = tag_dup (list, GST_TAG_ARTIST, old != NULL ? old->subtitle : NULL);
  g_autofree char *album = tag_dup (list, GST_TAG_ALBUM, old != NULL ? old->album : NULL);
  return player_metadata_new (title, artist, album, NULL, NULL);
}

static gboolean
metadata_equal (const PlayerMetadata *a, const PlayerMetadata *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return g_strcmp0 (a->title, b->title) == 0 && g_strcmp0 (a->subtitle, b->subtitle) == 0
         && g_strcmp0 (a->album, b->album) == 0;
}

static void
titles_take_tags (PlayerGstTitles *self, GstEvent *event)
{
  GstTagList *list;

  gst_event_parse_tag (event, &list);
  PlayerMetadata *merged = merge_tags (list, self->latest);
  if (metadata_equal (merged, self->latest)
      || (self->latest == NULL && merged->title == NULL && merged->subtitle == NULL
          && merged->album == NULL))
    {
      player_metadata_unref (merged);
      return;
    }
  g_clear_pointer (&self->latest, player_metadata_unref);
  self->latest = merged;
  self->fresh = TRUE;
}

static void
titles_take_event (PlayerGstTitles *self, GstEvent *event)
{
  if (GST_EVENT_TYPE (event) == GST_EVENT_SEGMENT)
    gst_event_copy_segment (event, &self->segment);
  else if (GST_EVENT_TYPE (event) == GST_EVENT_TAG)
    titles_take_tags (self, event);
  else if (gst_event_has_name (event, PLAYER_GST_EVENT_GAP))
    self->gap = TRUE;
  else if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP)
    {
      g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

      /* What was to be heard is not: it holds where reading goes on. */
      g_queue_clear_full (&self->changes, change_free);
      self->fresh = self->latest != NULL;
    }
}

static void
titles_take_buffer (PlayerGstTitles *self, GstBuffer *buffer)
{
  const GstClockTime pts = GST_BUFFER_PTS (buffer);
  Change *change;

  if (!self->fresh && !self->gap)
    return;
  change = g_new0 (Change, 1);
  change->gap = self->gap;
  if (GST_CLOCK_TIME_IS_VALID (pts) && self->segment.format == GST_FORMAT_TIME)
    {
      const guint64 time = gst_segment_to_stream_time (&self->segment, GST_FORMAT_TIME, pts);

      if (GST_CLOCK_TIME_IS_VALID (time))
        change->at_us = (gint64)(time / GST_USECOND);
    }
  if (self->fresh)
    change->metadata = player_metadata_ref (self->latest);
  self->fresh = FALSE;
  self->gap = FALSE;
  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->changes, change);
  g_mutex_unlock (&self->lock);
  self->changed (self->data);
}

static GstPadProbeReturn
titles_on_data (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  PlayerGstTitles *self = data;

  if (info->type & GST_PAD_PROBE_TYPE_BUFFER)
    titles_take_buffer (self, GST_PAD_PROBE_INFO_BUFFER (info));
  else
    titles_take_event (self, GST_PAD_PROBE_INFO_EVENT (info));
  return GST_PAD_PROBE_OK;
}

/* --- any thread --- */

PlayerGstTitles *
player_gst_titles_new (GstPad *pad, PlayerGstTitlesFunc changed, gpointer data)
{
  PlayerGstTitles *self = g_new0 (PlayerGstTitles, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->changed = changed;
  self->data = data;
  gst_segment_init (&self->segment, GST_FORMAT_UNDEFINED);
  g_mutex_init (&self->lock);
  gst_pad_add_probe (pad,
                     GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM
                         | GST_PAD_PROBE_TYPE_EVENT_FLUSH,
                     titles_on_data, player_gst_titles_ref (self),
                     (GDestroyNotify)player_gst_titles_unref);
  return self;
}

PlayerGstTitles *
player_gst_titles_ref (PlayerGstTitles *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
player_gst_titles_unref (PlayerGstTitles *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_queue_clear_full (&self->changes, change_free);
  g_clear_pointer (&self->latest, player_metadata_unref);
  g_mutex_clear (&self->lock);
  g_free (self);
}

PlayerMetadata *
player_gst_titles_advance (PlayerGstTitles *self, gint64 at_us, gint64 *gap_us)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  PlayerMetadata *metadata = NULL;
  const Change *first;

  while ((first = g_queue_peek_head (&self->changes)) != NULL && first->at_us <= at_us)
    {
      if (first->gap)
        *gap_us = first->at_us;
      if (first->metadata != NULL)
        {
          g_clear_pointer (&metadata, player_metadata_unref);
          metadata = player_metadata_ref (first->metadata);
        }
      change_free (g_queue_pop_head (&self->changes));
    }
  return metadata;
}

gint64
player_gst_titles_get_next_us (PlayerGstTitles *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  const Change *first = g_queue_peek_head (&self->changes);

  return first != NULL ? first->at_us : -1;
}

char *
player_gst_titles_guess (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_PARSE_RELAXED | G_URI_FLAGS_ENCODED, NULL);

  if (uri == NULL)
    return NULL;
  const char *slash = strrchr (g_uri_get_path (uri), '/');
  const char *encoded = slash != NULL ? slash + 1 : g_uri_get_path (uri);
  g_autofree char *name = g_uri_unescape_string (encoded, NULL);
  if (name == NULL || *name == '\0')
    return g_strdup (g_uri_get_host (uri));
  char *valid = g_utf8_make_valid (name, -1);
  for (char *at = valid; *at != '\0'; at++)
    if (g_ascii_iscntrl (*at))
      *at = ' ';
  return valid;
}

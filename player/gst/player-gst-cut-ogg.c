/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <string.h>

#include "player-gst-cut.h"

/* The demuxer bisects by itself, and labels what it finds exactly. But where it is fed (rather than
 * reading by itself) it does not drop what the last page has too much of. Its position (RFC 3533 §6)
 * says where the stream ends. */

#define PAGE_HEADER_BYTES 27
#define FLAG_FIRST 0x02
#define FLAG_LAST 0x04

typedef struct
{
  PlayerGstCut parent;

  guint32 serial;
  guint rate; /* 0: not a stream whose end we know */
  gboolean begun;
} CutOgg;

static guint32
read_le32 (const guint8 *data)
{
  return (guint32)data[3] << 24 | (guint32)data[2] << 16 | (guint32)data[1] << 8 | data[0];
}

static gsize
page_size (const guint8 *data)
{
  gsize size = PAGE_HEADER_BYTES + data[26];

  for (guint i = 0; i < data[26]; i++)
    size += data[PAGE_HEADER_BYTES + i];
  return size;
}

/* Streams in parallel, or one after the other, have ends of their own. */
static void
cut_begin_stream (CutOgg *self, const guint8 *page, gsize size)
{
  const gsize body = PAGE_HEADER_BYTES + page[26];
  const gboolean second = self->begun;

  self->begun = TRUE;
  self->rate = 0;
  if (second)
    {
      player_gst_trim_set_stream (self->parent.trim, 48000, 0, -1);
      return;
    }
  self->serial = read_le32 (page + 14);
  if (size >= body + 16 && memcmp (page + body, "\x01vorbis", 7) == 0)
    self->rate = read_le32 (page + body + 12);
}

static void
cut_read_page (CutOgg *self, const guint8 *page, gsize size)
{
  const gint64 position = (gint64)((guint64)read_le32 (page + 10) << 32 | read_le32 (page + 6));

  if ((page[5] & FLAG_FIRST) != 0)
    cut_begin_stream (self, page, size);
  else if ((page[5] & FLAG_LAST) != 0 && self->rate > 0 && read_le32 (page + 14) == self->serial
           && position >= 0)
    player_gst_trim_set_stream (self->parent.trim, self->rate, 0, position);
}

static PlayerGstCutStep
cut_ogg_step (PlayerGstCut *cut, const PlayerGstCutView *view)
{
  CutOgg *self = (CutOgg *)cut;

  if (view->size < PAGE_HEADER_BYTES || view->size < (gsize)PAGE_HEADER_BYTES + view->data[26])
    {
      if (view->last)
        return (PlayerGstCutStep){ PLAYER_GST_CUT_KEEP, MAX (view->size, 1), NULL };
      return (PlayerGstCutStep){ PLAYER_GST_CUT_MORE,
                                 view->size < PAGE_HEADER_BYTES
                                     ? PAGE_HEADER_BYTES
                                     : (gsize)PAGE_HEADER_BYTES + view->data[26],
                                 NULL };
    }
  if (memcmp (view->data, "OggS", 4) != 0 || view->data[4] != 0)
    {
      const guint8 *next = memmem (view->data + 1, view->size - 1, "OggS", 4);

      return (PlayerGstCutStep){ PLAYER_GST_CUT_KEEP,
                                 next != NULL ? (gsize)(next - view->data) : view->size - 3, NULL };
    }
  const gsize size = page_size (view->data);
  if ((view->data[5] & FLAG_FIRST) != 0 && view->size < size && !view->last)
    return (PlayerGstCutStep){ PLAYER_GST_CUT_MORE, size, NULL };
  cut_read_page (self, view->data, MIN (view->size, size));
  return (PlayerGstCutStep){ PLAYER_GST_CUT_KEEP, size, NULL };
}

static const PlayerGstCutClass ogg_class = { .name = "Ogg", .step = cut_ogg_step };

PlayerGstCut *
player_gst_cut_ogg_new (PlayerGstTrim *trim)
{
  CutOgg *self = player_gst_cut_alloc (sizeof (CutOgg), &ogg_class, trim);

  return &self->parent;
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-mp4.h"

#include <stdlib.h>
#include <string.h>

#define TYPE PLAYER_GST_MP4_TYPE
/* Of the movie's header, as far as it is read and written. */
#define HEADER_BYTES 32

/* A stretch of the file that lies in one box. */
typedef struct
{
  const guint8 *data;
  gsize size;
  gsize at;   /* of data, in what is parsed */
  gsize head; /* … of the box itself */
} Span;

typedef struct
{
  guint movie_scale; /* units per second of the edit list's durations */
  guint scale;       /* … of the track */
  gint64 raw;        /* length of the track as it is stored */
  gint64 media_time; /* of the only edit, -1: there is none */
  gint64 duration;   /* … in the movie's units */
  gboolean odd;      /* edits which we do not follow */
} Track;

static guint64
read_be (const guint8 *data, guint bytes)
{
  guint64 value = 0;

  for (guint i = 0; i < bytes; i++)
    value = value << 8 | data[i];
  return value;
}

guint
player_gst_mp4_box_parse (const guint8 *data, gsize size, guint32 *type, guint64 *box_size)
{
  if (size < 8)
    return 0;
  *box_size = read_be (data, 4);
  *type = (guint32)read_be (data + 4, 4);
  if (*box_size != 1)
    return 8;
  if (size < 16)
    return 0;
  *box_size = read_be (data + 8, 8);
  return 16;
}

/* The next box in @parent from *@at on; *@at moves behind it. */
static gboolean
span_next (const Span *parent, gsize *at, guint32 *type, Span *box)
{
  guint64 size;

  if (*at >= parent->size)
    return FALSE;
  const guint header
      = player_gst_mp4_box_parse (parent->data + *at, parent->size - *at, type, &size);
  if (header == 0)
    return FALSE;
  if (size == 0)
    size = parent->size - *at;
  if (size < header || size > parent->size - *at)
    return FALSE;
  box->data = parent->data + *at + header;
  box->size = (gsize)size - header;
  box->head = parent->at + *at;
  box->at = box->head + header;
  *at += (gsize)size;
  return TRUE;
}

static gboolean
span_find (const Span *parent, guint32 wanted, Span *box)
{
  guint32 type;

  for (gsize at = 0; span_next (parent, &at, &type, box);)
    if (type == wanted)
      return TRUE;
  return FALSE;
}

/* Units per second, of mvhd and mdhd alike. */
static guint
read_scale (const Span *box)
{
  if (box->size < 1)
    return 0;
  const gsize at = box->data[0] == 1 ? 20 : 12;

  return box->size >= at + 4 ? (guint)read_be (box->data + at, 4) : 0;
}

/* Sum of the durations of all samples; -1: not to be told. */
static gint64
read_length (const Span *stts)
{
  gint64 length = 0;

  if (stts->size < 8)
    return -1;
  const guint64 entries = read_be (stts->data + 4, 4);
  if (entries > (stts->size - 8) / 8)
    return -1;
  for (guint64 i = 0; i < entries; i++)
    {
      const guint8 *entry = stts->data + 8 + 8 * i;

      length += (gint64)(read_be (entry, 4) * read_be (entry + 4, 4) & G_MAXINT64 >> 8);
      if (length > G_MAXINT64 >> 8)
        return -1;
    }
  return length;
}

/* One edit that leaves out the beginning, maybe the end; an empty one before it only delays. */
static void
track_read_edits (Track *self, const Span *elst)
{
  if (elst->size < 8)
    return;
  const gboolean wide = elst->data[0] == 1;
  const gsize entry_size = wide ? 20 : 12;
  const guint64 entries = read_be (elst->data + 4, 4);

  if (entries > (elst->size - 8) / entry_size)
    {
      self->odd = TRUE;
      return;
    }
  for (guint64 i = 0; i < entries; i++)
    {
      const guint8 *entry = elst->data + 8 + i * entry_size;
      const gint64 media_time
          = wide ? (gint64)read_be (entry + 8, 8) : (gint32)read_be (entry + 4, 4);

      if (media_time < 0)
        continue;
      self->odd |= self->media_time >= 0 || read_be (entry + (wide ? 16 : 8), 4) != 0x10000;
      self->media_time = media_time;
      self->duration = (gint64)read_be (entry, wide ? 8 : 4);
    }
}

static gboolean
track_read (Track *self, const Span *trak, gsize *edits_at)
{
  Span mdia, box, minf, stbl, edts;

  *edits_at = 0;
  self->media_time = -1;
  if (!span_find (trak, TYPE ('m', 'd', 'i', 'a'), &mdia)
      || !span_find (&mdia, TYPE ('h', 'd', 'l', 'r'), &box) || box.size < 12
      || memcmp (box.data + 8, "soun", 4) != 0
      || !span_find (&mdia, TYPE ('m', 'd', 'h', 'd'), &box))
    return FALSE;
  self->scale = read_scale (&box);
  if (!span_find (&mdia, TYPE ('m', 'i', 'n', 'f'), &minf)
      || !span_find (&minf, TYPE ('s', 't', 'b', 'l'), &stbl)
      || !span_find (&stbl, TYPE ('s', 't', 't', 's'), &box))
    return FALSE;
  self->raw = read_length (&box);
  if (span_find (trak, TYPE ('e', 'd', 't', 's'), &edts))
    {
      *edits_at = edts.head;
      if (span_find (&edts, TYPE ('e', 'l', 's', 't'), &box))
        track_read_edits (self, &box);
    }
  return self->scale > 0 && self->raw > 0 && !self->odd;
}

/* The edit's duration is as coarse as the movie's units: within one of them the samples count. */
static void
gapless_from_edits (PlayerGstMp4Gapless *self, const Track *track)
{
  self->lead = MIN (MAX (track->media_time, 0), track->raw);
  self->total = track->raw - self->lead;
  if (track->media_time < 0 || track->duration <= 0 || track->movie_scale == 0)
    return;
  const double unit = (double)track->scale / track->movie_scale;
  const double edited = (double)track->duration * unit;
  const double slack = track->movie_scale == track->scale ? 0.5 : unit + 1.0;

  if (edited < (double)self->total - slack)
    self->total = (gint64)(edited + 0.5);
}

/* What iTunes writes: " 00000000 00000840 000001CA 00000000003F31F6 …": nothing, delay, padding,
 * length. It may count frames of twice the rate of the track (HE-AAC). */
static void
gapless_from_itunes (PlayerGstMp4Gapless *self, const Track *track, const char *text)
{
  guint64 fields[4];
  char *end = (char *)text;

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      const char *from = end;

      fields[i] = g_ascii_strtoull (from, &end, 16);
      if (end == from)
        return;
    }
  const guint64 all = fields[1] + fields[2] + fields[3];
  if (fields[3] == 0 || fields[1] > G_MAXINT32 || fields[2] > G_MAXINT32
      || fields[3] > G_MAXINT64 >> 8)
    return;
  /* The last packet may be said to be shorter than what comes out of it. */
  const guint64 raw = (guint64)track->raw;
  const guint times = all >= 2 * raw && all < 2 * raw + 4096 ? 2 : 1;
  if (times == 1 && (all + 2048 < raw || all > raw + 2048))
    return;
  self->rate = track->scale * times;
  self->lead = (gint64)fields[1];
  self->total = (gint64)fields[3];
}

/* (nullable): the value of "iTunSMPB". */
static char *
find_itunes (const Span *moov)
{
  Span udta, meta, ilst, item, box;
  guint32 type;

  if (!span_find (moov, TYPE ('u', 'd', 't', 'a'), &udta)
      || !span_find (&udta, TYPE ('m', 'e', 't', 'a'), &meta) || meta.size < 4)
    return NULL;
  meta.data += 4;
  meta.size -= 4;
  if (!span_find (&meta, TYPE ('i', 'l', 's', 't'), &ilst))
    return NULL;
  for (gsize at = 0; span_next (&ilst, &at, &type, &item);)
    if (type == TYPE ('-', '-', '-', '-') && span_find (&item, TYPE ('n', 'a', 'm', 'e'), &box)
        && box.size == 4 + strlen ("iTunSMPB") && memcmp (box.data + 4, "iTunSMPB", 8) == 0
        && span_find (&item, TYPE ('d', 'a', 't', 'a'), &box) && box.size > 8)
      return g_strndup ((const char *)box.data + 8, box.size - 8);
  return NULL;
}

gboolean
player_gst_mp4_gapless_parse (PlayerGstMp4Gapless *self, const guint8 *data, gsize size)
{
  const Span file = { data, size, 0, 0 };
  Track track = { 0 };
  Span moov, box;
  guint32 type;
  gboolean found = FALSE;

  if (!span_find (&file, TYPE ('m', 'o', 'o', 'v'), &moov)
      || span_find (&moov, TYPE ('m', 'v', 'e', 'x'), &box))
    return FALSE;
  if (!span_find (&moov, TYPE ('m', 'v', 'h', 'd'), &box) || box.size < HEADER_BYTES)
    return FALSE;
  self->header_at = box.at;
  self->wide = box.data[0] == 1;
  const guint movie_scale = read_scale (&box);
  for (gsize at = 0; !found && span_next (&moov, &at, &type, &box);)
    if (type == TYPE ('t', 'r', 'a', 'k'))
      {
        track = (Track){ .movie_scale = movie_scale };
        found = track_read (&track, &box, &self->edits_at);
      }
  if (!found)
    return FALSE;
  self->rate = track.scale;
  const unsigned __int128 length = (unsigned __int128)track.raw * movie_scale;
  self->movie_length = (guint64)((length + track.scale - 1) / track.scale);
  gapless_from_edits (self, &track);
  g_autofree char *itunes = find_itunes (&moov);
  if (itunes != NULL)
    gapless_from_itunes (self, &track, itunes);
  return TRUE;
}

void
player_gst_mp4_gapless_open (const PlayerGstMp4Gapless *self, guint8 *moov)
{
  const guint64 wide = GUINT64_TO_BE (self->movie_length);
  const guint32 narrow = GUINT32_TO_BE ((guint32)MIN (self->movie_length, G_MAXUINT32 - 1));

  if (self->edits_at > 0)
    memcpy (moov + self->edits_at + 4, "free", 4);
  if (self->wide)
    memcpy (moov + self->header_at + 24, &wide, sizeof wide);
  else
    memcpy (moov + self->header_at + 16, &narrow, sizeof narrow);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <string.h>

#include "player-gst-cut.h"
#include "player-gst-flac.h"

/* Frames of FLAC say which samples they hold. The one to begin with is searched by asking for bytes
 * where it might be; a seek table only makes the first guess better. */

#define MARKER_BYTES 4
#define BLOCK_HEADER_BYTES 4
#define SEEK_POINT_BYTES 18
#define BLOCK_STREAMINFO 0
#define BLOCK_SEEKTABLE 3
/* So much before the offset is aimed at, and so much is good enough: it is decoded and dropped. */
#define AIM_MS 700
#define NEAR_MS 2500
/* A frame is looked for in so many bytes. */
#define MAX_SCAN_BYTES (1 << 20)
#define MAX_GUESSES 40
#define MIN_GAP_BYTES 65536

typedef enum
{
  STATE_MARKER,
  STATE_BLOCK,
  STATE_AUDIO,
  STATE_SEARCH,
  STATE_DONE,
} State;

/* A frame of which byte and sample are known. */
typedef struct
{
  guint64 at;
  guint64 sample;
} Place;

typedef struct
{
  PlayerGstCut parent;

  State state;
  gboolean last_block;
  PlayerGstFlacInfo info; /* rate 0: not seen */
  guint64 target;
  Place below; /* at or before the target */
  Place above; /* behind it */
  Place
      point; /* of the seek table, below the target: counted from the first frame; sample 0: none */
  guint guesses;
  guint64 base; /* sample that the decoder begins with */
} CutFlac;

static PlayerGstCutStep
cut_more (gsize count)
{
  return (PlayerGstCutStep){ PLAYER_GST_CUT_MORE, count, NULL };
}

static PlayerGstCutStep
cut_keep (guint64 count)
{
  return (PlayerGstCutStep){ PLAYER_GST_CUT_KEEP, count, NULL };
}

/* The parser counts from the first frame it gets. */
static PlayerGstCutStep
cut_land (CutFlac *self)
{
  self->state = STATE_DONE;
  if (self->info.rate > 0)
    player_gst_trim_set_landed (self->parent.trim, (gint64)self->base);
  return (PlayerGstCutStep){ PLAYER_GST_CUT_PASS, 0, NULL };
}

static guint64
read_be64 (const guint8 *data)
{
  guint64 value = 0;

  for (guint i = 0; i < 8; i++)
    value = value << 8 | data[i];
  return value;
}

static void
cut_read_info (CutFlac *self, const guint8 *data, gsize size)
{
  if (!player_gst_flac_info_parse (&self->info, data, size))
    {
      self->info.rate = 0;
      return;
    }
  player_gst_trim_set_stream (self->parent.trim, self->info.rate, 0,
                              self->info.total > 0 ? (gint64)self->info.total : -1);
  self->target = (guint64)player_gst_trim_get_range (self->parent.trim, self->info.rate).from;
  if (self->info.total > 0)
    self->target = MIN (self->target, self->info.total - 1);
}

/* The last point before the target. It is a hint: what is found there counts. */
static void
cut_read_points (CutFlac *self, const guint8 *data, gsize size)
{
  for (gsize at = 0; at + SEEK_POINT_BYTES <= size; at += SEEK_POINT_BYTES)
    {
      const guint64 sample = read_be64 (data + at);

      if (sample <= self->target && sample >= self->point.sample)
        self->point = (Place){ read_be64 (data + at + 8), sample };
    }
}

static PlayerGstCutStep
cut_block (CutFlac *self, const PlayerGstCutView *view)
{
  if (view->size < BLOCK_HEADER_BYTES)
    return cut_more (BLOCK_HEADER_BYTES);
  const guint type = view->data[0] & 0x7f;
  const gsize size
      = BLOCK_HEADER_BYTES + ((gsize)view->data[1] << 16 | view->data[2] << 8 | view->data[3]);
  const gboolean read = type == BLOCK_STREAMINFO || type == BLOCK_SEEKTABLE;

  if (read && view->size < size)
    return cut_more (size);
  if (type == BLOCK_STREAMINFO)
    cut_read_info (self, view->data + BLOCK_HEADER_BYTES, size - BLOCK_HEADER_BYTES);
  else if (type == BLOCK_SEEKTABLE)
    cut_read_points (self, view->data + BLOCK_HEADER_BYTES, size - BLOCK_HEADER_BYTES);
  if ((view->data[0] & 0x80) != 0)
    self->state = STATE_AUDIO;
  return cut_keep (size);
}

static gboolean
cut_is_near (CutFlac *self, guint64 sample, guint ms)
{
  return sample <= self->target && self->target - sample <= (guint64)self->info.rate * ms / 1000;
}

static PlayerGstCutStep
cut_seek (CutFlac *self, guint64 at)
{
  self->state = STATE_SEARCH;
  return (PlayerGstCutStep){ PLAYER_GST_CUT_SEEK, at, NULL };
}

/* By how the bytes have been spread so far; each third time by halves, whatever is in them. */
static PlayerGstCutStep
cut_guess (CutFlac *self)
{
  const guint64 bytes = self->above.at - self->below.at;
  const guint64 samples = self->above.sample - self->below.sample;
  const guint64 ahead = (guint64)self->info.rate * AIM_MS / 1000;
  const guint64 wanted = self->target - self->below.sample;
  guint64 step = bytes / 2;

  if (++self->guesses % 3 != 0)
    step = (guint64)((double)(wanted > ahead ? wanted - ahead : 0) / (double)samples
                     * (double)bytes);
  return cut_seek (self, self->below.at + MIN (step, bytes - 1));
}

static PlayerGstCutStep
cut_search_on (CutFlac *self)
{
  if (self->above.at <= self->below.at + MIN_GAP_BYTES || self->above.sample <= self->below.sample
      || self->guesses >= MAX_GUESSES || cut_is_near (self, self->below.sample, NEAR_MS))
    {
      /* Nothing lies between: the decoder begins below. */
      self->state = STATE_DONE;
      self->base = self->below.sample;
      return (PlayerGstCutStep){ PLAYER_GST_CUT_SEEK, self->below.at, NULL };
    }
  return cut_guess (self);
}

static PlayerGstCutStep
cut_audio (CutFlac *self, const PlayerGstCutView *view)
{
  if (player_gst_cut_is_endless (view) && self->info.total == 0)
    player_gst_trim_set_live (self->parent.trim);
  if (self->info.rate == 0 || self->info.total == 0 || !view->seekable || view->file_size < 0
      || !player_gst_trim_has_offset (self->parent.trim) || cut_is_near (self, 0, NEAR_MS))
    return cut_land (self);
  self->below = (Place){ view->at, 0 };
  self->above = (Place){ (guint64)view->file_size, self->info.total };
  if (self->point.sample > 0 && self->point.at < self->above.at - view->at
      && cut_is_near (self, self->point.sample, NEAR_MS))
    return cut_seek (self, view->at + self->point.at);
  return cut_search_on (self);
}

/* A frame that is followed by the next one. @at: (out): its place, or what may be given up. */
static gboolean
cut_find_frame (CutFlac *self, const PlayerGstCutView *view, gsize *at, guint64 *sample)
{
  const gsize reach = self->info.max_frame_bytes > 0 ? self->info.max_frame_bytes + 16 : G_MAXSIZE;

  for (*at = 0; *at + 6 <= view->size; (*at)++)
    {
      const guint samples
          = player_gst_flac_frame_parse (&self->info, view->data + *at, view->size - *at, sample);
      const gsize end = MIN (view->size - *at, reach);
      guint64 next;

      if (samples == 0)
        continue;
      if (*sample + samples == self->info.total)
        return TRUE;
      for (gsize i = 6; i + 6 <= end; i++)
        if (view->data[*at + i] == 0xff
            && player_gst_flac_frame_parse (&self->info, view->data + *at + i, view->size - *at - i,
                                            &next)
                   > 0
            && next == *sample + samples)
          return TRUE;
      if (end < reach && view->size < MAX_SCAN_BYTES)
        return FALSE; /* what follows has not been read */
    }
  return FALSE;
}

static PlayerGstCutStep
cut_search (CutFlac *self, const PlayerGstCutView *view)
{
  gsize at;
  guint64 sample;

  if (cut_find_frame (self, view, &at, &sample))
    {
      if (cut_is_near (self, sample, NEAR_MS))
        {
          self->state = STATE_DONE;
          self->base = sample;
          return at > 0 ? (PlayerGstCutStep){ PLAYER_GST_CUT_SKIP, at, NULL } : cut_land (self);
        }
      if (sample > self->target)
        self->above = (Place){ MAX (view->at, self->below.at + 1), sample };
      else
        self->below = (Place){ view->at + at, sample };
      return cut_search_on (self);
    }
  if (!view->last && view->size < MAX_SCAN_BYTES)
    return cut_more (MAX (2 * view->size, 16384));
  /* No frame from here on. */
  self->above.at = view->at;
  return cut_search_on (self);
}

static PlayerGstCutStep
cut_flac_step (PlayerGstCut *cut, const PlayerGstCutView *view)
{
  CutFlac *self = (CutFlac *)cut;

  switch (self->state)
    {
    case STATE_MARKER:
      self->state = STATE_BLOCK;
      return cut_keep (MARKER_BYTES);
    case STATE_BLOCK:
      return cut_block (self, view);
    case STATE_AUDIO:
      return cut_audio (self, view);
    case STATE_SEARCH:
      return cut_search (self, view);
    case STATE_DONE:
    default:
      return cut_land (self);
    }
}

static const PlayerGstCutClass flac_class
    = { .name = "FLAC", .lands = TRUE, .step = cut_flac_step };

PlayerGstCut *
player_gst_cut_flac_new (PlayerGstTrim *trim)
{
  CutFlac *self = player_gst_cut_alloc (sizeof (CutFlac), &flac_class, trim);

  return &self->parent;
}

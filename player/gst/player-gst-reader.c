/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-reader.h"

#include <string.h>

#include "player-gst-map.h"

typedef struct
{
  GstBuffer *buffer; /* (owned) */
  gsize at_bytes;    /* read so far */
  gsize size_bytes;
} Chunk;

struct _PlayerGstReader
{
  PlayerGstTray *tray; /* (unowned): its hook holds the item, which holds this */
  gint64 start_us;
  guint rate;
  gboolean landed;
  gint64 frame;   /* of the stream, handed out next */
  gint64 dropped; /* frames dropped while landing */
  GQueue chunks;  /* (element-type Chunk) */
  guint waiting;  /* frames in chunks */
};

static void
chunk_free (Chunk *chunk)
{
  gst_buffer_unref (chunk->buffer);
  g_free (chunk);
}

PlayerGstReader *
player_gst_reader_new (PlayerGstTray *tray, gint64 start_us)
{
  PlayerGstReader *self = g_new0 (PlayerGstReader, 1);

  self->tray = tray;
  self->start_us = start_us;
  g_queue_init (&self->chunks);
  return self;
}

void
player_gst_reader_set_start (PlayerGstReader *self, gint64 start_us)
{
  self->start_us = start_us;
}

void
player_gst_reader_free (PlayerGstReader *self)
{
  g_queue_clear_full (&self->chunks, (GDestroyNotify)chunk_free);
  g_free (self);
}

/* The frame of the stream at which @portion begins. */
static gint64
reader_locate (PlayerGstReader *self, const PlayerGstPortion *portion)
{
  if (!GST_CLOCK_TIME_IS_VALID (portion->time_ns))
    return self->dropped;
  return (gint64)gst_util_uint64_scale_round (portion->time_ns, self->rate, GST_SECOND);
}

/* How many of the @frames of @portion lie before the start. Decoders may land early after a seek,
 * and streams which cannot be sought are decoded from their beginning. */
static guint
reader_trim (PlayerGstReader *self, const PlayerGstPortion *portion, guint frames)
{
  const gint64 start = player_gst_us_to_frames (self->start_us, self->rate);
  const gint64 first = start > 0 ? reader_locate (self, portion) : 0;

  if (first + frames <= start)
    {
      self->dropped = first + frames;
      return frames;
    }
  self->landed = TRUE;
  self->frame = MAX (first, start);
  return (guint)(self->frame - first);
}

static gboolean
reader_take (PlayerGstReader *self)
{
  g_auto (PlayerGstPortion) portion = { NULL };

  if (!player_gst_tray_take (self->tray, &portion))
    return FALSE;
  const guint frames = (guint)(gst_buffer_get_size (portion.buffer) / PLAYER_GST_FRAME_BYTES);
  if (self->rate == 0)
    self->rate = portion.rate;
  const guint skip = self->landed ? 0 : reader_trim (self, &portion, frames);
  if (frames > skip && self->landed)
    {
      Chunk *chunk = g_new (Chunk, 1);

      chunk->buffer = g_steal_pointer (&portion.buffer);
      chunk->at_bytes = skip * PLAYER_GST_FRAME_BYTES;
      chunk->size_bytes = frames * PLAYER_GST_FRAME_BYTES;
      g_queue_push_tail (&self->chunks, chunk);
      self->waiting += frames - skip;
    }
  return TRUE;
}

gboolean
player_gst_reader_land (PlayerGstReader *self)
{
  while (self->waiting == 0)
    if (!reader_take (self))
      return FALSE;
  return TRUE;
}

guint
player_gst_reader_get_rate (PlayerGstReader *self)
{
  return self->rate;
}

gint64
player_gst_reader_get_frame (PlayerGstReader *self)
{
  return self->landed ? self->frame : player_gst_us_to_frames (self->start_us, self->rate);
}

guint
player_gst_reader_fill (PlayerGstReader *self, guint wanted)
{
  while (self->waiting < wanted)
    if (!reader_take (self))
      break;
  return self->waiting;
}

guint64
player_gst_reader_count_waiting (PlayerGstReader *self)
{
  return self->waiting + player_gst_tray_get_waiting (self->tray);
}

guint
player_gst_reader_read (PlayerGstReader *self, float *dest, guint frames)
{
  const guint waiting = player_gst_reader_fill (self, frames);
  const guint ready = MIN (waiting, frames);
  gsize left = ready * PLAYER_GST_FRAME_BYTES;
  guint8 *to = (guint8 *)dest;

  while (left > 0)
    {
      Chunk *chunk = g_queue_peek_head (&self->chunks);
      const gsize some = MIN (left, chunk->size_bytes - chunk->at_bytes);

      gst_buffer_extract (chunk->buffer, chunk->at_bytes, to, some);
      chunk->at_bytes += some;
      to += some;
      left -= some;
      if (chunk->at_bytes == chunk->size_bytes)
        chunk_free (g_queue_pop_head (&self->chunks));
    }
  self->waiting -= ready;
  self->frame += ready;
  return ready;
}

gboolean
player_gst_reader_is_eos (PlayerGstReader *self)
{
  return player_gst_tray_is_eos (self->tray);
}

gboolean
player_gst_reader_at_end (PlayerGstReader *self)
{
  return player_gst_reader_fill (self, 1) == 0 && player_gst_tray_is_eos (self->tray);
}

gint64
player_gst_reader_get_end (PlayerGstReader *self)
{
  const guint waiting = player_gst_reader_fill (self, G_MAXUINT);

  return player_gst_reader_is_eos (self) ? player_gst_reader_get_frame (self) + waiting : -1;
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-reader.h"

#include "player-gst-map.h"

typedef struct
{
  PlayerGstPortion portion; /* (owned) */
  guint first;              /* frame that it begins with */
  guint at;                 /* frames read so far */
  guint frames;
} Chunk;

/* Some samples of 16 bit, and as floats, wherever they lie, at odd addresses too (a demuxer hands on
 * parts of what came from the network): all that plays comes by here. */
#define AT_A_TIME 8
typedef gint16 Sample __attribute__ ((aligned (1), may_alias));
typedef gint16 Narrow __attribute__ ((vector_size (16), aligned (1), may_alias));
typedef gint32 Whole __attribute__ ((vector_size (32)));
typedef float Wide __attribute__ ((vector_size (32), aligned (4), may_alias));
#define FULL_LEVEL 32768.0f

struct _PlayerGstReader
{
  PlayerGstTray *tray; /* (unowned): its hook holds the item, which holds this */
  gint64 start_us;
  guint rate;
  gboolean landed;
  gint64 frame;        /* of the stream, handed out next */
  gint64 dropped;      /* frames dropped while landing */
  GQueue chunks;       /* (element-type Chunk) */
  guint waiting;       /* frames in chunks */
  GQueue past;         /* (element-type Chunk): read, newest last */
  guint64 past_frames; /* in it, and read of the first chunk */
  guint64 keep_frames; /* so many of them are kept */
};

static void
chunk_free (Chunk *chunk)
{
  player_gst_portion_clear (&chunk->portion);
  g_free (chunk);
}

PlayerGstReader *
player_gst_reader_new (PlayerGstTray *tray, gint64 start_us)
{
  PlayerGstReader *self = g_new0 (PlayerGstReader, 1);

  self->tray = tray;
  self->start_us = start_us;
  g_queue_init (&self->chunks);
  g_queue_init (&self->past);
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
  g_queue_clear_full (&self->past, (GDestroyNotify)chunk_free);
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
  const guint frames = player_gst_portion_count_frames (&portion);
  if (self->rate == 0)
    self->rate = portion.rate;
  const guint skip = self->landed ? 0 : reader_trim (self, &portion, frames);
  if (frames > skip && self->landed)
    {
      Chunk *chunk = g_new (Chunk, 1);

      chunk->portion = portion;
      portion.buffer = NULL;
      chunk->first = skip;
      chunk->at = skip;
      chunk->frames = frames;
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

static void
widen (float *to, const Sample *from, guint samples)
{
  guint i = 0;

  for (; i + AT_A_TIME <= samples; i += AT_A_TIME)
    {
      const Whole whole = __builtin_convertvector(*(const Narrow *)(from + i), Whole);

      *(Wide *)(to + i) = __builtin_convertvector(whole, Wide) / FULL_LEVEL;
    }
  for (; i < samples; i++)
    to[i] = from[i] / FULL_LEVEL;
}

static void
chunk_copy (const Chunk *chunk, float *dest, guint frames)
{
  GstMapInfo info;

  if (!chunk->portion.narrow)
    gst_buffer_extract (chunk->portion.buffer, chunk->at * PLAYER_GST_FRAME_BYTES, dest,
                        frames * PLAYER_GST_FRAME_BYTES);
  else if (gst_buffer_map (chunk->portion.buffer, &info, GST_MAP_READ))
    {
      widen (dest, (const Sample *)info.data + chunk->at * PLAYER_GST_CHANNELS,
             frames * PLAYER_GST_CHANNELS);
      gst_buffer_unmap (chunk->portion.buffer, &info);
    }
}

/* Forgets the oldest chunks while enough is left without them. */
static void
reader_trim_past (PlayerGstReader *self)
{
  const Chunk *oldest;

  while ((oldest = g_queue_peek_head (&self->past)) != NULL)
    {
      const guint frames = oldest->frames - oldest->first;

      if (self->past_frames - frames < self->keep_frames)
        return;
      self->past_frames -= frames;
      chunk_free (g_queue_pop_head (&self->past));
    }
}

void
player_gst_reader_keep_past (PlayerGstReader *self, guint64 frames)
{
  self->keep_frames = frames;
}

guint64
player_gst_reader_count_past (PlayerGstReader *self)
{
  return self->past_frames;
}

void
player_gst_reader_rewind (PlayerGstReader *self, guint64 frames)
{
  const guint again = (guint)MIN (frames, self->past_frames);
  Chunk *chunk = g_queue_peek_head (&self->chunks);

  for (guint done = 0; done < again;)
    {
      if (chunk == NULL || chunk->at == chunk->first)
        {
          chunk = g_queue_pop_tail (&self->past);
          g_queue_push_head (&self->chunks, chunk);
        }
      const guint some = MIN (again - done, chunk->at - chunk->first);
      chunk->at -= some;
      done += some;
    }
  self->frame -= again;
  self->waiting += again;
  self->past_frames -= again;
}

guint
player_gst_reader_read (PlayerGstReader *self, float *dest, guint frames)
{
  const guint waiting = player_gst_reader_fill (self, frames);
  const guint ready = MIN (waiting, frames);

  for (guint done = 0; done < ready;)
    {
      Chunk *chunk = g_queue_peek_head (&self->chunks);
      const guint some = MIN (ready - done, chunk->frames - chunk->at);

      chunk_copy (chunk, dest + done * PLAYER_GST_CHANNELS, some);
      chunk->at += some;
      done += some;
      if (chunk->at == chunk->frames)
        g_queue_push_tail (&self->past, g_queue_pop_head (&self->chunks));
    }
  self->waiting -= ready;
  self->frame += ready;
  self->past_frames += ready;
  reader_trim_past (self);
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

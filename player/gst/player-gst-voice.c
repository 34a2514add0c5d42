/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-voice.h"

#include <string.h>

#include "player-gst-level.h"
#include "player-gst-line.h"
#include "player-gst-map.h"
#include "player-gst-tail.h"

struct _PlayerGstVoice
{
  gatomicrefcount ref_count;
  GMutex lock;
  GSource *wakeup; /* (owned) */

  /* All below: under the lock. */
  guint rate; /* 0: there is no utterance */
  guint output_rate;
  GQueue parts;           /* (element-type Part) */
  GQueue notes;           /* (element-type PlayerGstVoiceNoteType) */
  gint64 recordings_left; /* frames; -1: no limit */
  gboolean started;       /* a frame has left the pump */
  gboolean closed;        /* no part follows */
  gboolean ended;         /* all frames have left the pump */
  guint64 end_frame;      /* of the output */
  guint dry_blocks;
  gboolean refilling; /* ran dry: waits until enough has come in */

  /* Frames taken from the parts and not yet mixed: less than a block. */
  float *block; /* (owned) (nullable) */
  guint filled;
  guint mixed;
  guint old; /* so many of them are the fade-out of an earlier utterance */
};

typedef struct
{
  PlayerGstItem *item; /* (owned) (nullable): NULL: silence */
  guint64 frames_left; /* of the silence */
  gboolean recording;
} Part;

static void
part_free (Part *part)
{
  g_clear_object (&part->item);
  g_free (part);
}

/* --- under the lock --- */

static void
voice_note (PlayerGstVoice *self, PlayerGstVoiceNoteType note)
{
  g_queue_push_tail (&self->notes, GUINT_TO_POINTER (note));
  g_source_set_ready_time (self->wakeup, 0);
}

static guint
voice_block_frames (PlayerGstVoice *self)
{
  return self->rate / PLAYER_GST_FADES_PER_SECOND;
}

static void
voice_end_part (PlayerGstVoice *self, PlayerGstVoiceNoteType note)
{
  part_free (g_queue_pop_head (&self->parts));
  self->refilling = FALSE;
  self->dry_blocks = 0;
  voice_note (self, note);
}

static guint
voice_read_silence (PlayerGstVoice *self, Part *part, float *to, guint frames)
{
  const guint some = (guint)MIN (part->frames_left, frames);

  memset (to, 0, some * PLAYER_GST_FRAME_BYTES);
  part->frames_left -= some;
  if (part->frames_left == 0)
    voice_end_part (self, PLAYER_GST_VOICE_PART_ENDED);
  return some;
}

/* Recordings fade out towards their limit. */
static void
voice_count_recording (PlayerGstVoice *self, float *block, guint frames)
{
  const gint64 fade = voice_block_frames (self);

  if (self->recordings_left < 0)
    return;
  for (guint i = 0; i < frames; i++, self->recordings_left--)
    if (self->recordings_left <= fade)
      player_gst_level_scale (
          block + i * PLAYER_GST_CHANNELS, 1,
          player_gst_fade_get_factor ((guint)self->recordings_left - 1, (guint)fade));
}

static gboolean
voice_has_refilled (PlayerGstVoice *self, Part *part)
{
  PlayerGstReader *reader = player_gst_item_get_reader (part->item);
  const guint wanted = self->rate * PLAYER_GST_REFILL_MS / 1000;

  if (self->refilling && player_gst_reader_fill (reader, wanted) < wanted
      && !player_gst_reader_is_eos (reader) && player_gst_item_get_error (part->item, NULL) == NULL)
    return FALSE;
  self->refilling = FALSE;
  return TRUE;
}

/* What broke gives what it has decoded; a decoder that broke sends no end of stream. */
static gboolean
voice_part_is_spent (PlayerGstVoice *self, Part *part)
{
  return player_gst_reader_at_end (player_gst_item_get_reader (part->item))
         || (player_gst_item_get_error (part->item, NULL) != NULL
             && self->dry_blocks >= PLAYER_GST_BROKEN_BLOCKS);
}

/* May give 0 frames though the part has just ended. */
static guint
voice_read_item (PlayerGstVoice *self, Part *part, float *to, guint frames)
{
  PlayerGstReader *reader = player_gst_item_get_reader (part->item);
  const gboolean limited = part->recording && self->recordings_left >= 0;

  if (!voice_has_refilled (self, part))
    return 0;
  if (player_gst_reader_fill (reader, 1) == 0)
    {
      if (voice_part_is_spent (self, part))
        voice_end_part (self, PLAYER_GST_VOICE_PART_ENDED);
      return 0;
    }
  if (limited && self->recordings_left == 0)
    {
      voice_end_part (self, PLAYER_GST_VOICE_PART_CUT);
      return 0;
    }
  const gint64 most = limited ? MIN (self->recordings_left, (gint64)frames) : (gint64)frames;
  const guint got = player_gst_reader_read (reader, to, (guint)most);
  if (part->recording)
    voice_count_recording (self, to, got);
  self->dry_blocks = 0;
  return got;
}

/* Frames of the parts into the block until it holds @frames, or no more come. */
static void
voice_take (PlayerGstVoice *self, guint frames)
{
  while (self->filled < frames)
    {
      Part *part = g_queue_peek_head (&self->parts);
      const guint count = self->parts.length;
      float *to = self->block + self->filled * PLAYER_GST_CHANNELS;

      if (part == NULL)
        return;
      const guint got = part->item != NULL
                            ? voice_read_item (self, part, to, frames - self->filled)
                            : voice_read_silence (self, part, to, frames - self->filled);
      self->filled += got;
      if (got == 0 && self->parts.length == count)
        return;
    }
}

static void
voice_compact (PlayerGstVoice *self)
{
  self->filled -= self->mixed;
  memmove (self->block, self->block + self->mixed * PLAYER_GST_CHANNELS,
           self->filled * PLAYER_GST_FRAME_BYTES);
  self->mixed = 0;
}

static void
voice_clear (PlayerGstVoice *self)
{
  g_queue_clear_full (&self->parts, (GDestroyNotify)part_free);
  g_queue_clear (&self->notes);
  self->started = FALSE;
  self->closed = FALSE;
  self->ended = FALSE;
  self->refilling = FALSE;
  self->dry_blocks = 0;
}

static void
voice_reset (PlayerGstVoice *self)
{
  voice_clear (self);
  g_clear_pointer (&self->block, g_free);
  self->filled = 0;
  self->mixed = 0;
  self->old = 0;
  self->rate = 0;
}

static void
voice_note_end (PlayerGstVoice *self, guint64 out_frame)
{
  if (!self->closed || self->ended || self->parts.length > 0 || self->mixed < self->filled)
    return;
  self->ended = TRUE;
  self->end_frame = out_frame;
  voice_note (self, PLAYER_GST_VOICE_ENDED);
}

/* --- for who speaks --- */

void
player_gst_voice_begin (PlayerGstVoice *self, guint rate, gint64 recordings_ms)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->rate != rate)
    voice_reset (self);
  else
    voice_clear (self);
  self->rate = rate;
  if (self->block == NULL)
    self->block = g_new0 (float, voice_block_frames (self) * PLAYER_GST_CHANNELS);
  self->old = self->filled - self->mixed;
  self->recordings_left
      = recordings_ms > 0 ? player_gst_ms_to_frames (recordings_ms, rate) : (gint64)-1;
}

static void
voice_add (PlayerGstVoice *self, Part part)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_queue_push_tail (&self->parts, g_memdup2 (&part, sizeof part));
}

void
player_gst_voice_add_item (PlayerGstVoice *self, PlayerGstItem *item, gboolean recording)
{
  voice_add (self, (Part){ .item = g_object_ref (item), .recording = recording });
}

void
player_gst_voice_add_silence (PlayerGstVoice *self, guint duration_ms)
{
  const gint64 frames = player_gst_ms_to_frames (duration_ms, player_gst_voice_get_rate (self));

  voice_add (self, (Part){ .frames_left = (guint64)frames });
}

void
player_gst_voice_close (PlayerGstVoice *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->closed = TRUE;
}

void
player_gst_voice_stop (PlayerGstVoice *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->rate == 0 || self->ended)
    return;
  if (!self->started && self->old == 0)
    {
      voice_reset (self);
      return;
    }
  voice_compact (self);
  if (self->started)
    {
      voice_take (self, voice_block_frames (self));
      for (guint i = 0; i < self->filled; i++)
        player_gst_level_scale (self->block + i * PLAYER_GST_CHANNELS, 1,
                                player_gst_fade_get_factor (self->filled - 1 - i, self->filled));
    }
  else
    self->filled = self->old;
  self->old = self->filled;
  voice_clear (self);
  self->closed = TRUE;
}

gboolean
player_gst_voice_take_note (PlayerGstVoice *self, PlayerGstVoiceNoteType *note)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->notes.length == 0)
    return FALSE;
  *note = GPOINTER_TO_UINT (g_queue_pop_head (&self->notes));
  return TRUE;
}

/* --- for who looks after the output --- */

gboolean
player_gst_voice_is_busy (PlayerGstVoice *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->rate > 0 && !self->ended;
}

gboolean
player_gst_voice_has_ended (PlayerGstVoice *self, guint64 *out_frame)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  *out_frame = self->end_frame;
  return self->rate > 0 && self->ended;
}

void
player_gst_voice_forget (PlayerGstVoice *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  voice_reset (self);
}

guint
player_gst_voice_get_rate (PlayerGstVoice *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->rate;
}

/* --- for the pump --- */

void
player_gst_voice_restart (PlayerGstVoice *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->end_frame = 0;
}

guint
player_gst_voice_peek (PlayerGstVoice *self, guint rate, guint frames)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->output_rate = rate;
  if (self->rate != rate)
    return 0;
  if (self->mixed == self->filled)
    {
      self->mixed = 0;
      self->filled = 0;
      voice_take (self, MIN (frames, voice_block_frames (self)));
    }
  return MIN (frames, self->filled - self->mixed);
}

void
player_gst_voice_mix (PlayerGstVoice *self, float *block, guint frames, guint64 out_frame)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->rate == 0 || self->rate != self->output_rate)
    return;
  const guint some = MIN (frames, self->filled - self->mixed); /* it may have been stopped since */
  for (guint i = 0; i < some * PLAYER_GST_CHANNELS; i++)
    block[i] += self->block[self->mixed * PLAYER_GST_CHANNELS + i];
  self->mixed += some;
  if (some > self->old && !self->started)
    {
      self->started = TRUE;
      voice_note (self, PLAYER_GST_VOICE_STARTED);
    }
  self->old -= MIN (self->old, some);
  if (frames == 0 && self->parts.length > 0 && ++self->dry_blocks == PLAYER_GST_DRY_BLOCKS)
    self->refilling = self->started;
  voice_note_end (self, out_frame + frames);
}

PlayerGstVoice *
player_gst_voice_new (GSource *wakeup)
{
  PlayerGstVoice *self = g_new0 (PlayerGstVoice, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->wakeup = g_source_ref (wakeup);
  g_queue_init (&self->parts);
  g_queue_init (&self->notes);
  return self;
}

PlayerGstVoice *
player_gst_voice_ref (PlayerGstVoice *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
player_gst_voice_unref (PlayerGstVoice *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  voice_reset (self);
  g_mutex_clear (&self->lock);
  g_source_unref (self->wakeup);
  g_free (self);
}

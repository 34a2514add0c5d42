/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-line.h"

#include "player-gst-gauge.h"
#include "player-gst-level.h"
#include "player-gst-map.h"
#include "player-gst-tail.h"

struct _PlayerGstLine
{
  GSource *wakeup;      /* (owned) */
  PlayerGstMap *map;    /* (owned) */
  GQueue notes;         /* (element-type PlayerGstNote) */
  guint rate;           /* of the output */
  guint64 silent_since; /* out frame */
  guint64 past_frames;  /* may be taken back */

  PlayerGstItem *current; /* (owned) (nullable) */
  PlayerGstItem *next;    /* (owned) (nullable) */
  gboolean started;       /* a frame of the current item has left the pump */
  gboolean held;
  gboolean resuming;  /* released, and no frame has left the pump since */
  gboolean refilling; /* gave nothing: waits until enough has come in */
  gboolean underrun;  /* UNDERRUN has been noted, its end has not */
  guint dry_blocks;
  PlayerGstGauge gauge;
  PlayerGstLoudnessPlan plan;
  double level;      /* of the current item */
  gboolean lost;     /* the output broke, and nothing has been given to another since */
  gint64 lost_frame; /* of the current item: the one that was heard then */
  PlayerGstFade fade_in;
  PlayerGstTail tail;
};

static PlayerGstNote *
line_note (PlayerGstLine *self, PlayerGstNoteType type, PlayerGstItem *item, gint64 frame)
{
  PlayerGstNote *note = player_gst_note_new (type, item, frame);

  g_queue_push_tail (&self->notes, note);
  g_source_set_ready_time (self->wakeup, 0);
  return note;
}

static gint64
line_frame (PlayerGstLine *self)
{
  return player_gst_reader_get_frame (player_gst_item_get_reader (self->current));
}

/* Where it goes on: frames that have been given and not been heard are given again. */
static gint64
line_place (PlayerGstLine *self)
{
  return self->lost ? self->lost_frame : line_frame (self);
}

static guint
line_fade_frames (PlayerGstLine *self)
{
  return self->rate / PLAYER_GST_FADES_PER_SECOND;
}

static gboolean
line_sounds (PlayerGstLine *self)
{
  return self->current != NULL && self->started && !self->held;
}

/* Items of another rate wait until the output is opened anew: speech had it alone. */
static gboolean
line_fits (PlayerGstLine *self)
{
  const guint rate = player_gst_reader_get_rate (player_gst_item_get_reader (self->current));

  return rate == 0 || rate == self->rate;
}

static void
line_set_current (PlayerGstLine *self, PlayerGstItem *item)
{
  g_set_object (&self->current, item);
  self->level = item != NULL
                    ? player_gst_loudness_get_factor (&self->plan, player_gst_item_get_gains (item))
                    : 1.0;
  self->started = FALSE;
  self->resuming = FALSE;
  self->refilling = FALSE;
  self->underrun = FALSE;
  self->dry_blocks = 0;
  self->lost = FALSE;
  self->fade_in = (PlayerGstFade){ 0, 0 };
}

static void
line_begin_fade_in (PlayerGstLine *self)
{
  self->fade_in = (PlayerGstFade){ 0, line_fade_frames (self) };
}

/* Takes the last frames of the current item, faded; the item's next frame is the one after them. */
static void
line_cut_tail (PlayerGstLine *self)
{
  const guint64 id = player_gst_item_get_id (self->current);
  PlayerGstReader *reader = player_gst_item_get_reader (self->current);

  if (self->refilling || self->lost)
    return; /* silent already */
  player_gst_tail_cut (&self->tail, reader, line_fade_frames (self), self->level, &self->fade_in);
  self->tail.item_id = id;
}

static void
line_note_flow (PlayerGstLine *self)
{
  if (!self->started)
    line_note (self, PLAYER_GST_NOTE_STARTED, self->current, line_place (self));
  else if (self->resuming)
    line_note (self, PLAYER_GST_NOTE_RESUMED, self->current, line_place (self));
  self->started = TRUE;
  self->resuming = FALSE;
}

static void
line_note_refilled (PlayerGstLine *self)
{
  if (self->underrun)
    line_note (self, PLAYER_GST_NOTE_REFILLED, self->current, line_place (self));
  self->underrun = FALSE;
}

/* Not of what has not been heard again since a hold: RESUMED will say when it is. */
static gboolean
line_note_underrun (PlayerGstLine *self)
{
  if (self->resuming || self->underrun)
    return FALSE;
  self->underrun = TRUE;
  line_note (self, PLAYER_GST_NOTE_UNDERRUN, self->current, line_place (self));
  return TRUE;
}

static void
line_silence (PlayerGstLine *self, PlayerSilencedReason reason)
{
  if (!line_sounds (self))
    return;
  if (self->resuming)
    line_note_flow (self);
  else
    line_cut_tail (self);
  self->underrun = FALSE;
  line_note (self, PLAYER_GST_NOTE_SILENCED, self->current, line_place (self))->reason = reason;
}

/* Whether the next item is of the same load: it goes on as if there were no joint. */
static gboolean
line_next_follows (PlayerGstLine *self)
{
  return self->next != NULL
         && player_gst_item_get_load (self->next) == player_gst_item_get_load (self->current);
}

/* The current item has come to its end, but its load has not. */
static void
line_follow (PlayerGstLine *self)
{
  line_note (self, PLAYER_GST_NOTE_ENDED, self->current, line_frame (self))->joined = TRUE;
  g_object_unref (self->current);
  self->current = g_steal_pointer (&self->next);
  self->lost_frame = line_frame (self);
}

/* The current item has come to its end: the next one goes on, unless it broke. */
static void
line_end_current (PlayerGstLine *self)
{
  if (line_next_follows (self) && player_gst_item_get_error (self->current, NULL) == NULL)
    {
      line_follow (self);
      return;
    }
  g_autoptr (PlayerGstItem) next = g_steal_pointer (&self->next);

  line_note_refilled (self);
  line_note_flow (self);
  PlayerGstNote *note = line_note (self, PLAYER_GST_NOTE_ENDED, self->current, line_frame (self));
  note->broken = player_gst_item_get_error (self->current, NULL) != NULL;
  note->joined = next != NULL && !note->broken;
  line_set_current (self, note->joined ? next : NULL);
  if (!note->joined)
    self->next = g_steal_pointer (&next);
}

/* After an underrun so much has to wait that the next one does not follow at once: decoded, or as
 * bytes, as far as those say how long they last. */
static gboolean
line_holds_enough (PlayerGstLine *self)
{
  PlayerGstReader *reader = player_gst_item_get_reader (self->current);
  const guint least = self->rate * PLAYER_GST_REFILL_MS / 1000;
  const guint wanted_ms = player_gst_gauge_get_wanted_ms (&self->gauge);
  gboolean full;

  if (player_gst_reader_is_eos (reader) || player_gst_item_get_error (self->current, NULL) != NULL)
    return TRUE;
  if (player_gst_reader_fill (reader, least) < least)
    return FALSE;
  const gint64 ahead_ms = player_gst_item_get_ahead_ms (self->current, &full);
  if (full)
    return TRUE;
  if (ahead_ms < 0)
    return player_gst_reader_fill (reader, self->rate / 1000 * wanted_ms)
           >= self->rate / 1000 * wanted_ms;
  return player_gst_frames_to_ms (player_gst_reader_count_waiting (reader), self->rate) + ahead_ms
         >= wanted_ms;
}

static gboolean
line_has_refilled (PlayerGstLine *self)
{
  PlayerGstReader *reader = player_gst_item_get_reader (self->current);

  if (!self->refilling)
    return TRUE;
  if (!line_holds_enough (self))
    return FALSE;
  if (player_gst_reader_at_end (reader))
    return TRUE; /* the end says it */
  self->refilling = FALSE;
  line_note_refilled (self);
  line_begin_fade_in (self);
  return TRUE;
}

/* Whether the current item will give no more frames. What broke gives what it has decoded; a
 * decoder that broke sends no end of stream, so that some time without frames has to do. */
static gboolean
line_current_is_spent (PlayerGstLine *self)
{
  const gboolean at_end = player_gst_reader_at_end (player_gst_item_get_reader (self->current));

  if (player_gst_item_get_error (self->current, NULL) != NULL)
    return at_end || self->dry_blocks >= PLAYER_GST_BROKEN_BLOCKS;
  /* after the end, for it is known before it whether something follows */
  return at_end && (!player_gst_item_has_more (self->current) || line_next_follows (self));
}

/* Frames of the items into @block; returns how many. */
static guint
line_pull (PlayerGstLine *self, float *block, guint frames, guint64 out_frame)
{
  guint filled = 0;

  while (filled < frames && player_gst_line_is_due (self) && line_has_refilled (self))
    {
      PlayerGstReader *reader = player_gst_item_get_reader (self->current);
      float *to = block + filled * PLAYER_GST_CHANNELS;

      if (player_gst_reader_fill (reader, 1) > 0)
        {
          player_gst_line_find (self, FALSE);
          line_note_flow (self);
          player_gst_map_mark (self->map, out_frame + filled,
                               player_gst_item_get_id (self->current), line_frame (self), TRUE);
          player_gst_reader_keep_past (reader, self->past_frames);
          const guint got = player_gst_reader_read (reader, to, frames - filled);
          player_gst_level_scale (to, got, self->level);
          player_gst_fade_apply (&self->fade_in, to, got);
          player_gst_gauge_on_played (&self->gauge, got, self->rate);
          self->dry_blocks = 0;
          filled += got;
        }
      else if (line_current_is_spent (self))
        line_end_current (self);
      else
        break;
    }
  return filled;
}

/* A tail that is not mixed under what follows comes before it. */
static guint
line_play_tail (PlayerGstLine *self, float *block, guint frames, guint64 out_frame)
{
  if (self->tail.samples == NULL || (self->tail.underneath && self->current != NULL))
    return 0;
  player_gst_map_mark (self->map, out_frame, self->tail.item_id, self->tail.item_frame, TRUE);
  return player_gst_tail_mix (&self->tail, block, frames);
}

/* --- for the pump --- */

void
player_gst_line_keep_past (PlayerGstLine *self, guint64 past_frames)
{
  self->past_frames = past_frames;
}

gboolean
player_gst_line_is_plain (PlayerGstLine *self)
{
  return line_sounds (self) && !self->resuming && !self->refilling && !self->lost
         && self->tail.samples == NULL && self->fade_in.at >= self->fade_in.frames;
}

guint64
player_gst_line_count_past (PlayerGstLine *self)
{
  if (!player_gst_line_is_plain (self))
    return 0;
  return player_gst_reader_count_past (player_gst_item_get_reader (self->current));
}

void
player_gst_line_rewind (PlayerGstLine *self, guint64 frames, guint64 out_frame)
{
  if (frames > 0)
    player_gst_reader_rewind (player_gst_item_get_reader (self->current), frames);
  player_gst_map_cut (self->map, out_frame);
  self->silent_since = MIN (self->silent_since, out_frame);
}

guint
player_gst_line_fill (PlayerGstLine *self, float *block, guint frames, guint64 out_frame)
{
  guint filled = line_play_tail (self, block, frames, out_frame);

  if (filled == 0)
    filled = line_pull (self, block, frames, out_frame);
  if (self->tail.samples != NULL && self->tail.underneath && filled > 0)
    player_gst_tail_mix (&self->tail, block, filled);
  if (filled > 0)
    self->silent_since = out_frame + filled;
  return filled;
}

void
player_gst_line_miss (PlayerGstLine *self, guint64 out_frame)
{
  const gboolean item = self->current != NULL;

  player_gst_map_mark (self->map, out_frame, item ? player_gst_item_get_id (self->current) : 0,
                       item ? line_place (self) : 0, FALSE);
  if (!line_sounds (self))
    return;
  self->dry_blocks++;
  if (player_gst_item_get_error (self->current, NULL) != NULL)
    return;
  /* At once: what comes in drops by drops would be worse than a pause. */
  self->refilling = TRUE;
  if (self->dry_blocks < PLAYER_GST_DRY_BLOCKS)
    return;
  if (line_note_underrun (self))
    player_gst_gauge_on_dry (&self->gauge);
}

void
player_gst_line_set_rate (PlayerGstLine *self, guint rate)
{
  self->rate = rate;
}

void
player_gst_line_set_loudness (PlayerGstLine *self, const PlayerGstLoudnessPlan *plan)
{
  self->plan = *plan;
}

void
player_gst_line_rest (PlayerGstLine *self)
{
  self->silent_since = 0;
  player_gst_tail_clear (&self->tail);
  player_gst_map_clear (self->map);
  if (self->current != NULL)
    player_gst_map_mark (self->map, 0, player_gst_item_get_id (self->current), line_place (self),
                         FALSE);
}

gboolean
player_gst_line_lose (PlayerGstLine *self, guint64 out_frame)
{
  guint64 id;

  if (!line_sounds (self) && !self->lost)
    {
      player_gst_line_rest (self);
      return FALSE;
    }
  self->silent_since = 0;
  player_gst_tail_clear (&self->tail);
  player_gst_map_rebase (self->map, out_frame);
  if (self->lost)
    return TRUE;
  if (!player_gst_map_lookup (self->map, 0, &id, &self->lost_frame)
      || id != player_gst_item_get_id (self->current))
    self->lost_frame = line_frame (self);
  self->lost = TRUE;
  line_note_underrun (self);
  return TRUE;
}

void
player_gst_line_find (PlayerGstLine *self, gboolean again)
{
  if (!self->lost)
    return;
  line_note_refilled (self);
  line_note_flow (self);
  self->lost = FALSE;
  self->fade_in = (PlayerGstFade){ 0, 0 };
  if (!again)
    line_begin_fade_in (self);
}

PlayerGstNote *
player_gst_line_take_note (PlayerGstLine *self)
{
  return g_queue_pop_head (&self->notes);
}

gboolean
player_gst_line_is_busy (PlayerGstLine *self)
{
  return self->current != NULL && !self->held;
}

gboolean
player_gst_line_is_due (PlayerGstLine *self)
{
  return self->current != NULL && !self->held && line_fits (self);
}

gboolean
player_gst_line_may_peak (PlayerGstLine *self)
{
  return self->tail.samples != NULL || self->level > 1.0;
}

gboolean
player_gst_line_is_silent (PlayerGstLine *self, guint64 *out_frame)
{
  *out_frame = self->silent_since;
  return !player_gst_line_is_busy (self) && self->tail.samples == NULL;
}

gboolean
player_gst_line_lookup (PlayerGstLine *self,
                        guint64 out_frame,
                        guint64 *item_id,
                        gint64 *item_frame)
{
  player_gst_map_prune (self->map, out_frame);
  return player_gst_map_lookup (self->map, out_frame, item_id, item_frame);
}

/* --- commands --- */

void
player_gst_line_play (PlayerGstLine *self, PlayerGstItem *item)
{
  const gboolean sounded = line_sounds (self);

  line_silence (self, PLAYER_SILENCED_REPLACED);
  line_set_current (self, item);
  self->held = FALSE;
  if (sounded && self->tail.samples != NULL)
    {
      self->tail.underneath = TRUE;
      line_begin_fade_in (self);
    }
}

void
player_gst_line_swap (PlayerGstLine *self, PlayerGstItem *item)
{
  const gboolean resuming = self->resuming;
  const gboolean lost = self->lost;
  const gboolean started = self->started || self->current == NULL; /* it has just ended */

  if (line_sounds (self) && !resuming)
    {
      line_cut_tail (self);
      self->tail.underneath = TRUE;
    }
  line_note_refilled (self);
  line_set_current (self, item);
  self->started = started;
  self->resuming = resuming;
  if (started)
    {
      line_begin_fade_in (self);
      line_note (self, PLAYER_GST_NOTE_SEEKED, item, line_frame (self));
    }
  if (lost)
    {
      player_gst_line_rest (self);
      player_gst_line_lose (self, 0);
    }
}

void
player_gst_line_set_next (PlayerGstLine *self, PlayerGstItem *item)
{
  g_set_object (&self->next, item);
}

void
player_gst_line_stop (PlayerGstLine *self, gboolean only_sounding)
{
  if (only_sounding && !line_sounds (self))
    return;
  line_silence (self, PLAYER_SILENCED_STOPPED);
  line_set_current (self, NULL);
  g_clear_object (&self->next);
  self->held = FALSE;
}

void
player_gst_line_hold (PlayerGstLine *self)
{
  line_silence (self, PLAYER_SILENCED_PAUSED);
  self->resuming = FALSE;
  self->held = TRUE;
}

void
player_gst_line_release (PlayerGstLine *self)
{
  if (!self->held)
    return;
  self->held = FALSE;
  if (self->started)
    {
      self->resuming = TRUE;
      line_begin_fade_in (self);
    }
}

PlayerGstLine *
player_gst_line_new (GSource *wakeup)
{
  PlayerGstLine *self = g_new0 (PlayerGstLine, 1);

  self->wakeup = g_source_ref (wakeup);
  self->map = player_gst_map_new ();
  self->level = 1.0;
  g_queue_init (&self->notes);
  return self;
}

void
player_gst_line_free (PlayerGstLine *self)
{
  g_queue_clear_full (&self->notes, (GDestroyNotify)player_gst_note_free);
  g_clear_object (&self->current);
  g_clear_object (&self->next);
  player_gst_tail_clear (&self->tail);
  player_gst_map_free (self->map);
  g_source_unref (self->wakeup);
  g_free (self);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-pump.h"

#include "player-gst-map.h"
#include "player-gst-tail.h"

/* A block and a fade last 10 ms. */
#define BLOCKS_PER_SECOND 100
/* With nothing to give, the pump waits this long before it gives a block of silence: shorter than
 * the block, so that the sink never runs dry; and a sink that does not keep time does not spin. */
#define WAIT_US (5 * 1000)
#define UNDERRUN_BLOCKS 3
#define REFILL_MS 300

struct _PlayerGstPump
{
  GstPushSrc parent_instance;

  GMutex lock;
  GCond wake;
  GSource *wakeup; /* (owned) */

  /* All below: under the lock. */
  guint rate;
  gboolean flushing;
  guint64 out_frames;   /* left the pump since the output was opened */
  guint64 silent_since; /* out frame */
  PlayerGstMap *map;    /* (owned) */
  GQueue notes;         /* (element-type PlayerGstNote) */

  PlayerGstItem *current; /* (owned) (nullable) */
  PlayerGstItem *next;    /* (owned) (nullable) */
  gboolean started;       /* a frame of the current item has left the pump */
  gboolean held;
  gboolean resuming;  /* released, and no frame has left the pump since */
  gboolean refilling; /* ran dry: waits until enough has come in */
  gboolean underrun;  /* UNDERRUN has been noted, its end has not */
  guint dry_blocks;
  PlayerGstFade fade_in;
  PlayerGstTail tail;
  double gain;
  double gain_target;
};

G_DEFINE_FINAL_TYPE (PlayerGstPump, player_gst_pump, GST_TYPE_PUSH_SRC)

void
player_gst_note_free (PlayerGstNote *self)
{
  g_object_unref (self->item);
  g_free (self);
}

/* --- under the lock --- */

static PlayerGstNote *
pump_note (PlayerGstPump *self, PlayerGstNoteType type, PlayerGstItem *item, gint64 frame)
{
  PlayerGstNote *note = g_new0 (PlayerGstNote, 1);

  note->type = type;
  note->item = g_object_ref (item);
  note->frame = frame;
  g_queue_push_tail (&self->notes, note);
  g_source_set_ready_time (self->wakeup, 0);
  return note;
}

static gint64
pump_frame (PlayerGstPump *self)
{
  return player_gst_reader_get_frame (player_gst_item_get_reader (self->current));
}

static guint
pump_block_frames (PlayerGstPump *self)
{
  return self->rate / BLOCKS_PER_SECOND;
}

static gboolean
pump_sounds (PlayerGstPump *self)
{
  return self->current != NULL && self->started && !self->held;
}

static void
pump_set_current (PlayerGstPump *self, PlayerGstItem *item)
{
  g_set_object (&self->current, item);
  self->started = FALSE;
  self->resuming = FALSE;
  self->refilling = FALSE;
  self->underrun = FALSE;
  self->dry_blocks = 0;
  self->fade_in = (PlayerGstFade){ 0, 0 };
}

static void
pump_begin_fade_in (PlayerGstPump *self)
{
  self->fade_in = (PlayerGstFade){ 0, pump_block_frames (self) };
}

/* Takes the last frames of the current item, faded; the item's next frame is the one after them. */
static void
pump_cut_tail (PlayerGstPump *self)
{
  const guint64 id = player_gst_item_get_id (self->current);
  PlayerGstReader *reader = player_gst_item_get_reader (self->current);

  if (self->refilling)
    return; /* silent already */
  player_gst_tail_cut (&self->tail, reader, pump_block_frames (self), &self->fade_in);
  self->tail.item_id = id;
}

static void
pump_note_flow (PlayerGstPump *self)
{
  if (!self->started)
    pump_note (self, PLAYER_GST_NOTE_STARTED, self->current, pump_frame (self));
  else if (self->resuming)
    pump_note (self, PLAYER_GST_NOTE_RESUMED, self->current, pump_frame (self));
  self->started = TRUE;
  self->resuming = FALSE;
}

static void
pump_note_refilled (PlayerGstPump *self)
{
  if (self->underrun)
    pump_note (self, PLAYER_GST_NOTE_REFILLED, self->current, pump_frame (self));
  self->underrun = FALSE;
}

static void
pump_silence (PlayerGstPump *self, PlayerSilencedReason reason)
{
  if (!pump_sounds (self))
    return;
  if (self->resuming)
    pump_note_flow (self);
  else
    pump_cut_tail (self);
  self->underrun = FALSE;
  pump_note (self, PLAYER_GST_NOTE_SILENCED, self->current, pump_frame (self))->reason = reason;
}

/* The current item has come to its end: the next one goes on, unless it broke. */
static void
pump_end_current (PlayerGstPump *self)
{
  g_autoptr (PlayerGstItem) next = g_steal_pointer (&self->next);

  pump_note_refilled (self);
  pump_note_flow (self);
  PlayerGstNote *note = pump_note (self, PLAYER_GST_NOTE_ENDED, self->current, pump_frame (self));
  note->broken = player_gst_item_get_error (self->current, NULL) != NULL;
  note->joined = next != NULL && !note->broken;
  pump_set_current (self, note->joined ? next : NULL);
  if (!note->joined)
    self->next = g_steal_pointer (&next);
}

/* After an underrun so much has to wait that the next one does not follow at once. */
static gboolean
pump_has_refilled (PlayerGstPump *self)
{
  PlayerGstReader *reader = player_gst_item_get_reader (self->current);
  const guint wanted = self->rate * REFILL_MS / 1000;

  if (!self->refilling)
    return TRUE;
  if (player_gst_reader_fill (reader, wanted) < wanted && !player_gst_reader_is_eos (reader)
      && player_gst_item_get_error (self->current, NULL) == NULL)
    return FALSE;
  if (player_gst_reader_at_end (reader))
    return TRUE; /* the end says it */
  self->refilling = FALSE;
  pump_note_refilled (self);
  pump_begin_fade_in (self);
  return TRUE;
}

/* Whether the current item will give no more frames. What broke gives what it has decoded; a
 * decoder that broke sends no end of stream, so that some time without frames has to do. */
static gboolean
pump_current_is_spent (PlayerGstPump *self)
{
  return player_gst_reader_at_end (player_gst_item_get_reader (self->current))
         || (player_gst_item_get_error (self->current, NULL) != NULL
             && self->dry_blocks >= UNDERRUN_BLOCKS);
}

/* Frames of the items into @block; returns how many. */
static guint
pump_pull (PlayerGstPump *self, float *block, guint frames)
{
  guint filled = 0;

  while (filled < frames && self->current != NULL && !self->held && pump_has_refilled (self))
    {
      PlayerGstReader *reader = player_gst_item_get_reader (self->current);
      float *to = block + filled * PLAYER_GST_CHANNELS;

      if (player_gst_reader_fill (reader, 1) > 0)
        {
          pump_note_flow (self);
          player_gst_map_mark (self->map, self->out_frames + filled,
                               player_gst_item_get_id (self->current), pump_frame (self), TRUE);
          const guint got = player_gst_reader_read (reader, to, frames - filled);
          player_gst_fade_apply (&self->fade_in, to, got);
          self->dry_blocks = 0;
          filled += got;
        }
      else if (pump_current_is_spent (self))
        pump_end_current (self);
      else
        break;
    }
  return filled;
}

/* A tail that is not mixed under what follows comes before it. */
static guint
pump_play_tail (PlayerGstPump *self, float *block, guint frames)
{
  if (self->tail.samples == NULL || (self->tail.underneath && self->current != NULL))
    return 0;
  player_gst_map_mark (self->map, self->out_frames, self->tail.item_id, self->tail.item_frame,
                       TRUE);
  return player_gst_tail_mix (&self->tail, block, frames);
}

static guint
pump_fill (PlayerGstPump *self, float *block, guint frames)
{
  guint filled = pump_play_tail (self, block, frames);

  if (filled == 0)
    filled = pump_pull (self, block, frames);
  if (self->tail.samples != NULL && self->tail.underneath && filled > 0)
    player_gst_tail_mix (&self->tail, block, filled);
  if (filled > 0)
    self->silent_since = self->out_frames + filled;
  return filled;
}

static void
pump_count_dry_block (PlayerGstPump *self)
{
  const gboolean item = self->current != NULL;

  player_gst_map_mark (self->map, self->out_frames,
                       item ? player_gst_item_get_id (self->current) : 0,
                       item ? pump_frame (self) : 0, FALSE);
  if (!pump_sounds (self) || self->refilling || ++self->dry_blocks < UNDERRUN_BLOCKS
      || player_gst_item_get_error (self->current, NULL) != NULL)
    return;
  self->refilling = TRUE;
  if (self->resuming)
    return; /* not heard again since the hold: RESUMED will say when it is */
  self->underrun = TRUE;
  pump_note (self, PLAYER_GST_NOTE_UNDERRUN, self->current, pump_frame (self));
}

/* --- the output's streaming thread --- */

static GstFlowReturn
player_gst_pump_create (GstPushSrc *source, GstBuffer **out)
{
  PlayerGstPump *self = PLAYER_GST_PUMP (source);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  guint frames = pump_block_frames (self);
  g_autoptr (GstBuffer) buffer
      = gst_buffer_new_allocate (NULL, frames * PLAYER_GST_FRAME_BYTES, NULL);
  GstMapInfo info;

  gst_buffer_memset (buffer, 0, 0, frames * PLAYER_GST_FRAME_BYTES);
  gst_buffer_map (buffer, &info, GST_MAP_READWRITE);
  guint filled = pump_fill (self, (float *)info.data, frames);
  if (filled == 0 && !self->flushing)
    {
      g_cond_wait_until (&self->wake, &self->lock, g_get_monotonic_time () + WAIT_US);
      filled = pump_fill (self, (float *)info.data, frames);
    }
  if (filled == 0)
    pump_count_dry_block (self);
  else
    frames = filled;
  player_gst_gain_apply ((float *)info.data, frames, &self->gain, self->gain_target);
  gst_buffer_unmap (buffer, &info);
  gst_buffer_set_size (buffer, frames * PLAYER_GST_FRAME_BYTES);
  if (self->flushing)
    return GST_FLOW_FLUSHING;

  GST_BUFFER_PTS (buffer) = gst_util_uint64_scale (self->out_frames, GST_SECOND, self->rate);
  GST_BUFFER_DURATION (buffer)
      = gst_util_uint64_scale (self->out_frames + frames, GST_SECOND, self->rate)
        - GST_BUFFER_PTS (buffer);
  GST_BUFFER_OFFSET (buffer) = self->out_frames;
  self->out_frames += frames;
  GST_BUFFER_OFFSET_END (buffer) = self->out_frames;
  *out = g_steal_pointer (&buffer);
  return GST_FLOW_OK;
}

static gboolean
player_gst_pump_start (GstBaseSrc *source)
{
  PlayerGstPump *self = PLAYER_GST_PUMP (source);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->out_frames = 0;
  self->silent_since = 0;
  self->gain = self->gain_target;
  player_gst_map_clear (self->map);
  return self->rate > 0;
}

static void
pump_set_flushing (PlayerGstPump *self, gboolean flushing)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->flushing = flushing;
  g_cond_signal (&self->wake);
}

static gboolean
player_gst_pump_unlock (GstBaseSrc *source)
{
  pump_set_flushing (PLAYER_GST_PUMP (source), TRUE);
  return TRUE;
}

static gboolean
player_gst_pump_unlock_stop (GstBaseSrc *source)
{
  pump_set_flushing (PLAYER_GST_PUMP (source), FALSE);
  return TRUE;
}

static gboolean
player_gst_pump_is_seekable (GstBaseSrc *source)
{
  return FALSE;
}

/* --- commands, any thread --- */

void
player_gst_pump_wake (gpointer pump)
{
  g_cond_signal (&PLAYER_GST_PUMP (pump)->wake);
}

void
player_gst_pump_set_rate (PlayerGstPump *self, guint rate)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->rate = rate;
}

PlayerGstNote *
player_gst_pump_take_note (PlayerGstPump *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return g_queue_pop_head (&self->notes);
}

void
player_gst_pump_play (PlayerGstPump *self, PlayerGstItem *item)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  const gboolean sounded = pump_sounds (self);

  pump_silence (self, PLAYER_SILENCED_REPLACED);
  pump_set_current (self, item);
  self->held = FALSE;
  if (sounded && self->tail.samples != NULL)
    {
      self->tail.underneath = TRUE;
      pump_begin_fade_in (self);
    }
  g_cond_signal (&self->wake);
}

void
player_gst_pump_swap (PlayerGstPump *self, PlayerGstItem *item)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  const gboolean resuming = self->resuming;
  const gboolean started = self->started || self->current == NULL; /* it has just ended */

  if (pump_sounds (self) && !resuming)
    {
      pump_cut_tail (self);
      self->tail.underneath = TRUE;
    }
  pump_note_refilled (self);
  pump_set_current (self, item);
  self->started = started;
  self->resuming = resuming;
  if (started)
    {
      pump_begin_fade_in (self);
      pump_note (self, PLAYER_GST_NOTE_SEEKED, item, pump_frame (self));
    }
  g_cond_signal (&self->wake);
}

void
player_gst_pump_set_next (PlayerGstPump *self, PlayerGstItem *item)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_set_object (&self->next, item);
}

void
player_gst_pump_stop (PlayerGstPump *self, gboolean only_sounding)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (only_sounding && !pump_sounds (self))
    return;
  pump_silence (self, PLAYER_SILENCED_STOPPED);
  pump_set_current (self, NULL);
  g_clear_object (&self->next);
  self->held = FALSE;
  g_cond_signal (&self->wake);
}

void
player_gst_pump_hold (PlayerGstPump *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  pump_silence (self, PLAYER_SILENCED_PAUSED);
  self->resuming = FALSE;
  self->held = TRUE;
}

void
player_gst_pump_release (PlayerGstPump *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (!self->held)
    return;
  self->held = FALSE;
  if (self->started)
    {
      self->resuming = TRUE;
      pump_begin_fade_in (self);
    }
  g_cond_signal (&self->wake);
}

void
player_gst_pump_set_amplitude (PlayerGstPump *self, double amplitude)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->gain_target = amplitude;
}

gboolean
player_gst_pump_is_silent (PlayerGstPump *self, guint64 *out_frame)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  *out_frame = self->silent_since;
  return (self->current == NULL || self->held) && self->tail.samples == NULL;
}

gboolean
player_gst_pump_is_busy (PlayerGstPump *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->current != NULL && !self->held;
}

gboolean
player_gst_pump_lookup (PlayerGstPump *self,
                        guint64 out_frame,
                        guint64 *item_id,
                        gint64 *item_frame)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  player_gst_map_prune (self->map, out_frame);
  return player_gst_map_lookup (self->map, out_frame, item_id, item_frame);
}

PlayerGstPump *
player_gst_pump_new (GSource *wakeup)
{
  PlayerGstPump *self = g_object_new (PLAYER_TYPE_GST_PUMP, NULL);

  self->wakeup = g_source_ref (wakeup);
  return self;
}

static void
player_gst_pump_finalize (GObject *object)
{
  PlayerGstPump *self = PLAYER_GST_PUMP (object);

  g_queue_clear_full (&self->notes, (GDestroyNotify)player_gst_note_free);
  g_clear_object (&self->current);
  g_clear_object (&self->next);
  player_gst_tail_clear (&self->tail);
  g_clear_pointer (&self->map, player_gst_map_free);
  g_clear_pointer (&self->wakeup, g_source_unref);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->wake);
  G_OBJECT_CLASS (player_gst_pump_parent_class)->finalize (object);
}

static void
player_gst_pump_class_init (PlayerGstPumpClass *class)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (class);
  GstBaseSrcClass *source_class = GST_BASE_SRC_CLASS (class);
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("audio/x-raw");

  G_OBJECT_CLASS (class)->finalize = player_gst_pump_finalize;
  source_class->start = player_gst_pump_start;
  source_class->unlock = player_gst_pump_unlock;
  source_class->unlock_stop = player_gst_pump_unlock_stop;
  source_class->is_seekable = player_gst_pump_is_seekable;
  GST_PUSH_SRC_CLASS (class)->create = player_gst_pump_create;
  gst_element_class_add_pad_template (
      element_class, gst_pad_template_new ("src", GST_PAD_SRC, GST_PAD_ALWAYS, caps));
  gst_element_class_set_static_metadata (element_class, "Segue pump", "Source/Audio",
                                         "Joins the items that play", "The Segue authors");
}

static void
player_gst_pump_init (PlayerGstPump *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->wake);
  g_queue_init (&self->notes);
  self->map = player_gst_map_new ();
  self->gain = 1.0;
  self->gain_target = 1.0;
  gst_base_src_set_format (GST_BASE_SRC (self), GST_FORMAT_TIME);
}

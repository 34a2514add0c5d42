/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-pump.h"

#include "player-gst-level.h"
#include "player-gst-limiter.h"
#include "player-gst-line.h"
#include "player-gst-past.h"
#include "player-gst-tail.h"

/* With nothing to give, the pump waits this long before it gives a fade's length of silence: shorter
 * than that, so that the sink never runs dry; and a sink that does not keep time does not spin. */
#define WAIT_US (5 * 1000)
/* What is given at once where it can be taken back. */
#define REWIND_BLOCK_MS 100
#define DUCK_MS 200
/* Slow enough not to be heard as such, fast enough to seem at once. */
#define VOLUME_MS 20

struct _PlayerGstPump
{
  GObject parent_instance;

  GMutex lock;
  GCond wake;
  PlayerGstVoice *voice; /* (owned) */

  /* All below: under the lock. */
  PlayerGstLine *line; /* (owned) */
  gconstpointer spout; /* (unowned): the only one that is given anything; compared, not used */
  guint rate;
  gboolean expected; /* a start is, since it came to rest last */
  gboolean running;  /* started, and has neither come to rest nor broken since */
  gboolean flushing;
  gint64 sounded_us;    /* of what plays, in all that has ever left the pump */
  guint64 out_frames;   /* left the pump since it was started */
  guint64 taken_frames; /* … and the sink has taken: whoever asks for more has */
  guint64 silent_since; /* out frame */
  guint64 plain_since; /* out frame: what has left since is what the line gave, at an even volume */
  guint block_frames;  /* at most */
  PlayerGstRewind *rewind; /* (owned) (nullable): what the spout leads to can take back */
  gboolean rewound;        /* … and has: what leaves next takes the place of that */
  PlayerGstRamp volume;
  PlayerGstRamp duck;
  PlayerGstLimiter limiter;
  PlayerGstPast past;
  guint past_ms;           /* so much of it is kept */
  PlayerGstFade past_fade; /* of what is given again */
  double past_level;
};

G_DEFINE_FINAL_TYPE (PlayerGstPump, player_gst_pump, G_TYPE_OBJECT)

/* --- the output's streaming thread, by its spout --- */

/* How far a block of @frames has been filled. */
typedef struct
{
  guint spoken;
  guint played;
  gboolean plain; /* what is played is as the line has it */
} Filling;

/* The frame of the output at which what is filled next will lie. */
static guint64
pump_get_next_frame (PlayerGstPump *self)
{
  return self->out_frames + player_gst_limiter_get_kept (&self->limiter);
}

/* How many frames are taken at once. What can be taken back may be many: whoever gives is woken less
 * often, and no command waits for it. */
static guint
pump_get_most (PlayerGstPump *self)
{
  if (self->rewind == NULL || self->volume.left > 0 || self->duck.left > 0
      || !player_gst_line_is_plain (self->line))
    return self->block_frames;
  return MAX (self->block_frames, self->rate * REWIND_BLOCK_MS / 1000);
}

/* No more is played than can be spoken at the same time: neither gets a hole. */
static Filling
pump_take (PlayerGstPump *self, float *block, guint most)
{
  float *fresh = block + player_gst_limiter_get_kept (&self->limiter) * PLAYER_GST_CHANNELS;
  Filling filling = { .spoken = player_gst_voice_peek (self->voice, self->rate, self->block_frames),
                      .plain = player_gst_line_is_plain (self->line) };

  filling.played = player_gst_line_fill (
      self->line, fresh, filling.spoken > 0 ? filling.spoken : most, pump_get_next_frame (self));
  return filling;
}

static gboolean
pump_lacks (PlayerGstPump *self, const Filling *filling)
{
  return filling->played == 0 && (filling->spoken == 0 || player_gst_line_is_due (self->line));
}

static gboolean
pump_gives_to (PlayerGstPump *self, gconstpointer spout)
{
  return spout == self->spout && self->running && !self->flushing;
}

/* FALSE: nothing more is wanted, and nothing has been taken. What the limiter has kept may be taken back
 * meanwhile. */
static gboolean
pump_try_take (PlayerGstPump *self, gconstpointer spout, float *block, guint most, Filling *filling)
{
  *filling = pump_take (self, block, most);
  if (!pump_lacks (self, filling))
    return TRUE;
  g_cond_wait_until (&self->wake, &self->lock, g_get_monotonic_time () + WAIT_US);
  if (!pump_gives_to (self, spout))
    return FALSE;
  *filling = pump_take (self, block, most);
  return TRUE;
}

static void
pump_count_sounded (PlayerGstPump *self, guint frames)
{
  self->sounded_us += (gint64)frames * G_USEC_PER_SEC / self->rate;
}

/* Makes of what has been taken what is to be heard; returns how many frames that is. */
static guint
pump_mix (PlayerGstPump *self, const Filling *filling, float *block)
{
  const guint64 at = pump_get_next_frame (self);
  guint frames = MIN (self->rate / PLAYER_GST_FADES_PER_SECOND, self->block_frames);
  const gboolean even = filling->spoken == 0 && self->volume.left == 0 && self->duck.left == 0;

  if (filling->played == 0)
    player_gst_line_miss (self->line, at);
  if (filling->played > 0)
    frames = filling->played;
  else if (filling->spoken > 0)
    frames = filling->spoken;
  player_gst_ramp_apply (&self->duck, block, frames);
  player_gst_voice_mix (self->voice, block, MIN (filling->spoken, frames), at);
  player_gst_ramp_apply (&self->volume, block, frames);
  pump_count_sounded (self, filling->played);
  if (filling->played > 0 || filling->spoken > 0)
    self->silent_since = at + frames;
  if (!filling->plain || !even)
    self->plain_since = at + frames;
  return frames;
}

/* Fills @block, which is silent, with @most frames; returns how many may go out; 0: nothing is wanted. */
static guint
pump_fill (PlayerGstPump *self, gconstpointer spout, float *block, guint most)
{
  Filling filling;

  if (!pump_try_take (self, spout, block, most, &filling))
    return 0;
  const guint kept = player_gst_limiter_get_kept (&self->limiter);
  player_gst_limiter_put_kept (&self->limiter, block);
  const guint frames = pump_mix (self, &filling, block + kept * PLAYER_GST_CHANNELS);
  const gboolean alert
      = filling.played > 0 && (filling.spoken > 0 || player_gst_line_may_peak (self->line));
  const guint given = player_gst_limiter_run (&self->limiter, block, kept + frames, alert);
  if (self->limiter.gain < 1.0f)
    self->plain_since = self->out_frames + kept + frames;
  return given;
}

/* What a broken output had taken and not played: (transfer full) (nullable). */
static GstBuffer *
pump_repeat (PlayerGstPump *self)
{
  GstMapInfo info;

  if (self->past.pending_frames == 0 || !player_gst_line_is_due (self->line))
    return NULL;
  player_gst_line_find (self->line, TRUE);
  GstBuffer *buffer = gst_buffer_make_writable (player_gst_past_take (&self->past));
  const guint frames = gst_buffer_get_size (buffer) / PLAYER_GST_FRAME_BYTES;
  gst_buffer_map (buffer, &info, GST_MAP_READWRITE);
  player_gst_fade_apply (&self->past_fade, (float *)info.data, frames);
  player_gst_level_scale ((float *)info.data, frames, self->past_level);
  gst_buffer_unmap (buffer, &info);
  pump_count_sounded (self, frames);
  self->silent_since = self->out_frames + frames;
  self->plain_since = self->silent_since;
  return buffer;
}

static guint64
pump_get_past_frames (PlayerGstPump *self)
{
  return (guint64)self->rate * self->past_ms / 1000;
}

/* (transfer full) (nullable): NULL: nothing is wanted. */
static GstBuffer *
pump_make (PlayerGstPump *self, gconstpointer spout)
{
  const guint most = pump_get_most (self);
  const gsize bytes
      = (player_gst_limiter_get_kept (&self->limiter) + most) * PLAYER_GST_FRAME_BYTES;
  g_autoptr (GstBuffer) buffer = gst_buffer_new_allocate (NULL, bytes, NULL);
  GstMapInfo info;

  gst_buffer_memset (buffer, 0, 0, bytes);
  gst_buffer_map (buffer, &info, GST_MAP_READWRITE);
  const guint frames = pump_fill (self, spout, (float *)info.data, most);
  gst_buffer_unmap (buffer, &info);
  if (frames == 0)
    return NULL;
  gst_buffer_set_size (buffer, frames * PLAYER_GST_FRAME_BYTES);
  if (self->past.pending_frames == 0 && self->past_ms > 0)
    player_gst_past_add (&self->past, buffer, pump_get_past_frames (self));
  return g_steal_pointer (&buffer);
}

static void
pump_stamp (PlayerGstPump *self, GstBuffer *buffer)
{
  const guint64 end = self->out_frames + gst_buffer_get_size (buffer) / PLAYER_GST_FRAME_BYTES;

  GST_BUFFER_PTS (buffer) = gst_util_uint64_scale (self->out_frames, GST_SECOND, self->rate);
  GST_BUFFER_DURATION (buffer)
      = gst_util_uint64_scale (end, GST_SECOND, self->rate) - GST_BUFFER_PTS (buffer);
  GST_BUFFER_OFFSET (buffer) = self->out_frames;
  GST_BUFFER_OFFSET_END (buffer) = end;
  if (self->rewound)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  self->rewound = FALSE;
  self->out_frames = end;
}

GstFlowReturn
player_gst_pump_give (PlayerGstPump *self, gconstpointer spout, GstBuffer **out)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (!pump_gives_to (self, spout))
    return GST_FLOW_FLUSHING;
  self->taken_frames = self->out_frames;
  g_autoptr (GstBuffer) buffer = pump_repeat (self);
  if (buffer == NULL)
    buffer = pump_make (self, spout);
  if (buffer == NULL)
    return GST_FLOW_FLUSHING;
  pump_stamp (self, buffer);
  *out = g_steal_pointer (&buffer);
  return GST_FLOW_OK;
}

gboolean
player_gst_pump_start (PlayerGstPump *self, gconstpointer spout, PlayerGstRewind *rewind)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (spout != self->spout)
    return FALSE;
  /* Else it came to rest before it was started: it will be stopped, and started again. */
  self->running = self->expected;
  self->past_fade = (PlayerGstFade){ 0, self->rate / PLAYER_GST_FADES_PER_SECOND };
  self->past_level
      = self->volume.now > self->volume.target ? self->volume.target / self->volume.now : 1.0;
  player_gst_ramp_set (&self->volume, self->volume.target, 0);
  g_set_object (&self->rewind, rewind);
  player_gst_line_keep_past (self->line, rewind != NULL ? pump_get_past_frames (self) : 0);
  player_gst_voice_restart (self->voice);
  return self->rate > 0;
}

void
player_gst_pump_expect (PlayerGstPump *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->expected = TRUE;
}

/* Nothing of what has been given, or was about to be, is to be heard. */
static void
pump_forget (PlayerGstPump *self)
{
  player_gst_past_clear (&self->past);
  player_gst_limiter_restart (&self->limiter, self->rate);
}

static void
pump_count_anew (PlayerGstPump *self)
{
  self->expected = FALSE;
  self->running = FALSE;
  self->out_frames = 0;
  self->taken_frames = 0;
  self->silent_since = 0;
  self->plain_since = 0;
  self->rewound = FALSE;
  g_clear_object (&self->rewind);
  g_cond_signal (&self->wake);
}

void
player_gst_pump_rest (PlayerGstPump *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->past.pending_frames == 0 || !player_gst_line_lose (self->line, self->out_frames))
    {
      player_gst_line_rest (self->line);
      pump_forget (self);
    }
  pump_count_anew (self);
}

void
player_gst_pump_lose (PlayerGstPump *self, guint64 heard_frame)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  const guint64 unheard = self->out_frames - MIN (heard_frame, self->out_frames);
  const guint64 before = self->past.pending_frames;
  const guint64 again = player_gst_past_rewind (&self->past, unheard) - before;

  if (!player_gst_line_lose (self->line, self->out_frames - again))
    pump_forget (self);
  pump_count_anew (self);
  self->spout = NULL;
}

void
player_gst_pump_keep_past (PlayerGstPump *self, guint past_ms)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->past_ms = past_ms;
}

void
player_gst_pump_set_flushing (PlayerGstPump *self, gconstpointer spout, gboolean flushing)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (spout != self->spout)
    return;
  self->flushing = flushing;
  g_cond_signal (&self->wake);
}

void
player_gst_pump_attach (PlayerGstPump *self, gconstpointer spout, guint rate, guint block_ms)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  const gboolean other = rate != self->rate;

  self->spout = spout;
  self->flushing = FALSE;
  self->rate = rate;
  if (other)
    pump_forget (self);
  self->block_frames = MAX (rate * block_ms / 1000, 1);
  player_gst_line_set_rate (self->line, rate);
  g_cond_signal (&self->wake);
}

static gboolean
pump_is_silent (PlayerGstPump *self, guint64 *out_frame)
{
  guint64 since;

  *out_frame = self->silent_since;
  return player_gst_line_is_silent (self->line, &since) && !player_gst_voice_is_busy (self->voice);
}

/* --- commands, any thread --- */

/* What was to be given again is not to be heard any more. Once it is being given, it is: the sink
 * takes it all at once. */
static void
pump_forget_lost (PlayerGstPump *self)
{
  if (!self->running)
    pump_forget (self);
}

/* From which frame on it can be given anew: silence, or what the line can give once more. */
static guint64
pump_get_earliest (PlayerGstPump *self)
{
  const guint64 next = pump_get_next_frame (self);
  guint64 since;

  if (pump_is_silent (self, &since))
    return since;
  const guint64 again = player_gst_line_count_past (self->line);
  return MAX (next - MIN (again, next), self->plain_since);
}

/* What has been given and not been heard yet is taken back, as far as it can be: what is done now is
 * heard now. */
static void
pump_take_back (PlayerGstPump *self)
{
  const guint64 earliest = pump_get_earliest (self);
  GstClockTime kept_ns;
  guint64 since;

  if (self->rewind == NULL || !self->running || self->rewound || self->past.pending_frames > 0
      || earliest >= self->out_frames
      || !player_gst_rewind (self->rewind, gst_util_uint64_scale (earliest, GST_SECOND, self->rate),
                             &kept_ns))
    return;
  const guint64 kept = CLAMP (gst_util_uint64_scale_round (kept_ns, self->rate, GST_SECOND),
                              earliest, self->out_frames);
  player_gst_line_rewind (
      self->line, pump_is_silent (self, &since) ? 0 : pump_get_next_frame (self) - kept, kept);
  player_gst_limiter_restart (&self->limiter, self->rate);
  player_gst_past_cut (&self->past, self->out_frames - kept);
  self->out_frames = kept;
  self->taken_frames = MIN (self->taken_frames, kept);
  self->silent_since = MIN (self->silent_since, kept);
  self->rewound = TRUE;
}

void
player_gst_pump_wake (gpointer pump)
{
  PlayerGstPump *self = PLAYER_GST_PUMP (pump);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_cond_signal (&self->wake);
}

guint
player_gst_pump_get_rate (PlayerGstPump *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->rate;
}

PlayerGstNote *
player_gst_pump_take_note (PlayerGstPump *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return player_gst_line_take_note (self->line);
}

void
player_gst_pump_play (PlayerGstPump *self, PlayerGstItem *item)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  pump_forget_lost (self);
  pump_take_back (self);
  player_gst_line_play (self->line, item);
  g_cond_signal (&self->wake);
}

void
player_gst_pump_swap (PlayerGstPump *self, PlayerGstItem *item)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  pump_forget_lost (self);
  pump_take_back (self);
  player_gst_line_swap (self->line, item);
  g_cond_signal (&self->wake);
}

gint64
player_gst_pump_get_end_frame (PlayerGstPump *self, PlayerGstItem *item)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return player_gst_reader_get_end (player_gst_item_get_reader (item));
}

void
player_gst_pump_set_next (PlayerGstPump *self, PlayerGstItem *item)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  player_gst_line_set_next (self->line, item);
}

void
player_gst_pump_stop (PlayerGstPump *self, gboolean only_sounding)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (!only_sounding || player_gst_line_is_busy (self->line))
    pump_forget_lost (self);
  if (player_gst_line_is_busy (self->line))
    pump_take_back (self);
  player_gst_line_stop (self->line, only_sounding);
  g_cond_signal (&self->wake);
}

void
player_gst_pump_hold (PlayerGstPump *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (player_gst_line_is_busy (self->line))
    pump_take_back (self);
  player_gst_line_hold (self->line);
}

void
player_gst_pump_release (PlayerGstPump *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (!player_gst_line_is_busy (self->line))
    pump_take_back (self);
  player_gst_line_release (self->line);
  g_cond_signal (&self->wake);
}

void
player_gst_pump_set_loudness (PlayerGstPump *self, const PlayerGstLoudnessPlan *plan)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  player_gst_line_set_loudness (self->line, plan);
}

void
player_gst_pump_set_amplitude (PlayerGstPump *self, double amplitude)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  guint64 since;
  const gboolean silent = pump_is_silent (self, &since);

  if (!silent && amplitude != self->volume.target)
    pump_take_back (self);
  player_gst_ramp_set (&self->volume, amplitude, silent ? 0 : self->rate * VOLUME_MS / 1000);
}

void
player_gst_pump_set_duck (PlayerGstPump *self, double amplitude)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  guint64 since;
  const gboolean quiet = player_gst_line_is_silent (self->line, &since);

  if (amplitude != self->duck.target && player_gst_line_is_busy (self->line))
    pump_take_back (self);
  player_gst_ramp_set (&self->duck, amplitude, quiet ? 0 : self->rate * DUCK_MS / 1000);
}

guint64
player_gst_pump_get_taken_frames (PlayerGstPump *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->taken_frames;
}

guint64
player_gst_pump_get_given_frames (PlayerGstPump *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->out_frames;
}

gint64
player_gst_pump_get_sounded_us (PlayerGstPump *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->sounded_us;
}

gboolean
player_gst_pump_is_busy (PlayerGstPump *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return player_gst_line_is_busy (self->line);
}

gboolean
player_gst_pump_is_quiet (PlayerGstPump *self, guint64 *out_frame)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return player_gst_line_is_silent (self->line, out_frame);
}

gboolean
player_gst_pump_is_silent (PlayerGstPump *self, guint64 *out_frame)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  return pump_is_silent (self, out_frame);
}

gboolean
player_gst_pump_lookup (PlayerGstPump *self,
                        guint64 out_frame,
                        guint64 *item_id,
                        gint64 *item_frame)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return player_gst_line_lookup (self->line, out_frame, item_id, item_frame);
}

PlayerGstPump *
player_gst_pump_new (GSource *wakeup, PlayerGstVoice *voice)
{
  PlayerGstPump *self = g_object_new (PLAYER_TYPE_GST_PUMP, NULL);

  self->line = player_gst_line_new (wakeup);
  self->voice = player_gst_voice_ref (voice);
  return self;
}

static void
player_gst_pump_finalize (GObject *object)
{
  PlayerGstPump *self = PLAYER_GST_PUMP (object);

  player_gst_past_clear (&self->past);
  g_clear_pointer (&self->line, player_gst_line_free);
  g_clear_pointer (&self->voice, player_gst_voice_unref);
  player_gst_limiter_clear (&self->limiter);
  g_clear_object (&self->rewind);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->wake);
  G_OBJECT_CLASS (player_gst_pump_parent_class)->finalize (object);
}

static void
player_gst_pump_class_init (PlayerGstPumpClass *class)
{
  G_OBJECT_CLASS (class)->finalize = player_gst_pump_finalize;
}

static void
player_gst_pump_init (PlayerGstPump *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->wake);
  player_gst_ramp_set (&self->volume, 1.0, 0);
  player_gst_ramp_set (&self->duck, 1.0, 0);
  player_gst_limiter_init (&self->limiter);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-tray.h"

#include <gst/audio/audio.h>
#include <gst/base/gstqueuearray.h>

#include "player-gst-resampler.h"

/* The decoder works until so much waits … */
#define HIGH_MS 1000
/* … as long as nothing has been taken: enough to join without a gap, no more than needed … */
#define HIGH_UNTOUCHED_MS 300
/* … and again when less than this does. */
#define LOW_MS 500

struct _PlayerGstTray
{
  GstBaseSink parent_instance;

  PlayerGstTrayFunc arrived;
  gpointer data;
  GDestroyNotify destroy;

  /* streaming thread */
  PlayerGstResampler *resampler; /* (owned) (nullable): the stream has another rate */
  GstClockTime begin_ns;         /* where the first frame lies that it has taken */
  gboolean narrow;               /* what comes is of 16 bit integers */

  gint wants_narrow; /* atomic: what comes next is to be */

  GMutex lock;
  GCond room;
  /* All below: under the lock. */
  GstQueueArray *portions; /* (owned) (element-type PlayerGstPortion) */
  guint rate;
  guint64 waiting_frames;
  gboolean touched;   /* something has been taken while the decoder slept */
  gboolean full;      /* the decoder sleeps until little waits */
  gboolean starved;   /* somebody has found nothing */
  gboolean ended;     /* no buffer follows */
  gboolean finished;  /* whatever follows is not taken in */
  gboolean unlocking; /* the streaming thread must not wait here */
};

G_DEFINE_FINAL_TYPE (PlayerGstTray, player_gst_tray, GST_TYPE_BASE_SINK)

#define FORMAT GST_AUDIO_NE (F32)
#define NARROW_FORMAT GST_AUDIO_NE (S16)

static GstCaps *
tray_make_caps (const char *format)
{
  return gst_caps_new_simple ("audio/x-raw", "format", G_TYPE_STRING, format, "layout",
                              G_TYPE_STRING, "interleaved", "channels", G_TYPE_INT,
                              PLAYER_GST_CHANNELS, NULL);
}

void
player_gst_portion_clear (PlayerGstPortion *self)
{
  gst_clear_buffer (&self->buffer);
}

guint
player_gst_portion_count_frames (const PlayerGstPortion *self)
{
  return (guint)(gst_buffer_get_size (self->buffer)
                 / (self->narrow ? PLAYER_GST_NARROW_FRAME_BYTES : PLAYER_GST_FRAME_BYTES));
}

/* --- under the lock --- */

static gboolean
tray_holds (PlayerGstTray *self, guint ms)
{
  return self->waiting_frames * 1000 >= (guint64)ms * self->rate;
}

static void
tray_empty (PlayerGstTray *self)
{
  gst_queue_array_clear (self->portions);
  self->waiting_frames = 0;
  self->touched = FALSE;
  self->full = FALSE;
  self->starved = TRUE;
  self->ended = FALSE;
  g_cond_signal (&self->room);
}

/* Whether somebody waits to be told. */
static gboolean
tray_end_starving (PlayerGstTray *self)
{
  const gboolean starved = self->starved;

  self->starved = FALSE;
  return starved;
}

/* --- streaming thread --- */

static GstFlowReturn
tray_wait_for_room (PlayerGstTray *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->full |= tray_holds (self, self->touched ? HIGH_MS : HIGH_UNTOUCHED_MS);
  while (self->full)
    if (self->unlocking)
      {
        /* Pausing, which ends here, or flushing. */
        g_clear_pointer (&locker, g_mutex_locker_free);
        const GstFlowReturn flow = gst_base_sink_wait_preroll (GST_BASE_SINK (self));

        if (flow != GST_FLOW_OK)
          return flow;
        locker = g_mutex_locker_new (&self->lock);
      }
    else
      g_cond_wait (&self->room, &self->lock);
  return GST_FLOW_OK;
}

static GstClockTime
tray_get_time (PlayerGstTray *self, GstBuffer *buffer)
{
  const GstSegment *segment = &GST_BASE_SINK (self)->segment;
  const GstClockTime pts = GST_BUFFER_PTS (buffer);

  return GST_CLOCK_TIME_IS_VALID (pts) && segment->format == GST_FORMAT_TIME
             ? gst_segment_to_stream_time (segment, GST_FORMAT_TIME, pts)
             : GST_CLOCK_TIME_NONE;
}

/* @buffer: (transfer full) */
static void
tray_put (PlayerGstTray *self, GstBuffer *buffer, GstClockTime time_ns)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  const PlayerGstPortion portion = { buffer, time_ns, self->rate, self->narrow };

  if (self->finished)
    {
      gst_buffer_unref (buffer);
      return;
    }
  gst_queue_array_push_tail_struct (self->portions, (gpointer)&portion);
  self->waiting_frames += player_gst_portion_count_frames (&portion);
  const gboolean starved = tray_end_starving (self);
  g_clear_pointer (&locker, g_mutex_locker_free);
  if (starved)
    self->arrived (self->data);
}

/* @buffer: (transfer full) (nullable): the resampler, which had given @given before, gave it. */
static void
tray_put_resampled (PlayerGstTray *self, GstBuffer *buffer, guint64 given)
{
  GstClockTime time_ns = self->begin_ns;

  if (buffer == NULL)
    return;
  if (GST_CLOCK_TIME_IS_VALID (time_ns))
    time_ns += gst_util_uint64_scale_round (given, GST_SECOND,
                                            player_gst_resampler_get_out_rate (self->resampler));
  tray_put (self, buffer, time_ns);
}

static void
tray_resample (PlayerGstTray *self, GstBuffer *buffer)
{
  const guint64 given = player_gst_resampler_get_given (self->resampler);

  if (self->begin_ns == GST_CLOCK_TIME_NONE && given == 0)
    self->begin_ns = tray_get_time (self, buffer);
  tray_put_resampled (self, player_gst_resampler_push (self->resampler, buffer), given);
}

/* Nothing of this rate follows: the rest of it is given. */
static void
tray_finish_resampling (PlayerGstTray *self)
{
  if (self->resampler == NULL)
    return;
  const guint64 given = player_gst_resampler_get_given (self->resampler);
  tray_put_resampled (self, player_gst_resampler_finish (self->resampler), given);
  g_clear_pointer (&self->resampler, player_gst_resampler_free);
}

static GstFlowReturn
player_gst_tray_render (GstBaseSink *sink, GstBuffer *buffer)
{
  PlayerGstTray *self = PLAYER_GST_TRAY (sink);
  const GstFlowReturn flow = tray_wait_for_room (self);

  if (flow == GST_FLOW_OK && self->resampler != NULL)
    tray_resample (self, buffer);
  else if (flow == GST_FLOW_OK)
    tray_put (self, gst_buffer_ref (buffer), tray_get_time (self, buffer));
  return flow;
}

static gboolean
player_gst_tray_set_caps (GstBaseSink *sink, GstCaps *caps)
{
  PlayerGstTray *self = PLAYER_GST_TRAY (sink);
  GstAudioInfo info;

  if (!gst_audio_info_from_caps (&info, caps))
    return FALSE;
  const guint in_rate = (guint)GST_AUDIO_INFO_RATE (&info);
  self->narrow = GST_AUDIO_INFO_FORMAT (&info) == GST_AUDIO_FORMAT_S16;
  if (self->resampler != NULL && player_gst_resampler_get_in_rate (self->resampler) == in_rate)
    return TRUE;
  tray_finish_resampling (self);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  if (self->rate == 0)
    self->rate = in_rate;
  if (self->rate != in_rate)
    {
      self->resampler = player_gst_resampler_new (in_rate, self->rate);
      self->begin_ns = GST_CLOCK_TIME_NONE;
    }
  return TRUE;
}

static GstCaps *
player_gst_tray_get_caps (GstBaseSink *sink, GstCaps *filter)
{
  PlayerGstTray *self = PLAYER_GST_TRAY (sink);
  g_autoptr (GstCaps) caps
      = tray_make_caps (g_atomic_int_get (&self->wants_narrow) ? NARROW_FORMAT : FORMAT);

  return filter != NULL ? gst_caps_intersect_full (filter, caps, GST_CAPS_INTERSECT_FIRST)
                        : g_steal_pointer (&caps);
}

static gboolean
tray_info_is_plain (const GstAudioInfo *info)
{
  return GST_AUDIO_INFO_FORMAT (info) == GST_AUDIO_FORMAT_S16
         && GST_AUDIO_INFO_LAYOUT (info) == GST_AUDIO_LAYOUT_INTERLEAVED
         && GST_AUDIO_INFO_CHANNELS (info) == PLAYER_GST_CHANNELS
         && GST_AUDIO_INFO_POSITION (info, 0) == GST_AUDIO_CHANNEL_POSITION_FRONT_LEFT
         && GST_AUDIO_INFO_POSITION (info, 1) == GST_AUDIO_CHANNEL_POSITION_FRONT_RIGHT;
}

void
player_gst_tray_expect (PlayerGstTray *self, GstCaps *caps)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GstAudioInfo info;

  const gboolean narrow = gst_audio_info_from_caps (&info, caps) && tray_info_is_plain (&info)
                          && (self->rate == 0 || self->rate == (guint)GST_AUDIO_INFO_RATE (&info));
  g_atomic_int_set (&self->wants_narrow, narrow);
}

static void
tray_end (PlayerGstTray *self)
{
  tray_finish_resampling (self);
  g_mutex_lock (&self->lock);
  self->ended = TRUE;
  tray_end_starving (self);
  g_mutex_unlock (&self->lock);
  self->arrived (self->data);
}

/* What comes has nothing to do with what came. */
static void
tray_forget_edges (PlayerGstTray *self)
{
  if (self->resampler == NULL)
    return;
  PlayerGstResampler *fresh
      = player_gst_resampler_new (player_gst_resampler_get_in_rate (self->resampler),
                                  player_gst_resampler_get_out_rate (self->resampler));
  player_gst_resampler_free (self->resampler);
  self->resampler = fresh;
  self->begin_ns = GST_CLOCK_TIME_NONE;
}

static gboolean
player_gst_tray_event (GstBaseSink *sink, GstEvent *event)
{
  PlayerGstTray *self = PLAYER_GST_TRAY (sink);

  if (GST_EVENT_TYPE (event) == GST_EVENT_EOS)
    tray_end (self);
  else if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP)
    {
      tray_forget_edges (self);
      g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

      tray_empty (self);
    }
  return GST_BASE_SINK_CLASS (player_gst_tray_parent_class)->event (sink, event);
}

/* --- state changes and flushes --- */

static void
tray_set_unlocking (PlayerGstTray *self, gboolean unlocking)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->unlocking = unlocking;
  g_cond_signal (&self->room);
}

static gboolean
player_gst_tray_unlock (GstBaseSink *sink)
{
  tray_set_unlocking (PLAYER_GST_TRAY (sink), TRUE);
  return TRUE;
}

static gboolean
player_gst_tray_unlock_stop (GstBaseSink *sink)
{
  tray_set_unlocking (PLAYER_GST_TRAY (sink), FALSE);
  return TRUE;
}

/* What has been decoded is let go with the pipeline. */
static gboolean
player_gst_tray_stop (GstBaseSink *sink)
{
  PlayerGstTray *self = PLAYER_GST_TRAY (sink);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  tray_empty (self);
  return TRUE;
}

/* --- who takes --- */

gboolean
player_gst_tray_take (PlayerGstTray *self, PlayerGstPortion *portion)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  const PlayerGstPortion *first = gst_queue_array_pop_head_struct (self->portions);

  if (first == NULL)
    {
      self->starved = TRUE;
      return FALSE;
    }
  *portion = *first;
  self->touched |= self->full;
  self->waiting_frames -= player_gst_portion_count_frames (portion);
  if (self->full && !tray_holds (self, LOW_MS))
    {
      self->full = FALSE;
      g_cond_signal (&self->room);
    }
  return TRUE;
}

void
player_gst_tray_finish (PlayerGstTray *self)
{
  g_mutex_lock (&self->lock);
  self->finished = TRUE;
  self->ended = TRUE;
  tray_end_starving (self);
  g_mutex_unlock (&self->lock);
  self->arrived (self->data);
}

guint64
player_gst_tray_get_waiting (PlayerGstTray *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->waiting_frames;
}

gboolean
player_gst_tray_is_eos (PlayerGstTray *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->ended;
}

GstElement *
player_gst_tray_new (guint rate, PlayerGstTrayFunc arrived, gpointer data, GDestroyNotify destroy)
{
  PlayerGstTray *self = g_object_new (PLAYER_TYPE_GST_TRAY, NULL);

  self->rate = rate;
  self->arrived = arrived;
  self->data = data;
  self->destroy = destroy;
  return GST_ELEMENT (self);
}

static void
player_gst_tray_finalize (GObject *object)
{
  PlayerGstTray *self = PLAYER_GST_TRAY (object);

  gst_queue_array_free (self->portions);
  g_clear_pointer (&self->resampler, player_gst_resampler_free);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->room);
  if (self->destroy != NULL)
    self->destroy (self->data);
  G_OBJECT_CLASS (player_gst_tray_parent_class)->finalize (object);
}

static void
player_gst_tray_class_init (PlayerGstTrayClass *class)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (class);
  GstBaseSinkClass *sink_class = GST_BASE_SINK_CLASS (class);
  g_autoptr (GstCaps) caps
      = gst_caps_merge (tray_make_caps (FORMAT), tray_make_caps (NARROW_FORMAT));

  G_OBJECT_CLASS (class)->finalize = player_gst_tray_finalize;
  sink_class->render = player_gst_tray_render;
  sink_class->get_caps = player_gst_tray_get_caps;
  sink_class->set_caps = player_gst_tray_set_caps;
  sink_class->event = player_gst_tray_event;
  sink_class->unlock = player_gst_tray_unlock;
  sink_class->unlock_stop = player_gst_tray_unlock_stop;
  sink_class->stop = player_gst_tray_stop;
  gst_element_class_add_pad_template (
      element_class, gst_pad_template_new ("sink", GST_PAD_SINK, GST_PAD_ALWAYS, caps));
  gst_element_class_set_static_metadata (element_class, "Segue tray", "Sink/Audio",
                                         "Keeps decoded audio until it is taken",
                                         "The Segue authors");
}

static void
player_gst_tray_init (PlayerGstTray *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->room);
  self->portions = gst_queue_array_new_for_struct (sizeof (PlayerGstPortion), 64);
  gst_queue_array_set_clear_func (self->portions, (GDestroyNotify)player_gst_portion_clear);
  self->starved = TRUE;
  gst_base_sink_set_sync (GST_BASE_SINK (self), FALSE);
  gst_base_sink_set_last_sample_enabled (GST_BASE_SINK (self), FALSE);
}

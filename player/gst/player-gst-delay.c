/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-delay.h"

#include <gst/audio/audio.h>
#include <gst/audio/gstaudiosink.h>

#include "player-gst-sink.h"

/* More silences than a sink can hold at a time. */
#define MAX_SILENCES 16
#define KEY "segue-delay"

/* Put before what was to be heard at @at_ns. */
typedef struct
{
  GstClockTime at_ns;
  GstClockTime before_ns; /* of silence, in all */
  GstClockTime length_ns;
} Silence;

typedef struct
{
  GMutex lock;
  GArray *silences; /* (owned) (element-type Silence): under the lock */

  /* All below: the streaming thread's. */
  GstClockTime total_ns;
  GstClockTime held_ns; /* by the server, ahead of what is heard: nothing can be put there */
  GstClockTime period_ns;
  GstClockTime buffer_ns;
  gboolean filled; /* has been, since the start */
} Delay;

static void
delay_free (gpointer data)
{
  Delay *self = data;

  g_array_unref (self->silences);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* --- the sink's streaming thread --- */

static void
delay_restart (Delay *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->total_ns = 0;
  self->filled = FALSE;
  g_array_set_size (self->silences, 0);
}

/* By how much @time_ns lies too early for the server, by the clock: it reads some way ahead of what
 * is heard. */
static GstClockTimeDiff
delay_get_by_clock (Delay *self, GstElement *sink, GstClockTime time_ns)
{
  g_autoptr (GstClock) clock = gst_element_get_clock (sink);

  if (clock == NULL)
    return 0;
  const GstClockTimeDiff now_ns
      = GST_CLOCK_DIFF (gst_element_get_base_time (sink), gst_clock_get_time (clock));
  const GstClockTimeDiff ahead_ns = (GstClockTimeDiff)time_ns - now_ns - (gint64)self->held_ns;

  /* Before the buffer has been filled for the first time, the server reads nothing. */
  const gboolean enough = ahead_ns > (GstClockTimeDiff)self->period_ns / 2;
  self->filled |= enough || now_ns > (GstClockTimeDiff)self->buffer_ns;
  if (enough || !self->filled)
    return 0;
  return (GstClockTimeDiff)self->period_ns - ahead_ns;
}

/* Likewise by the ring, where it is the sink that reads it: exactly. */
static GstClockTimeDiff
delay_get_by_ring (GstAudioBaseSink *sink)
{
  GstAudioRingBuffer *ring = sink->ringbuffer;

  if (ring == NULL || !gst_audio_ring_buffer_is_acquired (ring) || sink->next_sample == G_MAXUINT64)
    return 0;
  const gint64 segment = ring->samples_per_seg;
  const gint64 done = (gint64)(g_atomic_int_get (&ring->segdone) - ring->segbase) * segment;
  const gint64 ahead = (gint64)sink->next_sample - done;

  if (done <= 0 || ahead >= segment)
    return 0;
  return gst_util_uint64_scale (2 * segment - ahead, GST_SECOND,
                                GST_AUDIO_INFO_RATE (&ring->spec.info));
}

static GstClockTime
delay_get_lateness (Delay *self, GstElement *sink, GstClockTime time_ns)
{
  if (GST_STATE (sink) != GST_STATE_PLAYING || GST_STATE_PENDING (sink) != GST_STATE_VOID_PENDING)
    return 0;
  return GST_IS_AUDIO_SINK (sink) ? delay_get_by_ring (GST_AUDIO_BASE_SINK (sink))
                                  : delay_get_by_clock (self, sink, time_ns);
}

static void
delay_add (Delay *self, GstClockTime at_ns, GstClockTime length_ns)
{
  const Silence silence = { at_ns, self->total_ns, length_ns };
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->silences->len >= MAX_SILENCES)
    g_array_remove_index (self->silences, 0);
  g_array_append_val (self->silences, silence);
  self->total_ns += length_ns;
}

static GstPadProbeReturn
delay_on_data (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Delay *self = data;
  g_autoptr (GstElement) sink = gst_pad_get_parent_element (pad);

  if (GST_IS_EVENT (info->data) && GST_EVENT_TYPE (info->data) == GST_EVENT_SEGMENT)
    delay_restart (self);
  if (!GST_IS_BUFFER (info->data) || sink == NULL || !GST_BUFFER_PTS_IS_VALID (info->data))
    return GST_PAD_PROBE_OK;
  const GstClockTime at_ns = GST_BUFFER_PTS (info->data);
  const GstClockTime late_ns = delay_get_lateness (self, sink, at_ns + self->total_ns);
  if (late_ns > 0)
    {
      g_debug ("The sink ran dry: %" G_GUINT64_FORMAT " ms of silence", late_ns / GST_MSECOND);
      delay_add (self, at_ns, late_ns);
    }
  if (self->total_ns == 0)
    return GST_PAD_PROBE_OK;
  GstBuffer *buffer = gst_buffer_make_writable (GST_BUFFER (info->data));
  GST_BUFFER_PTS (buffer) = at_ns + self->total_ns;
  if (late_ns > 0)
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  info->data = buffer;
  return GST_PAD_PROBE_OK;
}

/* --- any thread --- */

static gint
delay_find_sink (gconstpointer value, gconstpointer data)
{
  return GST_IS_AUDIO_BASE_SINK (g_value_get_object (value)) ? 0 : 1;
}

void
player_gst_delay_attach (GstElement *pipeline, guint buffer_ms)
{
  g_auto (GValue) found = G_VALUE_INIT;
  g_autoptr (GstIterator) all = gst_bin_iterate_recurse (GST_BIN (pipeline));

  if (!gst_iterator_find_custom (all, delay_find_sink, &found, NULL))
    return;
  Delay *self = g_new0 (Delay, 1);
  const guint period_ms = player_gst_sink_get_period_ms (buffer_ms);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (g_value_get_object (&found), "sink");

  g_mutex_init (&self->lock);
  self->silences = g_array_new (FALSE, FALSE, sizeof (Silence));
  self->period_ns = period_ms * GST_MSECOND;
  self->buffer_ns = buffer_ms * GST_MSECOND;
  /* A PulseAudio that is asked for this latency gives the device one half of what two periods leave. */
  self->held_ns = (buffer_ms - MIN (buffer_ms, 2 * period_ms)) * GST_MSECOND / 2;
  g_object_set_data_full (G_OBJECT (pipeline), KEY, self, delay_free);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
                     delay_on_data, self, NULL);
}

GstClockTime
player_gst_delay_map (GstElement *pipeline, GstClockTime position_ns)
{
  Delay *self = g_object_get_data (G_OBJECT (pipeline), KEY);

  if (self == NULL)
    return position_ns;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  for (guint i = self->silences->len; i > 0; i--)
    {
      const Silence *silence = &g_array_index (self->silences, Silence, i - 1);
      const GstClockTime begin_ns = silence->at_ns + silence->before_ns;

      if (position_ns >= begin_ns + silence->length_ns)
        return position_ns - silence->before_ns - silence->length_ns;
      if (position_ns >= begin_ns)
        return silence->at_ns;
      if (i == 1)
        return position_ns - MIN (position_ns, silence->before_ns);
    }
  return position_ns;
}

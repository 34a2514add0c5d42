/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-gate.h"

#include <gst/audio/audio.h>

struct _PlayerGstGate
{
  GstPad *pad;         /* (unowned): its probes hold this */
  PlayerGstTrim *trim; /* (owned) */
  gulong hold_id;      /* main context */

  /* streaming thread */
  GstAudioInfo info; /* rate 0: not known */
  GstSegment segment;
  gboolean asked;  /* for a seek */
  gboolean sought; /* frames come from elsewhere than the beginning */
  gboolean placed; /* frame is known */
  gboolean opened; /* a frame has been let through since the last flush */
  gint64 frame;    /* of the decoder, that comes next */
  gint64 origin;   /* frames by which labels are ahead from the beginning */
};

/* Planes that have been cut keep their memory; what counts is said beside it. */
static gint64
gate_count_frames (PlayerGstGate *self, GstBuffer *buffer)
{
  const GstAudioMeta *meta = gst_buffer_get_audio_meta (buffer);

  if (meta != NULL)
    return (gint64)meta->samples;
  return (gint64)(gst_buffer_get_size (buffer) / (gsize)GST_AUDIO_INFO_BPF (&self->info));
}

/* Where the label of @buffer lies, in frames; -1: it has none. */
static gint64
gate_read_label (PlayerGstGate *self, GstBuffer *buffer)
{
  const GstClockTime pts = GST_BUFFER_PTS (buffer);

  if (!GST_CLOCK_TIME_IS_VALID (pts) || self->segment.format != GST_FORMAT_TIME)
    return -1;
  guint64 time;
  /* It may lie before the segment, which begins where the seek went to. */
  if (gst_segment_to_stream_time_full (&self->segment, GST_FORMAT_TIME, pts, &time) != 1)
    return -1;
  return (gint64)gst_util_uint64_scale_round (time, (guint64)GST_AUDIO_INFO_RATE (&self->info),
                                              GST_SECOND);
}

static void
gate_place (PlayerGstGate *self, GstBuffer *buffer, const PlayerGstTrimRange *range)
{
  const gint64 label = gate_read_label (self, buffer);

  self->frame = 0;
  if (range->lands)
    self->frame = range->base + (range->counted ? 0 : MAX (label, 0));
  else if (self->sought && label >= 0)
    self->frame = MAX (label - self->origin, 0);
  self->placed = TRUE;
}

static GstBuffer *
gate_stamp (PlayerGstGate *self, GstBuffer *buffer, gint64 frame)
{
  const guint64 rate = (guint64)GST_AUDIO_INFO_RATE (&self->info);
  const guint64 frames = (guint64)gate_count_frames (self, buffer);

  buffer = gst_buffer_make_writable (buffer);
  GST_BUFFER_PTS (buffer) = gst_util_uint64_scale_round ((guint64)frame, GST_SECOND, rate);
  GST_BUFFER_DTS (buffer) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_DURATION (buffer)
      = gst_util_uint64_scale_round ((guint64)frame + frames, GST_SECOND, rate)
        - GST_BUFFER_PTS (buffer);
  GST_BUFFER_OFFSET (buffer) = (guint64)frame;
  GST_BUFFER_OFFSET_END (buffer) = (guint64)frame + frames;
  if (self->opened)
    GST_BUFFER_FLAG_UNSET (buffer, GST_BUFFER_FLAG_DISCONT);
  self->opened = TRUE;
  return buffer;
}

static GstPadProbeReturn
gate_on_buffer (PlayerGstGate *self, GstPadProbeInfo *probe)
{
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (probe);

  if (GST_AUDIO_INFO_RATE (&self->info) <= 0)
    return GST_PAD_PROBE_OK;
  const gint bytes = GST_AUDIO_INFO_BPF (&self->info);
  const gint64 frames = gate_count_frames (self, buffer);
  const PlayerGstTrimRange range
      = player_gst_trim_get_range (self->trim, (guint)GST_AUDIO_INFO_RATE (&self->info));
  if (!self->placed)
    gate_place (self, buffer, &range);
  const gint64 first = self->frame;
  self->frame += frames;
  const gint64 from = MAX (first, range.from);
  const gint64 to = range.to >= 0 ? MIN (self->frame, range.to) : self->frame;

  if (from >= to)
    return GST_PAD_PROBE_DROP;
  if (to - from < frames)
    buffer = gst_audio_buffer_truncate (buffer, bytes, (gsize)(from - first), (gsize)(to - from));
  probe->data = gate_stamp (self, buffer, from - range.lead);
  return GST_PAD_PROBE_OK;
}

/* The rate may change in mid-stream: when a decoder has understood more, or a radio station does. */
static void
gate_on_caps (PlayerGstGate *self, GstEvent *event)
{
  const gint old = GST_AUDIO_INFO_RATE (&self->info);
  GstCaps *caps;

  gst_event_parse_caps (event, &caps);
  if (!gst_audio_info_from_caps (&self->info, caps))
    gst_audio_info_init (&self->info);
  else if (old > 0 && old != GST_AUDIO_INFO_RATE (&self->info))
    {
      self->frame = (gint64)gst_util_uint64_scale_round (
          (guint64)self->frame, (guint64)GST_AUDIO_INFO_RATE (&self->info), (guint64)old);
      self->origin = 0;
    }
}

static GstPadProbeReturn
gate_on_event (PlayerGstGate *self, GstPadProbeInfo *probe)
{
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (probe);
  GstSegment plain;

  switch (GST_EVENT_TYPE (event))
    {
    case GST_EVENT_CAPS:
      gate_on_caps (self, event);
      return GST_PAD_PROBE_OK;
    case GST_EVENT_SEGMENT:
      gst_event_copy_segment (event, &self->segment);
      gst_segment_init (&plain, GST_FORMAT_TIME);
      probe->data = gst_event_new_segment (&plain);
      gst_event_set_seqnum (probe->data, gst_event_get_seqnum (event));
      gst_event_unref (event);
      return GST_PAD_PROBE_OK;
    case GST_EVENT_FLUSH_STOP:
      self->placed = FALSE;
      self->opened = FALSE;
      self->sought = TRUE;
      return GST_PAD_PROBE_OK;
    case GST_EVENT_GAP:
      return GST_PAD_PROBE_DROP; /* it lies at a time that is not ours */
    default:
      return GST_PAD_PROBE_OK;
    }
}

static GstPadProbeReturn
gate_on_data (GstPad *pad, GstPadProbeInfo *probe, gpointer data)
{
  if ((GST_PAD_PROBE_INFO_TYPE (probe) & GST_PAD_PROBE_TYPE_BUFFER) != 0)
    return gate_on_buffer (data, probe);
  return gate_on_event (data, probe);
}

/* Holds the first frame back while the seek is on its way; the flush ends it. */
static GstPadProbeReturn
gate_on_hold (GstPad *pad, GstPadProbeInfo *probe, gpointer data)
{
  PlayerGstGate *self = data;

  if (self->sought || player_gst_trim_get_seek_ns (self->trim, 0) == 0)
    return GST_PAD_PROBE_PASS;
  if (!self->asked && GST_AUDIO_INFO_RATE (&self->info) > 0)
    {
      g_autoptr (GstElement) element = gst_pad_get_parent_element (pad);

      self->origin = MAX (gate_read_label (self, GST_PAD_PROBE_INFO_BUFFER (probe)), 0);
      self->asked = TRUE;
      GstStructure *structure = gst_structure_new (PLAYER_GST_MESSAGE_DECODED, "rate", G_TYPE_UINT,
                                                   (guint)GST_AUDIO_INFO_RATE (&self->info), NULL);
      gst_element_post_message (element, gst_message_new_element (GST_OBJECT (element), structure));
    }
  return GST_PAD_PROBE_OK;
}

void
player_gst_gate_release (PlayerGstGate *self)
{
  if (self->hold_id != 0)
    gst_pad_remove_probe (self->pad, self->hold_id);
  self->hold_id = 0;
}

static void
gate_clear (gpointer data)
{
  PlayerGstGate *self = data;

  player_gst_trim_unref (self->trim);
}

void
player_gst_gate_unref (PlayerGstGate *self)
{
  g_atomic_rc_box_release_full (self, gate_clear);
}

PlayerGstGate *
player_gst_gate_new (GstPad *pad, PlayerGstTrim *trim)
{
  PlayerGstGate *self = g_atomic_rc_box_new0 (PlayerGstGate);

  self->pad = pad;
  self->trim = player_gst_trim_ref (trim);
  gst_audio_info_init (&self->info);
  gst_segment_init (&self->segment, GST_FORMAT_UNDEFINED);
  self->hold_id
      = gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_BUFFER, gate_on_hold,
                           g_atomic_rc_box_acquire (self), (GDestroyNotify)player_gst_gate_unref);
  gst_pad_add_probe (pad,
                     GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM
                         | GST_PAD_PROBE_TYPE_EVENT_FLUSH,
                     gate_on_data, g_atomic_rc_box_acquire (self),
                     (GDestroyNotify)player_gst_gate_unref);
  return self;
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-spout.h"

#include <gst/audio/audio.h>

#include "player-gst-reader.h"

struct _PlayerGstSpout
{
  GstPushSrc parent_instance;

  PlayerGstPump *pump;     /* (owned) */
  PlayerGstRewind *rewind; /* (owned) (nullable) */
  guint rate;
  guint block_ms;
  guint lead_blocks;
  guint led_blocks; /* since the start */
};

G_DEFINE_FINAL_TYPE (PlayerGstSpout, player_gst_spout, GST_TYPE_PUSH_SRC)

/* When the nth block begins. */
static GstClockTime
spout_get_time (PlayerGstSpout *self, guint block)
{
  const guint64 frames = MAX (self->rate * self->block_ms / 1000, 1);

  return gst_util_uint64_scale (block * frames, GST_SECOND, self->rate);
}

/* (transfer full): the next block of silence. */
static GstBuffer *
spout_lead (PlayerGstSpout *self)
{
  const gsize bytes = MAX (self->rate * self->block_ms / 1000, 1) * (gsize)PLAYER_GST_FRAME_BYTES;
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, bytes, NULL);

  gst_buffer_memset (buffer, 0, 0, bytes);
  GST_BUFFER_PTS (buffer) = spout_get_time (self, self->led_blocks);
  self->led_blocks++;
  GST_BUFFER_DURATION (buffer) = spout_get_time (self, self->led_blocks) - GST_BUFFER_PTS (buffer);
  return buffer;
}

static GstFlowReturn
player_gst_spout_create (GstPushSrc *source, GstBuffer **out)
{
  PlayerGstSpout *self = PLAYER_GST_SPOUT (source);

  if (self->led_blocks < self->lead_blocks)
    {
      *out = spout_lead (self);
      return GST_FLOW_OK;
    }
  const GstFlowReturn result = player_gst_pump_give (self->pump, source, out);
  if (result == GST_FLOW_OK && self->lead_blocks > 0)
    GST_BUFFER_PTS (*out) += player_gst_spout_get_lead (self);
  return result;
}

static gboolean
player_gst_spout_start (GstBaseSrc *source)
{
  PLAYER_GST_SPOUT (source)->led_blocks = 0;
  return player_gst_pump_start (PLAYER_GST_SPOUT (source)->pump, source,
                                PLAYER_GST_SPOUT (source)->rewind);
}

static gboolean
player_gst_spout_unlock (GstBaseSrc *source)
{
  player_gst_pump_set_flushing (PLAYER_GST_SPOUT (source)->pump, source, TRUE);
  return TRUE;
}

static gboolean
player_gst_spout_unlock_stop (GstBaseSrc *source)
{
  player_gst_pump_set_flushing (PLAYER_GST_SPOUT (source)->pump, source, FALSE);
  return TRUE;
}

static gboolean
player_gst_spout_is_seekable (GstBaseSrc *source)
{
  return FALSE;
}

/* Exactly what flows: no filter is needed behind it. */
static GstCaps *
player_gst_spout_get_caps (GstBaseSrc *source, GstCaps *filter)
{
  g_autoptr (GstCaps) caps = gst_caps_new_simple (
      "audio/x-raw", "format", G_TYPE_STRING, GST_AUDIO_NE (F32), "layout", G_TYPE_STRING,
      "interleaved", "rate", G_TYPE_INT, (gint)PLAYER_GST_SPOUT (source)->rate, "channels",
      G_TYPE_INT, PLAYER_GST_CHANNELS, NULL);

  return filter != NULL ? gst_caps_intersect_full (filter, caps, GST_CAPS_INTERSECT_FIRST)
                        : g_steal_pointer (&caps);
}

GstElement *
player_gst_spout_new (PlayerGstPump *pump, guint rate, guint block_ms)
{
  PlayerGstSpout *self = g_object_new (PLAYER_TYPE_GST_SPOUT, NULL);

  self->pump = g_object_ref (pump);
  player_gst_spout_set_rate (self, rate, block_ms);
  return GST_ELEMENT (self);
}

void
player_gst_spout_set_rate (PlayerGstSpout *self, guint rate, guint block_ms)
{
  self->rate = rate;
  self->block_ms = block_ms;
  player_gst_pump_attach (self->pump, self, rate, block_ms);
}

void
player_gst_spout_set_rewind (PlayerGstSpout *self, PlayerGstRewind *rewind)
{
  g_set_object (&self->rewind, rewind);
}

void
player_gst_spout_set_lead (PlayerGstSpout *self, guint blocks)
{
  self->lead_blocks = blocks;
}

GstClockTime
player_gst_spout_get_lead (PlayerGstSpout *self)
{
  return spout_get_time (self, self->lead_blocks);
}

static void
player_gst_spout_finalize (GObject *object)
{
  g_clear_object (&PLAYER_GST_SPOUT (object)->pump);
  g_clear_object (&PLAYER_GST_SPOUT (object)->rewind);
  G_OBJECT_CLASS (player_gst_spout_parent_class)->finalize (object);
}

static void
player_gst_spout_class_init (PlayerGstSpoutClass *class)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (class);
  GstBaseSrcClass *source_class = GST_BASE_SRC_CLASS (class);
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("audio/x-raw");

  G_OBJECT_CLASS (class)->finalize = player_gst_spout_finalize;
  source_class->get_caps = player_gst_spout_get_caps;
  source_class->start = player_gst_spout_start;
  source_class->unlock = player_gst_spout_unlock;
  source_class->unlock_stop = player_gst_spout_unlock_stop;
  source_class->is_seekable = player_gst_spout_is_seekable;
  GST_PUSH_SRC_CLASS (class)->create = player_gst_spout_create;
  gst_element_class_add_pad_template (
      element_class, gst_pad_template_new ("src", GST_PAD_SRC, GST_PAD_ALWAYS, caps));
  gst_element_class_set_static_metadata (element_class, "Segue spout", "Source/Audio",
                                         "Hands on what the pump gives", "The Segue authors");
}

static void
player_gst_spout_init (PlayerGstSpout *self)
{
  gst_base_src_set_format (GST_BASE_SRC (self), GST_FORMAT_TIME);
}

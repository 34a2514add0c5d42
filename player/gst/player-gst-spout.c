/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-spout.h"

#include "player-gst-priority.h"

#include <gst/audio/audio.h>

#include "player-gst-reader.h"

struct _PlayerGstSpout
{
  GstPushSrc parent_instance;

  PlayerGstPump *pump; /* (owned) */
  GThread *thread;     /* (unowned) (nullable): compared, not used: its priority has been raised */
  guint rate;
};

G_DEFINE_FINAL_TYPE (PlayerGstSpout, player_gst_spout, GST_TYPE_PUSH_SRC)

static GstFlowReturn
player_gst_spout_create (GstPushSrc *source, GstBuffer **out)
{
  PlayerGstSpout *self = PLAYER_GST_SPOUT (source);

  if (self->thread != g_thread_self ())
    player_gst_priority_raise ();
  self->thread = g_thread_self ();
  return player_gst_pump_give (self->pump, source, out);
}

static gboolean
player_gst_spout_start (GstBaseSrc *source)
{
  return player_gst_pump_start (PLAYER_GST_SPOUT (source)->pump, source);
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
  player_gst_pump_attach (self->pump, self, rate, block_ms);
}

static void
player_gst_spout_finalize (GObject *object)
{
  g_clear_object (&PLAYER_GST_SPOUT (object)->pump);
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

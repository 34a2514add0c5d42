/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "gst-tap.h"

#include <gst/audio/audio.h>
#include <gst/base/gstbasesink.h>

#define GST_TYPE_TAP_SINK (gst_tap_sink_get_type ())
G_DECLARE_FINAL_TYPE (GstTapSink, gst_tap_sink, GST, TAP_SINK, GstBaseSink)

struct _GstTapSink
{
  GstBaseSink parent_instance;

  GstTap *tap;
};

G_DEFINE_FINAL_TYPE (GstTapSink, gst_tap_sink, GST_TYPE_BASE_SINK)

void
gst_tap_init (GstTap *self)
{
  *self = (GstTap){ 0 };
  g_mutex_init (&self->lock);
  g_cond_init (&self->let_go);
  self->frames = g_array_new (FALSE, FALSE, sizeof (guint32));
}

void
gst_tap_clear (GstTap *self)
{
  g_array_unref (self->frames);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->let_go);
}

char *
gst_tap_describe (GstTap *self, gboolean real_time)
{
  return g_strdup_printf ("seguetapsink sync=%s tap=%" G_GUINT64_FORMAT,
                          real_time ? "true" : "false", (guint64)GPOINTER_TO_SIZE (self));
}

guint
gst_tap_count (GstTap *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->frames->len;
}

GArray *
gst_tap_dup_frames (GstTap *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return g_array_copy (self->frames);
}

void
gst_tap_set_broken (GstTap *self, gboolean broken)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->broken = broken;
}

void
gst_tap_set_hang (GstTap *self, GstTapHang hang)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->hang = hang;
  g_cond_broadcast (&self->let_go);
}

guint
gst_tap_get_held (GstTap *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->held;
}

void
gst_tap_break_once (GstTap *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->broken = TRUE;
  self->once = TRUE;
}

/* Under the lock. */
static void
tap_hang (GstTap *tap, GstTapHang where)
{
  while (tap->hang == where)
    g_cond_wait (&tap->let_go, &tap->lock);
}

static GstStateChangeReturn
tap_sink_change_state (GstElement *element, GstStateChange change)
{
  GstTap *tap = GST_TAP_SINK (element)->tap;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&tap->lock);

  if (change == GST_STATE_CHANGE_NULL_TO_READY)
    {
      tap->held++;
      tap_hang (tap, GST_TAP_HANG_OPEN);
    }
  if (change == GST_STATE_CHANGE_READY_TO_PAUSED)
    tap_hang (tap, GST_TAP_HANG_PAUSE);
  if (change == GST_STATE_CHANGE_READY_TO_NULL)
    tap->held--;
  g_clear_pointer (&locker, g_mutex_locker_free);
  return GST_ELEMENT_CLASS (gst_tap_sink_parent_class)->change_state (element, change);
}

static gboolean
tap_sink_start (GstBaseSink *sink)
{
  GstTap *tap = GST_TAP_SINK (sink)->tap;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&tap->lock);

  tap->opened++;
  tap_hang (tap, GST_TAP_HANG_START);
  if (tap->broken && tap->hopeless)
    GST_ELEMENT_ERROR (sink, STREAM, FORMAT, ("Not in this format"), (NULL));
  else if (tap->broken)
    GST_ELEMENT_ERROR (sink, RESOURCE, OPEN_WRITE, ("No such sound card"), (NULL));
  return !tap->broken;
}

static gboolean
tap_sink_set_caps (GstBaseSink *sink, GstCaps *caps)
{
  GstTap *tap = GST_TAP_SINK (sink)->tap;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&tap->lock);
  GstAudioInfo info;

  if (!gst_audio_info_from_caps (&info, caps))
    return FALSE;
  tap->rate = (guint)GST_AUDIO_INFO_RATE (&info);
  return TRUE;
}

static GstFlowReturn
tap_sink_render (GstBaseSink *sink, GstBuffer *buffer)
{
  GstTap *tap = GST_TAP_SINK (sink)->tap;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&tap->lock);
  GstMapInfo info;

  if (tap->hang == GST_TAP_HANG_RENDER)
    {
      tap_hang (tap, GST_TAP_HANG_RENDER);
      return GST_FLOW_FLUSHING;
    }
  if (tap->broken)
    {
      tap->broken = !tap->once;
      GST_ELEMENT_ERROR (sink, RESOURCE, WRITE, ("The sound card went away"), (NULL));
      return GST_FLOW_ERROR;
    }
  gst_buffer_map (buffer, &info, GST_MAP_READ);
  g_array_append_vals (tap->frames, info.data, info.size / sizeof (guint32));
  for (gsize i = 0; tap->first_us == 0 && i < info.size; i++)
    if (info.data[i] != 0)
      tap->first_us = g_get_monotonic_time ();
  gst_buffer_unmap (buffer, &info);
  return GST_FLOW_OK;
}

static void
tap_sink_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  GST_TAP_SINK (object)->tap = GSIZE_TO_POINTER (g_value_get_uint64 (value));
}

static void
gst_tap_sink_class_init (GstTapSinkClass *class)
{
  GstBaseSinkClass *sink_class = GST_BASE_SINK_CLASS (class);
  g_autoptr (GstCaps) caps = gst_caps_from_string (
      "audio/x-raw, format=S16LE, layout=interleaved, channels=2, rate=[1,384000]");

  G_OBJECT_CLASS (class)->set_property = tap_sink_set_property;
  g_object_class_install_property (G_OBJECT_CLASS (class), 1,
                                   g_param_spec_uint64 ("tap", NULL, NULL, 0, G_MAXUINT64, 0,
                                                        G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS));
  GST_ELEMENT_CLASS (class)->change_state = tap_sink_change_state;
  sink_class->start = tap_sink_start;
  sink_class->set_caps = tap_sink_set_caps;
  sink_class->render = tap_sink_render;
  gst_element_class_add_pad_template (
      GST_ELEMENT_CLASS (class), gst_pad_template_new ("sink", GST_PAD_SINK, GST_PAD_ALWAYS, caps));
  gst_element_class_set_static_metadata (GST_ELEMENT_CLASS (class), "Tap", "Sink/Audio",
                                         "Keeps what it hears", "The Segue authors");
}

static void
gst_tap_sink_init (GstTapSink *self)
{
}

gboolean
gst_tap_register (void)
{
  return gst_element_register (NULL, "seguetapsink", GST_RANK_NONE, GST_TYPE_TAP_SINK);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "gst-card.h"

#include <gst/audio/gstaudiosink.h>

/* What the card holds, in ms. */
#define HELD_MS 20
#define FRAME_BYTES 4

#define GST_TYPE_CARD (gst_card_get_type ())
G_DECLARE_FINAL_TYPE (GstCard, gst_card, GST, CARD, GstAudioSink)

struct _GstCard
{
  GstAudioSink parent_instance;

  GstTap *tap;
  gint rate;
  /* under the object's lock: one thread writes, another one asks for the delay */
  gint64 start_us; /* of what it has been given since it held nothing last; 0: it holds nothing */
  gint64 written;  /* frames, since then */
};

G_DEFINE_FINAL_TYPE (GstCard, gst_card, GST_TYPE_AUDIO_SINK)

static gboolean
gst_card_yes (GstAudioSink *sink)
{
  return TRUE;
}

static gboolean
gst_card_prepare (GstAudioSink *sink, GstAudioRingBufferSpec *spec)
{
  GST_OBJECT_LOCK (sink);
  GST_CARD (sink)->rate = GST_AUDIO_INFO_RATE (&spec->info);
  GST_CARD (sink)->start_us = 0;
  GST_OBJECT_UNLOCK (sink);
  return TRUE;
}

/* With the lock. */
static gint64
gst_card_get_held (GstCard *self)
{
  const gint64 us = g_get_monotonic_time () - self->start_us;

  return self->start_us > 0 ? self->written - us * self->rate / G_USEC_PER_SEC : 0;
}

/* Returns: how many frames it holds with @frames more. */
static gint64
gst_card_add (GstCard *self, guint frames)
{
  GST_OBJECT_LOCK (self);
  if (gst_card_get_held (self) <= 0)
    {
      self->start_us = g_get_monotonic_time ();
      self->written = 0;
    }
  self->written += frames;
  const gint64 held = gst_card_get_held (self);
  GST_OBJECT_UNLOCK (self);
  return held;
}

static gint
gst_card_write (GstAudioSink *sink, gpointer data, guint length)
{
  GstCard *self = GST_CARD (sink);
  const gint64 most = self->rate * HELD_MS / 1000;

  const gint64 held = gst_card_add (self, length / FRAME_BYTES);
  if (held > most)
    g_usleep ((held - most) * G_USEC_PER_SEC / self->rate);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->tap->lock);
  g_array_append_vals (self->tap->frames, data, length / FRAME_BYTES);
  return length;
}

static guint
gst_card_delay (GstAudioSink *sink)
{
  GST_OBJECT_LOCK (sink);
  const gint64 held = gst_card_get_held (GST_CARD (sink));
  GST_OBJECT_UNLOCK (sink);
  return MAX (held, 0);
}

static void
gst_card_reset (GstAudioSink *sink)
{
}

static void
gst_card_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GST_CARD (object)->tap = GSIZE_TO_POINTER (g_value_get_uint64 (value));
}

static void
gst_card_class_init (GstCardClass *class)
{
  GstAudioSinkClass *sink_class = GST_AUDIO_SINK_CLASS (class);
  g_autoptr (GstCaps) caps
      = gst_caps_from_string ("audio/x-raw, format=S16LE, channels=2, layout=interleaved");

  G_OBJECT_CLASS (class)->set_property = gst_card_set_property;
  sink_class->open = gst_card_yes;
  sink_class->prepare = gst_card_prepare;
  sink_class->unprepare = gst_card_yes;
  sink_class->close = gst_card_yes;
  sink_class->write = gst_card_write;
  sink_class->delay = gst_card_delay;
  sink_class->reset = gst_card_reset;
  g_object_class_install_property (G_OBJECT_CLASS (class), 1,
                                   g_param_spec_uint64 ("tap", NULL, NULL, 0, G_MAXUINT64, 0,
                                                        G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS));
  gst_element_class_add_pad_template (
      GST_ELEMENT_CLASS (class), gst_pad_template_new ("sink", GST_PAD_SINK, GST_PAD_ALWAYS, caps));
  gst_element_class_set_static_metadata (GST_ELEMENT_CLASS (class), "Card", "Sink/Audio",
                                         "Plays to a tap", "The Segue authors");
}

static void
gst_card_init (GstCard *self)
{
}

gboolean
gst_card_register (void)
{
  return gst_element_register (NULL, "seguecardsink", GST_RANK_NONE, GST_TYPE_CARD);
}

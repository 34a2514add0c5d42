/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-pulse-sink.h"

#include <gio/gio.h>
#include <gst/audio/audio.h>

#include "player-gst-pulse.h"
#include "player-gst-rewind.h"

#define CAPS                                                                                       \
  "audio/x-raw, format={" GST_AUDIO_NE (F32) "," GST_AUDIO_NE (                                    \
      S16) "}, layout=interleaved, "                                                               \
           "rate=[1,192000], channels=[1,2]"
#define DEFAULT_BUFFER_US (200 * 1000)
#define DEFAULT_PERIOD_US (10 * 1000)

struct _PlayerGstPulseSink
{
  GstBaseSink parent_instance;

  PlayerGstPulse *pulse; /* (owned) (nullable): from READY on */

  /* All below: under the object lock. */
  char *device; /* (owned) (nullable) */
  gint64 buffer_us;
  gint64 period_us;
  guint rate; /* 0: nothing flows */
  guint frame_bytes;
  GstClockTime begin_ns; /* time stamp of the stream's first frame; NONE: none has come */
};

enum
{
  PROP_0,
  PROP_DEVICE,
  PROP_BUFFER_TIME,
  PROP_LATENCY_TIME,
  N_PROPS,
};

static void player_gst_pulse_sink_rewind_init (PlayerGstRewindInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PlayerGstPulseSink,
                               player_gst_pulse_sink,
                               GST_TYPE_BASE_SINK,
                               G_IMPLEMENT_INTERFACE (PLAYER_TYPE_GST_REWIND,
                                                      player_gst_pulse_sink_rewind_init))

/* --- the streaming thread --- */

static void
pulse_sink_complain (PlayerGstPulseSink *self, const GError *error)
{
  GST_ELEMENT_ERROR (self, RESOURCE, WRITE, ("PulseAudio: %s", error->message), (NULL));
}

static gboolean
player_gst_pulse_sink_set_caps (GstBaseSink *base, GstCaps *caps)
{
  PlayerGstPulseSink *self = PLAYER_GST_PULSE_SINK (base);
  g_autoptr (GError) error = NULL;
  GstAudioInfo info;

  if (!gst_audio_info_from_caps (&info, caps))
    return FALSE;
  GST_OBJECT_LOCK (self);
  g_autofree char *device = g_strdup (self->device);
  const PlayerGstPulseFormat format = { .is_float = GST_AUDIO_INFO_IS_FLOAT (&info),
                                        .rate = (guint)info.rate,
                                        .channels = (guint)info.channels,
                                        .buffer_ms = (guint)(self->buffer_us / 1000),
                                        .period_ms = (guint)(self->period_us / 1000),
                                        .device = device };
  GST_OBJECT_UNLOCK (self);
  if (!player_gst_pulse_start (self->pulse, &format, &error))
    {
      pulse_sink_complain (self, error);
      return FALSE;
    }
  GST_OBJECT_LOCK (self);
  self->rate = format.rate;
  self->frame_bytes = (guint)info.bpf;
  self->begin_ns = GST_CLOCK_TIME_NONE;
  GST_OBJECT_UNLOCK (self);
  return TRUE;
}

static void
pulse_sink_note_begin (PlayerGstPulseSink *self, GstBuffer *buffer)
{
  GST_OBJECT_LOCK (self);
  if (!GST_CLOCK_TIME_IS_VALID (self->begin_ns))
    self->begin_ns = GST_BUFFER_PTS_IS_VALID (buffer) ? GST_BUFFER_PTS (buffer) : 0;
  GST_OBJECT_UNLOCK (self);
}

static gboolean
pulse_sink_write (PlayerGstPulseSink *self, GstBuffer *buffer, GError **error)
{
  GstMapInfo map;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "No memory");
      return FALSE;
    }
  const gboolean done = player_gst_pulse_write (self->pulse, map.data, map.size / self->frame_bytes,
                                                GST_BUFFER_IS_DISCONT (buffer), error);
  gst_buffer_unmap (buffer, &map);
  return done;
}

/* What is interrupted by a pause is lost: nothing pauses here but in order to end. */
static GstFlowReturn
player_gst_pulse_sink_render (GstBaseSink *base, GstBuffer *buffer)
{
  PlayerGstPulseSink *self = PLAYER_GST_PULSE_SINK (base);
  g_autoptr (GError) error = NULL;

  pulse_sink_note_begin (self, buffer);
  if (pulse_sink_write (self, buffer, &error))
    return GST_FLOW_OK;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return gst_base_sink_wait_preroll (base);
  pulse_sink_complain (self, error);
  return GST_FLOW_ERROR;
}

static gboolean
player_gst_pulse_sink_unlock (GstBaseSink *base)
{
  player_gst_pulse_set_interrupted (PLAYER_GST_PULSE_SINK (base)->pulse, TRUE);
  return TRUE;
}

static gboolean
player_gst_pulse_sink_unlock_stop (GstBaseSink *base)
{
  player_gst_pulse_set_interrupted (PLAYER_GST_PULSE_SINK (base)->pulse, FALSE);
  return TRUE;
}

static gboolean
player_gst_pulse_sink_stop (GstBaseSink *base)
{
  PlayerGstPulseSink *self = PLAYER_GST_PULSE_SINK (base);

  GST_OBJECT_LOCK (self);
  self->rate = 0;
  GST_OBJECT_UNLOCK (self);
  player_gst_pulse_stop (self->pulse);
  return TRUE;
}

/* --- any thread --- */

/* @rate: (out); FALSE: nothing flows. */
static gboolean
pulse_sink_get_begin (PlayerGstPulseSink *self, guint *rate, GstClockTime *begin_ns)
{
  GST_OBJECT_LOCK (self);
  *rate = self->rate;
  *begin_ns = self->begin_ns;
  GST_OBJECT_UNLOCK (self);
  return *rate > 0 && GST_CLOCK_TIME_IS_VALID (*begin_ns);
}

static gboolean
player_gst_pulse_sink_rewind (PlayerGstRewind *rewind,
                              GstClockTime earliest_ns,
                              GstClockTime *kept_ns)
{
  PlayerGstPulseSink *self = PLAYER_GST_PULSE_SINK (rewind);
  GstClockTime begin_ns;
  guint rate;
  guint64 kept;

  if (!pulse_sink_get_begin (self, &rate, &begin_ns))
    return FALSE;
  const GstClockTime early_ns = earliest_ns - MIN (begin_ns, earliest_ns);
  if (!player_gst_pulse_take_back (self->pulse,
                                   gst_util_uint64_scale_round (early_ns, rate, GST_SECOND), &kept))
    return FALSE;
  *kept_ns = begin_ns + gst_util_uint64_scale (kept, GST_SECOND, rate);
  return TRUE;
}

static gboolean
player_gst_pulse_sink_query (GstElement *element, GstQuery *query)
{
  PlayerGstPulseSink *self = PLAYER_GST_PULSE_SINK (element);
  GstClockTime begin_ns;
  GstFormat format;
  guint rate;

  if (GST_QUERY_TYPE (query) == GST_QUERY_POSITION)
    {
      gst_query_parse_position (query, &format, NULL);
      if (format != GST_FORMAT_TIME || !pulse_sink_get_begin (self, &rate, &begin_ns))
        return FALSE;
      const guint64 heard = player_gst_pulse_get_heard (self->pulse);
      gst_query_set_position (query, format,
                              (gint64)(begin_ns + gst_util_uint64_scale (heard, GST_SECOND, rate)));
      return TRUE;
    }
  return GST_ELEMENT_CLASS (player_gst_pulse_sink_parent_class)->query (element, query);
}

/* --- states --- */

static gboolean
pulse_sink_open (PlayerGstPulseSink *self)
{
  g_autoptr (GError) error = NULL;

  if (self->pulse == NULL)
    self->pulse = player_gst_pulse_new ();
  if (self->pulse == NULL)
    {
      GST_ELEMENT_ERROR (self, RESOURCE, NOT_FOUND,
                         ("PulseAudio's client library is not installed"), (NULL));
      return FALSE;
    }
  if (player_gst_pulse_is_open (self->pulse) || player_gst_pulse_open (self->pulse, &error))
    return TRUE;
  GST_ELEMENT_ERROR (self, RESOURCE, OPEN_WRITE, ("PulseAudio: %s", error->message), (NULL));
  return FALSE;
}

static GstStateChangeReturn
player_gst_pulse_sink_change_state (GstElement *element, GstStateChange transition)
{
  PlayerGstPulseSink *self = PLAYER_GST_PULSE_SINK (element);

  /* It may have gone while it was not needed. */
  if ((transition == GST_STATE_CHANGE_NULL_TO_READY
       || transition == GST_STATE_CHANGE_READY_TO_PAUSED)
      && !pulse_sink_open (self))
    return GST_STATE_CHANGE_FAILURE;
  if (transition == GST_STATE_CHANGE_PAUSED_TO_PLAYING)
    player_gst_pulse_set_corked (self->pulse, FALSE);
  if (transition == GST_STATE_CHANGE_PLAYING_TO_PAUSED)
    player_gst_pulse_set_corked (self->pulse, TRUE);
  const GstStateChangeReturn result
      = GST_ELEMENT_CLASS (player_gst_pulse_sink_parent_class)->change_state (element, transition);
  if (transition == GST_STATE_CHANGE_READY_TO_NULL)
    g_clear_pointer (&self->pulse, player_gst_pulse_free);
  return result;
}

/* --- the object --- */

static void
player_gst_pulse_sink_set_property (GObject *object,
                                    guint id,
                                    const GValue *value,
                                    GParamSpec *pspec)
{
  PlayerGstPulseSink *self = PLAYER_GST_PULSE_SINK (object);

  GST_OBJECT_LOCK (self);
  switch (id)
    {
    case PROP_DEVICE:
      g_free (self->device);
      self->device = g_value_dup_string (value);
      break;
    case PROP_BUFFER_TIME:
      self->buffer_us = g_value_get_int64 (value);
      break;
    case PROP_LATENCY_TIME:
      self->period_us = g_value_get_int64 (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
  GST_OBJECT_UNLOCK (self);
}

static void
player_gst_pulse_sink_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PlayerGstPulseSink *self = PLAYER_GST_PULSE_SINK (object);

  GST_OBJECT_LOCK (self);
  switch (id)
    {
    case PROP_DEVICE:
      g_value_set_string (value, self->device);
      break;
    case PROP_BUFFER_TIME:
      g_value_set_int64 (value, self->buffer_us);
      break;
    case PROP_LATENCY_TIME:
      g_value_set_int64 (value, self->period_us);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
  GST_OBJECT_UNLOCK (self);
}

static void
player_gst_pulse_sink_finalize (GObject *object)
{
  PlayerGstPulseSink *self = PLAYER_GST_PULSE_SINK (object);

  g_clear_pointer (&self->pulse, player_gst_pulse_free);
  g_free (self->device);
  G_OBJECT_CLASS (player_gst_pulse_sink_parent_class)->finalize (object);
}

static void
player_gst_pulse_sink_rewind_init (PlayerGstRewindInterface *iface)
{
  iface->rewind = player_gst_pulse_sink_rewind;
}

static void
pulse_sink_install_properties (GObjectClass *class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  g_object_class_install_property (
      class, PROP_DEVICE,
      g_param_spec_string ("device", "Device", "Of the server; NULL: its default", NULL, flags));
  g_object_class_install_property (class, PROP_BUFFER_TIME,
                                   g_param_spec_int64 ("buffer-time", "Buffer",
                                                       "What waits to be heard at most, in µs",
                                                       1000, G_MAXINT, DEFAULT_BUFFER_US, flags));
  g_object_class_install_property (
      class, PROP_LATENCY_TIME,
      g_param_spec_int64 ("latency-time", "Period", "How much the server asks for at a time, in µs",
                          1000, G_MAXINT, DEFAULT_PERIOD_US, flags));
}

static void
player_gst_pulse_sink_class_init (PlayerGstPulseSinkClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GstElementClass *element_class = GST_ELEMENT_CLASS (class);
  GstBaseSinkClass *sink_class = GST_BASE_SINK_CLASS (class);
  g_autoptr (GstCaps) caps = gst_caps_from_string (CAPS);

  object_class->set_property = player_gst_pulse_sink_set_property;
  object_class->get_property = player_gst_pulse_sink_get_property;
  object_class->finalize = player_gst_pulse_sink_finalize;
  pulse_sink_install_properties (object_class);
  element_class->query = player_gst_pulse_sink_query;
  element_class->change_state = player_gst_pulse_sink_change_state;
  sink_class->set_caps = player_gst_pulse_sink_set_caps;
  sink_class->render = player_gst_pulse_sink_render;
  sink_class->unlock = player_gst_pulse_sink_unlock;
  sink_class->unlock_stop = player_gst_pulse_sink_unlock_stop;
  sink_class->stop = player_gst_pulse_sink_stop;
  gst_element_class_add_pad_template (
      element_class, gst_pad_template_new ("sink", GST_PAD_SINK, GST_PAD_ALWAYS, caps));
  gst_element_class_set_static_metadata (element_class, "Segue PulseAudio sink", "Sink/Audio",
                                         "Plays through PulseAudio, and takes back",
                                         "The Segue authors");
}

static void
player_gst_pulse_sink_init (PlayerGstPulseSink *self)
{
  self->buffer_us = DEFAULT_BUFFER_US;
  self->period_us = DEFAULT_PERIOD_US;
  self->begin_ns = GST_CLOCK_TIME_NONE;
  gst_base_sink_set_sync (GST_BASE_SINK (self), FALSE);
}

gboolean
player_gst_pulse_sink_register (void)
{
  return gst_element_register (NULL, PLAYER_GST_PULSE_SINK_NAME, GST_RANK_NONE,
                               PLAYER_TYPE_GST_PULSE_SINK);
}

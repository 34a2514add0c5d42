/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-pipewire-sink.h"

#include "player-gst-pipewire-stream.h"
#include "player-gst-rewind.h"

#define CAPS                                                                                       \
  "audio/x-raw, format={ " GST_AUDIO_NE (F32) ", " GST_AUDIO_NE (                                  \
      S16) " }, layout=interleaved, rate=[ 1, 768000 ], channels=[ 1, 8 ]"
#define DEFAULT_BUFFER_US 60000
#define MIN_BUFFER_US 5000
#define MAX_BUFFER_US 10000000

struct _PlayerGstPipewireSink
{
  GstBaseSink parent_instance;

  /* under the object lock */
  char *client_name; /* (owned) (nullable) */
  char *target;      /* (owned) (nullable) */
  gint64 buffer_us;
  GstClockTime told_ns; /* the latest position */

  PlayerGstPipewireStream *stream; /* (owned) (nullable): beyond the state NULL */

  GMutex lock; /* held for no longer than it takes to copy a buffer */
  /* All below: under the lock. */
  gint rate; /* 0: of no buffers yet */
  guint frame_bytes;
  gboolean begun;         /* a buffer has come since the start */
  gint64 origin;          /* frame of the stream … */
  GstClockTime origin_ns; /* … which has this time stamp */
  gboolean rewound;       /* what comes is thrown away before what is at @kept */
  gint64 kept;            /* frame of the stream */
  guint rewinds;
};

enum
{
  PROP_0,
  PROP_TARGET_OBJECT,
  PROP_CLIENT_NAME,
  PROP_BUFFER_TIME,
  N_PROPS,
};

static void player_gst_pipewire_sink_rewind_init (PlayerGstRewindInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PlayerGstPipewireSink,
                               player_gst_pipewire_sink,
                               GST_TYPE_BASE_SINK,
                               G_IMPLEMENT_INTERFACE (PLAYER_TYPE_GST_REWIND,
                                                      player_gst_pipewire_sink_rewind_init))

/* --- time stamps and frames, with the lock --- */

static gint64
sink_get_frame (PlayerGstPipewireSink *self, GstClockTime time_ns)
{
  const gboolean later = time_ns >= self->origin_ns;
  const guint64 frames
      = gst_util_uint64_scale_round (later ? time_ns - self->origin_ns : self->origin_ns - time_ns,
                                     (guint64)self->rate, GST_SECOND);

  return self->origin + (later ? (gint64)frames : -(gint64)frames);
}

static GstClockTime
sink_get_time (PlayerGstPipewireSink *self, gint64 frame)
{
  const gint64 frames = MAX (frame - self->origin, 0);

  return self->origin_ns + gst_util_uint64_scale ((guint64)frames, GST_SECOND, (guint64)self->rate);
}

/* --- what comes --- */

/* What has to be written of a buffer. */
typedef struct
{
  guint silence; /* frames, to be written first */
  const guint8 *data;
  guint frames;
  guint rewinds; /* there had been, when it came */
} Piece;

/* With the lock: where @buffer belongs. FALSE: nowhere. */
static gboolean
sink_place (PlayerGstPipewireSink *self, GstBuffer *buffer, Piece *piece)
{
  const gint64 end = player_gst_pipewire_stream_get_end (self->stream);
  const GstClockTime time_ns = GST_BUFFER_PTS (buffer);

  piece->rewinds = self->rewinds;
  if (!self->begun)
    {
      self->begun = TRUE;
      self->origin = end;
      self->origin_ns = GST_CLOCK_TIME_IS_VALID (time_ns) ? time_ns : 0;
    }
  const gint64 at = GST_CLOCK_TIME_IS_VALID (time_ns) ? sink_get_frame (self, time_ns) : end;
  if (self->rewound && (!GST_BUFFER_IS_DISCONT (buffer) || ABS (at - self->kept) > 1))
    return FALSE;
  const gboolean jump = at > end + 1 && GST_BUFFER_IS_DISCONT (buffer) && !self->rewound;
  piece->silence = jump ? (guint)MIN (at - end, G_MAXINT) : 0;
  self->rewound = FALSE;
  return TRUE;
}

/* Writes as much as there is room for. FALSE: it has been taken back. */
static gboolean
sink_write (PlayerGstPipewireSink *self, Piece *piece)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (piece->rewinds != self->rewinds)
    return FALSE;
  piece->silence -= player_gst_pipewire_stream_write (self->stream, NULL, piece->silence);
  if (piece->silence > 0)
    return TRUE;
  const guint written = player_gst_pipewire_stream_write (self->stream, piece->data, piece->frames);
  piece->data += (gsize)written * self->frame_bytes;
  piece->frames -= written;
  return TRUE;
}

static GstFlowReturn
sink_feed (PlayerGstPipewireSink *self, Piece *piece)
{
  while (sink_write (self, piece) && piece->silence + piece->frames > 0)
    {
      if (player_gst_pipewire_stream_wait (self->stream, piece->silence + piece->frames))
        continue;
      if (player_gst_pipewire_stream_is_broken (self->stream))
        return GST_FLOW_ERROR;
      const GstFlowReturn flow = gst_base_sink_wait_preroll (GST_BASE_SINK (self));
      if (flow != GST_FLOW_OK)
        return flow;
    }
  return GST_FLOW_OK;
}

static GstFlowReturn
player_gst_pipewire_sink_render (GstBaseSink *base, GstBuffer *buffer)
{
  PlayerGstPipewireSink *self = PLAYER_GST_PIPEWIRE_SINK (base);
  GstMapInfo info;
  Piece piece = { 0 };

  if (!gst_buffer_map (buffer, &info, GST_MAP_READ))
    return GST_FLOW_ERROR;
  g_mutex_lock (&self->lock);
  const gboolean wanted = self->rate > 0 && sink_place (self, buffer, &piece);
  g_mutex_unlock (&self->lock);
  piece.data = info.data;
  piece.frames = self->frame_bytes > 0 ? (guint)(info.size / self->frame_bytes) : 0;
  const GstFlowReturn flow = wanted ? sink_feed (self, &piece) : GST_FLOW_OK;
  gst_buffer_unmap (buffer, &info);
  return flow;
}

static gboolean
player_gst_pipewire_sink_set_caps (GstBaseSink *base, GstCaps *caps)
{
  PlayerGstPipewireSink *self = PLAYER_GST_PIPEWIRE_SINK (base);
  GstAudioInfo info;

  if (!gst_audio_info_from_caps (&info, caps))
    return FALSE;
  if (self->begun) /* what is queued is heard first */
    player_gst_pipewire_stream_drain (self->stream);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  if (!player_gst_pipewire_stream_set_format (self->stream, &info))
    return FALSE;
  self->rate = GST_AUDIO_INFO_RATE (&info);
  self->frame_bytes = (guint)GST_AUDIO_INFO_BPF (&info);
  self->begun = FALSE;
  return TRUE;
}

/* What is queued is heard before the end is told. */
static GstFlowReturn
sink_drain (PlayerGstPipewireSink *self)
{
  while (!player_gst_pipewire_stream_drain (self->stream))
    {
      if (player_gst_pipewire_stream_is_broken (self->stream))
        return GST_FLOW_ERROR;
      const GstFlowReturn flow = gst_base_sink_wait_preroll (GST_BASE_SINK (self));
      if (flow != GST_FLOW_OK)
        return flow;
    }
  return GST_FLOW_OK;
}

static GstFlowReturn
player_gst_pipewire_sink_wait_event (GstBaseSink *base, GstEvent *event)
{
  const GstFlowReturn flow
      = GST_BASE_SINK_CLASS (player_gst_pipewire_sink_parent_class)->wait_event (base, event);

  if (flow != GST_FLOW_OK || GST_EVENT_TYPE (event) != GST_EVENT_EOS)
    return flow;
  return sink_drain (PLAYER_GST_PIPEWIRE_SINK (base));
}

static gboolean
player_gst_pipewire_sink_unlock (GstBaseSink *base)
{
  player_gst_pipewire_stream_interrupt (PLAYER_GST_PIPEWIRE_SINK (base)->stream, TRUE);
  return TRUE;
}

static gboolean
player_gst_pipewire_sink_unlock_stop (GstBaseSink *base)
{
  player_gst_pipewire_stream_interrupt (PLAYER_GST_PIPEWIRE_SINK (base)->stream, FALSE);
  return TRUE;
}

/* --- what is heard, and what is not --- */

static gboolean
sink_find_position (PlayerGstPipewireSink *self, GstClockTime *position_ns)
{
  GstClockTime heard_ns = 0;

  g_mutex_lock (&self->lock);
  const gboolean known
      = self->begun && player_gst_pipewire_stream_get_heard (self->stream, self->origin, &heard_ns);
  const GstClockTime origin_ns = self->begun ? self->origin_ns : 0;
  g_mutex_unlock (&self->lock);
  GST_OBJECT_LOCK (self);
  if (known)
    self->told_ns = MAX (self->told_ns, origin_ns + heard_ns);
  *position_ns = self->told_ns;
  GST_OBJECT_UNLOCK (self);
  return TRUE;
}

static gboolean
player_gst_pipewire_sink_query (GstElement *element, GstQuery *query)
{
  PlayerGstPipewireSink *self = PLAYER_GST_PIPEWIRE_SINK (element);
  GstFormat format = GST_FORMAT_UNDEFINED;
  GstClockTime position_ns;

  if (GST_QUERY_TYPE (query) == GST_QUERY_POSITION)
    gst_query_parse_position (query, &format, NULL);
  if (format != GST_FORMAT_TIME || GST_STATE (element) < GST_STATE_PAUSED)
    return GST_ELEMENT_CLASS (player_gst_pipewire_sink_parent_class)->query (element, query);
  sink_find_position (self, &position_ns);
  gst_query_set_position (query, GST_FORMAT_TIME, (gint64)position_ns);
  return TRUE;
}

static gboolean
player_gst_pipewire_sink_rewind (PlayerGstRewind *rewind,
                                 GstClockTime earliest_ns,
                                 GstClockTime *kept_ns)
{
  PlayerGstPipewireSink *self = PLAYER_GST_PIPEWIRE_SINK (rewind);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  /* What is to be heard may not have been written yet; or what was taken back last has not been replaced. */
  if (!self->begun || self->rewound
      || sink_get_frame (self, earliest_ns) > player_gst_pipewire_stream_get_end (self->stream))
    return FALSE;
  self->rewinds++;
  self->rewound = TRUE;
  self->kept = player_gst_pipewire_stream_cut (self->stream, sink_get_frame (self, earliest_ns));
  *kept_ns = sink_get_time (self, self->kept);
  return TRUE;
}

static void
player_gst_pipewire_sink_rewind_init (PlayerGstRewindInterface *iface)
{
  iface->rewind = player_gst_pipewire_sink_rewind;
}

/* --- states --- */

static void
sink_on_broken (const char *message, gpointer data)
{
  GST_ELEMENT_ERROR (data, RESOURCE, WRITE, ("PipeWire: %s", message), (NULL));
}

static gboolean
sink_open (PlayerGstPipewireSink *self)
{
  g_autoptr (GError) error = NULL;

  GST_OBJECT_LOCK (self);
  g_autofree char *client_name = g_strdup (self->client_name);
  g_autofree char *target = g_strdup (self->target);
  const PlayerGstPipewireSetup setup = { .client_name = client_name != NULL ? client_name : "Segue",
                                         .target = target,
                                         .queue_ns = (GstClockTime)self->buffer_us * GST_USECOND,
                                         .broken = sink_on_broken,
                                         .data = self };
  GST_OBJECT_UNLOCK (self);
  self->stream = player_gst_pipewire_stream_new (&setup, &error);
  if (self->stream == NULL)
    GST_ELEMENT_ERROR (self, RESOURCE, OPEN_WRITE, ("%s", error->message), (NULL));
  return self->stream != NULL;
}

/* Beyond READY: nothing is left of what has been played. */
static void
sink_restart (PlayerGstPipewireSink *self)
{
  g_mutex_lock (&self->lock);
  player_gst_pipewire_stream_flush (self->stream);
  self->begun = FALSE;
  self->rewound = FALSE;
  g_mutex_unlock (&self->lock);
  GST_OBJECT_LOCK (self);
  self->told_ns = 0;
  GST_OBJECT_UNLOCK (self);
}

static GstStateChangeReturn
player_gst_pipewire_sink_change_state (GstElement *element, GstStateChange transition)
{
  PlayerGstPipewireSink *self = PLAYER_GST_PIPEWIRE_SINK (element);

  if (transition == GST_STATE_CHANGE_NULL_TO_READY && !sink_open (self))
    return GST_STATE_CHANGE_FAILURE;
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED)
    {
      sink_restart (self);
      player_gst_pipewire_stream_set_active (self->stream, TRUE);
    }
  if (transition == GST_STATE_CHANGE_PAUSED_TO_PLAYING
      || transition == GST_STATE_CHANGE_PLAYING_TO_PAUSED)
    player_gst_pipewire_stream_hold (self->stream,
                                     transition == GST_STATE_CHANGE_PLAYING_TO_PAUSED);
  const GstStateChangeReturn result = GST_ELEMENT_CLASS (player_gst_pipewire_sink_parent_class)
                                          ->change_state (element, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    {
      player_gst_pipewire_stream_set_active (self->stream, FALSE);
      sink_restart (self);
    }
  if (transition == GST_STATE_CHANGE_READY_TO_NULL)
    g_clear_pointer (&self->stream, player_gst_pipewire_stream_free);
  return result;
}

/* --- the object --- */

static void
player_gst_pipewire_sink_set_property (GObject *object,
                                       guint id,
                                       const GValue *value,
                                       GParamSpec *pspec)
{
  PlayerGstPipewireSink *self = PLAYER_GST_PIPEWIRE_SINK (object);

  GST_OBJECT_LOCK (self);
  switch (id)
    {
    case PROP_TARGET_OBJECT:
      g_free (self->target);
      self->target = g_value_dup_string (value);
      break;
    case PROP_CLIENT_NAME:
      g_free (self->client_name);
      self->client_name = g_value_dup_string (value);
      break;
    case PROP_BUFFER_TIME:
      self->buffer_us = g_value_get_int64 (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
  GST_OBJECT_UNLOCK (self);
}

static void
player_gst_pipewire_sink_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PlayerGstPipewireSink *self = PLAYER_GST_PIPEWIRE_SINK (object);

  GST_OBJECT_LOCK (self);
  switch (id)
    {
    case PROP_TARGET_OBJECT:
      g_value_set_string (value, self->target);
      break;
    case PROP_CLIENT_NAME:
      g_value_set_string (value, self->client_name);
      break;
    case PROP_BUFFER_TIME:
      g_value_set_int64 (value, self->buffer_us);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
  GST_OBJECT_UNLOCK (self);
}

static void
player_gst_pipewire_sink_finalize (GObject *object)
{
  PlayerGstPipewireSink *self = PLAYER_GST_PIPEWIRE_SINK (object);

  g_free (self->client_name);
  g_free (self->target);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (player_gst_pipewire_sink_parent_class)->finalize (object);
}

static void
player_gst_pipewire_sink_class_init (PlayerGstPipewireSinkClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GstElementClass *element_class = GST_ELEMENT_CLASS (class);
  GstBaseSinkClass *sink_class = GST_BASE_SINK_CLASS (class);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS;
  g_autoptr (GstCaps) caps = gst_caps_from_string (CAPS);

  object_class->set_property = player_gst_pipewire_sink_set_property;
  object_class->get_property = player_gst_pipewire_sink_get_property;
  object_class->finalize = player_gst_pipewire_sink_finalize;
  g_object_class_install_property (
      object_class, PROP_TARGET_OBJECT,
      g_param_spec_string ("target-object", "Target object",
                           "Name or serial number of a sink of PipeWire's", NULL, flags));
  g_object_class_install_property (
      object_class, PROP_CLIENT_NAME,
      g_param_spec_string ("client-name", "Client name", "What PipeWire shows", "Segue", flags));
  g_object_class_install_property (
      object_class, PROP_BUFFER_TIME,
      g_param_spec_int64 ("buffer-time", "Buffer time", "How much is queued, in microseconds",
                          MIN_BUFFER_US, MAX_BUFFER_US, DEFAULT_BUFFER_US, flags));
  element_class->query = player_gst_pipewire_sink_query;
  element_class->change_state = player_gst_pipewire_sink_change_state;
  sink_class->set_caps = player_gst_pipewire_sink_set_caps;
  sink_class->render = player_gst_pipewire_sink_render;
  sink_class->wait_event = player_gst_pipewire_sink_wait_event;
  sink_class->unlock = player_gst_pipewire_sink_unlock;
  sink_class->unlock_stop = player_gst_pipewire_sink_unlock_stop;
  gst_element_class_add_pad_template (
      element_class, gst_pad_template_new ("sink", GST_PAD_SINK, GST_PAD_ALWAYS, caps));
  gst_element_class_set_static_metadata (element_class, "Segue PipeWire sink", "Sink/Audio",
                                         "Plays on PipeWire", "The Segue authors");
}

static void
player_gst_pipewire_sink_init (PlayerGstPipewireSink *self)
{
  g_mutex_init (&self->lock);
  gst_base_sink_set_sync (GST_BASE_SINK (self), FALSE);
  gst_base_sink_set_last_sample_enabled (GST_BASE_SINK (self), FALSE);
}

gboolean
player_gst_pipewire_sink_register (void)
{
  return gst_element_register (NULL, PLAYER_GST_PIPEWIRE_SINK_NAME, GST_RANK_NONE,
                               PLAYER_TYPE_GST_PIPEWIRE_SINK);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-snapcast.h"

#include <gio/gio.h>
#include <sys/socket.h>

#define DEFAULT_PORT 4953
#define CAPS                                                                                       \
  "audio/x-raw, format=S16LE, layout=interleaved, channels=2, rate=" G_STRINGIFY (                 \
      PLAYER_GST_SNAPCAST_RATE)
/* So far ahead of its time a block is sent. The server reads a chunk each chunk's length, and a chunk
 * that is not there in time makes it shift all that follows. */
#define LEAD_MS 100
/* What the server puts into one chunk, unless told otherwise. It takes the first one as recorded
 * while it came in: heard that much sooner. */
#define CHUNK_MS 20
/* What may wait here when the server does not read, in bytes: some 80 ms, which Linux doubles. */
#define SEND_BUFFER_BYTES 16384
/* A server that answers nothing, or takes nothing, for so long is gone. */
#define TIMEOUT_S 2

struct _PlayerGstSnapcast
{
  GstBaseSink parent_instance;

  char *address; /* (owned) (nullable) under the object lock */
  guint delay_ms;
  GCancellable *cancellable; /* (owned) */

  /* under the preroll lock, which render() is called with */
  GSocketConnection *connection; /* (owned) (nullable) */
  gboolean silent;               /* nothing has been sent over it */

  /* under the object lock */
  GstClockTimeDiff late_ns; /* how much later than its time the first block was sent */
};

enum
{
  PROP_0,
  PROP_ADDRESS,
  PROP_DELAY_MS,
  N_PROPS,
};

G_DEFINE_FINAL_TYPE (PlayerGstSnapcast, player_gst_snapcast, GST_TYPE_BASE_SINK)

/* --- the connection --- */

static void
snapcast_disconnect (PlayerGstSnapcast *self)
{
  if (self->connection != NULL)
    g_io_stream_close (G_IO_STREAM (self->connection), NULL, NULL);
  g_clear_object (&self->connection);
}

/* By how much the clock has passed @buffer's time. */
static void
snapcast_note_late (PlayerGstSnapcast *self, GstBuffer *buffer)
{
  GstBaseSink *base = GST_BASE_SINK (self);
  const GstClockTime due
      = gst_segment_to_running_time (&base->segment, GST_FORMAT_TIME, GST_BUFFER_PTS (buffer));
  const GstClockTime now = gst_element_get_current_running_time (GST_ELEMENT (self));

  GST_OBJECT_LOCK (self);
  self->late_ns = GST_CLOCK_TIME_IS_VALID (due) && GST_CLOCK_TIME_IS_VALID (now)
                      ? GST_CLOCK_DIFF (due, now)
                      : 0;
  GST_OBJECT_UNLOCK (self);
}

static gboolean
snapcast_connect (PlayerGstSnapcast *self, GError **error)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  GST_OBJECT_LOCK (self);
  g_autofree char *address = g_strdup (self->address);
  GST_OBJECT_UNLOCK (self);

  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_set_timeout (client, TIMEOUT_S);
  self->connection
      = g_socket_client_connect_to_host (client, address, DEFAULT_PORT, self->cancellable, error);
  if (self->connection == NULL)
    return FALSE;
  GSocket *socket = g_socket_connection_get_socket (self->connection);
  g_socket_set_timeout (socket, TIMEOUT_S);
  g_socket_set_option (socket, SOL_SOCKET, SO_SNDBUF, SEND_BUFFER_BYTES, NULL);
  g_tcp_connection_set_graceful_disconnect (G_TCP_CONNECTION (self->connection), FALSE);
  self->silent = TRUE;
  return TRUE;
}

/* The server says nothing: what can be read is the end. Without a look at it, what is sent first
 * after the server has gone would be lost. */
static gboolean
snapcast_check (PlayerGstSnapcast *self, GError **error)
{
  GSocket *socket = g_socket_connection_get_socket (self->connection);
  char byte;

  while (g_socket_condition_check (socket, G_IO_IN | G_IO_HUP | G_IO_ERR) != 0)
    {
      const gssize length = g_socket_receive (socket, &byte, 1, self->cancellable, error);

      if (length == 0)
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                     "it has closed the connection");
      if (length <= 0)
        return FALSE;
    }
  return TRUE;
}

static gboolean
snapcast_send (PlayerGstSnapcast *self, GstBuffer *buffer, GError **error)
{
  GstMapInfo info;

  if (self->connection == NULL && !snapcast_connect (self, error))
    return FALSE;
  if (!snapcast_check (self, error) || !gst_buffer_map (buffer, &info, GST_MAP_READ))
    return FALSE;
  if (self->silent)
    snapcast_note_late (self, buffer);
  self->silent = FALSE;
  GOutputStream *stream = g_io_stream_get_output_stream (G_IO_STREAM (self->connection));
  const gboolean sent
      = g_output_stream_write_all (stream, info.data, info.size, NULL, self->cancellable, error);
  gst_buffer_unmap (buffer, &info);
  return sent;
}

/* --- the sink --- */

static void
snapcast_complain (PlayerGstSnapcast *self, const GError *error)
{
  GST_ELEMENT_ERROR (
      self, RESOURCE, WRITE,
      ("The snapserver cannot be fed: %s", error != NULL ? error->message : "no memory"), (NULL));
}

static GstFlowReturn
player_gst_snapcast_render (GstBaseSink *base, GstBuffer *buffer)
{
  PlayerGstSnapcast *self = PLAYER_GST_SNAPCAST (base);
  g_autoptr (GError) error = NULL;

  while (!snapcast_send (self, buffer, &error))
    {
      snapcast_disconnect (self);
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          snapcast_complain (self, error);
          return GST_FLOW_ERROR;
        }
      g_clear_error (&error);
      const GstFlowReturn flow = gst_base_sink_wait_preroll (base);
      if (flow != GST_FLOW_OK)
        return flow;
    }
  return GST_FLOW_OK;
}

static gboolean
player_gst_snapcast_unlock (GstBaseSink *base)
{
  g_cancellable_cancel (PLAYER_GST_SNAPCAST (base)->cancellable);
  return TRUE;
}

static gboolean
player_gst_snapcast_unlock_stop (GstBaseSink *base)
{
  g_cancellable_reset (PLAYER_GST_SNAPCAST (base)->cancellable);
  return TRUE;
}

static gboolean
player_gst_snapcast_stop (GstBaseSink *base)
{
  snapcast_disconnect (PLAYER_GST_SNAPCAST (base));
  return TRUE;
}

static gboolean
player_gst_snapcast_query (GstElement *element, GstQuery *query)
{
  PlayerGstSnapcast *self = PLAYER_GST_SNAPCAST (element);
  GstFormat format;
  gint64 position;

  if (!GST_ELEMENT_CLASS (player_gst_snapcast_parent_class)->query (element, query))
    return FALSE;
  if (GST_QUERY_TYPE (query) != GST_QUERY_POSITION)
    return TRUE;
  gst_query_parse_position (query, &format, &position);
  if (format != GST_FORMAT_TIME)
    return TRUE;
  GST_OBJECT_LOCK (self);
  position -= self->late_ns + ((gint64)self->delay_ms - CHUNK_MS) * (gint64)GST_MSECOND;
  GST_OBJECT_UNLOCK (self);
  gst_query_set_position (query, format, MAX (position, 0));
  return TRUE;
}

/* Whether anybody is there is known before a block is lost to it. */
static gboolean
snapcast_begin (PlayerGstSnapcast *self)
{
  g_autoptr (GError) error = NULL;

  if (snapcast_connect (self, &error))
    return TRUE;
  snapcast_complain (self, error);
  return FALSE;
}

/* The server stamps what comes after a break as if there had been none, except on a new connection.
 */
static GstStateChangeReturn
player_gst_snapcast_change_state (GstElement *element, GstStateChange transition)
{
  PlayerGstSnapcast *self = PLAYER_GST_SNAPCAST (element);

  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED && !snapcast_begin (self))
    return GST_STATE_CHANGE_FAILURE;
  const GstStateChangeReturn result
      = GST_ELEMENT_CLASS (player_gst_snapcast_parent_class)->change_state (element, transition);
  if (transition == GST_STATE_CHANGE_PLAYING_TO_PAUSED
      || transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    {
      GST_BASE_SINK_PREROLL_LOCK (element);
      snapcast_disconnect (self);
      GST_BASE_SINK_PREROLL_UNLOCK (element);
    }
  return result;
}

/* --- the object --- */

static void
player_gst_snapcast_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PlayerGstSnapcast *self = PLAYER_GST_SNAPCAST (object);

  GST_OBJECT_LOCK (self);
  switch (id)
    {
    case PROP_ADDRESS:
      g_free (self->address);
      self->address = g_value_dup_string (value);
      break;
    case PROP_DELAY_MS:
      self->delay_ms = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
  GST_OBJECT_UNLOCK (self);
}

static void
player_gst_snapcast_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PlayerGstSnapcast *self = PLAYER_GST_SNAPCAST (object);

  GST_OBJECT_LOCK (self);
  switch (id)
    {
    case PROP_ADDRESS:
      g_value_set_string (value, self->address);
      break;
    case PROP_DELAY_MS:
      g_value_set_uint (value, self->delay_ms);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
  GST_OBJECT_UNLOCK (self);
}

static void
player_gst_snapcast_finalize (GObject *object)
{
  PlayerGstSnapcast *self = PLAYER_GST_SNAPCAST (object);

  snapcast_disconnect (self);
  g_clear_object (&self->cancellable);
  g_free (self->address);
  G_OBJECT_CLASS (player_gst_snapcast_parent_class)->finalize (object);
}

static void
player_gst_snapcast_class_init (PlayerGstSnapcastClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GstElementClass *element_class = GST_ELEMENT_CLASS (class);
  GstBaseSinkClass *sink_class = GST_BASE_SINK_CLASS (class);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS;
  g_autoptr (GstCaps) caps = gst_caps_from_string (CAPS);

  object_class->set_property = player_gst_snapcast_set_property;
  object_class->get_property = player_gst_snapcast_get_property;
  object_class->finalize = player_gst_snapcast_finalize;
  g_object_class_install_property (object_class, PROP_ADDRESS,
                                   g_param_spec_string ("address", "Address",
                                                        "HOST:PORT of a TCP source of a snapserver",
                                                        "127.0.0.1:4953", flags));
  g_object_class_install_property (
      object_class, PROP_DELAY_MS,
      g_param_spec_uint ("delay-ms", "Delay", "The server's buffer", 0, 60000, 1000, flags));

  element_class->query = player_gst_snapcast_query;
  element_class->change_state = player_gst_snapcast_change_state;
  sink_class->render = player_gst_snapcast_render;
  sink_class->unlock = player_gst_snapcast_unlock;
  sink_class->unlock_stop = player_gst_snapcast_unlock_stop;
  sink_class->stop = player_gst_snapcast_stop;
  gst_element_class_add_pad_template (
      element_class, gst_pad_template_new ("sink", GST_PAD_SINK, GST_PAD_ALWAYS, caps));
  gst_element_class_set_static_metadata (element_class, "Segue Snapcast sink", "Sink/Audio/Network",
                                         "Feeds a snapserver", "The Segue authors");
}

static void
player_gst_snapcast_init (PlayerGstSnapcast *self)
{
  self->cancellable = g_cancellable_new ();
  gst_base_sink_set_ts_offset (GST_BASE_SINK (self), -LEAD_MS * (gint64)GST_MSECOND);
}

gboolean
player_gst_snapcast_register (void)
{
  return gst_element_register (NULL, PLAYER_GST_SNAPCAST_NAME, GST_RANK_NONE,
                               PLAYER_TYPE_GST_SNAPCAST);
}

char *
player_gst_snapcast_describe (const char *address, guint delay_ms)
{
  g_autofree char *escaped = g_strescape (address, NULL);

  return g_strdup_printf (PLAYER_GST_SNAPCAST_NAME " address=\"%s\" delay-ms=%u", escaped,
                          delay_ms);
}

guint
player_gst_snapcast_get_latency_ms (guint delay_ms)
{
  return delay_ms + LEAD_MS;
}

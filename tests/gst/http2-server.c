/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "http2-server.h"

#include <string.h>

#include "http2-range.h"

#define PREFACE_BYTES 24
#define FRAME_MAX_BYTES 16384
#define WINDOW_BYTES 65535
#define STREAM_MASK 0x7fffffffu

/* RFC 9113, 6. */
typedef enum
{
  FRAME_DATA = 0,
  FRAME_HEADERS = 1,
  FRAME_RST_STREAM = 3,
  FRAME_SETTINGS = 4,
  FRAME_PING = 6,
  FRAME_GOAWAY = 7,
  FRAME_WINDOW_UPDATE = 8,
  FRAME_CONTINUATION = 9,
} FrameType;

#define FLAG_ACK 0x1
#define FLAG_END_STREAM 0x1
#define FLAG_END_HEADERS 0x4
#define SETTINGS_INITIAL_WINDOW_SIZE 4
#define ERROR_INTERNAL 2

struct _Http2Server
{
  GSocketListener *listener;    /* (owned) */
  GTlsCertificate *certificate; /* (owned) */
  GCancellable *stopping;       /* (owned) */
  GThread *accepting;           /* (owned) */
  GBytes *bytes;                /* (owned) */
  Http2Fault fault;
  guint faulty;
  gsize middle;
  guint16 port;

  GMutex lock;
  GCond closed;
  guint open;
  guint requests;
};

typedef struct
{
  Http2Server *server;
  GIOStream *stream; /* (owned) */
  GInputStream *input;
  GOutputStream *output;
  gint64 window;         /* of the connection */
  gint64 stream_window;  /* of the one stream that is answered */
  gint64 initial_window; /* of each stream */
  gboolean reset;        /* the client does not want the stream any more */
} Talk;

typedef struct
{
  FrameType type;
  guint8 flags;
  guint32 stream;
  gsize length;
  guint8 data[FRAME_MAX_BYTES];
} Frame;

static guint32
read_u32 (const guint8 *data)
{
  return (guint32)data[0] << 24 | (guint32)data[1] << 16 | (guint32)data[2] << 8 | data[3];
}

static void
write_u32 (guint8 *data, guint32 value)
{
  for (guint i = 0; i < 4; i++)
    data[i] = (guint8)(value >> (24 - 8 * i));
}

static gboolean
send_frame (
    Talk *self, FrameType type, guint8 flags, guint32 stream, const guint8 *data, gsize length)
{
  guint8 head[9]
      = { (guint8)(length >> 16), (guint8)(length >> 8), (guint8)length, (guint8)type, flags };

  write_u32 (head + 5, stream);
  return g_output_stream_write_all (self->output, head, sizeof head, NULL, self->server->stopping,
                                    NULL)
         && (length == 0
             || g_output_stream_write_all (self->output, data, length, NULL, self->server->stopping,
                                           NULL));
}

static gboolean
read_exactly (Talk *self, guint8 *data, gsize length)
{
  gsize got = 0;

  return g_input_stream_read_all (self->input, data, length, &got, self->server->stopping, NULL)
         && got == length;
}

static gboolean
read_frame (Talk *self, Frame *frame)
{
  guint8 head[9];

  if (!read_exactly (self, head, sizeof head))
    return FALSE;
  frame->length = (gsize)head[0] << 16 | (gsize)head[1] << 8 | head[2];
  frame->type = head[3];
  frame->flags = head[4];
  frame->stream = read_u32 (head + 5) & STREAM_MASK;
  return frame->length <= sizeof frame->data && read_exactly (self, frame->data, frame->length);
}

static gboolean
take_settings (Talk *self, const Frame *frame)
{
  if (frame->flags & FLAG_ACK)
    return TRUE;
  for (gsize i = 0; i + 6 <= frame->length; i += 6)
    if ((frame->data[i] << 8 | frame->data[i + 1]) == SETTINGS_INITIAL_WINDOW_SIZE)
      self->initial_window = read_u32 (frame->data + i + 2);
  return send_frame (self, FRAME_SETTINGS, FLAG_ACK, 0, NULL, 0);
}

/* All but requests. FALSE = the connection is over. */
static gboolean
take_frame (Talk *self, const Frame *frame)
{
  switch (frame->type)
    {
    case FRAME_SETTINGS:
      return take_settings (self, frame);
    case FRAME_PING:
      return frame->flags & FLAG_ACK
             || send_frame (self, FRAME_PING, FLAG_ACK, 0, frame->data, frame->length);
    case FRAME_WINDOW_UPDATE:
      if (frame->stream == 0)
        self->window += read_u32 (frame->data) & STREAM_MASK;
      else
        self->stream_window += read_u32 (frame->data) & STREAM_MASK;
      return TRUE;
    case FRAME_RST_STREAM:
      self->reset = TRUE;
      return TRUE;
    case FRAME_GOAWAY:
      return FALSE;
    case FRAME_DATA:
    case FRAME_HEADERS:
    case FRAME_CONTINUATION:
    default:
      return TRUE;
    }
}

/* A literal header without indexing, not coded any further (RFC 7541, 6.2.2). */
static void
append_header (GByteArray *block, const char *name, const char *value)
{
  const guint8 lengths[] = { (guint8)strlen (name), (guint8)strlen (value) };

  g_byte_array_append (block, (const guint8 *)"", 1);
  g_byte_array_append (block, &lengths[0], 1);
  g_byte_array_append (block, (const guint8 *)name, lengths[0]);
  g_byte_array_append (block, &lengths[1], 1);
  g_byte_array_append (block, (const guint8 *)value, lengths[1]);
}

static gboolean
send_headers (Talk *self, guint32 stream, gsize first, gboolean length_told)
{
  const guint8 statuses[] = { 0x88, 0x8a }; /* :status 200, :status 206 */
  const gsize size = g_bytes_get_size (self->server->bytes);
  g_autoptr (GByteArray) block = g_byte_array_new ();
  g_autofree char *range = length_told
                               ? g_strdup_printf ("bytes %zu-%zu/%zu", first, size - 1, size)
                               : g_strdup_printf ("bytes %zu-%zu/*", first, size - 1);
  g_autofree char *length = g_strdup_printf ("%zu", size - first);

  g_byte_array_append (block, &statuses[first > 0], 1);
  append_header (block, "etag", "\"h2\"");
  if (first > 0)
    append_header (block, "content-range", range);
  if (length_told)
    append_header (block, "content-length", length);
  return send_frame (self, FRAME_HEADERS, FLAG_END_HEADERS, stream, block->data, block->len);
}

/* Bytes @from to @to - 1, as the windows allow. */
static gboolean
send_data (Talk *self, guint32 stream, gsize from, gsize to)
{
  const guint8 *data = g_bytes_get_data (self->server->bytes, NULL);
  g_autofree Frame *frame = g_new (Frame, 1);

  while (from < to)
    {
      gint64 piece = MIN (MIN (self->window, self->stream_window),
                          MIN ((gint64)(to - from), FRAME_MAX_BYTES));

      if (piece <= 0)
        {
          if (!read_frame (self, frame) || !take_frame (self, frame) || self->reset)
            return FALSE;
          continue;
        }
      if (!send_frame (self, FRAME_DATA, 0, stream, data + from, (gsize)piece))
        return FALSE;
      self->window -= piece;
      self->stream_window -= piece;
      from += (gsize)piece;
    }
  return TRUE;
}

/* Until the client goes. */
static void
hold (Talk *self)
{
  g_autofree Frame *frame = g_new (Frame, 1);

  while (read_frame (self, frame) && take_frame (self, frame))
    continue;
}

static gboolean
go_away (Talk *self, guint32 last_stream)
{
  guint8 data[8] = { 0 };

  write_u32 (data, last_stream);
  return send_frame (self, FRAME_GOAWAY, 0, 0, data, sizeof data);
}

static gboolean
reset_stream (Talk *self, guint32 stream)
{
  guint8 data[4];

  write_u32 (data, ERROR_INTERNAL);
  return send_frame (self, FRAME_RST_STREAM, 0, stream, data, sizeof data);
}

static void
swell (Talk *self, guint32 stream)
{
  g_autoptr (GByteArray) block = g_byte_array_new ();

  append_header (block, "x-more", "and more");
  for (gboolean going = send_frame (self, FRAME_HEADERS, 0, stream, (const guint8 *)"\x88", 1);
       going;)
    going = send_frame (self, FRAME_CONTINUATION, 0, stream, block->data, block->len);
}

/* FALSE = the connection is over. */
static gboolean
misbehave (Talk *self, guint32 stream)
{
  static const guint8 garbage[] = "HTTP/1.1 400 This is no frame\r\n\r\n";
  const Http2Server *server = self->server;

  switch (server->fault)
    {
    case HTTP2_FAULT_RST:
    case HTTP2_FAULT_RST_NO_LENGTH:
    case HTTP2_FAULT_RST_AT_ONCE:
      return reset_stream (self, stream);
    case HTTP2_FAULT_GOAWAY:
      return go_away (self, stream)
             && send_data (self, stream, server->middle, g_bytes_get_size (server->bytes))
             && send_frame (self, FRAME_DATA, FLAG_END_STREAM, stream, NULL, 0);
    case HTTP2_FAULT_GOAWAY_CLOSE:
      go_away (self, stream);
      return FALSE;
    case HTTP2_FAULT_STALL:
    case HTTP2_FAULT_HANG:
      hold (self);
      return FALSE;
    case HTTP2_FAULT_GARBAGE:
      g_output_stream_write_all (self->output, garbage, sizeof garbage, NULL, NULL, NULL);
      hold (self);
      return FALSE;
    case HTTP2_FAULT_HEADERS:
      swell (self, stream);
      return FALSE;
    case HTTP2_FAULT_NONE:
    case HTTP2_FAULT_NO_LENGTH:
    case HTTP2_FAULT_CLOSE:
    default:
      return FALSE;
    }
}

static gboolean
answer (Talk *self, const Frame *request)
{
  Http2Server *server = self->server;
  const gboolean at_once = server->fault == HTTP2_FAULT_RST_AT_ONCE
                           || server->fault == HTTP2_FAULT_HANG
                           || server->fault == HTTP2_FAULT_HEADERS;
  const gboolean length_told
      = server->fault != HTTP2_FAULT_NO_LENGTH && server->fault != HTTP2_FAULT_RST_NO_LENGTH;
  const gsize size = g_bytes_get_size (server->bytes);
  const gsize first = MIN (http2_range_find (request->data, request->length), size - 1);
  const guint32 stream = request->stream;

  g_mutex_lock (&server->lock);
  const gboolean faulty = server->requests++ < server->faulty;
  g_mutex_unlock (&server->lock);

  self->stream_window = self->initial_window;
  self->reset = FALSE;
  if (faulty && at_once)
    return misbehave (self, stream);
  if (!send_headers (self, stream, first, length_told))
    return FALSE;
  if (faulty)
    return send_data (self, stream, first, server->middle) && misbehave (self, stream);
  return send_data (self, stream, first, size)
         && send_frame (self, FRAME_DATA, FLAG_END_STREAM, stream, NULL, 0);
}

static void
converse (Talk *self)
{
  g_autofree Frame *frame = g_new (Frame, 1);
  guint8 preface[PREFACE_BYTES];

  if (!read_exactly (self, preface, sizeof preface)
      || !send_frame (self, FRAME_SETTINGS, 0, 0, NULL, 0))
    return;
  while (read_frame (self, frame))
    if (frame->type == FRAME_HEADERS ? !answer (self, frame) : !take_frame (self, frame))
      return;
}

typedef struct
{
  Http2Server *server;
  GSocketConnection *connection; /* (owned) */
} Visit;

static gpointer
visit_thread (gpointer data)
{
  static const char *const protocols[] = { "h2", NULL };
  g_autofree Visit *visit = data;
  Http2Server *server = visit->server;
  g_autoptr (GSocketConnection) connection = visit->connection;
  g_autoptr (GIOStream) tls
      = g_tls_server_connection_new (G_IO_STREAM (connection), server->certificate, NULL);

  g_tls_connection_set_advertised_protocols (G_TLS_CONNECTION (tls), protocols);
  if (g_tls_connection_handshake (G_TLS_CONNECTION (tls), server->stopping, NULL)
      && g_strcmp0 (g_tls_connection_get_negotiated_protocol (G_TLS_CONNECTION (tls)), "h2") == 0)
    {
      Talk talk = { .server = server,
                    .input = g_io_stream_get_input_stream (tls),
                    .output = g_io_stream_get_output_stream (tls),
                    .window = WINDOW_BYTES,
                    .initial_window = WINDOW_BYTES };

      converse (&talk);
    }
  g_socket_close (g_socket_connection_get_socket (connection), NULL);
  g_mutex_lock (&server->lock);
  server->open--;
  g_cond_broadcast (&server->closed);
  g_mutex_unlock (&server->lock);
  return NULL;
}

static gpointer
accept_thread (gpointer data)
{
  Http2Server *self = data;
  GSocketConnection *connection;

  while ((connection = g_socket_listener_accept (self->listener, NULL, self->stopping, NULL)))
    {
      Visit *visit = g_new0 (Visit, 1);

      visit->server = self;
      visit->connection = connection;
      g_mutex_lock (&self->lock);
      self->open++;
      g_mutex_unlock (&self->lock);
      g_thread_unref (g_thread_new ("http2-visit", visit_thread, visit));
    }
  return NULL;
}

Http2Server *
http2_server_new (
    GTlsCertificate *certificate, GBytes *bytes, Http2Fault fault, guint faulty, gsize middle)
{
  Http2Server *self = g_new0 (Http2Server, 1);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) effective = NULL;
  g_autoptr (GError) error = NULL;

  self->certificate = g_object_ref (certificate);
  self->bytes = g_bytes_ref (bytes);
  self->fault = fault;
  self->faulty = faulty;
  self->middle = middle;
  self->stopping = g_cancellable_new ();
  g_mutex_init (&self->lock);
  g_cond_init (&self->closed);
  self->listener = g_socket_listener_new ();
  g_socket_listener_add_address (self->listener, address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &effective, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  self->accepting = g_thread_new ("http2-accept", accept_thread, self);
  return self;
}

void
http2_server_free (Http2Server *self)
{
  g_cancellable_cancel (self->stopping);
  g_thread_join (self->accepting);
  g_socket_listener_close (self->listener);
  g_mutex_lock (&self->lock);
  while (self->open > 0)
    g_cond_wait (&self->closed, &self->lock);
  g_mutex_unlock (&self->lock);
  g_object_unref (self->listener);
  g_object_unref (self->stopping);
  g_object_unref (self->certificate);
  g_bytes_unref (self->bytes);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->closed);
  g_free (self);
}

char *
http2_server_url (Http2Server *self)
{
  return g_strdup_printf ("https://127.0.0.1:%u/data", self->port);
}

guint
http2_server_count_requests (Http2Server *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->requests;
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "fault-server.h"

#include "fault-plan.h"

#include <string.h>
#include <sys/socket.h>

#define ETAG_FORMAT "\"v%u\""
#define LAST_MODIFIED "Sat, 01 Jan 2022 00:00:00 GMT"

struct _FaultServer
{
  GSocketListener *listener;    /* (owned) */
  GThread *accepting;           /* (owned) */
  GCancellable *stopping;       /* (owned) */
  GTlsCertificate *certificate; /* (owned) (nullable) */
  char *host;                   /* (owned) */
  char *root;                   /* (owned) (nullable) */
  guint16 port;

  GMutex lock;
  GCond closed;
  GHashTable *files;   /* (owned) (element-type utf8 GBytes) */
  GHashTable *counts;  /* (owned) (element-type utf8 guint) requests by target */
  GPtrArray *requests; /* (owned) (element-type utf8) */
  guint open;
  guint64 sent_bytes;
};

typedef struct
{
  FaultServer *server;
  GSocketConnection *connection;
  GInputStream *input;
  GOutputStream *output;
  char *path;     /* (owned) */
  char *query;    /* (owned) (nullable) */
  char *range;    /* (owned) (nullable) */
  char *if_range; /* (owned) (nullable) */
  GString *extra; /* (owned): headers that somebody wished to be sent */
  guint nth;      /* how many requests of the same target came before */
  FaultPlan plan;
} Exchange;

static void
exchange_clear (Exchange *self)
{
  g_free (self->path);
  g_free (self->query);
  g_free (self->range);
  g_free (self->if_range);
  g_string_free (self->extra, TRUE);
  fault_plan_clear (&self->plan);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Exchange, exchange_clear)

static gboolean
sleep_ms (Exchange *self, guint ms)
{
  GPollFD fd;
  if (!g_cancellable_make_pollfd (self->server->stopping, &fd))
    return FALSE;
  int n = g_poll (&fd, 1, (gint)ms);
  g_cancellable_release_fd (self->server->stopping);
  return n == 0;
}

static gboolean
send_bytes (Exchange *self, const void *data, gsize length)
{
  gsize sent = 0;
  const gboolean all
      = g_output_stream_write_all (self->output, data, length, &sent, self->server->stopping, NULL);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->server->lock);

  self->server->sent_bytes += sent;
  return all;
}

static gboolean G_GNUC_PRINTF (2, 3) send_text (Exchange *self, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  return send_bytes (self, text, strlen (text));
}

/* Until the other side closes or the server stops. */
static void
hold (Exchange *self)
{
  char data[256];
  while (g_input_stream_read (self->input, data, sizeof data, self->server->stopping, NULL) > 0)
    continue;
}

static GBytes *
find_file (Exchange *self)
{
  g_mutex_lock (&self->server->lock);
  GBytes *bytes = g_hash_table_lookup (self->server->files, self->path);
  if (bytes != NULL)
    g_bytes_ref (bytes);
  g_mutex_unlock (&self->server->lock);
  if (bytes != NULL || self->server->root == NULL || strstr (self->path, "..") != NULL)
    return bytes;

  g_autofree char *name = g_build_filename (self->server->root, self->path, NULL);
  char *data = NULL;
  gsize length = 0;
  if (!g_file_get_contents (name, &data, &length, NULL))
    return NULL;
  return g_bytes_new_take (data, length);
}

static void
break_connection (Exchange *self)
{
  GSocket *socket = g_socket_connection_get_socket (self->connection);
  struct linger linger = { .l_onoff = 1, .l_linger = 0 };
  if (self->plan.reset)
    setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
  g_socket_close (socket, NULL);
}

static gsize
piece_size (Exchange *self, gsize done, gsize length)
{
  gsize piece = MIN (length - done, 8192);
  if (self->plan.bytes_per_s > 0)
    piece = MIN (piece, MAX (1, self->plan.bytes_per_s / 50));
  if (self->plan.break_at >= (gint64)done)
    piece = MIN (piece, (gsize)self->plan.break_at - done);
  if (self->plan.stall_at >= (gint64)done)
    piece = MIN (piece, (gsize)self->plan.stall_at - done);
  return piece;
}

static gboolean
send_piece (Exchange *self, const guint8 *data, gsize length)
{
  if (self->plan.chunked)
    return send_text (self, "%zx\r\n", length) && send_bytes (self, data, length)
           && send_text (self, "\r\n");
  return send_bytes (self, data, length);
}

static void
send_body (Exchange *self, const guint8 *data, gsize length)
{
  for (gsize done = 0;;)
    {
      if (self->plan.break_at == (gint64)done)
        {
          break_connection (self);
          return;
        }
      if (self->plan.stall_at == (gint64)done)
        {
          sleep_ms (self, self->plan.stall_ms);
          return;
        }
      if (done == length)
        break;
      gsize piece = piece_size (self, done, length);
      if (!send_piece (self, data + done, piece))
        return;
      done += piece;
      if (self->plan.bytes_per_s > 0 && !sleep_ms (self, 20))
        return;
    }
  if (self->plan.chunked)
    send_text (self, "0\r\n\r\n");
}

/* FALSE: not the Range of the bytes from *@first to the end. */
static gboolean
wants_range (Exchange *self, guint64 *first)
{
  if (self->plan.no_range || self->range == NULL || !g_str_has_prefix (self->range, "bytes="))
    return FALSE;
  g_autofree char *etag = g_strdup_printf (ETAG_FORMAT, self->plan.etag);
  if (self->if_range != NULL && g_strcmp0 (self->if_range, etag) != 0
      && g_strcmp0 (self->if_range, LAST_MODIFIED) != 0)
    return FALSE;
  *first = g_ascii_strtoull (self->range + strlen ("bytes="), NULL, 10);
  return TRUE;
}

static void
append_oddities (Exchange *self, GString *head)
{
  if (self->plan.encoding != NULL)
    g_string_append_printf (head, "Content-Encoding: %s\r\n", self->plan.encoding);
  if (self->plan.header_bytes > 0)
    {
      g_autofree char *value = g_strnfill ((gsize)self->plan.header_bytes, 'x');
      g_string_append_printf (head, "X-Much: %s\r\n", value);
    }
}

static void
send_file (Exchange *self, GBytes *file)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (file, &size);
  guint64 first = 0;
  gboolean part = wants_range (self, &first);
  if (part && first >= size)
    {
      send_text (self,
                 "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */%zu\r\n"
                 "Content-Length: 0\r\nConnection: close\r\n\r\n",
                 size);
      return;
    }

  gint64 told = (gint64)size + self->plan.extra_length;
  g_autoptr (GString) head = g_string_new (NULL);
  g_string_append_printf (head, "HTTP/1.1 %s\r\n", part ? "206 Partial Content" : "200 OK");
  g_string_append (head, "Content-Type: application/octet-stream\r\nConnection: close\r\n");
  if (part)
    g_string_append_printf (head,
                            "Content-Range: bytes %" G_GUINT64_FORMAT "-%" G_GINT64_FORMAT
                            "/%" G_GINT64_FORMAT "\r\n",
                            first, told - 1, told);
  if (!self->plan.no_range)
    g_string_append (head, "Accept-Ranges: bytes\r\n");
  if (!self->plan.no_validators)
    g_string_append_printf (head, "ETag: " ETAG_FORMAT "\r\nLast-Modified: " LAST_MODIFIED "\r\n",
                            self->plan.etag);
  if (self->plan.chunked)
    g_string_append (head, "Transfer-Encoding: chunked\r\n");
  else if (!self->plan.no_length)
    g_string_append_printf (head, "Content-Length: %" G_GINT64_FORMAT "\r\n", told - (gint64)first);
  append_oddities (self, head);
  g_string_append (head, "\r\n");

  if (send_bytes (self, head->str, head->len))
    send_body (self, data + first, size - first);
}

/* What is on the air now; nothing when it is over. */
static void
send_broadcast (Exchange *self, GBytes *file)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (file, &size);
  gsize first = MIN (size, self->nth * (gsize)self->plan.broadcast);
  if (first == size)
    return;
  if (send_text (self, "HTTP/1.0 200 OK\r\nContent-Type: application/octet-stream\r\n%s\r\n",
                 self->plan.untold ? "" : "icy-name: Radio\r\n"))
    send_body (self, data + first, MIN (size - first, (gsize)self->plan.broadcast));
}

static gboolean
redirect (Exchange *self)
{
  g_autofree char *target = NULL;
  if (self->plan.redirect_loop)
    target = g_strdup_printf ("%s?%s", self->path, self->query);
  else if (self->plan.redirects > 1)
    target = g_strdup_printf ("%s?fault=redirect:%u", self->path, self->plan.redirects - 1);
  else if (self->plan.redirects == 1)
    target = g_strdup (self->path);
  else if (self->plan.redirect_scheme != NULL)
    target = g_strdup_printf ("%s://%s:%u%s", self->plan.redirect_scheme, self->server->host,
                              self->server->port, self->path);
  else if (self->plan.redirect_host != NULL)
    target = g_strdup_printf ("http://%s:%u%s", self->plan.redirect_host, self->server->port,
                              self->path);
  else if (self->plan.redirect_to_hang)
    target = g_strdup_printf ("%s?fault=hang", self->path);
  else if (self->plan.redirect_relative)
    target = g_path_get_basename (self->path);
  if (target == NULL)
    return FALSE;
  send_text (self,
             "HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 5\r\nConnection: close\r\n\r\n"
             "moved",
             target);
  return TRUE;
}

static void
answer (Exchange *self)
{
  if (self->plan.refuse)
    return;
  if (self->plan.late_ms > 0 && !sleep_ms (self, self->plan.late_ms))
    return;
  if (self->plan.hang)
    {
      hold (self);
      return;
    }
  if (self->plan.endless_headers)
    {
      send_text (self, "HTTP/1.1 200 OK\r\n");
      while (send_text (self, "X-More: and more\r\n") && sleep_ms (self, 20))
        continue;
      return;
    }
  if (self->plan.endless_fast)
    {
      send_text (self, "HTTP/1.1 200 OK\r\n");
      while (send_text (self, "X-More: and more\r\n"))
        continue;
      return;
    }
  if (redirect (self))
    return;

  g_autoptr (GBytes) file = find_file (self);
  guint status = self->plan.status != 0 ? self->plan.status : file == NULL ? 404 : 0;
  g_autofree char *retry = self->plan.retry_after_s >= 0
                               ? g_strdup_printf ("Retry-After: %d\r\n", self->plan.retry_after_s)
                               : g_strdup ("");
  if (status != 0)
    send_text (self,
               "HTTP/1.1 %u Whatever\r\nContent-Length: 6\r\n%sConnection: close\r\n\r\nsorry\n",
               status, retry);
  else if (self->plan.broadcast > 0)
    send_broadcast (self, file);
  else
    {
      if (self->plan.extra_bytes > 0)
        {
          gsize size = g_bytes_get_size (file);
          guint8 *longer = g_malloc0 (size + self->plan.extra_bytes);
          memcpy (longer, g_bytes_get_data (file, NULL), size);
          g_bytes_unref (file);
          file = g_bytes_new_take (longer, size + self->plan.extra_bytes);
        }
      send_file (self, file);
    }
}

static void
record (Exchange *self, const char *method, const char *target)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->server->lock);
  self->nth = GPOINTER_TO_UINT (g_hash_table_lookup (self->server->counts, target));
  g_hash_table_insert (self->server->counts, g_strdup (target), GUINT_TO_POINTER (self->nth + 1));
  g_ptr_array_add (
      self->server->requests,
      g_strdup_printf ("%s %s %s %s%s", method, target, self->range != NULL ? self->range : "-",
                       self->if_range != NULL ? self->if_range : "-", self->extra->str));
}

static gboolean
read_request (Exchange *self)
{
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (self->input);
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  g_data_input_stream_set_newline_type (lines, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);

  g_autofree char *first
      = g_data_input_stream_read_line (lines, NULL, self->server->stopping, NULL);
  g_auto (GStrv) words = g_strsplit (first != NULL ? first : "", " ", 3);
  if (g_strv_length (words) != 3)
    return FALSE;
  for (;;)
    {
      g_autofree char *line
          = g_data_input_stream_read_line (lines, NULL, self->server->stopping, NULL);
      if (line == NULL)
        return FALSE;
      if (*line == '\0')
        break;
      if (g_ascii_strncasecmp (line, "Range: ", 7) == 0 && self->range == NULL)
        self->range = g_strdup (line + 7);
      if (g_ascii_strncasecmp (line, "If-Range: ", 10) == 0 && self->if_range == NULL)
        self->if_range = g_strdup (line + 10);
      if (g_ascii_strncasecmp (line, "Authorization: ", 15) == 0
          || g_ascii_strncasecmp (line, "Cookie: ", 8) == 0
          || g_ascii_strncasecmp (line, "X-", 2) == 0)
        g_string_append_printf (self->extra, " %s", line);
    }

  g_auto (GStrv) target = g_strsplit (words[1], "?", 2);
  self->path = g_uri_unescape_string (target[0], NULL);
  self->query = g_strdup (target[1]);
  record (self, words[0], words[1]);
  fault_plan_parse (&self->plan, self->query, self->nth);
  return self->path != NULL;
}

static void
serve (FaultServer *self, GSocketConnection *connection)
{
  g_auto (Exchange) exchange
      = { .server = self, .connection = connection, .extra = g_string_new (NULL) };
  g_autoptr (GIOStream) stream = g_object_ref (G_IO_STREAM (connection));

  if (self->certificate != NULL)
    {
      g_autoptr (GIOStream) tls = g_tls_server_connection_new (stream, self->certificate, NULL);
      if (tls == NULL || !g_tls_connection_handshake (G_TLS_CONNECTION (tls), self->stopping, NULL))
        return;
      g_set_object (&stream, tls);
    }
  exchange.input = g_io_stream_get_input_stream (stream);
  exchange.output = g_io_stream_get_output_stream (stream);
  if (read_request (&exchange))
    answer (&exchange);
  g_io_stream_close (stream, NULL, NULL);
}

typedef struct
{
  FaultServer *server;           /* (unowned) waits for us */
  GSocketConnection *connection; /* (owned) */
} Visit;

static gpointer
visit_thread (gpointer data)
{
  Visit *visit = data;
  FaultServer *self = visit->server;

  serve (self, visit->connection);
  g_object_unref (visit->connection);
  g_free (visit);

  g_mutex_lock (&self->lock);
  self->open--;
  g_cond_broadcast (&self->closed);
  g_mutex_unlock (&self->lock);
  return NULL;
}

static gpointer
accept_thread (gpointer data)
{
  FaultServer *self = data;
  GSocketConnection *connection;

  while ((connection = g_socket_listener_accept (self->listener, NULL, self->stopping, NULL)))
    {
      Visit *visit = g_new0 (Visit, 1);
      visit->server = self;
      visit->connection = connection;
      g_mutex_lock (&self->lock);
      self->open++;
      g_mutex_unlock (&self->lock);
      g_thread_unref (g_thread_new ("fault-visit", visit_thread, visit));
    }
  return NULL;
}

FaultServer *
fault_server_new (const char *root, GTlsCertificate *certificate, guint16 port, GError **error)
{
  return fault_server_new_at ("127.0.0.1", root, certificate, port, error);
}

FaultServer *
fault_server_new_at (
    const char *host, const char *root, GTlsCertificate *certificate, guint16 port, GError **error)
{
  g_autoptr (FaultServer) self = g_new0 (FaultServer, 1);
  self->root = g_strdup (root);
  g_set_object (&self->certificate, certificate);
  self->stopping = g_cancellable_new ();
  g_mutex_init (&self->lock);
  g_cond_init (&self->closed);
  self->files
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->requests = g_ptr_array_new_with_free_func (g_free);
  self->listener = g_socket_listener_new ();

  self->host = g_strdup (host);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string (host, port);
  g_autoptr (GSocketAddress) effective = NULL;
  if (!g_socket_listener_add_address (self->listener, address, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_TCP, NULL, &effective, error))
    return NULL;
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  self->accepting = g_thread_new ("fault-accept", accept_thread, self);
  return g_steal_pointer (&self);
}

void
fault_server_free (FaultServer *self)
{
  g_cancellable_cancel (self->stopping);
  g_clear_pointer (&self->accepting, g_thread_join);
  g_socket_listener_close (self->listener);
  g_mutex_lock (&self->lock);
  while (self->open > 0)
    g_cond_wait (&self->closed, &self->lock);
  g_mutex_unlock (&self->lock);

  g_clear_object (&self->listener);
  g_clear_object (&self->stopping);
  g_clear_object (&self->certificate);
  g_hash_table_unref (self->files);
  g_hash_table_unref (self->counts);
  g_ptr_array_unref (self->requests);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->closed);
  g_free (self->root);
  g_free (self->host);
  g_free (self);
}

guint16
fault_server_get_port (FaultServer *self)
{
  return self->port;
}

char *
fault_server_url (FaultServer *self, const char *path)
{
  return g_strdup_printf ("%s://%s:%u%s", self->certificate != NULL ? "https" : "http", self->host,
                          self->port, path);
}

void
fault_server_add (FaultServer *self, const char *path, GBytes *bytes)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_hash_table_insert (self->files, g_strdup (path), g_bytes_ref (bytes));
}

GPtrArray *
fault_server_take_requests (FaultServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GPtrArray *requests = g_steal_pointer (&self->requests);
  self->requests = g_ptr_array_new_with_free_func (g_free);
  return requests;
}

guint64
fault_server_count_sent (FaultServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  return self->sent_bytes;
}

guint
fault_server_count_open (FaultServer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  return self->open;
}

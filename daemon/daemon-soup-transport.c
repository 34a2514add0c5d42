/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "config.h"

#include <libsoup/soup.h>

#include "daemon-transport-tls.h"
#include "daemon-transport.h"
#include "player/gst/player-gst-engine.h"
#include "player/gst/player-gst-wall-clock.h"

/* One block of an answer as it is read. */
#define READ_BLOCK_BYTES 16384

/* libsoup sends a POST that is not marked idempotent on a connection of its own and never again by
 * itself: a kept-alive connection the server has closed meanwhile cannot become an error here. The
 * connections it keeps are useless to us, so they go soon. */
#define IDLE_TIMEOUT_S 1
#define MAX_CONNECTIONS 64
#define MAX_CONNECTIONS_PER_HOST 16

/* How long a cancelled request may take to end, and then one whose connection has been taken away. */
#define CANCEL_MS 20
#define FORCE_MS 200

struct _DaemonSoupTransport
{
  GObject parent;
  guint timeout_ms;
  gsize max_bytes;
  DaemonSigning *signing; /* (owned) (nullable) */
  GHashTable
      *sessions; /* (owned) (element-type filename SoupSession): by CA file, "" = the system's */
};

/* One request on its way. */
typedef struct
{
  SoupMessage *message;      /* (owned) */
  GInputStream *stream;      /* (owned) (nullable) */
  GCancellable *cancellable; /* (owned) ours: stops the request when the time is up, too */
  GCancellable *outer;       /* (owned) (nullable) the caller's */
  gulong outer_id;
  GSource *timer;  /* (owned) (nullable): until the time is up, or it has to end otherwise */
  GTask *task;     /* (unowned): owns us */
  GSocket *socket; /* (owned) (nullable): of its connection, which is no other's */
  gboolean forced; /* the connection has been taken away */
  gboolean left;   /* it does not end: told as failed, and what still comes is dropped */
  GByteArray *body;
  gsize max_bytes; /* of it */
  gint64 started_us;
  gboolean timed_out;
  gboolean old_tls;
  DaemonAnswer *partial; /* (owned) (nullable) */
} Exchange;

static void daemon_soup_transport_iface_init (DaemonTransportInterface *iface);

G_DEFINE_TYPE_WITH_CODE (DaemonSoupTransport,
                         daemon_soup_transport,
                         G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (DAEMON_TYPE_TRANSPORT,
                                                daemon_soup_transport_iface_init))

/* @func: (nullable): none */
static void
set_timer (Exchange *self, guint ms, GSourceFunc func)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  if (func == NULL)
    return;
  self->timer = g_timeout_source_new (ms);
  g_source_set_callback (self->timer, func, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
}

static void
exchange_free (Exchange *self)
{
  g_signal_handlers_disconnect_by_data (self->message, self);
  set_timer (self, 0, NULL);
  if (self->outer != NULL)
    g_cancellable_disconnect (self->outer, self->outer_id);
  g_clear_object (&self->outer);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->stream);
  g_clear_object (&self->socket);
  g_clear_object (&self->message);
  g_byte_array_unref (self->body);
  g_clear_pointer (&self->partial, daemon_answer_free);
  g_free (self);
}

static const char *
exchange_host (Exchange *self)
{
  return g_uri_get_host (soup_message_get_uri (self->message));
}

static gint64
read_date (SoupMessage *message)
{
  const char *text
      = soup_message_headers_get_one (soup_message_get_response_headers (message), "Date");
  g_autoptr (GDateTime) date = text != NULL ? soup_date_time_new_from_http_string (text) : NULL;
  return date != NULL ? g_date_time_to_unix (date) * G_USEC_PER_SEC : 0;
}

static DaemonAnswer *
exchange_take_answer (Exchange *self)
{
  DaemonAnswer *answer = g_new0 (DaemonAnswer, 1);
  answer->status = soup_message_get_status (self->message);
  answer->content_type = g_strdup (soup_message_headers_get_content_type (
      soup_message_get_response_headers (self->message), NULL));
  answer->body = g_bytes_new (self->body->data, self->body->len);
  answer->elapsed_ms = (g_get_monotonic_time () - self->started_us) / 1000;
  answer->date_us = read_date (self->message);
  return answer;
}

/* No connection. GIO says as little of it as the system does. */
static GError *
explain_no_connection (const char *host, const GError *why)
{
  /* Without an address of its own a machine does not even ask. */
  if (why->domain == G_RESOLVER_ERROR
      && !g_network_monitor_get_network_available (g_network_monitor_get_default ()))
    return g_error_new (
        DAEMON_TRANSPORT_ERROR, DAEMON_TRANSPORT_ERROR_DNS,
        "%s: the name cannot be looked up (DNS), and this device has no network: %s", host,
        why->message);
  if (why->domain == G_RESOLVER_ERROR)
    return g_error_new (DAEMON_TRANSPORT_ERROR, DAEMON_TRANSPORT_ERROR_DNS,
                        g_error_matches (why, G_RESOLVER_ERROR, G_RESOLVER_ERROR_TEMPORARY_FAILURE)
                            ? "%s: the name cannot be looked up: no name server answers (DNS): %s"
                            : "%s: the name is not known (DNS): %s",
                        host, why->message);
  if (g_error_matches (why, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE))
    return g_error_new (DAEMON_TRANSPORT_ERROR, DAEMON_TRANSPORT_ERROR_UNREACHABLE,
                        "%s: this device has no network that leads there: %s", host, why->message);
  return g_error_new (DAEMON_TRANSPORT_ERROR, DAEMON_TRANSPORT_ERROR_UNREACHABLE, "%s: %s", host,
                      why->message);
}

/* Sorts what libsoup and GIO say into the classes of this port. */
static GError *
classify (Exchange *self, guint timeout_ms, const GError *why)
{
  const char *host = exchange_host (self);
  if (self->timed_out || g_error_matches (why, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return g_error_new (DAEMON_TRANSPORT_ERROR, DAEMON_TRANSPORT_ERROR_TIMEOUT,
                        "%s: no whole answer within %u ms", host, timeout_ms);
  if (self->old_tls || why->domain == G_TLS_ERROR)
    return daemon_transport_tls_error_new (
        host, soup_message_get_tls_peer_certificate_errors (self->message), self->old_tls, why);
  if (g_error_matches (why, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (why);
  if (self->stream != NULL)
    return g_error_new (DAEMON_TRANSPORT_ERROR, DAEMON_TRANSPORT_ERROR_TRUNCATED,
                        "%s: the connection ended inside the answer, after %u bytes", host,
                        self->body->len);
  if (g_error_matches (why, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT)
      || g_error_matches (why, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED))
    return g_error_new (DAEMON_TRANSPORT_ERROR, DAEMON_TRANSPORT_ERROR_UNREACHABLE,
                        "%s: the connection was closed without an answer", host);
  return explain_no_connection (host, why);
}

static void
fail (GTask *task, const GError *why)
{
  DaemonSoupTransport *self = g_task_get_source_object (task);
  Exchange *exchange = g_task_get_task_data (task);
  g_autoptr (GError) error = classify (exchange, self->timeout_ms, why);
  if (g_error_matches (error, DAEMON_TRANSPORT_ERROR, DAEMON_TRANSPORT_ERROR_TRUNCATED))
    exchange->partial = exchange_take_answer (exchange);
  g_task_return_error (task, g_steal_pointer (&error));
}

static void
fail_too_large (GTask *task)
{
  Exchange *exchange = g_task_get_task_data (task);
  g_cancellable_cancel (exchange->cancellable);
  g_task_return_new_error (task, DAEMON_TRANSPORT_ERROR, DAEMON_TRANSPORT_ERROR_TOO_LARGE,
                           "%s: the answer is larger than %" G_GSIZE_FORMAT " bytes",
                           exchange_host (exchange), exchange->max_bytes);
}

static void
fail_status (GTask *task)
{
  Exchange *exchange = g_task_get_task_data (task);
  const char *reason = soup_message_get_reason_phrase (exchange->message);
  guint status = soup_message_get_status (exchange->message);
  /* Skills refuse a timestamp that is 150 s off with this status. */
  g_autofree char *clock = status == SOUP_STATUS_BAD_REQUEST && !player_gst_wall_clock_is_set ()
                               ? player_gst_wall_clock_describe_unset ()
                               : NULL;
  exchange->partial = exchange_take_answer (exchange);
  g_task_return_new_error (
      task, DAEMON_TRANSPORT_ERROR, DAEMON_TRANSPORT_ERROR_STATUS, "%s: HTTP %u%s%s%s%s%s",
      exchange_host (exchange), status, reason != NULL ? " " : "", reason != NULL ? reason : "",
      SOUP_STATUS_IS_REDIRECTION (status) ? " (redirects are not followed)" : "",
      clock != NULL ? "; " : "", clock != NULL ? clock : "");
}

/* The body is at its end: HTTP/2 streams that break look like that, too, so its length is checked.
 */
static void
complete (GTask *task)
{
  Exchange *exchange = g_task_get_task_data (task);
  SoupMessageHeaders *headers = soup_message_get_response_headers (exchange->message);
  if (soup_message_get_status (exchange->message) != SOUP_STATUS_OK)
    {
      fail_status (task);
      return;
    }
  if (soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH
      && soup_message_headers_get_content_length (headers) > exchange->body->len)
    {
      g_autoptr (GError) why = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "cut");
      fail (task, why);
      return;
    }
  g_task_return_pointer (task, exchange_take_answer (exchange), (GDestroyNotify)daemon_answer_free);
}

static void read_on (GTask *task);

static void
on_block (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Exchange *exchange = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) block
      = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
  if (exchange->left)
    return;
  gboolean ok = soup_message_get_status (exchange->message) == SOUP_STATUS_OK;

  if (block == NULL && !ok && !exchange->timed_out
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    fail_status (task); /* the status says it all; the rest of its body does not matter */
  else if (block == NULL)
    fail (task, error);
  else if (g_bytes_get_size (block) == 0)
    complete (task);
  else if (exchange->body->len + g_bytes_get_size (block) > exchange->max_bytes)
    {
      if (ok)
        fail_too_large (task);
      else
        fail_status (task);
    }
  else
    {
      g_byte_array_append (exchange->body, g_bytes_get_data (block, NULL),
                           g_bytes_get_size (block));
      read_on (g_steal_pointer (&task));
    }
}

/* Consumes @task. */
static void
read_on (GTask *task)
{
  Exchange *exchange = g_task_get_task_data (task);
  g_input_stream_read_bytes_async (exchange->stream, READ_BLOCK_BYTES, G_PRIORITY_DEFAULT,
                                   exchange->cancellable, on_block, task);
}

static void
on_headers (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Exchange *exchange = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  exchange->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (exchange->left)
    return;
  if (exchange->stream == NULL)
    {
      fail (task, error);
      return;
    }
  SoupMessageHeaders *headers = soup_message_get_response_headers (exchange->message);
  if (soup_message_get_status (exchange->message) == SOUP_STATUS_OK
      && soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH
      && (guint64)soup_message_headers_get_content_length (headers) > exchange->max_bytes)
    fail_too_large (task);
  else
    read_on (g_steal_pointer (&task));
}

/* libsoup 3.2 does not give up an HTTP/2 request that is not answered although it is cancelled: it waits
 * for the server, which may be gone with the network. Without a connection it does; else it is left
 * behind. */
static gboolean
on_not_ended (gpointer user_data)
{
  Exchange *exchange = user_data;
  if (!exchange->forced)
    {
      exchange->forced = TRUE;
      if (exchange->socket != NULL)
        g_socket_shutdown (exchange->socket, TRUE, TRUE, NULL);
      set_timer (exchange, FORCE_MS, on_not_ended);
      return G_SOURCE_REMOVE;
    }
  g_autoptr (GError) why
      = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "the request was cancelled");
  set_timer (exchange, 0, NULL);
  exchange->left = TRUE;
  fail (exchange->task, why);
  return G_SOURCE_REMOVE;
}

static void
end_exchange (Exchange *exchange)
{
  g_cancellable_cancel (exchange->cancellable);
  set_timer (exchange, CANCEL_MS, on_not_ended);
}

static gboolean
on_time_up (gpointer user_data)
{
  Exchange *exchange = user_data;
  exchange->timed_out = TRUE;
  end_exchange (exchange);
  return G_SOURCE_REMOVE;
}

static void
on_outer_cancelled (GCancellable *outer, gpointer user_data)
{
  end_exchange (user_data);
}

/* Nothing is written to a peer that negotiated less than TLS 1.2. */
static void
on_network_event (SoupMessage *message,
                  GSocketClientEvent event,
                  GIOStream *connection,
                  gpointer user_data)
{
  Exchange *exchange = user_data;
  if (event == G_SOCKET_CLIENT_CONNECTED && G_IS_SOCKET_CONNECTION (connection))
    g_set_object (&exchange->socket,
                  g_socket_connection_get_socket (G_SOCKET_CONNECTION (connection)));
  if (event != G_SOCKET_CLIENT_TLS_HANDSHAKED || !G_IS_TLS_CONNECTION (connection))
    return;
  GTlsProtocolVersion version
      = g_tls_connection_get_protocol_version (G_TLS_CONNECTION (connection));
  if (version >= G_TLS_PROTOCOL_VERSION_TLS_1_2)
    return;
  exchange->old_tls = TRUE;
  g_cancellable_cancel (exchange->cancellable);
}

/* (transfer none): the session that trusts @ca_file (the system's authorities if NULL). */
static SoupSession *
get_session (DaemonSoupTransport *self, const char *ca_file, GError **error)
{
  const char *key = ca_file != NULL ? ca_file : "";
  SoupSession *known = g_hash_table_lookup (self->sessions, key);
  if (known != NULL)
    return known;

  g_autoptr (GTlsDatabase) database = NULL;
  if (ca_file != NULL)
    {
      database = g_tls_file_database_new (ca_file, error);
      if (database == NULL)
        return NULL;
    }
  g_autoptr (SoupSession) session = soup_session_new_with_options (
      "timeout", 0, "idle-timeout", IDLE_TIMEOUT_S, "max-conns", MAX_CONNECTIONS,
      "max-conns-per-host", MAX_CONNECTIONS_PER_HOST, "user-agent", "Segue/" SEGUE_VERSION, NULL);
  if (!player_gst_uses_proxies ())
    soup_session_set_proxy_resolver (session, NULL);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_DECODER);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);
  if (database != NULL)
    soup_session_set_tls_database (session, database);
  known = session;
  g_hash_table_insert (self->sessions, g_strdup (key), g_steal_pointer (&session));
  return known;
}

static Exchange *
exchange_new (SoupMessage *message, GBytes *body, guint timeout_ms, GCancellable *outer)
{
  Exchange *self = g_new0 (Exchange, 1);
  self->message = g_object_ref (message);
  self->cancellable = g_cancellable_new ();
  self->body = g_byte_array_new ();
  self->started_us = g_get_monotonic_time ();

  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  soup_message_set_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_set_request_body_from_bytes (message, "application/json;charset=UTF-8", body);
  soup_message_headers_replace (headers, "Accept", "application/json");
  soup_message_headers_replace (headers, "Accept-Charset", "utf-8");
  g_signal_connect (message, "network-event", G_CALLBACK (on_network_event), self);

  set_timer (self, timeout_ms, on_time_up);
  if (outer != NULL)
    {
      self->outer = g_object_ref (outer);
      self->outer_id = g_cancellable_connect (outer, G_CALLBACK (on_outer_cancelled), self, NULL);
    }
  return self;
}

/* Signs the very bytes of @body, or says why they must not leave. */
static gboolean
sign_message (DaemonSoupTransport *self, SoupMessage *message, GBytes *body, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autoptr (AlexaSignature) signature = daemon_signing_sign (self->signing, body, &why);
  if (signature == NULL)
    {
      g_set_error (error, DAEMON_TRANSPORT_ERROR, DAEMON_TRANSPORT_ERROR_UNSIGNED,
                   "%s: the request cannot be signed and was not sent: %s",
                   g_uri_get_host (soup_message_get_uri (message)), why->message);
      return FALSE;
    }
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  soup_message_headers_replace (headers, "SignatureCertChainUrl",
                                daemon_signing_get_chain_url (self->signing));
  soup_message_headers_replace (headers, "Signature-256", signature->sha256);
  if (signature->sha1 != NULL)
    soup_message_headers_replace (headers, "Signature", signature->sha1);
  return TRUE;
}

static void
daemon_soup_transport_send (DaemonTransport *transport,
                            const char *endpoint,
                            const char *ca_file,
                            gboolean sign,
                            gsize max_bytes,
                            GBytes *body,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  DaemonSoupTransport *self = DAEMON_SOUP_TRANSPORT (transport);
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, daemon_soup_transport_send);

  g_autoptr (SoupMessage) message = soup_message_new ("POST", endpoint);
  if (message == NULL)
    {
      g_task_return_new_error (task, DAEMON_TRANSPORT_ERROR, DAEMON_TRANSPORT_ERROR_UNREACHABLE,
                               "the endpoint is no http or https URL");
      return;
    }
  g_autoptr (GError) error = NULL;
  SoupSession *session = get_session (self, ca_file, &error);
  if (session == NULL)
    {
      g_task_return_new_error (task, DAEMON_TRANSPORT_ERROR, DAEMON_TRANSPORT_ERROR_TLS,
                               "%s: the CA file cannot be used: %s", ca_file, error->message);
      return;
    }
  if (sign && self->signing != NULL && !sign_message (self, message, body, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  Exchange *exchange = exchange_new (message, body, self->timeout_ms, cancellable);
  exchange->task = task;
  exchange->max_bytes = max_bytes > 0 ? max_bytes : self->max_bytes;
  g_task_set_task_data (task, exchange, (GDestroyNotify)exchange_free);
  soup_session_send_async (session, message, G_PRIORITY_DEFAULT, exchange->cancellable, on_headers,
                           g_steal_pointer (&task));
}

static DaemonAnswer *
daemon_soup_transport_send_finish (DaemonTransport *transport,
                                   GAsyncResult *result,
                                   DaemonAnswer **partial,
                                   GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, transport), NULL);
  Exchange *exchange = g_task_get_task_data (G_TASK (result));
  if (partial != NULL && exchange != NULL)
    *partial = g_steal_pointer (&exchange->partial);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
daemon_soup_transport_iface_init (DaemonTransportInterface *iface)
{
  iface->send = daemon_soup_transport_send;
  iface->send_finish = daemon_soup_transport_send_finish;
}

static void
daemon_soup_transport_finalize (GObject *object)
{
  DaemonSoupTransport *self = DAEMON_SOUP_TRANSPORT (object);
  g_hash_table_unref (self->sessions);
  g_clear_pointer (&self->signing, daemon_signing_free);
  G_OBJECT_CLASS (daemon_soup_transport_parent_class)->finalize (object);
}

static void
daemon_soup_transport_class_init (DaemonSoupTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = daemon_soup_transport_finalize;
}

static void
daemon_soup_transport_init (DaemonSoupTransport *self)
{
  self->sessions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

DaemonTransport *
daemon_soup_transport_new (guint timeout_ms, gsize max_bytes, DaemonSigning *signing)
{
  g_return_val_if_fail (timeout_ms > 0 && max_bytes > 0, NULL);
  DaemonSoupTransport *self = g_object_new (DAEMON_TYPE_SOUP_TRANSPORT, NULL);
  self->timeout_ms = timeout_ms;
  self->max_bytes = max_bytes;
  self->signing = signing;
  return DAEMON_TRANSPORT (self);
}

void
daemon_soup_transport_configure (DaemonTransport *transport, DaemonSigning *signing)
{
  g_return_if_fail (DAEMON_IS_SOUP_TRANSPORT (transport));
  DaemonSoupTransport *self = DAEMON_SOUP_TRANSPORT (transport);
  g_clear_pointer (&self->signing, daemon_signing_free);
  self->signing = signing;
  g_hash_table_remove_all (self->sessions); /* what is under way keeps its own */
}

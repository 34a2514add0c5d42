/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "config.h"

#include "player-gst-request.h"

#include <string.h>

#include "player-gst-engine.h"
#include "player-gst-reach.h"
#include "player-gst-wall-clock.h"

#define REDIRECTS_MAX 10
/* How long a cancelled operation may take to return. */
#define CANCEL_US (20 * G_TIME_SPAN_MILLISECOND)
/* … and one whose connection has been taken away. */
#define FORCE_US (200 * G_TIME_SPAN_MILLISECOND)

struct _PlayerGstRequest
{
  GMainContext *context; /* (unowned) outlives us */
  GTlsDatabase *ca;      /* (owned) (nullable) */
  PlayerGstInterruptFunc interrupted;
  gpointer interrupted_data;

  SoupSession *session;         /* (owned) */
  SoupMessage *message;         /* (owned) (nullable) */
  GInputStream *body;           /* (owned) (nullable) */
  GSocket *socket;              /* (owned) (nullable) of the connection */
  PlayerReach reach;            /* of the address that is asked */
  gboolean kept_out;            /* an address has been left out, for it is beyond that */
  GTlsCertificateFlags refused; /* why neither the system nor @ca accepts the certificate */

  /* the operation under way */
  gboolean done;
  gboolean stuck;     /* it never returns */
  GInputStream *sent; /* (owned) (nullable) */
  gssize read_bytes;
  GError *error; /* (owned) (nullable) */
};

PlayerGstRequest *
player_gst_request_new (GMainContext *context,
                        GTlsDatabase *ca,
                        PlayerGstInterruptFunc interrupted,
                        gpointer user_data)
{
  PlayerGstRequest *self = g_new0 (PlayerGstRequest, 1);
  self->context = context;
  g_set_object (&self->ca, ca);
  self->interrupted = interrupted;
  self->interrupted_data = user_data;
  self->session = soup_session_new_with_options ("user-agent", "Segue/" SEGUE_VERSION, "timeout", 0,
                                                 "idle-timeout", 0, NULL);
  if (!player_gst_uses_proxies ())
    soup_session_set_proxy_resolver (self->session, NULL);
  return self;
}

/* The order matters for libsoup 3.2, which dereferences NULL if a body is closed after its message
 * has been cancelled or its session aborted: no operation is pending here and the send's own
 * cancellable is never touched once the headers are in. The close with a cancelled cancellable
 * drops the rest of the body in place of reading it. */
static void
close_body (PlayerGstRequest *self)
{
  if (self->body != NULL)
    {
      g_autoptr (GCancellable) cancelled = g_cancellable_new ();
      g_cancellable_cancel (cancelled);
      g_input_stream_close (self->body, cancelled, NULL);
    }
  g_clear_object (&self->body);
  g_clear_object (&self->message);
  g_clear_object (&self->socket);
}

gboolean
player_gst_request_is_stuck (PlayerGstRequest *self)
{
  return self->stuck;
}

void
player_gst_request_free (PlayerGstRequest *self)
{
  if (self->stuck)
    return;
  close_body (self);
  soup_session_abort (self->session);
  while (g_main_context_iteration (self->context, FALSE))
    continue;
  g_clear_object (&self->session);
  g_clear_object (&self->ca);
  g_clear_error (&self->error);
  g_free (self);
}

SoupMessage *
player_gst_request_get_message (PlayerGstRequest *self)
{
  return self->message;
}

static gboolean
on_deadline (gpointer source)
{
  g_source_set_ready_time (source, -1);
  return G_SOURCE_CONTINUE;
}

/* libsoup 3.2 does not give up an HTTP/2 request that has not been answered although it is cancelled:
 * it waits for the server. Without a connection it does. */
static void
force (PlayerGstRequest *self)
{
  if (self->socket != NULL)
    g_socket_shutdown (self->socket, TRUE, TRUE, NULL);
}

/* Waits for the operation; cancels it at the deadline or if interrupted, and waits for its return.
 */
static PlayerGstRequestResult
wait_done (PlayerGstRequest *self, GCancellable *cancellable, gint64 deadline_us)
{
  PlayerGstRequestResult result = PLAYER_GST_REQUEST_DONE;
  guint forced = 0;
  g_autoptr (GSource) timer = g_timeout_source_new (0);
  g_source_set_callback (timer, on_deadline, timer, NULL);
  g_source_set_ready_time (timer, deadline_us);
  g_source_attach (timer, self->context);

  while (!self->done)
    {
      if (result == PLAYER_GST_REQUEST_DONE && self->interrupted (self->interrupted_data))
        result = PLAYER_GST_REQUEST_INTERRUPTED;
      else if (result == PLAYER_GST_REQUEST_DONE && g_get_monotonic_time () >= deadline_us)
        result = PLAYER_GST_REQUEST_TIMED_OUT;
      if (result != PLAYER_GST_REQUEST_DONE && !g_cancellable_is_cancelled (cancellable))
        {
          g_cancellable_cancel (cancellable);
          deadline_us = g_get_monotonic_time () + CANCEL_US;
          g_source_set_ready_time (timer, deadline_us);
        }
      else if (result != PLAYER_GST_REQUEST_DONE && g_get_monotonic_time () >= deadline_us)
        {
          self->stuck = forced++;
          if (self->stuck)
            break;
          force (self);
          deadline_us = g_get_monotonic_time () + FORCE_US;
          g_source_set_ready_time (timer, deadline_us);
        }
      if (!self->done)
        g_main_context_iteration (self->context, TRUE);
    }
  g_source_destroy (timer);

  if (result == PLAYER_GST_REQUEST_DONE && self->error != NULL)
    result = PLAYER_GST_REQUEST_FAULT;
  return result;
}

static void
begin (PlayerGstRequest *self)
{
  self->done = FALSE;
  g_clear_error (&self->error);
}

/* The system's certificates have refused; perhaps the named CA vouches. */
static gboolean
on_accept_certificate (SoupMessage *message,
                       GTlsCertificate *certificate,
                       GTlsCertificateFlags errors,
                       gpointer user_data)
{
  PlayerGstRequest *self = user_data;
  self->refused = errors;
  if (self->ca == NULL)
    return FALSE;

  GUri *uri = soup_message_get_uri (message);
  g_autoptr (GSocketConnectable) identity
      = g_network_address_new (g_uri_get_host (uri), (guint16)g_uri_get_port (uri));
  g_autoptr (GError) error = NULL;
  GTlsCertificateFlags flags = g_tls_database_verify_chain (
      self->ca, certificate, G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER, identity, NULL,
      G_TLS_DATABASE_VERIFY_NONE, NULL, &error);
  self->refused = error == NULL ? flags : errors;
  return self->refused == 0;
}

/* Of the very address at hand: what a name stood for a moment ago proves nothing. */
static gboolean
may_connect (PlayerGstRequest *self, GSocketConnection *connection)
{
  g_autoptr (GSocketAddress) address = g_socket_connection_get_remote_address (connection, NULL);

  return (self->reach & PLAYER_REACH_PRIVATE) != 0
         || (address != NULL && player_gst_reach_is_public (address));
}

/* An address is told before it is connected to, and the socket at hand is that of this attempt alone:
 * without it, the next address is tried. */
static void
on_network_event (SoupMessage *message,
                  GSocketClientEvent event,
                  GIOStream *connection,
                  gpointer user_data)
{
  PlayerGstRequest *self = user_data;
  if (!G_IS_SOCKET_CONNECTION (connection)
      || (event != G_SOCKET_CLIENT_CONNECTING && event != G_SOCKET_CLIENT_CONNECTED))
    return;
  GSocket *socket = g_socket_connection_get_socket (G_SOCKET_CONNECTION (connection));
  if (!may_connect (self, G_SOCKET_CONNECTION (connection)))
    {
      self->kept_out = TRUE;
      g_socket_close (socket, NULL);
    }
  else if (event == G_SOCKET_CLIENT_CONNECTED)
    g_set_object (&self->socket, socket);
}

static const char *
describe_certificate (GTlsCertificateFlags flags)
{
  if (flags & G_TLS_CERTIFICATE_BAD_IDENTITY)
    return "certificate is for another host";
  if (flags & G_TLS_CERTIFICATE_EXPIRED)
    return "certificate has expired";
  if (flags & G_TLS_CERTIFICATE_NOT_ACTIVATED)
    return "certificate is not valid yet";
  if (flags & G_TLS_CERTIFICATE_REVOKED)
    return "certificate is revoked";
  if (flags & G_TLS_CERTIFICATE_INSECURE)
    return "certificate is insecure";
  if (flags & G_TLS_CERTIFICATE_UNKNOWN_CA)
    return "certificate is not signed by a trusted authority";
  return "certificate is not acceptable";
}

/* While the clock stands in 1970 no certificate is valid yet. */
static PlayerGstFault *
fault_of_certificate (GTlsCertificateFlags flags)
{
  if ((flags & G_TLS_CERTIFICATE_NOT_ACTIVATED) == 0 || player_gst_wall_clock_is_set ())
    return player_gst_fault_new (PLAYER_GST_FAULT_FINAL, PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE,
                                 "TLS: %s", describe_certificate (flags));
  g_autofree char *clock = player_gst_wall_clock_describe_unset ();
  return player_gst_fault_new (PLAYER_GST_FAULT_OFFLINE, PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE,
                               "TLS: %s; %s", describe_certificate (flags), clock);
}

/* No route, and no name server that answers, are ours to mend. An unknown name and a silent host are not,
 * unless there is no network at all. */
static PlayerGstFault *
fault_of_connection (const GError *error)
{
  gboolean offline
      = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE)
        || g_error_matches (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_TEMPORARY_FAILURE);
  PlayerGstFault *fault
      = player_gst_fault_new (offline ? PLAYER_GST_FAULT_OFFLINE : PLAYER_GST_FAULT_BROKEN,
                              PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE, "%s", error->message);
  fault->no_way = error->domain == G_RESOLVER_ERROR
                  || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE);
  return fault;
}

static PlayerGstFault *
fault_of_send (PlayerGstRequest *self)
{
  if (self->kept_out)
    return player_gst_fault_new (PLAYER_GST_FAULT_FINAL, PLAYER_MEDIA_ERROR_INVALID_REQUEST,
                                 PLAYER_GST_REACH_PRIVATE_REFUSED);
  if (self->error->domain == G_TLS_ERROR && self->refused != 0)
    return fault_of_certificate (self->refused);
  if (self->error->domain == G_TLS_ERROR)
    return player_gst_fault_new (PLAYER_GST_FAULT_BROKEN, PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE,
                                 "TLS: %s", self->error->message);
  return fault_of_connection (self->error);
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PlayerGstRequest *self = user_data;
  self->sent = soup_session_send_finish (SOUP_SESSION (source), result, &self->error);
  self->done = TRUE;
}

static PlayerGstRequestResult
send_one (PlayerGstRequest *self,
          GUri *uri,
          const char *const *extra_headers,
          guint64 position,
          const char *validator,
          gint64 deadline_us,
          PlayerGstFault **fault)
{
  close_body (self);
  self->message = soup_message_new_from_uri (SOUP_METHOD_GET, uri);
  soup_message_add_flags (self->message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_disable_feature (self->message, SOUP_TYPE_CONTENT_DECODER);
  g_signal_connect (self->message, "accept-certificate", G_CALLBACK (on_accept_certificate), self);
  g_signal_connect (self->message, "network-event", G_CALLBACK (on_network_event), self);

  SoupMessageHeaders *headers = soup_message_get_request_headers (self->message);
  soup_message_headers_append (headers, "Accept-Encoding", "identity");
  for (guint i = 0; extra_headers != NULL && extra_headers[i] != NULL; i += 2)
    soup_message_headers_append (headers, extra_headers[i], extra_headers[i + 1]);
  if (position == 0)
    soup_message_headers_append (headers, "Icy-MetaData", "1");
  else
    {
      g_autofree char *range = g_strdup_printf ("bytes=%" G_GUINT64_FORMAT "-", position);
      soup_message_headers_append (headers, "Range", range);
      if (validator != NULL)
        soup_message_headers_append (headers, "If-Range", validator);
    }

  begin (self);
  self->kept_out = FALSE;
  self->refused = 0;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  soup_session_send_async (self->session, self->message, G_PRIORITY_DEFAULT, cancellable, on_sent,
                           self);
  PlayerGstRequestResult result = wait_done (self, cancellable, deadline_us);
  self->body = g_steal_pointer (&self->sent);
  if (result == PLAYER_GST_REQUEST_FAULT)
    *fault = fault_of_send (self);
  return result;
}

static GUri *
parse_url (const char *url)
{
  /* What may not stand in a URL, spaces above all, but does in the wild. */
  g_autofree char *escaped = g_uri_escape_string (url, "%:/?#[]@!$&'()*+,;=", FALSE);
  g_autoptr (GUri) uri = g_uri_parse (escaped, SOUP_HTTP_URI_FLAGS, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    return NULL;
  return g_steal_pointer (&uri);
}

static gboolean
is_scheme (GUri *uri, const char *scheme)
{
  return g_ascii_strcasecmp (g_uri_get_scheme (uri), scheme) == 0;
}

static gboolean
is_same_origin (GUri *one, GUri *other)
{
  return is_scheme (one, g_uri_get_scheme (other))
         && g_ascii_strcasecmp (g_uri_get_host (one), g_uri_get_host (other)) == 0
         && g_uri_get_port (one) == g_uri_get_port (other);
}

/* NULL and no fault: the answer is no redirection. */
static GUri *
follow (PlayerGstRequest *self, GUri *uri, PlayerGstFault **fault)
{
  guint status = soup_message_get_status (self->message);
  const char *location = soup_message_headers_get_one (
      soup_message_get_response_headers (self->message), "Location");
  gboolean moved
      = status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  if (!moved || location == NULL)
    return NULL;

  g_autofree char *escaped = g_uri_escape_string (location, "%:/?#[]@!$&'()*+,;=", FALSE);
  g_autoptr (GUri) target = g_uri_parse_relative (uri, escaped, SOUP_HTTP_URI_FLAGS, NULL);
  if (target != NULL && is_scheme (target, "http") && is_scheme (uri, "https"))
    *fault = player_gst_fault_new (PLAYER_GST_FAULT_FINAL, PLAYER_MEDIA_ERROR_INVALID_REQUEST,
                                   "redirected from https to http");
  else if (target == NULL || !(is_scheme (target, "http") || is_scheme (target, "https"))
           || g_uri_get_host (target) == NULL || *g_uri_get_host (target) == '\0')
    *fault = player_gst_fault_new (PLAYER_GST_FAULT_FINAL, PLAYER_MEDIA_ERROR_INVALID_REQUEST,
                                   "redirected to something that is neither http nor https");
  if (*fault != NULL)
    {
      (*fault)->http_status = status;
      return NULL;
    }
  return g_steal_pointer (&target);
}

static PlayerGstFault *
check_tls_version (PlayerGstRequest *self)
{
  GTlsProtocolVersion version = soup_message_get_tls_protocol_version (self->message);
  if (version == G_TLS_PROTOCOL_VERSION_UNKNOWN || version >= G_TLS_PROTOCOL_VERSION_TLS_1_2)
    return NULL;
  return player_gst_fault_new (PLAYER_GST_FAULT_FINAL, PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE,
                               "TLS: older than version 1.2");
}

/* We have asked for none, and decode none. */
static PlayerGstFault *
check_encoding (PlayerGstRequest *self)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (self->message);
  const char *encoding = soup_message_headers_get_list (headers, "Content-Encoding");

  if (encoding != NULL && *encoding != '\0' && g_ascii_strcasecmp (encoding, "identity") != 0
      && SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (self->message)))
    return player_gst_fault_new (PLAYER_GST_FAULT_FINAL, PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR,
                                 "Content-Encoding “%.20s”, which was not asked for", encoding);
  return NULL;
}

static gint64
parse_retry_after (SoupMessageHeaders *headers)
{
  const char *value = soup_message_headers_get_one (headers, "Retry-After");
  const char *date = soup_message_headers_get_one (headers, "Date");
  guint64 s = 0;
  if (value == NULL)
    return 0;
  if (g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT32, &s, NULL))
    return (gint64)s * 1000;

  g_autoptr (GDateTime) then = soup_date_time_new_from_http_string (value);
  /* by the server's clock: ours may be wrong */
  g_autoptr (GDateTime) now = date != NULL ? soup_date_time_new_from_http_string (date) : NULL;
  if (now == NULL)
    now = g_date_time_new_now_utc ();
  return then != NULL ? MAX (g_date_time_difference (then, now) / 1000, 0) : 0;
}

PlayerGstFault *
player_gst_request_get_refusal (PlayerGstRequest *self, gboolean later, guint64 position)
{
  guint status = soup_message_get_status (self->message);
  SoupMessageHeaders *headers = soup_message_get_response_headers (self->message);
  PlayerGstFault *fault = later ? player_gst_fault_new_http_later (status, position)
                                : player_gst_fault_new_http (status);
  fault->retry_after_ms = parse_retry_after (headers);
  return fault;
}

/* Before anything is sent there. Names are asked about when they have become addresses. */
static PlayerGstFault *
check_reach (PlayerGstRequest *self, GUri *uri)
{
  const char *why = player_gst_reach_find_fault (self->reach, uri);

  return why != NULL ? player_gst_fault_new (PLAYER_GST_FAULT_FINAL,
                                             PLAYER_MEDIA_ERROR_INVALID_REQUEST, "%s", why)
                     : NULL;
}

PlayerGstRequestResult
player_gst_request_send (PlayerGstRequest *self,
                         PlayerGstAddress *address,
                         guint64 position,
                         const char *validator,
                         gint64 deadline_us,
                         PlayerGstFault **fault)
{
  g_autoptr (GUri) uri = parse_url (address->url);
  const char *const *headers = (const char *const *)address->headers;
  if (uri == NULL || !(is_scheme (uri, "http") || is_scheme (uri, "https")))
    {
      *fault = player_gst_fault_new (PLAYER_GST_FAULT_FINAL, PLAYER_MEDIA_ERROR_INVALID_REQUEST,
                                     "not an http or https URL");
      return PLAYER_GST_REQUEST_FAULT;
    }

  self->reach = address->reach;
  for (guint hops = 0; hops <= REDIRECTS_MAX; hops++)
    {
      *fault = check_reach (self, uri);
      if (*fault != NULL)
        return PLAYER_GST_REQUEST_FAULT;
      PlayerGstRequestResult result
          = send_one (self, uri, headers, position, validator, deadline_us, fault);
      if (result != PLAYER_GST_REQUEST_DONE)
        return result;
      *fault = check_tls_version (self);
      if (*fault == NULL)
        *fault = check_encoding (self);
      g_autoptr (GUri) target = *fault == NULL ? follow (self, uri, fault) : NULL;
      if (*fault != NULL)
        return PLAYER_GST_REQUEST_FAULT;
      if (target == NULL)
        return PLAYER_GST_REQUEST_DONE;
      /* Once away from their origin they do not come back: another may have sent us there. */
      if (!is_same_origin (uri, target))
        headers = NULL;
      g_uri_unref (uri);
      uri = g_steal_pointer (&target);
    }

  *fault = player_gst_fault_new (PLAYER_GST_FAULT_FINAL, PLAYER_MEDIA_ERROR_INVALID_REQUEST,
                                 "more than %d redirects", REDIRECTS_MAX);
  (*fault)->http_status = soup_message_get_status (self->message);
  return PLAYER_GST_REQUEST_FAULT;
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PlayerGstRequest *self = user_data;
  self->read_bytes = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &self->error);
  self->done = TRUE;
}

PlayerGstRequestResult
player_gst_request_read (PlayerGstRequest *self,
                         guint8 *data,
                         gsize max_bytes,
                         gint64 deadline_us,
                         gsize *read_bytes,
                         PlayerGstFault **fault)
{
  begin (self);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_input_stream_read_async (self->body, data, max_bytes, G_PRIORITY_DEFAULT, cancellable, on_read,
                             self);
  PlayerGstRequestResult result = wait_done (self, cancellable, deadline_us);
  if (result == PLAYER_GST_REQUEST_DONE)
    *read_bytes = self->read_bytes;
  else if (result == PLAYER_GST_REQUEST_FAULT)
    *fault
        = player_gst_fault_new (PLAYER_GST_FAULT_BROKEN,
                                g_error_matches (self->error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT)
                                    ? PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR
                                    : PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE,
                                "connection lost: %s", self->error->message);
  return result;
}

gboolean
player_gst_request_is_end_doubtful (PlayerGstRequest *self)
{
  if (soup_message_get_http_version (self->message) == SOUP_HTTP_2_0)
    return TRUE;
  SoupMessageHeaders *headers = soup_message_get_response_headers (self->message);
  if (soup_message_headers_get_encoding (headers) == SOUP_ENCODING_EOF)
    return soup_message_headers_header_contains (headers, "Accept-Ranges", "bytes");
  if (soup_message_headers_get_encoding (headers) != SOUP_ENCODING_CHUNKED)
    return FALSE;
  /* Behind the last chunk an open connection is silent; a closed one can be read from. */
  return self->socket == NULL || g_socket_is_closed (self->socket)
         || g_socket_condition_check (self->socket, G_IO_IN | G_IO_HUP | G_IO_ERR) != 0;
}

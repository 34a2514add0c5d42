/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

#include "daemon/daemon-fault.h"
#include "daemon/daemon-transport.h"
#include "fake-clock.h"
#include "tests/gst/http2-server.h"
#include "test-certificates.h"

#define DEADLINE_MS 10000
#define ANSWER "{\"version\":\"1.0\",\"response\":{}}"
#define MAX_BYTES 122880

/* A server that is told what to say, and a client that has just sent one request. */
typedef struct
{
  GSocketService *service; /* (owned) */
  guint port;
  char *endpoint;     /* (owned) */
  const char *script; /* bytes of the answer */
  gsize script_size;
  gboolean keep_open; /* after the script: do not close */
  gint connections;
  gint finished; /* connections that have been served to the end */
  GString *seen; /* (owned) the last request */
  GCancellable *stop;

  gsize max_bytes;            /* of an answer; 0: the transport's */
  DaemonTransport *transport; /* (owned) */
  DaemonAnswer *answer;       /* (owned) (nullable) */
  DaemonAnswer *partial;      /* (owned) (nullable) */
  GError *error;              /* (owned) (nullable) */
  gboolean done;
} Fixture;

/* Reads one whole request: headers and the announced body. */
static void
read_request (Fixture *fixture, GInputStream *in)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gsize want = G_MAXSIZE;
  while (text->len < want)
    {
      char block[4096];
      gssize n = g_input_stream_read (in, block, sizeof block, fixture->stop, NULL);
      if (n <= 0)
        break;
      g_string_append_len (text, block, n);
      const char *end = strstr (text->str, "\r\n\r\n");
      const char *length = strstr (text->str, "Content-Length: ");
      if (end != NULL && length != NULL)
        want = (end + 4 - text->str) + g_ascii_strtoull (length + 16, NULL, 10);
    }
  g_string_assign (fixture->seen, text->str);
}

static gboolean
on_connection (GThreadedSocketService *service,
               GSocketConnection *connection,
               GObject *source,
               gpointer user_data)
{
  Fixture *fixture = user_data;
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  g_atomic_int_inc (&fixture->connections);
  read_request (fixture, in);
  g_output_stream_write_all (out, fixture->script, fixture->script_size, NULL, fixture->stop, NULL);
  char byte;
  if (fixture->keep_open)
    g_input_stream_read (in, &byte, 1, fixture->stop, NULL);
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  g_atomic_int_inc (&fixture->finished);
  return TRUE;
}

static void
set_up_with_timeout (Fixture *fixture, guint timeout_ms)
{
  fixture->seen = g_string_new (NULL);
  fixture->stop = g_cancellable_new ();
  fixture->service = g_threaded_socket_service_new (4);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) got = NULL;
  g_autoptr (GError) error = NULL;
  g_socket_listener_add_address (G_SOCKET_LISTENER (fixture->service), any, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &got, &error);
  g_assert_no_error (error);
  fixture->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (got));
  fixture->endpoint = g_strdup_printf ("http://127.0.0.1:%u/skill?key=secret", fixture->port);
  g_signal_connect (fixture->service, "run", G_CALLBACK (on_connection), fixture);
  fixture->transport = daemon_soup_transport_new (timeout_ms, MAX_BYTES, NULL);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  set_up_with_timeout (fixture, 8000);
}

static void
set_up_hasty (Fixture *fixture, gconstpointer data)
{
  set_up_with_timeout (fixture, 300);
}

/* Time enough for a handshake on a busy machine. */
static void
set_up_patient (Fixture *fixture, gconstpointer data)
{
  set_up_with_timeout (fixture, 3000);
}

static void
forget (Fixture *fixture)
{
  g_clear_pointer (&fixture->answer, daemon_answer_free);
  g_clear_pointer (&fixture->partial, daemon_answer_free);
  g_clear_error (&fixture->error);
  fixture->done = FALSE;
}

/* No thread of the server uses the fixture any more. */
static void
wait_served (Fixture *fixture)
{
  gint64 deadline = g_get_monotonic_time () + DEADLINE_MS * 1000;
  while (g_atomic_int_get (&fixture->finished) < g_atomic_int_get (&fixture->connections)
         && g_get_monotonic_time () < deadline)
    if (!g_main_context_iteration (NULL, FALSE))
      g_thread_yield ();
  g_assert_cmpint (fixture->finished, ==, fixture->connections);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_cancellable_cancel (fixture->stop);
  g_socket_service_stop (fixture->service);
  g_socket_listener_close (G_SOCKET_LISTENER (fixture->service));
  forget (fixture);
  g_clear_object (&fixture->transport);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  wait_served (fixture);
  g_clear_object (&fixture->service);
  g_clear_object (&fixture->stop);
  g_string_free (fixture->seen, TRUE);
  g_free (fixture->endpoint);
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;
  fixture->answer = daemon_transport_send_finish (DAEMON_TRANSPORT (source), result,
                                                  &fixture->partial, &fixture->error);
  fixture->done = TRUE;
}

static void
wait_done (Fixture *fixture)
{
  gint64 deadline = g_get_monotonic_time () + DEADLINE_MS * 1000;
  while (!fixture->done && g_get_monotonic_time () < deadline)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (fixture->done);
}

static void
post (Fixture *fixture, const char *endpoint, const char *ca_file)
{
  forget (fixture);
  g_autoptr (GBytes) body = g_bytes_new_static ("{\"a\":\"\xc3\xa4\"}", 10);
  daemon_transport_send (fixture->transport, endpoint, ca_file, FALSE, fixture->max_bytes, body,
                         NULL, on_answer, fixture);
  wait_done (fixture);
}

static void
post_script (Fixture *fixture, const char *script)
{
  fixture->script = script;
  fixture->script_size = strlen (script);
  post (fixture, fixture->endpoint, NULL);
  if (!fixture->keep_open)
    wait_served (fixture);
}

/* Every message names the host and never the query. */
static void
assert_failed (Fixture *fixture, DaemonTransportError code)
{
  g_assert_null (fixture->answer);
  g_assert_error (fixture->error, DAEMON_TRANSPORT_ERROR, (int)code);
  g_assert_nonnull (strstr (fixture->error->message, "127.0.0.1"));
  g_assert_null (strstr (fixture->error->message, "secret"));
}

static gboolean
seen_line (Fixture *fixture, const char *line)
{
  g_autofree char *whole = g_strdup_printf ("\r\n%s\r\n", line);
  return strstr (fixture->seen->str, whole) != NULL;
}

static void
test_ok (Fixture *fixture, gconstpointer data)
{
  post_script (fixture, "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n"
                        "Content-Length: 31\r\n\r\n" ANSWER);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->answer->status, ==, 200);
  g_assert_cmpstr (fixture->answer->content_type, ==, "application/json");
  g_assert_cmpmem (g_bytes_get_data (fixture->answer->body, NULL),
                   g_bytes_get_size (fixture->answer->body), ANSWER, strlen (ANSWER));

  g_assert_true (g_str_has_prefix (fixture->seen->str, "POST /skill?key=secret HTTP/1.1\r\n"));
  g_autofree char *host = g_strdup_printf ("Host: 127.0.0.1:%u", fixture->port);
  g_assert_true (seen_line (fixture, host));
  g_assert_true (seen_line (fixture, "Content-Type: application/json;charset=UTF-8"));
  g_assert_true (seen_line (fixture, "Content-Length: 10"));
  g_assert_true (seen_line (fixture, "Accept: application/json"));
  g_assert_true (seen_line (fixture, "Accept-Charset: utf-8"));
  g_assert_nonnull (strstr (fixture->seen->str, "\r\nUser-Agent: Segue/"));
  g_assert_null (strstr (fixture->seen->str, "Accept-Encoding"));
  g_assert_null (strstr (fixture->seen->str, "Transfer-Encoding"));
  g_assert_true (g_str_has_suffix (fixture->seen->str, "\r\n\r\n{\"a\":\"\xc3\xa4\"}"));
}

static void
test_date (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *head;
    gint64 date_s;
  } rows[] = {
    { "Date: Sun, 10 May 2026 12:00:00 GMT\r\n", 1778414400 },
    { "Date: Sunday, 10-May-26 12:00:00 GMT\r\n", 1778414400 },
    { "Date: yesterday\r\n", 0 },
    { "", 0 },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *script = g_strconcat ("HTTP/1.1 200 OK\r\n", rows[i].head,
                                             "Content-Length: 31\r\n\r\n" ANSWER, NULL);
      post_script (fixture, script);
      g_assert_no_error (fixture->error);
      g_assert_cmpint (fixture->answer->date_us, ==, rows[i].date_s * G_USEC_PER_SEC);
    }
}

static void
test_chunked_html (Fixture *fixture, gconstpointer data)
{
  post_script (fixture,
               "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
               "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"ver\r\n2\r\n\":\r\n2\r\n1}\r\n0\r\n\r\n");
  g_assert_no_error (fixture->error);
  g_assert_cmpstr (fixture->answer->content_type, ==, "text/html");
  g_assert_cmpmem (g_bytes_get_data (fixture->answer->body, NULL),
                   g_bytes_get_size (fixture->answer->body), "{\"ver\":1}", 9);
}

static void
test_no_content (Fixture *fixture, gconstpointer data)
{
  post_script (fixture, "HTTP/1.1 204 No Content\r\n\r\n");
  assert_failed (fixture, DAEMON_TRANSPORT_ERROR_STATUS);
  g_assert_cmpuint (fixture->partial->status, ==, 204);
}

static void
test_redirect (Fixture *fixture, gconstpointer data)
{
  g_autofree char *script
      = g_strdup_printf ("HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:%u/other\r\n"
                         "Content-Length: 0\r\n\r\n",
                         fixture->port);
  post_script (fixture, script);
  assert_failed (fixture, DAEMON_TRANSPORT_ERROR_STATUS);
  g_assert_cmpuint (fixture->partial->status, ==, 301);
  g_assert_cmpint (fixture->connections, ==, 1);
}

static void
test_server_error (Fixture *fixture, gconstpointer data)
{
  post_script (fixture, "HTTP/1.1 500 Oops\r\nContent-Type: text/html\r\n"
                        "Content-Length: 9\r\n\r\n<h1>no</h");
  assert_failed (fixture, DAEMON_TRANSPORT_ERROR_STATUS);
  g_assert_cmpuint (fixture->partial->status, ==, 500);
  g_assert_cmpuint (g_bytes_get_size (fixture->partial->body), ==, 9);
  g_assert_nonnull (strstr (fixture->error->message, "500"));
}

static void
test_unauthorized (Fixture *fixture, gconstpointer data)
{
  post_script (fixture, "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\n"
                        "Content-Length: 0\r\n\r\n");
  assert_failed (fixture, DAEMON_TRANSPORT_ERROR_STATUS);
  g_assert_cmpint (fixture->connections, ==, 1);
}

static void
test_announced_too_large (Fixture *fixture, gconstpointer data)
{
  fixture->keep_open = TRUE; /* the body never comes; the announcement is enough */
  post_script (fixture, "HTTP/1.1 200 OK\r\nContent-Length: 122881\r\n\r\n");
  assert_failed (fixture, DAEMON_TRANSPORT_ERROR_TOO_LARGE);
}

static void
post_large (Fixture *fixture, gsize size)
{
  g_autoptr (GString) script = g_string_new ("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
  for (gsize i = 0; i < size; i++)
    g_string_append_c (script, ' ');
  post_script (fixture, script->str);
}

static void
test_too_large (Fixture *fixture, gconstpointer data)
{
  post_large (fixture, MAX_BYTES + 1);
  assert_failed (fixture, DAEMON_TRANSPORT_ERROR_TOO_LARGE);
  post_large (fixture, MAX_BYTES);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (g_bytes_get_size (fixture->answer->body), ==, MAX_BYTES);

  fixture->max_bytes = 2 * MAX_BYTES;
  post_large (fixture, 2 * MAX_BYTES + 1);
  assert_failed (fixture, DAEMON_TRANSPORT_ERROR_TOO_LARGE);
  post_large (fixture, 2 * MAX_BYTES);
  g_assert_cmpuint (g_bytes_get_size (fixture->answer->body), ==, 2 * MAX_BYTES);
}

static void
test_truncated (Fixture *fixture, gconstpointer data)
{
  post_script (fixture, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"version\":");
  assert_failed (fixture, DAEMON_TRANSPORT_ERROR_TRUNCATED);
  g_assert_cmpuint (g_bytes_get_size (fixture->partial->body), ==, 11);
  post_script (fixture, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{\"version\":");
  assert_failed (fixture, DAEMON_TRANSPORT_ERROR_TRUNCATED);
}

static void
test_closed_without_answer (Fixture *fixture, gconstpointer data)
{
  post_script (fixture, "");
  assert_failed (fixture, DAEMON_TRANSPORT_ERROR_UNREACHABLE);
  g_assert_cmpint (fixture->connections, ==, 1); /* never sent twice */
}

/* Nothing is inflated that nobody has asked to be deflated. */
static void
test_compressed (Fixture *fixture, gconstpointer data)
{
  static const char body[] = "\x1f\x8b\x08 and so on";
  post_script (fixture, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 13\r\n\r\n"
                        "\x1f\x8b\x08 and so on");
  g_assert_no_error (fixture->error);
  g_assert_cmpmem (g_bytes_get_data (fixture->answer->body, NULL),
                   g_bytes_get_size (fixture->answer->body), body, strlen (body));
}

/* … and headers have an end. */
static void
test_large_headers (Fixture *fixture, gconstpointer data)
{
  g_autofree char *much = g_strnfill (1000000, 'x');
  g_autofree char *script
      = g_strconcat ("HTTP/1.1 200 OK\r\nX-Large: ", much, "\r\nContent-Length: 2\r\n\r\n{}", NULL);
  post_script (fixture, script);
  assert_failed (fixture, DAEMON_TRANSPORT_ERROR_UNREACHABLE);
}

static void
test_garbage (Fixture *fixture, gconstpointer data)
{
  post_script (fixture, "SSH-2.0-OpenSSH_9.2\r\n");
  assert_failed (fixture, DAEMON_TRANSPORT_ERROR_UNREACHABLE);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_socket_service_stop (fixture->service);
  g_socket_listener_close (G_SOCKET_LISTENER (fixture->service));
  post (fixture, fixture->endpoint, NULL);
  assert_failed (fixture, DAEMON_TRANSPORT_ERROR_UNREACHABLE);
}

static void
test_hang (Fixture *fixture, gconstpointer data)
{
  static const char *const scripts[]
      = { "", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{" };
  fixture->keep_open = TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      gint64 before = g_get_monotonic_time ();
      post_script (fixture, scripts[i]);
      assert_failed (fixture, DAEMON_TRANSPORT_ERROR_TIMEOUT);
      g_assert_cmpint (g_get_monotonic_time () - before, >=, 290 * 1000);
      g_assert_cmpint (g_get_monotonic_time () - before, <, 5000 * 1000);
    }
}

/* A server that closes after each answer, and one that keeps the connection and closes it later: no
 * request may suffer from a connection that has died meanwhile. */
static void
test_one_after_another (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 20; i++)
    {
      post_script (fixture, "HTTP/1.1 200 OK\r\nContent-Length: 31\r\n\r\n" ANSWER);
      g_assert_no_error (fixture->error);
    }
  g_assert_cmpint (fixture->connections, ==, 20);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  fixture->script = "";
  fixture->keep_open = TRUE;
  daemon_transport_send (fixture->transport, fixture->endpoint, NULL, FALSE, 0, body, cancellable,
                         on_answer, fixture);
  while (g_atomic_int_get (&fixture->connections) == 0)
    g_main_context_iteration (NULL, FALSE);
  g_cancellable_cancel (cancellable);
  wait_done (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
on_tls_request (SoupServer *server,
                SoupServerMessage *message,
                const char *path,
                GHashTable *query,
                gpointer user_data)
{
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, ANSWER,
                                    strlen (ANSWER));
}

static SoupServer *
start_tls_server (const char *dir, const char *pem, char **endpoint)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (dir, pem, NULL);
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_file (path, &error);
  g_assert_no_error (error);
  SoupServer *server = soup_server_new ("tls-certificate", certificate, NULL);
  soup_server_add_handler (server, NULL, on_tls_request, NULL, NULL);
  soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY,
                            &error);
  g_assert_no_error (error);
  GSList *uris = soup_server_get_uris (server);
  *endpoint = g_uri_to_string (uris->data);
  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
  return server;
}

static void
test_tls (Fixture *fixture, gconstpointer data)
{
  g_autofree char *dir = g_dir_make_tmp ("segue-tls-XXXXXX", NULL);
  test_certificates_make (dir);
  g_autofree char *ca = g_build_filename (dir, "ca.pem", NULL);
  g_autofree char *other_ca = g_build_filename (dir, "other-ca.pem", NULL);
  g_autofree char *missing = g_build_filename (dir, "missing.pem", NULL);
  g_autofree char *good = NULL;
  g_autofree char *old = NULL;
  g_autoptr (SoupServer) server = start_tls_server (dir, "server.pem", &good);
  g_autoptr (SoupServer) expired = start_tls_server (dir, "expired.pem", &old);

  post (fixture, good, ca);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->answer->status, ==, 200);
  post (fixture, good, other_ca);
  assert_failed (fixture, DAEMON_TRANSPORT_ERROR_TLS);
  g_assert_nonnull (strstr (fixture->error->message, "trusted authority"));
  post (fixture, good, NULL);
  assert_failed (fixture, DAEMON_TRANSPORT_ERROR_TLS);
  post (fixture, old, ca);
  assert_failed (fixture, DAEMON_TRANSPORT_ERROR_TLS);
  g_assert_nonnull (strstr (fixture->error->message, "expired"));
  post (fixture, good, missing);
  g_assert_error (fixture->error, DAEMON_TRANSPORT_ERROR, DAEMON_TRANSPORT_ERROR_TLS);

  test_certificates_remove (dir);
  soup_server_disconnect (server);
  soup_server_disconnect (expired);
}

/* Whoever takes the connection and never shakes hands is left in time, and nothing of it stays open. */
static void
test_handshake_silence (Fixture *fixture, gconstpointer data)
{
  g_autofree char *endpoint = g_strdup_printf ("https://127.0.0.1:%u/", fixture->port);
  fixture->script = "";
  fixture->keep_open = TRUE;
  for (gint i = 1; i <= 3; i++)
    {
      post (fixture, endpoint, NULL);
      assert_failed (fixture, DAEMON_TRANSPORT_ERROR_TIMEOUT);
      gint64 deadline = g_get_monotonic_time () + DEADLINE_MS * 1000;
      while (g_atomic_int_get (&fixture->finished) < i && g_get_monotonic_time () < deadline)
        g_main_context_iteration (NULL, FALSE);
      g_assert_cmpint (fixture->finished, ==, i);
    }
}

/* Over HTTP/2 libsoup 3.2 notices neither that a server is gone nor that nobody waits any more: what falls
 * silent there, for instance because the network has changed, must end in time all the same. */
static void
test_http2_silence (Fixture *fixture, gconstpointer data)
{
  static const Http2Fault faults[] = { HTTP2_FAULT_HANG, HTTP2_FAULT_STALL };
  g_autofree char *dir = g_dir_make_tmp ("segue-tls-XXXXXX", NULL);
  test_certificates_make (dir);
  g_autofree char *ca = g_build_filename (dir, "ca.pem", NULL);
  g_autofree char *pem = g_build_filename (dir, "server.pem", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_file (pem, &error);
  g_assert_no_error (error);
  g_autoptr (GBytes) answer = g_bytes_new_static (ANSWER, strlen (ANSWER));
  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (Http2Server) server = http2_server_new (certificate, answer, faults[i], 100, 5);
      g_autofree char *endpoint = http2_server_url (server);
      post (fixture, endpoint, ca);
      assert_failed (fixture, DAEMON_TRANSPORT_ERROR_TIMEOUT);
      g_assert_cmpuint (http2_server_count_requests (server), ==, 1);
    }
  test_certificates_remove (dir);
}

/* A clock in 1970: no certificate is valid yet. That is told as what it is, and passes; a certificate
 * that lies in the future of a clock that is set, or the past, does not. */
static void
test_clock (Fixture *fixture, gconstpointer data)
{
  gint64 offset_s = 0;
  g_autofree char *dir = g_dir_make_tmp ("segue-tls-XXXXXX", NULL);
  test_certificates_make (dir);
  g_autofree char *ca = g_build_filename (dir, "ca.pem", NULL);
  g_autofree char *endpoint = NULL;
  g_autoptr (SoupServer) server = start_tls_server (dir, "server.pem", &endpoint);
  fake_clock_use (&offset_s);

  offset_s = -g_get_real_time () / G_USEC_PER_SEC + 100;
  post (fixture, endpoint, ca);
  assert_failed (fixture, DAEMON_TRANSPORT_ERROR_CLOCK);
  g_assert_nonnull (strstr (fixture->error->message, "not valid yet"));
  g_assert_nonnull (strstr (fixture->error->message, "is not set (it shows 1970-01-01)"));
  g_assert_cmpint (daemon_fault_classify (fixture->error, 0), ==, DAEMON_FAULT_AWAY);
  post_script (fixture, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
  g_assert_nonnull (strstr (fixture->error->message, "HTTP 400"));
  g_assert_nonnull (strstr (fixture->error->message, "is not set"));

  offset_s = 0;
  post (fixture, endpoint, ca);
  g_assert_no_error (fixture->error);
  offset_s = 40 * 365 * 24 * 3600LL;
  post (fixture, endpoint, ca);
  assert_failed (fixture, DAEMON_TRANSPORT_ERROR_TLS);
  g_assert_nonnull (strstr (fixture->error->message, "expired"));
  fake_clock_use (NULL);

  g_autofree char *early = NULL;
  g_autoptr (SoupServer) future = start_tls_server (dir, "future.pem", &early);
  post (fixture, early, ca);
  assert_failed (fixture, DAEMON_TRANSPORT_ERROR_TLS);
  g_assert_nonnull (strstr (fixture->error->message, "not valid yet"));
  soup_server_disconnect (future);
  test_certificates_remove (dir);
  soup_server_disconnect (server);
}

/* A name that nobody knows is told apart from a machine that does not answer. */
static void
test_no_such_name (Fixture *fixture, gconstpointer data)
{
  /* No name server is asked: no part of a name may be so long. */
  g_autofree char *label = g_strnfill (64, 'x');
  g_autofree char *endpoint = g_strdup_printf ("https://%s.invalid/", label);
  post (fixture, endpoint, NULL);
  g_assert_error (fixture->error, DAEMON_TRANSPORT_ERROR, DAEMON_TRANSPORT_ERROR_DNS);
  g_assert_nonnull (strstr (fixture->error->message, "(DNS)"));
  g_assert_cmpint (daemon_fault_classify (fixture->error, 0), ==, DAEMON_FAULT_AWAY);
}

/* A server that speaks nothing newer than TLS 1.1, on any free port. */
static GSubprocess *
start_old_tls_server (const char *pem, char **endpoint)
{
  g_autoptr (GError) error = NULL;
  GSubprocess *server
      = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDIN_PIPE, &error,
                          "openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", pem, "-key",
                          pem, "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0", "-www", NULL);
  g_assert_no_error (error);
  g_autoptr (GDataInputStream) out
      = g_data_input_stream_new (g_subprocess_get_stdout_pipe (server));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (out), FALSE);
  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line_utf8 (out, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_nonnull (line);
      if (!g_str_has_prefix (line, "ACCEPT "))
        continue;
      *endpoint = g_strdup_printf ("https://%s/", line + strlen ("ACCEPT "));
      return server;
    }
}

/* A trusted certificate does not help a server that offers only TLS 1.1. */
static void
test_old_tls (Fixture *fixture, gconstpointer data)
{
  g_autofree char *dir = g_dir_make_tmp ("segue-tls-XXXXXX", NULL);
  test_certificates_make (dir);
  g_autofree char *ca = g_build_filename (dir, "ca.pem", NULL);
  g_autofree char *pem = g_build_filename (dir, "server.pem", NULL);
  g_autofree char *endpoint = NULL;
  g_autoptr (GSubprocess) server = start_old_tls_server (pem, &endpoint);

  post (fixture, endpoint, ca);
  assert_failed (fixture, DAEMON_TRANSPORT_ERROR_TLS);

  g_subprocess_force_exit (server);
  g_subprocess_wait (server, NULL, NULL);
  test_certificates_remove (dir);
}

/* Threads of GLib's pools; the one that makes them stays. */
static guint
count_pool_threads (void)
{
  guint n = 0;
  const char *name = NULL;
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/task", 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc/self/task", name, "comm", NULL);
      g_autofree char *comm = NULL;
      if (g_file_get_contents (path, &comm, NULL, NULL) && g_str_has_prefix (comm, "pool-")
          && !g_str_has_prefix (comm, "pool-spawner"))
        n++;
    }
  return n;
}

/* The leak checker falls over what GnuTLS keeps in the threads that shook hands, so they have to
 * end. */
static void
end_pool_threads (void)
{
  gint64 deadline = g_get_monotonic_time () + DEADLINE_MS * 1000;
  while (count_pool_threads () > 0 && g_get_monotonic_time () < deadline)
    {
      g_thread_pool_stop_unused_threads ();
      g_usleep (10000);
    }
}

static void
copy_file (const char *from, const char *to)
{
  g_autofree char *text = NULL;
  gsize length = 0;
  g_assert_true (g_file_get_contents (from, &text, &length, NULL));
  g_assert_true (g_file_set_contents (to, text, (gssize)length, NULL));
}

/* A CA file with another content under the same name counts when the configuration is read anew. */
static void
test_renewed_ca (Fixture *fixture, gconstpointer data)
{
  g_autofree char *dir = g_dir_make_tmp ("segue-tls-XXXXXX", NULL);
  test_certificates_make (dir);
  g_autofree char *right = g_build_filename (dir, "ca.pem", NULL);
  g_autofree char *wrong = g_build_filename (dir, "other-ca.pem", NULL);
  g_autofree char *ca = g_build_filename (dir, "renewed.pem", NULL);
  g_autofree char *endpoint = NULL;
  g_autoptr (SoupServer) server = start_tls_server (dir, "server.pem", &endpoint);

  copy_file (wrong, ca);
  post (fixture, endpoint, ca);
  assert_failed (fixture, DAEMON_TRANSPORT_ERROR_TLS);
  copy_file (right, ca);
  daemon_soup_transport_configure (fixture->transport, NULL);
  post (fixture, endpoint, ca);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fixture->answer->status, ==, 200);
  g_remove (ca);
  test_certificates_remove (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, set_up_func, func)                                                               \
  g_test_add ("/daemon/transport/" path, Fixture, NULL, set_up_func, func, tear_down)
  ADD ("ok", set_up, test_ok);
  ADD ("date", set_up, test_date);
  ADD ("chunked-html", set_up, test_chunked_html);
  ADD ("no-content", set_up, test_no_content);
  ADD ("redirect", set_up, test_redirect);
  ADD ("server-error", set_up, test_server_error);
  ADD ("unauthorized", set_up, test_unauthorized);
  ADD ("announced-too-large", set_up, test_announced_too_large);
  ADD ("too-large", set_up, test_too_large);
  ADD ("truncated", set_up, test_truncated);
  ADD ("closed-without-answer", set_up, test_closed_without_answer);
  ADD ("garbage", set_up, test_garbage);
  ADD ("compressed", set_up, test_compressed);
  ADD ("large-headers", set_up, test_large_headers);
  ADD ("refused", set_up, test_refused);
  ADD ("hang", set_up_hasty, test_hang);
  ADD ("one-after-another", set_up, test_one_after_another);
  ADD ("cancel", set_up, test_cancel);
  ADD ("tls", set_up, test_tls);
  ADD ("renewed-ca", set_up, test_renewed_ca);
  ADD ("clock", set_up, test_clock);
  ADD ("handshake-silence", set_up_hasty, test_handshake_silence);
  ADD ("http2-silence", set_up_patient, test_http2_silence);
  ADD ("no-such-name", set_up, test_no_such_name);
  ADD ("old-tls", set_up, test_old_tls);
#undef ADD
  int status = g_test_run ();
  end_pool_threads ();
  return status;
}

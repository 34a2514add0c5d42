/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "httpsrc-run.h"

#include "player/gst/player-gst-fetch.h"

#include <string.h>

/* -- seeks -- */

static void
assert_requests (HttpsrcFixture *fixture, guint n, const char *last)
{
  g_autoptr (GPtrArray) requests = fault_server_take_requests (fixture->server);
  g_assert_cmpuint (requests->len, ==, n);
  g_assert_cmpstr (g_ptr_array_index (requests, n - 1), ==, last);
}

static void
preroll (HttpsrcRun *run)
{
  httpsrc_run_set_state (run, GST_STATE_PAUSED);
  g_assert_cmpint (gst_element_get_state (run->pipeline, NULL, NULL, 5 * GST_SECOND), ==,
                   GST_STATE_CHANGE_SUCCESS);
}

static void
seek (HttpsrcRun *run, gint64 position)
{
  g_assert_true (gst_element_seek (run->pipeline, 1.0, GST_FORMAT_BYTES, GST_SEEK_FLAG_FLUSH,
                                   GST_SEEK_TYPE_SET, position, GST_SEEK_TYPE_NONE, -1));
}

typedef struct
{
  const char *name;
  const char *target;
  gint64 position;
  guint requests;
  const char *last_request;
} SeekCase;

static const SeekCase seek_cases[] = {
  { "forward", "/data", 250001, 2, "GET /data bytes=250001- \"v0\"" },
  { "last-byte", "/data", HTTPSRC_FILE_BYTES - 1, 2, "GET /data bytes=299999- \"v0\"" },
  { "end", "/data", HTTPSRC_FILE_BYTES, 1, "GET /data - -" },
  { "no-range", "/data?fault=norange", 250001, 2, "GET /data?fault=norange bytes=250001- \"v0\"" },
};

static void
test_seek (HttpsrcFixture *fixture, gconstpointer user_data)
{
  const SeekCase *test = user_data;
  g_autofree char *url = fault_server_url (fixture->server, test->target);
  g_auto (HttpsrcRun) run = { 0 };

  httpsrc_run_init (&run, url);
  g_object_set (run.src, "ring-bytes", 65536, NULL);
  preroll (&run);
  seek (&run, test->position);
  httpsrc_run_set_state (&run, GST_STATE_PLAYING);
  httpsrc_run_wait (&run, HTTPSRC_LIMIT_US);
  g_assert_no_error (run.error);
  g_assert_true (run.eos);
  httpsrc_run_assert_bytes (&run, fixture->data, test->position);
  assert_requests (fixture, test->requests, test->last_request);
}

static PlayerGstFetch *
begin_fetch (HttpsrcFixture *fixture, guint ring_bytes)
{
  g_autofree char *url = fault_server_url (fixture->server, "/data");
  PlayerGstFetchOptions options = {
    .address = player_gst_address_new (url, NULL, FALSE, 0, PLAYER_REACH_ALL),
    .web = player_gst_web_new (NULL),
    .ring_bytes = ring_bytes,
    .stall_ms = 300,
    .give_up_ms = 1500,
    .headers_ms = 600,
  };

  return player_gst_fetch_new (&options);
}

/* What is in the ring already is not asked for again. */
static void
test_seek_within_ring (HttpsrcFixture *fixture, gconstpointer user_data)
{
  PlayerGstFetch *fetch = begin_fetch (fixture, 2 * HTTPSRC_FILE_BYTES);
  gint64 deadline = g_get_monotonic_time () + HTTPSRC_LIMIT_US;
  for (gboolean complete = FALSE; !complete;)
    {
      g_auto (PlayerGstFetchInfo) info = { 0 };
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (1000);
      player_gst_fetch_get_info (fetch, &info);
      complete = info.complete;
    }

  g_autoptr (GstBuffer) buffer = NULL;
  const PlayerGstFault *fault = NULL;
  player_gst_fetch_seek (fetch, 50000);
  g_assert_cmpint (player_gst_fetch_pull (fetch, 1000, &buffer, &fault), ==, PLAYER_GST_PULL_DATA);
  g_assert_cmpuint (gst_buffer_get_size (buffer), ==, 1000);
  const guint8 *data = g_bytes_get_data (fixture->data, NULL);
  g_assert_cmpint (gst_buffer_memcmp (buffer, 0, data + 50000, 1000), ==, 0);
  player_gst_fetch_release (fetch);
  assert_requests (fixture, 1, "GET /data - -");
}

static void
pull (PlayerGstFetch *fetch, gsize bytes)
{
  const PlayerGstFault *fault = NULL;

  while (bytes > 0)
    {
      g_autoptr (GstBuffer) buffer = NULL;

      g_assert_cmpint (player_gst_fetch_pull (fetch, bytes, &buffer, &fault), ==,
                       PLAYER_GST_PULL_DATA);
      bytes -= gst_buffer_get_size (buffer);
    }
}

/* Whether a fetch whose ring is full waits until a burst fits in. */
static gboolean
rests (HttpsrcFixture *fixture)
{
  const guint64 ring_bytes = HTTPSRC_FILE_BYTES - PLAYER_GST_FETCH_CHUNK_BYTES;
  const gint64 deadline = g_get_monotonic_time () + HTTPSRC_LIMIT_US;
  PlayerGstFetch *fetch = begin_fetch (fixture, (guint)ring_bytes);
  gboolean full;
  guint64 ahead;

  while ((ahead = player_gst_fetch_get_ahead (fetch, &full))
         <= ring_bytes - PLAYER_GST_FETCH_CHUNK_BYTES)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (1000);
    }
  const guint64 some = ahead - (ring_bytes - ring_bytes / 8) - 1;
  pull (fetch, some);
  player_gst_fetch_get_ahead (fetch, &full);
  pull (fetch, HTTPSRC_FILE_BYTES - some);
  player_gst_fetch_release (fetch);
  return full;
}

/* Once the ring is full nothing is read for crumbs: an eighth of it has to be free. Meanwhile it
 * counts as full, for nothing more will come. It may not have noticed yet that it is. */
static void
test_bursts (HttpsrcFixture *fixture, gconstpointer user_data)
{
  for (guint i = 0; !rests (fixture); i++)
    g_assert_cmpuint (i, <, 20);
}

/* The fetch thread may say so after the end has been seen. */
static void
wait_until_buffered (HttpsrcRun *run)
{
  const gint64 deadline = g_get_monotonic_time () + HTTPSRC_LIMIT_US;

  while (run->buffered == 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      run->eos = FALSE;
      httpsrc_run_wait (run, 20000);
    }
}

static void
test_seek_after_end (HttpsrcFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = fault_server_url (fixture->server, "/data");
  g_auto (HttpsrcRun) run = { 0 };

  httpsrc_run_init (&run, url);
  httpsrc_run_set_state (&run, GST_STATE_PLAYING);
  httpsrc_run_wait (&run, HTTPSRC_LIMIT_US);
  g_assert_true (run.eos);
  wait_until_buffered (&run);

  run.eos = FALSE;
  run.buffered = 0;
  g_byte_array_set_size (run.bytes, 0);
  seek (&run, 1000);
  httpsrc_run_wait (&run, HTTPSRC_LIMIT_US);
  g_assert_no_error (run.error);
  g_assert_true (run.eos);
  httpsrc_run_assert_bytes (&run, fixture->data, 1000);
  g_assert_cmpuint (run.buffered, ==, 1);
}

static void
test_queries (HttpsrcFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = fault_server_url (fixture->server, "/data?fault=redirect:1");
  g_autofree char *target = fault_server_url (fixture->server, "/data");
  g_auto (HttpsrcRun) run = { 0 };
  gint64 duration = 0, end = 0;
  gboolean seekable = FALSE;

  httpsrc_run_init (&run, url);
  preroll (&run);
  g_assert_true (gst_element_query_duration (run.pipeline, GST_FORMAT_BYTES, &duration));
  g_assert_cmpint (duration, ==, HTTPSRC_FILE_BYTES);

  g_autoptr (GstQuery) seeking = gst_query_new_seeking (GST_FORMAT_BYTES);
  g_assert_true (gst_element_query (run.src, seeking));
  gst_query_parse_seeking (seeking, NULL, &seekable, NULL, &end);
  g_assert_true (seekable);
  g_assert_cmpint (end, ==, HTTPSRC_FILE_BYTES);

  g_autoptr (GstQuery) uris = gst_query_new_uri ();
  g_assert_true (gst_element_query (run.src, uris));
  g_autofree char *uri = NULL;
  g_autofree char *redirected = NULL;
  gst_query_parse_uri (uris, &uri);
  gst_query_parse_uri_redirection (uris, &redirected);
  g_assert_cmpstr (uri, ==, url);
  g_assert_cmpstr (redirected, ==, target);
}

static void
test_uri_handler (HttpsrcFixture *fixture, gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) src
      = gst_element_make_from_uri (GST_URI_SRC, "https://example.org/a", NULL, &error);
  g_assert_no_error (error);
  gst_object_ref_sink (src);
  g_assert_true (PLAYER_IS_GST_HTTPSRC (src));
  g_autofree char *uri = gst_uri_handler_get_uri (GST_URI_HANDLER (src));
  g_assert_cmpstr (uri, ==, "https://example.org/a");
  g_assert_false (
      gst_uri_handler_set_uri (GST_URI_HANDLER (src), "gopher://example.org/a", &error));
  g_assert_error (error, GST_URI_ERROR, GST_URI_ERROR_UNSUPPORTED_PROTOCOL);
}

/* -- a consumer that holds back is no stall, and a connection lost meanwhile is replaced -- */

static void
test_held_back (HttpsrcFixture *fixture, gconstpointer target)
{
  g_autofree char *url = fault_server_url (fixture->server, target);
  g_auto (HttpsrcRun) run = { 0 };
  g_autoptr (GBytes) large = httpsrc_make_data (12000000);
  fault_server_add (fixture->server, "/data", large);

  httpsrc_run_init (&run, url);
  g_object_set (run.src, "ring-bytes", 65536, "give-up-ms", 400, NULL);
  preroll (&run);
  httpsrc_run_wait (&run, G_TIME_SPAN_SECOND);
  httpsrc_run_set_state (&run, GST_STATE_PLAYING);
  httpsrc_run_wait (&run, HTTPSRC_LIMIT_US);
  g_assert_no_error (run.error);
  g_assert_true (run.eos);
  httpsrc_run_assert_bytes (&run, large, 0);

  g_autoptr (GPtrArray) requests = fault_server_take_requests (fixture->server);
  g_assert_cmpuint (requests->len, ==, strstr (target, "fault") != NULL ? 2 : 1);
}

/* -- no connection at all -- */

static void
assert_error (const char *url, PlayerErrorType type, const char *message, guint limit_ms)
{
  g_auto (HttpsrcRun) run = { 0 };
  gint64 before = g_get_monotonic_time ();
  httpsrc_run_init (&run, url);
  httpsrc_run_set_state (&run, GST_STATE_PLAYING);
  httpsrc_run_wait (&run, HTTPSRC_LIMIT_US);
  g_test_message ("%s", run.error != NULL ? run.error->message : "no error");
  g_assert_cmpint (run.error_type, ==, (int)type);
  g_assert_nonnull (strstr (run.error->message, message));
  g_assert_cmpint ((g_get_monotonic_time () - before) / 1000, <, limit_ms);
}

static void
test_no_connection (HttpsrcFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = fault_server_url (fixture->server, "/data?secret=1");
  g_clear_pointer (&fixture->server, fault_server_free);
  assert_error (url, PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE, "refused", 1000);
}

static void
test_no_such_host (HttpsrcFixture *fixture, gconstpointer user_data)
{
  /* No name server is asked, for there may be none: no part of a name is so long. */
  g_autofree char *label = g_strnfill (64, 'x');
  g_autofree char *url = g_strdup_printf ("http://%s.invalid/data?secret=1", label);
  assert_error (url, PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE, "", 5000);
}

static void
test_no_url (HttpsrcFixture *fixture, gconstpointer user_data)
{
  assert_error ("", PLAYER_MEDIA_ERROR_INVALID_REQUEST, "not an http", 500);
  assert_error ("http:///secret", PLAYER_MEDIA_ERROR_INVALID_REQUEST, "not an http", 500);
  assert_error ("ftp://127.0.0.1/secret", PLAYER_MEDIA_ERROR_INVALID_REQUEST, "not an http", 500);
}

/* A space is no part of a URL, and yet stands in some. */
static void
test_space (HttpsrcFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = fault_server_url (fixture->server, "/a file");
  g_auto (HttpsrcRun) run = { 0 };
  fault_server_add (fixture->server, "/a file", fixture->data);
  httpsrc_run_init (&run, url);
  httpsrc_run_set_state (&run, GST_STATE_PLAYING);
  httpsrc_run_wait (&run, HTTPSRC_LIMIT_US);
  g_assert_no_error (run.error);
  httpsrc_run_assert_bytes (&run, fixture->data, 0);
}

/* -- TLS -- */

typedef struct
{
  const char *name;
  const char *certificate;
  gboolean trusted; /* the test CA is named */
  const char *target;
  const char *message; /* (nullable): NULL = everything arrives */
} TlsCase;

static const TlsCase tls_cases[] = {
  { "trusted", "server.pem", TRUE, "/data", NULL },
  { "drop", "server.pem", TRUE, "/data?fault=drop:70000", NULL },
  { "reset", "server.pem", TRUE, "/data?fault=resetonce:70000", NULL },
  { "stall", "server.pem", TRUE, "/data?fault=stall:70000:5000", NULL },
  { "cut-without-a-word", "server.pem", TRUE, "/data?fault=nolength,droponce:70000", NULL },
  { "expired", "expired.pem", TRUE, "/data", "has expired" },
  { "unknown-ca", "server.pem", FALSE, "/data", "not signed by a trusted authority" },
  { "self-signed", "self-signed.pem", TRUE, "/data", "not signed by a trusted authority" },
  { "other-host", "other-host.pem", TRUE, "/data", "for another host" },
  { "redirect-to-http", "server.pem", TRUE, "/data?secret=1&fault=redirto:http",
    "from https to http" },
};

static void
use_tls (HttpsrcFixture *fixture, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (CERTIFICATE_DIR, name, NULL);
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_file (path, &error);
  g_assert_no_error (error);
  g_clear_pointer (&fixture->server, fault_server_free);
  fixture->server = fault_server_new (NULL, certificate, 0, &error);
  g_assert_no_error (error);
  fault_server_add (fixture->server, "/data", fixture->data);
}

static void
test_tls (HttpsrcFixture *fixture, gconstpointer user_data)
{
  const TlsCase *test = user_data;
  g_auto (HttpsrcRun) run = { 0 };
  use_tls (fixture, test->certificate);
  g_autofree char *url = fault_server_url (fixture->server, test->target);

  httpsrc_run_init (&run, url);
  g_object_set (run.src, "headers-ms", 20000, NULL);
  if (test->trusted)
    g_object_set (run.src, "ssl-ca-file", CERTIFICATE_DIR "/ca.pem", NULL);
  httpsrc_run_set_state (&run, GST_STATE_PLAYING);
  httpsrc_run_wait (&run, HTTPSRC_LIMIT_US);
  if (test->message == NULL)
    {
      g_assert_no_error (run.error);
      httpsrc_run_assert_bytes (&run, fixture->data, 0);
      return;
    }
  g_test_message ("%s", run.error != NULL ? run.error->message : "no error");
  g_assert_nonnull (strstr (run.error->message, test->message));
  g_assert_cmpint (run.error_type, ==,
                   run.http_status != 0 ? PLAYER_MEDIA_ERROR_INVALID_REQUEST
                                        : PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE);
}

typedef struct
{
  GSocketListener *listener;
  GCancellable *stopping;
} HangUp;

/* Takes connections, and closes them at the first byte. */
static gpointer
hang_up_thread (gpointer data)
{
  HangUp *self = data;
  GSocketConnection *connection;
  while ((connection = g_socket_listener_accept (self->listener, NULL, self->stopping, NULL))
         != NULL)
    {
      char byte;
      GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
      g_input_stream_read (input, &byte, 1, NULL, NULL);
      g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
      g_object_unref (connection);
    }
  return NULL;
}

static void
test_handshake_cut (HttpsrcFixture *fixture, gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (GCancellable) stopping = g_cancellable_new ();
  HangUp hang_up = { listener, stopping };
  GThread *thread = g_thread_new ("hang-up", hang_up_thread, &hang_up);
  g_autofree char *url = g_strdup_printf ("https://127.0.0.1:%u/data?secret=1", port);
  {
    g_auto (HttpsrcRun) run = { 0 };
    httpsrc_run_init (&run, url);
    g_object_set (run.src, "headers-ms", 20000, "give-up-ms", 60000, NULL);
    httpsrc_run_set_state (&run, GST_STATE_PLAYING);
    httpsrc_run_wait (&run, 2 * HTTPSRC_LIMIT_US);
    g_assert_cmpint (run.error_type, ==, PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE);
    g_assert_true (g_str_has_prefix (run.error->message, "TLS"));
  }
  g_cancellable_cancel (stopping);
  g_thread_join (thread);
  g_socket_listener_close (listener);
}

static void
test_no_ca_file (HttpsrcFixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = fault_server_url (fixture->server, "/data");
  g_auto (HttpsrcRun) run = { 0 };
  httpsrc_run_init (&run, url);
  g_object_set (run.src, "ssl-ca-file", "/nowhere/ca.pem", NULL);
  httpsrc_run_set_state (&run, GST_STATE_PLAYING);
  httpsrc_run_wait (&run, HTTPSRC_LIMIT_US);
  g_assert_cmpint (run.error_type, ==, PLAYER_MEDIA_ERROR_INTERNAL_DEVICE_ERROR);
}

/* -- the way to NULL -- */

#define STOPS 5

static gboolean
stops_quickly (const char *url, guint ms)
{
  g_auto (HttpsrcRun) run = { 0 };
  httpsrc_run_init (&run, url);
  g_object_set (run.src, "headers-ms", 60000, "stall-ms", 60000, NULL);
  httpsrc_run_set_state (&run, GST_STATE_PLAYING);
  httpsrc_run_wait (&run, ms * G_TIME_SPAN_MILLISECOND);
  g_assert_no_error (run.error);
  gint64 before = g_get_monotonic_time ();
  gst_element_set_state (run.pipeline, GST_STATE_NULL);
  return g_get_monotonic_time () - before < HTTPSRC_QUICK_US;
}

/* Once in a few times the machine has nothing else to do. */
static void
stop_after (const char *url, guint ms)
{
  guint slow = 0;
  while (slow < STOPS && !stops_quickly (url, ms))
    slow++;
  g_assert_cmpuint (slow, <, STOPS);
}

static void
test_stop (HttpsrcFixture *fixture, gconstpointer target)
{
  g_autofree char *url = fault_server_url (fixture->server, target);
  stop_after (url, 200);
}

/* A name server that never answers. */

#define TYPE_DEAF_RESOLVER (deaf_resolver_get_type ())
G_DECLARE_FINAL_TYPE (DeafResolver, deaf_resolver, DEAF, RESOLVER, GResolver)

struct _DeafResolver
{
  GResolver parent_instance;
};

G_DEFINE_FINAL_TYPE (DeafResolver, deaf_resolver, G_TYPE_RESOLVER)

static void
on_lookup_cancelled (GCancellable *cancellable, gpointer task)
{
  g_task_return_error_if_cancelled (task);
  g_object_unref (task);
}

static void
deaf_lookup_async (GResolver *resolver,
                   const char *name,
                   GResolverNameLookupFlags flags,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  GTask *task = g_task_new (resolver, cancellable, callback, user_data);
  g_signal_connect_object (cancellable, "cancelled", G_CALLBACK (on_lookup_cancelled), task, 0);
}

static GList *
deaf_lookup_finish (GResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
deaf_resolver_class_init (DeafResolverClass *klass)
{
  GResolverClass *resolver_class = G_RESOLVER_CLASS (klass);
  resolver_class->lookup_by_name_with_flags_async = deaf_lookup_async;
  resolver_class->lookup_by_name_with_flags_finish = deaf_lookup_finish;
}

static void
deaf_resolver_init (DeafResolver *self)
{
}

static void
test_stop_lookup (HttpsrcFixture *fixture, gconstpointer user_data)
{
  g_autoptr (GResolver) before = g_resolver_get_default ();
  g_autoptr (GResolver) deaf = g_object_new (TYPE_DEAF_RESOLVER, NULL);
  g_resolver_set_default (deaf);
  stop_after ("http://radio.example/data", 200);
  g_resolver_set_default (before);
}

/* Connections are taken by the kernel, and nobody ever answers. */
static void
test_stop_deaf (HttpsrcFixture *fixture, gconstpointer scheme)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, &error);
  g_assert_no_error (error);
  g_autofree char *url = g_strdup_printf ("%s://127.0.0.1:%u/data", (const char *)scheme, port);
  stop_after (url, 200);
  g_socket_listener_close (listener);
}

/* Build up, tear down, at any moment. */
static void
test_stress (HttpsrcFixture *fixture, gconstpointer user_data)
{
  static const char *const targets[] = {
    "/data",
    "/data?fault=slow:2000000",
    "/data?fault=drop:50000",
    "/data?fault=resetonce:50000",
    "/data?fault=stallalways:50000:60000",
    "/data?fault=hang",
    "/data?fault=headers",
    "/data?fault=redirloop",
    "/data?fault=chunked,norange",
    "/data?fault=statusonce:503",
  };

  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *url
          = fault_server_url (fixture->server, targets[i % G_N_ELEMENTS (targets)]);
      g_auto (HttpsrcRun) run = { 0 };
      httpsrc_run_init (&run, url);
      g_object_set (run.src, "ring-bytes", 32768, NULL);
      httpsrc_run_set_state (&run, g_test_rand_bit () ? GST_STATE_PLAYING : GST_STATE_PAUSED);
      g_usleep (g_test_rand_int_range (0, 15000));
      if (g_test_rand_bit ())
        gst_element_seek_simple (run.pipeline, GST_FORMAT_BYTES, GST_SEEK_FLAG_FLUSH,
                                 g_test_rand_int_range (0, HTTPSRC_FILE_BYTES));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  g_assert_true (player_gst_httpsrc_register ());

#define ADD(path, data, function)                                                                  \
  g_test_add ("/httpsrc/" path, HttpsrcFixture, data, httpsrc_setup, function, httpsrc_teardown)

  for (guint i = 0; i < G_N_ELEMENTS (seek_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/httpsrc/seek/%s", seek_cases[i].name);
      g_test_add (path, HttpsrcFixture, &seek_cases[i], httpsrc_setup, test_seek, httpsrc_teardown);
    }
  for (guint i = 0; i < G_N_ELEMENTS (tls_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/httpsrc/tls/%s", tls_cases[i].name);
      g_test_add (path, HttpsrcFixture, &tls_cases[i], httpsrc_setup, test_tls, httpsrc_teardown);
    }
  ADD ("seek/within-ring", NULL, test_seek_within_ring);
  ADD ("bursts", NULL, test_bursts);
  ADD ("seek/after-end", NULL, test_seek_after_end);
  ADD ("tls/handshake-cut", NULL, test_handshake_cut);
  ADD ("tls/no-ca-file", NULL, test_no_ca_file);
  ADD ("queries", NULL, test_queries);
  ADD ("uri-handler", NULL, test_uri_handler);
  ADD ("url/none", NULL, test_no_url);
  ADD ("url/space", NULL, test_space);
  ADD ("held-back/open", "/data", test_held_back);
  ADD ("held-back/reset", "/data?fault=resetonce:500000", test_held_back);
  ADD ("connect/refused", NULL, test_no_connection);
  ADD ("connect/no-such-host", NULL, test_no_such_host);
  ADD ("stop/hang", "/data?fault=hang", test_stop);
  ADD ("stop/headers", "/data?fault=headers", test_stop);
  ADD ("stop/stall", "/data?fault=stallalways:5000:60000", test_stop);
  ADD ("stop/lookup", NULL, test_stop_lookup);
  ADD ("stop/deaf", "http", test_stop_deaf);
  ADD ("stop/deaf-tls", "https", test_stop_deaf);
  ADD ("stress", NULL, test_stress);
  return g_test_run ();
}

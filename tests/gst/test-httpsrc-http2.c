/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "httpsrc-run.h"

#include <libsoup/soup.h>

/* libsoup does not notice when an HTTP/2 connection dies in mid-transfer, and takes a reset stream
 * for the end of the body. The server is libsoup's own; it speaks HTTP/2 if SOUP_SERVER_HTTP2 is
 * set. */

#define BROKEN_AT 100000

typedef struct
{
  HttpsrcFixture common;
  GThread *thread;
  GMainLoop *loop;
  GMutex lock;
  GCond ready;
  char *url; /* set when ready */
  guint requests;
  guint over_http2;
  const char *fault;
} Fixture;

static void
send_answer (Fixture *fixture, SoupServerMessage *message, guint64 first)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  SoupMessageBody *body = soup_server_message_get_response_body (message);
  gsize size = g_bytes_get_size (fixture->common.data);
  gboolean broken = first == 0 && fixture->fault != NULL;

  soup_message_headers_append (headers, "ETag", "\"h2\"");
  soup_message_headers_set_content_length (headers, size - first);
  if (first > 0)
    soup_message_headers_set_content_range (headers, first, size - 1, size);
  soup_server_message_set_status (message, first > 0 ? 206 : 200, NULL);
  g_autoptr (GBytes) part
      = g_bytes_new_from_bytes (fixture->common.data, first, (broken ? BROKEN_AT : size) - first);
  soup_message_body_set_accumulate (body, FALSE);
  soup_message_body_append_bytes (body, part);
  if (!broken)
    soup_message_body_complete (body);
}

static void
on_wrote_chunk (SoupServerMessage *message, gpointer user_data)
{
  Fixture *fixture = user_data;
  if (g_strcmp0 (fixture->fault, "close") == 0)
    g_socket_shutdown (soup_server_message_get_socket (message), TRUE, TRUE, NULL);
}

static void
on_request (SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer user_data)
{
  Fixture *fixture = user_data;
  fixture->requests++;
  if (soup_server_message_get_http_version (message) == SOUP_HTTP_2_0)
    fixture->over_http2++;

  const char *range
      = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Range");
  guint64 first = range != NULL ? g_ascii_strtoull (range + strlen ("bytes="), NULL, 10) : 0;
  if (first == 0)
    g_signal_connect (message, "wrote-chunk", G_CALLBACK (on_wrote_chunk), fixture);
  send_answer (fixture, message, first);
}

static gpointer
server_thread (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GError) error = NULL;
  g_main_context_push_thread_default (context);
  fixture->loop = g_main_loop_new (context, FALSE);

  g_autoptr (GTlsCertificate) certificate
      = g_tls_certificate_new_from_file (CERTIFICATE_DIR "/server.pem", &error);
  g_assert_no_error (error);
  g_autoptr (SoupServer) server = soup_server_new ("tls-certificate", certificate, NULL);
  soup_server_add_handler (server, NULL, on_request, fixture, NULL);
  soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY,
                            &error);
  g_assert_no_error (error);

  GSList *uris = soup_server_get_uris (server);
  g_mutex_lock (&fixture->lock);
  fixture->url = g_uri_to_string (uris->data);
  g_cond_signal (&fixture->ready);
  g_mutex_unlock (&fixture->lock);
  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);

  g_main_loop_run (fixture->loop);
  soup_server_disconnect (server);
  g_clear_object (&server);
  while (g_main_context_iteration (context, FALSE))
    continue;
  g_main_context_pop_thread_default (context);
  return NULL;
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  fixture->fault = data;
  fixture->common.data = httpsrc_make_data (HTTPSRC_FILE_BYTES);
  g_mutex_init (&fixture->lock);
  g_cond_init (&fixture->ready);
  fixture->thread = g_thread_new ("http2-server", server_thread, fixture);
  g_mutex_lock (&fixture->lock);
  while (fixture->url == NULL)
    g_cond_wait (&fixture->ready, &fixture->lock);
  g_mutex_unlock (&fixture->lock);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  g_main_loop_quit (fixture->loop);
  g_thread_join (fixture->thread);
  g_main_loop_unref (fixture->loop);
  g_free (fixture->url);
  g_mutex_clear (&fixture->lock);
  g_cond_clear (&fixture->ready);
  httpsrc_teardown (&fixture->common, NULL);
}

static void
test_http2 (Fixture *fixture, gconstpointer fault)
{
  {
    g_auto (HttpsrcRun) run = { 0 };
    httpsrc_run_init (&run, fixture->url);
    g_object_set (run.src, "headers-ms", 20000, "give-up-ms", 8000, "ssl-ca-file",
                  CERTIFICATE_DIR "/ca.pem", NULL);
    httpsrc_run_set_state (&run, GST_STATE_PLAYING);
    httpsrc_run_wait (&run, HTTPSRC_LIMIT_US);
    g_assert_no_error (run.error);
    g_assert_true (run.eos);
    httpsrc_run_assert_bytes (&run, fixture->common.data, 0);
  }
  g_assert_cmpuint (fixture->requests, ==, fault != NULL ? 2 : 1);
  g_assert_cmpuint (fixture->over_http2, ==, fixture->requests);
}

int
main (int argc, char **argv)
{
  g_setenv ("SOUP_SERVER_HTTP2", "1", TRUE);
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  g_assert_true (player_gst_httpsrc_register ());

  g_test_add ("/httpsrc/http2/plain", Fixture, NULL, setup, test_http2, teardown);
  g_test_add ("/httpsrc/http2/stall", Fixture, "stall", setup, test_http2, teardown);
  g_test_add ("/httpsrc/http2/close", Fixture, "close", setup, test_http2, teardown);
  return g_test_run ();
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "httpsrc-run.h"

#include <string.h>

#include "http2-server.h"

/* HTTP/2 that goes wrong between two frames. */

#define MIDDLE 100000

typedef struct
{
  const char *name;
  Http2Fault fault;
  guint faulty;        /* requests */
  guint requests;      /* 0 = any number */
  const char *message; /* (nullable): a part of it; NULL: everything arrives */
} Case;

static const Case cases[] = {
  { "plain", HTTP2_FAULT_NONE, 0, 1, NULL },
  { "no-length", HTTP2_FAULT_NO_LENGTH, 0, 0, NULL },
  { "rst", HTTP2_FAULT_RST, 1, 2, NULL },
  { "rst-no-length", HTTP2_FAULT_RST_NO_LENGTH, 1, 0, NULL },
  { "rst-at-once", HTTP2_FAULT_RST_AT_ONCE, 1, 0, NULL },
  { "rst-each-time", HTTP2_FAULT_RST_AT_ONCE, G_MAXUINT, 0, "" },
  { "goaway", HTTP2_FAULT_GOAWAY, 1, 1, NULL },
  { "goaway-close", HTTP2_FAULT_GOAWAY_CLOSE, 1, 2, NULL },
  { "close", HTTP2_FAULT_CLOSE, 1, 2, NULL },
  { "stall", HTTP2_FAULT_STALL, 1, 2, NULL },
  { "hang", HTTP2_FAULT_HANG, G_MAXUINT, 1, "no answer within" },
  { "garbage", HTTP2_FAULT_GARBAGE, 1, 2, NULL },
  { "headers", HTTP2_FAULT_HEADERS, G_MAXUINT, 0, "" },
};

static Http2Server *
serve (GBytes *data, Http2Fault fault, guint faulty)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate
      = g_tls_certificate_new_from_file (CERTIFICATE_DIR "/server.pem", &error);

  g_assert_no_error (error);
  return http2_server_new (certificate, data, fault, faulty, MIDDLE);
}

static void
start (HttpsrcRun *run, Http2Server *server, guint patience_ms)
{
  g_autofree char *url = http2_server_url (server);

  httpsrc_run_init (run, url);
  g_object_set (run->src, "headers-ms", patience_ms, "give-up-ms", 8000, "ssl-ca-file",
                CERTIFICATE_DIR "/ca.pem", NULL);
  httpsrc_run_set_state (run, GST_STATE_PLAYING);
}

static void
test_fault (HttpsrcFixture *fixture, gconstpointer user_data)
{
  const Case *test = user_data;
  g_autoptr (Http2Server) server = serve (fixture->data, test->fault, test->faulty);
  g_auto (HttpsrcRun) run = { 0 };

  /* Where an answer is to come, the machine may be as slow as it likes. */
  start (&run, server, test->message != NULL ? 3000 : 20000);
  httpsrc_run_wait (&run, HTTPSRC_LIMIT_US);
  if (test->message == NULL)
    {
      g_assert_no_error (run.error);
      g_assert_true (run.eos);
      g_assert_false (run.cut);
      httpsrc_run_assert_bytes (&run, fixture->data, 0);
    }
  else
    {
      g_test_message ("%s", run.error != NULL ? run.error->message : "no error");
      g_assert_cmpint (run.error_type, ==, PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE);
      g_assert_nonnull (strstr (run.error->message, test->message));
      g_assert_cmpuint (run.bytes->len, ==, 0);
    }
  if (test->requests > 0)
    g_assert_cmpuint (http2_server_count_requests (server), ==, test->requests);
}

/* httpsrc_run_clear() takes the time. */
static void
test_stop (HttpsrcFixture *fixture, gconstpointer user_data)
{
  const Case *test = user_data;
  g_autoptr (Http2Server) server = serve (fixture->data, test->fault, G_MAXUINT);
  g_auto (HttpsrcRun) run = { 0 };

  start (&run, server, 60000);
  g_object_set (run.src, "stall-ms", 60000, NULL);
  httpsrc_run_wait (&run, 200 * G_TIME_SPAN_MILLISECOND);
  g_assert_no_error (run.error);
}

static const Case stop_cases[] = {
  { "hang", HTTP2_FAULT_HANG, 0, 0, NULL },
  { "stall", HTTP2_FAULT_STALL, 0, 0, NULL },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  g_assert_true (player_gst_httpsrc_register ());

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/httpsrc/frames/%s", cases[i].name);
      g_test_add (path, HttpsrcFixture, &cases[i], httpsrc_setup, test_fault, httpsrc_teardown);
    }
  for (guint i = 0; i < G_N_ELEMENTS (stop_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/httpsrc/frames/stop/%s", stop_cases[i].name);
      g_test_add (path, HttpsrcFixture, &stop_cases[i], httpsrc_setup, test_stop, httpsrc_teardown);
    }
  return g_test_run ();
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "httpsrc-run.h"

#include <string.h>

/* -- everything arrives, whatever happens on the way -- */

typedef struct
{
  const char *name;
  const char *target;
  guint requests;           /* 0 = any number */
  const char *last_request; /* (nullable) */
} WholeCase;

/* clang-format off */
static const WholeCase whole_cases[] = {
  { "plain", "/data", 1, "GET /data - -" },
  { "no-length", "/data?fault=nolength", 2, "GET /data?fault=nolength bytes=300000- \"v0\"" },
  { "no-length-no-range", "/data?fault=nolength,norange", 1, NULL },
  { "no-length-drop", "/data?fault=nolength,droponce:70000", 0, NULL },
  { "chunked", "/data?fault=chunked", 2, "GET /data?fault=chunked bytes=300000- \"v0\"" },
  { "chunked-no-range", "/data?fault=chunked,norange", 2, NULL },
  { "chunked-no-range-no-etag", "/data?fault=chunked,norange,noetag", 2, NULL },
  { "drop", "/data?fault=drop:70000", 5, "GET /data?fault=drop:70000 bytes=280000- \"v0\"" },
  { "drop-once", "/data?fault=droponce:1", 2, "GET /data?fault=droponce:1 bytes=1- \"v0\"" },
  { "drop-at-0", "/data?fault=droponce:0", 2, NULL },
  { "drop-no-range", "/data?fault=norange,droponce:70000", 2, NULL },
  { "drop-no-validator", "/data?fault=noetag,droponce:70000", 2, NULL },
  { "drop-no-validator-no-range", "/data?fault=noetag,norange,droponce:70000", 2, NULL },
  { "drop-chunked", "/data?fault=chunked,droponce:70000", 2, NULL },
  { "drop-chunked-no-range", "/data?fault=chunked,norange,droponce:70000", 3, NULL },
  { "reset", "/data?fault=resetonce:150000", 2, NULL },
  { "stall", "/data?fault=stall:100000:5000", 2, "GET /data?fault=stall:100000:5000 bytes=100000- \"v0\"" },
  { "stall-at-0", "/data?fault=stall:0:5000", 2, NULL },
  { "slow", "/data?fault=slow:600000", 1, NULL },
  { "redirect", "/data?fault=redirect:9", 10, "GET /data - -" },
  { "status-503-once", "/data?fault=statusonce:503", 2, NULL },
  { "status-502-once", "/data?fault=statusonce:502", 2, NULL },
  { "status-500-once", "/data?fault=statusonce:500", 2, NULL },
  { "refused-at-first", "/data?fault=refusefrom:0:2", 3, NULL },
  { "status-429-once", "/data?fault=statusonce:429,retryafter:0", 2, NULL },
  { "retry-after", "/data?fault=statusonce:503,retryafter:1", 2, NULL },
  { "too-long-length", "/data?fault=long:100", 2, "GET /data?fault=long:100 bytes=300000- \"v0\"" },
  { "broadcast", "/data?fault=broadcast:70000", 0, NULL },
  { "reset-nothing-known", "/data?fault=noetag,norange,chunked,resetonce:5000", 0, NULL },
  { "broadcast-untold", "/data?fault=radio:70000,stallalways:70000:5000", 0, NULL },
  { "redirect-relative", "/data?fault=redirrel", 2, "GET /data - -" },
  { "redirect-host", "/data?fault=redirhost:localhost", 2, "GET /data - -" },
  { "refused-after-drop", "/data?fault=droponce:99999,refusefrom:1:3", 4, NULL },
};
/* clang-format on */

static void
test_whole (HttpsrcFixture *fixture, gconstpointer user_data)
{
  const WholeCase *test = user_data;
  g_autofree char *url = fault_server_url (fixture->server, test->target);
  g_auto (HttpsrcRun) run = { 0 };

  httpsrc_run_init (&run, url);
  g_object_set (run.src, "headers-ms", 20000, NULL);
  httpsrc_run_set_state (&run, GST_STATE_PLAYING);
  httpsrc_run_wait (&run, HTTPSRC_LIMIT_US);
  g_assert_no_error (run.error);
  g_assert_true (run.eos);
  httpsrc_run_assert_bytes (&run, fixture->data, 0);
  g_assert_cmpuint (run.buffered, ==, 1);

  g_autoptr (GPtrArray) requests = fault_server_take_requests (fixture->server);
  if (test->requests > 0)
    g_assert_cmpuint (requests->len, ==, test->requests);
  if (test->last_request != NULL)
    g_assert_cmpstr (g_ptr_array_index (requests, requests->len - 1), ==, test->last_request);
}

/* -- what cannot be helped, and what is said of it -- */

/* How much longer it may take on a busy one. */
#define BUSY 3

typedef struct
{
  const char *name;
  const char *target;
  PlayerErrorType type;
  guint http_status;
  const char *message; /* a part of it */
  guint requests;      /* 0 = any number */
  guint limit_ms;      /* told within, on a machine that has nothing else to do */
  guint bytes;         /* that came before */
} ErrorCase;

/* clang-format off */
static const ErrorCase error_cases[] = {
  { "400", "/data?secret=1&fault=status:400", PLAYER_MEDIA_ERROR_INVALID_REQUEST, 400, "HTTP 400", 1, 500, 0 },
  { "403", "/data?secret=1&fault=status:403", PLAYER_MEDIA_ERROR_INVALID_REQUEST, 403, "HTTP 403", 1, 500, 0 },
  { "404", "/none?secret=1", PLAYER_MEDIA_ERROR_INVALID_REQUEST, 404, "HTTP 404", 1, 500, 0 },
  { "416", "/data?fault=status:416", PLAYER_MEDIA_ERROR_INVALID_REQUEST, 416, "HTTP 416", 1, 500, 0 },
  { "500", "/data?secret=1&fault=status:500", PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR, 500, "HTTP 500", 3, 1000, 0 },
  { "401", "/data?secret=1&fault=status:401", PLAYER_MEDIA_ERROR_INVALID_REQUEST, 401, "HTTP 401", 1, 500, 0 },
  { "410", "/data?secret=1&fault=status:410", PLAYER_MEDIA_ERROR_INVALID_REQUEST, 410, "HTTP 410", 1, 500, 0 },
  { "429", "/data?secret=1&fault=status:429", PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE, 429, "HTTP 429", 3, 1000, 0 },
  { "502", "/data?fault=status:502", PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR, 502, "HTTP 502", 3, 1000, 0 },
  { "503", "/data?fault=status:503", PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE, 503, "HTTP 503", 3, 1000, 0 },
  { "503-come-later", "/data?fault=status:503,retryafter:60", PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE, 503, "HTTP 503", 1, 500, 0 },
  { "504", "/data?fault=status:504", PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR, 504, "HTTP 504", 3, 1000, 0 },
  { "204", "/data?fault=status:204", PLAYER_MEDIA_ERROR_UNKNOWN, 204, "HTTP 204", 1, 500, 0 },
  { "hang", "/data?secret=1&fault=hang", PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE, 0, "no answer within 600 ms", 1, 1200, 0 },
  { "endless-headers", "/data?fault=headers", PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE, 0, "no answer", 1, 1200, 0 },
  { "closed", "/data?secret=1&fault=refuse", PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE, 0, "", 3, 1000, 0 },
  { "redirect-loop", "/data?secret=1&fault=redirloop", PLAYER_MEDIA_ERROR_INVALID_REQUEST, 302, "more than 10 redirects", 11, 1000, 0 },
  { "redirect-too-often", "/data?fault=redirect:11", PLAYER_MEDIA_ERROR_INVALID_REQUEST, 302, "more than 10", 11, 1000, 0 },
  { "redirect-elsewhere", "/data?fault=redirto:ftp", PLAYER_MEDIA_ERROR_INVALID_REQUEST, 302, "neither http nor https", 1, 500, 0 },
  { "stall-for-ever", "/data?secret=1&fault=stallalways:0:60000", PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE, 0, "no data for 300 ms", 0, 2500, 0 },
  { "fast-headers", "/data?fault=fastheaders", PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE, 0, "Header too big", 3, 1500, 0 },
  { "big-header", "/data?fault=bigheader:70000", PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE, 0, "Header too big", 3, 1000, 0 },
  { "encoding", "/data?fault=encoding:gzip", PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR, 0, "Content-Encoding", 1, 500, 0 },
  { "redirect-to-hung", "/data?secret=1&fault=redirhang", PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE, 0, "no answer within 600 ms", 2, 1200, 0 },
  { "wrong-length", "/data?fault=long:100,norange", PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR, 0, "transfer ended at byte", 0, 2500, HTTPSRC_FILE_BYTES },
  { "expired", "/data?secret=1&fault=droponce:5000,statusafter:403", PLAYER_MEDIA_ERROR_INVALID_REQUEST, 403, "HTTP 403 at byte 5000", 2, 1000, 5000 },
  { "gone-404", "/data?fault=droponce:5000,statusafter:404", PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR, 404, "HTTP 404 at byte 5000", 4, 1500, 5000 },
  { "gone-410", "/data?fault=droponce:5000,statusafter:410", PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR, 410, "HTTP 410 at byte 5000", 2, 1000, 5000 },
  { "gone-500", "/data?fault=droponce:5000,statusafter:500", PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR, 500, "HTTP 500 at byte 5000", 0, 2500, 5000 },
  { "gone-503", "/data?fault=droponce:5000,statusafter:503", PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE, 503, "HTTP 503 at byte 5000", 0, 2500, 5000 },
  { "gone-after-drop", "/data?fault=droponce:5000,refusefrom:1:999", PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE, 0, "", 0, 2500, 5000 },
};
/* clang-format on */

static void
test_error (HttpsrcFixture *fixture, gconstpointer user_data)
{
  const ErrorCase *test = user_data;
  g_autofree char *url = fault_server_url (fixture->server, test->target);
  g_auto (HttpsrcRun) run = { 0 };
  gint64 before = g_get_monotonic_time ();

  httpsrc_run_init (&run, url);
  httpsrc_run_set_state (&run, GST_STATE_PLAYING);
  httpsrc_run_wait (&run, HTTPSRC_LIMIT_US);
  g_test_message ("%s", run.error != NULL ? run.error->message : "no error");
  g_assert_cmpint ((g_get_monotonic_time () - before) / 1000, <, BUSY * test->limit_ms);
  g_assert_cmpint (run.error_type, ==, (int)test->type);
  g_assert_cmpuint (run.http_status, ==, test->http_status);
  g_assert_nonnull (strstr (run.error->message, test->message));
  g_assert_cmpuint (run.bytes->len, ==, test->bytes);
  g_assert_cmpuint (run.buffered, ==, 0);

  g_autoptr (GPtrArray) requests = fault_server_take_requests (fixture->server);
  if (test->requests > 0)
    g_assert_cmpuint (requests->len, ==, test->requests);
}

/* -- what has come is valid, the rest cannot be had at that byte -- */

static const WholeCase cut_cases[] = {
  { "changed-etag", "/data?fault=droponce:5000,etag", 2, NULL },
  { "changed-size", "/data?fault=droponce:5000,grow", 2, NULL },
};

static void
test_cut (HttpsrcFixture *fixture, gconstpointer user_data)
{
  const WholeCase *test = user_data;
  g_autofree char *url = fault_server_url (fixture->server, test->target);
  g_autoptr (GBytes) begin = g_bytes_new_from_bytes (fixture->data, 0, 5000);
  g_auto (HttpsrcRun) run = { 0 };

  httpsrc_run_init (&run, url);
  httpsrc_run_set_state (&run, GST_STATE_PLAYING);
  httpsrc_run_wait (&run, HTTPSRC_LIMIT_US);
  g_assert_no_error (run.error);
  g_assert_true (run.eos);
  g_assert_true (run.cut);
  httpsrc_run_assert_bytes (&run, begin, 0);
  g_assert_cmpuint (run.buffered, ==, 0);
  g_autoptr (GPtrArray) requests = fault_server_take_requests (fixture->server);
  g_assert_cmpuint (requests->len, ==, test->requests);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  g_assert_true (player_gst_httpsrc_register ());

  for (guint i = 0; i < G_N_ELEMENTS (whole_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/httpsrc/whole/%s", whole_cases[i].name);
      g_test_add (path, HttpsrcFixture, &whole_cases[i], httpsrc_setup, test_whole,
                  httpsrc_teardown);
    }
  for (guint i = 0; i < G_N_ELEMENTS (error_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/httpsrc/error/%s", error_cases[i].name);
      g_test_add (path, HttpsrcFixture, &error_cases[i], httpsrc_setup, test_error,
                  httpsrc_teardown);
    }
  for (guint i = 0; i < G_N_ELEMENTS (cut_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/httpsrc/cut/%s", cut_cases[i].name);
      g_test_add (path, HttpsrcFixture, &cut_cases[i], httpsrc_setup, test_cut, httpsrc_teardown);
    }
  return g_test_run ();
}

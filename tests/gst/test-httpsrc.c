/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/gst/player-gst-httpsrc.h"

#include "fault-server.h"

#include <string.h>

#define FILE_BYTES 300000
#define RUN_LIMIT_US (15 * G_TIME_SPAN_SECOND)

/* -- one run: seguehttpsrc ! fakesink -- */

typedef struct
{
  GstElement *pipeline; /* (owned) */
  GstElement *src;      /* (unowned) */
  GstElement *sink;     /* (unowned) */
  GByteArray *bytes;    /* (owned) streaming thread until EOS */
  gboolean eos;
  guint buffered; /* messages */
  guint durations;
  int error_type; /* -1 = none */
  guint http_status;
  GError *error; /* (owned) (nullable) */
} Run;

static void
on_handoff (GstElement *sink, GstBuffer *buffer, GstPad *pad, gpointer user_data)
{
  Run *run = user_data;
  GstMapInfo map;
  g_assert_true (gst_buffer_map (buffer, &map, GST_MAP_READ));
  g_byte_array_append (run->bytes, map.data, map.size);
  gst_buffer_unmap (buffer, &map);
}

static void
run_init (Run *run, const char *url)
{
  *run = (Run){ .error_type = -1 };
  run->bytes = g_byte_array_new ();
  run->pipeline = gst_pipeline_new (NULL);
  run->src = gst_element_factory_make (PLAYER_GST_HTTPSRC_NAME, NULL);
  run->sink = gst_element_factory_make ("fakesink", NULL);
  g_object_set (run->src,
                "location", url,
                "stall-ms", 300,
                "give-up-ms", 1500,
                "headers-ms", 600,
                NULL);
  g_object_set (run->sink, "signal-handoffs", TRUE, "sync", FALSE, NULL);
  g_signal_connect (run->sink, "handoff", G_CALLBACK (on_handoff), run);
  gst_bin_add_many (GST_BIN (run->pipeline), run->src, run->sink, NULL);
  g_assert_true (gst_element_link (run->src, run->sink));
}

static void
run_clear (Run *run)
{
  gint64 before = g_get_monotonic_time ();
  gst_element_set_state (run->pipeline, GST_STATE_NULL);
  g_assert_cmpint (g_get_monotonic_time () - before, <, 100 * G_TIME_SPAN_MILLISECOND);
  g_clear_object (&run->pipeline);
  g_clear_pointer (&run->bytes, g_byte_array_unref);
  g_clear_error (&run->error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

static void
run_take_error (Run *run, GstMessage *message)
{
  const GstStructure *details = NULL;
  g_autofree char *debug = NULL;
  g_clear_error (&run->error);
  gst_message_parse_error (message, &run->error, &debug);
  gst_message_parse_error_details (message, &details);
  if (GST_MESSAGE_SRC (message) != GST_OBJECT (run->src))
    return;
  g_assert_nonnull (details);
  g_assert_true (gst_structure_get_int (details, "player-error-type", &run->error_type));
  g_assert_true (gst_structure_get_uint (details, "http-status-code", &run->http_status));
  g_assert_null (strstr (run->error->message, "secret"));
  g_assert_null (strchr (run->error->message, '\n'));
  g_assert_true (debug == NULL || strstr (debug, "secret") == NULL);
}

/* Reads messages until EOS, an error of the source, or @until. */
static void
run_wait (Run *run, gint64 limit_us)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (run->pipeline);
  gint64 deadline = g_get_monotonic_time () + limit_us;

  while (!run->eos && run->error_type < 0 && g_get_monotonic_time () < deadline)
    {
      g_autoptr (GstMessage) message = gst_bus_timed_pop (bus, 20 * GST_MSECOND);
      if (message == NULL)
        continue;
      if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS)
        run->eos = TRUE;
      else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
        run_take_error (run, message);
      else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_DURATION_CHANGED)
        run->durations++;
      else if (gst_message_has_name (message, PLAYER_GST_MESSAGE_BUFFERED))
        run->buffered++;
    }
}

static void
run_play (Run *run)
{
  gint64 before = g_get_monotonic_time ();
  gst_element_set_state (run->pipeline, GST_STATE_PLAYING);
  g_assert_cmpint (g_get_monotonic_time () - before, <, 100 * G_TIME_SPAN_MILLISECOND);
}

/* -- fixture: a server with /data, bytes that tell their place -- */

typedef struct
{
  FaultServer *server;
  GBytes *data;
} Fixture;

static GBytes *
make_data (gsize size)
{
  guint8 *data = g_malloc (size);
  for (gsize i = 0; i < size; i++)
    data[i] = (guint8) ((i * 2654435761u) >> 13);
  return g_bytes_new_take (data, size);
}

static void
setup (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  fixture->server = fault_server_new (NULL, NULL, 0, &error);
  g_assert_no_error (error);
  fixture->data = make_data (FILE_BYTES);
  fault_server_add (fixture->server, "/data", fixture->data);
}

/* No fetch thread may survive its source for long. */
static void
assert_threads_gone (void)
{
  gint64 deadline = g_get_monotonic_time () + 5 * G_TIME_SPAN_SECOND;
  for (;;)
    {
      guint fetching = 0;
      g_autoptr (GDir) tasks = g_dir_open ("/proc/self/task", 0, NULL);
      const char *name;
      while ((name = g_dir_read_name (tasks)) != NULL)
        {
          g_autofree char *path = g_build_filename ("/proc/self/task", name, "comm", NULL);
          g_autofree char *comm = NULL;
          if (g_file_get_contents (path, &comm, NULL, NULL) && g_str_has_prefix (comm, "segue-fetch"))
            fetching++;
        }
      if (fetching == 0)
        return;
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (2000);
    }
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  assert_threads_gone ();
  g_clear_pointer (&fixture->server, fault_server_free);
  g_clear_pointer (&fixture->data, g_bytes_unref);
}

static void
assert_bytes (Run *run, GBytes *expected, gsize from)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (expected, &size);
  g_autofree char *want = g_compute_checksum_for_data (G_CHECKSUM_SHA256, data + from, size - from);
  g_autofree char *got
      = g_compute_checksum_for_data (G_CHECKSUM_SHA256, run->bytes->data, run->bytes->len);
  g_assert_cmpuint (run->bytes->len, ==, size - from);
  g_assert_cmpstr (got, ==, want);
}

/* -- everything arrives, whatever happens on the way -- */

typedef struct
{
  const char *name;
  const char *target;
  guint requests; /* 0 = any number */
  const char *last_request; /* (nullable) */
} WholeCase;

static const WholeCase whole_cases[] = {
  { "plain", "/data", 1, "GET /data - -" },
  { "no-length", "/data?fault=nolength", 1, NULL },
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
  { "refused-after-drop", "/data?fault=droponce:99999,refusefrom:1:3", 4, NULL },
};

static void
test_whole (Fixture *fixture, gconstpointer user_data)
{
  const WholeCase *test = user_data;
  g_autofree char *url = fault_server_url (fixture->server, test->target);
  g_auto (Run) run = { 0 };

  run_init (&run, url);
  run_play (&run);
  run_wait (&run, RUN_LIMIT_US);
  g_assert_no_error (run.error);
  g_assert_true (run.eos);
  assert_bytes (&run, fixture->data, 0);
  g_assert_cmpuint (run.buffered, ==, 1);

  g_autoptr (GPtrArray) requests = fault_server_take_requests (fixture->server);
  if (test->requests > 0)
    g_assert_cmpuint (requests->len, ==, test->requests);
  if (test->last_request != NULL)
    g_assert_cmpstr (g_ptr_array_index (requests, requests->len - 1), ==, test->last_request);
}

/* -- what cannot be helped, and what is said of it -- */

typedef struct
{
  const char *name;
  const char *target;
  PlayerErrorType type;
  guint http_status;
  const char *message; /* a part of it */
  guint requests;      /* 0 = any number */
  guint limit_ms;      /* told within */
  guint bytes;         /* that came before */
} ErrorCase;

static const ErrorCase error_cases[] = {
  { "400", "/data?secret=1&fault=status:400", PLAYER_MEDIA_ERROR_INVALID_REQUEST, 400, "HTTP 400", 1, 500, 0 },
  { "403", "/data?secret=1&fault=status:403", PLAYER_MEDIA_ERROR_INVALID_REQUEST, 403, "HTTP 403", 1, 500, 0 },
  { "404", "/none?secret=1", PLAYER_MEDIA_ERROR_INVALID_REQUEST, 404, "HTTP 404", 1, 500, 0 },
  { "416", "/data?fault=status:416", PLAYER_MEDIA_ERROR_INVALID_REQUEST, 416, "HTTP 416", 1, 500, 0 },
  { "500", "/data?secret=1&fault=status:500", PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR, 500, "HTTP 500", 3, 1000, 0 },
  { "503", "/data?fault=status:503", PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE, 503, "HTTP 503", 0, 2500, 0 },
  { "504", "/data?fault=status:504", PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR, 504, "HTTP 504", 0, 2500, 0 },
  { "204", "/data?fault=status:204", PLAYER_MEDIA_ERROR_UNKNOWN, 204, "HTTP 204", 1, 500, 0 },
  { "hang", "/data?secret=1&fault=hang", PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE, 0, "no answer within 600 ms", 1, 1200, 0 },
  { "endless-headers", "/data?fault=headers", PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE, 0, "no answer", 1, 1200, 0 },
  { "closed", "/data?secret=1&fault=refuse", PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE, 0, "", 3, 1000, 0 },
  { "redirect-loop", "/data?secret=1&fault=redirloop", PLAYER_MEDIA_ERROR_INVALID_REQUEST, 302, "more than 10 redirects", 11, 1000, 0 },
  { "redirect-too-often", "/data?fault=redirect:11", PLAYER_MEDIA_ERROR_INVALID_REQUEST, 302, "more than 10", 11, 1000, 0 },
  { "redirect-elsewhere", "/data?fault=redirto:ftp", PLAYER_MEDIA_ERROR_INVALID_REQUEST, 302, "neither http nor https", 1, 500, 0 },
  { "stall-for-ever", "/data?secret=1&fault=stallalways:0:60000", PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE, 0, "no data for 300 ms", 0, 2500, 0 },
  { "changed-etag", "/data?fault=droponce:5000,etag", PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR, 0, "changed", 2, 1000, 5000 },
  { "changed-size", "/data?fault=droponce:5000,grow", PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR, 0, "changed", 2, 1000, 5000 },
  { "unproven", "/data?fault=noetag,norange,chunked,resetonce:5000", PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR, 0, "cannot go on", 2, 1000, 5000 },
  { "wrong-length", "/data?fault=long:100", PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR, 0, "transfer ended at byte", 0, 2500, FILE_BYTES },
  { "expired", "/data?secret=1&fault=droponce:5000,statusafter:403", PLAYER_MEDIA_ERROR_INVALID_REQUEST, 403, "HTTP 403", 2, 1000, 5000 },
  { "gone-after-drop", "/data?fault=droponce:5000,refusefrom:1:999", PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE, 0, "", 0, 2500, 5000 },
};

static void
test_error (Fixture *fixture, gconstpointer user_data)
{
  const ErrorCase *test = user_data;
  g_autofree char *url = fault_server_url (fixture->server, test->target);
  g_auto (Run) run = { 0 };
  gint64 before = g_get_monotonic_time ();

  run_init (&run, url);
  run_play (&run);
  run_wait (&run, RUN_LIMIT_US);
  g_test_message ("%s", run.error != NULL ? run.error->message : "no error");
  g_assert_cmpint ((g_get_monotonic_time () - before) / 1000, <, test->limit_ms);
  g_assert_cmpint (run.error_type, ==, (int) test->type);
  g_assert_cmpuint (run.http_status, ==, test->http_status);
  g_assert_nonnull (strstr (run.error->message, test->message));
  g_assert_cmpuint (run.bytes->len, ==, test->bytes);
  g_assert_cmpuint (run.buffered, ==, 0);

  g_autoptr (GPtrArray) requests = fault_server_take_requests (fixture->server);
  if (test->requests > 0)
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
      g_test_add (path, Fixture, &whole_cases[i], setup, test_whole, teardown);
    }
  for (guint i = 0; i < G_N_ELEMENTS (error_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/httpsrc/error/%s", error_cases[i].name);
      g_test_add (path, Fixture, &error_cases[i], setup, test_error, teardown);
    }
  return g_test_run ();
}

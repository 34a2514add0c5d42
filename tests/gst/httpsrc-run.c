/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "httpsrc-run.h"

#include <string.h>

/* -- one run: seguehttpsrc ! fakesink -- */

static void
on_handoff (GstElement *sink, GstBuffer *buffer, GstPad *pad, gpointer user_data)
{
  HttpsrcRun *run = user_data;
  GstMapInfo map;
  g_assert_true (gst_buffer_map (buffer, &map, GST_MAP_READ));
  g_byte_array_append (run->bytes, map.data, map.size);
  gst_buffer_unmap (buffer, &map);
}

void
httpsrc_run_init (HttpsrcRun *run, const char *url)
{
  *run = (HttpsrcRun){ .error_type = -1 };
  run->bytes = g_byte_array_new ();
  run->pipeline = gst_pipeline_new (NULL);
  run->src = gst_element_factory_make (PLAYER_GST_HTTPSRC_NAME, NULL);
  run->sink = gst_element_factory_make ("fakesink", NULL);
  g_object_set (run->src, "location", url, "stall-ms", 300, "give-up-ms", 1500, "headers-ms", 600,
                NULL);
  g_object_set (run->sink, "signal-handoffs", TRUE, "sync", FALSE, NULL);
  g_signal_connect (run->sink, "handoff", G_CALLBACK (on_handoff), run);
  gst_bin_add_many (GST_BIN (run->pipeline), run->src, run->sink, NULL);
  g_assert_true (gst_element_link (run->src, run->sink));
}

void
httpsrc_run_clear (HttpsrcRun *run)
{
  gint64 before = g_get_monotonic_time ();
  gst_element_set_state (run->pipeline, GST_STATE_NULL);
  g_assert_cmpint (g_get_monotonic_time () - before, <, HTTPSRC_BUSY_US);
  g_clear_object (&run->pipeline);
  g_clear_pointer (&run->bytes, g_byte_array_unref);
  g_clear_error (&run->error);
}

static void
run_take_error (HttpsrcRun *run, GstMessage *message)
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

static void
run_take_refusal (HttpsrcRun *run, GstMessage *message)
{
  run->refused++;
  g_assert_true (gst_structure_get_uint (gst_message_get_structure (message), "http-status-code",
                                         &run->http_status));
}

/* Reads messages until EOS, an error of the source, or @until. */
void
httpsrc_run_wait (HttpsrcRun *run, gint64 limit_us)
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
      else if (gst_message_has_name (message, PLAYER_GST_MESSAGE_REFUSED))
        run_take_refusal (run, message);
      else if (gst_message_has_name (message, PLAYER_GST_MESSAGE_CUT))
        run->cut = TRUE;
    }
}

void
httpsrc_run_set_state (HttpsrcRun *run, GstState state)
{
  gint64 before = g_get_monotonic_time ();
  gst_element_set_state (run->pipeline, state);
  g_assert_cmpint (g_get_monotonic_time () - before, <, HTTPSRC_BUSY_US);
}

/* -- fixture: a server with /data, bytes that tell their place -- */

GBytes *
httpsrc_make_data (gsize size)
{
  guint8 *data = g_malloc (size);
  for (gsize i = 0; i < size; i++)
    data[i] = (guint8)((i * 2654435761u) >> 13);
  return g_bytes_new_take (data, size);
}

void
httpsrc_setup (HttpsrcFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  fixture->server = fault_server_new (NULL, NULL, 0, &error);
  g_assert_no_error (error);
  fixture->data = httpsrc_make_data (HTTPSRC_FILE_BYTES);
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
          if (g_file_get_contents (path, &comm, NULL, NULL)
              && g_str_has_prefix (comm, "segue-fetch"))
            fetching++;
        }
      if (fetching == 0)
        return;
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (2000);
    }
}

void
httpsrc_teardown (HttpsrcFixture *fixture, gconstpointer data)
{
  assert_threads_gone ();
  g_clear_pointer (&fixture->server, fault_server_free);
  g_clear_pointer (&fixture->data, g_bytes_unref);
}

void
httpsrc_run_assert_bytes (HttpsrcRun *run, GBytes *expected, gsize from)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (expected, &size);
  g_autofree char *want = g_compute_checksum_for_data (G_CHECKSUM_SHA256, data + from, size - from);
  g_autofree char *got
      = g_compute_checksum_for_data (G_CHECKSUM_SHA256, run->bytes->data, run->bytes->len);
  g_assert_cmpuint (run->bytes->len, ==, size - from);
  g_assert_cmpstr (got, ==, want);
}

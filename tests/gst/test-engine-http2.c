/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "http2-server.h"
#include "tests/gst/gst-audio.h"
#include "tests/gst/gst-rig.h"

/* HTTP/2 that goes wrong in the middle of what is heard: not a sample is lost or repeated. */

/* In the middle of a.wav. */
#define MIDDLE 50001

typedef struct
{
  const char *name;
  Http2Fault fault;
  guint faulty;   /* requests */
  guint requests; /* at least */
} Case;

static const Case cases[] = {
  { "no-length", HTTP2_FAULT_NO_LENGTH, 0, 1 },
  { "rst", HTTP2_FAULT_RST, 1, 2 },
  { "rst-no-length", HTTP2_FAULT_RST_NO_LENGTH, 1, 2 },
  { "rst-at-once", HTTP2_FAULT_RST_AT_ONCE, 1, 2 },
  { "goaway", HTTP2_FAULT_GOAWAY, 1, 1 },
  { "goaway-close", HTTP2_FAULT_GOAWAY_CLOSE, 1, 2 },
  { "close", HTTP2_FAULT_CLOSE, 1, 2 },
  { "stall", HTTP2_FAULT_STALL, 1, 2 },
  { "garbage", HTTP2_FAULT_GARBAGE, 1, 2 },
};

static Http2Server *
serve (const Case *test)
{
  g_autofree char *path = gst_rig_path ("a.wav");
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_file (
      g_test_get_filename (G_TEST_BUILT, "gst", "server.pem", NULL), &error);
  char *wav = NULL;
  gsize size = 0;

  g_assert_no_error (error);
  g_file_get_contents (path, &wav, &size, &error);
  g_assert_no_error (error);
  g_autoptr (GBytes) bytes = g_bytes_new_take (wav, size);
  return http2_server_new (certificate, bytes, test->fault, test->faulty, MIDDLE);
}

typedef struct
{
  Http2Server *server;
  GstRig *rig;
  guint64 generation;
} Run;

static void
run_begin (Run *self, const Case *test)
{
  self->server = serve (test);
  self->rig = gst_rig_new_with_sink (NULL);
  g_autofree char *url = http2_server_url (self->server);
  g_autofree char *sink = gst_tap_describe (&self->rig->tap, TRUE);
  PlayerGstEngineOptions options = PLAYER_GST_ENGINE_OPTIONS_INIT;
  options.sink = sink;
  options.ca_file = g_test_get_filename (G_TEST_BUILT, "gst", "ca.pem", NULL);
  gst_rig_start (self->rig, &options);
  self->generation = gst_rig_load (self->rig, url, 0, PLAYER_LOAD_CURRENT);
}

static void
run_end (Run *self, const Case *test)
{
  guint gaps = 0;

  g_test_message ("%s", test->name);
  g_assert_cmpint (gst_rig_wait (self->rig, PLAYER_ENGINE_FINISHED, self->generation)->offset_ms,
                   ==, 558);
  gst_rig_settle (self->rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&self->rig->tap);
  guint at = gst_audio_skip_silence (heard, 0);
  at = gst_audio_assert_heard (heard, at, GST_RIG_FILE_A, 0, GST_RIG_FRAMES_A, &gaps);
  gst_audio_assert_silent_end (heard, at);
  g_assert_cmpuint (http2_server_count_requests (self->server), >=, test->requests);
  gst_rig_free (self->rig);
  http2_server_free (self->server);
}

/* Three at the same time, for most of them wait for a while until nothing comes any more. */
#define AT_ONCE 3

static void
test_faults (gconstpointer data)
{
  const Case *some = data;
  Run runs[AT_ONCE] = { 0 };

  for (guint i = 0; i < AT_ONCE; i++)
    run_begin (&runs[i], &some[i]);
  for (guint i = 0; i < AT_ONCE; i++)
    run_end (&runs[i], &some[i]);
}

static void
add_tests (void)
{
  G_STATIC_ASSERT (G_N_ELEMENTS (cases) % AT_ONCE == 0);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i += AT_ONCE)
    {
      g_autofree char *path = g_strdup_printf ("/engine/http2/%s-and-more", cases[i].name);
      g_test_add_data_func (path, &cases[i], test_faults);
    }
}

int
main (int argc, char **argv)
{
  return gst_rig_main (argc, argv, add_tests);
}

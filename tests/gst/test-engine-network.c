/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "fault-server.h"
#include "tests/gst/gst-audio.h"
#include "tests/gst/gst-rig.h"

/* What a bad network does to what is heard: nothing, or it is said why. a.wav has 98488 bytes, of which
 * the first 44 are no samples. */

#define A GST_RIG_FILE_A
#define FRAMES_LONG 66003

static FaultServer *
serve (void)
{
  g_autofree char *root = gst_rig_path ("");
  g_autoptr (GError) error = NULL;
  FaultServer *server = fault_server_new (root, NULL, 0, &error);

  g_assert_no_error (error);
  return server;
}

/* -- everything is heard, once -- */

static const char *const whole_cases[] = {
  "droponce:50001",
  "drop:30000",
  "droponce:50001,norange",
  "droponce:50001,noetag,norange",
  "droponce:50001,chunked",
  "droponce:50001,chunked,norange",
  "droponce:50001,refusefrom:1:2",
  "resetonce:50001",
  "stall:50001:800",
  "stall:50001:800,norange",
  "slow:400000",
  "long:100",
  "long:100,norange",
  "redirhost:localhost",
  "statusonce:503,retryafter:0",
  "broadcast:50001",
};

/* Until nobody has been connected for longer than the pauses between tries, but for the last ones. */
static void
wait_quiet (GstRig *rig, FaultServer *server)
{
  gint64 since_us = g_get_monotonic_time ();

  while (g_get_monotonic_time () - since_us < 450 * G_TIME_SPAN_MILLISECOND)
    {
      gst_rig_run (rig, 20);
      if (fault_server_count_open (server) > 0)
        since_us = g_get_monotonic_time ();
    }
}

/* It is heard when it has come, so that nothing is late, however slow the machine. */
static void
assert_whole (GstRig *rig, FaultServer *server, const char *url)
{
  player_engine_pause (rig->engine);
  const guint64 a = gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT);
  gst_rig_wait (rig, PLAYER_ENGINE_READY, a);
  wait_quiet (rig, server);
  player_engine_resume (rig->engine);
  g_assert_cmpint (gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, a)->offset_ms, ==, 558);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  guint at = gst_audio_skip_silence (heard, 0);
  at = gst_audio_assert_run (heard, at, A, 0, GST_RIG_FRAMES_A);
  gst_audio_assert_silent_end (heard, at);
  g_assert_cmpuint (gst_rig_count (rig, PLAYER_ENGINE_UNDERRUN, a), ==, 0);
}

static void
test_whole (gconstpointer faults)
{
  g_autoptr (FaultServer) server = serve ();
  g_autofree char *path = g_strdup_printf ("/a.wav?fault=%s", (const char *)faults);
  g_autofree char *url = fault_server_url (server, path);
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);

  assert_whole (rig, server, url);
}

/* A length too short is the length: what lies behind it is not part of the answer. */
static void
test_too_short (void)
{
  g_autoptr (FaultServer) server = serve ();
  g_autofree char *url = fault_server_url (server, "/a.wav?fault=short:4000");
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  const guint64 a = gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT);

  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, a);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  guint at = gst_audio_skip_silence (heard, 0);
  at = gst_audio_assert_run (heard, at, A, 0, GST_RIG_FRAMES_A - 1000);
  gst_audio_assert_silent_end (heard, at);
}

/* -- what cannot be helped -- */

typedef struct
{
  const char *path;
  PlayerErrorType type;
  const char *message;
  guint heard; /* frames before it */
} FailureCase;

static const FailureCase failure_cases[] = {
  { "/a.wav?fault=status:400", PLAYER_MEDIA_ERROR_INVALID_REQUEST, "HTTP 400", 0 },
  { "/a.wav?fault=status:401", PLAYER_MEDIA_ERROR_INVALID_REQUEST, "HTTP 401", 0 },
  { "/a.wav?fault=status:403", PLAYER_MEDIA_ERROR_INVALID_REQUEST, "HTTP 403", 0 },
  { "/a.wav?fault=status:404", PLAYER_MEDIA_ERROR_INVALID_REQUEST, "HTTP 404", 0 },
  { "/a.wav?fault=status:410", PLAYER_MEDIA_ERROR_INVALID_REQUEST, "HTTP 410", 0 },
  { "/a.wav?fault=status:416", PLAYER_MEDIA_ERROR_INVALID_REQUEST, "HTTP 416", 0 },
  { "/a.wav?fault=status:429", PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE, "HTTP 429", 0 },
  { "/a.wav?fault=status:500", PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR, "HTTP 500", 0 },
  { "/a.wav?fault=status:502", PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR, "HTTP 502", 0 },
  { "/a.wav?fault=status:503", PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE, "HTTP 503", 0 },
  { "/a.wav?fault=status:504", PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR, "HTTP 504", 0 },
  { "/a.wav?fault=refuse", PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE, NULL, 0 },
  { "/a.wav?fault=fastheaders", PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE, "Header too big", 0 },
  { "/a.wav?fault=redirloop", PLAYER_MEDIA_ERROR_INVALID_REQUEST, "more than 10 redirects", 0 },
  { "/long.wav?fault=droponce:220044,statusafter:403", PLAYER_MEDIA_ERROR_INVALID_REQUEST,
    "HTTP 403 at byte 220044", 55000 },
  { "/long.wav?fault=droponce:220044,statusafter:404", PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR,
    "HTTP 404 at byte 220044", 55000 },
  { "/long.wav?fault=droponce:220044,statusafter:410", PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR,
    "HTTP 410 at byte 220044", 55000 },
};

/* What has come is heard to the last frame, then it is said. */
static void
test_failure (gconstpointer data)
{
  const FailureCase *test = data;
  g_autoptr (FaultServer) server = serve ();
  g_autofree char *url = fault_server_url (server, test->path);
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  const guint64 a = gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT);

  const PlayerEngineEvent *failed = gst_rig_wait (rig, PLAYER_ENGINE_FAILED, a);
  g_assert_cmpint (failed->error_type, ==, test->type);
  g_assert_cmpint (failed->offset_ms, ==, (test->heard * (gint64)1000 + 22050) / 44100);
  if (test->message != NULL)
    g_assert_cmpstr (g_ptr_array_index (rig->errors, 0), ==, test->message);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  guint at = gst_audio_skip_silence (heard, 0);
  if (test->heard > 0)
    at = gst_audio_assert_run (heard, at, A, 0, test->heard);
  gst_audio_assert_silent_end (heard, at);
}

/* -- whoever hangs holds nobody up -- */

static const char *const hung_cases[]
    = { "hang", "headers", "stallalways:0:60000", "stallalways:20000:60000", "redirhang" };

#define QUICK_US (100 * G_TIME_SPAN_MILLISECOND)
/* A busy machine may hold a call up, too: the best of so many counts. */
#define TRIES 5

typedef enum
{
  QUICK_STOP,
  QUICK_PLAY,
  QUICK_END,
  N_QUICK,
} Quick;

static void
note_time (gint64 *best_us, gint64 since_us)
{
  *best_us = MIN (*best_us, g_get_monotonic_time () - since_us);
}

/* Stop, another stream, and the end of it all, while a server holds on to what plays or comes next. */
static void
hang_and_go_on (FaultServer *server, const char *hung, gint64 *best_us)
{
  g_autofree char *good = fault_server_url (server, "/a.wav");
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);

  gst_rig_load (rig, hung, 0, PLAYER_LOAD_CURRENT);
  gst_rig_run (rig, 150);
  gint64 before_us = g_get_monotonic_time ();
  player_engine_stop (rig->engine);
  note_time (&best_us[QUICK_STOP], before_us);
  gst_rig_load (rig, hung, 0, PLAYER_LOAD_CURRENT);
  gst_rig_run (rig, 100);
  before_us = g_get_monotonic_time ();
  const guint64 a = gst_rig_load (rig, good, 0, PLAYER_LOAD_CURRENT);
  note_time (&best_us[QUICK_PLAY], before_us);
  gst_rig_wait (rig, PLAYER_ENGINE_STARTED, a);
  gst_rig_load (rig, hung, 0, PLAYER_LOAD_NEXT);
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, a);
  before_us = g_get_monotonic_time ();
  g_clear_object (&rig->engine);
  note_time (&best_us[QUICK_END], before_us);
  g_autofree char *sink = gst_tap_describe (&rig->tap, TRUE);
  PlayerGstEngineOptions options = PLAYER_GST_ENGINE_OPTIONS_INIT;
  options.sink = sink;
  gst_rig_start (rig, &options);
}

static void
test_hung (gconstpointer faults)
{
  g_autoptr (FaultServer) server = serve ();
  g_autofree char *path = g_strdup_printf ("/c.wav?fault=%s", (const char *)faults);
  g_autofree char *hung = fault_server_url (server, path);
  gint64 best_us[N_QUICK] = { G_MAXINT64, G_MAXINT64, G_MAXINT64 };

  for (guint i = 0;
       i < TRIES && (i == 0 || MAX (MAX (best_us[0], best_us[1]), best_us[2]) > QUICK_US); i++)
    hang_and_go_on (server, hung, best_us);
  for (guint i = 0; i < N_QUICK; i++)
    g_assert_cmpint (best_us[i], <=, QUICK_US);
}

/* -- https, by a CA that only the configuration names -- */

static void
test_ca_file (gconstpointer trusted)
{
  g_autofree char *root = gst_rig_path ("");
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_file (
      g_test_get_filename (G_TEST_BUILT, "gst", "server.pem", NULL), &error);
  g_assert_no_error (error);
  g_autoptr (FaultServer) server = fault_server_new (root, certificate, 0, &error);
  g_assert_no_error (error);
  g_autofree char *url = fault_server_url (server, "/a.wav?fault=droponce:50001");
  g_autoptr (GstRig) rig = gst_rig_new_with_sink (NULL);
  g_autofree char *sink = gst_tap_describe (&rig->tap, TRUE);
  PlayerGstEngineOptions options = PLAYER_GST_ENGINE_OPTIONS_INIT;

  options.sink = sink;
  if (trusted != NULL)
    options.ca_file = g_test_get_filename (G_TEST_BUILT, "gst", "ca.pem", NULL);
  gst_rig_start (rig, &options);
  if (trusted != NULL)
    {
      assert_whole (rig, server, url);
      return;
    }
  const guint64 a = gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT);
  g_assert_cmpint (gst_rig_wait (rig, PLAYER_ENGINE_FAILED, a)->error_type, ==,
                   PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE);
  g_assert_cmpstr (g_ptr_array_index (rig->errors, 0), ==,
                   "TLS: certificate is not signed by a trusted authority");
}

static void
add_tests (void)
{
  g_autofree char *name = gst_rig_path ("long.wav");

  gst_audio_write_wav (name, A, FRAMES_LONG, 44100);
  for (guint i = 0; i < G_N_ELEMENTS (whole_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/engine/network/whole/%s", whole_cases[i]);
      g_test_add_data_func (path, whole_cases[i], test_whole);
    }
  for (guint i = 0; i < G_N_ELEMENTS (failure_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/engine/network/failure%s", failure_cases[i].path);
      g_test_add_data_func (path, &failure_cases[i], test_failure);
    }
  for (guint i = 0; i < G_N_ELEMENTS (hung_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/engine/network/hung/%s", hung_cases[i]);
      g_test_add_data_func (path, hung_cases[i], test_hung);
    }
  g_test_add_func ("/engine/network/too-short", test_too_short);
  g_test_add_data_func ("/engine/network/tls/trusted", "trusted", test_ca_file);
  g_test_add_data_func ("/engine/network/tls/unknown", NULL, test_ca_file);
}

int
main (int argc, char **argv)
{
  return gst_rig_main (argc, argv, add_tests);
}

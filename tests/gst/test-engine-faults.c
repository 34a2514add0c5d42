/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "fault-server.h"
#include "tests/gst/gst-audio.h"
#include "tests/gst/gst-rig.h"

/* Servers that misbehave. */

#define A GST_RIG_FILE_A
#define C GST_RIG_FILE_C

static FaultServer *
serve (void)
{
  g_autofree char *root = gst_rig_path ("");
  g_autoptr (GError) error = NULL;
  FaultServer *server = fault_server_new (root, NULL, 0, &error);

  g_assert_no_error (error);
  return server;
}

static void
test_http (gconstpointer data)
{
  static const gint64 offsets_ms[] = { 0, 1, 500, 1234, 10007 };
  g_autoptr (FaultServer) server = serve ();
  g_autofree char *url = fault_server_url (server, data);

  for (guint i = 0; i < G_N_ELEMENTS (offsets_ms); i++)
    {
      g_autoptr (GstRig) rig = gst_rig_new (TRUE);
      const guint64 c = gst_rig_load (rig, url, offsets_ms[i], PLAYER_LOAD_CURRENT);

      gst_rig_assert_start (rig, c, C, offsets_ms[i]);
    }
}

static void
test_bad_next (void)
{
  g_autoptr (FaultServer) server = serve ();
  g_autofree char *url = fault_server_url (server, "/a.flac");
  g_autofree char *gone = fault_server_url (server, "/a.flac?fault=status:404");
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  const guint64 a = gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT);
  const guint64 bad = gst_rig_load (rig, gone, 0, PLAYER_LOAD_NEXT);

  const PlayerEngineEvent *failed = gst_rig_wait (rig, PLAYER_ENGINE_FAILED, bad);
  g_assert_cmpint (failed->error_type, ==, PLAYER_MEDIA_ERROR_INVALID_REQUEST);
  g_assert_cmpint (failed->offset_ms, ==, 0);
  g_assert_cmpstr (g_ptr_array_index (rig->errors, 0), ==, "HTTP 404");
  g_assert_cmpuint (gst_rig_count (rig, PLAYER_ENGINE_FINISHED, a), ==, 0);
  const guint64 again = gst_rig_load (rig, url, 0, PLAYER_LOAD_NEXT);
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, a);
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, again);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  guint at = gst_audio_skip_silence (heard, 0);
  at = gst_audio_assert_run (heard, at, A, 0, GST_RIG_FRAMES_A);
  at = gst_audio_assert_run (heard, at, A, 0, GST_RIG_FRAMES_A);
  gst_audio_assert_silent_end (heard, at);
}

static void
test_hung (void)
{
  g_autoptr (FaultServer) server = serve ();
  g_autofree char *hung = fault_server_url (server, "/a.flac?fault=hang");
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);

  for (guint i = 0; i < 4; i++)
    {
      const guint64 load = gst_rig_load (rig, hung, 100 * i, PLAYER_LOAD_CURRENT);
      gst_rig_run (rig, 50);
      const gint64 before_us = g_get_monotonic_time ();
      if (i % 2 == 0)
        player_engine_stop (rig->engine);
      else
        player_engine_unload (rig->engine, load);
      g_assert_cmpint (g_get_monotonic_time () - before_us, <, 100000);
    }
  g_assert_cmpuint (rig->events->len, ==, 0);
}

static void
test_failures (void)
{
  static const struct
  {
    const char *url; /* NULL: the server's */
    const char *path;
    PlayerErrorType type;
  } cases[] = {
    { NULL, "/a.flac?fault=status:403", PLAYER_MEDIA_ERROR_INVALID_REQUEST },
    { NULL, "/a.flac?fault=status:500", PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR },
    { NULL, "/text", PLAYER_MEDIA_ERROR_INVALID_REQUEST },
    { "file:///nowhere/at/all.flac", NULL, PLAYER_MEDIA_ERROR_INVALID_REQUEST },
    { "gopher://example/a", NULL, PLAYER_MEDIA_ERROR_INVALID_REQUEST },
  };
  g_autoptr (FaultServer) server = serve ();
  g_autofree char *text = gst_rig_path ("text");

  g_assert_true (g_file_set_contents (text, "nothing to be heard here\n", -1, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GstRig) rig = gst_rig_new (TRUE);
      g_autofree char *url = cases[i].url != NULL ? g_strdup (cases[i].url)
                                                  : fault_server_url (server, cases[i].path);
      const guint64 load = gst_rig_load (rig, url, i % 2 * 100, PLAYER_LOAD_CURRENT);

      g_assert_cmpint (gst_rig_wait (rig, PLAYER_ENGINE_FAILED, load)->error_type, ==,
                       cases[i].type);
      g_assert_cmpuint (rig->events->len, ==, 1);
    }
}

/* What has arrived is played, the rest is missed, all of it is played in the end. */
static void
test_underrun (void)
{
  g_autoptr (FaultServer) server = serve ();
  g_autofree char *url = fault_server_url (server, "/c.wav?fault=stall:200000:2500");
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  const guint64 c = gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT);

  const gint64 dry_ms = gst_rig_wait (rig, PLAYER_ENGINE_UNDERRUN, c)->offset_ms;
  g_assert_cmpint (gst_rig_wait (rig, PLAYER_ENGINE_REFILLED, c)->offset_ms, ==, dry_ms);
  gst_rig_run (rig, 300);
  player_engine_stop (rig->engine);
  gst_rig_run (rig, 50);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  const guint begin = gst_audio_skip_silence (heard, 0);
  const guint dry = gst_audio_follow (heard, begin, C, 0);
  const guint n = dry - begin;
  g_assert_cmpint (dry_ms, ==, (n * (gint64)1000 + 22050) / 44100);
  const guint back = gst_audio_skip_silence (heard, dry);
  g_assert_cmpuint (back - dry, >, 1323);
  gst_audio_assert_run (heard, gst_audio_assert_fade (heard, back, C, n, 441, FALSE), C, n + 441,
                        n + 8000);
  g_assert_cmpuint (gst_rig_count (rig, PLAYER_ENGINE_UNDERRUN, c), ==, 1);
}

/* Neither length nor seeks: what lies before the offset is decoded and dropped. */
static void
test_unseekable (gconstpointer data)
{
  static const gint64 offsets_ms[] = { 0, 500, 2345 };
  g_autoptr (FaultServer) server = serve ();
  g_autofree char *url = fault_server_url (server, data);

  for (guint i = 0; i < G_N_ELEMENTS (offsets_ms); i++)
    {
      g_autoptr (GstRig) rig = gst_rig_new (TRUE);
      const guint64 c = gst_rig_load (rig, url, offsets_ms[i], PLAYER_LOAD_CURRENT);

      gst_rig_assert_start (rig, c, C, offsets_ms[i]);
    }
}

/* While a seek is under way the position is the old or the new one, and the duration stays. */
static void
test_seek_position (gconstpointer data)
{
  g_autoptr (FaultServer) server = serve ();
  g_autofree char *url = fault_server_url (server, data);
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  const guint64 c = gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT);

  gst_rig_wait_frames (rig, 8820);
  gst_rig_wait (rig, PLAYER_ENGINE_DURATION, c);
  player_engine_seek (rig->engine, c, 9000);
  for (guint i = 0; i < 300; i++)
    {
      const gint64 position = gst_rig_get_position_ms (rig, c);

      g_assert_true ((position >= 100 && position < 3000) || position >= 9000);
      if (gst_rig_find (rig, PLAYER_ENGINE_SEEKED, c) != NULL)
        g_assert_cmpint (position, >=, 9000);
      gst_rig_run (rig, 1);
    }
  g_assert_cmpint (gst_rig_wait (rig, PLAYER_ENGINE_SEEKED, c)->offset_ms, ==, 9000);
  g_assert_cmpint (gst_rig_find (rig, PLAYER_ENGINE_DURATION, c)->duration_ms, ==, 16000);
  g_assert_cmpuint (gst_rig_count (rig, PLAYER_ENGINE_DURATION, c), ==, 1);
}

static void
test_bad_sink (void)
{
  PlayerGstEngineOptions options = PLAYER_GST_ENGINE_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;

  options.sink = "nosuchsink";
  g_autoptr (PlayerEngine) engine = player_gst_engine_new (&options, &error);

  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_null (engine);
}

static void
add_tests (void)
{
  g_test_add_data_func ("/engine/http/flac", "/c.flac", test_http);
  g_test_add_data_func ("/engine/http/wav", "/c.wav", test_http);
  g_test_add_data_func ("/engine/http/nolength", "/c.flac?fault=nolength,norange", test_unseekable);
  g_test_add_data_func ("/engine/http/chunked", "/c.wav?fault=chunked,norange", test_unseekable);
  g_test_add_data_func ("/engine/http/norange", "/c.wav?fault=norange", test_unseekable);
  g_test_add_data_func ("/engine/http/seek/flac", "/c.flac", test_seek_position);
  g_test_add_data_func ("/engine/http/seek/wav", "/c.wav", test_seek_position);
  g_test_add_func ("/engine/fault/bad-next", test_bad_next);
  g_test_add_func ("/engine/fault/hung", test_hung);
  g_test_add_func ("/engine/fault/failures", test_failures);
  g_test_add_func ("/engine/fault/underrun", test_underrun);
  g_test_add_func ("/engine/fault/bad-sink", test_bad_sink);
}

int
main (int argc, char **argv)
{
  return gst_rig_main (argc, argv, add_tests);
}

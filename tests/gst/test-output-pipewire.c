/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "config.h"

#include <math.h>

#include "tests/gst/gst-audio.h"
#include "tests/gst/gst-pipewire-server.h"
#include "tests/gst/gst-rig.h"

/* A real PipeWire: what the monitor of its null sink has is what is heard. */

#define C GST_RIG_FILE_C
#define RATE GST_PIPEWIRE_SERVER_RATE
#define FADE 441
#define ATTEMPTS 5
/* Long cycles are not missed by a busy machine; the usual ones are what the position is made for. */
#define LONG_QUANTUM 2048
#define QUANTUM 1024
/* On a machine that stays busy the ear is late, by less than half a cycle: then that is all that can be said. */
#define LATE_MS 12.0

/* How far what is told may be from what is heard. PipeWire's own sink keeps one distance as long as it
 * plays, but does not tell it, and a cycle more whenever a block came too late. What pulsesink tells there
 * swings to and fro, the more the busier the machine is. */
typedef struct
{
  const char *sink;
  double median_ms;
} Case;

static const Case cases[] = {
#ifdef SEGUE_PIPEWIRE
  { "pipewire", 1.0 },
#endif
  { "pipewiresink", 80.0 },
  { "pulsesink", 150.0 },
};

static GstPipewireServer *
serve (guint quantum)
{
  g_autofree char *directory = gst_rig_path ("home");

  return gst_pipewire_server_new (directory, quantum);
}

static GstRig *
rig_with (const char *sink)
{
  PlayerGstEngineOptions options = PLAYER_GST_ENGINE_OPTIONS_INIT;
  GstRig *rig = gst_rig_new_with_sink (NULL);

  options.sink = sink;
  options.buffer_ms = 200; /* whatever else the machine does */
  gst_rig_start (rig, &options);
  return rig;
}

static void
wait_heard (GstRig *rig, GstPipewireServer *server, guint more)
{
  const gint64 deadline = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  const guint until = gst_pipewire_server_count (server) + more;

  while (gst_pipewire_server_count (server) < until)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      gst_rig_run (rig, 10);
    }
}

/* All that sounds: a busy machine hears silences of its own, and no frame of the files is silent.
 * (transfer full) (element-type guint32) */
static GArray *
dup_sounding (GstPipewireServer *server)
{
  g_autoptr (GArray) heard = gst_pipewire_server_dup_heard (server);
  GArray *sounding = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; i < heard->len; i++)
    if (g_array_index (heard, guint32, i) != 0)
      g_array_append_val (sounding, g_array_index (heard, guint32, i));
  return sounding;
}

/* FALSE: not all was heard. */
static gboolean
try_whole (const Case *c, gboolean last)
{
  g_autoptr (GstPipewireServer) server = serve (LONG_QUANTUM);
  g_autoptr (GstRig) rig = rig_with (c->sink);
  const guint64 a = gst_rig_load_file (rig, "a.flac");
  g_autofree char *url = gst_rig_url ("b.wav");
  const guint64 b = gst_rig_load (rig, url, 0, PLAYER_LOAD_NEXT);

  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, a);
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, b);
  wait_heard (rig, server, RATE / 4);
  if (!last && !gst_pipewire_server_is_whole (server))
    return FALSE;
  g_autoptr (GArray) heard = dup_sounding (server);
  guint at = 0;
  at = gst_audio_assert_run (heard, at, GST_RIG_FILE_A, 0, GST_RIG_FRAMES_A);
  at = gst_audio_assert_run (heard, at, GST_RIG_FILE_B, 0, GST_RIG_FRAMES_B);
  g_assert_cmpuint (at, ==, heard->len);
  return TRUE;
}

/* One after the other, and whole. */
static void
test_whole (gconstpointer data)
{
  for (guint i = 1; !try_whole (data, i == ATTEMPTS); i++)
    g_test_message ("the ear has missed something");
}

static gboolean
try_pause (const Case *c, gboolean last)
{
  g_autoptr (GstPipewireServer) server = serve (LONG_QUANTUM);
  g_autoptr (GstRig) rig = rig_with (c->sink);
  const guint64 g = gst_rig_load_file (rig, "c.flac");

  gst_rig_wait_position_ms (rig, g, 400);
  player_engine_pause (rig->engine);
  const gint64 paused_ms = gst_rig_find (rig, PLAYER_ENGINE_SILENCED, g)->offset_ms;
  wait_heard (rig, server, RATE / 2);
  g_assert_cmpint (gst_rig_get_position_ms (rig, g), ==, paused_ms);
  player_engine_resume (rig->engine);
  g_assert_cmpint (gst_rig_get_position_ms (rig, g), ==, paused_ms);
  gst_rig_wait_position_ms (rig, g, paused_ms + 400);
  wait_heard (rig, server, RATE / 4);
  if (!last && !gst_pipewire_server_is_whole (server))
    return FALSE;
  g_autoptr (GArray) heard = dup_sounding (server);
  guint at = 0;
  const guint end = gst_audio_find_fade (heard, at, C, 0, FADE);
  const guint n = end - at;
  at = gst_audio_assert_fade (heard, end, C, n, FADE, TRUE);
  g_assert_cmpint (paused_ms, ==, ((n + FADE) * (gint64)1000 + RATE / 2) / RATE);
  gst_audio_assert_run (heard, gst_audio_assert_fade (heard, at, C, n + FADE, FADE, FALSE), C,
                        n + 2 * FADE, n + 2 * FADE + 8000);
  return TRUE;
}

/* Paused at the very sample that is said, and gone on with it. */
static void
test_pause (gconstpointer data)
{
  for (guint i = 1; !try_pause (data, i == ATTEMPTS); i++)
    g_test_message ("the ear has missed something");
}

typedef struct
{
  gint64 time_us;
  gint64 position_us;
} Told;

static int
compare_errors (gconstpointer a, gconstpointer b)
{
  const double x = *(const double *)a;
  const double y = *(const double *)b;

  return (x > y) - (x < y);
}

/* Told − heard, in ms, in order. (transfer full) */
static GArray *
dup_errors (GstPipewireServer *server, GArray *told)
{
  g_autoptr (GArray) heard = gst_pipewire_server_dup_heard (server);
  GArray *errors = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < told->len; i++)
    {
      const Told *one = &g_array_index (told, Told, i);
      const double frame = gst_pipewire_server_find_frame (server, one->time_us);
      const guint at = (guint)frame;

      g_assert_cmpuint (at, <, heard->len);
      const guint32 code = g_array_index (heard, guint32, at);
      const guint place = (code & 0xffff) | (code >> 16 & 0xff) << 16;
      const double error_ms = (double)one->position_us / 1000 - (place + frame - at) * 1000 / RATE;
      if (code >> 24 == C)
        g_array_append_val (errors, error_ms);
    }
  g_assert_cmpuint (errors->len, >, told->len / 2);
  g_array_sort (errors, compare_errors);
  return errors;
}

static gboolean
try_position (const Case *c, gboolean last)
{
  g_autoptr (GstPipewireServer) server = serve (QUANTUM);
  g_autoptr (GstRig) rig = rig_with (c->sink);
  g_autoptr (GArray) told = g_array_new (FALSE, FALSE, sizeof (Told));
  const guint64 g = gst_rig_load_file (rig, "c.flac");
  gint64 last_us = 0;

  gst_rig_wait_position_ms (rig, g, 500);
  while (last_us < 3500000)
    {
      Told one = { g_get_monotonic_time (), 0 };
      one.position_us = player_engine_get_position_us (rig->engine, g);
      const gint64 took_us = g_get_monotonic_time () - one.time_us;
      g_assert_cmpint (one.position_us, >=, last_us);
      last_us = one.position_us;
      if (took_us < 200)
        g_array_append_val (told, one);
      gst_rig_run (rig, 17);
    }
  wait_heard (rig, server, RATE / 2);
  if (!last && !gst_pipewire_server_is_whole (server))
    return FALSE;
  g_autoptr (GArray) errors = dup_errors (server, told);
  const double median_ms = g_array_index (errors, double, errors->len / 2);
  const double least_ms = g_array_index (errors, double, 0);
  const double most_ms = g_array_index (errors, double, errors->len - 1);
  g_test_message ("told - heard: median %.3f ms, %.3f to %.3f ms, %u times", median_ms, least_ms,
                  most_ms, errors->len);
  if (!last && fabs (median_ms) > c->median_ms)
    return FALSE;
  g_assert_cmpfloat (fabs (median_ms), <=, MAX (c->median_ms, LATE_MS));
  return TRUE;
}

/* What is said is about what is heard, and never runs backwards. */
static void
test_position (gconstpointer data)
{
  for (guint i = 1; !try_position (data, i == ATTEMPTS); i++)
    g_test_message ("the ear has missed something");
}

static void
add_tests (void)
{
  g_autofree char *directory = gst_rig_path ("home");

  gst_pipewire_server_set_environment (directory);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *whole = g_strdup_printf ("/output/pipewire/%s/whole", cases[i].sink);
      g_autofree char *pause = g_strdup_printf ("/output/pipewire/%s/pause", cases[i].sink);
      g_autofree char *position = g_strdup_printf ("/output/pipewire/%s/position", cases[i].sink);

      g_test_add_data_func (whole, &cases[i], test_whole);
      g_test_add_data_func (pause, &cases[i], test_pause);
      g_test_add_data_func (position, &cases[i], test_position);
    }
}

int
main (int argc, char **argv)
{
  return gst_rig_main (argc, argv, add_tests);
}

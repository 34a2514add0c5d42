/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "tests/gst/gst-audio.h"
#include "tests/gst/gst-rig.h"
#include "tests/gst/gst-rooms.h"

/* A real snapserver, and two snapclients whose sound is kept. */

#define RATE 48000
#define FRAMES_D (RATE * 5 / 2)
#define FRAMES_E (RATE * 3 / 2)
#define D 4
#define E 5
#define LONG 6
#define FRAMES_LONG (RATE * 7)
/* What snapclient's file player takes for the way from its file to the ear. */
#define PLAYER_US 10000

static void
make_audio (void)
{
  g_autofree char *d = gst_rig_path ("d.wav");
  g_autofree char *e = gst_rig_path ("e.wav");
  g_autofree char *lengthy = gst_rig_path ("long.wav");

  gst_audio_write_wav (d, D, FRAMES_D, RATE);
  gst_audio_write_wav (e, E, FRAMES_E, RATE);
  gst_audio_write_wav (lengthy, LONG, FRAMES_LONG, RATE);
}

static GstRig *
play_in (GstRooms *rooms, guint buffer_ms)
{
  g_autofree char *address = gst_rooms_dup_address (rooms);
  PlayerGstEngineOptions options = PLAYER_GST_ENGINE_OPTIONS_INIT;
  GstRig *rig = gst_rig_new_with_sink (NULL);

  options.snapcast_address = address;
  options.snapcast_buffer_ms = buffer_ms;
  gst_rig_start (rig, &options);
  return rig;
}

static GstRooms *
open_rooms (void)
{
  GstRooms *rooms = gst_rooms_new ();

  gst_rooms_start_server (rooms);
  gst_rooms_start_clients (rooms);
  return rooms;
}

static guint
find_frame (GArray *heard, guint at, guint file, guint index)
{
  while (at < heard->len && g_array_index (heard, guint32, at) != gst_audio_code (file, index))
    at++;
  return at;
}

/* Whether frames @from … @to - 1 of @file lie at @at, which is moved behind them. */
static gboolean
hears (GArray *heard, guint *at, guint file, guint from, guint to)
{
  const guint end = *at < heard->len ? gst_audio_follow (heard, *at, file, from) : *at;

  *at += to - from;
  return end >= *at;
}

/* A snapclient that does not get the processor in time leaves out what it should have played: on a
 * busy machine it may take more than one try to hear all in both rooms. */
static void
try_until (gboolean (*try) (void))
{
  for (guint i = 0; !try (); i++)
    {
      g_test_message ("not all was heard");
      g_assert_cmpuint (i, <, 4);
    }
}

/* Every frame of both, once, in order, with nothing between; the same in each room. */
static gboolean
try_rooms (void)
{
  g_autoptr (GstRooms) rooms = open_rooms ();
  g_autoptr (GstRig) rig = play_in (rooms, 1000);
  g_autofree char *d = gst_rig_url ("d.wav");
  g_autofree char *e = gst_rig_url ("e.wav");
  const gint64 before_us = g_get_monotonic_time ();
  const guint64 first = gst_rig_load (rig, d, 0, PLAYER_LOAD_CURRENT);
  const guint64 second = gst_rig_load (rig, e, 0, PLAYER_LOAD_NEXT);

  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, first);
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, second);
  /* the end is said when it has been heard */
  g_assert_cmpint (g_get_monotonic_time () - before_us, >, 4900000);
  gst_rig_run (rig, 300);
  for (guint i = 0; i < GST_ROOMS; i++)
    {
      g_autoptr (GArray) heard = gst_rooms_dup_frames (rooms, i);
      guint at = find_frame (heard, 0, D, 1) - 1;

      if (!hears (heard, &at, D, 0, FRAMES_D) || !hears (heard, &at, E, 0, FRAMES_E))
        return FALSE;
      gst_audio_assert_silent_end (heard, at);
    }
  return TRUE;
}

static void
test_rooms (void)
{
  try_until (try_rooms);
}

/* A pause: heard up to a frame, and on from there; nothing is lost between. */
static gboolean
try_pause (void)
{
  g_autoptr (GstRooms) rooms = open_rooms ();
  g_autoptr (GstRig) rig = play_in (rooms, 1000);
  g_autofree char *d = gst_rig_url ("d.wav");
  const guint64 track = gst_rig_load (rig, d, 0, PLAYER_LOAD_CURRENT);

  gst_rig_wait (rig, PLAYER_ENGINE_STARTED, track);
  gst_rig_run (rig, 700);
  player_engine_pause (rig->engine);
  const gint64 paused_ms = gst_rig_wait (rig, PLAYER_ENGINE_SILENCED, track)->offset_ms;
  gst_rig_run (rig, 2500);
  g_assert_cmpint (gst_rig_get_position_ms (rig, track), ==, paused_ms);
  player_engine_resume (rig->engine);
  g_assert_cmpint (gst_rig_wait (rig, PLAYER_ENGINE_RESUMED, track)->offset_ms, ==, paused_ms);
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, track);
  gst_rig_run (rig, 300);
  for (guint i = 0; i < GST_ROOMS; i++)
    {
      const guint paused = (guint)paused_ms * (RATE / 1000);
      g_autoptr (GArray) heard = gst_rooms_dup_frames (rooms, i);
      guint at = find_frame (heard, 0, D, 1) - 1;

      /* up to the fade-out, and from the end of the fade-in */
      if (!hears (heard, &at, D, 0, paused - RATE / 50))
        return FALSE;
      at = find_frame (heard, at + RATE / 50, D, paused + RATE / 50);
      if (!hears (heard, &at, D, paused + RATE / 50, FRAMES_D))
        return FALSE;
      gst_audio_assert_silent_end (heard, at);
    }
  return TRUE;
}

static void
test_pause (void)
{
  try_until (try_pause);
}

static int
compare_us (gconstpointer a, gconstpointer b)
{
  const gint64 x = *(const gint64 *)a;
  const gint64 y = *(const gint64 *)b;

  return x < y ? -1 : x > y;
}

/* When frame 0 was heard, by what the room played when; the median of many looks. */
static gint64
find_begin_us (GstRooms *rooms, guint room)
{
  g_autoptr (GArray) heard = gst_rooms_dup_frames (rooms, room);
  g_autoptr (GArray) arrivals = gst_rooms_dup_arrivals (rooms, room);
  g_autoptr (GArray) begins = g_array_new (FALSE, FALSE, sizeof (gint64));
  guint begin = find_frame (heard, 0, LONG, RATE);

  begin -= MIN (begin, RATE);

  for (guint i = 0; i < arrivals->len; i++)
    {
      const GstRoomArrival *arrival = &g_array_index (arrivals, GstRoomArrival, i);
      const gint64 begin_us
          = arrival->time_us - ((gint64)arrival->first - begin) * G_USEC_PER_SEC / RATE;

      if (arrival->first > begin && arrival->first < begin + 4 * RATE)
        g_array_append_val (begins, begin_us);
    }
  if (begins->len < 20)
    return 0;
  g_array_sort (begins, compare_us);
  return g_array_index (begins, gint64, begins->len / 2);
}

/* The position is that of what is heard in the rooms, not of what is sent. */
static gboolean
try_position (void)
{
  g_autoptr (GstRooms) rooms = open_rooms ();
  g_autoptr (GstRig) rig = play_in (rooms, 1000);
  g_autoptr (GArray) begins = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree char *url = gst_rig_url ("long.wav");
  const guint64 track = gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT);

  gst_rig_wait (rig, PLAYER_ENGINE_STARTED, track);
  for (guint i = 0; i < 100; i++)
    {
      gst_rig_run (rig, 45);
      const gint64 position_us = player_engine_get_position_us (rig->engine, track);
      const gint64 begin_us = g_get_monotonic_time () - position_us;

      if (position_us > 500000)
        g_array_append_val (begins, begin_us);
    }
  g_array_sort (begins, compare_us);
  const gint64 told_us = g_array_index (begins, gint64, begins->len / 2);
  for (guint i = 0; i < GST_ROOMS; i++)
    {
      const gint64 error_us = find_begin_us (rooms, i) + PLAYER_US - told_us;

      g_test_message ("room %u: told − heard = %" G_GINT64_FORMAT " µs", i, error_us);
      if (ABS (error_us) > 5000)
        return FALSE;
    }
  return TRUE;
}

static void
test_position (void)
{
  try_until (try_position);
}

/* The server goes, and is back after a while: it plays on. */
static gboolean
try_restart (void)
{
  g_autoptr (GstRooms) rooms = open_rooms ();
  g_autoptr (GstRig) rig = play_in (rooms, 1000);
  g_autofree char *url = gst_rig_url ("long.wav");
  const guint64 track = gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT);

  gst_rig_wait (rig, PLAYER_ENGINE_STARTED, track);
  gst_rig_run (rig, 1500);
  gst_rooms_stop_server (rooms);
  gst_rooms_start_server (rooms);
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, track);
  gst_rig_run (rig, 300);
  for (guint i = 0; i < GST_ROOMS; i++)
    {
      g_autoptr (GArray) heard = gst_rooms_dup_frames (rooms, i);
      guint at = find_frame (heard, 0, LONG, RATE * 4);

      /* after some 5 s snapclient begins to leave out or double frames for the sake of its clock */
      if (!hears (heard, &at, LONG, RATE * 4, RATE * 6))
        return FALSE;
    }
  return TRUE;
}

static void
test_restart (void)
{
  try_until (try_restart);
}

/* Somebody who takes the connection, and nothing that is sent: the daemon does not hang with it. */
static void
test_hung (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  const guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, &error);
  g_autofree char *address = g_strdup_printf ("127.0.0.1:%u", port);
  g_autofree char *url = gst_rig_url ("long.wav");
  PlayerGstEngineOptions options = PLAYER_GST_ENGINE_OPTIONS_INIT;
  g_autoptr (GstRig) rig = gst_rig_new_with_sink (NULL);

  options.snapcast_address = address;
  gst_rig_start (rig, &options);
  const guint64 track = gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT);
  gst_rig_wait (rig, PLAYER_ENGINE_UNDERRUN, track);
  const gint64 before_us = g_get_monotonic_time ();
  player_engine_stop (rig->engine);
  g_assert_cmpint (g_get_monotonic_time () - before_us, <, 100000);
  g_assert_nonnull (gst_rig_find (rig, PLAYER_ENGINE_SILENCED, track));
}

/* Nobody there yet: it waits, and plays from the beginning. */
static void
test_appears (void)
{
  g_autoptr (GstRooms) rooms = gst_rooms_new ();
  g_autoptr (GstRig) rig = play_in (rooms, 1000);
  g_autofree char *url = gst_rig_url ("d.wav");
  const guint64 track = gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT);

  gst_rig_run (rig, 300);
  gst_rooms_start_server (rooms);
  gst_rooms_start_clients (rooms);
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, track);
}

static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  /* an output that breaks is meant here */
  if ((level & G_LOG_LEVEL_MASK) == G_LOG_LEVEL_WARNING)
    return G_LOG_WRITER_HANDLED;
  return g_log_writer_default (level, fields, n_fields, data);
}

static void
add_tests (void)
{
  make_audio ();
  g_log_set_writer_func (write_log, NULL, NULL);
  g_test_add_func ("/snapcast/rooms", test_rooms);
  g_test_add_func ("/snapcast/pause", test_pause);
  g_test_add_func ("/snapcast/position", test_position);
  g_test_add_func ("/snapcast/restart", test_restart);
  g_test_add_func ("/snapcast/hung", test_hung);
  g_test_add_func ("/snapcast/appears", test_appears);
}

int
main (int argc, char **argv)
{
  return gst_rig_main (argc, argv, add_tests);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "fault-server.h"
#include "tests/gst/gst-audio.h"
#include "tests/gst/gst-rig.h"

#include <sched.h>
#include <stdio.h>
#include <unistd.h>

/* The network changes while something plays: the audio goes on from what has been read, and then at the
 * very sample. The server is in a network namespace of its own, this machine in another one, and the
 * cable between them is pulled. */

#define HERE "10.77.0.1"
#define HERE_LATER "10.77.0.3"
#define THERE "10.77.0.2"
#define FILE_LONG 9
#define RATE 44100
#define FRAMES_LONG (9 * RATE + 1)

static void
run (const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *command = g_strdup_vprintf (format, args);
  va_end (args);
  g_autoptr (GError) error = NULL;
  int status = 0;
  g_spawn_command_line_sync (command, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

/* What a thread opens belongs to its namespace, also when others use it. */
static gpointer
serve_there (gpointer data)
{
  g_autofree char *root = gst_rig_path ("");
  g_autoptr (GError) error = NULL;
  g_assert_cmpint (unshare (CLONE_NEWNET), ==, 0);
  run ("ip link add in type veth peer name out netns %d", (int)getpid ());
  run ("ip addr add " THERE "/24 dev in");
  run ("ip link set in up");
  FaultServer *server = fault_server_new_at (THERE, root, NULL, 0, &error);
  g_assert_no_error (error);
  return server;
}

/* (transfer full): with the cable plugged in */
static FaultServer *
serve (void)
{
  FaultServer *server = g_thread_join (g_thread_new ("there", serve_there, NULL));
  run ("ip addr add " HERE "/24 dev out");
  run ("ip link set out up");
  return server;
}

static void
assert_heard (GstRig *rig, guint64 id)
{
  guint gaps = 0;
  g_assert_cmpint (gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, id)->offset_ms, ==, 9000);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  guint at = gst_audio_skip_silence (heard, 0);
  at = gst_audio_assert_heard (heard, at, FILE_LONG, 0, FRAMES_LONG, &gaps);
  gst_audio_assert_silent_end (heard, at);
  g_test_message ("%u gaps", gaps);
}

/* The cable is out for a moment: nothing is lost. */
static void
test_cable (void)
{
  g_autoptr (FaultServer) server = serve ();
  g_autofree char *url = fault_server_url (server, "/long.wav?fault=slow:300000");
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  const guint64 id = gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT);
  gst_rig_wait_position_ms (rig, id, 500);
  run ("ip link set out down");
  gst_rig_run (rig, 1000);
  run ("ip link set out up");
  assert_heard (rig, id);
  run ("ip link del out");
}

/* It is out for longer than anybody waits for a byte, and then this machine has another address: the old
 * connection is dead, and nobody says so. */
static void
test_other_address (void)
{
  g_autoptr (FaultServer) server = serve ();
  g_autofree char *url = fault_server_url (server, "/long.wav?fault=slow:300000");
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  const guint64 id = gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT);
  gst_rig_wait_position_ms (rig, id, 500);
  g_ptr_array_unref (fault_server_take_requests (server));
  run ("ip link set out down");
  run ("ip addr del " HERE "/24 dev out");
  player_gst_engine_note_network (PLAYER_GST_ENGINE (rig->engine), FALSE);
  gst_rig_run (rig, 6500);
  run ("ip addr add " HERE_LATER "/24 dev out");
  run ("ip link set out up");
  player_gst_engine_note_network (PLAYER_GST_ENGINE (rig->engine), TRUE);
  assert_heard (rig, id);
  g_autoptr (GPtrArray) requests = fault_server_take_requests (server);
  g_assert_cmpuint (requests->len, ==, 1);
  g_assert_nonnull (strstr (g_ptr_array_index (requests, 0), "bytes="));
  run ("ip link del out");
}

/* Nothing has been read when the network goes: it is not an answer of the server's, and is waited for. */
static void
test_before_first_byte (void)
{
  g_autoptr (FaultServer) server = serve ();
  g_autofree char *url = fault_server_url (server, "/long.wav?fault=slow:300000");
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  run ("ip link set out down");
  const guint64 id = gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT);
  gst_rig_run (rig, 1500);
  g_assert_cmpuint (gst_rig_count (rig, PLAYER_ENGINE_FAILED, id), ==, 0);
  run ("ip link set out up");
  gst_rig_wait (rig, PLAYER_ENGINE_STARTED, id);
  player_engine_stop (rig->engine);
  run ("ip link del out");
}

static void
add_tests (void)
{
  g_autofree char *name = gst_rig_path ("long.wav");

  gst_audio_write_wav (name, FILE_LONG, FRAMES_LONG, RATE);
  g_test_add_func ("/engine/roaming/cable", test_cable);
  g_test_add_func ("/engine/roaming/other-address", test_other_address);
  g_test_add_func ("/engine/roaming/before-first-byte", test_before_first_byte);
}

int
main (int argc, char **argv)
{
  if (unshare (CLONE_NEWNET) != 0)
    {
      perror ("a network namespace of one's own takes root");
      return 1;
    }
  return gst_rig_main (argc, argv, add_tests);
}

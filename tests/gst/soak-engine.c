/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <glib/gstdio.h>
#include <stdio.h>

#include "fault-server.h"
#include "tests/gst/gst-rig.h"
#include "tests/gst/gst-usage.h"

/* Changes of track by the thousand in one process: what it holds afterwards must be what it held
 * when it was warm. Prints a table; fails when descriptors, threads or memory keep growing. */

#define CHANGES 1000
#define STRETCH 100
#define WARM 300 /* changes after which growth counts */
#define LIMIT_KIB_PER_CHANGE 2.0

static char *
pick_url (FaultServer *server, guint change)
{
  static const char *const paths[] = {
    "/a.flac",
    "/b.wav",
    "/noise.mp3",
    "/c.flac?fault=droponce:40000",
    "/c.wav?fault=chunked",
    "/b.flac",
    "/a.flac?fault=status:404",
  };
  const guint which = change % (G_N_ELEMENTS (paths) + 1);

  return which < G_N_ELEMENTS (paths) ? fault_server_url (server, paths[which])
                                      : gst_rig_url ("a.flac");
}

/* Until @generation sounds, or is over. */
static void
wait_start (GstRig *rig, guint64 generation)
{
  const gint64 deadline = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  while (gst_rig_find (rig, PLAYER_ENGINE_STARTED, generation) == NULL
         && gst_rig_find (rig, PLAYER_ENGINE_FAILED, generation) == NULL)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      gst_rig_run (rig, 2);
    }
}

static void
change_track (GstRig *rig, FaultServer *server, guint change)
{
  g_autofree char *url = pick_url (server, change);
  const gint64 offset_ms = change % 3 == 0 ? 150 : 0;

  switch (change % 5)
    {
    case 0:
      player_engine_stop (rig->engine);
      break;
    case 1:
      player_engine_pause (rig->engine);
      player_engine_resume (rig->engine);
      break;
    case 2:
      wait_start (rig, gst_rig_load (rig, url, offset_ms, PLAYER_LOAD_NEXT));
      return;
    case 3:
      player_engine_seek (rig->engine, rig->generation, 200);
      gst_rig_run (rig, 5);
      break;
    default:
      break;
    }
  wait_start (rig, gst_rig_load (rig, url, offset_ms, PLAYER_LOAD_CURRENT));
}

static void
rest (GstRig *rig, FaultServer *server)
{
  const gint64 deadline = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  player_engine_stop (rig->engine);
  gst_rig_run (rig, 2500); /* the output closes after 2 s */
  while (fault_server_count_open (server) > 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      gst_rig_run (rig, 10);
    }
  g_array_set_size (rig->events, 0);
  g_ptr_array_set_size (rig->errors, 0);
}

static void
test_soak (void)
{
  g_autofree char *root = gst_rig_path ("");
  g_autoptr (GError) error = NULL;
  g_autoptr (FaultServer) server = fault_server_new (root, NULL, 0, &error);
  g_assert_no_error (error);
  g_autoptr (GstRig) rig = gst_rig_new_with_sink ("fakesink sync=false");
  const char *wish = g_getenv ("SOAK_CHANGES");
  const guint changes = wish != NULL ? (guint)g_ascii_strtoull (wish, NULL, 10) : CHANGES;
  GstUsage warm = { 0 };
  GstUsage usage = { 0 };

  gst_usage_print_head ("changes");
  for (guint change = 1; change <= changes; change++)
    {
      change_track (rig, server, change);
      if (change % STRETCH != 0)
        continue;
      rest (rig, server);
      g_ptr_array_unref (fault_server_take_requests (server));
      gst_usage_measure (&usage);
      gst_usage_print (&usage, change);
      if (change == WARM)
        warm = usage;
    }
  gst_usage_assert_steady (&warm, &usage, MAX (changes, WARM + 1) - WARM, LIMIT_KIB_PER_CHANGE);
}

static void
add_tests (void)
{
  g_autofree char *wav = gst_rig_path ("a.wav");
  g_autofree char *mp3 = gst_rig_path ("noise.mp3");
  const char *const command[] = { LAME, "--quiet", "-b", "128", wav, mp3, NULL };
  g_autoptr (GError) error = NULL;

  g_spawn_sync (NULL, (char **)command, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, NULL,
                &error);
  g_assert_no_error (error);
  g_test_add_func ("/engine/soak", test_soak);
}

int
main (int argc, char **argv)
{
  return gst_rig_main (argc, argv, add_tests);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "fault-server.h"
#include "tests/gst/gst-audio.h"
#include "tests/gst/gst-rig.h"

/* Commands at random, over good, bad, slow and hung sources: the rig checks the order of the
 * events, and the engine has to be gone at the end, without a leak. */

#define STORMS 20
#define COMMANDS 30
#define EARLY_LOADS 400
#define SHORT_LOADS 200

static char *
random_url (FaultServer *server)
{
  static const char *const paths[] = {
    "/a.flac",
    "/b.wav",
    "/c.flac",
    "/a.flac?fault=status:404",
    "/a.flac?fault=hang",
    "/c.wav?fault=slow:300000",
    "/c.wav?fault=stall:50000:300",
    "/b.flac?fault=drop:20000",
    "/a.wav?fault=droponce:40001,etagfrom:1",
    "/c.wav?fault=drop:200001,etagfrom:2",
    "/c.wav?fault=droponce:100001,statusafter:403",
  };
  const gint32 which = g_test_rand_int_range (0, G_N_ELEMENTS (paths) + 2);

  if (which >= (gint32)G_N_ELEMENTS (paths))
    return gst_rig_url (which % 2 ? "a.wav" : "c.flac");
  return fault_server_url (server, paths[which]);
}

static gint64
random_offset (void)
{
  static const gint64 offsets_ms[] = { 0, 0, 1, 300, 5000, 15950, 30000 };

  return offsets_ms[g_test_rand_int_range (0, G_N_ELEMENTS (offsets_ms))];
}

static void
random_load (GstRig *rig, FaultServer *server)
{
  g_autofree char *url = random_url (server);

  g_autoptr (PlayerItem) plain = player_item_new (url, "token", 0, "", NULL);
  g_autoptr (PlayerItem) item = player_item_new_source (plain, url, NULL, g_test_rand_bit ());

  player_engine_load (rig->engine, ++rig->generation, item, random_offset (),
                      g_test_rand_bit () ? PLAYER_LOAD_CURRENT : PLAYER_LOAD_NEXT);
}

static guint64 random_generation (GstRig *rig);

static void
random_renewal (GstRig *rig, FaultServer *server)
{
  g_autofree char *url = random_url (server);
  g_autoptr (PlayerItem) item = player_item_new (url, "", 0, "", NULL);

  if (rig->generation > 0)
    player_engine_renew (rig->engine, random_generation (rig), item);
}

static guint64
random_generation (GstRig *rig)
{
  const guint64 back = (guint64)g_test_rand_int_range (0, 3);

  return rig->generation - MIN (rig->generation, back);
}

static void
random_command (GstRig *rig, FaultServer *server)
{
  switch (g_test_rand_int_range (0, 14))
    {
    case 12:
    case 13:
      random_renewal (rig, server);
      break;
    case 0:
      player_engine_pause (rig->engine);
      break;
    case 1:
    case 2:
      player_engine_resume (rig->engine);
      break;
    case 3:
      player_engine_stop (rig->engine);
      break;
    case 4:
      player_engine_silence (rig->engine);
      break;
    case 5:
    case 6:
      player_engine_seek (rig->engine, random_generation (rig), random_offset ());
      break;
    case 7:
      player_engine_unload (rig->engine, random_generation (rig));
      break;
    case 8:
      player_engine_set_volume (rig->engine, g_test_rand_double (), g_test_rand_bit ());
      break;
    default:
      random_load (rig, server);
      break;
    }
}

static void
test_storm (gconstpointer data)
{
  g_autofree char *root = gst_rig_path ("");
  g_autoptr (GError) error = NULL;
  g_autoptr (FaultServer) server = fault_server_new (root, NULL, 0, &error);
  g_assert_no_error (error);

  for (guint storm = 0; storm < STORMS; storm++)
    {
      g_autoptr (GstRig) rig = gst_rig_new (GPOINTER_TO_INT (data));

      for (guint i = 0; i < COMMANDS; i++)
        {
          const gint64 before_us = g_get_monotonic_time ();
          random_command (rig, server);
          g_assert_cmpint (g_get_monotonic_time () - before_us, <, 300000);
          if (g_test_rand_int_range (0, 3) > 0)
            gst_rig_run (rig, (guint)g_test_rand_int_range (0, 40));
          player_engine_get_position_us (rig->engine, rig->generation);
        }
      player_engine_stop (rig->engine);
    }
}

/* Loads replaced while they are being opened: no streaming thread may be left to shut itself down,
 * which GStreamer warns of, and warnings are fatal here. */
static void
test_early (void)
{
  g_autofree char *root = gst_rig_path ("");
  g_autoptr (GError) error = NULL;
  g_autoptr (FaultServer) server = fault_server_new (root, NULL, 0, &error);
  g_assert_no_error (error);
  static const char *const names[] = { "a.flac", "b.wav", "c.flac" };
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autofree char *current = gst_rig_url ("c.flac");

  gst_rig_load (rig, current, 0, PLAYER_LOAD_CURRENT);
  for (guint i = 0; i < EARLY_LOADS; i++)
    {
      const char *name = names[i % G_N_ELEMENTS (names)];
      g_autofree char *path = g_strconcat ("/", name, NULL);
      g_autofree char *url = i % 8 < 6 ? gst_rig_url (name) : fault_server_url (server, path);

      gst_rig_load (rig, url, i % 2 ? 0 : 100, PLAYER_LOAD_NEXT);
      g_usleep ((gulong)g_test_rand_int_range (0, 2000));
      if (i % 50 == 0)
        gst_rig_run (rig, 5);
    }
}

/* What is over before it is known to have begun still ends. */
static void
test_short (void)
{
  g_autofree char *path = gst_rig_path ("short.wav");
  g_autofree char *url = gst_rig_url ("short.wav");
  g_autoptr (GstRig) rig = gst_rig_new (FALSE);

  gst_audio_write_wav (path, 9, 100, 44100);
  for (guint i = 0; i < SHORT_LOADS; i++)
    gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT));
}

/* A next follows what waits, not what still sounds. */
static void
test_next_of_waiting (void)
{
  g_autofree char *root = gst_rig_path ("");
  g_autoptr (GError) error = NULL;
  g_autoptr (FaultServer) server = fault_server_new (root, NULL, 0, &error);
  g_assert_no_error (error);
  g_autofree char *first = gst_rig_url ("a.flac");
  g_autofree char *late = fault_server_url (server, "/b.wav?fault=stall:30:700");
  g_autofree char *next = gst_rig_url ("a.wav");
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  const guint64 one = gst_rig_load (rig, first, 0, PLAYER_LOAD_CURRENT);

  gst_rig_wait (rig, PLAYER_ENGINE_STARTED, one);
  const guint64 two = gst_rig_load (rig, late, 0, PLAYER_LOAD_CURRENT);
  const guint64 three = gst_rig_load (rig, next, 0, PLAYER_LOAD_NEXT);
  gst_rig_wait (rig, PLAYER_ENGINE_READY, three);
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, two);
  g_assert_cmpuint (gst_rig_count (rig, PLAYER_ENGINE_STARTED, three), <=, 1);
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, three);
  g_assert_true (gst_rig_find (rig, PLAYER_ENGINE_STARTED, two)
                 < gst_rig_find (rig, PLAYER_ENGINE_STARTED, three));
}

static void
add_tests (void)
{
  g_test_add_func ("/engine/storm/short", test_short);
  g_test_add_func ("/engine/storm/next-of-waiting", test_next_of_waiting);
  g_test_add_func ("/engine/storm/early", test_early);
  g_test_add_data_func ("/engine/storm/real-time", GINT_TO_POINTER (TRUE), test_storm);
  g_test_add_data_func ("/engine/storm/fast", GINT_TO_POINTER (FALSE), test_storm);
}

int
main (int argc, char **argv)
{
  return gst_rig_main (argc, argv, add_tests);
}

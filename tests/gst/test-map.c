/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/gst/player-gst-map.h"

static void
assert_at (PlayerGstMap *map, guint64 out_frame, guint64 id, gint64 frame)
{
  guint64 found_id = 0;
  gint64 found_frame = 0;

  g_assert_true (player_gst_map_lookup (map, out_frame, &found_id, &found_frame));
  g_assert_cmpuint (found_id, ==, id);
  g_assert_cmpint (found_frame, ==, frame);
}

static void
test_lookup (void)
{
  g_autoptr (PlayerGstMap) map = player_gst_map_new ();
  guint64 id;
  gint64 frame;

  g_assert_false (player_gst_map_lookup (map, 0, &id, &frame));
  player_gst_map_mark (map, 100, 1, 5000, TRUE);
  player_gst_map_mark (map, 200, 1, 5100, TRUE); /* goes on: no mark */
  player_gst_map_mark (map, 300, 1, 5200, FALSE);
  player_gst_map_mark (map, 400, 2, 0, TRUE);
  g_assert_cmpuint (player_gst_map_get_size (map), ==, 3);
  g_assert_false (player_gst_map_lookup (map, 99, &id, &frame));
  assert_at (map, 100, 1, 5000);
  assert_at (map, 299, 1, 5199);
  assert_at (map, 399, 1, 5200);
  assert_at (map, 400, 2, 0);
  assert_at (map, 1000, 2, 600);
  player_gst_map_mark (map, 400, 3, 7, TRUE); /* nothing of 2 was played */
  assert_at (map, 401, 3, 8);
}

static void
test_prune (void)
{
  g_autoptr (PlayerGstMap) map = player_gst_map_new ();

  for (guint i = 0; i < 10000; i++)
    player_gst_map_mark (map, i * 10, i + 1, 0, TRUE);
  g_assert_cmpuint (player_gst_map_get_size (map), <=, 256);
  assert_at (map, 99995, 10000, 5);
  player_gst_map_prune (map, 99989);
  g_assert_cmpuint (player_gst_map_get_size (map), ==, 2);
  assert_at (map, 99989, 9999, 9);
  player_gst_map_prune (map, 1000000);
  g_assert_cmpuint (player_gst_map_get_size (map), ==, 1);
  player_gst_map_clear (map);
  g_assert_cmpuint (player_gst_map_get_size (map), ==, 0);
}

/* What begins later is forgotten, and what begins there may be something else. */
static void
test_cut (void)
{
  g_autoptr (PlayerGstMap) map = player_gst_map_new ();

  player_gst_map_mark (map, 100, 1, 5000, TRUE);
  player_gst_map_mark (map, 300, 1, 5200, FALSE);
  player_gst_map_mark (map, 400, 2, 0, TRUE);
  player_gst_map_cut (map, 300);
  g_assert_cmpuint (player_gst_map_get_size (map), ==, 2);
  player_gst_map_cut (map, 250);
  assert_at (map, 400, 1, 5300);
  player_gst_map_mark (map, 250, 3, 7, TRUE);
  assert_at (map, 249, 1, 5149);
  assert_at (map, 260, 3, 17);
  player_gst_map_cut (map, 50);
  g_assert_cmpuint (player_gst_map_get_size (map), ==, 0);
}

static void
test_units (void)
{
  g_assert_cmpint (player_gst_ms_to_frames (10007, 44100), ==, 441309);
  g_assert_cmpint (player_gst_frames_to_ms (441309, 44100), ==, 10007);
  g_assert_cmpint (player_gst_frames_to_ms (1, 0), ==, 0);
  for (gint64 ms = 0; ms < 100000; ms += 7)
    {
      g_assert_cmpint (player_gst_frames_to_ms (player_gst_ms_to_frames (ms, 44100), 44100), ==,
                       ms);
      g_assert_cmpint (player_gst_frames_to_ms (player_gst_ms_to_frames (ms, 8000), 8000), ==, ms);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/map/lookup", test_lookup);
  g_test_add_func ("/map/prune", test_prune);
  g_test_add_func ("/map/cut", test_cut);
  g_test_add_func ("/map/units", test_units);
  return g_test_run ();
}

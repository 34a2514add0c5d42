/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <gio/gio.h>
#include <glib/gstdio.h>

#include "player/gst/player-gst-arrivals.h"
#include "player/gst/player-gst-outage.h"

#define S G_USEC_PER_SEC

/* At once, then 0.2 s, then twice as long each time, up to 5 s. */
static void
test_delays (void)
{
  static const guint delays_ms[] = { 0, 200, 400, 800, 1600, 3200, 5000, 5000 };
  PlayerGstOutage outage = { 0 };
  gint64 now_us = 100 * S;

  for (guint i = 0; i < G_N_ELEMENTS (delays_ms); i++)
    {
      g_assert_cmpuint (player_gst_outage_lose (&outage, now_us), ==, delays_ms[i]);
      g_assert_true (player_gst_outage_is_waiting (&outage));
      now_us += S;
    }
  g_assert_cmpuint (player_gst_outage_get_waited_ms (&outage, now_us), ==, 8000);
  player_gst_outage_hurry (&outage);
  g_assert_cmpuint (player_gst_outage_lose (&outage, now_us), ==, 200);
}

/* What breaks again soon, is still the same loss: never an endless loop at full speed. */
static void
test_again (void)
{
  PlayerGstOutage outage = { 0 };

  g_assert_cmpuint (player_gst_outage_lose (&outage, 100 * S), ==, 0);
  player_gst_outage_find (&outage, 101 * S);
  g_assert_false (player_gst_outage_is_waiting (&outage));
  g_assert_cmpuint (player_gst_outage_lose (&outage, 102 * S), ==, 200);
  g_assert_cmpuint (player_gst_outage_get_waited_ms (&outage, 103 * S), ==, 3000);
  player_gst_outage_find (&outage, 103 * S);
  g_assert_cmpuint (player_gst_outage_lose (&outage, 106 * S), ==, 0);
  g_assert_cmpuint (player_gst_outage_get_waited_ms (&outage, 107 * S), ==, 1000);
  player_gst_outage_forget (&outage);
  g_assert_false (player_gst_outage_is_waiting (&outage));
}

static void
on_arrival (gpointer data)
{
  *(guint *)data += 1;
}

static gboolean
on_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static void
touch (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents_full (path, "", 0, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

/* A socket appears; other files do not count. */
static void
test_arrivals (void)
{
  g_autofree char *folder = g_dir_make_tmp ("segue-arrivals-XXXXXX", NULL);
  g_autofree char *other = g_build_filename (folder, "other", NULL);
  g_autofree char *socket = g_build_filename (folder, "socket", NULL);
  g_autofree char *server = g_strconcat ("unix:", socket, NULL);
  const gint64 deadline = g_get_monotonic_time () + 20 * S;
  guint arrivals = 0;

  g_setenv ("PULSE_SERVER", server, TRUE);
  g_autoptr (PlayerGstArrivals) watch = player_gst_arrivals_new (on_arrival, &arrivals);
  const guint tick = g_timeout_add (5, on_tick, NULL);
  touch (folder, "other");
  for (guint i = 0; i < 20; i++)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (arrivals, ==, 0);
  touch (folder, "socket");
  while (arrivals == 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (tick);
  g_unlink (other);
  g_unlink (socket);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outage/delays", test_delays);
  g_test_add_func ("/outage/again", test_again);
  g_test_add_func ("/outage/arrivals", test_arrivals);
  return g_test_run ();
}

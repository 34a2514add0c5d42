/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/gst/player-gst-engine.h"
#include "player/gst/player-gst-plugins.h"

#include <glib/gstdio.h>

/* What GStreamer knows of at start, and what comes in later. The cases follow each other. */

static char *cache_dir;

static gboolean
has (const char *feature)
{
  g_autoptr (GstPluginFeature) found = gst_registry_lookup_feature (gst_registry_get (), feature);

  return found != NULL;
}

static void
find_decoder (const char *text)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (text);

  player_gst_plugins_find_decoder (caps);
}

/* Elements that may come from anywhere: all plug-ins stay. */
static void
test_any_sink (void)
{
  static const char *const sinks[]
      = { "ladspa-sine ! pulsesink", "( queue ! alsasink )", "volume ! gtksink", "t. ! alsasink" };

  for (guint i = 0; i < G_N_ELEMENTS (sinks); i++)
    {
      player_gst_plugins_choose (cache_dir, sinks[i]);
      g_assert_null (g_getenv ("GST_PLUGIN_SYSTEM_PATH_1_0"));
    }
}

static void
test_no_cache (void)
{
  player_gst_plugins_choose ("/proc/nowhere", "auto");
  g_assert_null (g_getenv ("GST_PLUGIN_SYSTEM_PATH_1_0"));
}

static void
test_chosen (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_build_filename (cache_dir, "segue-plugins", NULL);
  g_autofree char *stale = g_build_filename (folder, "libgststale.so", NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (stale, "", 0, NULL));
  player_gst_plugins_choose (cache_dir, "audioconvert ! audio/x-raw,format=S16LE ! alsasink");
  g_assert_nonnull (g_getenv ("GST_PLUGIN_SYSTEM_PATH_1_0"));
  g_assert_false (g_file_test (stale, G_FILE_TEST_EXISTS));
  g_assert_true (player_gst_init (&error));
  g_assert_no_error (error);
  g_assert_true (has ("decodebin"));
  g_assert_true (has ("flacdec"));
  g_assert_true (has ("seguehttpsrc"));
  g_assert_false (has ("avdec_aac"));
  g_assert_false (has ("videotestsrc"));
}

static void
test_nothing_needed (void)
{
  find_decoder ("audio/x-raw, rate=44100");
  find_decoder ("audio/x-flac");
  find_decoder ("video/x-nothing-knows-this");
  g_assert_false (has ("avdec_aac"));
  g_assert_false (has ("videotestsrc"));
}

/* libav is the best for AAC, whoever else can decode it. */
static void
test_libav (void)
{
  find_decoder ("audio/mpeg, mpegversion=4, stream-format=raw");
  g_autoptr (GstPluginFeature) found
      = gst_registry_lookup_feature (gst_registry_get (), "avdec_aac");
  g_assert_nonnull (found);
  g_assert_cmpuint (gst_plugin_feature_get_rank (found), ==, GST_RANK_PRIMARY + 100);
  g_assert_false (has ("videotestsrc"));
}

static void
test_all (void)
{
  find_decoder ("audio/x-nothing-knows-this");
  g_assert_true (has ("videotestsrc"));
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) files = g_dir_open (path, 0, NULL);
  const char *name;

  while (files != NULL && (name = g_dir_read_name (files)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      remove_tree (file);
    }
  g_remove (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_unsetenv ("GST_REGISTRY_1_0");
  g_unsetenv ("GST_PLUGIN_SYSTEM_PATH_1_0");
  g_unsetenv ("GST_PLUGIN_PATH_1_0");
  cache_dir = g_dir_make_tmp ("segue-plugins-XXXXXX", NULL);
  g_test_add_func ("/plugins/any-sink", test_any_sink);
  g_test_add_func ("/plugins/no-cache", test_no_cache);
  g_test_add_func ("/plugins/chosen", test_chosen);
  g_test_add_func ("/plugins/nothing-needed", test_nothing_needed);
  g_test_add_func ("/plugins/libav", test_libav);
  g_test_add_func ("/plugins/all", test_all);
  const int status = g_test_run ();
  remove_tree (cache_dir);
  g_free (cache_dir);
  return status;
}

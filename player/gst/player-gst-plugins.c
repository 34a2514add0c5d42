/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-plugins.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <unistd.h>

#include "player-gst-httpsrc.h"

#define FOLDER "segue-plugins"
#define SYSTEM_PATH "GST_PLUGIN_SYSTEM_PATH_1_0"
#define REGISTRY "GST_REGISTRY_1_0"
/* of the registry object: all plug-ins have been looked at */
#define COMPLETE "segue-complete"

/* What decodes, parses or holds audio, converts it, or plays it. Not libav, which alone has more
 * elements than all of these: it is loaded whole when it is needed. */
static const char *const chosen[] = {
  "a52dec",       "adpcmdec",     "aiff",
  "alaw",         "alsa",         "amrnb",
  "amrwbdec",     "apetag",       "app",
  "asf",          "audioconvert", "audiofx",
  "audioparsers", "audiorate",    "audioresample",
  "audiotestsrc", "auparse",      "autodetect",
  "avi",          "coreelements", "dash",
  "dsd",          "dtsdec",       "dvdlpcmdec",
  "equalizer",    "faad",         "fdkaac",
  "flac",         "flv",          "gme",
  "gsm",          "hls",          "icydemux",
  "id3demux",     "isomp4",       "jack",
  "ldac",         "level",        "matroska",
  "modplug",      "mpegpsdemux",  "mpegtsdemux",
  "mpg123",       "mulaw",        "multipart",
  "musepack",     "mxf",          "ogg",
  "openmpt",      "opus",         "opusparse",
  "oss4",         "ossaudio",     "pipewire",
  "playback",     "pulseaudio",   "rawparse",
  "realmedia",    "replaygain",   "sbc",
  "siren",        "sid",          "smoothstreaming",
  "speex",        "tcp",          "typefindfunctions",
  "udp",          "volume",       "vorbis",
  "wavpack",      "wavparse",     NULL,
};

/* Elements of those plug-ins, and of ours, that sinks are described with. */
static const char *const known_elements[] = {
  "alsasink",
  "appsink",
  "audioamplify",
  "audioconvert",
  "audioresample",
  "autoaudiosink",
  "capsfilter",
  "equalizer-10bands",
  "equalizer-3bands",
  "equalizer-nbands",
  "fakesink",
  "fdsink",
  "filesink",
  "identity",
  "jackaudiosink",
  "level",
  "oss4sink",
  "osssink",
  "pipewiresink",
  "pulsesink",
  "queue",
  "queue2",
  "rglimiter",
  "seguepipewiresink",
  "seguepulsesink",
  "seguesnapcastsink",
  "tcpclientsink",
  "tcpserversink",
  "tee",
  "udpsink",
  "valve",
  "volume",
  NULL,
};

static gboolean
is_set (const char *name)
{
  const char *value = g_getenv (name);

  return value != NULL && *value != '\0';
}

/* Whether all that the description names is known. What names links or caps is not looked at. */
static gboolean
knows_sink (const char *sink)
{
  if (g_str_equal (sink, "auto") || g_str_equal (sink, "pipewire"))
    return TRUE;
  if (strpbrk (sink, "().") != NULL && strchr (sink, '/') == NULL)
    return FALSE; /* bins and named pads: more than can be told from here */
  g_auto (GStrv) parts = g_strsplit (sink, "!", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *part = g_strstrip (parts[i]);

      part[strcspn (part, " \t")] = '\0';
      if (strpbrk (part, "/,\"") == NULL && !g_strv_contains (known_elements, part))
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_chosen (const char *file)
{
  g_autofree char *name = NULL;

  if (!g_str_has_prefix (file, "libgst") || !g_str_has_suffix (file, ".so"))
    return FALSE;
  name = g_strndup (file + strlen ("libgst"), strlen (file) - strlen ("libgst.so"));
  return g_strv_contains (chosen, name);
}

static void
remove_stale_links (const char *folder)
{
  g_autoptr (GDir) links = g_dir_open (folder, 0, NULL);
  const char *file;

  while (links != NULL && (file = g_dir_read_name (links)) != NULL)
    {
      g_autofree char *link = g_build_filename (folder, file, NULL);
      g_autofree char *target = g_build_filename (PLUGIN_DIR, file, NULL);

      if (!is_chosen (file) || !g_file_test (target, G_FILE_TEST_EXISTS))
        g_unlink (link);
    }
}

/* FALSE: there are none, or no links can be made. */
static gboolean
make_links (const char *folder)
{
  g_autoptr (GDir) plugins = g_dir_open (PLUGIN_DIR, 0, NULL);
  const char *file;
  guint count = 0;

  while (plugins != NULL && (file = g_dir_read_name (plugins)) != NULL)
    {
      g_autofree char *link = g_build_filename (folder, file, NULL);
      g_autofree char *target = g_build_filename (PLUGIN_DIR, file, NULL);
      g_autofree char *old = NULL;

      if (!is_chosen (file))
        continue;
      old = g_file_read_link (link, NULL);
      if (g_strcmp0 (old, target) != 0)
        {
          g_unlink (link);
          if (symlink (target, link) != 0 && errno != EEXIST)
            return FALSE;
        }
      count++;
    }
  return count > 0;
}

void
player_gst_plugins_choose (const char *cache_dir, const char *sink)
{
  static const char *const settings[] = { SYSTEM_PATH, "GST_PLUGIN_SYSTEM_PATH",
                                          "GST_PLUGIN_PATH_1_0", "GST_PLUGIN_PATH", REGISTRY };
  g_autofree char *folder = g_build_filename (cache_dir, FOLDER, NULL);
  g_autofree char *registry = g_build_filename (cache_dir, FOLDER ".registry", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    if (is_set (settings[i]))
      return;
  if (!knows_sink (sink) || g_mkdir_with_parents (folder, 0700) != 0)
    return;
  remove_stale_links (folder);
  if (!make_links (folder))
    return;
  g_autofree char *own
      = g_build_filename (g_get_user_data_dir (), "gstreamer-1.0", "plugins", NULL);
  g_autofree char *path = g_strjoin (G_SEARCHPATH_SEPARATOR_S, folder, own, NULL);
  g_setenv (SYSTEM_PATH, path, TRUE);
  g_setenv (REGISTRY, registry, TRUE);
}

static void
set_rank (const char *feature, guint rank)
{
  g_autoptr (GstPluginFeature) found = gst_registry_lookup_feature (gst_registry_get (), feature);

  if (found != NULL)
    gst_plugin_feature_set_rank (found, rank);
}

void
player_gst_plugins_rank (void)
{
  /* libav costs some 40 MB and is of the same rank; it is needed for AAC only, where it is exact.
   */
  set_rank ("mpg123audiodec", GST_RANK_PRIMARY + 100);
  set_rank ("avdec_aac", GST_RANK_PRIMARY + 100);
}

/* --- what has been left out --- */

/* Whether player_gst_plugins_choose() has left out some. */
static gboolean
is_reduced (void)
{
  const char *path = g_getenv (SYSTEM_PATH);

  return path != NULL && strstr (path, "/" FOLDER G_SEARCHPATH_SEPARATOR_S) != NULL;
}

/* Whoever comes while another thread is at it does the same: GStreamer takes each plug-in once. */
static void
load_libav (void)
{
  g_autofree char *file = g_build_filename (PLUGIN_DIR, "libgstlibav.so", NULL);
  g_autoptr (GstPlugin) known = gst_registry_find_plugin (gst_registry_get (), "libav");

  if (known != NULL)
    return;
  g_autoptr (GstPlugin) plugin = gst_plugin_load_file (file, NULL);
  player_gst_plugins_rank ();
}

static gpointer
load_aac (gpointer data)
{
  g_autoptr (GstPluginFeature) decoder = NULL;

  if (is_reduced ())
    load_libav ();
  decoder = gst_registry_lookup_feature (gst_registry_get (), "avdec_aac");
  g_autoptr (GstPluginFeature) loaded = decoder != NULL ? gst_plugin_feature_load (decoder) : NULL;
  return NULL;
}

void
player_gst_plugins_expect_aac (void)
{
  g_autoptr (GstPlugin) known = gst_registry_find_plugin (gst_registry_get (), "libav");

  if (known == NULL || !gst_plugin_is_loaded (known))
    g_thread_unref (g_thread_new ("segue-libav", load_aac, NULL));
}

static void
load_all (void)
{
  GObject *registry = G_OBJECT (gst_registry_get ());

  if (g_object_get_data (registry, COMPLETE) != NULL)
    return;
  g_debug ("looking at all plug-ins of GStreamer");
  gst_registry_scan_path (gst_registry_get (), PLUGIN_DIR);
  g_object_set_data (registry, COMPLETE, GINT_TO_POINTER (TRUE));
  player_gst_plugins_rank ();
}

static gboolean
has_element (GstCaps *caps, GstElementFactoryListType type)
{
  GList *all = gst_element_factory_list_get_elements (type, GST_RANK_MARGINAL);
  GList *fit = gst_element_factory_list_filter (all, caps, GST_PAD_SINK, FALSE);
  const gboolean found = fit != NULL;

  gst_plugin_feature_list_free (fit);
  gst_plugin_feature_list_free (all);
  return found;
}

static gboolean
has_decoder (GstCaps *caps)
{
  return has_element (caps, GST_ELEMENT_FACTORY_TYPE_DECODABLE);
}

/* libav decodes all that is asked for here; what else has been left out is not looked at. */
gboolean
player_gst_plugins_may_decode (GstCaps *caps, guint64 type)
{
  g_autofree char *libav = g_build_filename (PLUGIN_DIR, "libgstlibav.so", NULL);

  return has_element (caps, type)
         || ((type & GST_ELEMENT_FACTORY_TYPE_DECODER) != 0 && is_reduced ()
             && g_file_test (libav, G_FILE_TEST_EXISTS));
}

static gboolean
is_aac (const GstStructure *structure)
{
  int version = 0;

  return gst_structure_has_name (structure, "audio/mpeg")
         && gst_structure_get_int (structure, "mpegversion", &version) && version != 1;
}

void
player_gst_plugins_find_decoder (GstCaps *caps)
{
  const GstStructure *structure = gst_caps_is_any (caps) || gst_caps_is_empty (caps)
                                      ? NULL
                                      : gst_caps_get_structure (caps, 0);

  if (!is_reduced () || structure == NULL || gst_structure_has_name (structure, "audio/x-raw")
      || !(g_str_has_prefix (gst_structure_get_name (structure), "audio/")
           || g_str_has_prefix (gst_structure_get_name (structure), "application/")))
    return;
  if (is_aac (structure) || !has_decoder (caps))
    load_libav ();
  if (!has_decoder (caps))
    load_all ();
}

void
player_gst_plugins_warm (void)
{
  static const char *const common[] = { "decodebin",
                                        "typefind",
                                        "multiqueue",
                                        "audioconvert",
                                        "audioresample",
                                        "capsfilter",
                                        "id3demux",
                                        "flacparse",
                                        "flacdec",
                                        "mpegaudioparse",
                                        "filesrc",
                                        "mpg123audiodec",
                                        PLAYER_GST_HTTPSRC_NAME };

  g_autoptr (GstElement) pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  for (guint i = 0; i < G_N_ELEMENTS (common); i++)
    {
      GstElement *element = gst_element_factory_make (common[i], NULL);

      if (element != NULL)
        gst_bin_add (GST_BIN (pipeline), element);
    }
  /* typefinders are loaded with the first bytes that have to be recognised */
  g_autoptr (GstPlugin) typefinders = gst_plugin_load_by_name ("typefindfunctions");
  g_autoptr (SoupSession) session = soup_session_new_with_options ("proxy-resolver", NULL, NULL);
}

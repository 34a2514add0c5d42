/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-missing.h"

#include <gst/pbutils/pbutils.h>

#define BASE "gstreamer1.0-plugins-base"
#define GOOD "gstreamer1.0-plugins-good"
#define BAD "gstreamer1.0-plugins-bad"
#define UGLY "gstreamer1.0-plugins-ugly"
#define LIBAV "gstreamer1.0-libav"

/* What in Debian 12 decodes it, or takes it apart; the first that fits counts. */
typedef struct
{
  const char *caps;
  const char *package;
} Supplier;

static const Supplier suppliers[] = {
  { "audio/mpeg, mpegversion=(int)1", GOOD },
  { "audio/mpeg", LIBAV },
  { "audio/x-flac", GOOD },
  { "audio/x-vorbis", BASE },
  { "audio/x-opus", BASE },
  { "audio/x-alac", LIBAV },
  { "audio/x-ac3", LIBAV },
  { "audio/x-eac3", LIBAV },
  { "audio/x-dts", LIBAV },
  { "audio/x-wma", LIBAV },
  { "audio/x-ape", LIBAV },
  { "audio/x-tta", LIBAV },
  { "audio/x-adpcm", LIBAV },
  { "audio/x-wavpack", GOOD },
  { "audio/x-speex", GOOD },
  { "audio/x-mulaw", GOOD },
  { "audio/x-alaw", GOOD },
  { "audio/x-musepack", BAD },
  { "audio/x-mod", BAD },
  { "audio/midi", BAD },
  { "audio/AMR", UGLY },
  { "audio/AMR-WB", LIBAV },
  { "application/x-hls", BAD },
  { "application/dash+xml", BAD },
  { "application/vnd.ms-sstr+xml", BAD },
  { "video/mpegts", BAD },
  { "audio/x-aiff", BAD },
  { "application/ogg", BASE },
  { "audio/ogg", BASE },
  { "audio/x-wav", GOOD },
  { "audio/x-au", GOOD },
  { "video/quicktime", GOOD },
  { "audio/x-m4a", GOOD },
  { "application/x-3gp", GOOD },
  { "video/x-matroska", GOOD },
  { "audio/x-matroska", GOOD },
  { "video/webm", GOOD },
  { "audio/webm", GOOD },
  { "application/x-id3", GOOD },
  { "application/x-apetag", GOOD },
  { "application/x-icy", GOOD },
  { "video/x-ms-asf", UGLY },
  { "application/vnd.rn-realmedia", UGLY },
};

/* (nullable) */
static const char *
find_package (const GstCaps *caps)
{
  for (guint i = 0; i < G_N_ELEMENTS (suppliers); i++)
    {
      g_autoptr (GstCaps) known = gst_caps_from_string (suppliers[i].caps);

      if (gst_caps_can_intersect (known, caps))
        return suppliers[i].package;
    }
  return NULL;
}

static char *
describe_decoder (const GstCaps *caps)
{
  g_autofree char *codec = gst_pb_utils_get_codec_description (caps);
  const char *package = find_package (caps);

  if (package == NULL)
    return g_strdup_printf ("no decoder for %s", codec);
  return g_strdup_printf ("no decoder for %s: install %s", codec, package);
}

char *
player_gst_missing_describe (GstMessage *message)
{
  GstCaps *caps = NULL;

  if (!gst_is_missing_plugin_message (message))
    return NULL;
  if (gst_structure_get (gst_message_get_structure (message), "detail", GST_TYPE_CAPS, &caps, NULL))
    {
      char *text = describe_decoder (caps);

      gst_caps_unref (caps);
      return text;
    }
  g_autofree char *what = gst_missing_plugin_message_get_description (message);
  return g_strdup_printf ("a GStreamer plug-in is missing: %s", what);
}

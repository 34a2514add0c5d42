/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-missing.h"

#include <string.h>

/* The messages are those of GStreamer's libgstpbutils, which is not linked: with it a library for video
 * would be loaded at each start. */
#define MESSAGE "missing-plugin"
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

/* @name: such as "MPEG-4 AAC decoder". */
static char *
describe_decoder (const GstCaps *caps, const char *name)
{
  const char *kind = strrchr (name, ' ');
  g_autofree char *codec = g_strndup (name, kind != NULL ? (gsize)(kind - name) : strlen (name));
  const char *package = find_package (caps);

  if (package == NULL)
    return g_strdup_printf ("no decoder for %s", codec);
  return g_strdup_printf ("no decoder for %s: install %s", codec, package);
}

char *
player_gst_missing_describe (GstMessage *message)
{
  const GstStructure *structure = gst_message_get_structure (message);
  GstCaps *caps = NULL;

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ELEMENT || !gst_message_has_name (message, MESSAGE))
    return NULL;
  const char *name = gst_structure_get_string (structure, "name");
  if (name == NULL)
    name = "something unknown";
  if (gst_structure_get (structure, "detail", GST_TYPE_CAPS, &caps, NULL))
    {
      char *text = describe_decoder (caps, name);

      gst_caps_unref (caps);
      return text;
    }
  return g_strdup_printf ("a GStreamer plug-in is missing: %s", name);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-probe.h"

#include <gio/gio.h>

#include "player-gst-plugins.h"
#include "player-gst-sink.h"

/* A format needs a way into what holds it, and a decoder of what is held. */
typedef struct
{
  const char *format;
  const char *caps;
  gboolean decoder; /* else a demuxer or a parser */
  const char *package;
} Need;

static const Need needs[] = {
  { "MP3", "audio/mpeg, mpegversion=(int)1, layer=(int)3", TRUE, "gstreamer1.0-plugins-good" },
  { "AAC", "audio/mpeg, mpegversion=(int)4", TRUE, "gstreamer1.0-libav" },
  { "MP4", "video/quicktime", FALSE, "gstreamer1.0-plugins-good" },
  { "FLAC", "audio/x-flac", TRUE, "gstreamer1.0-plugins-good" },
  { "Ogg", "application/ogg", FALSE, "gstreamer1.0-plugins-base" },
  { "Vorbis", "audio/x-vorbis", TRUE, "gstreamer1.0-plugins-base" },
  { "Opus", "audio/x-opus", TRUE, "gstreamer1.0-plugins-base" },
  { "WAV", "audio/x-wav", FALSE, "gstreamer1.0-plugins-good" },
  { "HLS", "application/x-hls", FALSE, "gstreamer1.0-plugins-bad" },
  { "MPEG-TS", "video/mpegts", FALSE, "gstreamer1.0-plugins-bad" },
};

void
player_gst_probe_formats (PlayerGstProbeFunc func, gpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (needs); i++)
    {
      g_autoptr (GstCaps) caps = gst_caps_from_string (needs[i].caps);
      const gboolean there = player_gst_plugins_may_decode (
          caps, needs[i].decoder
                    ? GST_ELEMENT_FACTORY_TYPE_DECODER
                    : GST_ELEMENT_FACTORY_TYPE_DEMUXER | GST_ELEMENT_FACTORY_TYPE_PARSER);

      func (needs[i].format, there ? NULL : needs[i].package, data);
    }
}

/* What the sink says of why it does not open. */
static void
take_complaint (GstBus *bus, const char *name, GError **error)
{
  g_autoptr (GstMessage) message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  g_autoptr (GError) why = NULL;

  if (message != NULL)
    gst_message_parse_error (message, &why, NULL);
  g_autofree char *line = g_strdup (why != NULL ? why->message : "it cannot be opened");
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", name,
               g_strdelimit (line, "\r\n", ' '));
}

char *
player_gst_probe_sink (const char *description, guint buffer_ms, GError **error)
{
  g_autofree char *name = NULL;
  g_autoptr (GstElement) sink = player_gst_sink_make (description, buffer_ms, &name, error);
  g_autoptr (GstBus) bus = gst_bus_new ();

  if (sink == NULL)
    return NULL;
  gst_element_set_bus (sink, bus);
  const gboolean opened = gst_element_set_state (sink, GST_STATE_READY) != GST_STATE_CHANGE_FAILURE;
  if (!opened)
    take_complaint (bus, name != NULL ? name : description, error);
  gst_element_set_state (sink, GST_STATE_NULL);
  gst_element_set_bus (sink, NULL);
  if (!opened)
    return NULL;
  return name != NULL ? g_steal_pointer (&name) : g_strdup (description);
}

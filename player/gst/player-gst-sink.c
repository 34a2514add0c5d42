/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-sink.h"

#include <gio/gio.h>

#include "player-gst-pulse-sink.h"
#include "player-gst-rewind.h"

/* Ours. It has a factory only where Segue has been built with PipeWire. */
#define PIPEWIRE "seguepipewiresink"
#define CLIENT_NAME "Segue"
#define MIN_PERIOD_MS 5
#define MAX_PERIOD_MS 20
/* Of sinks that can take back: what they hold at least … */
#define REWIND_BUFFER_MS 200
/* … and what of it lies in the device. */
#define REWIND_DEVICE_MS 10

static gboolean
sink_has_property (GstElement *element, const char *name)
{
  return g_object_class_find_property (G_OBJECT_GET_CLASS (element), name) != NULL;
}

/* What the sound server shows, unless the description says otherwise. */
static void
sink_set_client (GstElement *element)
{
  g_autoptr (GstStructure) told = NULL;

  if (!sink_has_property (element, "client-name")
      || !sink_has_property (element, "stream-properties"))
    return;
  g_object_get (element, "stream-properties", &told, NULL);
  if (told != NULL)
    return;
  g_autoptr (GstStructure) properties = gst_structure_new (
      "properties", "application.name", G_TYPE_STRING, CLIENT_NAME, "application.icon_name",
      G_TYPE_STRING, "multimedia-player", "media.role", G_TYPE_STRING, "music", NULL);
  g_object_set (element, "client-name", CLIENT_NAME, "stream-properties", properties, NULL);
}

/* Three periods fill the buffer, as three blocks of the pump do: one is played, one waits, one is being
 * made. Each period wakes up the client and the server. */
guint
player_gst_sink_get_period_ms (guint buffer_ms)
{
  return CLAMP (buffer_ms / 3, MIN_PERIOD_MS, MAX_PERIOD_MS);
}

guint
player_gst_sink_get_most_ms (guint buffer_ms)
{
  return MAX (buffer_ms, REWIND_BUFFER_MS);
}

/* Where commands do not wait for what it holds, a sink holds more and asks rarely. Two periods leave the
 * server so much for the device, which is as late as commands are heard. */
static guint
sink_get_rewind_period_ms (guint buffer_ms)
{
  return (buffer_ms - 2 * REWIND_DEVICE_MS) / 2;
}

static void
sink_set_buffer (GstElement *element, guint wanted_ms)
{
  const gboolean rewinds = PLAYER_IS_GST_REWIND (element);
  const guint buffer_ms = rewinds ? player_gst_sink_get_most_ms (wanted_ms) : wanted_ms;
  const guint period_ms
      = rewinds ? sink_get_rewind_period_ms (buffer_ms) : player_gst_sink_get_period_ms (buffer_ms);

  if (sink_has_property (element, "buffer-time"))
    g_object_set (element, "buffer-time", (gint64)buffer_ms * 1000, NULL);
  if (sink_has_property (element, "latency-time"))
    g_object_set (element, "latency-time", (gint64)period_ms * 1000, NULL);
  if (sink_has_property (element, "enable-last-sample"))
    g_object_set (element, "enable-last-sample", FALSE, NULL);
  sink_set_client (element);
}

static char *
sink_dup_name (GstElement *element)
{
  GstElementFactory *factory = gst_element_get_factory (element);

  return g_strdup (factory != NULL ? GST_OBJECT_NAME (factory) : G_OBJECT_TYPE_NAME (element));
}

/* The first sink that can be opened; it stays open. Ours can where PipeWire runs and has an audio
 * output, so that it does not merely serve video beside a PulseAudio. Where ours is not built,
 * PulseAudio's also serves PipeWire, with a better clock than that of PipeWire's own. */
static GstElement *
sink_probe (guint buffer_ms, char **name, GError **error)
{
  static const char *const candidates[]
      = { PIPEWIRE, PLAYER_GST_PULSE_SINK_NAME, "pulsesink", "pipewiresink", "alsasink" };

  for (guint i = 0; i < G_N_ELEMENTS (candidates); i++)
    {
      GstElement *sink = gst_element_factory_make (candidates[i], NULL);

      if (sink == NULL)
        continue;
      gst_object_ref_sink (sink);
      sink_set_buffer (sink, buffer_ms);
      if (gst_element_set_state (sink, GST_STATE_READY) == GST_STATE_CHANGE_SUCCESS)
        {
          *name = g_strdup (candidates[i]);
          return sink;
        }
      gst_element_set_state (sink, GST_STATE_NULL);
      gst_object_unref (sink);
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
               "No audio output was found: neither PulseAudio, PipeWire nor ALSA could be opened");
  return NULL;
}

static void
sink_set_up (const GValue *value, gpointer data)
{
  sink_set_buffer (g_value_get_object (value), *(const guint *)data);
}

static void
sink_find_name (const GValue *value, gpointer data)
{
  char **name = data;

  g_free (*name);
  *name = sink_dup_name (g_value_get_object (value));
}

GstElement *
player_gst_sink_make (const char *description, guint buffer_ms, char **name, GError **error)
{
  if (g_strcmp0 (description, "auto") == 0)
    return sink_probe (buffer_ms, name, error);

  g_autoptr (GError) problem = NULL;
  const gboolean pipewire = g_strcmp0 (description, "pipewire") == 0;
  GstElement *bin = gst_parse_bin_from_description_full (
      pipewire ? PIPEWIRE : description, TRUE, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &problem);
  if (bin == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "Audio sink “%s”: %s",
                   description, problem->message);
      return NULL;
    }
  gst_object_ref_sink (bin);
  g_autoptr (GstIterator) all = gst_bin_iterate_recurse (GST_BIN (bin));
  gst_iterator_foreach (all, sink_set_up, &buffer_ms);
  g_autoptr (GstIterator) sinks = gst_bin_iterate_sinks (GST_BIN (bin));
  gst_iterator_foreach (sinks, sink_find_name, name);
  return bin;
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* The bare pipeline that segued is compared with, in a process that is there already.
 * Usage: bench-bare SINK, where SINK is a bin description. Reads one command a line:
 *   play OFFSET_MS SOURCE    SOURCE ! decodebin ! audioconvert ! audioresample ! SINK
 *   playbin URI URI          one after the other by playbin's about-to-finish
 *   pause, resume, stop
 *   position                 what a query says
 * Answers with one line: ok|failed BEGIN_NS VALUE, in CLOCK_MONOTONIC: when the pipeline, already
 * built, was told so; VALUE is the position in ns. */

#include <gst/gst.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PREROLL_NS (10 * GST_SECOND)

typedef struct
{
  const char *sink;
  GstElement *pipeline; /* (owned) (nullable) */
  char *second_uri;     /* (owned) (nullable) */
} Bare;

static gint64
now_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

static void
bare_stop (Bare *self)
{
  if (self->pipeline != NULL)
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
  g_clear_pointer (&self->pipeline, gst_object_unref);
  g_clear_pointer (&self->second_uri, g_free);
}

static gboolean
bare_preroll (Bare *self)
{
  return gst_element_get_state (self->pipeline, NULL, NULL, PREROLL_NS) == GST_STATE_CHANGE_SUCCESS;
}

static gboolean
bare_play (Bare *self, const char *source, gint64 offset_ms, gint64 *begin_ns)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *description = g_strdup_printf (
      "%s ! decodebin ! audioconvert dithering=none ! audioresample ! %s", source, self->sink);

  self->pipeline = gst_parse_launch (description, &error);
  if (error != NULL)
    {
      g_printerr ("bench-bare: %s\n", error->message);
      return FALSE;
    }
  *begin_ns = now_ns ();
  if (offset_ms > 0)
    {
      gst_element_set_state (self->pipeline, GST_STATE_PAUSED);
      if (!bare_preroll (self)
          || !gst_element_seek_simple (self->pipeline, GST_FORMAT_TIME,
                                       GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE,
                                       offset_ms * (gint64)GST_MSECOND)
          || !bare_preroll (self))
        return FALSE;
    }
  return gst_element_set_state (self->pipeline, GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE;
}

static void
on_about_to_finish (GstElement *playbin, gpointer data)
{
  Bare *self = data;
  g_autofree char *uri = g_steal_pointer (&self->second_uri);

  if (uri != NULL)
    g_object_set (playbin, "uri", uri, NULL);
}

static gboolean
bare_playbin (Bare *self, const char *uris, gint64 *begin_ns)
{
  g_auto (GStrv) both = g_strsplit (uris, " ", 2);
  g_autofree char *description
      = g_strdup_printf ("audioconvert dithering=none ! audioresample ! %s", self->sink);
  g_autoptr (GError) error = NULL;
  GstElement *sink = gst_parse_bin_from_description (description, TRUE, &error);

  self->pipeline = gst_element_factory_make ("playbin", NULL);
  if (sink == NULL || self->pipeline == NULL || g_strv_length (both) != 2)
    return FALSE;
  gst_util_set_object_arg (G_OBJECT (self->pipeline), "flags", "audio");
  g_object_set (self->pipeline, "uri", both[0], "audio-sink", sink, NULL);
  self->second_uri = g_strdup (both[1]);
  g_signal_connect (self->pipeline, "about-to-finish", G_CALLBACK (on_about_to_finish), self);
  *begin_ns = now_ns ();
  return gst_element_set_state (self->pipeline, GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE;
}

/* What is done with a pipeline that plays; FALSE: it is none of these. */
static gboolean
bare_steer (Bare *self, const char *line, gint64 *begin_ns, gint64 *value)
{
  *begin_ns = now_ns ();
  if (g_str_equal (line, "position"))
    return gst_element_query_position (self->pipeline, GST_FORMAT_TIME, value);
  if (g_str_equal (line, "pause"))
    return gst_element_set_state (self->pipeline, GST_STATE_PAUSED) != GST_STATE_CHANGE_FAILURE;
  if (g_str_equal (line, "resume"))
    return gst_element_set_state (self->pipeline, GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE;
  return FALSE;
}

static gboolean
bare_obey (Bare *self, char *line, gint64 *begin_ns, gint64 *value)
{
  char *rest = NULL;

  g_strchomp (line);
  if (self->pipeline != NULL && bare_steer (self, line, begin_ns, value))
    return TRUE;
  *begin_ns = now_ns ();
  bare_stop (self);
  if (g_str_has_prefix (line, "playbin "))
    return bare_playbin (self, line + strlen ("playbin "), begin_ns);
  if (g_str_has_prefix (line, "play "))
    {
      const gint64 offset_ms = g_ascii_strtoll (line + strlen ("play "), &rest, 10);

      return bare_play (self, rest, offset_ms, begin_ns);
    }
  return g_str_equal (line, "stop");
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  Bare self = { argc == 2 ? argv[1] : NULL, NULL, NULL };
  char *line = NULL;
  size_t size = 0;

  if (self.sink == NULL)
    {
      g_printerr ("usage: bench-bare SINK\n");
      return EXIT_FAILURE;
    }
  while (getline (&line, &size, stdin) > 0)
    {
      gint64 begin_ns = 0, value = -1;
      const gboolean ok = bare_obey (&self, line, &begin_ns, &value);

      printf ("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n", ok ? "ok" : "failed", begin_ns,
              value);
      fflush (stdout);
    }
  bare_stop (&self);
  free (line);
  return EXIT_SUCCESS;
}

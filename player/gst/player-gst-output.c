/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-output.h"

#include <gio/gio.h>
#include <gst/audio/audio.h>

#include "player-gst-reader.h"
#include "player-gst-sink.h"
#include "player-gst-snapcast.h"
#include "player-gst-spout.h"

/* So long a sink may take to change its state before the next one is asked of it. */
#define STATE_TIMEOUT (2 * GST_SECOND)

struct _PlayerGstOutput
{
  PlayerGstPump *pump; /* (owned) */
  char *sink;          /* (owned) */
  guint buffer_ms;
  GMainContext *context; /* (owned) */
  PlayerGstWorkers *workers;
  PlayerGstOutputFunc func;
  gpointer func_data;

  PlayerGstOutputState wanted;
  PlayerGstOutputState actual;
  guint rate;
  gboolean busy;        /* a worker is at it */
  gboolean closing;     /* has to be closed first, whatever is wanted then: broken, or let go */
  GstElement *pipeline; /* (owned) (nullable) */
  GSource *watch;       /* (owned) (nullable) */
  char *sink_name;      /* (owned) (nullable) */
};

/* One step, carried out by a worker. */
typedef struct
{
  PlayerGstOutput *output;
  GstElement *pipeline; /* (owned) (nullable): NULL = open one */
  PlayerGstOutputState to;
  guint rate;
  char *sink_name; /* (owned) (nullable) */
  char *error;     /* (owned) (nullable) */
} Step;

/* --- worker --- */

/* Three blocks fill the sink's buffer: fewer, and it would run dry while one is made; more, and
 * everybody would wake up more often than need be. What lies in a block is out of reach of commands,
 * so that it stays short where the buffer is large. A snapserver wants two for each of its chunks. */
static guint
step_get_block_ms (Step *step)
{
  if (g_strcmp0 (step->sink_name, PLAYER_GST_SNAPCAST_NAME) == 0)
    return 10;
  return CLAMP (step->output->buffer_ms / 3, 5, 20);
}

static GstElement *
step_make_filter (guint rate)
{
  GstElement *filter = gst_element_factory_make ("capsfilter", NULL);
  g_autoptr (GstCaps) caps
      = gst_caps_new_simple ("audio/x-raw", "format", G_TYPE_STRING, GST_AUDIO_NE (F32), "layout",
                             G_TYPE_STRING, "interleaved", "rate", G_TYPE_INT, (gint)rate,
                             "channels", G_TYPE_INT, PLAYER_GST_CHANNELS, NULL);

  g_object_set (filter, "caps", caps, NULL);
  return filter;
}

/* Without dithering what comes out of a 16 bit source goes into a 16 bit sink bit by bit. */
static GstElement *
step_make_converter (void)
{
  GstElement *converter = gst_element_factory_make ("audioconvert", NULL);

  gst_util_set_object_arg (G_OBJECT (converter), "dithering", "none");
  gst_util_set_object_arg (G_OBJECT (converter), "noise-shaping", "none");
  return converter;
}

static GstElement *
step_build (Step *step, GError **error)
{
  PlayerGstOutput *self = step->output;
  g_autoptr (GstElement) sink
      = player_gst_sink_make (self->sink, self->buffer_ms, &step->sink_name, error);

  if (sink == NULL)
    return NULL;
  GstElement *pipeline = gst_object_ref_sink (gst_pipeline_new ("output"));
  GstElement *filter = step_make_filter (step->rate);
  GstElement *converter = step_make_converter ();
  GstElement *resampler = gst_element_factory_make ("audioresample", NULL);
  GstElement *spout = player_gst_spout_new (self->pump, step->rate, step_get_block_ms (step));
  gst_bin_add_many (GST_BIN (pipeline), spout, filter, converter, resampler, sink, NULL);
  gst_element_link_many (spout, filter, converter, resampler, sink, NULL);
  return pipeline;
}

static void
step_bury (Step *step)
{
  gst_element_set_state (step->pipeline, GST_STATE_NULL);
  g_clear_pointer (&step->pipeline, gst_object_unref);
}

static char *
step_dup_error (Step *step)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (step->pipeline);
  g_autoptr (GstMessage) message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  g_autoptr (GError) error = NULL;

  if (message == NULL)
    return g_strdup ("The audio output cannot be opened");
  gst_message_parse_error (message, &error, NULL);
  return g_strdup (error->message);
}

static void
step_open (Step *step)
{
  g_autoptr (GError) error = NULL;

  step->pipeline = step_build (step, &error);
  if (step->pipeline == NULL)
    step->error = g_strdup (error->message);
}

static void
step_work (gpointer data)
{
  Step *step = data;

  if (step->to == PLAYER_GST_OUTPUT_CLOSED)
    {
      step_bury (step);
      return;
    }
  if (step->pipeline == NULL)
    step_open (step);
  if (step->pipeline == NULL)
    return;
  const GstState state
      = step->to == PLAYER_GST_OUTPUT_PLAYING ? GST_STATE_PLAYING : GST_STATE_PAUSED;
  if (gst_element_set_state (step->pipeline, state) == GST_STATE_CHANGE_FAILURE)
    {
      step->error = step_dup_error (step);
      step_bury (step);
    }
  else
    /* One state change at a time: a pipeline that is told to play while it still prerolls for a
     * pause may stay paused for ever. What fails meanwhile is told by the bus. */
    gst_element_get_state (step->pipeline, NULL, NULL, STATE_TIMEOUT);
}

/* --- main context --- */

static void output_advance (PlayerGstOutput *self);

static void
output_unwatch (PlayerGstOutput *self)
{
  if (self->watch != NULL)
    g_source_destroy (self->watch);
  g_clear_pointer (&self->watch, g_source_unref);
}

static void
output_tell (PlayerGstOutput *self, const char *message, gboolean opened)
{
  if (self->func != NULL)
    self->func (self, message, opened, self->func_data);
}

static gboolean
output_on_message (GstBus *bus, GstMessage *message, gpointer data)
{
  PlayerGstOutput *self = data;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_LATENCY)
    gst_bin_recalculate_latency (GST_BIN (self->pipeline));
  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR)
    return G_SOURCE_CONTINUE;
  g_autoptr (GError) error = NULL;
  gst_message_parse_error (message, &error, NULL);
  output_unwatch (self);
  player_gst_output_set_state (self, PLAYER_GST_OUTPUT_CLOSED, 0);
  output_tell (self, error->message, TRUE);
  return G_SOURCE_REMOVE;
}

static void
output_watch (PlayerGstOutput *self)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);

  self->watch = gst_bus_create_watch (bus);
  g_source_set_callback (self->watch, G_SOURCE_FUNC (output_on_message), self, NULL);
  g_source_attach (self->watch, self->context);
}

static void
step_done (gpointer data)
{
  Step *step = data;
  PlayerGstOutput *self = step->output;
  const gboolean opened = self->actual != PLAYER_GST_OUTPUT_CLOSED;

  self->busy = FALSE;
  self->actual = step->error == NULL ? step->to : PLAYER_GST_OUTPUT_CLOSED;
  g_set_object (&self->pipeline, step->pipeline);
  if (step->sink_name != NULL)
    {
      g_free (self->sink_name);
      self->sink_name = g_steal_pointer (&step->sink_name);
    }
  if (step->error != NULL && !(opened && self->watch == NULL)) /* else it has been told */
    {
      output_unwatch (self);
      self->wanted = PLAYER_GST_OUTPUT_CLOSED;
      output_tell (self, step->error, opened);
    }
  else if (self->pipeline != NULL && self->watch == NULL && !self->closing)
    output_watch (self);
  g_clear_object (&step->pipeline);
  g_free (step->sink_name);
  g_free (step->error);
  g_free (step);
  output_advance (self);
}

static void
output_advance (PlayerGstOutput *self)
{
  if (self->busy)
    return;
  if (self->actual == PLAYER_GST_OUTPUT_CLOSED)
    self->closing = FALSE;
  const PlayerGstOutputState to = self->closing ? PLAYER_GST_OUTPUT_CLOSED : self->wanted;
  if (to == self->actual)
    return;
  Step *step = g_new0 (Step, 1);
  step->output = self;
  step->to = to;
  step->rate = self->rate;
  step->pipeline = self->pipeline != NULL ? gst_object_ref (self->pipeline) : NULL;
  self->busy = TRUE;
  if (to == PLAYER_GST_OUTPUT_CLOSED)
    {
      output_unwatch (self);
      g_clear_object (&self->pipeline);
    }
  player_gst_workers_run (self->workers, "segue-output", step_work, step_done, step);
}

void
player_gst_output_set_state (PlayerGstOutput *self, PlayerGstOutputState state, guint rate)
{
  self->wanted = state;
  self->rate = rate;
  self->closing |= state == PLAYER_GST_OUTPUT_CLOSED;
  output_advance (self);
}

PlayerGstOutputState
player_gst_output_get_wanted (PlayerGstOutput *self)
{
  return self->wanted;
}

void
player_gst_output_shut (PlayerGstOutput *self)
{
  self->func = NULL;
  output_unwatch (self);
  player_gst_output_set_state (self, PLAYER_GST_OUTPUT_CLOSED, 0);
}

gboolean
player_gst_output_get_position (PlayerGstOutput *self, GstClockTime *position_ns)
{
  gint64 position = -1;

  if (self->pipeline == NULL
      || !gst_element_query_position (self->pipeline, GST_FORMAT_TIME, &position) || position < 0)
    return FALSE;
  *position_ns = (GstClockTime)position;
  return TRUE;
}

const char *
player_gst_output_get_sink_name (PlayerGstOutput *self)
{
  return self->sink_name;
}

PlayerGstOutput *
player_gst_output_new (PlayerGstPump *pump,
                       const char *sink,
                       guint buffer_ms,
                       GMainContext *context,
                       PlayerGstWorkers *workers,
                       PlayerGstOutputFunc func,
                       gpointer data,
                       GError **error)
{
  if (g_strcmp0 (sink, "auto") != 0)
    {
      g_autofree char *name = NULL;
      g_autoptr (GstElement) probe = player_gst_sink_make (sink, buffer_ms, &name, error);

      if (probe == NULL)
        return NULL;
    }
  PlayerGstOutput *self = g_new0 (PlayerGstOutput, 1);
  self->pump = g_object_ref (pump);
  self->sink = g_strdup (sink);
  self->buffer_ms = buffer_ms;
  self->context = g_main_context_ref (context);
  self->workers = workers;
  self->func = func;
  self->func_data = data;
  return self;
}

void
player_gst_output_free (PlayerGstOutput *self)
{
  output_unwatch (self);
  g_clear_object (&self->pipeline);
  g_object_unref (self->pump);
  g_main_context_unref (self->context);
  g_free (self->sink);
  g_free (self->sink_name);
  g_free (self);
}

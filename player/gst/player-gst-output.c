/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-output.h"

#include <gio/gio.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <string.h>

#include "player-gst-delay.h"
#include "player-gst-rewind.h"
#include "player-gst-sink.h"
#include "player-gst-snapcast.h"
#include "player-gst-spout.h"

/* So long a sink may take to change its state before the next one is asked of it. */
#define STATE_TIMEOUT (2 * GST_SECOND)
/* How often it is looked meanwhile whether that is still wanted. */
#define STATE_LOOK (10 * GST_MSECOND)
/* A step that has not ended then is given up: a sink that hangs. */
#define OPEN_TIMEOUT_MS 5000
#define CLOSE_TIMEOUT_MS 2000
/* A sink that has taken nothing for so long while it plays, hangs. */
#define STUCK_MS 2000
/* So many pipelines that hang may be left behind at a time; each holds a thread or two. */
#define MAX_LEFT_BEHIND 3
/* Name of the element. */
#define SPOUT "spout"
/* PipeWire's own sink drops what it is given before its stream runs: one block. */
#define PIPEWIRE "pipewiresink"
#define PIPEWIRE_LEAD_BLOCKS 3
/* … and does not count what waits in PipeWire: with the usual cycles of 1024 frames 22 … 41 ms, one
 * figure as long as it plays. */
#define PIPEWIRE_LATENCY_NS (35 * GST_MSECOND)

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
  guint pipeline_rate;  /* that the pipeline was made for */
  gboolean preparing;   /* is opened in order to rest */
  gboolean resting;     /* has to rest first, whatever is wanted then */
  gboolean closing;     /* … has to be closed first: broken, or let go */
  gboolean has_played;  /* since the engine was made */
  GstElement *pipeline; /* (owned) (nullable) */
  GSource *watch;       /* (owned) (nullable): of its bus */
  char *sink_name;      /* (owned) (nullable) */

  struct Step *step;    /* (owned) (nullable): a worker is at it */
  GSource *step_timer;  /* (owned) (nullable) */
  GSource *stuck_timer; /* (owned) (nullable) */
  guint64 stuck_frames; /* had left the pump when it was looked last */
  guint left_behind;
};

/* One step, carried out by a worker. */
typedef struct Step
{
  PlayerGstOutput *output; /* not for the worker */
  int given_up;            /* atomic: whoever has it in hand, buries it */
  int unwanted;            /* atomic: something else is to be done first; not waited for any more */
  char *sink;              /* (owned) */
  guint buffer_ms;
  GstElement *spout;    /* (owned) (nullable): for a pipeline that is to be opened */
  GstElement *pipeline; /* (owned) (nullable) */
  PlayerGstOutputState to;
  char *sink_name; /* (owned) (nullable) */
  char *error;     /* (owned) (nullable) */
  gboolean hopeless;
} Step;

static void
step_free (Step *step)
{
  g_clear_object (&step->pipeline);
  g_clear_object (&step->spout);
  g_free (step->sink);
  g_free (step->sink_name);
  g_free (step->error);
  g_free (step);
}

/* --- worker --- */

/* Without dithering what comes out of a 16 bit source goes into a 16 bit sink bit by bit. */
static GstElement *
step_make_converter (void)
{
  GstElement *converter = gst_element_factory_make ("audioconvert", NULL);

  gst_util_set_object_arg (G_OBJECT (converter), "dithering", "none");
  gst_util_set_object_arg (G_OBJECT (converter), "noise-shaping", "none");
  return converter;
}

/* (nullable): @sink, or what is alone in it, if it can take back. */
static PlayerGstRewind *
step_find_rewind (GstElement *sink)
{
  if (PLAYER_IS_GST_REWIND (sink))
    return PLAYER_GST_REWIND (sink);
  if (!GST_IS_BIN (sink) || GST_BIN_NUMCHILDREN (sink) != 1)
    return NULL;
  return step_find_rewind (GST_BIN_CHILDREN (sink)->data);
}

static GstElement *
step_build (Step *step, GError **error)
{
  g_autoptr (GstElement) sink
      = player_gst_sink_make (step->sink, step->buffer_ms, &step->sink_name, error);

  if (sink == NULL)
    return NULL;
  GstElement *pipeline = gst_object_ref_sink (gst_pipeline_new ("output"));
  GstElement *converter = step_make_converter ();
  GstElement *resampler = gst_element_factory_make ("audioresample", NULL);
  gst_object_set_name (GST_OBJECT (step->spout), SPOUT);
  if (g_str_equal (step->sink_name, PIPEWIRE))
    player_gst_spout_set_lead (PLAYER_GST_SPOUT (step->spout), PIPEWIRE_LEAD_BLOCKS);
  else
    player_gst_spout_set_rewind (PLAYER_GST_SPOUT (step->spout), step_find_rewind (sink));
  gst_bin_add_many (GST_BIN (pipeline), step->spout, converter, resampler, sink, NULL);
  gst_element_link_many (step->spout, converter, resampler, sink, NULL);
  player_gst_delay_attach (pipeline, step->buffer_ms);
  return pipeline;
}

static void
step_bury (Step *step)
{
  gst_element_set_state (step->pipeline, GST_STATE_NULL);
  g_clear_pointer (&step->pipeline, gst_object_unref);
}

/* A device that is busy, away or not there yet may come back; a sink that cannot take what it is
 * given, or lacks a part, will not learn it. */
static gboolean
error_is_hopeless (const GError *error)
{
  return error->domain != GST_RESOURCE_ERROR || error->code == GST_RESOURCE_ERROR_SETTINGS;
}

static void
step_fail (Step *step)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (step->pipeline);
  g_autoptr (GstMessage) message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  g_autoptr (GError) error = NULL;

  if (message != NULL)
    gst_message_parse_error (message, &error, NULL);
  step->error = g_strdup (error != NULL ? error->message : "The audio output cannot be opened");
  step->hopeless = error != NULL && error_is_hopeless (error);
  step_bury (step);
}

static void
step_open (Step *step)
{
  g_autoptr (GError) error = NULL;

  step->pipeline = step_build (step, &error);
  if (step->pipeline == NULL)
    {
      step->error = g_strdup (error->message);
      step->hopeless = !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
    }
}

/* One state change at a time. What fails meanwhile is told by the bus. A sink waits for its first
 * samples, which never come once the pump rests or has another spout. */
static void
step_wait (Step *step)
{
  for (GstClockTime waited = 0; waited < STATE_TIMEOUT; waited += STATE_LOOK)
    if (g_atomic_int_get (&step->unwanted)
        || gst_element_get_state (step->pipeline, NULL, NULL, STATE_LOOK) != GST_STATE_CHANGE_ASYNC)
      return;
}

/* Nothing has been played for some time: what streams have left behind goes back to the system. */
static void
step_give_back_memory (void)
{
#ifdef __GLIBC__
  malloc_trim (0);
#endif
}

static void
step_carry_out (Step *step)
{
  if (step->to == PLAYER_GST_OUTPUT_CLOSED)
    {
      step_bury (step);
      step_give_back_memory ();
      return;
    }
  if (step->pipeline == NULL)
    step_open (step);
  if (step->pipeline == NULL)
    return;
  const GstState state
      = step->to == PLAYER_GST_OUTPUT_PLAYING ? GST_STATE_PLAYING : GST_STATE_READY;
  if (gst_element_set_state (step->pipeline, state) == GST_STATE_CHANGE_FAILURE)
    step_fail (step);
  else
    step_wait (step);
}

static void
step_work (gpointer data)
{
  Step *step = data;

  step_carry_out (step);
  if (step->pipeline != NULL && g_atomic_int_get (&step->given_up))
    step_bury (step);
}

/* --- main context --- */

static void output_advance (PlayerGstOutput *self);

static void
output_clear_timer (GSource **timer)
{
  if (*timer != NULL)
    g_source_destroy (*timer);
  g_clear_pointer (timer, g_source_unref);
}

static void
output_set_timer (PlayerGstOutput *self, GSource **timer, guint interval_ms, GSourceFunc func)
{
  output_clear_timer (timer);
  *timer = g_timeout_source_new (interval_ms);
  g_source_set_callback (*timer, func, self, NULL);
  g_source_attach (*timer, self->context);
}

/* Whatever there is of it is closed. */
static void
output_lose (PlayerGstOutput *self, PlayerGstOutputNews news)
{
  GstClockTime heard_ns;

  if (player_gst_output_get_position (self, &heard_ns))
    news.heard_ns = &heard_ns;

  output_clear_timer (&self->watch);
  output_clear_timer (&self->stuck_timer);
  self->wanted = PLAYER_GST_OUTPUT_CLOSED;
  self->closing = TRUE;
  if (self->func != NULL)
    self->func (self, &news, self->func_data);
  output_advance (self);
}

/* It broke or could not be opened. */
static void
output_break (PlayerGstOutput *self, const char *message, gboolean hopeless)
{
  output_lose (self, (PlayerGstOutputNews){ .message = message, .hopeless = hopeless });
}

static void
output_hang (PlayerGstOutput *self, const char *message)
{
  output_lose (self, (PlayerGstOutputNews){ .message = message, .stuck = TRUE });
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
  output_break (self, error->message, !self->has_played && error_is_hopeless (error));
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

/* --- sinks that hang --- */

static void
output_leave_behind (PlayerGstOutput *self)
{
  Step *step = g_steal_pointer (&self->step);

  output_clear_timer (&self->step_timer);
  g_atomic_int_set (&step->given_up, TRUE);
  player_gst_workers_write_off (self->workers);
  self->left_behind++;
  g_clear_object (&self->pipeline);
  self->actual = PLAYER_GST_OUTPUT_CLOSED;
}

static gboolean
output_on_step_timeout (gpointer data)
{
  PlayerGstOutput *self = data;
  const gboolean told = self->closing;

  g_warning ("The audio output does not answer; it is left behind");
  output_leave_behind (self);
  if (told)
    output_advance (self);
  else
    output_hang (self, "The audio output does not answer");
  return G_SOURCE_REMOVE;
}

static gboolean
output_on_stuck_timer (gpointer data)
{
  PlayerGstOutput *self = data;
  const guint64 frames = player_gst_pump_get_given_frames (self->pump);
  const gboolean stuck = frames == self->stuck_frames;

  self->stuck_frames = frames;
  if (!stuck)
    return G_SOURCE_CONTINUE;
  output_hang (self, "The audio output takes no samples any more");
  return G_SOURCE_REMOVE;
}

/* What had been given up has come to its end after all. */
static void
output_bury_late (PlayerGstOutput *self, Step *step)
{
  self->left_behind--;
  player_gst_workers_write_back (self->workers);
  if (step->pipeline == NULL)
    {
      step_free (step);
      return;
    }
  step->to = PLAYER_GST_OUTPUT_CLOSED;
  player_gst_workers_run (self->workers, "segue-output", step_work, (PlayerGstWork)step_free, step);
}

/* --- steps --- */

static void
output_reached (PlayerGstOutput *self, PlayerGstOutputState state)
{
  const PlayerGstOutputNews news = { 0 };

  self->actual = state;
  if (state != PLAYER_GST_OUTPUT_PLAYING || self->closing || self->resting)
    return;
  self->has_played = TRUE;
  self->stuck_frames = player_gst_pump_get_given_frames (self->pump);
  output_set_timer (self, &self->stuck_timer, STUCK_MS, output_on_stuck_timer);
  if (self->func != NULL && self->wanted == PLAYER_GST_OUTPUT_PLAYING)
    self->func (self, &news, self->func_data);
}

static void
step_done (gpointer data)
{
  Step *step = data;
  PlayerGstOutput *self = step->output;

  if (g_atomic_int_get (&step->given_up))
    {
      output_bury_late (self, step);
      return;
    }
  output_clear_timer (&self->step_timer);
  self->step = NULL;
  g_set_object (&self->pipeline, step->pipeline);
  if (step->sink_name != NULL)
    {
      g_free (self->sink_name);
      self->sink_name = g_steal_pointer (&step->sink_name);
    }
  if (step->error != NULL)
    {
      self->actual = PLAYER_GST_OUTPUT_CLOSED;
      if (!self->closing) /* else it has been told */
        output_break (self, step->error, step->hopeless && !self->has_played);
    }
  else
    {
      output_reached (self, step->to);
      if (self->pipeline != NULL && self->watch == NULL && !self->closing)
        output_watch (self);
    }
  step_free (step);
  output_advance (self);
}

static PlayerGstOutputState
output_pick_next (PlayerGstOutput *self)
{
  if (self->actual == PLAYER_GST_OUTPUT_CLOSED)
    self->closing = FALSE;
  if (self->actual != PLAYER_GST_OUTPUT_PLAYING)
    self->resting = FALSE;
  if (self->closing)
    return PLAYER_GST_OUTPUT_CLOSED;
  if (self->resting)
    return PLAYER_GST_OUTPUT_RESTING;
  return self->wanted;
}

/* Three blocks fill the sink's buffer: fewer, and it would run dry while one is made; more, and
 * everybody would wake up more often than need be. What lies in a block is out of reach of commands,
 * so that it stays short where the buffer is large. A snapserver wants two for each of its chunks. */
static guint
output_get_block_ms (PlayerGstOutput *self)
{
  if (g_str_has_prefix (self->sink, PLAYER_GST_SNAPCAST_NAME))
    return 10;
  return CLAMP (self->buffer_ms / 3, 5, 20);
}

/* It rests: nothing has been negotiated. */
static void
output_change_rate (PlayerGstOutput *self)
{
  g_autoptr (GstElement) spout = gst_bin_get_by_name (GST_BIN (self->pipeline), SPOUT);

  player_gst_spout_set_rate (PLAYER_GST_SPOUT (spout), self->rate, output_get_block_ms (self));
}

static Step *
output_make_step (PlayerGstOutput *self, PlayerGstOutputState to)
{
  Step *step = g_new0 (Step, 1);

  step->output = self;
  step->to = to;
  step->sink = g_strdup (self->sink);
  step->buffer_ms = self->buffer_ms;
  if (self->pipeline != NULL && to == PLAYER_GST_OUTPUT_PLAYING
      && self->rate != self->pipeline_rate)
    output_change_rate (self);
  if (to == PLAYER_GST_OUTPUT_PLAYING || self->pipeline == NULL)
    self->pipeline_rate = self->rate;
  if (to == PLAYER_GST_OUTPUT_PLAYING)
    player_gst_pump_expect (self->pump);
  if (self->pipeline != NULL)
    step->pipeline = gst_object_ref (self->pipeline);
  else
    step->spout = gst_object_ref_sink (
        player_gst_spout_new (self->pump, self->rate, output_get_block_ms (self)));
  return step;
}

static void
output_advance (PlayerGstOutput *self)
{
  if (self->step != NULL)
    {
      g_atomic_int_set (&self->step->unwanted, self->closing || self->resting);
      return;
    }
  const PlayerGstOutputState to = output_pick_next (self);
  const gboolean closed = self->actual == PLAYER_GST_OUTPUT_CLOSED;
  if (to == self->actual || (to == PLAYER_GST_OUTPUT_RESTING && closed && !self->preparing))
    return;
  if (closed && self->left_behind >= MAX_LEFT_BEHIND)
    {
      output_hang (self, "The audio output does not answer");
      return;
    }
  self->preparing = FALSE;
  self->step = output_make_step (self, to);
  output_clear_timer (&self->stuck_timer);
  if (to == PLAYER_GST_OUTPUT_CLOSED)
    {
      output_clear_timer (&self->watch);
      g_clear_object (&self->pipeline);
    }
  output_set_timer (self, &self->step_timer,
                    to == PLAYER_GST_OUTPUT_PLAYING || closed ? OPEN_TIMEOUT_MS : CLOSE_TIMEOUT_MS,
                    output_on_step_timeout);
  player_gst_workers_run (self->workers, "segue-output", step_work, step_done, self->step);
}

void
player_gst_output_set_state (PlayerGstOutput *self, PlayerGstOutputState state, guint rate)
{
  self->wanted = state;
  self->rate = rate;
  self->closing |= state == PLAYER_GST_OUTPUT_CLOSED;
  self->resting |= state == PLAYER_GST_OUTPUT_RESTING;
  output_advance (self);
}

void
player_gst_output_prepare (PlayerGstOutput *self, guint rate)
{
  if (self->wanted != PLAYER_GST_OUTPUT_CLOSED)
    return;
  self->preparing = TRUE;
  self->wanted = PLAYER_GST_OUTPUT_RESTING;
  self->rate = rate;
  output_advance (self);
}

void
player_gst_output_give_up (PlayerGstOutput *self, const char *message)
{
  if (self->actual == PLAYER_GST_OUTPUT_PLAYING && self->step == NULL && !self->closing
      && self->wanted == PLAYER_GST_OUTPUT_PLAYING)
    output_hang (self, message);
}

gboolean
player_gst_output_is_server (PlayerGstOutput *self)
{
  const char *sink = self->sink_name != NULL ? self->sink_name : self->sink;

  return strstr (sink, "pulsesink") != NULL || strstr (sink, "pipewire") != NULL;
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
  output_clear_timer (&self->watch);
  player_gst_output_set_state (self, PLAYER_GST_OUTPUT_CLOSED, 0);
}

void
player_gst_output_abandon (PlayerGstOutput *self)
{
  if (self->step == NULL)
    return;
  output_leave_behind (self);
  g_warning ("The audio output does not close; it is left behind");
}

/* How much the sink's position is ahead of the pump's frame that is heard. */
static GstClockTime
output_get_ahead (PlayerGstOutput *self)
{
  g_autoptr (GstElement) spout = gst_bin_get_by_name (GST_BIN (self->pipeline), SPOUT);

  const GstClockTime lead = player_gst_spout_get_lead (PLAYER_GST_SPOUT (spout));
  return lead > 0 ? lead + PIPEWIRE_LATENCY_NS : 0;
}

gboolean
player_gst_output_get_position (PlayerGstOutput *self, GstClockTime *position_ns)
{
  gint64 position = -1;

  if (self->actual != PLAYER_GST_OUTPUT_PLAYING || self->step != NULL || self->pipeline == NULL
      || !gst_element_query_position (self->pipeline, GST_FORMAT_TIME, &position) || position < 0)
    return FALSE;
  const GstClockTime ahead = output_get_ahead (self);
  position -= MIN (position, (gint64)ahead);
  *position_ns = player_gst_delay_map (self->pipeline, (GstClockTime)position);
  return TRUE;
}

const char *
player_gst_output_get_sink_name (PlayerGstOutput *self)
{
  return self->sink_name;
}

static gboolean
output_check_sink (const char *sink, guint buffer_ms, GError **error)
{
  if (g_strcmp0 (sink, "auto") == 0)
    return TRUE;
  g_autofree char *name = NULL;
  g_autoptr (GstElement) probe = player_gst_sink_make (sink, buffer_ms, &name, error);

  return probe != NULL;
}

gboolean
player_gst_output_configure (PlayerGstOutput *self,
                             const char *sink,
                             guint buffer_ms,
                             GError **error)
{
  if (!output_check_sink (sink, buffer_ms, error))
    return FALSE;
  g_free (self->sink);
  self->sink = g_strdup (sink);
  self->buffer_ms = buffer_ms;
  return TRUE;
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
  if (!output_check_sink (sink, buffer_ms, error))
    return NULL;
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
  output_clear_timer (&self->watch);
  output_clear_timer (&self->step_timer);
  output_clear_timer (&self->stuck_timer);
  g_clear_object (&self->pipeline);
  g_object_unref (self->pump);
  g_main_context_unref (self->context);
  g_free (self->sink);
  g_free (self->sink_name);
  g_free (self);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-engine.h"

#include "player-gst-deck.h"
#include "player-gst-map.h"
#include "player-gst-output.h"
#include "player-gst-wakeup.h"

/* How often it is looked whether the last frame has been heard. */
#define DRAIN_MS 10
/* It is taken as heard this long after the sink's buffer must have run out, whatever the sink says.
 */
#define DRAIN_GRACE_MS 1000
/* The sound card is released when nothing has been loaded for so long. */
#define IDLE_MS 2000
/* So often a broken output is opened again before it counts as a failure of what plays. */
#define MAX_LOSSES 3
#define LOSSES_MS 10000
#define TEARDOWN_MS 5000

struct _PlayerGstEngine
{
  GObject parent_instance;

  GMainContext *context;     /* (owned) */
  PlayerGstWorkers *workers; /* (owned) */
  PlayerGstEvents *events;   /* (owned) */
  PlayerGstPump *pump;       /* (owned) */
  PlayerGstDeck *deck;       /* (owned) */
  PlayerGstOutput *output;   /* (owned) (nullable) */
  GSource *wakeup;           /* (owned): the pump has notes */
  GSource *drain_timer;      /* (owned) (nullable) */
  GSource *idle_timer;       /* (owned) (nullable) */
  guint buffer_ms;
  double amplitude;
  double duck;
  gint64 drain_deadline_us;
  guint losses;
  gint64 first_loss_us;
};

static void player_gst_engine_iface_init (PlayerEngineInterface *iface);
static void engine_update (PlayerGstEngine *self);

G_DEFINE_FINAL_TYPE_WITH_CODE (PlayerGstEngine,
                               player_gst_engine,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PLAYER_TYPE_ENGINE,
                                                      player_gst_engine_iface_init))

static void
engine_clear_timer (GSource **timer)
{
  if (*timer != NULL)
    g_source_destroy (*timer);
  g_clear_pointer (timer, g_source_unref);
}

static void
engine_set_timer (PlayerGstEngine *self, GSource **timer, guint interval_ms, GSourceFunc func)
{
  if (*timer != NULL)
    return;
  *timer = g_timeout_source_new (interval_ms);
  g_source_set_callback (*timer, func, self, NULL);
  g_source_attach (*timer, self->context);
}

/* --- the output follows what the pump has to give --- */

/* The frame of the output that is heard now. */
static gboolean
engine_get_heard_frame (PlayerGstEngine *self, guint64 *frame)
{
  const guint rate = player_gst_deck_get_rate (self->deck);
  GstClockTime position_ns;

  if (rate == 0 || !player_gst_output_get_position (self->output, &position_ns))
    return FALSE;
  *frame = gst_util_uint64_scale_round (position_ns, rate, GST_SECOND);
  return TRUE;
}

static gboolean
engine_on_idle (gpointer data)
{
  PlayerGstEngine *self = data;

  engine_clear_timer (&self->idle_timer);
  if (player_gst_deck_is_empty (self->deck))
    {
      player_gst_output_set_state (self->output, PLAYER_GST_OUTPUT_CLOSED, 0);
      player_gst_deck_forget_rate (self->deck);
    }
  return G_SOURCE_REMOVE;
}

static gboolean
engine_on_drain (gpointer data)
{
  PlayerGstEngine *self = data;
  guint64 silent_since;
  guint64 heard;
  const gboolean silent = player_gst_pump_is_silent (self->pump, &silent_since);
  const gboolean known = engine_get_heard_frame (self, &heard);

  if ((!silent || !known || heard < silent_since)
      && g_get_monotonic_time () < self->drain_deadline_us)
    return G_SOURCE_CONTINUE;
  engine_clear_timer (&self->drain_timer);
  player_gst_output_set_state (self->output, PLAYER_GST_OUTPUT_PAUSED,
                               player_gst_deck_get_rate (self->deck));
  player_gst_deck_drained (self->deck);
  engine_update (self);
  return G_SOURCE_REMOVE;
}

static void
engine_update_output (PlayerGstEngine *self)
{
  const guint rate = player_gst_deck_get_rate (self->deck);

  if (player_gst_pump_is_busy (self->pump))
    {
      engine_clear_timer (&self->drain_timer);
      engine_clear_timer (&self->idle_timer);
      player_gst_output_set_state (self->output, PLAYER_GST_OUTPUT_PLAYING, rate);
      return;
    }
  /* A load may have left the pump whole before the output that was to pause did. */
  if (player_gst_deck_is_draining (self->deck)
      && player_gst_output_get_wanted (self->output) != PLAYER_GST_OUTPUT_PLAYING)
    player_gst_output_set_state (self->output, PLAYER_GST_OUTPUT_PLAYING, rate);
  if (player_gst_output_get_wanted (self->output) == PLAYER_GST_OUTPUT_PLAYING)
    {
      if (self->drain_timer == NULL)
        self->drain_deadline_us
            = g_get_monotonic_time () + (self->buffer_ms + DRAIN_GRACE_MS) * (gint64)1000;
      engine_set_timer (self, &self->drain_timer, DRAIN_MS, engine_on_drain);
    }
  else if (player_gst_deck_is_empty (self->deck))
    engine_set_timer (self, &self->idle_timer, IDLE_MS, engine_on_idle);
}

/* Whatever has happened: the output follows, then it is told. */
static void
engine_update (PlayerGstEngine *self)
{
  g_autoptr (PlayerGstEngine) alive = g_object_ref (self);

  engine_update_output (self);
  player_gst_events_flush (self->events, PLAYER_ENGINE (self));
}

static gboolean
engine_on_changed (gpointer data)
{
  engine_update (data);
  return G_SOURCE_CONTINUE;
}

static gboolean
engine_on_wakeup (gpointer data)
{
  PlayerGstEngine *self = data;

  player_gst_deck_refresh (self->deck);
  engine_update (self);
  return G_SOURCE_CONTINUE;
}

/* A sink that breaks (a server that went away) is opened again, and what plays goes on with the
 * next frame; one that cannot be opened is the failure of what should play. */
static void
engine_on_output_failed (PlayerGstOutput *output,
                         const char *message,
                         gboolean opened,
                         gpointer data)
{
  PlayerGstEngine *self = data;
  const gint64 now = g_get_monotonic_time ();

  if (now - self->first_loss_us > LOSSES_MS * (gint64)1000)
    {
      self->losses = 0;
      self->first_loss_us = now;
    }
  if (opened && ++self->losses <= MAX_LOSSES)
    g_warning ("The audio output broke, opening it again: %s", message);
  else
    player_gst_deck_fail (self->deck, message);
  engine_clear_timer (&self->drain_timer);
  player_gst_deck_drained (self->deck);
  engine_update (self);
}

/* --- the port --- */

static void
player_gst_engine_load (PlayerEngine *engine,
                        guint64 generation,
                        PlayerItem *item,
                        gint64 offset_ms,
                        PlayerLoadMode mode)
{
  PlayerGstEngine *self = PLAYER_GST_ENGINE (engine);

  engine_clear_timer (&self->idle_timer);
  player_gst_deck_load (self->deck, generation, item->url, offset_ms, mode);
  engine_update (self);
}

static void
player_gst_engine_unload (PlayerEngine *engine, guint64 generation)
{
  PlayerGstEngine *self = PLAYER_GST_ENGINE (engine);

  player_gst_deck_unload (self->deck, generation);
  engine_update (self);
}

static void
player_gst_engine_pause (PlayerEngine *engine)
{
  PlayerGstEngine *self = PLAYER_GST_ENGINE (engine);

  player_gst_deck_pause (self->deck);
  engine_update (self);
}

static void
player_gst_engine_resume (PlayerEngine *engine)
{
  PlayerGstEngine *self = PLAYER_GST_ENGINE (engine);

  player_gst_deck_resume (self->deck);
  engine_update (self);
}

static void
player_gst_engine_stop (PlayerEngine *engine)
{
  PlayerGstEngine *self = PLAYER_GST_ENGINE (engine);

  player_gst_deck_stop (self->deck);
  engine_update (self);
}

static void
player_gst_engine_silence (PlayerEngine *engine)
{
  PlayerGstEngine *self = PLAYER_GST_ENGINE (engine);

  player_gst_deck_silence (self->deck);
  engine_update (self);
}

static void
player_gst_engine_seek (PlayerEngine *engine, guint64 generation, gint64 offset_ms)
{
  PlayerGstEngine *self = PLAYER_GST_ENGINE (engine);

  player_gst_deck_seek (self->deck, generation, offset_ms);
  engine_update (self);
}

static void
player_gst_engine_set_volume (PlayerEngine *engine, double volume, gboolean muted)
{
  PlayerGstEngine *self = PLAYER_GST_ENGINE (engine);
  const double clamped = CLAMP (volume, 0.0, 1.0);

  self->amplitude = muted ? 0.0 : clamped * clamped * clamped;
  player_gst_pump_set_amplitude (self->pump, self->amplitude * self->duck);
}

static void
player_gst_engine_set_duck (PlayerEngine *engine, double amplitude)
{
  PlayerGstEngine *self = PLAYER_GST_ENGINE (engine);

  self->duck = amplitude;
  player_gst_pump_set_amplitude (self->pump, self->amplitude * self->duck);
}

static gint64
player_gst_engine_get_position (PlayerEngine *engine, guint64 generation)
{
  PlayerGstEngine *self = PLAYER_GST_ENGINE (engine);
  PlayerGstItem *item = player_gst_deck_find_current (self->deck, generation);
  guint64 heard;
  guint64 id;
  gint64 frame;

  if (item == NULL)
    return -1;
  PlayerGstLoad *load = player_gst_item_get_load (item);
  if (engine_get_heard_frame (self, &heard)
      && player_gst_pump_lookup (self->pump, heard, &id, &frame)
      && id == player_gst_item_get_id (item))
    load->position_ms = MAX (
        load->position_ms, player_gst_frames_to_ms (frame, player_gst_deck_get_rate (self->deck)));
  return load->position_ms;
}

const char *
player_gst_engine_get_sink_name (PlayerGstEngine *self)
{
  g_return_val_if_fail (PLAYER_IS_GST_ENGINE (self), NULL);

  return player_gst_output_get_sink_name (self->output);
}

PlayerEngine *
player_gst_engine_new (const char *sink, guint buffer_ms, GError **error)
{
  g_autoptr (PlayerGstEngine) self = g_object_new (PLAYER_TYPE_GST_ENGINE, NULL);

  self->buffer_ms = buffer_ms;
  self->output = player_gst_output_new (self->pump, sink, buffer_ms, self->context, self->workers,
                                        engine_on_output_failed, self, error);
  if (self->output == NULL)
    return NULL;
  return PLAYER_ENGINE (g_steal_pointer (&self));
}

static void
player_gst_engine_finalize (GObject *object)
{
  PlayerGstEngine *self = PLAYER_GST_ENGINE (object);

  engine_clear_timer (&self->drain_timer);
  engine_clear_timer (&self->idle_timer);
  g_source_destroy (self->wakeup);
  g_clear_pointer (&self->deck, player_gst_deck_free);
  if (self->output != NULL)
    player_gst_output_shut (self->output);
  if (player_gst_workers_wait (self->workers, TEARDOWN_MS))
    {
      g_clear_pointer (&self->output, player_gst_output_free);
      g_clear_pointer (&self->workers, player_gst_workers_free);
      gst_clear_object (&self->pump);
    }
  else
    g_warning ("Some pipelines do not stop; they are left behind");
  g_clear_pointer (&self->wakeup, g_source_unref);
  g_clear_pointer (&self->events, player_gst_events_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  G_OBJECT_CLASS (player_gst_engine_parent_class)->finalize (object);
}

static void
player_gst_engine_class_init (PlayerGstEngineClass *class)
{
  G_OBJECT_CLASS (class)->finalize = player_gst_engine_finalize;
}

static void
player_gst_engine_init (PlayerGstEngine *self)
{
  self->amplitude = 1.0;
  self->duck = 1.0;
  self->context = g_main_context_ref_thread_default ();
  self->workers = player_gst_workers_new (self->context);
  self->events = player_gst_events_new ();
  self->wakeup = player_gst_wakeup_new (self->context, engine_on_wakeup, self);
  self->pump = gst_object_ref_sink (player_gst_pump_new (self->wakeup));
  self->deck = player_gst_deck_new (self->pump, self->events, self->workers, self->context,
                                    engine_on_changed, self);
}

static void
player_gst_engine_iface_init (PlayerEngineInterface *iface)
{
  iface->load = player_gst_engine_load;
  iface->unload = player_gst_engine_unload;
  iface->pause = player_gst_engine_pause;
  iface->resume = player_gst_engine_resume;
  iface->stop = player_gst_engine_stop;
  iface->silence = player_gst_engine_silence;
  iface->seek = player_gst_engine_seek;
  iface->set_volume = player_gst_engine_set_volume;
  iface->set_duck = player_gst_engine_set_duck;
  iface->get_position = player_gst_engine_get_position;
}

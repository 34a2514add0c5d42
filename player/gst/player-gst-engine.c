/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-engine.h"

#include "player-gst-deck.h"
#include "player-gst-follower.h"
#include "player-gst-herald.h"
#include "player-gst-map.h"
#include "player-gst-plugins.h"
#include "player-gst-studio.h"
#include "player-gst-wakeup.h"

/* So long the output may take to close; the daemon has two seconds to go. */
#define CLOSE_MS 1500
#define TEARDOWN_MS 5000
/* Of speech where nothing has played before. */
#define SPOKEN_RATE 48000
/* Whoever starts the daemon in order to play something does not want to share the processor. */
#define WARMING_MS 2000

struct _PlayerGstEngine
{
  GObject parent_instance;

  GMainContext *context;       /* (owned) */
  PlayerGstWorkers *workers;   /* (owned) */
  PlayerGstEvents *events;     /* (owned) */
  PlayerGstVoice *voice;       /* (owned) */
  PlayerGstWeb *web;           /* (owned) */
  PlayerGstPump *pump;         /* (owned) */
  PlayerGstDeck *deck;         /* (owned) */
  PlayerGstFollower *follower; /* (owned) (nullable) */
  PlayerGstHerald *herald;     /* (owned) (nullable) */
  GSource *wakeup;             /* (owned): the pump has notes */
  GSource *warming;            /* (owned) (nullable) */
  PlayerGstStudio studio;
  PlayerGstStudioHooks studio_hooks;
  PlayerOutputState output; /* as told last */
  char *output_message;     /* (owned) (nullable): likewise */
  gboolean spoken;          /* to be told */
  char *lost;               /* (owned) (nullable): to be told */
  gboolean closed;
  gboolean left_behind;  /* something of it hangs that was not given up before */
  PlayerReachFunc reach; /* (nullable) */
  gpointer reach_data;
};

static void player_gst_engine_iface_init (PlayerEngineInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PlayerGstEngine,
                               player_gst_engine,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PLAYER_TYPE_ENGINE,
                                                      player_gst_engine_iface_init))

/* --- what has happened is told --- */

static void
engine_tell_speech (PlayerGstEngine *self)
{
  const gboolean spoken = self->spoken;
  g_autofree char *lost = g_steal_pointer (&self->lost);

  self->spoken = FALSE;
  if (self->studio_hooks.noted != NULL)
    self->studio_hooks.noted (self->studio_hooks.data);
  if (spoken && self->studio_hooks.spoken != NULL)
    self->studio_hooks.spoken (self->studio_hooks.data);
  if (lost != NULL && self->studio_hooks.lost != NULL)
    self->studio_hooks.lost (lost, self->studio_hooks.data);
}

static void
engine_tell_output (PlayerGstEngine *self)
{
  const char *message;
  const PlayerOutputState output = player_gst_follower_get_state (self->follower, &message);

  if (output == self->output && g_strcmp0 (message, self->output_message) == 0)
    return;
  self->output = output;
  g_free (self->output_message);
  self->output_message = g_strdup (message);
  player_engine_emit_output_changed (PLAYER_ENGINE (self));
}

/* Whatever has happened: the output follows, then it is told. */
static void
engine_update (PlayerGstEngine *self)
{
  g_autoptr (PlayerGstEngine) alive = g_object_ref (self);

  player_gst_follower_update (self->follower);
  if (self->herald != NULL)
    player_gst_herald_update (self->herald);
  player_gst_events_flush (self->events, PLAYER_ENGINE (self));
  engine_tell_output (self);
}

/* … outside of a call. */
static void
engine_update_all (PlayerGstEngine *self)
{
  g_autoptr (PlayerGstEngine) alive = g_object_ref (self);

  engine_update (self);
  engine_tell_speech (self);
}

static gboolean
engine_on_deck_changed (gpointer data)
{
  engine_update_all (data);
  return G_SOURCE_CONTINUE;
}

static gboolean
engine_on_wakeup (gpointer data)
{
  PlayerGstEngine *self = data;

  player_gst_deck_refresh (self->deck);
  engine_update_all (self);
  return G_SOURCE_CONTINUE;
}

static void
engine_on_output_changed (gpointer data)
{
  engine_update_all (data);
}

static void
engine_on_spoken (gpointer data)
{
  PlayerGstEngine *self = data;

  self->spoken = TRUE;
}

static void
engine_on_lost (const char *message, gpointer data)
{
  PlayerGstEngine *self = data;

  player_gst_voice_forget (self->voice);
  g_free (self->lost);
  self->lost = g_strdup (message);
}

/* --- the port --- */

static void
engine_forget_warming (PlayerGstEngine *self)
{
  if (self->warming != NULL)
    g_source_destroy (self->warming);
  g_clear_pointer (&self->warming, g_source_unref);
}

static void
player_gst_engine_load (PlayerEngine *engine,
                        guint64 generation,
                        PlayerItem *item,
                        gint64 offset_ms,
                        PlayerLoadMode mode)
{
  PlayerGstEngine *self = PLAYER_GST_ENGINE (engine);

  engine_forget_warming (self);
  player_gst_follower_stay (self->follower);
  g_autoptr (PlayerItem) within
      = player_item_new_within (item, player_gst_engine_get_reach (self, item->origin));
  player_gst_deck_load (self->deck, generation, within, offset_ms, mode);
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

  player_gst_pump_set_amplitude (self->pump, muted ? 0.0 : clamped * clamped * clamped);
}

static void
player_gst_engine_set_duck (PlayerEngine *engine, double amplitude)
{
  PlayerGstEngine *self = PLAYER_GST_ENGINE (engine);

  player_gst_pump_set_duck (self->pump, CLAMP (amplitude, 0.0, 1.0));
}

static void
player_gst_engine_renew (PlayerEngine *engine, guint64 generation, PlayerItem *item)
{
  PlayerGstEngine *self = PLAYER_GST_ENGINE (engine);

  player_gst_deck_renew (self->deck, generation, item);
  engine_update (self);
}

static gint64
player_gst_engine_get_position_us (PlayerEngine *engine, guint64 generation)
{
  PlayerGstEngine *self = PLAYER_GST_ENGINE (engine);
  PlayerGstItem *item = player_gst_deck_find_current (self->deck, generation);
  guint64 id;
  gint64 frame, position_us;

  if (item == NULL)
    return -1;
  PlayerGstLoad *load = player_gst_item_get_load (item);
  if (player_gst_pump_lookup (self->pump, player_gst_follower_get_heard_frame (self->follower), &id,
                              &frame)
      && player_gst_deck_locate (self->deck, item, id, frame, &position_us))
    load->position_us = MAX (load->position_us, position_us);
  return load->position_us;
}

static PlayerOutputState
player_gst_engine_get_output (PlayerEngine *engine, const char **message)
{
  PlayerGstEngine *self = PLAYER_GST_ENGINE (engine);

  *message = self->output_message;
  return self->output;
}

static gboolean
player_gst_engine_get_flow (PlayerEngine *engine, gint64 *sounded_us)
{
  PlayerGstEngine *self = PLAYER_GST_ENGINE (engine);

  *sounded_us = player_gst_pump_get_sounded_us (self->pump);
  return !player_gst_follower_is_hung (self->follower);
}

static void
player_gst_engine_renew_output (PlayerEngine *engine, const char *why)
{
  player_gst_follower_renew_output (PLAYER_GST_ENGINE (engine)->follower, why);
}

const char *
player_gst_engine_get_sink_name (PlayerGstEngine *self)
{
  g_return_val_if_fail (PLAYER_IS_GST_ENGINE (self), NULL);

  return player_gst_follower_get_sink_name (self->follower);
}

static void
engine_warm (gpointer data)
{
  player_gst_plugins_warm ();
}

static gboolean
engine_on_warming (gpointer data)
{
  PlayerGstEngine *self = data;

  engine_forget_warming (self);
  player_gst_workers_run (self->workers, "segue-warm", engine_warm, NULL, NULL);
  return G_SOURCE_REMOVE;
}

void
player_gst_engine_warm_up (PlayerGstEngine *self)
{
  g_return_if_fail (PLAYER_IS_GST_ENGINE (self));

  engine_forget_warming (self);
  self->warming = g_timeout_source_new (WARMING_MS);
  g_source_set_callback (self->warming, engine_on_warming, self, NULL);
  g_source_attach (self->warming, self->context);
}

/* --- the studio --- */

const PlayerGstStudio *
player_gst_engine_get_studio (PlayerGstEngine *self)
{
  return &self->studio;
}

void
player_gst_engine_set_studio_hooks (PlayerGstEngine *self, const PlayerGstStudioHooks *hooks)
{
  self->studio_hooks = hooks != NULL ? *hooks : (PlayerGstStudioHooks){ 0 };
}

PlayerReach
player_gst_engine_get_reach (PlayerGstEngine *self, const char *origin)
{
  return self->reach != NULL ? self->reach (origin, self->reach_data) : PLAYER_REACH_ALL;
}

void
player_gst_engine_set_reach (PlayerGstEngine *self, PlayerReachFunc func, gpointer data)
{
  g_return_if_fail (PLAYER_IS_GST_ENGINE (self));

  self->reach = func;
  self->reach_data = data;
}

guint
player_gst_engine_pick_spoken_rate (PlayerGstEngine *self)
{
  const guint rate = player_gst_deck_get_rate (self->deck);

  return rate > 0 ? rate : SPOKEN_RATE;
}

void
player_gst_engine_voice_changed (PlayerGstEngine *self)
{
  player_gst_follower_update (self->follower);
}

void
player_gst_engine_note_network (PlayerGstEngine *self, gboolean online)
{
  g_return_if_fail (PLAYER_IS_GST_ENGINE (self));
  player_gst_web_note_network (self->web, online);
}

/* --- the object --- */

static void
engine_set_loudness (PlayerGstEngine *self, const PlayerGstEngineOptions *options)
{
  player_gst_pump_set_loudness (
      self->pump, &(PlayerGstLoudnessPlan){ options->loudness, options->loudness_preamp_db,
                                            options->loudness_fallback_db });
}

gboolean
player_gst_engine_configure (PlayerGstEngine *self,
                             const PlayerGstEngineOptions *options,
                             GError **error)
{
  g_return_val_if_fail (PLAYER_IS_GST_ENGINE (self), FALSE);

  engine_set_loudness (self, options);
  player_gst_web_set_ca_file (self->web, options->ca_file);
  return player_gst_follower_configure (self->follower, options, error);
}

PlayerEngine *
player_gst_engine_new (const PlayerGstEngineOptions *options, GError **error)
{
  g_autoptr (PlayerGstEngine) self = g_object_new (PLAYER_TYPE_GST_ENGINE, NULL);

  const PlayerGstFollowerHooks hooks = { .changed = engine_on_output_changed,
                                         .spoken = engine_on_spoken,
                                         .lost = engine_on_lost,
                                         .data = self };

  engine_set_loudness (self, options);
  self->web = player_gst_web_new (options->ca_file);
  self->studio.web = self->web;
  player_gst_deck_set_web (self->deck, self->web);
  self->follower = player_gst_follower_new (self->pump, self->voice, self->deck, self->workers,
                                            self->context, options, &hooks, error);
  if (self->follower == NULL)
    return NULL;
  self->herald = player_gst_herald_new (self->deck, self->pump, self->follower, self->events,
                                        self->context, engine_on_deck_changed, self);
  return PLAYER_ENGINE (g_steal_pointer (&self));
}

gboolean
player_gst_engine_close (PlayerGstEngine *self)
{
  g_return_val_if_fail (PLAYER_IS_GST_ENGINE (self), TRUE);

  if (self->closed)
    return !player_gst_workers_is_busy (self->workers);
  self->closed = TRUE;
  engine_forget_warming (self);
  g_source_destroy (self->wakeup);
  g_clear_pointer (&self->herald, player_gst_herald_free);
  g_clear_pointer (&self->deck, player_gst_deck_free);
  if (self->follower != NULL)
    player_gst_follower_shut (self->follower);
  if (!player_gst_workers_wait (self->workers, CLOSE_MS) && self->follower != NULL)
    player_gst_follower_abandon (self->follower);
  self->left_behind = !player_gst_workers_wait (self->workers, TEARDOWN_MS);
  if (self->left_behind)
    g_warning ("Some pipelines do not stop; they are left behind");
  return !player_gst_workers_is_busy (self->workers);
}

static void
player_gst_engine_finalize (GObject *object)
{
  PlayerGstEngine *self = PLAYER_GST_ENGINE (object);

  (void)!player_gst_engine_close (self);
  if (!self->left_behind)
    {
      g_clear_pointer (&self->follower, player_gst_follower_free);
      g_clear_pointer (&self->workers, player_gst_workers_free);
      g_clear_object (&self->pump);
    }
  g_clear_pointer (&self->wakeup, g_source_unref);
  g_clear_pointer (&self->events, player_gst_events_free);
  g_clear_pointer (&self->voice, player_gst_voice_unref);
  g_clear_pointer (&self->web, player_gst_web_unref);
  g_free (self->lost);
  g_free (self->output_message);
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
  self->context = g_main_context_ref_thread_default ();
  self->workers = player_gst_workers_new (self->context);
  self->events = player_gst_events_new ();
  self->wakeup = player_gst_wakeup_new (self->context, engine_on_wakeup, self);
  self->voice = player_gst_voice_new (self->wakeup);
  self->pump = player_gst_pump_new (self->wakeup, self->voice);
  self->deck = player_gst_deck_new (self->pump, self->events, self->workers, self->context,
                                    engine_on_deck_changed, self);
  self->studio = (PlayerGstStudio){ self->context, self->workers, self->pump, self->voice };
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
  iface->renew = player_gst_engine_renew;
  iface->get_position_us = player_gst_engine_get_position_us;
  iface->get_output = player_gst_engine_get_output;
  iface->get_flow = player_gst_engine_get_flow;
  iface->renew_output = player_gst_engine_renew_output;
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-deck-private.h"

#include "player-gst-map.h"

static gint64
deck_start_us (PlayerGstItem *item)
{
  return player_gst_item_to_load_us (item, player_gst_item_get_start (item)->offset_us);
}

static void deck_on_news (PlayerGstItem *item, PlayerGstItemNews news, gpointer data);

/* --- items --- */

PlayerGstItem *
player_gst_deck_make_item (PlayerGstDeck *self,
                           PlayerGstLoad *load,
                           const PlayerGstItemStart *start)
{
  const PlayerGstItemHooks hooks = {
    .context = self->context,
    .func = deck_on_news,
    .func_data = self,
    .wake = player_gst_pump_wake,
    .wake_data = self->pump,
    .web = self->web,
  };

  PlayerGstItem *item = player_gst_item_new (load, ++self->last_id, start, &hooks);
  player_gst_item_set_last (item, start->entry + 1 >= player_gst_load_get_n_entries (load));
  return item;
}

/* @offset_ms of @load, in whichever of its entries that lies. */
static PlayerGstItem *
deck_make_item_at (PlayerGstDeck *self, PlayerGstLoad *load, gint64 offset_ms)
{
  const PlayerGstItemStart from = { .offset_us = MAX (offset_ms, 0) * 1000 };
  const PlayerGstItemStart start = player_gst_deck_find_start (load, from);

  return player_gst_deck_make_item (self, load, &start);
}

static gboolean
deck_item_is (PlayerGstItem *item, guint64 generation)
{
  return item != NULL && player_gst_item_get_load (item)->generation == generation;
}

static gboolean
deck_item_waits (PlayerGstItem *item)
{
  return item != NULL && player_gst_item_is_ready (item);
}

/* --- who takes over --- */

void
player_gst_deck_withdraw_next (PlayerGstDeck *self)
{
  player_gst_pump_set_next (self->pump, NULL);
  player_gst_deck_absorb (self);
  self->offered = FALSE;
}

/* (nullable): what comes at the end of the current item. *Next* not while another waits: it follows
 * that one. */
static PlayerGstItem *
deck_get_joint (PlayerGstDeck *self)
{
  if (self->current == NULL || self->seeking != NULL)
    return NULL;
  if (player_gst_item_has_more (self->current))
    return self->follow;
  return self->waiting == NULL ? self->next : NULL;
}

/* Once only: the pump may have joined it, and even played it, before we hear of it. */
static void
deck_offer_next (PlayerGstDeck *self)
{
  PlayerGstItem *joint = deck_get_joint (self);

  if (self->offered || !deck_item_waits (joint))
    return;
  self->offered = TRUE;
  player_gst_pump_set_next (self->pump, joint);
}

static void
deck_start_waiting (PlayerGstDeck *self)
{
  player_gst_deck_finish_ended (self);
  self->coming = g_steal_pointer (&self->waiting);
  player_gst_pump_play (self->pump, self->coming);
  player_gst_deck_absorb (self); /* the end of what sounded */
  player_gst_deck_promote (self);
}

/* Not one sample, and so no rate and nothing for the pump. */
static void
deck_finish_empty (PlayerGstDeck *self)
{
  const gint64 offset_us = deck_start_us (self->waiting);
  const gint64 duration_ms = player_gst_item_get_load (self->waiting)->duration_ms;

  player_gst_events_add_at (self->events, self->waiting, PLAYER_ENGINE_STARTED, offset_us);
  player_gst_events_add_at (self->events, self->waiting, PLAYER_ENGINE_FINISHED,
                            duration_ms >= 0 ? MIN (offset_us, duration_ms * 1000) : offset_us);
  player_gst_deck_discard (self, &self->waiting);
}

static void
deck_settle (PlayerGstDeck *self)
{
  if (self->ended && self->seeking == NULL
      && (deck_item_waits (self->waiting) || deck_item_waits (self->next)))
    player_gst_deck_finish_ended (self);
  if (self->current == NULL && self->waiting == NULL && self->next != NULL)
    {
      player_gst_pump_set_next (self->pump, NULL);
      self->offered = FALSE;
      self->waiting = g_steal_pointer (&self->next);
    }
  if (self->waiting != NULL && !player_gst_item_is_open (self->waiting))
    player_gst_item_open (self->waiting, self->rate);
  if (deck_item_waits (self->waiting) && !self->paused)
    {
      if (self->rate > 0)
        deck_start_waiting (self);
      else
        deck_finish_empty (self);
    }
  if (self->next != NULL && !player_gst_item_is_open (self->next) && self->rate > 0)
    player_gst_item_open (self->next, self->rate);
  player_gst_deck_settle_follow (self);
  deck_offer_next (self);
}

/* --- news of items --- */

static void
deck_on_seek_ready (PlayerGstDeck *self)
{
  g_autoptr (PlayerGstItem) item = g_steal_pointer (&self->seeking);

  if (player_gst_item_get_load (item)->started
      && player_gst_reader_at_end (player_gst_item_get_reader (item)))
    {
      const gint64 duration_us = player_gst_item_get_load (item)->duration_ms * 1000;

      player_gst_events_add_at (self->events, item, PLAYER_ENGINE_FINISHED,
                                duration_us >= 0 ? duration_us : deck_start_us (item));
      player_gst_item_close (item, self->workers);
      player_gst_deck_abandon_current (self);
      return;
    }
  self->coming = g_steal_pointer (&item);
  player_gst_pump_swap (self->pump, self->coming);
  player_gst_deck_absorb (self);
  player_gst_deck_promote (self);
}

static void
deck_on_ready (PlayerGstDeck *self, PlayerGstItem *item)
{
  if (self->rate == 0)
    self->rate = player_gst_reader_get_rate (player_gst_item_get_reader (item));
  player_gst_events_add_ready (self->events, item);
  if (player_gst_deck_skip_empty (self, item))
    return;
  if (item == self->seeking)
    deck_on_seek_ready (self);
}

static void
deck_on_failed (PlayerGstDeck *self, PlayerGstItem *item)
{
  const gboolean alone = self->current == NULL;

  if (player_gst_deck_skip_failed (self, item))
    return;
  if (item == self->seeking)
    {
      player_gst_events_add_failed (self->events, item,
                                    player_gst_item_get_load (item)->position_us);
      player_gst_deck_drop (self, &self->next);
      player_gst_deck_abandon_current (self);
    }
  else if (item == self->waiting)
    {
      player_gst_events_add_failed (self->events, item, 0);
      player_gst_deck_discard (self, &self->waiting);
      if (alone)
        player_gst_deck_drop (self, &self->next);
    }
  else if (item == self->next)
    {
      player_gst_deck_withdraw_next (self);
      if (item != self->next)
        return; /* joined at the last moment: the pump plays what there is */
      player_gst_events_add_failed (self->events, item, 0);
      player_gst_deck_discard (self, &self->next);
    }
}

static void
deck_on_news (PlayerGstItem *item, PlayerGstItemNews news, gpointer data)
{
  PlayerGstDeck *self = data;

  player_gst_deck_absorb (self);
  if (item == self->listing)
    {
      player_gst_deck_on_listing (self, news);
      deck_settle (self);
      self->changed (self->changed_data);
      return;
    }
  switch (news)
    {
    case PLAYER_GST_ITEM_AUDIO:
      break; /* see player_gst_deck_get_coming_rate() */
    case PLAYER_GST_ITEM_READY:
      deck_on_ready (self, item);
      break;
    case PLAYER_GST_ITEM_FAILED:
      deck_on_failed (self, item);
      break;
    case PLAYER_GST_ITEM_BUFFERED:
      player_gst_events_add_buffered (self->events, item);
      break;
    case PLAYER_GST_ITEM_DURATION:
      if (player_gst_item_is_ready (item))
        player_gst_events_add_duration (self->events, item);
      break;
    case PLAYER_GST_ITEM_TAGS:
      break; /* told when they are heard: see PlayerGstHerald */
    case PLAYER_GST_ITEM_REFUSED:
      if (player_gst_item_is_renewed (item))
        player_gst_deck_renew_item (self, item);
      else
        player_gst_events_add_refused (self->events, item);
      break;
    case PLAYER_GST_ITEM_EXPANDED:
      player_gst_deck_on_expanded (self, item);
      break;
    case PLAYER_GST_ITEM_CUT:
    case PLAYER_GST_ITEM_DRAINED:
      break; /* see player_gst_deck_settle_follow() */
    }
  deck_settle (self);
  self->changed (self->changed_data);
}

/* --- calls --- */

static gboolean
deck_sounds (PlayerGstDeck *self)
{
  return self->current != NULL && !self->paused;
}

void
player_gst_deck_load (PlayerGstDeck *self,
                      guint64 generation,
                      PlayerItem *item,
                      gint64 offset_ms,
                      PlayerLoadMode mode)
{
  g_autoptr (PlayerGstLoad) load = player_gst_load_new (generation, item);

  load->position_us = MAX (offset_ms, 0) * 1000;
  player_gst_deck_withdraw_next (self);
  player_gst_deck_drop (self, &self->next);
  if (mode == PLAYER_LOAD_NEXT)
    self->next = deck_make_item_at (self, load, offset_ms);
  else
    {
      player_gst_deck_drop (self, &self->waiting);
      if (!deck_sounds (self) && self->current != NULL)
        {
          player_gst_pump_stop (self->pump, FALSE);
          player_gst_deck_drop (self, &self->current);
          player_gst_deck_discard_current (self);
        }
      self->waiting = deck_make_item_at (self, load, offset_ms);
    }
  deck_settle (self);
}

void
player_gst_deck_unload (PlayerGstDeck *self, guint64 generation)
{
  player_gst_deck_absorb (self);
  if (deck_item_is (self->next, generation))
    player_gst_deck_withdraw_next (self);
  if (deck_item_is (self->next, generation))
    player_gst_deck_drop (self, &self->next);
  else if (deck_item_is (self->waiting, generation))
    player_gst_deck_drop (self, &self->waiting);
  else if (deck_item_is (self->current, generation)
           && !player_gst_item_get_load (self->current)->started)
    {
      player_gst_item_get_load (self->current)->dropped = TRUE;
      player_gst_item_get_load (self->current)->over = TRUE;
      player_gst_deck_abandon_current (self);
    }
  deck_settle (self);
}

void
player_gst_deck_pause (PlayerGstDeck *self)
{
  player_gst_deck_absorb (self);
  player_gst_deck_finish_ended (self);
  player_gst_pump_hold (self->pump);
  player_gst_deck_absorb (self);
  player_gst_deck_finish_ended (self); /* ended between the two */
  self->paused = TRUE;
  deck_settle (self);
}

void
player_gst_deck_resume (PlayerGstDeck *self)
{
  self->paused = FALSE;
  player_gst_pump_release (self->pump);
  player_gst_deck_absorb (self);
  deck_settle (self);
}

void
player_gst_deck_stop (PlayerGstDeck *self)
{
  player_gst_deck_absorb (self);
  player_gst_pump_stop (self->pump, FALSE);
  player_gst_deck_absorb (self);
  player_gst_deck_finish_ended (self);
  player_gst_deck_drop (self, &self->next);
  player_gst_deck_drop (self, &self->waiting);
  player_gst_deck_drop (self, &self->current);
  player_gst_deck_discard_current (self);
  player_gst_deck_discard (self, &self->listing);
  self->paused = FALSE;
}

void
player_gst_deck_silence (PlayerGstDeck *self)
{
  player_gst_deck_absorb (self);
  if (!self->ended)
    {
      player_gst_pump_stop (self->pump, TRUE);
      player_gst_deck_absorb (self);
    }
  player_gst_deck_finish_ended (self);
  deck_settle (self);
}

void
player_gst_deck_seek (PlayerGstDeck *self, guint64 generation, gint64 offset_ms)
{
  player_gst_deck_withdraw_next (self);
  PlayerGstItem **slot = deck_item_is (self->current, generation) ? &self->seeking : &self->waiting;
  PlayerGstItem *of = slot == &self->seeking ? self->current : self->waiting;
  if (deck_item_is (of, generation))
    {
      g_autoptr (PlayerGstLoad) load = player_gst_load_ref (player_gst_item_get_load (of));

      if (slot == &self->waiting)
        load->position_us = offset_ms * 1000;
      if (slot == &self->seeking)
        player_gst_deck_discard (self, &self->follow);
      player_gst_deck_discard (self, slot);
      *slot = deck_make_item_at (self, load, offset_ms);
      player_gst_item_open (*slot, self->rate);
    }
  deck_settle (self);
}

void
player_gst_deck_renew (PlayerGstDeck *self, guint64 generation, PlayerItem *item)
{
  PlayerGstItem *firsts[] = { self->current, self->waiting, self->next };

  player_gst_deck_absorb (self);
  for (guint i = 0; i < G_N_ELEMENTS (firsts); i++)
    if (deck_item_is (firsts[i], generation))
      {
        player_gst_load_set_item (player_gst_item_get_load (firsts[i]), item);
        player_gst_deck_renew_load (self, player_gst_item_get_load (firsts[i]));
        break;
      }
  deck_settle (self);
}

void
player_gst_deck_refresh (PlayerGstDeck *self)
{
  player_gst_deck_absorb (self);
  deck_settle (self);
}

void
player_gst_deck_drained (PlayerGstDeck *self)
{
  player_gst_deck_absorb (self);
  if (self->seeking == NULL)
    player_gst_deck_finish_ended (self);
  deck_settle (self);
}

void
player_gst_deck_fail (PlayerGstDeck *self, const char *message)
{
  PlayerEngineEvent event = { .type = PLAYER_ENGINE_FAILED,
                              .error_type = PLAYER_MEDIA_ERROR_INTERNAL_DEVICE_ERROR,
                              .error_message = message };

  player_gst_deck_absorb (self);
  player_gst_deck_finish_ended (self);
  if (self->current != NULL)
    {
      PlayerGstLoad *load = player_gst_item_get_load (self->current);
      guint64 id;
      gint64 frame, position_us;

      /* The pump counts from what was heard last. */
      if (player_gst_pump_lookup (self->pump, 0, &id, &frame)
          && player_gst_deck_locate (self, self->current, id, frame, &position_us))
        load->position_us = MAX (load->position_us, position_us);
      event.offset_us = load->started ? load->position_us : 0;
      player_gst_events_add (self->events, load, &event);
      player_gst_deck_abandon_current (self);
      player_gst_deck_drop (self, &self->next);
    }
  deck_settle (self);
}

gboolean
player_gst_deck_is_empty (PlayerGstDeck *self)
{
  return self->current == NULL && self->waiting == NULL && self->next == NULL;
}

gboolean
player_gst_deck_is_idle (PlayerGstDeck *self)
{
  return self->paused || player_gst_deck_is_empty (self);
}

gboolean
player_gst_deck_is_draining (PlayerGstDeck *self)
{
  return self->ended && self->seeking == NULL;
}

guint
player_gst_deck_get_rate (PlayerGstDeck *self)
{
  return self->rate;
}

gboolean
player_gst_deck_is_coming (PlayerGstDeck *self)
{
  return self->waiting != NULL && !self->paused;
}

guint
player_gst_deck_get_coming_rate (PlayerGstDeck *self)
{
  const guint rate = self->waiting != NULL ? player_gst_item_get_rate (self->waiting) : 0;

  return rate > 0 && self->rate > 0 ? self->rate : rate;
}

void
player_gst_deck_forget_rate (PlayerGstDeck *self)
{
  self->rate = self->fixed_rate;
}

void
player_gst_deck_fix_rate (PlayerGstDeck *self, guint rate)
{
  self->fixed_rate = rate;
  self->rate = rate;
}

PlayerGstItem *
player_gst_deck_find_current (PlayerGstDeck *self, guint64 generation)
{
  if (deck_item_is (self->current, generation))
    return self->current;
  return self->current == NULL && deck_item_is (self->waiting, generation) ? self->waiting : NULL;
}

PlayerGstItem *
player_gst_deck_get_sounding (PlayerGstDeck *self)
{
  if (self->current == NULL || self->paused || !player_gst_item_get_load (self->current)->started)
    return NULL;
  return self->current;
}

gboolean
player_gst_deck_locate (
    PlayerGstDeck *self, PlayerGstItem *item, guint64 id, gint64 frame, gint64 *position_us)
{
  const gint64 frame_us = player_gst_frames_to_us (frame, self->rate);

  if (id == player_gst_item_get_id (item))
    *position_us = player_gst_item_to_load_us (item, frame_us);
  else if (id != 0 && id == self->past_id && item == self->current)
    *position_us = self->past_base_us + frame_us;
  else
    return FALSE;
  return TRUE;
}

PlayerGstDeck *
player_gst_deck_new (PlayerGstPump *pump,
                     PlayerGstEvents *events,
                     PlayerGstWorkers *workers,
                     GMainContext *context,
                     GSourceFunc changed,
                     gpointer data)
{
  PlayerGstDeck *self = g_new0 (PlayerGstDeck, 1);

  self->pump = g_object_ref (pump);
  self->events = events;
  self->workers = workers;
  self->context = g_main_context_ref (context);
  self->changed = changed;
  self->changed_data = data;
  return self;
}

void
player_gst_deck_set_web (PlayerGstDeck *self, PlayerGstWeb *web)
{
  self->web = player_gst_web_ref (web);
}

void
player_gst_deck_free (PlayerGstDeck *self)
{
  player_gst_deck_stop (self);
  g_object_unref (self->pump);
  g_main_context_unref (self->context);
  g_clear_pointer (&self->web, player_gst_web_unref);
  g_free (self);
}

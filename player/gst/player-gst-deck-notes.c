/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-deck-private.h"

#include "player-gst-map.h"

/* The place of a frame of @item in its load. */
static gint64
deck_to_us (PlayerGstDeck *self, PlayerGstItem *item, gint64 frame)
{
  return player_gst_item_to_load_us (item, player_gst_frames_to_us (frame, self->rate));
}

void
player_gst_deck_discard (PlayerGstDeck *self, PlayerGstItem **slot)
{
  if (*slot != NULL)
    player_gst_item_close (*slot, self->workers);
  g_clear_object (slot);
}

void
player_gst_deck_drop (PlayerGstDeck *self, PlayerGstItem **slot)
{
  if (slot == &self->next)
    self->offered = FALSE;
  if (*slot == NULL)
    return;
  PlayerGstLoad *load = player_gst_item_get_load (*slot);
  load->over = TRUE;
  load->dropped = TRUE;
  player_gst_deck_discard (self, slot);
}

void
player_gst_deck_discard_current (PlayerGstDeck *self)
{
  player_gst_deck_discard (self, &self->seeking);
  player_gst_deck_discard (self, &self->follow);
  player_gst_deck_discard (self, &self->current);
  self->past_id = 0;
}

/* --- ends --- */

/* The current load has come to its end: FINISHED, or FAILED if it broke; then *next* goes too. What
 * the pump saw counts: an error that came after it must not take *next* away while that sounds. */
static void
deck_end_current (PlayerGstDeck *self, gint64 frame, gboolean broken)
{
  const gint64 duration_us = player_gst_item_get_load (self->current)->duration_ms * 1000;
  const gint64 start_us = player_gst_item_to_load_us (
      self->current, player_gst_item_get_start (self->current)->offset_us);
  gint64 offset_us = deck_to_us (self, self->current, frame);

  if (duration_us >= 0 && start_us >= duration_us)
    offset_us = duration_us; /* it began beyond its end */
  self->ended = FALSE;
  if (!broken)
    player_gst_events_add_at (self->events, self->current, PLAYER_ENGINE_FINISHED, offset_us);
  else
    {
      player_gst_events_add_failed (self->events, self->current, offset_us);
      player_gst_pump_set_next (self->pump, NULL);
      player_gst_deck_drop (self, &self->next);
    }
  player_gst_deck_discard_current (self);
}

void
player_gst_deck_finish_ended (PlayerGstDeck *self)
{
  if (self->ended)
    deck_end_current (self,
                      player_gst_reader_get_frame (player_gst_item_get_reader (self->current)),
                      self->broken);
}

void
player_gst_deck_abandon_current (PlayerGstDeck *self)
{
  player_gst_pump_stop (self->pump, FALSE);
  player_gst_deck_absorb (self);
  self->ended = FALSE;
  player_gst_deck_discard_current (self);
}

/* --- notes --- */

static void
deck_absorb_started (PlayerGstDeck *self, const PlayerGstNote *note)
{
  PlayerGstLoad *load = player_gst_item_get_load (note->item);

  load->position_us = deck_to_us (self, note->item, note->frame);
  player_gst_events_add_at (self->events, note->item, PLAYER_ENGINE_STARTED, load->position_us);
  player_gst_events_add_tags (self->events, note->item);
}

static void
deck_absorb_silenced (PlayerGstDeck *self, const PlayerGstNote *note)
{
  const PlayerEngineEvent event = { .type = PLAYER_ENGINE_SILENCED,
                                    .offset_us = deck_to_us (self, note->item, note->frame),
                                    .reason = note->reason };

  player_gst_events_add (self->events, player_gst_item_get_load (note->item), &event);
  if (note->reason != PLAYER_SILENCED_PAUSED && self->current == note->item)
    player_gst_deck_discard_current (self);
}

static void
deck_absorb_ended (PlayerGstDeck *self, const PlayerGstNote *note)
{
  if (self->current != note->item)
    return;
  if (!note->joined)
    {
      self->ended = TRUE;
      self->broken = note->broken;
      return;
    }
  if (self->follow != NULL)
    {
      player_gst_deck_step_over (self, note->frame);
      return;
    }
  deck_end_current (self, note->frame, FALSE);
  self->current = g_steal_pointer (&self->next);
  self->offered = FALSE;
}

static void
deck_absorb_note (PlayerGstDeck *self, const PlayerGstNote *note)
{
  const gint64 offset_us = deck_to_us (self, note->item, note->frame);

  switch (note->type)
    {
    case PLAYER_GST_NOTE_STARTED:
      deck_absorb_started (self, note);
      break;
    case PLAYER_GST_NOTE_RESUMED:
      player_gst_events_add_at (self->events, note->item, PLAYER_ENGINE_RESUMED, offset_us);
      break;
    case PLAYER_GST_NOTE_SEEKED:
      player_gst_item_get_load (note->item)->position_us = offset_us;
      player_gst_events_add_at (self->events, note->item, PLAYER_ENGINE_SEEKED, offset_us);
      break;
    case PLAYER_GST_NOTE_SILENCED:
      deck_absorb_silenced (self, note);
      break;
    case PLAYER_GST_NOTE_ENDED:
      deck_absorb_ended (self, note);
      break;
    case PLAYER_GST_NOTE_UNDERRUN:
      player_gst_events_add_at (self->events, note->item, PLAYER_ENGINE_UNDERRUN, offset_us);
      break;
    case PLAYER_GST_NOTE_REFILLED:
      player_gst_events_add_at (self->events, note->item, PLAYER_ENGINE_REFILLED, offset_us);
      break;
    }
}

void
player_gst_deck_promote (PlayerGstDeck *self)
{
  if (self->coming == NULL)
    return;
  if (self->current != NULL
      && player_gst_item_get_load (self->current) == player_gst_item_get_load (self->coming))
    {
      self->ended = FALSE; /* sought: the load goes on */
      player_gst_deck_discard_current (self);
    }
  else
    {
      player_gst_deck_finish_ended (self);
      player_gst_deck_drop (self, &self->current);
      player_gst_deck_discard_current (self);
    }
  self->current = g_steal_pointer (&self->coming);
}

void
player_gst_deck_absorb (PlayerGstDeck *self)
{
  PlayerGstNote *note;

  while ((note = player_gst_pump_take_note (self->pump)) != NULL)
    {
      /* It may be short enough to have ended already. */
      if (note->item == self->coming)
        player_gst_deck_promote (self);
      deck_absorb_note (self, note);
      player_gst_note_free (note);
    }
}

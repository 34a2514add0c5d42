/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-deck-private.h"

#include "player-gst-map.h"

/* How often what has been cut before its first frame is opened again. */
#define MAX_REOPENED 3

static PlayerGstItemStart
deck_get_start (PlayerGstItem *item)
{
  return *player_gst_item_get_start (item);
}

PlayerGstItemStart
player_gst_deck_find_start (const PlayerGstLoad *load, PlayerGstItemStart from)
{
  const guint last = player_gst_load_get_n_entries (load) - 1;

  while (from.entry < last)
    {
      const gint64 length_us = player_gst_load_get_entry_duration (load, from.entry) * 1000;

      if (length_us < 0 || from.offset_us < length_us)
        break;
      from.entry++;
      from.base_us += length_us;
      from.offset_us -= length_us;
    }
  return from;
}

/* The one behind @item, at its begin. */
static PlayerGstItemStart
deck_get_behind (PlayerGstItem *item)
{
  const PlayerGstItemStart start = deck_get_start (item);
  const gint64 length_ms
      = player_gst_load_get_entry_duration (player_gst_item_get_load (item), start.entry);

  return (PlayerGstItemStart){ .entry = start.entry + 1,
                               .base_us = start.base_us + MAX (length_ms, 0) * 1000 };
}

static gboolean
deck_is_last (PlayerGstItem *item)
{
  return deck_get_start (item).entry + 1
         >= player_gst_load_get_n_entries (player_gst_item_get_load (item));
}

/* Puts another item of the same load in its place. */
static void
deck_replace (PlayerGstDeck *self, PlayerGstItem **slot, PlayerGstItemStart start)
{
  g_autoptr (PlayerGstLoad) load = player_gst_load_ref (player_gst_item_get_load (*slot));

  player_gst_deck_discard (self, slot);
  *slot = player_gst_deck_make_item (self, load, &start);
  player_gst_item_open (*slot, self->rate);
}

/* (nullable): where @item waits. */
static PlayerGstItem **
deck_find_slot (PlayerGstDeck *self, PlayerGstItem *item)
{
  PlayerGstItem **slots[] = { &self->waiting, &self->next, &self->seeking, &self->follow };

  for (guint i = 0; i < G_N_ELEMENTS (slots); i++)
    if (*slots[i] == item)
      return slots[i];
  return NULL;
}

void
player_gst_deck_reopen (PlayerGstDeck *self, PlayerGstItem *item, const PlayerGstItemStart *start)
{
  PlayerGstItem **slot = deck_find_slot (self, item);

  if (slot != NULL)
    deck_replace (self, slot, *start);
}

/* Takes what waits there out of the pump; FALSE: it has just been joined. */
static gboolean
deck_reclaim (PlayerGstDeck *self, PlayerGstItem *item)
{
  player_gst_deck_withdraw_next (self);
  return deck_find_slot (self, item) != NULL;
}

void
player_gst_deck_on_expanded (PlayerGstDeck *self, PlayerGstItem *item)
{
  if (deck_find_slot (self, item) == NULL || !deck_reclaim (self, item))
    return;
  deck_replace (
      self, deck_find_slot (self, item),
      player_gst_deck_find_start (player_gst_item_get_load (item), deck_get_start (item)));
}

/* The rest of what plays cannot be had. */
static void
deck_break_current (PlayerGstDeck *self, PlayerErrorType type, const char *message)
{
  player_gst_item_break (self->current, type, message);
  player_gst_deck_discard (self, &self->follow);
  player_gst_pump_wake (self->pump);
}

/* No other entry of the playlist can be played: what plays is the last one. */
static void
deck_end_playlist (PlayerGstDeck *self)
{
  player_gst_item_set_last (self->current, TRUE);
  player_gst_deck_discard (self, &self->follow);
  player_gst_pump_wake (self->pump);
}

gboolean
player_gst_deck_skip_failed (PlayerGstDeck *self, PlayerGstItem *item)
{
  PlayerErrorType type = PLAYER_MEDIA_ERROR_UNKNOWN;
  const char *message = player_gst_item_get_error (item, &type);

  if (deck_find_slot (self, item) == NULL || player_gst_item_is_ready (item))
    return FALSE;
  player_gst_load_keep_error (player_gst_item_get_load (item), type, message);
  if (player_gst_load_take_other (player_gst_item_get_load (item), deck_get_start (item).entry))
    {
      g_debug ("a variant cannot be played, another one is tried: %s", message);
      deck_replace (self, deck_find_slot (self, item), deck_get_start (item));
      return TRUE;
    }
  if (!deck_is_last (item))
    {
      PlayerGstItemStart behind = deck_get_behind (item);

      behind.base_us = deck_get_start (item).base_us;
      g_debug ("an entry of a playlist cannot be played: %s", message);
      deck_replace (self, deck_find_slot (self, item), behind);
      return TRUE;
    }
  if (item != self->follow)
    return FALSE;
  if (player_gst_item_is_cut (self->current))
    deck_break_current (self, type, message);
  else
    deck_end_playlist (self);
  return TRUE;
}

gboolean
player_gst_deck_skip_empty (PlayerGstDeck *self, PlayerGstItem *item)
{
  PlayerGstLoad *load = player_gst_item_get_load (item);
  PlayerGstItem **slot = deck_find_slot (self, item);

  if (slot == NULL || !player_gst_reader_at_end (player_gst_item_get_reader (item))
      || !player_gst_item_has_more (item))
    return FALSE;
  if (!player_gst_item_is_cut (item))
    {
      PlayerGstItemStart start = player_gst_deck_find_start (load, deck_get_start (item));

      deck_replace (self, slot,
                    start.entry > deck_get_start (item).entry ? start : deck_get_behind (item));
      return TRUE;
    }
  if (load->n_reopened++ < MAX_REOPENED)
    {
      deck_replace (self, slot, deck_get_start (item));
      return TRUE;
    }
  player_gst_item_break (item, PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR,
                         "The server breaks off, always at the same place");
  return FALSE;
}

static gboolean
deck_wants_follow (PlayerGstDeck *self)
{
  PlayerGstItem *current = self->current;

  if (current == NULL || self->follow != NULL || self->seeking != NULL || self->ended
      || player_gst_item_get_error (current, NULL) != NULL || !player_gst_item_has_more (current))
    return FALSE;
  if (player_gst_item_is_cut (current))
    return player_gst_item_is_drained (current);
  return player_gst_item_is_buffered (current) || player_gst_item_is_drained (current);
}

/* In parts: it goes on where it is now. */
static gboolean
deck_is_broadcast (PlayerGstItem *item)
{
  const PlayerGstLoad *load = player_gst_item_get_load (item);

  return player_gst_item_is_adaptive (item) && !load->seekable && load->duration_ms < 0;
}

void
player_gst_deck_settle_follow (PlayerGstDeck *self)
{
  if (!deck_wants_follow (self))
    return;
  player_gst_deck_withdraw_next (self);
  if (!deck_wants_follow (self))
    return;

  PlayerGstItemStart start = deck_get_behind (self->current);
  if (player_gst_item_is_cut (self->current))
    {
      const gint64 end_us = player_gst_frames_to_us (
          player_gst_pump_get_end_frame (self->pump, self->current), self->rate);

      start = deck_get_start (self->current);
      if (deck_is_broadcast (self->current))
        start.base_us += end_us;
      start.offset_us = deck_is_broadcast (self->current) ? 0 : end_us;
    }
  self->follow = player_gst_deck_make_item (self, player_gst_item_get_load (self->current), &start);
  player_gst_item_open (self->follow, self->rate);
}

void
player_gst_deck_step_over (PlayerGstDeck *self, gint64 end_frame)
{
  PlayerGstItem *current = self->current;
  const guint entry = deck_get_start (current).entry;

  self->past_id = player_gst_item_get_id (current);
  self->past_base_us = deck_get_start (current).base_us;
  if (deck_get_start (self->follow).entry != entry)
    {
      const gint64 length_us = player_gst_frames_to_us (end_frame, self->rate);

      player_gst_load_set_entry_duration (player_gst_item_get_load (current), entry,
                                          (length_us + 500) / 1000);
      player_gst_item_set_base (self->follow, player_gst_item_to_load_us (current, length_us));
    }
  player_gst_deck_discard (self, &self->current);
  self->current = g_steal_pointer (&self->follow);
  self->offered = FALSE;
  player_gst_events_add_duration (self->events, self->current);
  player_gst_events_add_buffered (self->events, self->current);
  if (deck_get_start (self->current).entry != entry)
    player_gst_events_add_tags (self->events, self->current);
}

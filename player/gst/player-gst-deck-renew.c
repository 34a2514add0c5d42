/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-deck-private.h"

/* An item of a load whose URL has been renewed goes on reading at the new one. Where it is an entry of a
 * playlist, the renewed playlist is read again first, by an item that is never heard: it says where the
 * same entries are to be had now. */

/* (nullable): what is being played or waits of the generation. */
static PlayerGstLoad *
deck_find_load (PlayerGstDeck *self, guint64 generation)
{
  PlayerGstItem *items[] = { self->current, self->waiting, self->next };

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    if (items[i] != NULL && player_gst_item_get_load (items[i])->generation == generation)
      return player_gst_item_get_load (items[i]);
  return NULL;
}

/* (transfer full) (element-type PlayerGstItem): all that are open. */
static GPtrArray *
deck_list_items (PlayerGstDeck *self, PlayerGstLoad *load)
{
  PlayerGstItem *items[]
      = { self->current, self->waiting, self->next, self->seeking, self->follow };
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    if (items[i] != NULL && player_gst_item_get_load (items[i]) == load
        && player_gst_item_is_open (items[i]))
      g_ptr_array_add (found, g_object_ref (items[i]));
  return found;
}

/* What is read in parts cannot go on at a byte: it is opened anew where it has come to. */
void
player_gst_deck_renew_item (PlayerGstDeck *self, PlayerGstItem *item)
{
  if (!player_gst_item_is_adaptive (item) || player_gst_item_get_refusal (item) == NULL)
    player_gst_item_renew (item);
  else if (player_gst_item_is_ready (item))
    player_gst_item_cut (item);
  else
    player_gst_deck_reopen (self, item, player_gst_item_get_start (item));
}

static void
deck_renew_items (PlayerGstDeck *self, PlayerGstLoad *load)
{
  g_autoptr (GPtrArray) items = deck_list_items (self, load);

  for (guint i = 0; i < items->len; i++)
    player_gst_deck_renew_item (self, g_ptr_array_index (items, i));
}

/* Only what is refused needs the renewed URL: the rest plays on. */
static void
deck_fail_renewal (PlayerGstDeck *self,
                   PlayerGstLoad *load,
                   PlayerErrorType type,
                   const char *message)
{
  g_autoptr (GPtrArray) items = deck_list_items (self, load);

  g_debug ("the renewed playlist is of no use: %s", message);
  for (guint i = 0; i < items->len; i++)
    if (player_gst_item_get_refusal (g_ptr_array_index (items, i)) != NULL)
      player_gst_item_fail (g_ptr_array_index (items, i), type, message);
  player_gst_pump_wake (self->pump);
}

static void
deck_read_listing (PlayerGstDeck *self, PlayerGstLoad *fresh, guint entry)
{
  g_autoptr (PlayerGstLoad) load = player_gst_load_ref (fresh);
  const PlayerGstItemStart start = { .entry = entry };

  player_gst_deck_discard (self, &self->listing);
  self->listing = player_gst_deck_make_item (self, load, &start);
  player_gst_item_open (self->listing, self->rate);
}

void
player_gst_deck_renew_load (PlayerGstDeck *self, PlayerGstLoad *load)
{
  if (load->entries == NULL)
    {
      deck_renew_items (self, load);
      return;
    }
  g_autoptr (PlayerGstLoad) fresh = player_gst_load_new (load->generation, load->item);
  deck_read_listing (self, fresh, 0);
}

/* A playlist may name playlists: those are read that had been. */
static void
deck_on_listed (PlayerGstDeck *self, PlayerGstLoad *load, PlayerGstLoad *fresh)
{
  const guint n = player_gst_load_get_n_entries (fresh);
  const guint same = player_gst_load_compare (load, fresh);

  if (same < n && same < player_gst_load_get_n_entries (load)
      && player_gst_load_get_depth (fresh, same) < player_gst_load_get_depth (load, same))
    {
      deck_read_listing (self, fresh, same);
      return;
    }
  if (same == n && n == player_gst_load_get_n_entries (load))
    {
      player_gst_load_take_urls (load, fresh);
      deck_renew_items (self, load);
    }
  else
    deck_fail_renewal (self, load, PLAYER_MEDIA_ERROR_INVALID_REQUEST,
                       "The renewed playlist names other streams");
  player_gst_deck_discard (self, &self->listing);
}

void
player_gst_deck_on_listing (PlayerGstDeck *self, PlayerGstItemNews news)
{
  g_autoptr (PlayerGstItem) item = g_object_ref (self->listing);
  PlayerGstLoad *fresh = player_gst_item_get_load (item);
  PlayerGstLoad *load = deck_find_load (self, fresh->generation);
  PlayerErrorType type = PLAYER_MEDIA_ERROR_UNKNOWN;

  if (load == NULL)
    player_gst_deck_discard (self, &self->listing);
  else if (news == PLAYER_GST_ITEM_EXPANDED)
    deck_on_listed (self, load, fresh);
  else if (news == PLAYER_GST_ITEM_REFUSED)
    player_gst_events_add_refused (self->events, item);
  else if (news == PLAYER_GST_ITEM_FAILED)
    {
      const char *message = player_gst_item_get_error (item, &type);

      deck_fail_renewal (self, load, type, message);
      player_gst_deck_discard (self, &self->listing);
    }
  else if (news == PLAYER_GST_ITEM_AUDIO || news == PLAYER_GST_ITEM_READY)
    {
      deck_fail_renewal (self, load, PLAYER_MEDIA_ERROR_INVALID_REQUEST,
                         "The renewed URL leads to no playlist any more");
      player_gst_deck_discard (self, &self->listing);
    }
}

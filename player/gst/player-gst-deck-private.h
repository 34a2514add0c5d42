/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player-gst-deck.h"

G_BEGIN_DECLS

/* What the parts of the deck share: player-gst-deck.c carries calls out and decides which load takes
 * over; player-gst-deck-follow.c knows which item follows another of the same load;
 * player-gst-deck-renew.c goes on at renewed URLs; player-gst-deck-notes.c knows what has become of items,
 * and says so. */
struct _PlayerGstDeck
{
  PlayerGstPump *pump; /* (owned) */
  PlayerGstEvents *events;
  PlayerGstWorkers *workers;
  GMainContext *context; /* (owned) */
  PlayerGstWeb *web;     /* (owned) (nullable) */
  GSourceFunc changed;
  gpointer changed_data;

  guint64 last_id;
  guint rate;
  guint fixed_rate;       /* 0: that of what is loaded first */
  PlayerGstItem *current; /* (owned) (nullable) */
  PlayerGstItem *waiting; /* (owned) (nullable) */
  PlayerGstItem *next;    /* (owned) (nullable) */
  PlayerGstItem *seeking; /* (owned) (nullable) */
  PlayerGstItem *follow;  /* (owned) (nullable): of the load of current, comes at its end */
  PlayerGstItem
      *listing; /* (owned) (nullable): a renewed playlist, read again; of a load of its own */
  PlayerGstItem *coming; /* (owned) (nullable): given to the pump, takes current's place */
  gboolean offered;      /* next lies in the pump, or has been joined already */
  guint64 past_id;       /* of the item that current has followed, 0: none */
  gint64 past_base_us;
  gboolean paused;
  gboolean ended;  /* all frames of current have left the pump, not all have been heard */
  gboolean broken; /* … because of an error */
};

/* Closes the item; its load may live on in another. */
void player_gst_deck_discard (PlayerGstDeck *self, PlayerGstItem **slot);

/* Drops the item and its load: no event of it is emitted any more. */
void player_gst_deck_drop (PlayerGstDeck *self, PlayerGstItem **slot);

/* Takes in what the pump has noted. */
void player_gst_deck_absorb (PlayerGstDeck *self);

/* What comes takes the place of what was, which may just have ended by itself. */
void player_gst_deck_promote (PlayerGstDeck *self);

/* A load all of whose frames have left the pump has come to its end now. */
void player_gst_deck_finish_ended (PlayerGstDeck *self);

/* Ends the current load without a word of the pump's counting: the event has been added. */
void player_gst_deck_abandon_current (PlayerGstDeck *self);

/* Closes all items of the current load. */
void player_gst_deck_discard_current (PlayerGstDeck *self);

/* An item of @load, not opened yet. */
PlayerGstItem *player_gst_deck_make_item (PlayerGstDeck *self,
                                          PlayerGstLoad *load,
                                          const PlayerGstItemStart *start);

/* Takes what is to be joined out of the pump; it may just have been. */
void player_gst_deck_withdraw_next (PlayerGstDeck *self);

/* --- one item after another of the same load --- */

/* @from goes on into the entries behind it, as far as their lengths are known. */
PlayerGstItemStart player_gst_deck_find_start (const PlayerGstLoad *load, PlayerGstItemStart from);

/* It is a playlist: what it names is opened in its place. */
void player_gst_deck_on_expanded (PlayerGstDeck *self, PlayerGstItem *item);

/* @item cannot be opened: whether the deck goes on without it. */
gboolean player_gst_deck_skip_failed (PlayerGstDeck *self, PlayerGstItem *item);

/* @item is ready, but without a frame, and its load goes on behind it: TRUE: another one has taken its
 * place. */
gboolean player_gst_deck_skip_empty (PlayerGstDeck *self, PlayerGstItem *item);

/* Puts another item of the same load, which is opened, in the place of @item, not the current one. */
void
player_gst_deck_reopen (PlayerGstDeck *self, PlayerGstItem *item, const PlayerGstItemStart *start);

/* --- what is to be had from somewhere else --- */

/* @load is: its items go on reading there. If it is a playlist, that is read again before. */
void player_gst_deck_renew_load (PlayerGstDeck *self, PlayerGstLoad *load);
/* A part of @item is refused, and it has been renewed already. */
void player_gst_deck_renew_item (PlayerGstDeck *self, PlayerGstItem *item);
/* News of what reads a playlist again. */
void player_gst_deck_on_listing (PlayerGstDeck *self, PlayerGstItemNews news);

/* --- one item after another of the same load, continued --- */

/* Opens what follows the current item as soon as it is known where. */
void player_gst_deck_settle_follow (PlayerGstDeck *self);

/* The pump has gone on from the current item, at its end, to what follows it. */
void player_gst_deck_step_over (PlayerGstDeck *self, gint64 end_frame);

G_END_DECLS

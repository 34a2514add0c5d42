/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player-gst-deck.h"

G_BEGIN_DECLS

/* What the two halves of the deck share: player-gst-deck.c carries calls out and decides who takes
 * over; player-gst-deck-notes.c knows what has become of items, and says so. */
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
  guint fixed_rate; /* 0: that of what is loaded first */
  PlayerGstItem *current; /* (owned) (nullable) */
  PlayerGstItem *waiting; /* (owned) (nullable) */
  PlayerGstItem *next;    /* (owned) (nullable) */
  PlayerGstItem *seeking; /* (owned) (nullable) */
  PlayerGstItem *coming;  /* (owned) (nullable): given to the pump, takes current's place */
  gboolean offered;       /* next lies in the pump, or has been joined already */
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

G_END_DECLS

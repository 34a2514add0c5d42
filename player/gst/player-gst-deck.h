/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player-gst-events.h"
#include "player-gst-item.h"
#include "player-gst-pump.h"
#include "player-gst-workers.h"

G_BEGIN_DECLS

/**
 * PlayerGstDeck:
 *
 * The loads and their places: *current* lies in the pump, *waiting* will take its place as soon as
 * it is ready, *next* is joined to its end, *seeking* is the current load opened anew at another
 * position, *follow* is the current load opened anew where the data of the current item end, or the
 * next entry of its playlist: it is joined as next is, but nobody hears of it. Carries commands out
 * on items and pump, and turns what they tell into events.
 */
typedef struct _PlayerGstDeck PlayerGstDeck;

/* @changed: called after something has happened outside of a call. */
PlayerGstDeck *player_gst_deck_new (PlayerGstPump *pump,
                                    PlayerGstEvents *events,
                                    PlayerGstWorkers *workers,
                                    GMainContext *context,
                                    GSourceFunc changed,
                                    gpointer data);
void player_gst_deck_free (PlayerGstDeck *self);
/* What the sources of its items share. Before the first load. */
void player_gst_deck_set_web (PlayerGstDeck *self, PlayerGstWeb *web);

/* The calls of the port; see #PlayerEngine. They add events, and emit none. */
void player_gst_deck_load (PlayerGstDeck *self,
                           guint64 generation,
                           PlayerItem *item,
                           gint64 offset_ms,
                           PlayerLoadMode mode);
void player_gst_deck_unload (PlayerGstDeck *self, guint64 generation);
void player_gst_deck_pause (PlayerGstDeck *self);
void player_gst_deck_resume (PlayerGstDeck *self);
void player_gst_deck_stop (PlayerGstDeck *self);
void player_gst_deck_silence (PlayerGstDeck *self);
void player_gst_deck_renew (PlayerGstDeck *self, guint64 generation, PlayerItem *item);
void player_gst_deck_seek (PlayerGstDeck *self, guint64 generation, gint64 offset_ms);

/* Takes in what the pump has noted, and acts on it. */
void player_gst_deck_refresh (PlayerGstDeck *self);

/* Nothing sounds any more, and all that was has been heard: an ended load is finished now. */
void player_gst_deck_drained (PlayerGstDeck *self);

/* The output is gone: what is current has failed. */
void player_gst_deck_fail (PlayerGstDeck *self, const char *message);

gboolean player_gst_deck_is_empty (PlayerGstDeck *self);
/* Whether nothing is to sound: there is no load, or a pause. */
gboolean player_gst_deck_is_idle (PlayerGstDeck *self);

/* Whether all frames of the current load have left the pump, and its end is still to be told. */
gboolean player_gst_deck_is_draining (PlayerGstDeck *self);

/* Rate of all items; 0 until the first is ready. Forgotten by forget_rate(), only while empty. */
guint player_gst_deck_get_rate (PlayerGstDeck *self);
/* Whether something is about to sound that is not yet decoded, and at which rate; 0: no audio has been
 * found in it yet. */
gboolean player_gst_deck_is_coming (PlayerGstDeck *self);
guint player_gst_deck_get_coming_rate (PlayerGstDeck *self);
void player_gst_deck_forget_rate (PlayerGstDeck *self);
/* All items have this rate, always. Only before the first. */
void player_gst_deck_fix_rate (PlayerGstDeck *self, guint rate);

/* (nullable): the current item of @generation, or the one that will be it. */
PlayerGstItem *player_gst_deck_find_current (PlayerGstDeck *self, guint64 generation);

/* Where @frame of the item named @id lies in the load of @item, the current one: that may just have
 * gone on from one item to another. FALSE: not in that load. */
gboolean player_gst_deck_locate (
    PlayerGstDeck *self, PlayerGstItem *item, guint64 id, gint64 frame, gint64 *position_us);

/* (nullable): the current item if it has started and is not held. */
PlayerGstItem *player_gst_deck_get_sounding (PlayerGstDeck *self);

G_END_DECLS

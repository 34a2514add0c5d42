/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player-gst-item.h"
#include "player/player-engine.h"

G_BEGIN_DECLS

/**
 * PlayerGstEvents:
 *
 * The events which are true but not yet told. They are told when the engine's state is consistent
 * again, since whoever hears one may call the engine at once. Drops what has become stale.
 */
typedef struct _PlayerGstEvents PlayerGstEvents;

PlayerGstEvents *player_gst_events_new (void);
void player_gst_events_free (PlayerGstEvents *self);

/* Adds @event (whose generation is set from @load, and its offset_ms from its offset_us) unless @load
 * is over; after FINISHED, FAILED or a SILENCED for good it is. Copies the strings. */
void
player_gst_events_add (PlayerGstEvents *self, PlayerGstLoad *load, const PlayerEngineEvent *event);

/* Adds what became of the load of @item. DURATION, BUFFERED and READY are added only if they say
 * something new. */
void player_gst_events_add_at (PlayerGstEvents *self,
                               PlayerGstItem *item,
                               PlayerEngineEventType type,
                               gint64 offset_us);
void player_gst_events_add_failed (PlayerGstEvents *self, PlayerGstItem *item, gint64 offset_us);
void player_gst_events_add_refused (PlayerGstEvents *self, PlayerGstItem *item);
void player_gst_events_add_tags (PlayerGstEvents *self, PlayerGstItem *item);
/* Something is missing at @gap_us of its stream (-1: nothing is): an underrun, and its end, unless one has
 * been told there. */
void player_gst_events_add_gap (PlayerGstEvents *self, PlayerGstItem *item, gint64 gap_us);
void player_gst_events_add_duration (PlayerGstEvents *self, PlayerGstItem *item);
void player_gst_events_add_buffered (PlayerGstEvents *self, PlayerGstItem *item);
/* With the duration, and that it is buffered if it is. */
void player_gst_events_add_ready (PlayerGstEvents *self, PlayerGstItem *item);

/* Emits all, in order, those included which are added meanwhile. */
void player_gst_events_flush (PlayerGstEvents *self, PlayerEngine *engine);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player/player-types.h"

G_BEGIN_DECLS

/**
 * PlayerGstLoad:
 * @generation: what the caller named it
 * @item: what to open; its URL and headers change with renew()
 * @started: STARTED has been emitted
 * @ready_said: READY has been emitted
 * @buffered_said: BUFFERED has been emitted
 * @over: its last event has been decided: nothing more is to be queued
 * @dropped: unloaded: nothing more is to be emitted, not even what is queued
 * @duration_ms: as said last, -2 before that
 * @seekable: as said last
 * @position_us: the last position told, so that it never runs backwards
 *
 * What the engine remembers of a load, whatever items play it: a seek opens the URL anew.
 */
typedef struct
{
  guint64 generation;
  PlayerItem *item; /* (owned) */
  gboolean started;
  gboolean ready_said;
  gboolean buffered_said;
  gboolean over;
  gboolean dropped;
  gint64 duration_ms;
  gboolean seekable;
  gint64 position_us;
} PlayerGstLoad;

PlayerGstLoad *player_gst_load_new (guint64 generation, PlayerItem *item);
PlayerGstLoad *player_gst_load_ref (PlayerGstLoad *self);
void player_gst_load_unref (PlayerGstLoad *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerGstLoad, player_gst_load_unref)

G_END_DECLS

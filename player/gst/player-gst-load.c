/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-load.h"

PlayerGstLoad *
player_gst_load_new (guint64 generation, PlayerItem *item)
{
  PlayerGstLoad *self = g_atomic_rc_box_new0 (PlayerGstLoad);

  self->generation = generation;
  self->item = player_item_ref (item);
  self->duration_ms = -2;
  return self;
}

PlayerGstLoad *
player_gst_load_ref (PlayerGstLoad *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
load_clear (gpointer data)
{
  PlayerGstLoad *self = data;

  player_item_unref (self->item);
}

void
player_gst_load_unref (PlayerGstLoad *self)
{
  g_atomic_rc_box_release_full (self, load_clear);
}

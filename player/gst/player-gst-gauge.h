/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PlayerGstGauge:
 * @times: how often in succession it has run dry
 * @played_frames: since then
 *
 * How much has to wait before a stream that has run dry goes on: each time it runs dry again, more,
 * so that a network that is too slow gives a few long gaps in place of many short ones; when it has
 * played for a while without that, little again.
 */
typedef struct
{
  guint times;
  guint64 played_frames;
} PlayerGstGauge;

/* It has run dry. */
void player_gst_gauge_on_dry (PlayerGstGauge *self);
/* So much has been played; @rate: frames a second. */
void player_gst_gauge_on_played (PlayerGstGauge *self, guint frames, guint rate);
/* So much has to wait, in ms. */
guint player_gst_gauge_get_wanted_ms (const PlayerGstGauge *self);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PlayerGstMap:
 *
 * Which frame of which item lies at a frame of the output. Pure arithmetic, no locking: the pump
 * writes it while it counts frames, the engine reads it (under the pump's lock) to know what is
 * heard.
 */
typedef struct _PlayerGstMap PlayerGstMap;

PlayerGstMap *player_gst_map_new (void);
void player_gst_map_free (PlayerGstMap *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerGstMap, player_gst_map_free)

/* Forgets everything: a new output begins at frame 0. */
void player_gst_map_clear (PlayerGstMap *self);

/**
 * player_gst_map_mark:
 * @out_frame: not before the last one marked
 * @item_id: the item from @out_frame on, 0 for none
 * @item_frame: its frame there
 * @flowing: whether the item's frames advance with the output's, or stand still (silence)
 *
 * Does nothing if it only goes on with what was marked before.
 */
void player_gst_map_mark (
    PlayerGstMap *self, guint64 out_frame, guint64 item_id, gint64 item_frame, gboolean flowing);

/**
 * player_gst_map_lookup:
 * @item_id: (out): the item at @out_frame
 * @item_frame: (out): its frame there
 *
 * Returns: %FALSE if @out_frame lies before all that is known
 */
gboolean player_gst_map_lookup (const PlayerGstMap *self,
                                guint64 out_frame,
                                guint64 *item_id,
                                gint64 *item_frame);

/* Forgets what begins behind @out_frame: something else will. */
void player_gst_map_cut (PlayerGstMap *self, guint64 out_frame);

/* What lies at @out_frame lies at frame 0 from now on, what follows behind it; what lies before is
 * forgotten. */
void player_gst_map_rebase (PlayerGstMap *self, guint64 out_frame);

/* Forgets what ended before @out_frame. */
void player_gst_map_prune (PlayerGstMap *self, guint64 out_frame);

/* Number of marks kept. */
guint player_gst_map_get_size (const PlayerGstMap *self);

/* Frames to ms, to µs and back, rounded to the nearest. 0 for a rate of 0. */
gint64 player_gst_frames_to_ms (gint64 frames, guint rate);
gint64 player_gst_frames_to_us (gint64 frames, guint rate);
gint64 player_gst_ms_to_frames (gint64 ms, guint rate);
/* A frame's µs give that very frame back, up to 500 kHz. */
gint64 player_gst_us_to_frames (gint64 us, guint rate);

G_END_DECLS

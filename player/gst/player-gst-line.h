/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player-gst-loudness.h"
#include "player-gst-note.h"

G_BEGIN_DECLS

/* A fade lasts 10 ms; so does a block of silence, and one of what is spoken. */
#define PLAYER_GST_FADES_PER_SECOND 100
/* What gives nothing for so many blocks of silence has run dry. */
#define PLAYER_GST_DRY_BLOCKS 3
/* … and what broke will give nothing more: its decoder may still be at work, or never say that it has
 * come to the end. */
#define PLAYER_GST_BROKEN_BLOCKS 50
/* After that so much has to wait at least that the next time does not follow at once. */
#define PLAYER_GST_REFILL_MS 300

/**
 * PlayerGstLine:
 *
 * What plays, one item after another: takes frames of the current one, at its end goes on with the
 * next one inside the same block, fades, and knows what of it lies where in the output. What
 * happened is left as notes, in the order in which it happened. All under the pump's lock.
 */
typedef struct _PlayerGstLine PlayerGstLine;

/* @wakeup: made ready whenever there are notes. */
PlayerGstLine *player_gst_line_new (GSource *wakeup);
void player_gst_line_free (PlayerGstLine *self);

/* An output takes @rate frames a second. Items of another rate wait. */
void player_gst_line_set_rate (PlayerGstLine *self, guint rate);

/* All has been heard: the output begins at frame 0 again. */
void player_gst_line_rest (PlayerGstLine *self);

/* The output broke when @out_frame was heard: if something sounded, it has run dry there (UNDERRUN,
 * unless it is faded in just now), and frame 0 is that one; else as rest(), and FALSE. */
gboolean player_gst_line_lose (PlayerGstLine *self, guint64 out_frame);
/* What was lost goes on. @again: with frames that the line has given before. */
void player_gst_line_find (PlayerGstLine *self, gboolean again);

/* Of all items that come from now on. */
void player_gst_line_set_loudness (PlayerGstLine *self, const PlayerGstLoudnessPlan *plan);

/* The last @past_frames of what it gives may be taken back. */
void player_gst_line_keep_past (PlayerGstLine *self, guint64 past_frames);
/* How many can be: of what sounds now and is neither faded nor mixed with anything. */
guint64 player_gst_line_count_past (PlayerGstLine *self);
/* The last @frames have been, they begin at @out_frame: they are given again from there on. */
void player_gst_line_rewind (PlayerGstLine *self, guint64 frames, guint64 out_frame);
/* Whether what is filled in next is not faded, and goes on from what was before. */
gboolean player_gst_line_is_plain (PlayerGstLine *self);

/* Frames into @block, which is silent and will lie at @out_frame of the output; returns how many. */
guint player_gst_line_fill (PlayerGstLine *self, float *block, guint frames, guint64 out_frame);

/* Nothing was given for the block at @out_frame. */
void player_gst_line_miss (PlayerGstLine *self, guint64 out_frame);

/* (transfer full) (nullable): the oldest note. */
PlayerGstNote *player_gst_line_take_note (PlayerGstLine *self);

/* See the functions of the same names of #PlayerGstPump. */
void player_gst_line_play (PlayerGstLine *self, PlayerGstItem *item);
void player_gst_line_swap (PlayerGstLine *self, PlayerGstItem *item);
void player_gst_line_set_next (PlayerGstLine *self, PlayerGstItem *item);
void player_gst_line_stop (PlayerGstLine *self, gboolean only_sounding);
void player_gst_line_hold (PlayerGstLine *self);
void player_gst_line_release (PlayerGstLine *self);

/* Whether there is an item to be played now. */
gboolean player_gst_line_is_busy (PlayerGstLine *self);

/* … and its frames are such as the output takes. */
gboolean player_gst_line_is_due (PlayerGstLine *self);

/* Whether what comes of it may go beyond full level: it is made louder, or mixed. */
gboolean player_gst_line_may_peak (PlayerGstLine *self);

/* Whether only silence comes of it; @out_frame: (out): since which frame of the output. */
gboolean player_gst_line_is_silent (PlayerGstLine *self, guint64 *out_frame);

/* What lies at @out_frame of the output; forgets what lies before. */
gboolean player_gst_line_lookup (PlayerGstLine *self,
                                 guint64 out_frame,
                                 guint64 *item_id,
                                 gint64 *item_frame);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

#include "player-gst-reader.h"

G_BEGIN_DECLS

/**
 * PlayerGstTail:
 *
 * The last few faded frames of something that has been silenced and which are still to be played.
 */
typedef struct
{
  float *samples;      /* (owned) */
  guint frames;        /* how many there are */
  guint at;            /* how many have been played */
  guint64 item_id;     /* whose they are */
  gint64 item_frame;   /* of the first */
  gboolean underneath; /* mixed with what follows, instead of played before it */
} PlayerGstTail;

/* How far a fade-in has come. */
typedef struct
{
  guint at;
  guint frames; /* 0: no fade */
} PlayerGstFade;

void player_gst_tail_clear (PlayerGstTail *self);
guint player_gst_tail_left (const PlayerGstTail *self);

/* Takes up to @frames of @reader at @level, fades them out (and in, where @in has not ended), mixes
 * what was left of the tail into them. Returns how many frames it took. */
guint player_gst_tail_cut (
    PlayerGstTail *self, PlayerGstReader *reader, guint frames, double level, PlayerGstFade *in);

/* Adds up to @frames of the tail to @block; returns how many. */
guint player_gst_tail_mix (PlayerGstTail *self, float *block, guint frames);

/**
 * player_gst_fade_get_factor:
 *
 * The factor of frame @at of a fade-in of @frames. A fade-out is the same backwards: the squares of
 * both add up to 1, so that one thing that fades into another keeps its power.
 */
double player_gst_fade_get_factor (guint at, guint frames);

/* Applies a fade-in to the next @frames. */
void player_gst_fade_apply (PlayerGstFade *self, float *block, guint frames);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PlayerGstRamp:
 *
 * A factor that goes evenly to where it is wanted, and is exactly that in the end.
 */
typedef struct
{
  double now;
  double target;
  double step; /* for each frame */
} PlayerGstRamp;

/* Goes to @target within @frames; 0: at once. */
void player_gst_ramp_set (PlayerGstRamp *self, double target, guint frames);
/* Scales @block. */
void player_gst_ramp_apply (PlayerGstRamp *self, float *block, guint frames);

/* Scales @block, going from *@now to @target evenly. */
void player_gst_gain_apply (float *block, guint frames, double *now, double target);

/* Bends what is louder than -2 dB so that nothing goes beyond full level. What is softer stays bit
 * by bit what it is. */
void player_gst_limit (float *block, guint frames);

G_END_DECLS

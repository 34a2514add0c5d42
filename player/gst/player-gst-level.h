/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PlayerGstRamp:
 *
 * A factor that goes evenly to where it is wanted, and is exactly that in the end: whatever the size
 * of the blocks and however often it is told, there is no step.
 */
typedef struct
{
  double now;
  double target;
  double step; /* for each frame */
  guint left;  /* frames until the target is reached */
} PlayerGstRamp;

/* Goes to @target within @frames; 0: at once. */
void player_gst_ramp_set (PlayerGstRamp *self, double target, guint frames);
/* Scales @block. */
void player_gst_ramp_apply (PlayerGstRamp *self, float *block, guint frames);

/* Scales @block; a @factor of 1 leaves it bit by bit what it is. */
void player_gst_level_scale (float *block, guint frames, double factor);

G_END_DECLS

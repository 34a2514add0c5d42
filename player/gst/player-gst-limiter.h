/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PlayerGstLimiter:
 *
 * Keeps what is made louder, and what is mixed, from going beyond full level: it turns down a little
 * before a peak and up again slowly after it, so that the peak keeps its shape. What stays below full
 * level for long enough stays bit by bit what it is.
 *
 * To see a peak before it is heard it keeps the last few frames back while there may be one; they
 * come first in the next block. Where there were none to keep back (a peak that nobody expected), it
 * turns down at once.
 */
typedef struct
{
  float *frames; /* (owned) (nullable): kept back */
  guint kept;
  guint most;    /* … at most */
  float release; /* how much of the way back it goes with each frame */
  float least_release;
  float gain; /* of the last frame that went out */
} PlayerGstLimiter;

void player_gst_limiter_init (PlayerGstLimiter *self);
void player_gst_limiter_clear (PlayerGstLimiter *self);
/* Forgets what has been kept back. */
void player_gst_limiter_restart (PlayerGstLimiter *self, guint rate);

/* How many frames are kept back. */
guint player_gst_limiter_get_kept (const PlayerGstLimiter *self);
/* Puts them at the beginning of @block. */
void player_gst_limiter_put_kept (const PlayerGstLimiter *self, float *block);

/**
 * player_gst_limiter_run:
 * @block: those that were kept back, and what follows them
 * @frames: how many in all
 * @alert: there may be peaks in what follows
 *
 * Returns: how many frames of @block may go out now; the rest are kept back
 */
guint player_gst_limiter_run (PlayerGstLimiter *self, float *block, guint frames, gboolean alert);

G_END_DECLS

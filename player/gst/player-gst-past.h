/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * PlayerGstPast:
 *
 * The last blocks that have left the pump, so that what a broken sink has taken but not played can be
 * given once more. Holds references, no copies. No locking.
 */
typedef struct
{
  GQueue blocks;          /* (element-type GstBuffer) oldest first */
  guint64 frames;         /* in all of them */
  guint64 pending_frames; /* the last ones, to be given again */
} PlayerGstPast;

void player_gst_past_clear (PlayerGstPast *self);

/* Keeps @block; forgets the oldest ones while @limit frames are left without them. */
void player_gst_past_add (PlayerGstPast *self, GstBuffer *block, guint64 limit);

/* The last @frames have been taken back: they count no longer. Not while some are to be given again. */
void player_gst_past_cut (PlayerGstPast *self, guint64 frames);

/* The last @frames given are to be given again; returns how many of them are still known. */
guint64 player_gst_past_rewind (PlayerGstPast *self, guint64 frames);

/* (transfer full) (nullable): the next frames to be given again, without time stamps. */
GstBuffer *player_gst_past_take (PlayerGstPast *self);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player-gst-chain.h"

G_BEGIN_DECLS

/* How the pipeline of an item comes to its offset, where the cutter does not bring it there. Main
 * context only. */

/* The first frame has been decoded, and waits, as @message of the gate says: seeks to shortly before
 * the offset. */
void player_gst_landing_seek (PlayerGstChain *chain, PlayerGstTrim *trim, GstMessage *message);

/* In ms, of what is to be heard; -1 if unknown or live. */
gint64
player_gst_landing_query_duration (PlayerGstChain *chain, PlayerGstTrim *trim, gboolean *seekable);

G_END_DECLS

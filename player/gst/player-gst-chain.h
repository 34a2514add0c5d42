/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/gst.h>

#include "player-gst-error.h"
#include "player-gst-gate.h"
#include "player-gst-load.h"
#include "player-gst-web.h"
#include "player-gst-workers.h"

G_BEGIN_DECLS

/* Application message of the pipeline: audio has been found. Field "rate" (int), in Hz. */
#define PLAYER_GST_MESSAGE_AUDIO "segue-audio"

/**
 * PlayerGstChain:
 *
 * The elements of one item: source, cutter, decodebin, gate, conversion to the engine's format, and
 * the sink it is given. It is built in one go, and torn down in a thread of its own.
 */
#define PLAYER_TYPE_GST_CHAIN (player_gst_chain_get_type ())
G_DECLARE_FINAL_TYPE (PlayerGstChain, player_gst_chain, PLAYER, GST_CHAIN, GObject)

/**
 * player_gst_chain_new:
 * @item: what to open; only URL, headers, renewable and valid_until_us are read
 * @web: (nullable): what its sources share with others
 * @trim: which frames are to come
 * @rate: rate to deliver, 0 = the stream's own
 * @sink: (transfer floating): takes the frames
 * @error: (out): with %NULL returned
 *
 * Builds the pipeline, which is to be started; it rests in state NULL.
 */
PlayerGstChain *player_gst_chain_new (PlayerItem *item,
                                      PlayerGstWeb *web,
                                      PlayerGstTrim *trim,
                                      GstElement *sink,
                                      PlayerGstError **error);

/* (transfer none) */
GstElement *player_gst_chain_get_pipeline (PlayerGstChain *self);

/* (transfer none): its first element */
GstElement *player_gst_chain_get_source (PlayerGstChain *self);

/* (transfer none): between decoder and conversion */
PlayerGstGate *player_gst_chain_get_gate (PlayerGstChain *self);

/* Whether it is read in parts, each from a source of its own, as HLS is. Any thread. */
gboolean player_gst_chain_is_adaptive (PlayerGstChain *self);

/* Answers @message if it is a question of one of the elements; else FALSE. Any thread, while it is being
 * posted. */
gboolean player_gst_chain_take_message (PlayerGstChain *self, GstMessage *message);

/* (transfer full) (nullable): what is behind the ERROR message @error if its sender does not know. Any
 * thread. */
PlayerGstError *player_gst_chain_explain (PlayerGstChain *self, GstMessage *error);

/* Whether it reads a file of this machine. */
gboolean player_gst_chain_is_local (PlayerGstChain *self);

/* An error has come: nothing more is added to it. Any thread. */
void player_gst_chain_settle (PlayerGstChain *self);

/* Its source ends at once, and @workers tear it down: from here on there is no pipeline. The bus
 * must have no watch any more. */
void player_gst_chain_close (PlayerGstChain *self, PlayerGstWorkers *workers);

G_END_DECLS

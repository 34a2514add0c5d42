/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/base/gstpushsrc.h>

#include "player-gst-pump.h"

G_BEGIN_DECLS

/**
 * PlayerGstSpout:
 *
 * The source of one output pipeline: hands on what the pump gives. The pump outlives pipelines; a
 * spout belongs to one, and gives nothing more once another has been attached to the pump, so that
 * a pipeline whose sink hangs can be left behind.
 */
#define PLAYER_TYPE_GST_SPOUT (player_gst_spout_get_type ())
G_DECLARE_FINAL_TYPE (PlayerGstSpout, player_gst_spout, PLAYER, GST_SPOUT, GstPushSrc)

/* Attached to @pump, which gives it frames of @rate, @block_ms at a time. (transfer full), floating. */
GstElement *player_gst_spout_new (PlayerGstPump *pump, guint rate, guint block_ms);
/* Attached anew, at another rate. Not beyond the state READY. */
void player_gst_spout_set_rate (PlayerGstSpout *self, guint rate, guint block_ms);

/* What it gives goes to @rewind as it is: no frame is added, left out or resampled on the way. Before the
 * state PAUSED; not with a lead. */
void player_gst_spout_set_rewind (PlayerGstSpout *self, PlayerGstRewind *rewind);

/* So many blocks of silence come before what the pump gives, each time that the pipeline starts: for
 * sinks that lose the first of what they are given. Before the state PAUSED. */
void player_gst_spout_set_lead (PlayerGstSpout *self, guint blocks);
/* How long that takes. */
GstClockTime player_gst_spout_get_lead (PlayerGstSpout *self);

G_END_DECLS

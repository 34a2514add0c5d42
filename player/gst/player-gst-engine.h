/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player/player-engine.h"

G_BEGIN_DECLS

/**
 * PlayerGstEngine:
 *
 * The #PlayerEngine made of GStreamer: a pipeline for each item, the pump, one output pipeline.
 */
#define PLAYER_TYPE_GST_ENGINE (player_gst_engine_get_type ())
G_DECLARE_FINAL_TYPE (PlayerGstEngine, player_gst_engine, PLAYER, GST_ENGINE, GObject)

/**
 * player_gst_init:
 *
 * Initialises GStreamer and registers the elements of this folder. Once per process, before the
 * rest.
 */
gboolean player_gst_init (GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * player_gst_engine_new:
 * @sink: "auto" or a GStreamer bin description, e.g. "alsasink device=hw:1", "fakesink sync=true"
 * @buffer_ms: buffer of the sink in ms, where it has such a property
 * @error: G_IO_ERROR_INVALID_ARGUMENT with the parser's message if @sink cannot be parsed; a sink
 * that cannot be *opened* is no error here: it is opened for the first sample
 */
PlayerEngine *
player_gst_engine_new (const char *sink, guint buffer_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "pulsesink", "alsasink", … : what "auto" chose or the description names; NULL before the first
 * sample. */
const char *player_gst_engine_get_sink_name (PlayerGstEngine *self);

G_END_DECLS

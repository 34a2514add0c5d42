/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/base/gstbasesink.h>

G_BEGIN_DECLS

/**
 * PlayerGstPipewireSink:
 *
 * A sink that plays on the user's PipeWire: in READY it is connected, from PAUSED on its stream runs, and
 * is silent until PLAYING. Samples in 32 bit floats or 16 bits, of any rate. Its position is what is
 * heard, to the sample. A server that goes away, or that has no audio output, is an error of the pipeline.
 * What is queued can be taken back: it is a #PlayerGstRewind.
 *
 * What flows into it is played as it comes, without a clock; its time stamps say how far it is. A gap in
 * them is heard as silence.
 *
 * Properties: "target-object" (name or serial number of a sink of PipeWire's; NULL: the usual one),
 * "client-name", "buffer-time" (µs: how much is queued here).
 */
#define PLAYER_GST_PIPEWIRE_SINK_NAME "seguepipewiresink"
#define PLAYER_TYPE_GST_PIPEWIRE_SINK (player_gst_pipewire_sink_get_type ())
G_DECLARE_FINAL_TYPE (
    PlayerGstPipewireSink, player_gst_pipewire_sink, PLAYER, GST_PIPEWIRE_SINK, GstBaseSink)

gboolean player_gst_pipewire_sink_register (void);

G_END_DECLS

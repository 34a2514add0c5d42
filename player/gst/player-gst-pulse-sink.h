/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/base/gstbasesink.h>

G_BEGIN_DECLS

#define PLAYER_GST_PULSE_SINK_NAME "seguepulsesink"

/**
 * PlayerGstPulseSink:
 *
 * Plays through a PulseAudio server (not through PipeWire in its place), as pulsesink does, with two
 * differences: what is not heard yet can be taken back (#PlayerGstRewind), and samples that come too
 * late are heard later, not left out. The server's time is not the pipeline's: buffers are played when
 * they come, one after another, and the position says what is heard.
 */
#define PLAYER_TYPE_GST_PULSE_SINK (player_gst_pulse_sink_get_type ())
G_DECLARE_FINAL_TYPE (
    PlayerGstPulseSink, player_gst_pulse_sink, PLAYER, GST_PULSE_SINK, GstBaseSink)

/* FALSE: it cannot be registered. */
gboolean player_gst_pulse_sink_register (void);

G_END_DECLS

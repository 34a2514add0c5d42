/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/base/gstbasesink.h>

G_BEGIN_DECLS

/**
 * PlayerGstSnapcast:
 *
 * A sink that feeds a TCP source of a snapserver: 48000 Hz, 16 bit, two channels. It is connected
 * while it plays, sends each block a little ahead of time, as the server reads at its own pace, and
 * answers a query for the position with what is heard in the rooms. A server that goes away, or
 * takes nothing for a while, is an error of the pipeline.
 *
 * Properties: "address" (HOST:PORT), "delay-ms" (the server's buffer).
 */
#define PLAYER_GST_SNAPCAST_NAME "seguesnapcastsink"
#define PLAYER_GST_SNAPCAST_RATE 48000
#define PLAYER_TYPE_GST_SNAPCAST (player_gst_snapcast_get_type ())
G_DECLARE_FINAL_TYPE (PlayerGstSnapcast, player_gst_snapcast, PLAYER, GST_SNAPCAST, GstBaseSink)

gboolean player_gst_snapcast_register (void);

/* (transfer full): a bin description of such a sink. */
char *player_gst_snapcast_describe (const char *address, guint delay_ms);

/* How much later than it leaves the pump a frame is heard, at most, while all goes well. */
guint player_gst_snapcast_get_latency_ms (guint delay_ms);

G_END_DECLS

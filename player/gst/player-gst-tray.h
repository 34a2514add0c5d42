/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/base/gstbasesink.h>

G_BEGIN_DECLS

/* What flows through the engine: interleaved stereo floats. */
#define PLAYER_GST_CHANNELS 2
#define PLAYER_GST_FRAME_BYTES (PLAYER_GST_CHANNELS * sizeof (float))
/* What waits in trays may be stereo of 16 bit integers: half as much, and no work for the decoder. */
#define PLAYER_GST_NARROW_FRAME_BYTES (PLAYER_GST_CHANNELS * sizeof (gint16))

/**
 * PlayerGstTray:
 *
 * The last element of an item's pipeline: decoded buffers wait here, in order, until they are taken,
 * all at one rate, whatever the stream's own (#PlayerGstResampler).
 * When a second of audio waits, the decoder sleeps until less than half of it does: it is woken
 * twice a second, not for each buffer, and memory is bounded in time, whatever the size of the
 * buffers. An item that waits for its turn holds less. Whoever takes never waits.
 */
#define PLAYER_TYPE_GST_TRAY (player_gst_tray_get_type ())
G_DECLARE_FINAL_TYPE (PlayerGstTray, player_gst_tray, PLAYER, GST_TRAY, GstBaseSink)

/**
 * PlayerGstPortion:
 * @buffer: (owned): whole frames
 * @time_ns: where its first frame lies in the stream, %GST_CLOCK_TIME_NONE if it does not say
 * @rate: of its frames
 * @narrow: they are of 16 bit integers, else of floats
 */
typedef struct
{
  GstBuffer *buffer;
  GstClockTime time_ns;
  guint rate;
  gboolean narrow;
} PlayerGstPortion;

/* Frames in the whole of it. */
guint player_gst_portion_count_frames (const PlayerGstPortion *self);

void player_gst_portion_clear (PlayerGstPortion *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PlayerGstPortion, player_gst_portion_clear)

/* Called in the streaming thread, no lock held. */
typedef void (*PlayerGstTrayFunc) (gpointer data);

/**
 * player_gst_tray_new:
 * @rate: of what is taken, 0: that of what comes first
 * @arrived: called when something lies in the tray again after take() has found nothing (as it is
 * in the beginning), and at the end of the stream
 * @destroy: (nullable): of @data, when the tray goes
 *
 * Returns: (transfer floating)
 */
GstElement *
player_gst_tray_new (guint rate, PlayerGstTrayFunc arrived, gpointer data, GDestroyNotify destroy);

/* @caps: of what comes next, as it leaves the decoder. Before they are negotiated: if it is stereo of
 * 16 bit integers at the rate of what is taken, it is to come as it is, else as floats. Streaming thread. */
void player_gst_tray_expect (PlayerGstTray *self, GstCaps *caps);

/* Takes the oldest portion; FALSE if none waits. Any thread. */
gboolean player_gst_tray_take (PlayerGstTray *self, PlayerGstPortion *portion);

/* How many frames wait. Any thread. */
guint64 player_gst_tray_get_waiting (PlayerGstTray *self);

/* Nothing more is taken in: what waits now is all there is. Any thread. */
void player_gst_tray_finish (PlayerGstTray *self);

/* Whether nothing comes any more besides what waits. Any thread. */
gboolean player_gst_tray_is_eos (PlayerGstTray *self);

G_END_DECLS

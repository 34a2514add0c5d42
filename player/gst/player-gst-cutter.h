/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/gst.h>

#include "player-gst-trim.h"

G_BEGIN_DECLS

/* Posted when the source has been made to read on elsewhere: what it said before of having been read to
 * its end does not hold. */
#define PLAYER_GST_MESSAGE_MOVED "segue-moved"

/**
 * PlayerGstCutter:
 *
 * Stands between an item's source and its decoders, which are fed, and do not read by themselves. It
 * looks at the first bytes, and has the format's #PlayerGstCut say which parts of the file the decoders
 * get; to read on elsewhere it seeks in the source, from the streaming thread. Of formats that
 * demuxers land in exactly it only reads along.
 */
#define PLAYER_TYPE_GST_CUTTER (player_gst_cutter_get_type ())
G_DECLARE_FINAL_TYPE (PlayerGstCutter, player_gst_cutter, PLAYER, GST_CUTTER, GstElement)

/* (transfer floating) */
GstElement *player_gst_cutter_new (PlayerGstTrim *trim);

G_END_DECLS

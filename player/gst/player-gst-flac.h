/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PLAYER_GST_FLAC_STREAMINFO_BYTES 34

/**
 * PlayerGstFlacInfo:
 * @total: samples of the stream, 0: unknown
 * @max_frame_bytes: 0: unknown
 *
 * The STREAMINFO block (RFC 9639 §8.2).
 */
typedef struct
{
  guint min_block;
  guint max_block;
  guint max_frame_bytes;
  guint rate;
  guint channels;
  guint bits;
  guint64 total;
} PlayerGstFlacInfo;

/* @data: the block without its header. */
gboolean player_gst_flac_info_parse (PlayerGstFlacInfo *self, const guint8 *data, gsize size);

/**
 * player_gst_flac_frame_parse:
 * @sample: (out): the number of its first sample
 *
 * Whether a frame of the stream begins at @data: its header is whole, its checksum right and all it
 * says agrees with STREAMINFO (RFC 9639 §9.1).
 *
 * Returns: how many samples it has; 0: it is none
 */
guint player_gst_flac_frame_parse (const PlayerGstFlacInfo *info,
                                   const guint8 *data,
                                   gsize size,
                                   guint64 *sample);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PlayerGstMp4Gapless:
 * @rate: of lead and total
 * @lead: frames of the track before the first that is to be heard
 * @total: how many are to be heard, -1: unknown
 * @edits_at: where the box of the edit list begins, 0: there is none
 * @header_at: where the contents of the movie's header begin
 * @wide: that has durations of 64 bit
 * @movie_length: how long the track is in the movie's units, rounded up
 *
 * What a "moov" box says of its first sound track: the edit list (ISO/IEC 14496-12 §8.6.6), and what
 * iTunes writes in its place.
 */
typedef struct
{
  guint rate;
  gint64 lead;
  gint64 total;
  gsize edits_at;
  gsize header_at;
  gboolean wide;
  guint64 movie_length;
} PlayerGstMp4Gapless;

/**
 * player_gst_mp4_gapless_parse:
 * @moov: the whole box
 *
 * Returns: %FALSE if there is no sound track, or it is in fragments, or edited in other ways than at
 * its ends
 */
gboolean player_gst_mp4_gapless_parse (PlayerGstMp4Gapless *self, const guint8 *moov, gsize size);

/* Has demuxers give the whole track: without an edit list, and as long as all its samples. @moov: what
 * has been parsed. */
void player_gst_mp4_gapless_open (const PlayerGstMp4Gapless *self, guint8 *moov);

/* A box's header. Returns its bytes (8 or 16), 0: more are needed; @box_size: 0: to the end of the
 * file. */
guint player_gst_mp4_box_parse (const guint8 *data, gsize size, guint32 *type, guint64 *box_size);

#define PLAYER_GST_MP4_TYPE(a, b, c, d) ((guint32)(a) << 24 | (guint32)(b) << 16 | (c) << 8 | (d))

G_END_DECLS

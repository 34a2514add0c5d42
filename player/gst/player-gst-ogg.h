/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PLAYER_GST_OGG_MAX_PAGE_BYTES (27 + 255 + 255 * 255)

/**
 * PlayerGstOggPage:
 * @size: in bytes, header included
 * @head: of the header
 * @position: where its last whole packet ends ("granule position"); -1: none ends in it
 * @first: begins a stream
 * @last: ends it
 * @continued: its first packet has begun before
 *
 * A page (RFC 3533 §6).
 */
typedef struct
{
  gsize size;
  gsize head;
  gint64 position;
  guint32 serial;
  gboolean first;
  gboolean last;
  gboolean continued;
} PlayerGstOggPage;

/* Whether a page begins at @data. @size may be less than the page, but not less than its header. */
gboolean player_gst_ogg_page_parse (PlayerGstOggPage *self, const guint8 *data, gsize size);
/* Whether its checksum is right. @data: the whole page. */
gboolean player_gst_ogg_page_is_whole (const PlayerGstOggPage *self, const guint8 *data);
/* The packets that end in the page, from *@at on (0 at first): FALSE: no more. Of one that has begun
 * before, @packet is what of it lies here. @rest: (out): it goes on in the next page. */
gboolean player_gst_ogg_page_next (const PlayerGstOggPage *self,
                                   const guint8 *data,
                                   guint *segment,
                                   gsize *at,
                                   gsize *packet,
                                   gsize *size,
                                   gboolean *rest);

/**
 * PlayerGstOggCodec:
 * @rate: of positions; 0: a codec that we do not know
 * @lead: samples that positions count, and the decoder leaves out
 * @n_headers: packets before audio
 * @sizes: Vorbis: of its short and its long blocks
 * @n_modes: Vorbis: how many there are; @modes: which of them are of long blocks
 *
 * What must be known of a codec to tell how long a packet is.
 */
typedef struct
{
  guint rate;
  guint lead;
  guint n_headers;
  guint sizes[2];
  guint n_modes;
  guint64 modes;
} PlayerGstOggCodec;

/* @packet: the first of a stream. */
gboolean player_gst_ogg_codec_parse (PlayerGstOggCodec *self, const guint8 *packet, gsize size);
/* @packet: the third, of Vorbis. */
gboolean
player_gst_ogg_codec_parse_setup (PlayerGstOggCodec *self, const guint8 *packet, gsize size);
/* Vorbis: how long the packet's block is; Opus: how long the packet is. 0: neither. */
guint
player_gst_ogg_codec_measure (const PlayerGstOggCodec *self, const guint8 *packet, gsize size);

/**
 * player_gst_ogg_codec_locate:
 * @page, @data: a whole page
 * @begin: (out): the sample with which a decoder begins that gets this page first
 *
 * Returns: FALSE if no packet ends in it
 */
gboolean player_gst_ogg_codec_locate (const PlayerGstOggCodec *self,
                                      const PlayerGstOggPage *page,
                                      const guint8 *data,
                                      gint64 *begin);

G_END_DECLS

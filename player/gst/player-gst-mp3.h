/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a decoder of layer III adds before the first sample that was encoded. */
#define PLAYER_GST_MP3_DECODER_DELAY 529
/* What LAME adds before that, and most others. */
#define PLAYER_GST_MP3_ENCODER_DELAY 576

/**
 * PlayerGstMp3Header:
 * @rate: in Hz
 * @bitrate: in bit/s
 * @samples: frames of audio in it
 * @size: in bytes, header included
 * @side_bytes: of the side information
 * @side_at: where it begins, behind header and CRC
 * @mono: one channel
 *
 * The header of a frame of MPEG audio layer III (ISO/IEC 11172-3 §2.4.1.3, 13818-3).
 */
typedef struct
{
  guint rate;
  guint bitrate;
  guint samples;
  guint size;
  guint side_bytes;
  guint side_at;
  gboolean mono;
} PlayerGstMp3Header;

/**
 * PlayerGstMp3Tag:
 * @vbr: it says that bit rates vary
 * @frames: of MPEG audio that follow it, -1: it does not say
 * @delay: samples the encoder has put before the first, -1: it does not say
 * @padding: … and behind the last
 *
 * What the first frame says in place of audio: Xing, Info (with what LAME and ffmpeg add), VBRI.
 */
typedef struct
{
  gboolean vbr;
  gint64 frames;
  gint delay;
  gint padding;
} PlayerGstMp3Tag;

/* FALSE: there is no such header, or one without a size (free format). */
gboolean player_gst_mp3_header_parse (PlayerGstMp3Header *self, const guint8 *data, gsize size);
/* Whether both may belong to the same stream. */
gboolean player_gst_mp3_header_matches (const PlayerGstMp3Header *self,
                                        const PlayerGstMp3Header *other);
/* @data: the frame: how many bytes of frames before it are needed. */
guint
player_gst_mp3_main_data_begin (const PlayerGstMp3Header *self, const guint8 *data, gsize size);
/* How many frames before one must be decoded so that it is as if all had been. @size: of the
 * smallest frame among them. */
guint player_gst_mp3_warm_up (const PlayerGstMp3Header *self, guint size);
/* The smallest frame that a stream with such headers may have. */
guint player_gst_mp3_min_size (const PlayerGstMp3Header *self);

/* @data: the frame. FALSE: it holds audio. */
gboolean player_gst_mp3_tag_parse (PlayerGstMp3Tag *self,
                                   const PlayerGstMp3Header *header,
                                   const guint8 *data,
                                   gsize size);

G_END_DECLS

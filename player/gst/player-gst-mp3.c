/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-mp3.h"

#include <string.h>

#define HEADER_BYTES 4
#define MAX_MAIN_DATA_BEGIN 511
/* What overlaps from frame to frame: the transform's windows and the filter bank. */
#define OVERLAP_FRAMES 2
#define MAX_WARM_UP 64

static const guint16 bitrates_1[]
    = { 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320 };
static const guint16 bitrates_2[] = { 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160 };
static const guint rates[] = { 44100, 48000, 32000 };

static guint32
read_be32 (const guint8 *data)
{
  return (guint32)data[0] << 24 | (guint32)data[1] << 16 | (guint32)data[2] << 8 | data[3];
}

static guint
frame_size (guint samples, guint bitrate, guint rate, guint padding)
{
  return samples / 8 * bitrate / rate + padding;
}

gboolean
player_gst_mp3_header_parse (PlayerGstMp3Header *self, const guint8 *data, gsize size)
{
  if (size < HEADER_BYTES || data[0] != 0xff || (data[1] & 0xe0) != 0xe0)
    return FALSE;
  const guint version = data[1] >> 3 & 3; /* 3: MPEG-1, 2: MPEG-2, 0: MPEG-2.5 */
  const guint layer = data[1] >> 1 & 3;
  const guint bitrate = data[2] >> 4;
  const guint rate = data[2] >> 2 & 3;
  const guint emphasis = data[3] & 3;

  if (version == 1 || layer != 1 || bitrate == 0 || bitrate == 15 || rate == 3 || emphasis == 2)
    return FALSE;
  self->rate = rates[rate] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
  self->bitrate = (version == 3 ? bitrates_1 : bitrates_2)[bitrate - 1] * 1000;
  self->samples = version == 3 ? 1152 : 576;
  self->mono = data[3] >> 6 == 3;
  self->side_bytes = version == 3 ? (self->mono ? 17 : 32) : (self->mono ? 9 : 17);
  self->side_at = HEADER_BYTES + ((data[1] & 1) == 0 ? 2 : 0);
  self->size = frame_size (self->samples, self->bitrate, self->rate, data[2] >> 1 & 1);
  return self->size > self->side_at + self->side_bytes;
}

gboolean
player_gst_mp3_header_matches (const PlayerGstMp3Header *self, const PlayerGstMp3Header *other)
{
  return self->rate == other->rate && self->samples == other->samples && self->mono == other->mono;
}

guint
player_gst_mp3_main_data_begin (const PlayerGstMp3Header *self, const guint8 *data, gsize size)
{
  if (size < self->side_at + 2)
    return 0;
  const guint8 *side = data + self->side_at;

  return self->samples == 1152 ? (guint)side[0] << 1 | side[1] >> 7 : side[0];
}

guint
player_gst_mp3_min_size (const PlayerGstMp3Header *self)
{
  return frame_size (self->samples, self->samples == 1152 ? 32000 : 8000, self->rate, 0);
}

guint
player_gst_mp3_warm_up (const PlayerGstMp3Header *self, guint size)
{
  const guint other = self->side_at + self->side_bytes;
  const guint main_data = size > other ? size - other : 1;

  return MIN (OVERLAP_FRAMES + (MAX_MAIN_DATA_BEGIN + main_data - 1) / main_data, MAX_WARM_UP);
}

/* Of LAME, and of ffmpeg, which fills in the same fields. */
static void
tag_parse_lame (PlayerGstMp3Tag *self, const guint8 *data, gsize size)
{
  static const char *const encoders[] = { "LAME", "Lavc", "Lavf", "L3.9" };

  if (size < 24)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (encoders); i++)
    if (memcmp (data, encoders[i], 4) == 0)
      {
        self->delay = data[21] << 4 | data[22] >> 4;
        self->padding = (data[22] & 15) << 8 | data[23];
      }
}

static void
tag_parse_xing (PlayerGstMp3Tag *self, const guint8 *data, gsize size)
{
  const guint32 flags = read_be32 (data + 4);
  gsize at = 8;

  self->vbr = data[0] == 'X';
  if ((flags & 1) != 0)
    {
      if (size >= at + 4)
        self->frames = read_be32 (data + at);
      at += 4;
    }
  at += (flags & 2) != 0 ? 4 : 0;
  at += (flags & 4) != 0 ? 100 : 0;
  at += (flags & 8) != 0 ? 4 : 0;
  if (size > at)
    tag_parse_lame (self, data + at, size - at);
}

gboolean
player_gst_mp3_tag_parse (PlayerGstMp3Tag *self,
                          const PlayerGstMp3Header *header,
                          const guint8 *data,
                          gsize size)
{
  /* Most writers ignore a CRC when they count. */
  const gsize places[]
      = { header->side_at + header->side_bytes, HEADER_BYTES + header->side_bytes };

  *self = (PlayerGstMp3Tag){ .frames = -1, .delay = -1 };
  size = MIN (size, header->size);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (size >= places[i] + 8
        && (memcmp (data + places[i], "Xing", 4) == 0 || memcmp (data + places[i], "Info", 4) == 0))
      {
        tag_parse_xing (self, data + places[i], size - places[i]);
        return TRUE;
      }
  if (size >= 36 + 18 && memcmp (data + 36, "VBRI", 4) == 0)
    {
      self->vbr = TRUE;
      self->frames = read_be32 (data + 36 + 14);
      return TRUE;
    }
  return FALSE;
}

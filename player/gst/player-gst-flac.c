/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-flac.h"

/* x^8 + x^2 + x + 1 */
#define CRC8_POLYNOMIAL 0x07

static guint64
read_be (const guint8 *data, guint bytes)
{
  guint64 value = 0;

  for (guint i = 0; i < bytes; i++)
    value = value << 8 | data[i];
  return value;
}

gboolean
player_gst_flac_info_parse (PlayerGstFlacInfo *self, const guint8 *data, gsize size)
{
  if (size < PLAYER_GST_FLAC_STREAMINFO_BYTES)
    return FALSE;
  self->min_block = (guint)read_be (data, 2);
  self->max_block = (guint)read_be (data + 2, 2);
  self->max_frame_bytes = (guint)read_be (data + 7, 3);
  const guint64 packed = read_be (data + 10, 8);
  self->rate = (guint)(packed >> 44);
  self->channels = (guint)(packed >> 41 & 7) + 1;
  self->bits = (guint)(packed >> 36 & 31) + 1;
  self->total = packed & G_GUINT64_CONSTANT (0xfffffffff);
  return self->rate > 0 && self->max_block >= 16 && self->min_block <= self->max_block;
}

static guint8
crc8 (const guint8 *data, gsize size)
{
  guint crc = 0;

  for (gsize i = 0; i < size; i++)
    {
      crc ^= data[i];
      for (guint bit = 0; bit < 8; bit++)
        crc = (crc & 0x80) != 0 ? (crc << 1 ^ CRC8_POLYNOMIAL) & 0xff : crc << 1;
    }
  return (guint8)crc;
}

/* A number coded as UTF-8 codes characters, up to 36 bits. Returns its bytes, 0: it is none. */
static guint
parse_number (const guint8 *data, gsize size, guint64 *number)
{
  guint more = 0;

  if (size == 0 || data[0] == 0xff || (data[0] & 0xc0) == 0x80)
    return 0;
  for (guint8 first = data[0]; (first & 0x80) != 0; first = (guint8)(first << 1))
    more++;
  if (more == 0)
    {
      *number = data[0];
      return 1;
    }
  if (size < more)
    return 0;
  *number = data[0] & (0x7f >> more);
  for (guint i = 1; i < more; i++)
    {
      if ((data[i] & 0xc0) != 0x80)
        return 0;
      *number = *number << 6 | (data[i] & 0x3f);
    }
  return more;
}

/* Returns how many bytes at the header's end say it; @size: 0: not a size. */
static guint
parse_block_size (guint code, const guint8 *more, gsize available, guint *size)
{
  *size = 0;
  if (code == 1)
    *size = 192;
  else if (code >= 2 && code <= 5)
    *size = 576u << (code - 2);
  else if (code >= 8)
    *size = 256u << (code - 8);
  else if (code == 6 && available >= 1)
    *size = (guint)more[0] + 1;
  else if (code == 7 && available >= 2)
    *size = (guint)read_be (more, 2) + 1;
  return code == 6 ? 1 : code == 7 ? 2 : 0;
}

static gboolean
rate_fits (const PlayerGstFlacInfo *info, guint code, const guint8 *more, gsize available)
{
  static const guint rates[]
      = { 0, 88200, 176400, 192000, 8000, 16000, 22050, 24000, 32000, 44100, 48000, 96000 };
  guint rate = code < G_N_ELEMENTS (rates) ? rates[code] : 0;

  if (code == 0)
    return TRUE;
  if (code == 12 && available >= 1)
    rate = more[0] * 1000u;
  else if (code == 13 && available >= 2)
    rate = (guint)read_be (more, 2);
  else if (code == 14 && available >= 2)
    rate = (guint)read_be (more, 2) * 10;
  return rate == info->rate;
}

static gboolean
layout_fits (const PlayerGstFlacInfo *info, guint channels, guint bits)
{
  static const guint8 sizes[] = { 0, 8, 12, 0, 16, 20, 24, 32 };

  if (channels > 10 || (channels >= 8 ? 2 : channels + 1) != info->channels)
    return FALSE;
  return bits == 0 || sizes[bits] == info->bits;
}

guint
player_gst_flac_frame_parse (const PlayerGstFlacInfo *info,
                             const guint8 *data,
                             gsize size,
                             guint64 *sample)
{
  guint64 number;
  guint samples;
  gsize at = 4;

  if (size < 6 || data[0] != 0xff || (data[1] & 0xfe) != 0xf8 || (data[3] & 1) != 0
      || !layout_fits (info, data[3] >> 4, data[3] >> 1 & 7))
    return 0;
  const guint number_bytes = parse_number (data + at, size - at, &number);
  if (number_bytes == 0)
    return 0;
  at += number_bytes;
  at += parse_block_size (data[2] >> 4, data + at, size - at, &samples);
  if (samples == 0 || samples > info->max_block || at > size
      || !rate_fits (info, data[2] & 15, data + at, size - at))
    return 0;
  at += (data[2] & 15) == 12 ? 1 : (data[2] & 15) == 13 || (data[2] & 15) == 14 ? 2 : 0;
  if (at >= size || crc8 (data, at) != data[at])
    return 0;
  /* All but the last are as long as STREAMINFO says, where blocks do not vary. */
  *sample = (data[1] & 1) != 0 ? number : number * info->max_block;
  return info->total == 0 || *sample < info->total ? samples : 0;
}

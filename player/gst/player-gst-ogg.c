/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-ogg.h"

#include <string.h>

#define PAGE_HEADER_BYTES 27
#define CRC_AT 22
#define CRC_POLYNOMIAL 0x04c11db7u
#define FLAG_CONTINUED 0x01
#define FLAG_FIRST 0x02
#define FLAG_LAST 0x04
#define OPUS_RATE 48000
/* Of a mode in Vorbis' setup: block flag, window type, transform type, mapping. */
#define MODE_BITS (1 + 16 + 16 + 8)

static guint64
read_le (const guint8 *data, guint bytes)
{
  guint64 value = 0;

  for (guint i = bytes; i > 0; i--)
    value = value << 8 | data[i - 1];
  return value;
}

/* --- pages --- */

gboolean
player_gst_ogg_page_parse (PlayerGstOggPage *self, const guint8 *data, gsize size)
{
  if (size < PAGE_HEADER_BYTES || memcmp (data, "OggS", 4) != 0 || data[4] != 0)
    return FALSE;
  self->head = PAGE_HEADER_BYTES + (gsize)data[26];
  if (size < self->head)
    return FALSE;
  self->size = self->head;
  for (guint i = 0; i < data[26]; i++)
    self->size += data[PAGE_HEADER_BYTES + i];
  self->position = (gint64)read_le (data + 6, 8);
  self->serial = (guint32)read_le (data + 14, 4);
  self->continued = (data[5] & FLAG_CONTINUED) != 0;
  self->first = (data[5] & FLAG_FIRST) != 0;
  self->last = (data[5] & FLAG_LAST) != 0;
  return TRUE;
}

gboolean
player_gst_ogg_page_is_whole (const PlayerGstOggPage *self, const guint8 *data)
{
  guint32 crc = 0;

  for (gsize i = 0; i < self->size; i++)
    {
      const guint8 byte = i >= CRC_AT && i < CRC_AT + 4 ? 0 : data[i];

      crc ^= (guint32)byte << 24;
      for (guint bit = 0; bit < 8; bit++)
        crc = (crc & 0x80000000u) != 0 ? crc << 1 ^ CRC_POLYNOMIAL : crc << 1;
    }
  return crc == (guint32)read_le (data + CRC_AT, 4);
}

gboolean
player_gst_ogg_page_next (const PlayerGstOggPage *self,
                          const guint8 *data,
                          guint *segment,
                          gsize *at,
                          gsize *packet,
                          gsize *size,
                          gboolean *rest)
{
  const guint n_segments = data[26];

  if (*segment >= n_segments)
    return FALSE;
  *packet = self->head + *at;
  *size = 0;
  *rest = TRUE;
  while (*segment < n_segments && *rest)
    {
      const guint8 lace = data[PAGE_HEADER_BYTES + (*segment)++];

      *size += lace;
      *rest = lace == 255;
    }
  *at += *size;
  return TRUE;
}

/* --- codecs --- */

gboolean
player_gst_ogg_codec_parse (PlayerGstOggCodec *self, const guint8 *packet, gsize size)
{
  *self = (PlayerGstOggCodec){ 0 };
  if (size >= 30 && memcmp (packet, "\x01vorbis", 7) == 0)
    {
      self->rate = (guint)read_le (packet + 12, 4);
      self->n_headers = 3;
      self->sizes[0] = 1u << (packet[28] & 15);
      self->sizes[1] = 1u << (packet[28] >> 4);
    }
  else if (size >= 19 && memcmp (packet, "OpusHead", 8) == 0)
    {
      self->rate = OPUS_RATE;
      self->n_headers = 2;
      self->lead = (guint)read_le (packet + 10, 2);
    }
  return self->rate > 0;
}

static guint
read_bits (const guint8 *data, gsize at, guint count)
{
  guint value = 0;

  for (guint i = 0; i < count; i++)
    value |= (guint)(data[(at + i) / 8] >> ((at + i) % 8) & 1) << i;
  return value;
}

/* The modes are the last thing in the packet, in front of a single 1: they are read from behind, as long
 * as they look like modes, until their number stands before them. */
gboolean
player_gst_ogg_codec_parse_setup (PlayerGstOggCodec *self, const guint8 *packet, gsize size)
{
  gsize end = size * 8;
  guint64 modes = 0;

  self->n_modes = 0;
  if (size < 16 || memcmp (packet, "\x05vorbis", 7) != 0)
    return FALSE;
  while (end > 7 * 8 && read_bits (packet, end - 1, 1) == 0)
    end--;
  end--;
  for (guint n = 1; n <= 64 && end > 7 * 8 + 6 + (gsize)n * MODE_BITS; n++)
    {
      const gsize at = end - (gsize)n * MODE_BITS;

      if (read_bits (packet, at + 1, 32) != 0 || read_bits (packet, at + 33, 8) > 63)
        break;
      modes = modes << 1 | read_bits (packet, at, 1);
      if (read_bits (packet, at - 6, 6) + 1 == n)
        {
          self->n_modes = n; /* a larger number may also fit, and then it is that */
          self->modes = modes;
        }
    }
  return self->n_modes > 0;
}

/* RFC 6716 §3.1 */
static guint
measure_opus (const guint8 *packet, gsize size)
{
  static const guint16 silk[] = { 480, 960, 1920, 2880 };
  const guint config = packet[0] >> 3;
  guint frame = 120u << (config & 3);
  guint frames = 2;

  if (config < 12)
    frame = silk[config & 3];
  else if (config < 16)
    frame = 480u << (config & 1);
  if ((packet[0] & 3) == 0)
    frames = 1;
  else if ((packet[0] & 3) == 3)
    frames = size > 1 ? packet[1] & 63 : 0;
  return frame * frames <= 5760 ? frame * frames : 0;
}

guint
player_gst_ogg_codec_measure (const PlayerGstOggCodec *self, const guint8 *packet, gsize size)
{
  guint bits = 0;

  if (size == 0)
    return 0;
  if (self->n_headers == 2)
    return measure_opus (packet, size);
  if ((packet[0] & 1) != 0 || self->n_modes == 0)
    return 0;
  while (1u << bits < self->n_modes)
    bits++;
  const guint mode = packet[0] >> 1 & ((1u << bits) - 1);
  return mode < self->n_modes ? self->sizes[self->modes >> mode & 1] : 0;
}

/* Opus gives all of a packet, Vorbis what lies between the middles of two blocks, and so nothing for
 * the first. */
gboolean
player_gst_ogg_codec_locate (const PlayerGstOggCodec *self,
                             const PlayerGstOggPage *page,
                             const guint8 *data,
                             gint64 *begin)
{
  guint segment = 0;
  gsize at = 0;
  gsize packet;
  gsize size;
  gboolean rest;
  guint last = 0;
  gint64 length = 0;
  gboolean skip = page->continued;
  guint packets = 0;

  while (player_gst_ogg_page_next (page, data, &segment, &at, &packet, &size, &rest))
    {
      const guint measure = player_gst_ogg_codec_measure (self, data + packet, size);

      if (rest)
        break;
      if (!skip && measure == 0)
        return FALSE;
      if (!skip && self->n_headers == 2)
        length += measure;
      else if (!skip && packets > 0)
        length += (last + measure) / 4;
      packets += skip ? 0 : 1;
      last = measure;
      skip = FALSE;
    }
  *begin = page->position - length;
  return packets > 0 && page->position >= 0 && *begin >= 0;
}

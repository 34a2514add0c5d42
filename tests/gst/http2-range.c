/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "http2-range.h"

#include <string.h>

#define STATIC_INDEX_RANGE 50
#define HUFFMAN 0x80

typedef struct
{
  const guint8 *data;
  gsize length;
  gsize at;
} Block;

/* An integer with a prefix of @bits (5.1). */
static gsize
read_integer (Block *self, guint bits)
{
  const gsize mask = (1u << bits) - 1;

  if (self->at >= self->length)
    return 0;
  gsize value = self->data[self->at++] & mask;
  if (value < mask)
    return value;
  for (guint shift = 0; self->at < self->length && shift < 28; shift += 7)
    {
      const guint8 byte = self->data[self->at++];

      value += (gsize)(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0)
        break;
    }
  return value;
}

/* The few characters of a Range (appendix B). */
static char
decode_character (guint code, guint bits)
{
  static const struct
  {
    guint code, bits;
    char character;
  } codes[] = {
    { 0x00, 5, '0' }, { 0x01, 5, '1' }, { 0x02, 5, '2' }, { 0x19, 6, '3' }, { 0x1a, 6, '4' },
    { 0x1b, 6, '5' }, { 0x1c, 6, '6' }, { 0x1d, 6, '7' }, { 0x1e, 6, '8' }, { 0x1f, 6, '9' },
    { 0x16, 6, '-' }, { 0x20, 6, '=' }, { 0x23, 6, 'b' }, { 0x7a, 7, 'y' }, { 0x09, 5, 't' },
    { 0x05, 5, 'e' }, { 0x08, 5, 's' },
  };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (codes[i].bits == bits && codes[i].code == code)
      return codes[i].character;
  return '\0';
}

static char *
decode (const guint8 *data, gsize length)
{
  GString *text = g_string_new (NULL);
  guint code = 0, bits = 0;

  for (gsize i = 0; i < 8 * length; i++)
    {
      code = code << 1 | (data[i / 8] >> (7 - i % 8) & 1);
      const char character = decode_character (code, ++bits);

      if (character == '\0')
        continue;
      g_string_append_c (text, character);
      code = bits = 0;
    }
  return g_string_free (text, FALSE);
}

/* (transfer full) */
static char *
read_string (Block *self)
{
  const gboolean huffman = self->at < self->length && (self->data[self->at] & HUFFMAN) != 0;
  const gsize length = MIN (read_integer (self, 7), self->length - self->at);
  const char *raw = (const char *)self->data + self->at;

  self->at += length;
  return huffman ? decode ((const guint8 *)raw, length) : g_strndup (raw, length);
}

guint64
http2_range_find (const guint8 *data, gsize length)
{
  Block block = { .data = data, .length = length };

  while (block.at < length)
    {
      const guint8 first = data[block.at];

      if (first & 0x80)
        read_integer (&block, 7); /* indexed */
      else if ((first & 0xe0) == 0x20)
        read_integer (&block, 5); /* size of the table */
      else
        {
          const gsize name = read_integer (&block, first & 0x40 ? 6 : 4);
          g_autofree char *literal = name == 0 ? read_string (&block) : NULL;
          g_autofree char *value = read_string (&block);

          if (name == STATIC_INDEX_RANGE && g_str_has_prefix (value, "bytes="))
            return g_ascii_strtoull (value + strlen ("bytes="), NULL, 10);
        }
    }
  return 0;
}

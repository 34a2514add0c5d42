/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-cut.h"

#include <string.h>

#include "player-gst-mp3.h"

#define ID3_HEADER_BYTES 10

gpointer
player_gst_cut_alloc (gsize size, const PlayerGstCutClass *class, PlayerGstTrim *trim)
{
  PlayerGstCut *self = g_malloc0 (size);

  self->class = class;
  self->trim = player_gst_trim_ref (trim);
  return self;
}

void
player_gst_cut_free (PlayerGstCut *self)
{
  if (self->class->clear != NULL)
    self->class->clear (self);
  player_gst_trim_unref (self->trim);
  g_free (self);
}

gboolean
player_gst_cut_is_endless (const PlayerGstCutView *view)
{
  return !view->seekable && view->file_size < 0;
}

PlayerGstCutStep
player_gst_cut_step (PlayerGstCut *self, const PlayerGstCutView *view)
{
  return self->class->step (self, view);
}

gboolean
player_gst_cut_is_aac (const PlayerGstCut *self)
{
  return self->class->aac;
}

gboolean
player_gst_cut_lands (const PlayerGstCut *self)
{
  return self->class->lands;
}

gsize
player_gst_cut_sniff_id3 (const guint8 *data, gsize size)
{
  if (size < ID3_HEADER_BYTES || memcmp (data, "ID3", 3) != 0
      || ((data[6] | data[7] | data[8] | data[9]) & 0x80) != 0)
    return 0;
  const gsize body
      = (gsize)data[6] << 21 | (gsize)data[7] << 14 | (gsize)data[8] << 7 | (gsize)data[9];
  const gsize footer = (data[5] & 0x10) != 0 ? ID3_HEADER_BYTES : 0;

  return ID3_HEADER_BYTES + body + footer;
}

PlayerGstCut *
player_gst_cut_sniff (const guint8 *data, gsize size, PlayerGstTrim *trim)
{
  PlayerGstMp3Header header;

  if (size >= 4 && memcmp (data, "fLaC", 4) == 0)
    return player_gst_cut_flac_new (trim);
  if (size >= 4 && memcmp (data, "OggS", 4) == 0)
    return player_gst_cut_ogg_new (trim);
  if (size >= 8 && memcmp (data + 4, "ftyp", 4) == 0)
    return player_gst_cut_mp4_new (trim);
  if (player_gst_mp3_header_parse (&header, data, size))
    return player_gst_cut_mp3_new (trim);
  return NULL;
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-cut.h"
#include "player-gst-mp4.h"

/* The demuxer seeks by its sample tables, which is exact and cheap, but cuts by the edit list in
 * nanoseconds, and drops the last packet. So the edit list is hidden from it, and the frames are counted
 * by us. */

#define MAX_MOOV_BYTES (64 << 20)

typedef struct
{
  PlayerGstCut parent;

  gboolean done;
} CutMp4;

static PlayerGstCutStep
cut_pass (CutMp4 *self)
{
  self->done = TRUE;
  return (PlayerGstCutStep){ PLAYER_GST_CUT_PASS, 0, NULL };
}

static PlayerGstCutStep
cut_moov (CutMp4 *self, const PlayerGstCutView *view, gsize size)
{
  PlayerGstMp4Gapless gapless = { 0 };

  if (!player_gst_mp4_gapless_parse (&gapless, view->data, size))
    return cut_pass (self);
  player_gst_trim_set_stream (self->parent.trim, gapless.rate, gapless.lead, gapless.total);
  guint8 *copy = g_memdup2 (view->data, size);
  player_gst_mp4_gapless_open (&gapless, copy);
  self->done = TRUE;
  return (PlayerGstCutStep){ PLAYER_GST_CUT_INSTEAD, size, g_bytes_new_take (copy, size) };
}

static PlayerGstCutStep
cut_mp4_step (PlayerGstCut *cut, const PlayerGstCutView *view)
{
  CutMp4 *self = (CutMp4 *)cut;
  guint32 type;
  guint64 size;

  if (self->done)
    return cut_pass (self);
  const guint header = player_gst_mp4_box_parse (view->data, view->size, &type, &size);
  if (header == 0)
    return view->last ? cut_pass (self) : (PlayerGstCutStep){ PLAYER_GST_CUT_MORE, 16, NULL };
  if (size < header)
    return cut_pass (self);
  if (type != PLAYER_GST_MP4_TYPE ('m', 'o', 'o', 'v'))
    return (PlayerGstCutStep){ PLAYER_GST_CUT_KEEP, size, NULL };
  if (size > MAX_MOOV_BYTES)
    return cut_pass (self);
  if (view->size < size)
    return view->last ? cut_pass (self) : (PlayerGstCutStep){ PLAYER_GST_CUT_MORE, size, NULL };
  return cut_moov (self, view, (gsize)size);
}

static const PlayerGstCutClass mp4_class = { .name = "MP4", .aac = TRUE, .step = cut_mp4_step };

PlayerGstCut *
player_gst_cut_mp4_new (PlayerGstTrim *trim)
{
  CutMp4 *self = player_gst_cut_alloc (sizeof (CutMp4), &mp4_class, trim);

  return &self->parent;
}

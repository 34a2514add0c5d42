/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player-gst-trim.h"

G_BEGIN_DECLS

/**
 * PlayerGstCut:
 *
 * The arithmetic of one file format: given what has been read of a file it says what is to be done
 * with it, so that a decoder is fed from shortly before the offset on. It learns what the file says of
 * its frames, and tells the trim. It reads nothing itself, knows no GStreamer, and takes any bytes for
 * an answer: what it does not understand is played as it comes.
 */
typedef struct _PlayerGstCut PlayerGstCut;

/**
 * PlayerGstCutView:
 * @data: what has been read and not been dealt with
 * @size: of @data, in bytes
 * @at: where in the file it begins
 * @file_size: -1: unknown
 * @last: the file ends where @data does
 * @seekable: one may read on anywhere
 */
typedef struct
{
  const guint8 *data;
  gsize size;
  guint64 at;
  gint64 file_size;
  gboolean last;
  gboolean seekable;
} PlayerGstCutView;

/**
 * PlayerGstCutAct:
 * @PLAYER_GST_CUT_MORE: wants to see count bytes at least
 * @PLAYER_GST_CUT_SKIP: the first count bytes are not for the decoder
 * @PLAYER_GST_CUT_KEEP: … are
 * @PLAYER_GST_CUT_INSTEAD: … are, but changed to bytes
 * @PLAYER_GST_CUT_SEEK: reads on at byte count; what has been read is dropped
 * @PLAYER_GST_CUT_PASS: all that follows is for the decoder, as it comes
 */
typedef enum
{
  PLAYER_GST_CUT_MORE,
  PLAYER_GST_CUT_SKIP,
  PLAYER_GST_CUT_KEEP,
  PLAYER_GST_CUT_INSTEAD,
  PLAYER_GST_CUT_SEEK,
  PLAYER_GST_CUT_PASS,
} PlayerGstCutAct;

typedef struct
{
  PlayerGstCutAct act;
  guint64 count;
  GBytes *bytes; /* (owned) (nullable) */
} PlayerGstCutStep;

/* What a format does; one file each. */
typedef struct
{
  const char *name;
  gboolean aac;   /* that is what is in it, as a rule */
  gboolean lands; /* it comes to the offset by itself: nothing downstream is to seek */
  PlayerGstCutStep (*step) (PlayerGstCut *self, const PlayerGstCutView *view);
  void (*clear) (PlayerGstCut *self); /* (nullable) */
} PlayerGstCutClass;

struct _PlayerGstCut
{
  const PlayerGstCutClass *class;
  PlayerGstTrim *trim; /* (owned) */
};

/* @size: of a format's struct, which begins with a PlayerGstCut. */
gpointer player_gst_cut_alloc (gsize size, const PlayerGstCutClass *class, PlayerGstTrim *trim);
void player_gst_cut_free (PlayerGstCut *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerGstCut, player_gst_cut_free)

/* Whether the source can neither be sought nor says how long it is. */
gboolean player_gst_cut_is_endless (const PlayerGstCutView *view);

PlayerGstCutStep player_gst_cut_step (PlayerGstCut *self, const PlayerGstCutView *view);
/* Whether what is in the file is AAC, as a rule. */
gboolean player_gst_cut_is_aac (const PlayerGstCut *self);
gboolean player_gst_cut_lands (const PlayerGstCut *self);

/* How many bytes of @data say which format it is. */
#define PLAYER_GST_CUT_SNIFF_BYTES 16
/* An ID3 tag that stands before everything else: its size; 0: none. */
gsize player_gst_cut_sniff_id3 (const guint8 *data, gsize size);
/* (transfer full) (nullable): %NULL for a format that decoders land in by themselves. */
PlayerGstCut *player_gst_cut_sniff (const guint8 *data, gsize size, PlayerGstTrim *trim);

PlayerGstCut *player_gst_cut_mp3_new (PlayerGstTrim *trim);
PlayerGstCut *player_gst_cut_flac_new (PlayerGstTrim *trim);
PlayerGstCut *player_gst_cut_mp4_new (PlayerGstTrim *trim);
PlayerGstCut *player_gst_cut_ogg_new (PlayerGstTrim *trim);

G_END_DECLS

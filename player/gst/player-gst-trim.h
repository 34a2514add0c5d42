/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PlayerGstTrim:
 *
 * Which of the frames that come out of an item's decoder are to be heard: not those with which an
 * encoder begins (its delay) or ends (its padding), and none before the offset. What reads the file
 * writes it, what counts the decoder's frames reads it, each in a thread of its own.
 *
 * Frames are numbered from the first that the whole file would give, delay included.
 */
typedef struct _PlayerGstTrim PlayerGstTrim;

/**
 * PlayerGstTrimRange:
 * @lead: frames before the stream's frame 0
 * @from: the first to be heard
 * @to: the first that is not, -1: unknown
 * @base: where the decoder begins: the frame at its time 0
 * @lands: the decoder is fed from near @from on; times it gives lie behind @base
 * @counted: … or mean nothing
 */
typedef struct
{
  gint64 lead;
  gint64 from;
  gint64 to;
  gint64 base;
  gboolean lands;
  gboolean counted;
} PlayerGstTrimRange;

/* Start at @offset / @offset_rate seconds. */
PlayerGstTrim *player_gst_trim_new (gint64 offset, guint offset_rate);
PlayerGstTrim *player_gst_trim_ref (PlayerGstTrim *self);
void player_gst_trim_unref (PlayerGstTrim *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerGstTrim, player_gst_trim_unref)

/* What the file says, in frames of @rate: how many come before the first of the stream, and how many
 * the stream has (-1: unknown). */
void player_gst_trim_set_stream (PlayerGstTrim *self, guint rate, gint64 lead, gint64 total);
/* The decoder is fed from frame @base on (of the stream's rate), and needs no seek. */
void player_gst_trim_set_landed (PlayerGstTrim *self, gint64 base);
/* … and its times mean nothing: the first frame it gives is @base. */
void player_gst_trim_set_counted (PlayerGstTrim *self, gint64 base);
/* It can neither be sought nor says how long it is: the offset means nothing, which is logged. */
void player_gst_trim_set_live (PlayerGstTrim *self);

/* At the rate of the decoder. */
PlayerGstTrimRange player_gst_trim_get_range (PlayerGstTrim *self, guint rate);
/* The first frame to be heard at @rate, not counting the lead. */
gint64 player_gst_trim_get_start (PlayerGstTrim *self, guint rate);
/* Where to seek so that the decoder is warm at the offset, in ns; 0: not at all. With a @rate it lies
 * on a frame, rounded up, so that rounding down gives that frame again. */
guint64 player_gst_trim_get_seek_ns (PlayerGstTrim *self, guint rate);
/* How long the stream is, without lead and padding; -1: not known here. */
gint64 player_gst_trim_get_duration_ns (PlayerGstTrim *self);
gboolean player_gst_trim_is_landed (PlayerGstTrim *self);
gboolean player_gst_trim_is_live (PlayerGstTrim *self);
gboolean player_gst_trim_has_offset (PlayerGstTrim *self);

G_END_DECLS

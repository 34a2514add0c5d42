/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * PlayerGstResampler:
 *
 * Brings interleaved stereo floats to another rate. A resampler that knows nothing of what lies in
 * front of the first frame and behind the last one takes it for silence, and what it makes of that is
 * heard as a click where two items join. This one goes on beyond both ends as the curve does
 * there (mirrored about the end), and takes that out again to the very frame: of n frames come n × out
 * / in, rounded.
 */
typedef struct _PlayerGstResampler PlayerGstResampler;

/* Both rates in Hz, above 0, and not the same. */
PlayerGstResampler *player_gst_resampler_new (guint in_rate, guint out_rate);
void player_gst_resampler_free (PlayerGstResampler *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerGstResampler, player_gst_resampler_free)

guint player_gst_resampler_get_in_rate (PlayerGstResampler *self);
guint player_gst_resampler_get_out_rate (PlayerGstResampler *self);

/* How many frames have been given so far: the next one is that many frames behind the first. */
guint64 player_gst_resampler_get_given (PlayerGstResampler *self);

/* (transfer full) (nullable): what can be given after @buffer (transfer none); no time stamps. */
GstBuffer *player_gst_resampler_push (PlayerGstResampler *self, GstBuffer *buffer);

/* (transfer full) (nullable): the rest; nothing more may be pushed. */
GstBuffer *player_gst_resampler_finish (PlayerGstResampler *self);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/gst.h>

#include "player-gst-trim.h"

G_BEGIN_DECLS

/* Posted by the element behind decoders that are to be sought: the first frame has been decoded, and
 * waits for player_gst_landing_seek(); field "rate" (uint). */
#define PLAYER_GST_MESSAGE_DECODED "segue-decoded"

/**
 * PlayerGstGate:
 *
 * Stands on the pad where an item's frames come out of their decoder, at the decoder's own rate: it
 * counts them, lets those through which the trim says are to be heard, and stamps them anew, so that
 * the first frame of the stream lies at 0, whatever the file and its demuxer say.
 */
typedef struct _PlayerGstGate PlayerGstGate;

/* @pad: sink pad of the element behind the decoder */
PlayerGstGate *player_gst_gate_new (GstPad *pad, PlayerGstTrim *trim);
void player_gst_gate_unref (PlayerGstGate *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerGstGate, player_gst_gate_unref)

/* There is no seek: what has been decoded goes on. */
void player_gst_gate_release (PlayerGstGate *self);

G_END_DECLS

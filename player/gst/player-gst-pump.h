/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/gst.h>

#include "player-gst-loudness.h"
#include "player-gst-note.h"
#include "player-gst-rewind.h"
#include "player-gst-voice.h"

G_BEGIN_DECLS

/**
 * PlayerGstPump:
 *
 * What the output pipeline's source (#PlayerGstSpout) gives: takes frames of what plays
 * (#PlayerGstLine), mixes what is spoken (#PlayerGstVoice) over them, applies the volume, limits,
 * fills gaps with silence, and counts. It decides nothing: each command takes the pump's lock,
 * finds the exact frame, and returns. What happened is left as notes, in the order in which it
 * happened.
 *
 * The pump outlives output pipelines: each has a spout of its own, attached to the pump.
 *
 * Where what has been given can be taken back (#PlayerGstRewind), a command does that first: the line
 * goes back to the frame after the last one that is certain to be heard, and what is heard next is
 * what the command makes of it. Only silence is taken back, and what the line can give once more in
 * the same way; never what has been faded, mixed with speech or turned down meanwhile.
 */
#define PLAYER_TYPE_GST_PUMP (player_gst_pump_get_type ())
G_DECLARE_FINAL_TYPE (PlayerGstPump, player_gst_pump, PLAYER, GST_PUMP, GObject)

/* @wakeup: made ready whenever there are notes. */
PlayerGstPump *player_gst_pump_new (GSource *wakeup, PlayerGstVoice *voice);

/* From now on only @spout (a name, not used) is given anything; whatever was attached before, gets
 * nothing more. @rate: of the frames. @block_ms: the most that is given at once. */
void player_gst_pump_attach (PlayerGstPump *self, gconstpointer spout, guint rate, guint block_ms);

/* An output is about to play: the next start is to be taken. */
void player_gst_pump_expect (PlayerGstPump *self);

/* All that was given has been heard, and nothing more is given before the next start that is
 * expected. */
void player_gst_pump_rest (PlayerGstPump *self);

/* The output broke when @heard_frame was heard. What it had taken and not played, is given to the
 * next one again, as far as it is known: see keep_past(). */
void player_gst_pump_lose (PlayerGstPump *self, guint64 heard_frame);
/* @past_ms: how much an output may have taken and not played. */
void player_gst_pump_keep_past (PlayerGstPump *self, guint past_ms);

/* For the spout: gives from now on; FALSE if another is attached. @rewind: (nullable): where what is
 * given goes to, if it can be taken back there: what commands do is heard at once then. */
gboolean player_gst_pump_start (PlayerGstPump *self, gconstpointer spout, PlayerGstRewind *rewind);
/* For the spout: the next block; waits for it no longer than the block lasts. FLUSHING if another is
 * attached. */
GstFlowReturn player_gst_pump_give (PlayerGstPump *self, gconstpointer spout, GstBuffer **out);
void player_gst_pump_set_flushing (PlayerGstPump *self, gconstpointer spout, gboolean flushing);

/* Of the output that runs, or ran last; 0: none has. */
guint player_gst_pump_get_rate (PlayerGstPump *self);

/* (transfer full) (nullable): the oldest note. */
PlayerGstNote *player_gst_pump_take_note (PlayerGstPump *self);

/* @item sounds from now on. What sounds is faded out underneath it (SILENCED, REPLACED); what does
 * not is dropped. */
void player_gst_pump_play (PlayerGstPump *self, PlayerGstItem *item);
/* As play(), but @item is the same load at another position: SEEKED. Keeps a hold. */
void player_gst_pump_swap (PlayerGstPump *self, PlayerGstItem *item);
/* Where the frames of @item end: all of them have been decoded. -1: they have not. */
gint64 player_gst_pump_get_end_frame (PlayerGstPump *self, PlayerGstItem *item);
/* @item (nullable) is joined to the current one at its end. */
void player_gst_pump_set_next (PlayerGstPump *self, PlayerGstItem *item);
/* Fades out and drops the current item (SILENCED, STOPPED, if it sounds), and the next one;
 * @only_sounding: nothing happens if it does not sound. */
void player_gst_pump_stop (PlayerGstPump *self, gboolean only_sounding);
/* Fades out and keeps the current item (SILENCED, PAUSED, if it sounds). */
void player_gst_pump_hold (PlayerGstPump *self);
void player_gst_pump_release (PlayerGstPump *self);

/* Of all items that come from now on. */
void player_gst_pump_set_loudness (PlayerGstPump *self, const PlayerGstLoudnessPlan *plan);
/* @amplitude: 0.0 to 1.0, of all that is heard; reached within 20 ms. */
void player_gst_pump_set_amplitude (PlayerGstPump *self, double amplitude);
/* @amplitude: of what plays, not of what is spoken; reached within 200 ms, and at once where nothing
 * plays. */
void player_gst_pump_set_duck (PlayerGstPump *self, double amplitude);

/* How many frames the sink has taken since the start: no later one can be heard. */
guint64 player_gst_pump_get_taken_frames (PlayerGstPump *self);
/* How many have been given to it. */
guint64 player_gst_pump_get_given_frames (PlayerGstPump *self);

/* How much of what plays has been given to any sink since the pump was made. */
gint64 player_gst_pump_get_sounded_us (PlayerGstPump *self);

/* Whether there is an item to be played now. */
gboolean player_gst_pump_is_busy (PlayerGstPump *self);

/* Whether no frames of items leave the pump; @out_frame: (out): since which frame of the output. */
gboolean player_gst_pump_is_quiet (PlayerGstPump *self, guint64 *out_frame);

/* Whether only silence leaves the pump: nothing is spoken, either. */
gboolean player_gst_pump_is_silent (PlayerGstPump *self, guint64 *out_frame);

/* What lies at @out_frame of the output; forgets what lies before. */
gboolean player_gst_pump_lookup (PlayerGstPump *self,
                                 guint64 out_frame,
                                 guint64 *item_id,
                                 gint64 *item_frame);

/* The pump looks for frames again at once. Any thread. */
void player_gst_pump_wake (gpointer pump);

G_END_DECLS

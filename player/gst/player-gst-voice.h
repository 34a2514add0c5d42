/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player-gst-item.h"

G_BEGIN_DECLS

/**
 * PlayerGstVoice:
 *
 * What is spoken over that which plays: recordings, words and silences one after another without a
 * gap, mixed into the pump's blocks. One utterance at a time: begun, given its parts, closed. It
 * holds the output from the first part on until forget(): until its last frame has been heard.
 *
 * It has a lock of its own; the pump takes it under its lock, never the other way round.
 */
typedef struct _PlayerGstVoice PlayerGstVoice;

/**
 * PlayerGstVoiceNoteType:
 * @PLAYER_GST_VOICE_STARTED: the first frame has left the pump
 * @PLAYER_GST_VOICE_PART_ENDED: the oldest part is over: all its frames have been taken
 * @PLAYER_GST_VOICE_PART_CUT: … not all: no recording is to last longer
 * @PLAYER_GST_VOICE_ENDED: all frames have left the pump
 */
typedef enum
{
  PLAYER_GST_VOICE_STARTED,
  PLAYER_GST_VOICE_PART_ENDED,
  PLAYER_GST_VOICE_PART_CUT,
  PLAYER_GST_VOICE_ENDED,
} PlayerGstVoiceNoteType;

/* @wakeup: made ready whenever there are notes. */
PlayerGstVoice *player_gst_voice_new (GSource *wakeup);
PlayerGstVoice *player_gst_voice_ref (PlayerGstVoice *self);
void player_gst_voice_unref (PlayerGstVoice *self);

/* --- for who speaks --- */

/* An utterance begins. @rate: of its parts; @recordings_ms: of recordings in all, 0: no limit. */
void player_gst_voice_begin (PlayerGstVoice *self, guint rate, gint64 recordings_ms);
/* @recording: counts as one. (transfer none); ready. */
void player_gst_voice_add_item (PlayerGstVoice *self, PlayerGstItem *item, gboolean recording);
void player_gst_voice_add_silence (PlayerGstVoice *self, guint duration_ms);
/* No further part follows. */
void player_gst_voice_close (PlayerGstVoice *self);
/* Fades out what is heard and drops the rest; the notes, too. */
void player_gst_voice_stop (PlayerGstVoice *self);
/* The oldest note; FALSE if there is none. */
gboolean player_gst_voice_take_note (PlayerGstVoice *self, PlayerGstVoiceNoteType *note);

/* --- for who looks after the output --- */

/* Whether frames are still to come. */
gboolean player_gst_voice_is_busy (PlayerGstVoice *self);
/* Whether all have left the pump, the last one before @out_frame of the output. */
gboolean player_gst_voice_has_ended (PlayerGstVoice *self, guint64 *out_frame);
/* Its last frame has been heard: it needs the output no longer. */
void player_gst_voice_forget (PlayerGstVoice *self);
/* The rate the output has to have for it; 0: it does not need the output. */
guint player_gst_voice_get_rate (PlayerGstVoice *self);

/* --- for the pump --- */

/* A new output begins at frame 0. */
void player_gst_voice_restart (PlayerGstVoice *self);
/* How many frames, up to @frames, can be mixed now into an output of @rate. */
guint player_gst_voice_peek (PlayerGstVoice *self, guint rate, guint frames);
/* Adds @frames that peek() has promised to @block, which lies at @out_frame; 0: there were none. */
void player_gst_voice_mix (PlayerGstVoice *self, float *block, guint frames, guint64 out_frame);

G_END_DECLS

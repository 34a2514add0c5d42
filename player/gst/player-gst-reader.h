/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player-gst-tray.h"

G_BEGIN_DECLS

/**
 * PlayerGstReader:
 *
 * Takes decoded samples out of a tray and counts them: trims to the exact start frame, hands
 * out frames, knows how many wait. Never blocks. Used by one thread at a time: by the item's
 * streaming thread until it has landed, by the pump (under its lock) afterwards.
 */
typedef struct _PlayerGstReader PlayerGstReader;

/* @start_us: where the first frame handed out lies in the stream. */
PlayerGstReader *player_gst_reader_new (PlayerGstTray *tray, gint64 start_us);
/* Before it has landed. */
void player_gst_reader_set_start (PlayerGstReader *self, gint64 start_us);
void player_gst_reader_free (PlayerGstReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerGstReader, player_gst_reader_free)

/* Drops samples before the start; TRUE once the first frame waits. */
gboolean player_gst_reader_land (PlayerGstReader *self);

/* Rate of the samples, 0 before landing. */
guint player_gst_reader_get_rate (PlayerGstReader *self);

/* Frame of the stream which is handed out next. */
gint64 player_gst_reader_get_frame (PlayerGstReader *self);

/* Copies up to @frames which wait now; returns how many. */
guint player_gst_reader_read (PlayerGstReader *self, float *dest, guint frames);

/* Of those that have been read, at least the last @frames can be read again. None, unless told. */
void player_gst_reader_keep_past (PlayerGstReader *self, guint64 frames);
/* How many can. */
guint64 player_gst_reader_count_past (PlayerGstReader *self);
/* The last @frames, no more than that, are handed out once more. */
void player_gst_reader_rewind (PlayerGstReader *self, guint64 frames);

/* Takes samples in until @wanted frames wait or none come; returns how many frames wait. */
guint player_gst_reader_fill (PlayerGstReader *self, guint wanted);

/* How many frames have been decoded and wait, here and in the tray. */
guint64 player_gst_reader_count_waiting (PlayerGstReader *self);

/* Whether the stream has ended: no frames will come besides those which wait. */
gboolean player_gst_reader_is_eos (PlayerGstReader *self);

/* The frame behind the last one, once the stream has ended; -1 before. Takes in all that waits. */
gint64 player_gst_reader_get_end (PlayerGstReader *self);

/* Whether all frames have been handed out and the stream has ended. */
gboolean player_gst_reader_at_end (PlayerGstReader *self);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player-gst-item.h"
#include "player/player-engine.h"

G_BEGIN_DECLS

/**
 * PlayerGstNoteType:
 * @PLAYER_GST_NOTE_STARTED: the first frame left the pump
 * @PLAYER_GST_NOTE_RESUMED: the first frame after a hold left the pump
 * @PLAYER_GST_NOTE_SEEKED: the item took the place of another of the same load
 * @PLAYER_GST_NOTE_SILENCED: faded out, see reason
 * @PLAYER_GST_NOTE_ENDED: all frames have left the pump; joined: the next one goes on; broken: an
 * error, not the end of the stream, has ended it
 * @PLAYER_GST_NOTE_UNDERRUN: frames have been missing for 30 ms
 * @PLAYER_GST_NOTE_REFILLED: frames flow again
 */
typedef enum
{
  PLAYER_GST_NOTE_STARTED,
  PLAYER_GST_NOTE_RESUMED,
  PLAYER_GST_NOTE_SEEKED,
  PLAYER_GST_NOTE_SILENCED,
  PLAYER_GST_NOTE_ENDED,
  PLAYER_GST_NOTE_UNDERRUN,
  PLAYER_GST_NOTE_REFILLED,
} PlayerGstNoteType;

/**
 * PlayerGstNote:
 *
 * What the pump has seen happen to an item.
 */
typedef struct
{
  PlayerGstNoteType type;
  PlayerGstItem *item; /* (owned) */
  gint64 frame;        /* of the item */
  PlayerSilencedReason reason;
  gboolean joined;
  gboolean broken;
} PlayerGstNote;

PlayerGstNote *player_gst_note_new (PlayerGstNoteType type, PlayerGstItem *item, gint64 frame);
void player_gst_note_free (PlayerGstNote *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerGstNote, player_gst_note_free)

G_END_DECLS

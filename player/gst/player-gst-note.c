/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-note.h"

PlayerGstNote *
player_gst_note_new (PlayerGstNoteType type, PlayerGstItem *item, gint64 frame)
{
  PlayerGstNote *self = g_new0 (PlayerGstNote, 1);

  self->type = type;
  self->item = g_object_ref (item);
  self->frame = frame;
  return self;
}

void
player_gst_note_free (PlayerGstNote *self)
{
  g_object_unref (self->item);
  g_free (self);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/player-picture.h"

static const char *
first_of (const char *a, const char *b)
{
  return a != NULL && *a != '\0' ? a : b;
}

/* (transfer full) (nullable): what the supplier says, filled up with the stream's own tags. */
static PlayerMetadata *
merge_metadata (PlayerMetadata *said, PlayerMetadata *tags)
{
  if (said == NULL || tags == NULL)
    {
      PlayerMetadata *only = said != NULL ? said : tags;
      return only != NULL ? player_metadata_ref (only) : NULL;
    }
  return player_metadata_new (
      first_of (said->title, tags->title), first_of (said->subtitle, tags->subtitle),
      first_of (said->album, tags->album), first_of (said->art_url, tags->art_url),
      first_of (said->background_url, tags->background_url));
}

static void
show_track (PlayerSnapshot *snapshot, const PlayerTrack *track, gint64 position_us)
{
  snapshot->serial = track->serial;
  snapshot->item = player_item_ref (track->item);
  snapshot->offset_ms = player_us_to_ms (position_us);
  snapshot->offset_us = position_us;
  snapshot->duration_ms = track->duration_ms;
  snapshot->seekable = track->seekable && !track->over;
  snapshot->metadata = merge_metadata (track->item->metadata, track->tags);
}

PlayerSnapshot *
player_picture_take (const PlayerState *state, gint64 heard_us)
{
  const PlayerTrack *track = state->current;
  PlayerSnapshot *snapshot = player_snapshot_new ();

  snapshot->activity = state->activity;
  snapshot->ducked = state->voice == PLAYER_VOICE_DUCKS;
  snapshot->under_way = player_state_is_alive (state);
  snapshot->held = state->hold == PLAYER_HOLD_LOCAL;
  snapshot->starting = state->pending != NULL;
  snapshot->nearly_told = track != NULL && track->nearly_sent;
  if (track != NULL)
    {
      /* in a pause and after the end the exact position is known */
      gboolean moving = state->activity != PLAYER_ACTIVITY_PAUSED && heard_us >= 0;
      show_track (snapshot, track,
                  moving ? player_track_get_position (track, heard_us) : track->offset_us);
    }
  if (state->pending != NULL) /* still on its way: it waits, in front of the others */
    g_ptr_array_add (snapshot->queue, player_item_ref (state->pending->item));
  for (guint i = 0; i < player_queue_get_length (state->queue); i++)
    {
      const PlayerQueueEntry *entry = player_queue_peek_nth (state->queue, i);
      g_ptr_array_add (snapshot->queue, player_item_ref (entry->item));
    }
  return snapshot;
}

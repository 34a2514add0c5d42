/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/player-state.h"

PlayerTrack *
player_track_new (guint64 serial, PlayerItem *item)
{
  PlayerTrack *self = g_new0 (PlayerTrack, 1);
  self->serial = serial;
  self->item = player_item_ref (item);
  self->offset_us = item->offset_ms * 1000;
  self->duration_ms = -1;
  return self;
}

void
player_track_free (PlayerTrack *self)
{
  player_item_unref (self->item);
  g_clear_pointer (&self->tags, player_metadata_unref);
  g_clear_pointer (&self->failure, player_failure_free);
  g_free (self);
}

PlayerState *
player_state_new (PlayerNearlyFinished policy)
{
  PlayerState *self = g_new0 (PlayerState, 1);
  self->policy = policy;
  self->activity = PLAYER_ACTIVITY_IDLE;
  self->queue = player_queue_new ();
  return self;
}

void
player_state_free (PlayerState *self)
{
  g_clear_pointer (&self->queue, player_queue_free);
  g_clear_pointer (&self->current, player_track_free);
  g_clear_pointer (&self->pending, player_track_free);
  g_clear_pointer (&self->next, player_track_free);
  g_free (self->failed_token);
  g_free (self);
}

gint64
player_track_get_position (const PlayerTrack *track, gint64 heard_us)
{
  return MAX (heard_us, track->from_us);
}

gboolean
player_state_is_alive (const PlayerState *self)
{
  return self->current != NULL && !self->current->over;
}

PlayerPhase
player_state_get_phase (const PlayerState *self)
{
  if (!player_state_is_alive (self))
    return self->pending != NULL ? PLAYER_PHASE_LOADING : PLAYER_PHASE_REST;
  if (self->pending != NULL)
    return PLAYER_PHASE_REPLACING;
  return self->activity == PLAYER_ACTIVITY_PAUSED ? PLAYER_PHASE_PAUSED : PLAYER_PHASE_SOUNDING;
}

const char *
player_state_get_last_token (const PlayerState *self)
{
  const PlayerQueueEntry *tail = player_queue_peek_tail (self->queue);
  if (tail != NULL)
    return tail->item->token;
  if (self->pending != NULL)
    return self->pending->item->token;
  return self->current != NULL ? self->current->item->token : NULL;
}

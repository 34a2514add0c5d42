/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/player-source.h"

/* (nullable): what has been loaded for @serial and may still be renewed. */
static PlayerTrack *
find_track (PlayerState *state, guint64 serial)
{
  if (player_state_is_alive (state) && state->current->serial == serial)
    return state->current;
  if (state->pending != NULL && state->pending->serial == serial && state->pending->failure == NULL)
    return state->pending;
  if (state->next != NULL && state->next->serial == serial)
    return state->next;
  return NULL;
}

PlayerItem *
player_source_find (PlayerState *state, guint64 serial)
{
  const PlayerTrack *track = find_track (state, serial);
  if (track != NULL)
    return track->item;
  const PlayerQueueEntry *entry = player_queue_peek_serial (state->queue, serial);
  return entry != NULL ? entry->item : NULL;
}

static gboolean
fits (const PlayerItem *item, const char *token)
{
  return *token == '\0' || g_str_equal (item->token, token);
}

guint64
player_source_find_token (PlayerState *state, const char *token)
{
  if (player_state_is_alive (state) && fits (state->current->item, token))
    return state->current->serial;
  if (state->pending != NULL && state->pending->failure == NULL
      && fits (state->pending->item, token))
    return state->pending->serial;
  for (guint i = 0; *token != '\0' && i < player_queue_get_length (state->queue); i++)
    {
      const PlayerQueueEntry *entry = player_queue_peek_nth (state->queue, i);
      if (fits (entry->item, token))
        return entry->serial;
    }
  return 0;
}

gboolean
player_source_is_there (const PlayerStep *self)
{
  return player_source_find (self->state, self->input->command->serial) != NULL;
}

void
player_source_renew (PlayerStep *self)
{
  const PlayerCommand *command = self->input->command;
  PlayerTrack *track = find_track (self->state, command->serial);
  const PlayerQueueEntry *entry = player_queue_peek_serial (self->state->queue, command->serial);
  PlayerItem *old = track != NULL ? track->item : entry->item;
  g_autoptr (PlayerItem) source = player_item_new_source (
      old, command->item->url, (const char *const *)command->item->headers, old->renewable);
  g_autoptr (PlayerItem) item = player_item_new_until (source, command->item->valid_until_us);

  player_queue_replace_item (self->state->queue, command->serial, item);
  if (track == NULL)
    return;
  player_item_unref (track->item);
  track->item = player_item_ref (item);
  if (track->generation == 0) /* asleep, and not loaded yet */
    return;

  PlayerEffect *effect = player_outcome_add_effect (self->outcome, PLAYER_EFFECT_RENEW);
  effect->generation = track->generation;
  effect->item = g_steal_pointer (&item);
}

void
player_source_refused (PlayerStep *self)
{
  g_free (self->outcome->refused_message);
  self->outcome->refused_serial = self->track->serial;
  self->outcome->refused_message = g_strdup (self->input->event.error_message);
}

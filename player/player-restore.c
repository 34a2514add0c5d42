/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/player-restore.h"

static gboolean
sounded (const PlayerSnapshot *kept)
{
  return kept->under_way
         && (kept->activity == PLAYER_ACTIVITY_PLAYING
             || kept->activity == PLAYER_ACTIVITY_BUFFER_UNDERRUN);
}

/* What has come to its end, and what something else is about to replace, stays that way. */
static void
restore_ended (PlayerState *state, const PlayerSnapshot *kept)
{
  gboolean stopped = kept->under_way || kept->activity == PLAYER_ACTIVITY_STOPPED;

  state->current->over = TRUE;
  state->current->stopped = stopped;
  state->activity = stopped ? PLAYER_ACTIVITY_STOPPED : PLAYER_ACTIVITY_FINISHED;
}

static void
restore_current (PlayerStep *self, const PlayerSnapshot *kept)
{
  PlayerState *state = self->state;
  PlayerTrack *track = player_track_new (++state->last_serial, kept->item);

  track->offset_us = kept->offset_us;
  track->from_us = kept->offset_us;
  track->duration_ms = kept->duration_ms;
  track->seekable = kept->seekable;
  /* where nothing waits, the answer to it is not there: its skill is asked once more */
  track->nearly_sent = kept->nearly_told && kept->queue->len > 0;
  state->current = track;
  if (sounded (kept))
    player_step_report (self, PLAYER_REPORT_STOPPED, track->offset_us);
  if (!kept->under_way || kept->starting)
    {
      restore_ended (state, kept);
      return;
    }
  track->asleep = TRUE;
  state->activity = PLAYER_ACTIVITY_PAUSED;
  state->hold = PLAYER_HOLD_LOCAL;
}

void
player_restore (PlayerStep *self)
{
  PlayerState *state = self->state;
  const PlayerCommand *command = self->input->command;
  const PlayerSnapshot *kept = command->snapshot;

  if (kept->item != NULL)
    restore_current (self, kept);
  for (guint i = 0; i < kept->queue->len; i++)
    player_queue_append (state->queue, ++state->last_serial, g_ptr_array_index (kept->queue, i));
  if (!command->go_on)
    return;
  if (player_state_is_alive (state))
    player_restore_wake (self);
  else if (kept->starting && kept->queue->len > 0)
    player_step_start_head (self);
}

void
player_restore_wake (PlayerStep *self)
{
  self->state->hold = PLAYER_HOLD_NONE;
  player_step_load (self, self->state->current, PLAYER_LOAD_CURRENT);
}

void
player_restore_seek (PlayerStep *self)
{
  PlayerTrack *track = self->state->current;
  gint64 position_ms = self->input->command->position_ms;

  if (track->duration_ms >= 0)
    position_ms = MIN (position_ms, track->duration_ms);
  track->offset_us = position_ms * 1000;
  self->outcome->seeked_us = track->offset_us;
  if (track->generation != 0) /* takes the place of the load that is on its way */
    player_step_load (self, track, PLAYER_LOAD_CURRENT);
}

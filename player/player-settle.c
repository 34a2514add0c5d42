/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/player-settle.h"

/* How long the old stream may sound on while the one that replaces it is not there yet. */
#define GRACE_MS 500

static void
arm (PlayerStep *self, PlayerAlarm alarm, gint64 delay_ms)
{
  PlayerEffect *effect = player_outcome_add_effect (self->outcome, PLAYER_EFFECT_ARM);
  effect->alarm = alarm;
  effect->delay_ms = delay_ms;
}

static void
disarm (PlayerStep *self, PlayerAlarm alarm)
{
  player_outcome_add_effect (self->outcome, PLAYER_EFFECT_DISARM)->alarm = alarm;
}

/* A stream that failed before it sounded says so as soon as nothing else sounds. */
static void
settle_failure (PlayerStep *self)
{
  PlayerState *state = self->state;

  if (player_state_is_alive (state) || state->pending == NULL || state->pending->failure == NULL)
    return;
  if (player_activity_is_active (state->activity))
    state->activity = PLAYER_ACTIVITY_FINISHED; /* the joint that was promised did not come */
  g_autoptr (PlayerTrack) track = g_steal_pointer (&state->pending);
  player_step_report_failed (self, track, track->failure->type, track->failure->message);
  state->activity = PLAYER_ACTIVITY_STOPPED;
}

/* Keeps the engine's *next* the head of the queue. */
static void
settle_preload (PlayerStep *self)
{
  PlayerState *state = self->state;
  const PlayerQueueEntry *head = player_queue_peek_head (state->queue);

  if (state->next != NULL && (head == NULL || head->serial != state->next->serial))
    {
      player_outcome_add_effect (self->outcome, PLAYER_EFFECT_UNLOAD)->generation
          = state->next->generation;
      g_clear_pointer (&state->next, player_track_free);
    }
  if (head == NULL || head->failure != NULL || state->next != NULL || state->ending
      || !player_state_is_alive (state) || state->current->asleep || state->pending != NULL)
    return;
  state->next = player_track_new (head->serial, head->item);
  player_step_load (self, state->next, PLAYER_LOAD_NEXT);
}

static void
settle_nearly (PlayerStep *self)
{
  PlayerState *state = self->state;
  PlayerTrack *track = state->current;
  gint64 wait_ms = -1;

  if (player_state_is_alive (state) && state->activity == PLAYER_ACTIVITY_PLAYING
      && state->pending == NULL && !state->ending && !track->nearly_sent
      && player_progress_is_nearly_finished (state->policy, track->buffered, track->duration_ms,
                                             player_us_to_ms (track->offset_us), &wait_ms))
    {
      player_step_report (self, PLAYER_REPORT_NEARLY_FINISHED, track->offset_us);
      track->nearly_sent = TRUE;
      wait_ms = -1;
    }
  if (wait_ms < 0 && state->nearly_armed)
    disarm (self, PLAYER_ALARM_NEARLY);
  else if (wait_ms >= 0 && (!state->nearly_armed || self->rearm))
    arm (self, PLAYER_ALARM_NEARLY, wait_ms);
  state->nearly_armed = wait_ms >= 0;
}

static void
settle_grace (PlayerStep *self)
{
  PlayerState *state = self->state;
  gboolean wanted = player_state_get_phase (state) == PLAYER_PHASE_REPLACING && !state->ending;

  if (wanted && !state->grace_armed)
    arm (self, PLAYER_ALARM_GRACE, GRACE_MS);
  else if (!wanted && state->grace_armed)
    disarm (self, PLAYER_ALARM_GRACE);
  state->grace_armed = wanted;
}

void
player_settle_grace_over (PlayerStep *self)
{
  self->state->grace_armed = FALSE;
  player_step_silence (self);
}

void
player_settle_nearly_due (PlayerStep *self)
{
  self->state->nearly_armed = FALSE; /* player_settle_step() looks at the position */
}

void
player_settle_step (PlayerStep *self)
{
  settle_failure (self);
  if (player_state_get_phase (self->state) == PLAYER_PHASE_REST)
    self->state->hold = PLAYER_HOLD_NONE;
  settle_preload (self);
  settle_nearly (self);
  settle_grace (self);
}

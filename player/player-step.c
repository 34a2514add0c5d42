/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/player-step.h"

static PlayerEffect *
add_effect (PlayerStep *self, PlayerEffectType type)
{
  return player_outcome_add_effect (self->outcome, type);
}

void
player_step_report (PlayerStep *self, PlayerReportType type, gint64 offset_us)
{
  PlayerTrack *track = self->state->current;

  player_outcome_add_report (self->outcome, player_report_new (type, track->serial, track->item,
                                                               player_us_to_ms (offset_us)));
}

void
player_step_report_failed (PlayerStep *self,
                           PlayerTrack *track,
                           PlayerErrorType type,
                           const char *message)
{
  PlayerState *state = self->state;
  PlayerTrack *current = state->current;

  g_free (state->failed_token);
  state->failed_token = g_strdup (track->item->token);
  player_outcome_add_report (
      self->outcome,
      player_report_new_failed (track->serial, track->item, type, message, state->activity,
                                current != NULL ? current->item->token : NULL,
                                current != NULL ? player_us_to_ms (current->offset_us) : 0));
}

void
player_step_load (PlayerStep *self, PlayerTrack *track, PlayerLoadMode mode)
{
  track->generation = ++self->state->last_generation;

  PlayerEffect *effect = add_effect (self, PLAYER_EFFECT_LOAD);
  effect->generation = track->generation;
  effect->item = player_item_ref (track->item);
  effect->offset_ms = track->offset_us / 1000;
  effect->mode = mode;
}

/* The engine forgets what waits; so do we. */
static void
forget_waiting (PlayerState *state)
{
  g_clear_pointer (&state->pending, player_track_free);
  g_clear_pointer (&state->next, player_track_free);
}

void
player_step_stop (PlayerStep *self)
{
  PlayerState *state = self->state;
  PlayerPhase phase = player_state_get_phase (state);

  add_effect (self, PLAYER_EFFECT_STOP);
  state->engine_paused = FALSE;
  state->hold = PLAYER_HOLD_NONE;
  forget_waiting (state);
  g_clear_pointer (&state->failed_token, g_free);
  if (state->current != NULL)
    state->current->stopped = TRUE;
  if (phase == PLAYER_PHASE_SOUNDING || phase == PLAYER_PHASE_REPLACING)
    {
      state->ending = TRUE; /* its SILENCED brings the position and the report */
      return;
    }
  /* a paused one was reported as stopped when it fell silent; one still loading never started */
  if (phase == PLAYER_PHASE_PAUSED)
    state->current->over = TRUE;
  if (state->current != NULL) /* else nothing has played yet, and it stays as it was */
    state->activity = PLAYER_ACTIVITY_STOPPED;
}

/* Speech comes first: what is to start while somebody speaks waits. */
static void
hold_for_voice (PlayerStep *self)
{
  if (self->state->voice != PLAYER_VOICE_NONE)
    player_step_hold (self, PLAYER_HOLD_VOICE);
}

/* (transfer full) @track; what sounds goes on until it is decoded, unless somebody speaks. */
static void
load_current (PlayerStep *self, PlayerTrack *track)
{
  PlayerState *state = self->state;
  gboolean replaces = player_state_is_alive (state) && state->voice != PLAYER_VOICE_NONE;

  if (replaces || player_state_get_phase (state) == PLAYER_PHASE_PAUSED)
    player_step_stop (self);
  else if (state->engine_paused)
    {
      add_effect (self, PLAYER_EFFECT_STOP); /* ends the pause of a load that never started */
      state->engine_paused = FALSE;
    }
  forget_waiting (state);
  state->hold = PLAYER_HOLD_NONE;
  player_step_load (self, track, PLAYER_LOAD_CURRENT);
  state->pending = track;
  hold_for_voice (self);
}

void
player_step_append (PlayerStep *self)
{
  PlayerState *state = self->state;
  player_queue_append (state->queue, ++state->last_serial, self->input->command->item);
}

/* (transfer full) (nullable): the head of the queue as a track, with its failure if it had one. */
static PlayerTrack *
take_head (PlayerState *state)
{
  g_autoptr (PlayerQueueEntry) entry = player_queue_pop (state->queue);
  if (entry == NULL)
    return NULL;
  if (state->next != NULL && state->next->serial == entry->serial)
    return g_steal_pointer (&state->next);

  PlayerTrack *track = player_track_new (entry->serial, entry->item);
  track->failure = g_steal_pointer (&entry->failure);
  return track;
}

void
player_step_start_head (PlayerStep *self)
{
  PlayerTrack *track = take_head (self->state);
  g_return_if_fail (track != NULL);

  if (track->failure == NULL)
    {
      load_current (self, track);
      return;
    }
  /* its turn has come; settle() says so as soon as nothing else sounds */
  PlayerState *state = self->state;
  PlayerPhase phase = player_state_get_phase (state);
  if (state->pending != NULL)
    add_effect (self, PLAYER_EFFECT_UNLOAD)->generation = state->pending->generation;
  g_clear_pointer (&state->pending, player_track_free);
  if (phase == PLAYER_PHASE_PAUSED)
    player_step_stop (self);
  else if (player_state_is_alive (state))
    player_step_silence (self);
  state->pending = track;
}

/* Whether the stream that was loaded ahead is the very one @item wants, and waits decoded. */
static gboolean
is_at_hand (PlayerState *state, PlayerItem *item)
{
  return player_state_get_phase (state) == PLAYER_PHASE_SOUNDING && state->next != NULL
         && state->next->ready && player_item_sounds_like (state->next->item, item);
}

void
player_step_replace_all (PlayerStep *self)
{
  PlayerState *state = self->state;
  PlayerTrack *track = player_track_new (++state->last_serial, self->input->command->item);

  player_queue_clear (state->queue);
  if (!is_at_hand (state, track->item))
    {
      load_current (self, track);
      return;
    }

  PlayerTrack *next = state->next;
  track->generation = next->generation;
  track->ready = TRUE;
  track->buffered = next->buffered;
  track->duration_ms = next->duration_ms;
  track->seekable = next->seekable;
  track->tags = g_steal_pointer (&next->tags);
  forget_waiting (state);
  state->pending = track;
  player_step_silence (self);
  hold_for_voice (self);
}

void
player_step_go_to_next (PlayerStep *self)
{
  PlayerState *state = self->state;

  state->pending = take_head (state);
  player_step_silence (self);
}

void
player_step_silence (PlayerStep *self)
{
  add_effect (self, PLAYER_EFFECT_SILENCE);
  self->state->ending = TRUE;
}

void
player_step_hold (PlayerStep *self, PlayerHold hold)
{
  PlayerState *state = self->state;

  state->hold = hold;
  if (state->engine_paused == (hold != PLAYER_HOLD_NONE))
    return;
  state->engine_paused = hold != PLAYER_HOLD_NONE;
  add_effect (self, state->engine_paused ? PLAYER_EFFECT_PAUSE : PLAYER_EFFECT_RESUME);
}

void
player_step_take_turn (PlayerStep *self)
{
  PlayerState *state = self->state;

  if (state->pending != NULL || player_queue_peek_head (state->queue) == NULL)
    return;
  if (state->next == NULL)
    {
      player_step_start_head (self);
      return;
    }
  gboolean joined = state->next->ready && state->hold == PLAYER_HOLD_NONE
                    && state->activity == PLAYER_ACTIVITY_FINISHED;
  state->pending = take_head (state);
  if (joined) /* its STARTED follows at once: there is no moment at which nothing plays */
    state->activity = PLAYER_ACTIVITY_PLAYING;
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/player-event.h"

static void
end_current (PlayerState *state, PlayerActivity activity)
{
  state->current->over = TRUE;
  state->ending = FALSE;
  state->activity = activity;
}

static void
stop_at (PlayerStep *self, gint64 offset_us)
{
  PlayerState *state = self->state;

  state->current->offset_us = offset_us;
  if (state->activity != PLAYER_ACTIVITY_PAUSED) /* else it was reported when it fell silent */
    player_step_report (self, PLAYER_REPORT_STOPPED, offset_us);
  state->current->stopped = TRUE;
  end_current (state, PLAYER_ACTIVITY_STOPPED);
}

/* Its first sample is on its way. */
static void
begin_current (PlayerStep *self)
{
  PlayerState *state = self->state;
  PlayerTrack *track = state->current;
  gint64 ordered_us = track->offset_us;
  gint64 began_us = self->input->event.offset_us;

  /* it was loaded to the ms, and what was told does not run backwards */
  track->offset_us = began_us == ordered_us / 1000 * 1000 ? ordered_us : began_us;
  track->from_us = track->offset_us;
  track->asleep = FALSE;
  state->activity = PLAYER_ACTIVITY_PLAYING;
  self->rearm = TRUE;
  /* the offset that was ordered, exactly, even if the first sample lies a hair beside it */
  player_step_report (self, PLAYER_REPORT_STARTED, ordered_us);
  if (ordered_us > 0)
    self->outcome->seeked_us = track->offset_us;
  if (state->hold != PLAYER_HOLD_NONE) /* held while its start was on its way to us */
    player_outcome_add_effect (self->outcome, PLAYER_EFFECT_PAUSE);
}

void
player_event_started (PlayerStep *self)
{
  PlayerState *state = self->state;

  if (player_state_is_alive (state)) /* the engine should have told us that it is over */
    stop_at (self, state->current->offset_us);
  g_clear_pointer (&state->failed_token, g_free);
  g_clear_pointer (&state->current, player_track_free);
  state->current = g_steal_pointer (&state->pending);
  begin_current (self);
}

void
player_event_woken (PlayerStep *self)
{
  begin_current (self);
}

void
player_event_stopped (PlayerStep *self)
{
  stop_at (self, self->input->event.offset_us);
}

void
player_event_paused (PlayerStep *self)
{
  PlayerState *state = self->state;

  state->current->offset_us = self->input->event.offset_us;
  player_step_report (self, PLAYER_REPORT_STOPPED, state->current->offset_us);
  state->activity = PLAYER_ACTIVITY_PAUSED;
}

void
player_event_resumed (PlayerStep *self)
{
  PlayerState *state = self->state;

  state->current->offset_us = self->input->event.offset_us;
  state->current->from_us = self->input->event.offset_us;
  player_step_report (self, PLAYER_REPORT_STARTED, state->current->offset_us);
  state->activity = PLAYER_ACTIVITY_PLAYING;
  self->rearm = TRUE;
  if (state->hold != PLAYER_HOLD_NONE) /* held again while it was about to go on */
    player_outcome_add_effect (self->outcome, PLAYER_EFFECT_PAUSE);
}

void
player_event_finished (PlayerStep *self)
{
  PlayerState *state = self->state;
  PlayerTrack *track = state->current;

  track->offset_us = self->input->event.offset_us;
  if (state->activity == PLAYER_ACTIVITY_PAUSED)
    {
      /* sought beyond its end in a pause: it was reported as stopped, and never finishes after */
      end_current (state, PLAYER_ACTIVITY_STOPPED);
    }
  else
    {
      if (!track->nearly_sent)
        player_step_report (self, PLAYER_REPORT_NEARLY_FINISHED, track->offset_us);
      track->nearly_sent = TRUE;
      player_step_report (self, PLAYER_REPORT_FINISHED, track->offset_us);
      end_current (state, PLAYER_ACTIVITY_FINISHED);
    }
  player_step_take_turn (self);
}

void
player_event_failed (PlayerStep *self)
{
  PlayerState *state = self->state;
  const PlayerEngineEvent *event = &self->input->event;

  if (!state->current->asleep) /* else it stays where it was left */
    state->current->offset_us = event->offset_us;
  player_step_report_failed (self, state->current, event->error_type, event->error_message);
  end_current (state, PLAYER_ACTIVITY_STOPPED);
  g_clear_pointer (&state->next, player_track_free);
}

void
player_event_ready (PlayerStep *self)
{
  self->track->ready = TRUE;
}

void
player_event_buffered (PlayerStep *self)
{
  self->track->buffered = TRUE;
}

void
player_event_duration (PlayerStep *self)
{
  self->track->duration_ms = self->input->event.duration_ms;
  self->track->seekable = self->input->event.seekable;
  self->rearm = TRUE;
}

void
player_event_tags (PlayerStep *self)
{
  PlayerMetadata *tags = self->input->event.metadata;

  g_clear_pointer (&self->track->tags, player_metadata_unref);
  self->track->tags = tags != NULL ? player_metadata_ref (tags) : NULL;
}

void
player_event_failed_early (PlayerStep *self)
{
  const PlayerEngineEvent *event = &self->input->event;
  self->track->failure = player_failure_new (event->error_type, event->error_message);
}

void
player_event_failed_while_replacing (PlayerStep *self)
{
  player_event_failed_early (self);
  player_step_silence (self);
}

void
player_event_next_failed (PlayerStep *self)
{
  PlayerState *state = self->state;
  const PlayerEngineEvent *event = &self->input->event;

  player_queue_hold_failure (state->queue, self->track->serial,
                             player_failure_new (event->error_type, event->error_message));
  g_clear_pointer (&state->next, player_track_free);
  self->track = NULL;
}

void
player_event_underrun (PlayerStep *self)
{
  self->state->activity = PLAYER_ACTIVITY_BUFFER_UNDERRUN;
}

void
player_event_refilled (PlayerStep *self)
{
  self->state->activity = PLAYER_ACTIVITY_PLAYING;
  self->rearm = TRUE;
}

void
player_event_seeked (PlayerStep *self)
{
  self->track->offset_us = self->input->event.offset_us;
  self->track->from_us = self->input->event.offset_us;
  self->outcome->seeked_us = self->input->event.offset_us;
  self->rearm = TRUE;
}

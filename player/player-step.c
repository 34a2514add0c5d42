/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/player-step.h"

/* How long the old stream may sound on while the one that replaces it is not there yet. */
#define GRACE_MS 500

static PlayerEffect *
add_effect (PlayerStep *self, PlayerEffectType type)
{
  return player_outcome_add_effect (self->outcome, type);
}

static void
arm (PlayerStep *self, PlayerAlarm alarm, gint64 delay_ms)
{
  PlayerEffect *effect = add_effect (self, PLAYER_EFFECT_ARM);
  effect->alarm = alarm;
  effect->delay_ms = delay_ms;
}

static void
disarm (PlayerStep *self, PlayerAlarm alarm)
{
  add_effect (self, PLAYER_EFFECT_DISARM)->alarm = alarm;
}

void
player_step_report (PlayerStep *self, PlayerReportType type, gint64 offset_ms)
{
  PlayerTrack *track = self->state->current;

  player_outcome_add_report (self->outcome,
                             player_report_new (type, track->serial, track->item, offset_ms));
}

static void
report_failed (PlayerStep *self, PlayerTrack *track, PlayerErrorType type, const char *message)
{
  PlayerState *state = self->state;
  PlayerTrack *current = state->current;

  g_free (state->failed_token);
  state->failed_token = g_strdup (track->item->token);
  player_outcome_add_report (
      self->outcome,
      player_report_new_failed (track->serial, track->item, type, message, state->activity,
                                current != NULL ? current->item->token : NULL,
                                current != NULL ? current->offset_ms : 0));
}

static void
load (PlayerStep *self, PlayerTrack *track, PlayerLoadMode mode)
{
  track->generation = ++self->state->last_generation;

  PlayerEffect *effect = add_effect (self, PLAYER_EFFECT_LOAD);
  effect->generation = track->generation;
  effect->item = player_item_ref (track->item);
  effect->offset_ms = track->item->offset_ms;
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
  load (self, track, PLAYER_LOAD_CURRENT);
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
         && state->next->ready && state->next->item->offset_ms == item->offset_ms
         && g_str_equal (state->next->item->url, item->url);
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
player_step_set_voice (PlayerStep *self, PlayerVoice voice)
{
  gboolean was_ducked = self->state->voice == PLAYER_VOICE_DUCKS;
  gboolean is_ducked = voice == PLAYER_VOICE_DUCKS;

  self->state->voice = voice;
  if (was_ducked != is_ducked)
    add_effect (self, is_ducked ? PLAYER_EFFECT_DUCK : PLAYER_EFFECT_UNDUCK);
}

void
player_step_started (PlayerStep *self)
{
  PlayerState *state = self->state;

  if (player_state_is_alive (state)) /* the engine should have told us that it is over */
    player_step_stopped (self, state->current->offset_ms);
  g_clear_pointer (&state->failed_token, g_free);
  g_clear_pointer (&state->current, player_track_free);
  state->current = g_steal_pointer (&state->pending);
  state->current->offset_ms = self->input->event.offset_ms;
  state->current->from_ms = self->input->event.offset_ms;
  state->activity = PLAYER_ACTIVITY_PLAYING;
  self->rearm = TRUE;
  /* the offset that was ordered, exactly, even if the first sample lies a hair beside it */
  player_step_report (self, PLAYER_REPORT_STARTED, state->current->item->offset_ms);
  if (state->current->item->offset_ms > 0)
    self->outcome->seeked_ms = state->current->offset_ms;
  if (state->hold != PLAYER_HOLD_NONE) /* held while its start was on its way to us */
    add_effect (self, PLAYER_EFFECT_PAUSE);
}

static void
end_current (PlayerState *state, PlayerActivity activity)
{
  state->current->over = TRUE;
  state->ending = FALSE;
  state->activity = activity;
}

void
player_step_stopped (PlayerStep *self, gint64 offset_ms)
{
  PlayerState *state = self->state;

  state->current->offset_ms = offset_ms;
  if (state->activity != PLAYER_ACTIVITY_PAUSED) /* else it was reported when it fell silent */
    player_step_report (self, PLAYER_REPORT_STOPPED, offset_ms);
  state->current->stopped = TRUE;
  end_current (state, PLAYER_ACTIVITY_STOPPED);
}

void
player_step_paused (PlayerStep *self)
{
  PlayerState *state = self->state;

  state->current->offset_ms = self->input->event.offset_ms;
  player_step_report (self, PLAYER_REPORT_STOPPED, state->current->offset_ms);
  state->activity = PLAYER_ACTIVITY_PAUSED;
}

void
player_step_resumed (PlayerStep *self)
{
  PlayerState *state = self->state;

  state->current->offset_ms = self->input->event.offset_ms;
  state->current->from_ms = self->input->event.offset_ms;
  player_step_report (self, PLAYER_REPORT_STARTED, state->current->offset_ms);
  state->activity = PLAYER_ACTIVITY_PLAYING;
  self->rearm = TRUE;
  if (state->hold != PLAYER_HOLD_NONE) /* held again while it was about to go on */
    add_effect (self, PLAYER_EFFECT_PAUSE);
}

/* The stream loaded ahead becomes the one to start: the engine joins it on by itself. */
static void
take_turn (PlayerStep *self)
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

void
player_step_finished (PlayerStep *self)
{
  PlayerState *state = self->state;
  PlayerTrack *track = state->current;

  track->offset_ms = self->input->event.offset_ms;
  if (state->activity == PLAYER_ACTIVITY_PAUSED)
    {
      /* sought beyond its end in a pause: it was reported as stopped, and never finishes after */
      end_current (state, PLAYER_ACTIVITY_STOPPED);
    }
  else
    {
      if (!track->nearly_sent)
        player_step_report (self, PLAYER_REPORT_NEARLY_FINISHED, track->offset_ms);
      track->nearly_sent = TRUE;
      player_step_report (self, PLAYER_REPORT_FINISHED, track->offset_ms);
      end_current (state, PLAYER_ACTIVITY_FINISHED);
    }
  take_turn (self);
}

void
player_step_failed (PlayerStep *self)
{
  PlayerState *state = self->state;
  const PlayerEngineEvent *event = &self->input->event;

  state->current->offset_ms = event->offset_ms;
  report_failed (self, state->current, event->error_type, event->error_message);
  end_current (state, PLAYER_ACTIVITY_STOPPED);
  g_clear_pointer (&state->next, player_track_free);
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
  report_failed (self, track, track->failure->type, track->failure->message);
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
      add_effect (self, PLAYER_EFFECT_UNLOAD)->generation = state->next->generation;
      g_clear_pointer (&state->next, player_track_free);
    }
  if (head == NULL || head->failure != NULL || state->next != NULL || state->ending
      || !player_state_is_alive (state) || state->pending != NULL)
    return;
  state->next = player_track_new (head->serial, head->item);
  load (self, state->next, PLAYER_LOAD_NEXT);
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
                                             track->offset_ms, &wait_ms))
    {
      player_step_report (self, PLAYER_REPORT_NEARLY_FINISHED, track->offset_ms);
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
player_step_settle (PlayerStep *self)
{
  settle_failure (self);
  if (player_state_get_phase (self->state) == PLAYER_PHASE_REST)
    self->state->hold = PLAYER_HOLD_NONE;
  settle_preload (self);
  settle_nearly (self);
  settle_grace (self);
}

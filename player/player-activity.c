/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/player-activity.h"

#include "player/player-event.h"
#include "player/player-restore.h"
#include "player/player-settle.h"
#include "player/player-source.h"
#include "player/player-voice.h"

/* What can happen. Engine events are told apart by the track they are about. */
typedef enum
{
  ENQUEUE,
  REPLACE_ALL,
  REPLACE_ENQUEUED,
  STOP,
  CLEAR_ENQUEUED,
  CLEAR_ALL,
  PAUSE,
  RESUME,
  SEEK,
  SKIP,
  INTERRUPT,
  DUCK,
  RENEW,
  RESTORE,
  VOICE_OVER, /* INTERRUPT_END, DUCK_END */
  GRACE_OVER,
  NEARLY_DUE,
  CURRENT = 0x100,
  PENDING = 0x200,
  NEXT = 0x300,
  STALE = 0x400,
} Trigger;

#define ON(role, event) (role | PLAYER_ENGINE_##event)

/* --- Conditions beyond the phase ------------------------------------------------------------ */

/* It follows the stream that has failed, which may never have been the current one. */
static gboolean
follows_failed (const PlayerStep *step)
{
  const PlayerState *state = step->state;
  const char *expected = step->input->command->expected_previous_token;

  return state->failed_token != NULL && g_strcmp0 (expected, state->failed_token) == 0
         && player_state_get_phase (state) == PLAYER_PHASE_REST
         && player_queue_get_length (state->queue) == 0;
}

static gboolean
wrong_token (const PlayerStep *step)
{
  const char *expected = step->input->command->expected_previous_token;
  const char *last = player_state_get_last_token (step->state);

  /* nothing to compare with: nothing can be overtaken */
  return expected != NULL && *expected != '\0' && last != NULL && !g_str_equal (expected, last)
         && !follows_failed (step);
}

/* It answers the "nearly finished" of a stream that was stopped since: it must not start audio. */
static gboolean
late (const PlayerStep *step)
{
  const PlayerState *state = step->state;
  const char *expected = step->input->command->expected_previous_token;

  return expected != NULL && *expected != '\0' && state->activity == PLAYER_ACTIVITY_STOPPED
         && player_queue_get_length (state->queue) == 0 && state->current != NULL
         && state->current->nearly_sent && state->current->stopped && !follows_failed (step);
}

static gboolean
queue_empty (const PlayerStep *step)
{
  return player_queue_get_length (step->state->queue) == 0;
}

static gboolean
held_locally (const PlayerStep *step)
{
  return step->state->hold == PLAYER_HOLD_LOCAL;
}

static gboolean
held (const PlayerStep *step)
{
  return step->state->hold != PLAYER_HOLD_NONE;
}

static gboolean
voice_holds (const PlayerStep *step)
{
  const PlayerState *state = step->state;
  gboolean rests = player_state_get_phase (state) == PLAYER_PHASE_REST;

  return state->voice == PLAYER_VOICE_INTERRUPTS && (rests || state->hold != PLAYER_HOLD_NONE);
}

static gboolean
voice_there (const PlayerStep *step)
{
  return step->state->voice != PLAYER_VOICE_NONE;
}

static gboolean
no_voice (const PlayerStep *step)
{
  return step->state->voice == PLAYER_VOICE_NONE;
}

/* Between the halves of a joint: the engine has begun it already, only to say so is left. */
static gboolean
joining (const PlayerStep *step)
{
  return player_activity_is_active (step->state->activity);
}

static gboolean
nothing_to_renew (const PlayerStep *step)
{
  return !player_source_is_there (step);
}

static gboolean
untouched (const PlayerStep *step)
{
  return step->state->last_serial == 0;
}

/* It is left from an earlier run, and nothing of it has sounded yet. */
static gboolean
asleep (const PlayerStep *step)
{
  return step->state->current->asleep;
}

static gboolean
not_loaded (const PlayerStep *step)
{
  return step->state->current->asleep && step->state->current->generation == 0;
}

static gboolean
not_seekable (const PlayerStep *step)
{
  return !step->state->current->seekable;
}

static gboolean
by_pause (const PlayerStep *step)
{
  return step->input->event.reason == PLAYER_SILENCED_PAUSED;
}

/* --- Actions -------------------------------------------------------------------------------- */

static void
append_and_start (PlayerStep *step)
{
  player_step_append (step);
  player_step_start_head (step);
}

static void
replace_queue (PlayerStep *step)
{
  player_queue_clear (step->state->queue);
  player_step_append (step);
}

static void
replace_queue_and_start (PlayerStep *step)
{
  replace_queue (step);
  player_step_start_head (step);
}

static void
clear_queue (PlayerStep *step)
{
  player_queue_clear (step->state->queue);
}

static void
clear_and_stop (PlayerStep *step)
{
  player_queue_clear (step->state->queue);
  player_step_stop (step);
}

static void
hold_locally (PlayerStep *step)
{
  player_step_hold (step, PLAYER_HOLD_LOCAL);
}

static void
silence_and_hold_locally (PlayerStep *step)
{
  player_step_silence (step);
  player_step_hold (step, PLAYER_HOLD_LOCAL);
}

static void
let_go (PlayerStep *step)
{
  player_step_hold (step, PLAYER_HOLD_NONE);
}

static void
seek (PlayerStep *step)
{
  PlayerEffect *effect = player_outcome_add_effect (step->outcome, PLAYER_EFFECT_SEEK);
  effect->generation = step->state->current->generation;
  effect->offset_ms = step->input->command->position_ms;
}

/* --- The table ------------------------------------------------------------------------------ */

#define REST PLAYER_PHASE_REST
#define LOADING PLAYER_PHASE_LOADING
#define SOUNDING PLAYER_PHASE_SOUNDING
#define PAUSED PLAYER_PHASE_PAUSED
#define REPLACING PLAYER_PHASE_REPLACING
#define ACTIVE (SOUNDING | PAUSED | REPLACING)
#define BUSY (ACTIVE | LOADING)
#define ANY (BUSY | REST)

#define DONE PLAYER_VERDICT_DONE
#define NO_EFFECT PLAYER_VERDICT_NO_EFFECT
#define NOT_PLAYING PLAYER_VERDICT_NOT_PLAYING

typedef struct
{
  Trigger trigger;
  guint phases;                                   /* in any of these */
  gboolean (*condition) (const PlayerStep *step); /* NULL = always */
  void (*action) (PlayerStep *step);              /* NULL = nothing */
  PlayerVerdict verdict;
} Transition;

/* The first row that fits is taken. An engine event or alarm without a row changes nothing. */
static const Transition transitions[] = {
  { ENQUEUE, ANY, wrong_token, NULL, PLAYER_VERDICT_WRONG_PREVIOUS_TOKEN },
  { ENQUEUE, REST, late, NULL, PLAYER_VERDICT_LATE },
  { ENQUEUE, REST, NULL, append_and_start, DONE },
  { ENQUEUE, BUSY, NULL, player_step_append, DONE },

  { REPLACE_ALL, ANY, NULL, player_step_replace_all, DONE },

  { REPLACE_ENQUEUED, REST, NULL, replace_queue_and_start, DONE },
  { REPLACE_ENQUEUED, BUSY, NULL, replace_queue, DONE },

  { STOP, REST, queue_empty, NULL, NO_EFFECT },
  { STOP, REST, NULL, clear_queue, DONE },
  { STOP, BUSY, NULL, clear_and_stop, DONE },

  { CLEAR_ENQUEUED, ANY, queue_empty, NULL, NO_EFFECT },
  { CLEAR_ENQUEUED, ANY, NULL, clear_queue, DONE },

  { CLEAR_ALL, REST, queue_empty, NULL, NO_EFFECT },
  { CLEAR_ALL, REST, NULL, clear_queue, DONE },
  { CLEAR_ALL, BUSY, NULL, clear_and_stop, DONE },

  { PAUSE, REST, NULL, NULL, NOT_PLAYING },
  { PAUSE, LOADING | PAUSED, held_locally, NULL, NO_EFFECT },
  { PAUSE, LOADING | PAUSED | SOUNDING, NULL, hold_locally, DONE },
  { PAUSE, REPLACING, NULL, silence_and_hold_locally, DONE },

  { RESUME, REST, queue_empty, NULL, NOT_PLAYING },
  { RESUME, REST, NULL, player_step_start_head, DONE },
  { RESUME, PAUSED, not_loaded, player_restore_wake, DONE },
  { RESUME, LOADING | PAUSED, held, let_go, DONE },
  { RESUME, BUSY, NULL, NULL, NO_EFFECT },

  { INTERRUPT, ANY, voice_holds, NULL, NO_EFFECT },
  { INTERRUPT, ANY, NULL, player_voice_interrupt, DONE },

  { DUCK, ANY, voice_there, NULL, NO_EFFECT },
  { DUCK, LOADING, joining, player_voice_duck, DONE },
  { DUCK, LOADING | REPLACING, NULL, player_voice_duck_and_wait, DONE },
  { DUCK, REST | SOUNDING | PAUSED, NULL, player_voice_duck, DONE },

  { VOICE_OVER, ANY, no_voice, NULL, NO_EFFECT },
  { VOICE_OVER, ANY, NULL, player_voice_end, DONE },

  { RENEW, ANY, nothing_to_renew, NULL, NO_EFFECT },
  { RENEW, ANY, NULL, player_source_renew, DONE },

  { SEEK, REST | LOADING | REPLACING, NULL, NULL, NOT_PLAYING },
  { SEEK, SOUNDING | PAUSED, not_seekable, NULL, PLAYER_VERDICT_NOT_SEEKABLE },
  { SEEK, PAUSED, asleep, player_restore_seek, DONE },
  { SEEK, SOUNDING | PAUSED, NULL, seek, DONE },

  { SKIP, ANY, queue_empty, NULL, NO_EFFECT },
  { SKIP, SOUNDING, NULL, player_step_go_to_next, DONE },
  { SKIP, REST | LOADING | PAUSED | REPLACING, NULL, player_step_start_head, DONE },

  { RESTORE, REST, untouched, player_restore, DONE },
  { RESTORE, ANY, NULL, NULL, NO_EFFECT },

  { GRACE_OVER, REPLACING, NULL, player_settle_grace_over, DONE },
  { NEARLY_DUE, ANY, NULL, player_settle_nearly_due, DONE },

  { ON (PENDING, STARTED), LOADING | REPLACING, NULL, player_event_started, DONE },
  { ON (PENDING, READY), LOADING | REPLACING, NULL, player_event_ready, DONE },
  { ON (PENDING, BUFFERED), LOADING | REPLACING, NULL, player_event_buffered, DONE },
  { ON (PENDING, DURATION), LOADING | REPLACING, NULL, player_event_duration, DONE },
  { ON (PENDING, TAGS), LOADING | REPLACING, NULL, player_event_tags, DONE },
  { ON (PENDING, REFUSED), LOADING | REPLACING, NULL, player_source_refused, DONE },
  { ON (PENDING, FAILED), LOADING, NULL, player_event_failed_early, DONE },
  { ON (PENDING, FAILED), REPLACING, NULL, player_event_failed_while_replacing, DONE },

  { ON (CURRENT, SILENCED), SOUNDING, by_pause, player_event_paused, DONE },
  { ON (CURRENT, SILENCED), ACTIVE, NULL, player_event_stopped, DONE },
  { ON (CURRENT, RESUMED), PAUSED, NULL, player_event_resumed, DONE },
  { ON (CURRENT, STARTED), PAUSED, asleep, player_event_woken, DONE },
  { ON (CURRENT, FINISHED), ACTIVE, NULL, player_event_finished, DONE },
  { ON (CURRENT, FAILED), ACTIVE, NULL, player_event_failed, DONE },
  { ON (CURRENT, UNDERRUN), SOUNDING | REPLACING, NULL, player_event_underrun, DONE },
  { ON (CURRENT, REFILLED), SOUNDING | REPLACING, NULL, player_event_refilled, DONE },
  { ON (CURRENT, SEEKED), ACTIVE, NULL, player_event_seeked, DONE },
  { ON (CURRENT, BUFFERED), ACTIVE, NULL, player_event_buffered, DONE },
  { ON (CURRENT, DURATION), ACTIVE, NULL, player_event_duration, DONE },
  { ON (CURRENT, TAGS), ACTIVE, NULL, player_event_tags, DONE },
  { ON (CURRENT, REFUSED), ACTIVE, NULL, player_source_refused, DONE },

  { ON (NEXT, READY), SOUNDING | PAUSED, NULL, player_event_ready, DONE },
  { ON (NEXT, BUFFERED), SOUNDING | PAUSED, NULL, player_event_buffered, DONE },
  { ON (NEXT, DURATION), SOUNDING | PAUSED, NULL, player_event_duration, DONE },
  { ON (NEXT, TAGS), SOUNDING | PAUSED, NULL, player_event_tags, DONE },
  { ON (NEXT, REFUSED), SOUNDING | PAUSED, NULL, player_source_refused, DONE },
  { ON (NEXT, FAILED), SOUNDING | PAUSED, NULL, player_event_next_failed, DONE },
};

/* --- Its reader ----------------------------------------------------------------------------- */

static Trigger
trigger_of_command (const PlayerCommand *command)
{
  static const Trigger by_behavior[] = {
    [PLAYER_PLAY_ENQUEUE] = ENQUEUE,
    [PLAYER_PLAY_REPLACE_ALL] = REPLACE_ALL,
    [PLAYER_PLAY_REPLACE_ENQUEUED] = REPLACE_ENQUEUED,
  };
  static const Trigger by_type[] = {
    [PLAYER_COMMAND_STOP] = STOP,
    [PLAYER_COMMAND_PAUSE] = PAUSE,
    [PLAYER_COMMAND_RESUME] = RESUME,
    [PLAYER_COMMAND_SEEK] = SEEK,
    [PLAYER_COMMAND_SKIP] = SKIP,
    [PLAYER_COMMAND_INTERRUPT] = INTERRUPT,
    [PLAYER_COMMAND_INTERRUPT_END] = VOICE_OVER,
    [PLAYER_COMMAND_DUCK] = DUCK,
    [PLAYER_COMMAND_DUCK_END] = VOICE_OVER,
    [PLAYER_COMMAND_RENEW] = RENEW,
    [PLAYER_COMMAND_RESTORE] = RESTORE,
  };

  if (command->type == PLAYER_COMMAND_PLAY)
    return by_behavior[command->play_behavior];
  if (command->type == PLAYER_COMMAND_CLEAR_QUEUE)
    return command->clear_behavior == PLAYER_CLEAR_ALL ? CLEAR_ALL : CLEAR_ENQUEUED;
  return by_type[command->type];
}

/* The one place where events about a generation that is over are dropped. */
static Trigger
trigger_of_event (PlayerStep *step)
{
  PlayerState *state = step->state;
  guint64 generation = step->input->event.generation;
  PlayerEngineEventType type = step->input->event.type;

  if (player_state_is_alive (state) && state->current->generation == generation)
    {
      step->track = state->current;
      return CURRENT | type;
    }
  if (state->pending != NULL && state->pending->failure == NULL
      && state->pending->generation == generation)
    {
      step->track = state->pending;
      return PENDING | type;
    }
  if (state->next != NULL && state->next->generation == generation)
    {
      step->track = state->next;
      return NEXT | type;
    }
  return STALE;
}

static Trigger
trigger_of (PlayerStep *step)
{
  switch (step->input->type)
    {
    case PLAYER_INPUT_COMMAND:
      return trigger_of_command (step->input->command);
    case PLAYER_INPUT_EVENT:
      return trigger_of_event (step);
    case PLAYER_INPUT_ALARM:
    default:
      return step->input->alarm == PLAYER_ALARM_GRACE ? GRACE_OVER : NEARLY_DUE;
    }
}

/* What passed by itself since the last step. */
static void
catch_up (PlayerState *state, const PlayerInput *input, Trigger trigger)
{
  gboolean alive = player_state_is_alive (state);
  gboolean passes_by = trigger == DUCK || trigger == VOICE_OVER || trigger == RENEW;

  if (alive && state->activity != PLAYER_ACTIVITY_PAUSED && input->position_us >= 0)
    state->current->offset_us = player_track_get_position (state->current, input->position_us);
  /* a command that comes between the two halves of a joint finds the first half finished */
  if (!alive && input->type == PLAYER_INPUT_COMMAND && !passes_by
      && player_activity_is_active (state->activity))
    state->activity = PLAYER_ACTIVITY_FINISHED;
}

void
player_activity_step (PlayerState *state, const PlayerInput *input, PlayerOutcome *outcome)
{
  PlayerStep step = { .state = state, .input = input, .outcome = outcome };
  Trigger trigger = trigger_of (&step);

  outcome->verdict = PLAYER_VERDICT_NO_EFFECT;
  if (trigger == STALE)
    return;
  catch_up (state, input, trigger);

  PlayerPhase phase = player_state_get_phase (state);
  for (guint i = 0; i < G_N_ELEMENTS (transitions); i++)
    {
      const Transition *row = &transitions[i];
      if (row->trigger != trigger || (row->phases & phase) == 0)
        continue;
      if (row->condition != NULL && !row->condition (&step))
        continue;
      outcome->verdict = row->verdict;
      if (row->action != NULL)
        row->action (&step);
      break;
    }
  player_settle_step (&step);
}

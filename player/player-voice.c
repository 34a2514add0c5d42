/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/player-voice.h"

static void
set_voice (PlayerStep *self, PlayerVoice voice)
{
  gboolean was_ducked = self->state->voice == PLAYER_VOICE_DUCKS;
  gboolean is_ducked = voice == PLAYER_VOICE_DUCKS;

  self->state->voice = voice;
  if (was_ducked != is_ducked)
    player_outcome_add_effect (self->outcome,
                               is_ducked ? PLAYER_EFFECT_DUCK : PLAYER_EFFECT_UNDUCK);
}

/* What nobody holds is held from now on until the end of the interaction. */
static void
hold (PlayerStep *self)
{
  PlayerState *state = self->state;

  if (player_state_get_phase (state) == PLAYER_PHASE_REPLACING)
    player_step_silence (self);
  if (player_state_get_phase (state) != PLAYER_PHASE_REST && state->hold == PLAYER_HOLD_NONE)
    player_step_hold (self, PLAYER_HOLD_VOICE);
}

void
player_voice_interrupt (PlayerStep *self)
{
  set_voice (self, PLAYER_VOICE_INTERRUPTS);
  hold (self);
}

void
player_voice_duck (PlayerStep *self)
{
  set_voice (self, PLAYER_VOICE_DUCKS);
}

void
player_voice_duck_and_wait (PlayerStep *self)
{
  set_voice (self, PLAYER_VOICE_DUCKS);
  hold (self);
}

void
player_voice_end (PlayerStep *self)
{
  set_voice (self, PLAYER_VOICE_NONE);
  if (self->state->hold == PLAYER_HOLD_VOICE)
    player_step_hold (self, PLAYER_HOLD_NONE);
}

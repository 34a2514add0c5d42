/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/player-effect.h"

void
player_effect_free (PlayerEffect *self)
{
  g_clear_pointer (&self->item, player_item_unref);
  g_free (self);
}

PlayerOutcome *
player_outcome_new (void)
{
  PlayerOutcome *self = g_new0 (PlayerOutcome, 1);
  self->verdict = PLAYER_VERDICT_DONE;
  self->effects = g_ptr_array_new_with_free_func ((GDestroyNotify)player_effect_free);
  self->reports = g_ptr_array_new_with_free_func ((GDestroyNotify)player_report_unref);
  self->seeked_us = -1;
  return self;
}

void
player_outcome_free (PlayerOutcome *self)
{
  g_ptr_array_unref (self->effects);
  g_ptr_array_unref (self->reports);
  g_free (self->refused_message);
  g_free (self);
}

PlayerEffect *
player_outcome_add_effect (PlayerOutcome *self, PlayerEffectType type)
{
  PlayerEffect *effect = g_new0 (PlayerEffect, 1);
  effect->type = type;
  g_ptr_array_add (self->effects, effect);
  return effect;
}

void
player_outcome_add_report (PlayerOutcome *self, PlayerReport *report)
{
  g_ptr_array_add (self->reports, report);
}

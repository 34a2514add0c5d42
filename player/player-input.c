/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/player-input.h"

static PlayerInput *
input_new (PlayerInputType type)
{
  PlayerInput *self = g_new0 (PlayerInput, 1);
  self->type = type;
  self->position_us = -1;
  return self;
}

PlayerInput *
player_input_new_command (PlayerCommand *command)
{
  PlayerInput *self = input_new (PLAYER_INPUT_COMMAND);
  self->command = player_command_ref (command);
  return self;
}

PlayerInput *
player_input_new_event (const PlayerEngineEvent *event)
{
  PlayerInput *self = input_new (PLAYER_INPUT_EVENT);
  self->event = *event;
  if (event->offset_us == 0)
    self->event.offset_us = event->offset_ms * 1000;
  self->event.error_message = g_strdup (event->error_message);
  if (event->metadata != NULL)
    player_metadata_ref (event->metadata);
  return self;
}

PlayerInput *
player_input_new_alarm (PlayerAlarm alarm)
{
  PlayerInput *self = input_new (PLAYER_INPUT_ALARM);
  self->alarm = alarm;
  return self;
}

void
player_input_free (PlayerInput *self)
{
  g_clear_pointer (&self->command, player_command_unref);
  g_clear_pointer (&self->event.metadata, player_metadata_unref);
  g_free ((char *)self->event.error_message);
  g_free (self);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player-engine.h"

G_BEGIN_DECLS

/**
 * PlayerAlarm:
 * @PLAYER_ALARM_GRACE: the new stream has had its time to be decoded while the old one sounds on
 * @PLAYER_ALARM_NEARLY: the current stream should be near its end
 */
typedef enum
{
  PLAYER_ALARM_GRACE,
  PLAYER_ALARM_NEARLY,
  PLAYER_N_ALARMS,
} PlayerAlarm;

typedef enum
{
  PLAYER_INPUT_COMMAND,
  PLAYER_INPUT_EVENT,
  PLAYER_INPUT_ALARM,
} PlayerInputType;

/**
 * PlayerInput:
 * @type: which of the next three it is
 * @command: COMMAND
 * @event: EVENT; the strings and objects in it are owned
 * @alarm: ALARM
 * @position_us: the position of the current stream that is heard now, -1 if unknown
 *
 * Everything the decision core is ever fed.
 */
typedef struct
{
  PlayerInputType type;
  PlayerCommand *command; /* (owned) (nullable) */
  PlayerEngineEvent event;
  PlayerAlarm alarm;
  gint64 position_us;
} PlayerInput;

PlayerInput *player_input_new_command (PlayerCommand *command);
PlayerInput *player_input_new_event (const PlayerEngineEvent *event);
PlayerInput *player_input_new_alarm (PlayerAlarm alarm);
void player_input_free (PlayerInput *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerInput, player_input_free)

G_END_DECLS

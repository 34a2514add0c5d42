/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player/player-step.h"

G_BEGIN_DECLS

/**
 * SECTION:player-voice
 *
 * The moves when somebody begins to speak with a skill, and is done. See #PlayerVoice for the two
 * models. That what starts meanwhile waits is done where it is loaded (player-step.c).
 */

/* What sounds is paused. */
void player_voice_interrupt (PlayerStep *self);
/* What sounds is softer from now on. */
void player_voice_duck (PlayerStep *self);
/* As above; but what is on its way, so that it does not sound yet, waits. */
void player_voice_duck_and_wait (PlayerStep *self);
/* What has waited starts, or goes on; all is loud again. */
void player_voice_end (PlayerStep *self);

G_END_DECLS

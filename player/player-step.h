/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player-effect.h"
#include "player-input.h"
#include "player-state.h"

G_BEGIN_DECLS

/**
 * PlayerStep:
 * @state: what is known; changed in place
 * @input: what came in
 * @track: (nullable): the track an engine event is about
 * @outcome: what results
 * @rearm: the position has left its line: the alarm before the end has to be set anew
 *
 * One step of the decision core while it is made. The functions below are the moves that commands
 * are made of, each of which keeps state and effects in accord; those on what the engine tells are in
 * player-event.h, those of speech in player-voice.h, and what follows from the state alone is in
 * player-settle.h. Which move is made when is the business of player-activity.c.
 */
typedef struct
{
  PlayerState *state;
  const PlayerInput *input;
  PlayerTrack *track;
  PlayerOutcome *outcome;
  gboolean rearm;
} PlayerStep;

/* A new entry for the item of the command, at the end of the queue. */
void player_step_append (PlayerStep *self);
/* Opens the head of the queue as the stream to start, in place of one that has not started yet. */
void player_step_start_head (PlayerStep *self);
/* Empties the queue and opens the item of the command; what sounds goes on until it is there. */
void player_step_replace_all (PlayerStep *self);
/* Ends what sounds and lets the head of the queue take over. */
void player_step_go_to_next (PlayerStep *self);
/* Stops whatever is under way. The queue stays. */
void player_step_stop (PlayerStep *self);
/* Ends what sounds; what waits for its place stays. */
void player_step_silence (PlayerStep *self);
/* Suspends what is under way, or lets it go on (%PLAYER_HOLD_NONE). */
void player_step_hold (PlayerStep *self, PlayerHold hold);
/* Nothing sounds any more: the stream loaded ahead becomes the one to start. The engine joins it on
 * by itself. */
void player_step_take_turn (PlayerStep *self);

/* Opens @track as a new load. */
void player_step_load (PlayerStep *self, PlayerTrack *track, PlayerLoadMode mode);
/* Reports @type about the current track at @offset_us. */
void player_step_report (PlayerStep *self, PlayerReportType type, gint64 offset_us);
/* Reports that @track has failed, in the state of now. */
void player_step_report_failed (PlayerStep *self,
                                PlayerTrack *track,
                                PlayerErrorType type,
                                const char *message);

G_END_DECLS

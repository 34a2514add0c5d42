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
 * One step of the decision core while it is made. The functions below are the moves it is made of:
 * each keeps state and effects in accord. Which move is made when is the business of
 * player-activity.c.
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
/* Somebody begins to speak, or is done. What is under way is ducked or not; nothing is held. */
void player_step_set_voice (PlayerStep *self, PlayerVoice voice);

/* The pending track has started: it is the current one now. */
void player_step_started (PlayerStep *self);
/* The current track has come to its end; the next one takes its turn. */
void player_step_finished (PlayerStep *self);
/* The current track is over, by a stop or replacement, at @offset_ms. */
void player_step_stopped (PlayerStep *self, gint64 offset_ms);
/* The current track has been suspended at the offset of the event. */
void player_step_paused (PlayerStep *self);
/* The current track goes on after a pause, at the offset of the event. */
void player_step_resumed (PlayerStep *self);
/* The current track has broken. */
void player_step_failed (PlayerStep *self);
/* Reports @type about the current track at @offset_ms. */
void player_step_report (PlayerStep *self, PlayerReportType type, gint64 offset_ms);

/* To be called once at the end of each step: what follows from the state alone. */
void player_step_settle (PlayerStep *self);

G_END_DECLS

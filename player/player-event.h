/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player/player-step.h"

G_BEGIN_DECLS

/**
 * SECTION:player-event
 *
 * The moves on what the engine tells, as far as it tells something new of a track. Which event of
 * which track is which move is the business of player-activity.c.
 */

/* The pending track has started: it is the current one now. */
void player_event_started (PlayerStep *self);
/* The current track is over, by a stop or replacement. */
void player_event_stopped (PlayerStep *self);
/* The current track has been suspended. */
void player_event_paused (PlayerStep *self);
/* The current track goes on after a pause. */
void player_event_resumed (PlayerStep *self);
/* The current track, which was left from an earlier run, sounds. */
void player_event_woken (PlayerStep *self);
/* The current track has come to its end; the next one takes its turn. */
void player_event_finished (PlayerStep *self);
/* The current track has run dry, or samples flow again. */
void player_event_underrun (PlayerStep *self);
void player_event_refilled (PlayerStep *self);
/* The current track is somewhere else now. */
void player_event_seeked (PlayerStep *self);

/* The current track has broken. */
void player_event_failed (PlayerStep *self);
/* The pending track will never start; it says so when nothing sounds any more. */
void player_event_failed_early (PlayerStep *self);
/* As above; what sounds until the pending track is there is ended. */
void player_event_failed_while_replacing (PlayerStep *self);
/* The next track will never start. The one that plays is not disturbed: the failure waits in the
 * queue for its turn. */
void player_event_next_failed (PlayerStep *self);

/* What has become known of any track. */
void player_event_ready (PlayerStep *self);
void player_event_buffered (PlayerStep *self);
void player_event_duration (PlayerStep *self);
void player_event_tags (PlayerStep *self);

G_END_DECLS

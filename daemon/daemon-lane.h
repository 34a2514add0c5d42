/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-errand.h"
#include "player/player-clock.h"

G_BEGIN_DECLS

/* So many interactive errands may wait. */
#define DAEMON_LANE_MAX_INTERACTIVE 64
/* So many reports may wait; see daemon_lane_drop_excess(). */
#define DAEMON_LANE_MAX_REPORTS 1000

/**
 * DaemonLane:
 *
 * The one queue to one skill: first in, first out, one errand in flight. It leaves from the main
 * loop, never from inside the call that pushed it, so what it tells is settled by then.
 *
 * When a report is to be sent again, it keeps its place at the head, and all reports wait behind
 * it, 1 s at first, doubling to 60 s, each time drawn from 2/3 to 3/2 of that. Urgent errands (see
 * daemon_errand_is_urgent()) do not wait with them: they go ahead, each with its own success or
 * failure. As soon as one of them is answered the skill is back, and the reports go on at once.
 *
 * While reports are held, none leaves; urgent errands do.
 */
typedef struct _DaemonLane DaemonLane;

/* Sends @errand; daemon_lane_settle() has to follow. */
typedef void (*DaemonLaneSend) (DaemonErrand *errand, gpointer user_data);

/**
 * DaemonLaneOutcome:
 * @DAEMON_LANE_ANSWERED: over, and the skill is there
 * @DAEMON_LANE_GIVEN_UP: over, without an answer
 * @DAEMON_LANE_AGAIN: to be sent once more, later
 * @DAEMON_LANE_POSTPONED: not sent: it is the next again, behind what is pushed before it now
 */
typedef enum
{
  DAEMON_LANE_ANSWERED,
  DAEMON_LANE_GIVEN_UP,
  DAEMON_LANE_AGAIN,
  DAEMON_LANE_POSTPONED,
} DaemonLaneOutcome;

DaemonLane *daemon_lane_new (PlayerClock *clock, DaemonLaneSend send, gpointer user_data);
void daemon_lane_free (DaemonLane *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonLane, daemon_lane_free)

/* (transfer none) @errand goes to the end. Returns: FALSE if too many interactive ones wait. */
gboolean daemon_lane_push (DaemonLane *self, DaemonErrand *errand);

/* (transfer none) @errand goes before all others. */
void daemon_lane_push_next (DaemonLane *self, DaemonErrand *errand);

/* @held: reports wait, for the clock is not set, and what they say about the time would be refused. */
void daemon_lane_hold_reports (DaemonLane *self, gboolean held);

/* Something has changed that may have been the reason: reports that wait for another attempt make it
 * within a second, and the waits begin anew with the shortest. */
void daemon_lane_hurry (DaemonLane *self);

/* What became of the errand in flight. */
void daemon_lane_settle (DaemonLane *self, DaemonLaneOutcome outcome);

/**
 * daemon_lane_drop_excess:
 *
 * Takes one report out if too many wait. What only says how far something got goes first: the
 * oldest NearlyFinished, then the oldest PlaybackStarted behind which a later report of the same stream
 * waits, which implies it; then the oldest of all.
 *
 * Returns: (transfer full) (nullable): it, or %NULL if there are not too many
 */
DaemonErrand *daemon_lane_drop_excess (DaemonLane *self);

/* How many errands have been answered. */
guint daemon_lane_get_n_answers (DaemonLane *self);

/* (transfer full) (nullable): the next waiting errand, taken out; to empty the lane. */
DaemonErrand *daemon_lane_take (DaemonLane *self);

/* (transfer full) (nullable): the next waiting Launch or Intent, taken out. */
DaemonErrand *daemon_lane_take_voice (DaemonLane *self);

/* (transfer none) (nullable) */
DaemonErrand *daemon_lane_get_in_flight (DaemonLane *self);

/* Whether a Launch or Intent waits behind the errand in flight. */
gboolean daemon_lane_has_waiting_voice (DaemonLane *self);

/* Nothing in flight, and nothing that could leave now. */
gboolean daemon_lane_is_idle (DaemonLane *self);

G_END_DECLS

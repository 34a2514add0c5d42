/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player-progress.h"
#include "player-queue.h"

G_BEGIN_DECLS

/**
 * PlayerTrack:
 * @serial: of the queue entry it was made from
 * @generation: of its load; 0 while it has none
 * @item: what is played
 * @ready: opened and decoded
 * @buffered: the source has been read to its end
 * @over: has ended, in whatever way; what is left of it is its last position
 * @stopped: somebody has stopped or replaced it, or what was to follow it
 * @nearly_sent: PlaybackNearlyFinished has been reported
 * @asleep: it is left from an earlier run, and nothing of it has sounded in this one: paused, and loaded
 *   only if @generation is not 0
 * @offset_us: last known position; until it sounds: where it is to begin
 * @from_us: where it started, resumed or was sought to last
 * @duration_ms: length, -1 while unknown or live
 * @seekable: whether it can be sought
 * @tags: (nullable): metadata found in the stream
 * @failure: (nullable): it has failed, but its turn to say so has not come
 *
 * One play of one item.
 */
typedef struct
{
  guint64 serial;
  guint64 generation;
  PlayerItem *item; /* (owned) */
  gboolean ready;
  gboolean buffered;
  gboolean over;
  gboolean stopped;
  gboolean nearly_sent;
  gboolean asleep;
  gint64 offset_us;
  gint64 from_us;
  gint64 duration_ms;
  gboolean seekable;
  PlayerMetadata *tags;   /* (owned) (nullable) */
  PlayerFailure *failure; /* (owned) (nullable) */
} PlayerTrack;

PlayerTrack *player_track_new (guint64 serial, PlayerItem *item);
void player_track_free (PlayerTrack *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerTrack, player_track_free)

/**
 * PlayerHold:
 *
 * Who keeps the player from sounding.
 */
typedef enum
{
  PLAYER_HOLD_NONE,
  PLAYER_HOLD_LOCAL, /* PAUSE */
  PLAYER_HOLD_VOICE, /* somebody speaks: the end of it lets go */
} PlayerHold;

/**
 * PlayerVoice:
 * @PLAYER_VOICE_NONE: nobody speaks
 * @PLAYER_VOICE_INTERRUPTS: somebody does; what sounded is paused
 * @PLAYER_VOICE_DUCKS: somebody does; what sounds is softer
 *
 * In both models nothing new begins to sound before it is over: speech comes first.
 */
typedef enum
{
  PLAYER_VOICE_NONE,
  PLAYER_VOICE_INTERRUPTS,
  PLAYER_VOICE_DUCKS,
} PlayerVoice;

/**
 * PlayerPhase:
 * @PLAYER_PHASE_REST: nothing is under way
 * @PLAYER_PHASE_LOADING: nothing sounds, a stream is on its way
 * @PLAYER_PHASE_SOUNDING: the current stream sounds or has run dry
 * @PLAYER_PHASE_PAUSED: the current stream is suspended
 * @PLAYER_PHASE_REPLACING: the current stream sounds on until the one that takes its place is there
 *
 * What the decisions depend on. It follows from the state; what the world is told is the activity.
 */
typedef enum
{
  PLAYER_PHASE_REST = 1 << 0,
  PLAYER_PHASE_LOADING = 1 << 1,
  PLAYER_PHASE_SOUNDING = 1 << 2,
  PLAYER_PHASE_PAUSED = 1 << 3,
  PLAYER_PHASE_REPLACING = 1 << 4,
} PlayerPhase;

/**
 * PlayerState:
 * @policy: when "nearly finished" is said
 * @activity: what the world is told
 * @queue: what waits
 * @current: (nullable): what is played, or what was played last
 * @pending: (nullable): loaded to become @current as soon as it is decoded
 * @next: (nullable): the head of the queue, loaded ahead; its entry is still in the queue
 * @failed_token: (nullable): of the stream that failed, if nothing has started or stopped since
 * @hold: who keeps it from sounding
 * @voice: whether somebody speaks
 * @engine_paused: the engine was told to pause, and nothing since
 * @ending: @current has been told to end and owes its last event
 * @grace_armed: %PLAYER_ALARM_GRACE is set
 * @nearly_armed: %PLAYER_ALARM_NEARLY is set
 * @last_serial: the last one given
 * @last_generation: the last one given
 *
 * All the decision core knows.
 */
typedef struct
{
  PlayerNearlyFinished policy;
  PlayerActivity activity;
  PlayerQueue *queue;   /* (owned) */
  PlayerTrack *current; /* (owned) (nullable) */
  PlayerTrack *pending; /* (owned) (nullable) */
  PlayerTrack *next;    /* (owned) (nullable) */
  char *failed_token;   /* (owned) (nullable) */
  PlayerHold hold;
  PlayerVoice voice;
  gboolean engine_paused;
  gboolean ending;
  gboolean grace_armed;
  gboolean nearly_armed;
  guint64 last_serial;
  guint64 last_generation;
} PlayerState;

PlayerState *player_state_new (PlayerNearlyFinished policy);
void player_state_free (PlayerState *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerState, player_state_free)

/* Whether there is a current stream that has not ended. */
gboolean player_state_is_alive (const PlayerState *self);
/* What is heard lags behind what was told when it started, resumed or was sought: @heard_us of
 * @track, but not before that. */
gint64 player_track_get_position (const PlayerTrack *track, gint64 heard_us);
PlayerPhase player_state_get_phase (const PlayerState *self);
/* (nullable) (transfer none): token of the stream an ENQUEUE would follow: the last one queued,
 * else the one about to start, else the current or most recent one. */
const char *player_state_get_last_token (const PlayerState *self);

G_END_DECLS

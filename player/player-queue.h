/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player-types.h"

G_BEGIN_DECLS

/**
 * PlayerFailure:
 * @type: what went wrong
 * @message: (nullable): in one line
 *
 * A failure that waits to be told until the turn of its stream has come.
 */
typedef struct
{
  PlayerErrorType type;
  char *message; /* (owned) (nullable) */
} PlayerFailure;

PlayerFailure *player_failure_new (PlayerErrorType type, const char *message);
void player_failure_free (PlayerFailure *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerFailure, player_failure_free)

/**
 * PlayerQueueEntry:
 * @serial: its identity; a new one for each accepted Play, never 0. Tokens repeat, serials do not.
 * @item: what to play
 * @failure: (nullable): it has failed already while it was prepared
 */
typedef struct
{
  guint64 serial;
  PlayerItem *item;       /* (owned) */
  PlayerFailure *failure; /* (owned) (nullable) */
} PlayerQueueEntry;

void player_queue_entry_free (PlayerQueueEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerQueueEntry, player_queue_entry_free)

/**
 * PlayerQueue:
 *
 * What waits to be played, in order. Plain data: it starts nothing and tells nobody.
 */
typedef struct _PlayerQueue PlayerQueue;

PlayerQueue *player_queue_new (void);
void player_queue_free (PlayerQueue *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerQueue, player_queue_free)

/* Takes a reference on @item. */
void player_queue_append (PlayerQueue *self, guint64 serial, PlayerItem *item);
/* (transfer full) (nullable) */
PlayerQueueEntry *player_queue_pop (PlayerQueue *self);
/* Returns how many entries went. */
guint player_queue_clear (PlayerQueue *self);
/* Keeps @failure (transfer full) with the entry @serial; freed at once if there is none such. */
void player_queue_hold_failure (PlayerQueue *self, guint64 serial, PlayerFailure *failure);
/* The entry @serial, if there is one, is @item now; a failure that waited with it is forgotten. */
void player_queue_replace_item (PlayerQueue *self, guint64 serial, PlayerItem *item);

/* (transfer none) (nullable): first, last, @index-th */
const PlayerQueueEntry *player_queue_peek_head (PlayerQueue *self);
const PlayerQueueEntry *player_queue_peek_tail (PlayerQueue *self);
const PlayerQueueEntry *player_queue_peek_nth (PlayerQueue *self, guint index);
/* (nullable): the entry @serial */
const PlayerQueueEntry *player_queue_peek_serial (PlayerQueue *self, guint64 serial);
guint player_queue_get_length (PlayerQueue *self);
/* Differs whenever entries have come, gone or changed. */
guint64 player_queue_get_version (PlayerQueue *self);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-music-expiry.h"
#include "daemon-store.h"
#include "player/player-types.h"

G_BEGIN_DECLS

/**
 * DaemonMemoryState:
 * @player: as it was; items of music services are left out: their queue has a memory of its own
 * @music: what sounded, was paused or about to sound was of a music service; @player says whether it
 *   was held
 * @resumes: so often in a row it has gone on after a restart, and the daemon has ended before it had
 *   sounded for a while
 * @last_skill: (nullable): the skill whose stream has started last
 *
 * What is kept of the player over a restart.
 */
typedef struct
{
  PlayerSnapshot *player; /* (owned) */
  gboolean music;
  guint resumes;
  char *last_skill; /* (owned) (nullable) */
} DaemonMemoryState;

DaemonMemoryState *daemon_memory_state_new (PlayerSnapshot *player);
void daemon_memory_state_free (DaemonMemoryState *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonMemoryState, daemon_memory_state_free)

/**
 * DaemonMemoryPlayer:
 *
 * The player over a restart, in two tables of the #DaemonStore: a row for each item that is current or
 * waits, and one row for the rest. Only rows that have changed are written. URLs, headers and
 * tokens may be secret: they are in that file and nowhere else.
 */
typedef struct _DaemonMemoryPlayer DaemonMemoryPlayer;

DaemonMemoryPlayer *daemon_memory_player_new (DaemonStore *store);
void daemon_memory_player_free (DaemonMemoryPlayer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonMemoryPlayer, daemon_memory_player_free)

/**
 * daemon_memory_player_save:
 * @state: in place of what was kept
 * @now: of the player's clock
 *
 * Writes what has changed. What could not be written is written by the next call.
 */
void daemon_memory_player_save (DaemonMemoryPlayer *self,
                                const DaemonMemoryState *state,
                                const DaemonMusicMoment *now);

/* What plays is at @offset_us by now; nothing else has changed. */
void daemon_memory_player_note_offset (DaemonMemoryPlayer *self, gint64 offset_us);

/* What has been written may not be there, nor the tables: the next save writes all. */
void daemon_memory_player_doubt (DaemonMemoryPlayer *self);

/* (transfer full): as it was saved; an idle one with volume 1.0 where nothing was. Rows that cannot be
 * read are dropped, each with a message. */
DaemonMemoryState *daemon_memory_player_load (DaemonMemoryPlayer *self,
                                              const DaemonMusicMoment *now);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-music-expiry.h"
#include "daemon-music-session.h"
#include "daemon-store.h"

G_BEGIN_DECLS

/**
 * DaemonMusicMemory:
 *
 * The queue of a music service over a restart, in two tables of the #DaemonStore: what changes with an
 * item, and the place in it, which changes all the time. What is saved is there after a power cut. Where
 * nothing can be stored, the queue in memory goes on.
 */
typedef struct _DaemonMusicMemory DaemonMusicMemory;

DaemonMusicMemory *daemon_music_memory_new (DaemonStore *store);
void daemon_music_memory_free (DaemonMusicMemory *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonMusicMemory, daemon_music_memory_free)

/* Keeps @session in place of what was kept; %NULL: nothing. Writes only what has changed. */
void daemon_music_memory_save (DaemonMusicMemory *self,
                               const DaemonMusicSession *session,
                               const DaemonMusicMoment *now);
/* The same where what was kept may be gone: the store has asked for it ("rewrite"). */
void daemon_music_memory_rewrite (DaemonMusicMemory *self,
                                  const DaemonMusicSession *session,
                                  const DaemonMusicMoment *now);
/* What plays is at @offset_ms by now. */
void daemon_music_memory_note_offset (DaemonMusicMemory *self, gint64 offset_ms, gint64 wall_us);
/* (transfer full) (nullable): as it was saved, at rest; nothing waits behind the current item. What
 * cannot be read is forgotten. */
DaemonMusicSession *daemon_music_memory_load (DaemonMusicMemory *self,
                                              const DaemonMusicMoment *now);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-music-account.h"
#include "daemon-music-standing.h"

G_BEGIN_DECLS

/* So many events may wait; the oldest goes for one more. */
#define DAEMON_MUSIC_TELLER_MAX 64

/**
 * DaemonMusicTeller:
 *
 * Tells a music service what playback did: in order, one after another, each up to three times. A
 * service that does not want to know (INVALID_DIRECTIVE) is told nothing more.
 */
typedef struct _DaemonMusicTeller DaemonMusicTeller;

/* @standing: borrowed, and looked at only */
DaemonMusicTeller *daemon_music_teller_new (DaemonMusicAccount *account,
                                            const DaemonMusicStanding *standing);
void daemon_music_teller_free (DaemonMusicTeller *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonMusicTeller, daemon_music_teller_free)

/* @event is referred to; it happened now. */
void daemon_music_teller_push (DaemonMusicTeller *self, AlexaMusicEvent *event);

/* The network or the clock has changed: what waits for another attempt makes it now, unless the service
 * wants to be left alone. */
void daemon_music_teller_hurry (DaemonMusicTeller *self);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "alexa/alexa-music-item.h"
#include "player/player-clock.h"

G_BEGIN_DECLS

/**
 * DaemonMusicMoment:
 * @monotonic_us: of the player's clock
 * @wall_us: Unix time of this machine, which may be wrong
 * @date_us: Unix time that a server's Date header told at that moment; 0 if it told none
 *
 * One moment, as everybody's clock has it.
 */
typedef struct
{
  gint64 monotonic_us;
  gint64 wall_us;
  gint64 date_us;
} DaemonMusicMoment;

/* Now; @date_us: of an answer that has just come, or 0. */
DaemonMusicMoment daemon_music_moment_now (PlayerClock *clock, gint64 date_us);

/**
 * daemon_music_expiry_get_deadline:
 * @stream: as an answer had it
 * @received: when that came
 * @stale: (out) (optional): it was past already: to be used at once, once, and not to be kept
 *
 * Until when playback may be started with the URL of @stream (Music Skill API Reference, Stream
 * object, validUntil). That is the service's time: where its Date header differs from our clock by
 * more than a minute, or our clock has not been set, the header decides. A deadline is taken 5 s
 * early, of a short life a quarter. Without one, or with one that cannot be read or compared with any
 * clock, it is a minute.
 *
 * Returns: monotonic µs; never before @received, and never 0
 */
gint64 daemon_music_expiry_get_deadline (const AlexaMusicStream *stream,
                                         const DaemonMusicMoment *received,
                                         gboolean *stale);

/* A deadline as Unix time in µs, to be kept over a restart; 0 if this machine's clock is not set. */
gint64 daemon_music_expiry_to_wall (gint64 deadline_us, const DaemonMusicMoment *now);
/* Back; what was kept as 0, and where the clock is not set (any more), is past: monotonic µs, never
 * 0. */
gint64 daemon_music_expiry_from_wall (gint64 wall_us, const DaemonMusicMoment *now);

G_END_DECLS

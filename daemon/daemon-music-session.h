/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "alexa/alexa-music.h"
#include "player/player-types.h"

G_BEGIN_DECLS

/**
 * SECTION:daemon-music-session
 *
 * The queue of a music service as plain data, and its rules (Music Skill API Reference): which item
 * plays, which one waits, what is allowed, what has expired, when the next one is due. Asks nobody
 * and starts nothing. Times called `now_us` are of the monotonic clock, those called `wall_us` Unix
 * time.
 */

/**
 * DaemonMusicTrack:
 * @origin: "music:NAME"
 * @reference: names the item to its service
 * @item: as the service has it, with a stream; another one with each renewal
 * @token: what the player knows it by; never given twice
 * @deadline_us: monotonic: from then on its URL must not be opened any more; G_MAXINT64: there is no
 *   other way than to try
 * @sounded: it has begun to
 * @refused: its URL has been refused and renewed, and has not played for a while since
 * @asked_us: when it was renewed, or was to be, the last time; 0: never
 * @cause: (nullable): why it ended, for the service; a static string
 * @rating: (nullable): what the user has thought of it since @item came; a static string
 *
 * One queueing of one item.
 */
typedef struct
{
  char *origin;                   /* (owned) */
  AlexaMusicReference *reference; /* (owned) */
  AlexaMusicItem *item;           /* (owned) */
  char *token;                    /* (owned) */
  gint64 deadline_us;
  gboolean sounded;
  gboolean refused;
  gint64 asked_us;
  const char *cause;
  const char *rating;
} DaemonMusicTrack;

/* @number: makes its token unlike that of all others of the same item. @item: with a stream. */
DaemonMusicTrack *daemon_music_track_new (const char *origin,
                                          const AlexaMusicReference *reference,
                                          AlexaMusicItem *item,
                                          gint64 deadline_us,
                                          guint64 number);
void daemon_music_track_free (DaemonMusicTrack *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonMusicTrack, daemon_music_track_free)

/* The same item, as the service has it now. */
void daemon_music_track_renew (DaemonMusicTrack *self, AlexaMusicItem *item, gint64 deadline_us);
void daemon_music_track_rate (DaemonMusicTrack *self, gboolean positive);
gboolean daemon_music_track_is_expired (const DaemonMusicTrack *self, gint64 now_us);
/* (transfer full): for the player, from @offset_ms on. */
PlayerItem *daemon_music_track_make_item (const DaemonMusicTrack *self, gint64 offset_ms);

/* So many items in a row that cannot be played are enough. */
#define DAEMON_MUSIC_MAX_FAILURES 3

/**
 * DaemonMusicSession:
 * @service: its name in the configuration
 * @controls: of the queue, with the modes that it is in now
 * @current: what plays, or is to play when it goes on
 * @next: (nullable): what has been queued behind it
 * @past: (nullable): what sounded before and may owe its last report
 * @finished: the service has said that nothing comes after @current
 * @over: @current has come to its end, and nothing has followed it
 * @nearly: the player can take the next item
 * @started_us: when @current has begun to sound, or to sound on; 0: it does not
 * @offset_ms: where @current goes on
 * @rest_since_us: Unix time since when nothing of it sounds; 0: it sounds
 * @skips_from_us: Unix time: until then the user may not skip; 0: may
 * @failures: items in a row that could not be played
 *
 * The one queue that is played or remembered.
 */
typedef struct
{
  char *service;    /* (owned) */
  char *queue_id;   /* (owned) */
  char *content_id; /* (owned) */
  AlexaMusicControls controls;
  gboolean feedback_enabled;
  DaemonMusicTrack *current; /* (owned) */
  DaemonMusicTrack *next;    /* (owned) (nullable) */
  DaemonMusicTrack *past;    /* (owned) (nullable) */
  gboolean finished;
  gboolean over;
  gboolean nearly;
  gint64 started_us;
  gint64 offset_ms;
  gint64 rest_since_us;
  gint64 skips_from_us;
  guint failures;
} DaemonMusicSession;

/* @current: (transfer full); the rest is copied of @queue. */
DaemonMusicSession *daemon_music_session_new (const char *service,
                                              const char *content_id,
                                              const AlexaMusicQueue *queue,
                                              DaemonMusicTrack *current);
void daemon_music_session_free (DaemonMusicSession *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonMusicSession, daemon_music_session_free)

/* (transfer none) (nullable): the track of @token, of the three. */
DaemonMusicTrack *daemon_music_session_find (DaemonMusicSession *self, const char *token);
/* (transfer none): @track (transfer full) is current in place of what was; nothing waits. */
DaemonMusicTrack *daemon_music_session_replace (DaemonMusicSession *self, DaemonMusicTrack *track);
/* What waits is current now. */
void daemon_music_session_advance (DaemonMusicSession *self);
void daemon_music_session_drop_next (DaemonMusicSession *self);
/* @track (transfer full) waits. */
void daemon_music_session_queue (DaemonMusicSession *self, DaemonMusicTrack *track);

/* What holds for the current item. */
AlexaMusicControls daemon_music_session_get_controls (const DaemonMusicSession *self);

/**
 * DaemonMusicWish:
 *
 * What a user may want of a queue.
 */
typedef enum
{
  DAEMON_MUSIC_WISH_NEXT,
  DAEMON_MUSIC_WISH_PREVIOUS,
  DAEMON_MUSIC_WISH_JUMP,
  DAEMON_MUSIC_WISH_SEEK,
  DAEMON_MUSIC_WISH_SHUFFLE,
  DAEMON_MUSIC_WISH_LOOP,
  DAEMON_MUSIC_WISH_REPEAT,
  DAEMON_MUSIC_WISH_RATE,
} DaemonMusicWish;

/* Whether controls, rules and a skip limit allow it now: what is not declared is not allowed; an ad is
 * neither skipped nor searched, and a live stream not searched.
 * @error: BUS_ERROR_NOT_ALLOWED, BUS_ERROR_NOT_SEEKABLE */
gboolean daemon_music_session_may (const DaemonMusicSession *self,
                                   DaemonMusicWish wish,
                                   gint64 wall_us,
                                   GError **error);
/* The user has skipped too often. @period: (nullable): "HOURLY", "DAILY", "UNKNOWN" */
void
daemon_music_session_limit_skips (DaemonMusicSession *self, const char *period, gint64 wall_us);

/* The service gives no length, and the end of the stream is not in sight. What the stream says of its
 * own length is not believed: stations send the head of some file. */
gboolean daemon_music_session_is_live (const DaemonMusicSession *self);

/**
 * daemon_music_session_wants_next:
 * @position_ms: of the current item
 * @duration_ms: as the player knows it, -1 if not
 *
 * Whether it is time to ask for the item after the current one: as soon as the player can take it,
 * but not in its first 5 s, which a user may well skip, nor later than 30 s before its end. Not for
 * live streams.
 */
gboolean daemon_music_session_wants_next (const DaemonMusicSession *self,
                                          gint64 position_ms,
                                          gint64 duration_ms,
                                          gint64 now_us);
/* Whether what waits is about to start (or may be, for all that is known) with a URL that has
 * expired, and nobody has asked for another one just now. */
gboolean daemon_music_session_wants_renewal (const DaemonMusicSession *self,
                                             gint64 position_ms,
                                             gint64 duration_ms,
                                             gint64 now_us);
/* What has played for a while works. */
void daemon_music_session_note_progress (DaemonMusicSession *self, gint64 now_us);
/* Whether it has rested for @hours, as far as a clock can tell that was set when it began to. */
gboolean
daemon_music_session_is_forgotten (const DaemonMusicSession *self, guint hours, gint64 wall_us);

G_END_DECLS

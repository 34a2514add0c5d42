/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib-object.h>

#include "player/player-reach.h"

G_BEGIN_DECLS

/**
 * SECTION:player-types
 *
 * The values that travel between the parts of Segue: items, commands, reports and snapshots.
 * All of them are plain, immutable after construction and reference counted (atomically).
 * `player/` neither knows where an item came from nor who will read a report.
 */

/* To the nearest ms; @us: not negative. */
gint64 player_us_to_ms (gint64 us);

/**
 * PlayerActivity:
 * @PLAYER_ACTIVITY_IDLE: nothing has played since start
 * @PLAYER_ACTIVITY_PLAYING: samples are flowing
 * @PLAYER_ACTIVITY_PAUSED: suspended, may go on at the very sample
 * @PLAYER_ACTIVITY_BUFFER_UNDERRUN: playing, but the source has run dry
 * @PLAYER_ACTIVITY_FINISHED: the last stream reached its end and the queue is empty
 * @PLAYER_ACTIVITY_STOPPED: the last stream was stopped, replaced without a successor, or failed
 *
 * The six activities of the AudioPlayer interface (Request and Response JSON Reference,
 * "AudioPlayer object").
 */
typedef enum
{
  PLAYER_ACTIVITY_IDLE,
  PLAYER_ACTIVITY_PLAYING,
  PLAYER_ACTIVITY_PAUSED,
  PLAYER_ACTIVITY_BUFFER_UNDERRUN,
  PLAYER_ACTIVITY_FINISHED,
  PLAYER_ACTIVITY_STOPPED,
} PlayerActivity;

/* The wire name, e.g. "BUFFER_UNDERRUN". */
const char *player_activity_to_string (PlayerActivity activity);
/* Whether @activity has a stream under way: PLAYING, PAUSED or BUFFER_UNDERRUN. */
gboolean player_activity_is_active (PlayerActivity activity);

typedef enum
{
  PLAYER_PLAY_ENQUEUE,
  PLAYER_PLAY_REPLACE_ALL,
  PLAYER_PLAY_REPLACE_ENQUEUED,
} PlayerPlayBehavior;

const char *player_play_behavior_to_string (PlayerPlayBehavior behavior);

typedef enum
{
  PLAYER_CLEAR_ENQUEUED,
  PLAYER_CLEAR_ALL,
} PlayerClearBehavior;

const char *player_clear_behavior_to_string (PlayerClearBehavior behavior);

/**
 * PlayerErrorType:
 *
 * What went wrong with a stream, in the words of AudioPlayer.PlaybackFailed.
 */
typedef enum
{
  PLAYER_MEDIA_ERROR_UNKNOWN,
  PLAYER_MEDIA_ERROR_INVALID_REQUEST,       /* HTTP 4xx, a URL that is no stream */
  PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE,   /* DNS, connect, TLS, time-out, 503 */
  PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR, /* other 5xx, truncated transfer */
  PLAYER_MEDIA_ERROR_INTERNAL_DEVICE_ERROR, /* decoder, sink, queue */
} PlayerErrorType;

/* The wire name, e.g. "MEDIA_ERROR_INVALID_REQUEST". */
const char *player_error_type_to_string (PlayerErrorType type);

/**
 * PlayerMetadata:
 * @title: (nullable): first line of "now playing"
 * @subtitle: (nullable): second line, usually the artist
 * @album: (nullable): album, only from the stream's own tags
 * @art_url: (nullable): URL of the largest cover image offered
 * @background_url: (nullable): URL of the largest background image offered
 */
typedef struct
{
  gatomicrefcount ref_count;
  char *title;          /* (owned) (nullable) */
  char *subtitle;       /* (owned) (nullable) */
  char *album;          /* (owned) (nullable) */
  char *art_url;        /* (owned) (nullable) */
  char *background_url; /* (owned) (nullable) */
} PlayerMetadata;

PlayerMetadata *player_metadata_new (const char *title,
                                     const char *subtitle,
                                     const char *album,
                                     const char *art_url,
                                     const char *background_url);
PlayerMetadata *player_metadata_ref (PlayerMetadata *self);
void player_metadata_unref (PlayerMetadata *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerMetadata, player_metadata_unref)

/**
 * PlayerItem:
 * @url: absolute URL of the audio
 * @token: opaque name given by whoever supplied the item; tokens may repeat
 * @offset_ms: where to begin, in ms of the stream; never negative
 * @origin: opaque name of the supplier ("" for none); stored and handed back, never read here
 * @metadata: (nullable): what the supplier says of the item
 * @headers: (nullable): what is sent with each request for @url: name, value, name, value …, %NULL;
 *   checked by player_headers_check(); may be secret: never in logs, on the bus or in errors
 * @renewable: the supplier can give another URL where this one is refused: see
 *   %PLAYER_ENGINE_REFUSED
 * @valid_until_us: when @url expires, monotonic time in µs; 0: it does not. What has begun to be read
 *   may be read to its end; it is a connection that is made anew after that which is refused
 * @reach: what may be opened for it: everything, until an engine with a rule takes it
 *
 * One stream to play.
 */
typedef struct
{
  gatomicrefcount ref_count;
  char *url;                /* (owned) */
  char *token;              /* (owned) */
  gint64 offset_ms;         /* >= 0 */
  char *origin;             /* (owned) */
  PlayerMetadata *metadata; /* (owned) (nullable) */
  GStrv headers;            /* (owned) (nullable) */
  gboolean renewable;
  gint64 valid_until_us;
  PlayerReach reach;
} PlayerItem;

/* The last place that can be told in nanoseconds; what lies beyond it is taken for it, and so beyond the
 * end of any stream. */
#define PLAYER_MAX_OFFSET_MS (G_MAXINT64 / 1000000)

PlayerItem *player_item_new (const char *url,
                             const char *token,
                             gint64 offset_ms,
                             const char *origin,
                             PlayerMetadata *metadata);
/**
 * player_item_new_source:
 * @url: in place of that of @self
 * @headers: (nullable): in place of those of @self
 *
 * Returns: (transfer full): the same item, to be had from somewhere else, which does not expire
 */
PlayerItem *player_item_new_source (PlayerItem *self,
                                    const char *url,
                                    const char *const *headers,
                                    gboolean renewable);
/* (transfer full): the same item, whose URL expires at @valid_until_us (0: it does not). */
PlayerItem *player_item_new_until (PlayerItem *self, gint64 valid_until_us);
/* (transfer full): the same item, for which no more than @reach may be opened. */
PlayerItem *player_item_new_within (PlayerItem *self, PlayerReach reach);
PlayerItem *player_item_ref (PlayerItem *self);
void player_item_unref (PlayerItem *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerItem, player_item_unref)

/**
 * player_headers_check:
 * @headers: name, value, …, %NULL
 *
 * What may be sent along: Authorization, Cookie and X-…; at most 20, names up to 256 bytes, values up
 * to 4096, no control characters.
 *
 * Returns: (transfer full) (nullable): what is wrong, with the name but never the value; %NULL: nothing
 */
char *player_headers_check (const char *const *headers);

/* Whether both are the same sound: URL, headers, renewable, expiry, offset and origin are the same;
 * with another origin the same URL might not be opened. */
gboolean player_item_sounds_like (const PlayerItem *self, const PlayerItem *other);

/**
 * PlayerCommandType:
 * @PLAYER_COMMAND_PLAY: item + play behavior + expected previous token
 * @PLAYER_COMMAND_STOP: stop the stream and empty the queue
 * @PLAYER_COMMAND_CLEAR_QUEUE: clear behavior
 * @PLAYER_COMMAND_PAUSE: local pause: PAUSED, one PlaybackStopped
 * @PLAYER_COMMAND_RESUME: go on after PAUSE, INTERRUPT or nothing
 * @PLAYER_COMMAND_SEEK: absolute position in ms
 * @PLAYER_COMMAND_SKIP: local "next": go on with the head of the queue at once
 * @PLAYER_COMMAND_INTERRUPT: a voice interaction begins: PAUSED, one PlaybackStopped; what is to
 *   start meanwhile waits for its end
 * @PLAYER_COMMAND_INTERRUPT_END: the interaction is over; what INTERRUPT has paused goes on, what
 *   has waited starts
 * @PLAYER_COMMAND_DUCK: the same in the other model: what sounds goes on softly, without a report;
 *   what is to start meanwhile waits for its end
 * @PLAYER_COMMAND_DUCK_END: the interaction is over; what sounds is loud again, what has waited
 *   starts
 * @PLAYER_COMMAND_RENEW: the stream @serial is to be had from the URL and headers of item, until its
 *   valid_until_us: changes neither its position nor the activity, and is no report; nothing else of
 *   item is read, and it stays renewable if it was
 *
 * @PLAYER_COMMAND_RESTORE: what an earlier run has left, @snapshot, is the state now; to a player with which
 *   nothing has been done yet. What sounded then ended there: one PlaybackStopped. It is paused, and goes on
 *   at the very place if @go_on, else at RESUME
 *
 * There is one interaction at a time: either of the two commands that end one ends it, however it
 * began, and the others of these four do nothing where there is nothing to do.
 */
typedef enum
{
  PLAYER_COMMAND_PLAY,
  PLAYER_COMMAND_STOP,
  PLAYER_COMMAND_CLEAR_QUEUE,
  PLAYER_COMMAND_PAUSE,
  PLAYER_COMMAND_RESUME,
  PLAYER_COMMAND_SEEK,
  PLAYER_COMMAND_SKIP,
  PLAYER_COMMAND_INTERRUPT,
  PLAYER_COMMAND_INTERRUPT_END,
  PLAYER_COMMAND_DUCK,
  PLAYER_COMMAND_DUCK_END,
  PLAYER_COMMAND_RENEW,
  PLAYER_COMMAND_RESTORE,
} PlayerCommandType;

typedef struct _PlayerSnapshot PlayerSnapshot;

/**
 * PlayerCommand:
 *
 * What somebody wants, whether it came from a directive, from D-Bus, from MPRIS or from a test.
 * Only the members named by @type are meaningful.
 */
typedef struct
{
  gatomicrefcount ref_count;
  PlayerCommandType type;
  PlayerItem *item;                   /* (owned) (nullable) PLAY RENEW */
  guint64 serial;                     /* RENEW */
  PlayerPlayBehavior play_behavior;   /* PLAY */
  char *expected_previous_token;      /* (owned) (nullable) PLAY; NULL = no check */
  PlayerClearBehavior clear_behavior; /* CLEAR_QUEUE */
  gint64 position_ms;                 /* SEEK, >= 0 */
  PlayerSnapshot *snapshot;           /* (owned) (nullable) RESTORE */
  gboolean go_on;                     /* RESTORE */
} PlayerCommand;

PlayerCommand *player_command_new_play (PlayerItem *item,
                                        PlayerPlayBehavior behavior,
                                        const char *expected_previous_token);
PlayerCommand *player_command_new_clear_queue (PlayerClearBehavior behavior);
PlayerCommand *player_command_new_seek (gint64 position_ms);
/* @serial: as in the snapshot or a report; one that is over: %PLAYER_VERDICT_NO_EFFECT. */
PlayerCommand *player_command_new_renew (guint64 serial, PlayerItem *item);
/* @snapshot: as it was taken last, by reference; volume and output are not read. Once anything has
 * played or been queued: %PLAYER_VERDICT_NO_EFFECT. */
PlayerCommand *player_command_new_restore (PlayerSnapshot *snapshot, gboolean go_on);
/* STOP, PAUSE, RESUME, SKIP, INTERRUPT, INTERRUPT_END, DUCK, DUCK_END */
PlayerCommand *player_command_new_simple (PlayerCommandType type);
PlayerCommand *player_command_ref (PlayerCommand *self);
void player_command_unref (PlayerCommand *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerCommand, player_command_unref)

/**
 * PlayerVerdict:
 * @PLAYER_VERDICT_DONE: the command had or will have its effect
 * @PLAYER_VERDICT_NO_EFFECT: legal, but there was nothing to do (e.g. Stop while stopped)
 * @PLAYER_VERDICT_WRONG_PREVIOUS_TOKEN: ENQUEUE dropped, expectedPreviousToken did not match
 * @PLAYER_VERDICT_LATE: ENQUEUE dropped, it answers a PlaybackNearlyFinished of a stream that has
 *   been stopped since
 * @PLAYER_VERDICT_NOT_PLAYING: the command needs a stream under way
 * @PLAYER_VERDICT_NOT_SEEKABLE: the stream cannot be sought
 *
 * What became of a command.
 */
typedef enum
{
  PLAYER_VERDICT_DONE,
  PLAYER_VERDICT_NO_EFFECT,
  PLAYER_VERDICT_WRONG_PREVIOUS_TOKEN,
  PLAYER_VERDICT_LATE,
  PLAYER_VERDICT_NOT_PLAYING,
  PLAYER_VERDICT_NOT_SEEKABLE,
} PlayerVerdict;

/* kebab-case: "done", "no-effect", "wrong-previous-token", "late", "not-playing", "not-seekable" */
const char *player_verdict_to_string (PlayerVerdict verdict);

typedef enum
{
  PLAYER_REPORT_STARTED,
  PLAYER_REPORT_NEARLY_FINISHED,
  PLAYER_REPORT_FINISHED,
  PLAYER_REPORT_STOPPED,
  PLAYER_REPORT_FAILED,
} PlayerReportType;

/* "PlaybackStarted", "PlaybackNearlyFinished", ... */
const char *player_report_type_to_string (PlayerReportType type);

/**
 * PlayerReport:
 * @item: the item it is about; for FAILED the one that failed
 * @serial: the queue serial of that item (a new one for each accepted Play)
 * @offset_ms: position in the stream in ms (meaning depends on the type); unused for FAILED
 * @error_type: FAILED only
 * @error_message: (nullable): FAILED only, one line, e.g. "HTTP 404"
 * @state_activity: FAILED only: the activity when it failed (currentPlaybackState)
 * @state_token: (nullable): FAILED only: token of the current stream then; NULL if none
 * @state_offset_ms: FAILED only: its offset
 *
 * A fact that became true and has to be told to the supplier of @item, once and in order.
 */
typedef struct
{
  gatomicrefcount ref_count;
  PlayerReportType type;
  guint64 serial;
  PlayerItem *item; /* (owned) */
  gint64 offset_ms;
  PlayerErrorType error_type;
  char *error_message; /* (owned) (nullable) */
  PlayerActivity state_activity;
  char *state_token; /* (owned) (nullable) */
  gint64 state_offset_ms;
} PlayerReport;

PlayerReport *
player_report_new (PlayerReportType type, guint64 serial, PlayerItem *item, gint64 offset_ms);
PlayerReport *player_report_new_failed (guint64 serial,
                                        PlayerItem *item,
                                        PlayerErrorType error_type,
                                        const char *error_message,
                                        PlayerActivity state_activity,
                                        const char *state_token,
                                        gint64 state_offset_ms);
PlayerReport *player_report_ref (PlayerReport *self);
void player_report_unref (PlayerReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerReport, player_report_unref)

/**
 * PlayerOutputState:
 * @PLAYER_OUTPUT_CLOSED: the device is free for others
 * @PLAYER_OUTPUT_IDLE: the device is held, or being opened, and nothing runs
 * @PLAYER_OUTPUT_PLAYING: it runs
 * @PLAYER_OUTPUT_WAITING: it is away (broken, busy, not there yet) and waited for
 */
typedef enum
{
  PLAYER_OUTPUT_CLOSED,
  PLAYER_OUTPUT_IDLE,
  PLAYER_OUTPUT_PLAYING,
  PLAYER_OUTPUT_WAITING,
} PlayerOutputState;

/* "closed", "idle", "playing", "waiting" */
const char *player_output_state_to_string (PlayerOutputState state);

/**
 * PlayerSnapshot:
 * @activity: now
 * @serial: queue serial of @item, 0 if there is none; changes with every play of an item
 * @item: (nullable): the current stream or, after stop or finish, the most recent one
 * @offset_ms: its position when the picture was taken; after stop or finish the last one
 * @offset_us: the same, to the sample
 * @duration_ms: its length, -1 while unknown or live
 * @seekable: whether Seek can work
 * @metadata: (nullable): the item's metadata, filled up with the stream's own tags
 * @queue: (element-type PlayerItem): what waits, in order, without @item
 * @under_way: @item has not ended
 * @held: somebody has paused what is under way or about to start; that a voice interrupts it is no such
 *   pause
 * @starting: the first of @queue is on its way, to sound in place of @item
 * @nearly_told: that @item is nearly finished has been reported
 * @volume: 0.0 to 1.0 on the user's (cubic) scale
 * @muted: whether the output is muted
 * @ducked: what plays is softer, for somebody speaks; no pause
 * @output: what the audio output does
 * @output_message: (nullable): why it is waited for, or has been given up
 *
 * An immutable picture of now: for D-Bus, for `context` in requests, for the disk.
 */
struct _PlayerSnapshot
{
  gatomicrefcount ref_count;
  PlayerActivity activity;
  guint64 serial;
  PlayerItem *item; /* (owned) (nullable) */
  gint64 offset_ms;
  gint64 offset_us;
  gint64 duration_ms;
  gboolean seekable;
  PlayerMetadata *metadata; /* (owned) (nullable) */
  GPtrArray *queue;         /* (owned) (element-type PlayerItem) */
  gboolean under_way;
  gboolean held;
  gboolean starting;
  gboolean nearly_told;
  double volume;
  gboolean muted;
  gboolean ducked;
  PlayerOutputState output;
  char *output_message; /* (owned) (nullable) */
};

/* An idle snapshot: nothing played, empty queue, volume 1.0. Fill the members in before sharing. */
PlayerSnapshot *player_snapshot_new (void);
PlayerSnapshot *player_snapshot_ref (PlayerSnapshot *self);
void player_snapshot_unref (PlayerSnapshot *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerSnapshot, player_snapshot_unref)

/* Boxed types, so that the values can travel in GObject signals. */
#define PLAYER_TYPE_REPORT (player_report_get_type ())
GType player_report_get_type (void);
#define PLAYER_TYPE_SNAPSHOT (player_snapshot_get_type ())
GType player_snapshot_get_type (void);

G_END_DECLS

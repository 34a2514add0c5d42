/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-music-caller.h"
#include "daemon-music-memory.h"
#include "daemon-music-session.h"
#include "daemon-music.h"

G_BEGIN_DECLS

/**
 * SECTION:daemon-music-private
 *
 * What the files of #DaemonMusic share. Each has one concept: `-play` starts queues and moves in them,
 * `-prefetch` sees to what comes next, `-renewal` to what has expired, `-modes` to what changes nothing
 * that sounds, `-follow` to what the player tells, `-ask` to what is under way to the services.
 */

/**
 * DaemonMusicPurpose:
 * @DAEMON_MUSIC_PURPOSE_PLAY: what the answer says is to sound now; there is one such call at a time
 * @DAEMON_MUSIC_PURPOSE_NEXT: what comes next; one at a time
 * @DAEMON_MUSIC_PURPOSE_RENEWAL: another URL, for what sounds on or waits
 * @DAEMON_MUSIC_PURPOSE_ASIDE: anything else
 *
 * Why a service is asked.
 */
typedef enum
{
  DAEMON_MUSIC_PURPOSE_PLAY,
  DAEMON_MUSIC_PURPOSE_NEXT,
  DAEMON_MUSIC_PURPOSE_RENEWAL,
  DAEMON_MUSIC_PURPOSE_ASIDE,
} DaemonMusicPurpose;

typedef struct _DaemonMusicAsk DaemonMusicAsk;

/**
 * DaemonMusicReply:
 * @answer: (nullable): the ErrorResponse if @error is set, or %NULL
 * @error: (nullable): BUS_ERROR, for the user
 * @refusal: what the service refused with
 */
typedef struct
{
  AlexaMusicAnswer *answer;
  const DaemonMusicMoment *received;
  const GError *error;
  AlexaMusicErrorType refusal;
} DaemonMusicReply;

typedef void (*DaemonMusicStep) (DaemonMusic *self,
                                 DaemonMusicAsk *ask,
                                 const DaemonMusicReply *reply);

/**
 * DaemonMusicAsk:
 * @request: what is asked
 * @step: what its answer leads to
 * @task: (nullable): of who waits for it; ended by @step, or with an error when the call is dropped
 * @token: (nullable): of the track it is about
 * @epoch: of the router when it was made: another one at the answer: somebody else has decided what
 *   is to sound
 * @cause: (nullable): why what sounds ends if it is answered; a static string
 * @more: presses of the same button that have come since
 *
 * One call that is under way.
 */
struct _DaemonMusicAsk
{
  DaemonMusic *music; /* owns this */
  DaemonMusicCaller *caller;
  guint id;
  DaemonMusicPurpose purpose;
  AlexaMusicRequest *request; /* (owned) */
  DaemonMusicStep step;
  GTask *task; /* (owned) (nullable) */
  char *token; /* (owned) (nullable) */
  guint64 epoch;
  const char *cause;
  guint more;
};

struct _DaemonMusic
{
  GObject parent;
  DaemonContext *context;      /* (owned) */
  GPtrArray *callers;          /* (owned) (element-type DaemonMusicCaller) */
  GPtrArray *asks;             /* (owned) (element-type DaemonMusicAsk): under way */
  DaemonMusicSession *session; /* (owned) (nullable) */
  DaemonMusicMemory *memory;   /* (owned) */
  char *problem;               /* (owned) (nullable): for the user */
  guint64 n_tracks;
  gboolean next_refused; /* nobody is asked what comes next until something has changed */
  guint tick;            /* alarm: once a second while a queue sounds */
  guint starving;        /* alarm: what sounded is over, and nothing has come after it */
  guint forget;          /* alarm: a queue has rested for too long */
  GVariant *art;         /* (owned) (nullable): last described */
  GVariant *authors;     /* (owned) (nullable): last described */
  gboolean closing;
};

/* --- daemon-music.c --------------------------------------------------------------------------- */

DaemonMusicCaller *daemon_music_find_caller (DaemonMusic *self, const char *name);
/* (transfer none): that of the session, which may be out of the configuration: %NULL */
DaemonMusicCaller *daemon_music_get_caller (DaemonMusic *self);
gint64 daemon_music_now_us (DaemonMusic *self);
/* Something that is shown or kept is other than it was. */
void daemon_music_note_change (DaemonMusic *self);
/* @why: (nullable): what to tell the user from now on */
void daemon_music_set_problem (DaemonMusic *self, const char *why);
/* Nothing of the session is to be heard any more, and nothing of it is remembered. */
void daemon_music_give_up (DaemonMusic *self);
/* Nothing sounds since now; it is remembered for so long. */
void daemon_music_begin_rest (DaemonMusic *self);
void daemon_music_end_rest (DaemonMusic *self);

/* --- daemon-music-ask.c ----------------------------------------------------------------------- */

/* @request: (transfer full). @task: (nullable): by reference. */
DaemonMusicAsk *daemon_music_ask (DaemonMusic *self,
                                  DaemonMusicCaller *caller,
                                  AlexaMusicRequest *request,
                                  DaemonMusicPurpose purpose,
                                  DaemonMusicStep step,
                                  GTask *task);
/* About the session's current item. */
AlexaMusicRequest *daemon_music_request_new (DaemonMusic *self, AlexaMusicMessage message);
gboolean daemon_music_is_asking (DaemonMusic *self, DaemonMusicPurpose purpose);
/* Cancels what is under way for @purpose; who waits for it hears that it has been superseded. */
void daemon_music_drop (DaemonMusic *self, DaemonMusicPurpose purpose);
void daemon_music_drop_all (DaemonMusic *self);
void daemon_music_ask_free (DaemonMusicAsk *ask);
/* Hands @command (transfer full) to the player. */
PlayerVerdict daemon_music_submit (DaemonMusic *self, PlayerCommand *command);
/* Whether nobody but us has decided what is to sound since @ask was made. */
gboolean daemon_music_is_current (DaemonMusic *self, const DaemonMusicAsk *ask);
/* Ends the task of @ask, if it has one; @value: (transfer full) (nullable) */
void daemon_music_return (DaemonMusicAsk *ask, GVariant *value);
void daemon_music_return_error (DaemonMusicAsk *ask, const GError *error);

/* --- daemon-music-play.c ---------------------------------------------------------------------- */

/* @item of the session's queue, as received just now. (transfer full) */
DaemonMusicTrack *daemon_music_make_track (DaemonMusic *self,
                                           AlexaMusicItem *item,
                                           const DaemonMusicMoment *received);
/* @track: (transfer full): sounds from @offset_ms on, in place of whatever does. */
void daemon_music_start (DaemonMusic *self, DaemonMusicTrack *track, gint64 offset_ms);
/* The user wants what has been started to sound, also while a session of a skill holds the floor. */
void daemon_music_insist (DaemonMusic *self);
/* Plays what @request finds, or the content that it names. */
void daemon_music_search (DaemonMusic *self,
                          DaemonMusicCaller *caller,
                          AlexaMusicRequest *request,
                          GTask *task);
/* @options: of AlexaMusicRequest, for the modes; %NULL: those of the session. */
void daemon_music_initiate (DaemonMusic *self,
                            DaemonMusicCaller *caller,
                            const char *content_id,
                            const AlexaMusicRequest *options,
                            GTask *task);
gboolean daemon_music_skip (DaemonMusic *self, GError **error);
gboolean daemon_music_go_back (DaemonMusic *self, GError **error);
void daemon_music_jump (DaemonMusic *self, const char *item_id, GTask *task);
void daemon_music_reinitiate (DaemonMusic *self, GTask *task);
/* The current item cannot be played: goes on with the one after it, but not for ever. */
void daemon_music_recover (DaemonMusic *self, const char *why);
/* Asks for what comes after the current item, and plays it at once. */
void daemon_music_move_on (DaemonMusic *self);

/* --- daemon-music-prefetch.c ------------------------------------------------------------------ */

/* @track: (transfer full): waits behind the current item, in place of what did. */
void daemon_music_queue (DaemonMusic *self, DaemonMusicTrack *track);
/* What waits behind the current item begins now; FALSE if nothing does. */
gboolean daemon_music_play_queued (DaemonMusic *self);
/* Asks for what is due now. */
void daemon_music_look_ahead (DaemonMusic *self);
/* What comes next is another item than was said: asks anew, at once. */
void daemon_music_refresh_next (DaemonMusic *self);
/* What has been queued cannot be played: asks for the one after it. */
void daemon_music_replace_next (DaemonMusic *self);
/* The current item has come to its end. */
void daemon_music_note_end (DaemonMusic *self);

/* --- daemon-music-renewal.c ------------------------------------------------------------------- */

/* Play: what rests sounds again, with another URL where its own has expired. */
gboolean daemon_music_resume (DaemonMusic *self, GError **error);
/* The current item from @offset_ms on, while nothing of it is under way. */
void daemon_music_play_again (DaemonMusic *self, gint64 offset_ms);
/* Another URL for @track, which sounds or waits. */
void daemon_music_renew (DaemonMusic *self, DaemonMusicTrack *track);
/* The URL of the stream @serial is refused. */
void daemon_music_handle_refused (DaemonMusic *self, guint64 serial);

/* --- daemon-music-modes.c --------------------------------------------------------------------- */

void daemon_music_set_mode (DaemonMusic *self, BusMusicAction action, gboolean on, GTask *task);
void daemon_music_rate (DaemonMusic *self, gboolean positive, GTask *task);
void daemon_music_view (DaemonMusic *self, GTask *task);

/* --- daemon-music-follow.c -------------------------------------------------------------------- */

void daemon_music_follow (DaemonMusic *self);
void daemon_music_handle_report (DaemonMusic *self, PlayerReport *report);
void daemon_music_start_tick (DaemonMusic *self);
void daemon_music_stop_tick (DaemonMusic *self);

G_END_DECLS

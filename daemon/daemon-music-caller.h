/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "alexa/alexa-music.h"
#include "daemon-context.h"
#include "daemon-music-expiry.h"
#include "daemon-music-standing.h"

G_BEGIN_DECLS

/**
 * DaemonMusicAnswered:
 * @answer: (nullable): borrowed; if @error is set, the ErrorResponse, or %NULL if there is none
 * @received: when it came, or the call failed
 * @error: (nullable): BUS_ERROR with words for the user: nothing came of it
 * @error_type: what the service refused with; NONE if it was not the service that refused
 */
typedef void (*DaemonMusicAnswered) (AlexaMusicAnswer *answer,
                                     const DaemonMusicMoment *received,
                                     const GError *error,
                                     AlexaMusicErrorType error_type,
                                     gpointer user_data);

/**
 * DaemonMusicCaller:
 *
 * Asks one music service. What is said goes to the timeline as said to the skill "music:NAME", with
 * secrets replaced.
 *
 * Attempts: where a service cannot be reached, answers late, with HTTP 408 or 5xx, or with what is no
 * answer, it is asked again after 0.5 s, doubling to 30 s, each time drawn from 2/3 to 3/2 of that:
 * for the next item, unless the user asked for it, until the call is cancelled; GetPlayableContent,
 * GetItem and GetView three times in all; everything else once, for a skip could be counted twice.
 * Where the service refuses to say what comes next because of an INTERNAL_ERROR or an error that is
 * not known, it is asked again in the same way.
 *
 * EXPIRED_AUTHORIZATION_CREDENTIAL: the token's file is read anew, at once and if it is the same after
 * a second, and the request is sent once more. Where that does not help, or the token is not valid, the
 * next item is asked for when another token is in the file, and other calls fail.
 *
 * RATE_LIMIT_EXCEEDED, or HTTP 429: nothing is sent for 30 s, doubling each time up to 15 minutes; the
 * next item is asked for after that, and other calls fail.
 *
 * Signal "link-changed": daemon_music_caller_get_link() or …_get_problem() says something else.
 */
#define DAEMON_TYPE_MUSIC_CALLER (daemon_music_caller_get_type ())
G_DECLARE_FINAL_TYPE (DaemonMusicCaller, daemon_music_caller, DAEMON, MUSIC_CALLER, GObject)

/* @config: borrowed from @context, which is referred to. */
DaemonMusicCaller *daemon_music_caller_new (DaemonContext *context,
                                            const DaemonMusicConfig *config);

/* See daemon_music_account_configure(). What waits to be asked again is asked soon. */
void daemon_music_caller_configure (DaemonMusicCaller *self, const DaemonMusicConfig *config);

const DaemonMusicConfig *daemon_music_caller_get_config (DaemonMusicCaller *self);
/* "music:NAME": the origin of its items. */
const char *daemon_music_caller_get_origin (DaemonMusicCaller *self);

/**
 * daemon_music_caller_ask:
 * @request: referred to
 * @callback: called once, later, unless the call is cancelled or @self is disposed of before
 *
 * Returns: an id, never 0
 */
guint daemon_music_caller_ask (DaemonMusicCaller *self,
                               AlexaMusicRequest *request,
                               DaemonMusicAnswered callback,
                               gpointer user_data);
/* Safe for 0 and for a call that is over. */
void daemon_music_caller_cancel (DaemonMusicCaller *self, guint id);

/* Tells the service what playback did: in order, one after another, each up to three times; up to 64
 * wait, then the oldest is dropped. Never in the way of what is asked. @event is referred to. */
void daemon_music_caller_tell (DaemonMusicCaller *self, AlexaMusicEvent *event);

/* FALSE once the service has said that it does not know @message (INVALID_DIRECTIVE, or `null`), but
 * for the two messages without which there is no music. Then asking fails without a request. */
gboolean daemon_music_caller_supports (DaemonMusicCaller *self, AlexaMusicMessage message);

/* The network or the clock has changed: what waits because the service could not be reached is asked
 * again within a second. */
void daemon_music_caller_hurry (DaemonMusicCaller *self);

DaemonMusicLink daemon_music_caller_get_link (DaemonMusicCaller *self);
/* (nullable): what is wrong, in words for the user; NULL if linked. */
const char *daemon_music_caller_get_problem (DaemonMusicCaller *self);

G_END_DECLS

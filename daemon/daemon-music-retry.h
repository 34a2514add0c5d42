/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "alexa/alexa-music.h"

G_BEGIN_DECLS

/**
 * DaemonMusicRetry:
 * @DAEMON_MUSIC_RETRY_NEVER: it has failed
 * @DAEMON_MUSIC_RETRY_LATER: after daemon_music_retry_get_wait_ms()
 * @DAEMON_MUSIC_RETRY_TOKEN: with the access token read anew
 * @DAEMON_MUSIC_RETRY_RELINK: when there is another access token
 * @DAEMON_MUSIC_RETRY_LIMIT: when the service may be asked again
 */
typedef enum
{
  DAEMON_MUSIC_RETRY_NEVER,
  DAEMON_MUSIC_RETRY_LATER,
  DAEMON_MUSIC_RETRY_TOKEN,
  DAEMON_MUSIC_RETRY_RELINK,
  DAEMON_MUSIC_RETRY_LIMIT,
} DaemonMusicRetry;

/**
 * DaemonMusicSetback:
 * @refusal: what the service said; NONE: there was no answer that could be used
 * @passing: without an answer: another attempt may bring one
 * @attempts: so many have been made
 * @token_renewed: one of them with the token read anew
 *
 * How an attempt failed.
 */
typedef struct
{
  AlexaMusicErrorType refusal;
  gboolean passing;
  guint attempts;
  gboolean token_renewed;
} DaemonMusicSetback;

/* Whether @request asks for what comes next while something plays: nobody waits for it yet. */
gboolean daemon_music_retry_is_prefetch (const AlexaMusicRequest *request);

/* Whether @request is sent again. What changes something at the service, or could count as a skip, is
 * only where the service has said that it did not do it. */
DaemonMusicRetry daemon_music_retry_decide (const AlexaMusicRequest *request,
                                            const DaemonMusicSetback *setback);

/* The wait after so many attempts: 0.5 s, doubling to 30 s, drawn from 2/3 to 3/2 of that. */
guint daemon_music_retry_get_wait_ms (guint attempts);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "alexa/alexa-music.h"
#include "player/player-clock.h"

G_BEGIN_DECLS

/**
 * DaemonMusicLink:
 * @DAEMON_MUSIC_LINKED: nothing is known to be wrong
 * @DAEMON_MUSIC_RELINK: the access token is refused; nothing is asked until another one is there
 * @DAEMON_MUSIC_ACCOUNT_PROBLEM: the user has to see to the account at the service
 * @DAEMON_MUSIC_RATE_LIMITED: the user has asked too much; nothing is asked for a while
 * @DAEMON_MUSIC_UNREACHABLE: the last request brought no answer that could be used
 *
 * How a music service stands to us.
 */
typedef enum
{
  DAEMON_MUSIC_LINKED,
  DAEMON_MUSIC_RELINK,
  DAEMON_MUSIC_ACCOUNT_PROBLEM,
  DAEMON_MUSIC_RATE_LIMITED,
  DAEMON_MUSIC_UNREACHABLE,
} DaemonMusicLink;

/* "linked", "relink", "account-problem", "rate-limited", "unreachable" */
const char *daemon_music_link_to_string (DaemonMusicLink link);

/**
 * DaemonMusicStanding:
 *
 * What the answers of a music service say about asking it again: whether it takes our token, and until
 * when it wants to be left alone. No I/O.
 */
typedef struct _DaemonMusicStanding DaemonMusicStanding;

DaemonMusicStanding *daemon_music_standing_new (PlayerClock *clock);
void daemon_music_standing_free (DaemonMusicStanding *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonMusicStanding, daemon_music_standing_free)

DaemonMusicLink daemon_music_standing_get_link (const DaemonMusicStanding *self);
/* (nullable): what is wrong, in words for the user; NULL if linked. */
const char *daemon_music_standing_get_problem (const DaemonMusicStanding *self);

/* Whether @token (nullable) is worth sending: not the very one that was refused. Without a token, what
 * @starts_anew may still be tried, for the account may have been linked at the service. */
gboolean daemon_music_standing_takes (const DaemonMusicStanding *self,
                                      const char *token,
                                      gboolean starts_anew);
/* How long the service wants to be left alone; 0: it does not. */
gint64 daemon_music_standing_get_wait_ms (const DaemonMusicStanding *self);

/* The three that move it tell whether get_link() or get_problem() says something else now. */

/* The service has answered to @token with what is no ErrorResponse. */
gboolean daemon_music_standing_answered (DaemonMusicStanding *self);
/* It has refused @token, or what was asked with it: @type; @words (nullable): its own */
gboolean daemon_music_standing_refused (DaemonMusicStanding *self,
                                        AlexaMusicErrorType type,
                                        const char *words,
                                        const char *token);
/* No answer that could be used. */
gboolean daemon_music_standing_failed (DaemonMusicStanding *self, const GError *error);

G_END_DECLS

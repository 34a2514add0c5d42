/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-music-standing.h"

#define LIMIT_FIRST_MS 30000
#define LIMIT_MAX_MS (15 * 60 * 1000)

struct _DaemonMusicStanding
{
  PlayerClock *clock; /* (owned) */
  DaemonMusicLink link;
  char *problem;           /* (owned) (nullable) */
  gboolean token_refused;  /* @refused_token, which may be none, is */
  char *refused_token;     /* (owned) (nullable) */
  gint64 limited_until_ms; /* 0: not */
  guint limit_ms;          /* of the next limit */
};

const char *
daemon_music_link_to_string (DaemonMusicLink link)
{
  static const char *const names[] = {
    [DAEMON_MUSIC_LINKED] = "linked",
    [DAEMON_MUSIC_RELINK] = "relink",
    [DAEMON_MUSIC_ACCOUNT_PROBLEM] = "account-problem",
    [DAEMON_MUSIC_RATE_LIMITED] = "rate-limited",
    [DAEMON_MUSIC_UNREACHABLE] = "unreachable",
  };
  g_return_val_if_fail ((gsize)link < G_N_ELEMENTS (names), "linked");
  return names[link];
}

DaemonMusicStanding *
daemon_music_standing_new (PlayerClock *clock)
{
  g_return_val_if_fail (PLAYER_IS_CLOCK (clock), NULL);
  DaemonMusicStanding *self = g_new0 (DaemonMusicStanding, 1);
  self->clock = g_object_ref (clock);
  self->limit_ms = LIMIT_FIRST_MS;
  return self;
}

void
daemon_music_standing_free (DaemonMusicStanding *self)
{
  if (self == NULL)
    return;
  g_object_unref (self->clock);
  g_free (self->problem);
  g_free (self->refused_token);
  g_free (self);
}

DaemonMusicLink
daemon_music_standing_get_link (const DaemonMusicStanding *self)
{
  return self->link;
}

const char *
daemon_music_standing_get_problem (const DaemonMusicStanding *self)
{
  return self->problem;
}

gboolean
daemon_music_standing_takes (const DaemonMusicStanding *self,
                             const char *token,
                             gboolean starts_anew)
{
  if (!self->token_refused || g_strcmp0 (token, self->refused_token) != 0)
    return TRUE;
  return token == NULL && starts_anew;
}

gint64
daemon_music_standing_get_wait_ms (const DaemonMusicStanding *self)
{
  if (self->limited_until_ms == 0)
    return 0;
  return MAX (self->limited_until_ms - player_clock_now_ms (self->clock), 0);
}

/* Takes @problem. */
static gboolean
move (DaemonMusicStanding *self, DaemonMusicLink link, char *problem)
{
  gboolean changed = self->link != link || g_strcmp0 (self->problem, problem) != 0;
  self->link = link;
  g_free (self->problem);
  self->problem = problem;
  return changed;
}

static void
forget_token (DaemonMusicStanding *self)
{
  self->token_refused = FALSE;
  g_clear_pointer (&self->refused_token, g_free);
}

static void
forget_limit (DaemonMusicStanding *self)
{
  self->limited_until_ms = 0;
  self->limit_ms = LIMIT_FIRST_MS;
}

gboolean
daemon_music_standing_answered (DaemonMusicStanding *self)
{
  forget_token (self);
  forget_limit (self);
  return move (self, DAEMON_MUSIC_LINKED, NULL);
}

static char *
join (const char *sentence, const char *words)
{
  if (words == NULL || words[0] == '\0')
    return g_strdup (sentence);
  return g_strdup_printf ("%s: %s", sentence, words);
}

static gboolean
refuse_token (DaemonMusicStanding *self, const char *words, const char *token)
{
  forget_token (self);
  self->token_refused = TRUE;
  self->refused_token = g_strdup (token);
  return move (self, DAEMON_MUSIC_RELINK,
               join ("the account has to be linked to the music service anew", words));
}

static gboolean
limit (DaemonMusicStanding *self, const char *words)
{
  /* Requests that were under way together count once. */
  if (daemon_music_standing_get_wait_ms (self) == 0)
    {
      self->limited_until_ms = player_clock_now_ms (self->clock) + self->limit_ms;
      self->limit_ms = MIN (self->limit_ms * 2, LIMIT_MAX_MS);
    }
  return move (
      self, DAEMON_MUSIC_RATE_LIMITED,
      join ("the music service has been asked too often, and is left alone for a while", words));
}

gboolean
daemon_music_standing_refused (DaemonMusicStanding *self,
                               AlexaMusicErrorType type,
                               const char *words,
                               const char *token)
{
  switch (type)
    {
    case ALEXA_MUSIC_ERROR_INVALID_AUTHORIZATION_CREDENTIAL:
    case ALEXA_MUSIC_ERROR_EXPIRED_AUTHORIZATION_CREDENTIAL:
      return refuse_token (self, words, token);
    case ALEXA_MUSIC_ERROR_ACCOUNT_PROBLEM:
      forget_token (self);
      return move (self, DAEMON_MUSIC_ACCOUNT_PROBLEM,
                   join ("the account at the music service needs you", words));
    case ALEXA_MUSIC_ERROR_RATE_LIMIT_EXCEEDED:
      return limit (self, words);
    case ALEXA_MUSIC_ERROR_INVALID_DIRECTIVE:
    case ALEXA_MUSIC_ERROR_INTERNAL_ERROR:
    case ALEXA_MUSIC_ERROR_UNKNOWN:
      /* said before the account was looked at, perhaps */
      return self->link == DAEMON_MUSIC_UNREACHABLE ? move (self, DAEMON_MUSIC_LINKED, NULL)
                                                    : FALSE;
    default:
      return daemon_music_standing_answered (self);
    }
}

gboolean
daemon_music_standing_failed (DaemonMusicStanding *self, const GError *error)
{
  g_return_val_if_fail (error != NULL, FALSE);
  /* What the user has to do something about is said on. */
  if (self->link != DAEMON_MUSIC_LINKED && self->link != DAEMON_MUSIC_UNREACHABLE)
    return FALSE;
  return move (self, DAEMON_MUSIC_UNREACHABLE, g_strdup (error->message));
}

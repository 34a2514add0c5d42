/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-music-retry.h"

#define WAIT_FIRST_MS 500
#define WAIT_MAX_MS 30000
#define MAX_ATTEMPTS 3

gboolean
daemon_music_retry_is_prefetch (const AlexaMusicRequest *request)
{
  return request->message == ALEXA_MUSIC_GET_NEXT_ITEM && !request->user_initiated;
}

static gboolean
only_reads (AlexaMusicMessage message)
{
  return message == ALEXA_MUSIC_GET_PLAYABLE_CONTENT || message == ALEXA_MUSIC_GET_ITEM
         || message == ALEXA_MUSIC_GET_VIEW;
}

static DaemonMusicRetry
later_if (gboolean again)
{
  return again ? DAEMON_MUSIC_RETRY_LATER : DAEMON_MUSIC_RETRY_NEVER;
}

DaemonMusicRetry
daemon_music_retry_decide (const AlexaMusicRequest *request, const DaemonMusicSetback *setback)
{
  g_return_val_if_fail (request != NULL && setback != NULL, DAEMON_MUSIC_RETRY_NEVER);
  gboolean prefetch = daemon_music_retry_is_prefetch (request);
  switch (setback->refusal)
    {
    case ALEXA_MUSIC_ERROR_NONE:
      return later_if (
          setback->passing
          && (prefetch || (only_reads (request->message) && setback->attempts < MAX_ATTEMPTS)));
    case ALEXA_MUSIC_ERROR_EXPIRED_AUTHORIZATION_CREDENTIAL:
      if (!setback->token_renewed)
        return DAEMON_MUSIC_RETRY_TOKEN;
      return prefetch ? DAEMON_MUSIC_RETRY_RELINK : DAEMON_MUSIC_RETRY_NEVER;
    case ALEXA_MUSIC_ERROR_INVALID_AUTHORIZATION_CREDENTIAL:
      return prefetch ? DAEMON_MUSIC_RETRY_RELINK : DAEMON_MUSIC_RETRY_NEVER;
    case ALEXA_MUSIC_ERROR_RATE_LIMIT_EXCEEDED:
      return prefetch ? DAEMON_MUSIC_RETRY_LIMIT : DAEMON_MUSIC_RETRY_NEVER;
    case ALEXA_MUSIC_ERROR_SKIP_LIMIT_REACHED: /* does not apply where nobody skips */
    case ALEXA_MUSIC_ERROR_INTERNAL_ERROR:
    case ALEXA_MUSIC_ERROR_UNKNOWN:
      return later_if (prefetch);
    default:
      return DAEMON_MUSIC_RETRY_NEVER;
    }
}

guint
daemon_music_retry_get_wait_ms (guint attempts)
{
  guint wait_ms = WAIT_FIRST_MS;
  for (guint i = 1; i < attempts && wait_ms < WAIT_MAX_MS; i++)
    wait_ms *= 2;
  wait_ms = MIN (wait_ms, WAIT_MAX_MS);
  return g_random_int_range (wait_ms * 2 / 3, wait_ms * 3 / 2 + 1);
}

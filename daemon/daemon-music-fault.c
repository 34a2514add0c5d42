/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-music-fault.h"

#include "daemon-transport.h"
#include "dbus/bus-errors.h"

#define WORDS_MAX_CHARS 300

typedef struct
{
  BusError code;
  const char *sentence;
} Meaning;

static const Meaning meanings[] = {
  [ALEXA_MUSIC_ERROR_INVALID_DIRECTIVE]
  = { BUS_ERROR_NOT_SUPPORTED, "the music service does not know that request" },
  [ALEXA_MUSIC_ERROR_INVALID_AUTHORIZATION_CREDENTIAL]
  = { BUS_ERROR_NOT_LINKED, "the account has to be linked to the music service anew" },
  [ALEXA_MUSIC_ERROR_EXPIRED_AUTHORIZATION_CREDENTIAL]
  = { BUS_ERROR_NOT_LINKED, "the access token for the music service has expired" },
  [ALEXA_MUSIC_ERROR_ACCOUNT_PROBLEM]
  = { BUS_ERROR_NOT_LINKED, "the account at the music service needs you" },
  [ALEXA_MUSIC_ERROR_RATE_LIMIT_EXCEEDED]
  = { BUS_ERROR_REFUSED, "the music service has been asked too often; try again later" },
  [ALEXA_MUSIC_ERROR_INTERNAL_ERROR]
  = { BUS_ERROR_REFUSED, "the music service has a problem of its own" },
  [ALEXA_MUSIC_ERROR_CONTENT_NOT_FOUND]
  = { BUS_ERROR_NOT_FOUND, "the music service has nothing like that" },
  [ALEXA_MUSIC_ERROR_ITEM_NOT_FOUND]
  = { BUS_ERROR_NOT_FOUND, "the music service has no such item" },
  [ALEXA_MUSIC_ERROR_INVALID_ITEM] = { BUS_ERROR_NOT_FOUND, "that is not in the queue any more" },
  [ALEXA_MUSIC_ERROR_DEVICE_LIMIT_REACHED]
  = { BUS_ERROR_NOT_ALLOWED, "too many devices play from this account" },
  [ALEXA_MUSIC_ERROR_SKIP_LIMIT_REACHED]
  = { BUS_ERROR_NOT_ALLOWED, "the music service allows no more skips for now" },
  [ALEXA_MUSIC_ERROR_UNKNOWN] = { BUS_ERROR_REFUSED, "the music service refused" },
};

GError *
daemon_music_fault_new (AlexaMusicErrorType type, const char *words)
{
  g_return_val_if_fail (type != ALEXA_MUSIC_ERROR_NONE && (gsize)type < G_N_ELEMENTS (meanings),
                        NULL);
  const Meaning *meaning = &meanings[type];
  if (words == NULL || words[0] == '\0')
    return g_error_new_literal (BUS_ERROR, meaning->code, meaning->sentence);
  g_autofree char *valid = g_utf8_make_valid (words, -1);
  g_autofree char *brief = g_utf8_strlen (valid, -1) > WORDS_MAX_CHARS
                               ? g_utf8_substring (valid, 0, WORDS_MAX_CHARS)
                               : g_steal_pointer (&valid);
  return g_error_new (BUS_ERROR, meaning->code, "%s: %s", meaning->sentence, brief);
}

gboolean
daemon_music_fault_is_passing (const GError *error, guint status)
{
  g_return_val_if_fail (error != NULL, FALSE);
  if (error->domain != DAEMON_TRANSPORT_ERROR)
    return FALSE;
  if (error->code != DAEMON_TRANSPORT_ERROR_STATUS)
    return TRUE;
  return status >= 500 || status == 408;
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon/daemon-music-caller.h"
#include "dbus/bus-errors.h"
#include "test-house.h"

G_BEGIN_DECLS

#define SERVICE_ENDPOINT "http://127.0.0.1:4000/music"

#define ANSWER(namespace, name, payload)                                                           \
  "{\"header\":{\"messageId\":\"m\",\"namespace\":\"" namespace "\",\"name\":\"" name              \
                                                                "\",\"payloadVersion\":\"1.0\"},"  \
                                                                "\"payload\":" payload "}"
#define ITEM(until)                                                                                \
  "{\"id\":\"i2\",\"playbackInfo\":{\"type\":\"DEFAULT\"},\"metadata\":{\"type\":\"TRACK\","       \
  "\"name\":{\"speech\":{\"type\":\"PLAIN_TEXT\",\"text\":\"Noon\"},\"display\":\"Noon\"}},"       \
  "\"controls\":[],\"stream\":{\"id\":\"s\",\"uri\":\"https://media.example/2?key=signature\","    \
  "\"validUntil\":\"" until "\"}}"
#define FUTURE "2099-01-01T00:00:00Z"
#define GOT_ITEM                                                                                   \
  ANSWER ("Alexa.Audio.PlayQueue", "GetItem.Response", "{\"item\":" ITEM (FUTURE) "}")
#define GOT_NEXT                                                                                   \
  ANSWER ("Alexa.Audio.PlayQueue", "GetNextItem.Response",                                         \
          "{\"isQueueFinished\":false,\"item\":" ITEM (FUTURE) "}")
#define GOT_RESPONSE ANSWER ("Alexa", "Response", "{}")

/**
 * Service:
 *
 * A #House that knows the music service "library", with a token in a file, and its caller.
 */
typedef struct
{
  House house;
  DaemonMusicConfig *config; /* owned by the house's configuration */
  DaemonMusicCaller *caller; /* (owned) (nullable) */
  char *token_file;          /* (owned) */
  guint n_link_changes;
  guint n_called;
  AlexaMusicAnswer *answer; /* (owned) (nullable): of the last call; so the others */
  DaemonMusicMoment received;
  GError *error; /* (owned) (nullable) */
  AlexaMusicErrorType error_type;
} Service;

void service_set_up (Service *f, gconstpointer data);
void service_tear_down (Service *f, gconstpointer data);

void service_set_token (Service *f, const char *token);
/* A request with all that any message needs. @user: with GetNextItem, the user asks for it. */
AlexaMusicRequest *service_make_request (AlexaMusicMessage message, gboolean user);
/* What a call is answered with: remembered in @user_data, a #Service. */
void service_answered (AlexaMusicAnswer *answer,
                       const DaemonMusicMoment *received,
                       const GError *error,
                       AlexaMusicErrorType error_type,
                       gpointer user_data);
/* Forgets what the last call was answered with. */
void service_forget (Service *f);
/* Asks, and lets happen what can. Returns: the call's id */
guint service_ask (Service *f, AlexaMusicMessage message, gboolean user);
/* Answers the oldest request with an ErrorResponse. */
void service_refuse (Service *f, const char *namespace, const char *type);

guint service_count_waiting (Service *f);
/* What the oldest request that waits has at @path. */
void service_assert_body (Service *f, const char *path, const char *expected);
/* The last call is over, with an error, and no request waits. */
void service_assert_failed (Service *f, int code, AlexaMusicErrorType type);
void service_assert_link (Service *f, DaemonMusicLink link);

G_END_DECLS

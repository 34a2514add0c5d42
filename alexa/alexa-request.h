/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <json-glib/json-glib.h>

#include "alexa-session.h"
#include "player/player-types.h"

G_BEGIN_DECLS

typedef enum
{
  ALEXA_REQUEST_LAUNCH,
  ALEXA_REQUEST_INTENT,
  ALEXA_REQUEST_CAN_FULFILL_INTENT,
  ALEXA_REQUEST_SESSION_ENDED,
  ALEXA_REQUEST_PLAYBACK_STARTED,
  ALEXA_REQUEST_PLAYBACK_NEARLY_FINISHED,
  ALEXA_REQUEST_PLAYBACK_FINISHED,
  ALEXA_REQUEST_PLAYBACK_STOPPED,
  ALEXA_REQUEST_PLAYBACK_FAILED,
  ALEXA_REQUEST_PLAY_COMMAND,
  ALEXA_REQUEST_PAUSE_COMMAND,
  ALEXA_REQUEST_NEXT_COMMAND,
  ALEXA_REQUEST_PREVIOUS_COMMAND,
  ALEXA_REQUEST_EXCEPTION_ENCOUNTERED,
} AlexaRequestType;

/* The wire name, e.g. "AudioPlayer.PlaybackStarted", "PlaybackController.NextCommandIssued". */
const char *alexa_request_type_to_string (AlexaRequestType type);
/* TRUE if found. */
gboolean alexa_request_type_from_string (const char *string, AlexaRequestType *type);
/* LaunchRequest, IntentRequest, CanFulfillIntentRequest, SessionEndedRequest: these carry `session`.
 */
gboolean alexa_request_type_has_session (AlexaRequestType type);

typedef enum
{
  ALEXA_ENDED_USER_INITIATED,
  ALEXA_ENDED_ERROR,
  ALEXA_ENDED_EXCEEDED_MAX_REPROMPTS,
} AlexaEndedReason;

const char *alexa_ended_reason_to_string (AlexaEndedReason reason);

/* The 17 locales of the Request and Response JSON Reference, NULL-terminated. */
const char *const *alexa_locales (void);

/* "amzn1.echo-api.request.<uuid-v4>"; (transfer full) */
char *alexa_request_id_new (void);

/**
 * AlexaSlot:
 *
 * A slot given by whoever sends an intent; sent with `value` and `slotValue`.
 */
typedef struct
{
  char *name;  /* (owned) */
  char *value; /* (owned) (nullable): an empty slot */
} AlexaSlot;

AlexaSlot *alexa_slot_new (const char *name, const char *value);
void alexa_slot_free (AlexaSlot *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlexaSlot, alexa_slot_free)

/**
 * AlexaRequest:
 *
 * What is to be told or asked, as a value without envelope, time or signature: those are made anew
 * for each attempt. Only members of the type are meaningful.
 */
typedef struct
{
  gatomicrefcount ref_count;
  AlexaRequestType type;
  char *request_id;        /* (owned) stays over retries */
  char *intent_name;       /* (owned) (nullable) INTENT, CAN_FULFILL_INTENT */
  GPtrArray *slots;        /* (owned) (nullable) (element-type AlexaSlot) same */
  AlexaEndedReason reason; /* SESSION_ENDED */
  char *error_type;        /* (owned) (nullable) ENDED by ERROR, EXCEPTION, PLAYBACK_FAILED */
  char *error_message;     /* (owned) (nullable) same */
  char *cause_request_id;  /* (owned) (nullable) EXCEPTION_ENCOUNTERED */
  char *token;             /* (owned) (nullable) PLAYBACK_* */
  gint64 offset_ms;        /* PLAYBACK_* but FAILED */
  char *state_activity;    /* (owned) (nullable) PLAYBACK_FAILED: currentPlaybackState */
  char *state_token;       /* (owned) (nullable) PLAYBACK_FAILED; NULL: no token, no offset */
  gint64 state_offset_ms;  /* PLAYBACK_FAILED */
} AlexaRequest;

AlexaRequest *alexa_request_new (AlexaRequestType type); /* LAUNCH and the four buttons */
/* @slots: (element-type AlexaSlot) (transfer none) (nullable) */
AlexaRequest *alexa_request_new_intent (const char *name, GPtrArray *slots);
/**
 * alexa_request_new_can_fulfill:
 * @slots: (element-type AlexaSlot) (transfer none) (nullable)
 *
 * The question whether the skill could serve the intent. Nobody hears the answer: it may have no
 * effect, and it brings `canFulfillIntent`. (Request Types Reference, CanFulfillIntentRequest)
 */
AlexaRequest *alexa_request_new_can_fulfill (const char *name, GPtrArray *slots);
AlexaRequest *alexa_request_new_session_ended (AlexaEndedReason reason,
                                               const char *error_type,
                                               const char *error_message);
AlexaRequest *alexa_request_new_playback (const PlayerReport *report);
AlexaRequest *alexa_request_new_exception (const char *error_type,
                                           const char *error_message,
                                           const char *cause_request_id);
AlexaRequest *alexa_request_ref (AlexaRequest *self);
void alexa_request_unref (AlexaRequest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlexaRequest, alexa_request_unref)

/* The request object without requestId, timestamp and locale, for the outbox; and back.
 * from_node: (transfer full) (nullable) with @error set (G_IO_ERROR_INVALID_DATA). */
JsonNode *alexa_request_to_node (const AlexaRequest *self);
AlexaRequest *alexa_request_from_node (JsonNode *node, const char *request_id, GError **error);

/**
 * AlexaEnvelope:
 *
 * All that surrounds a request; everything is borrowed for the call. What is %NULL is not sent.
 * (Request and Response JSON Reference, Session, Context, System and Advertising object)
 */
typedef struct
{
  const char *application_id;
  const char *user_id;
  const char *user_access_token;   /* (nullable) account linking */
  const char *person_id;           /* (nullable) in requests that somebody speaks only */
  const char *person_access_token; /* (nullable) sent with person_id only */
  const char *unit_id;             /* (nullable) */
  const char *persistent_unit_id;  /* (nullable) */
  const char *device_id;
  const char *persistent_endpoint_id; /* (nullable) */
  const char *advertising_id;         /* (nullable) a UUID; without it there is no Advertising */
  gboolean limit_ad_tracking;         /* sent with advertising_id only */
  const char *api_endpoint;
  const char *api_access_token;
  const char *locale;
  const AlexaSession *session;    /* (nullable) used by the session requests only */
  const PlayerSnapshot *snapshot; /* context.AudioPlayer */
  gboolean owns_audio; /* this skill supplied the most recent stream: token and offset go in */
  gboolean audio_context_in_events; /* context.AudioPlayer in AudioPlayer.* and System.* too */
  gint64 now_s;                     /* Unix time of sending, s */
} AlexaEnvelope;

/**
 * alexa_request_build:
 *
 * The exact bytes of the body to send: version, session where it belongs, context,
 * request with requestId, timestamp and locale.
 *
 * Returns: (transfer full)
 */
GBytes *alexa_request_build (const AlexaRequest *self, const AlexaEnvelope *envelope);

G_END_DECLS

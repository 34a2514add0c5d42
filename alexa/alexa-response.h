/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <json-glib/json-glib.h>

#include "alexa-directive.h"
#include "alexa-lint.h"
#include "alexa-request.h"
#include "player/player-types.h"
#include "player/player-utterance.h"

G_BEGIN_DECLS

#define ALEXA_RESPONSE_MAX_BYTES (120 * 1024)

#define ALEXA_RESPONSE_ERROR (alexa_response_error_quark ())
GQuark alexa_response_error_quark (void);

typedef enum
{
  ALEXA_RESPONSE_ERROR_NOT_JSON,  /* fails alexa_json_parse(); message says where */
  ALEXA_RESPONSE_ERROR_TOO_LARGE, /* beyond ALEXA_RESPONSE_MAX_BYTES */
  ALEXA_RESPONSE_ERROR_TYPE,      /* a member has a wrong JSON type; message names its path */
  ALEXA_RESPONSE_ERROR_NULL,      /* no `response` where needed: "SpeechletResponse was null" */
} AlexaResponseError;

typedef enum
{
  ALEXA_END_SESSION_ABSENT,
  ALEXA_END_SESSION_NULL,
  ALEXA_END_SESSION_TRUE,
  ALEXA_END_SESSION_FALSE,
} AlexaEndSession;

typedef enum
{
  ALEXA_SPEECH_PLAIN_TEXT,
  ALEXA_SPEECH_SSML,
} AlexaSpeechType;

/* So long may all recordings of a speech, of a reprompt, be together. */
#define ALEXA_SPEECH_MAX_AUDIO_MS 240000
#define ALEXA_REPROMPT_MAX_AUDIO_MS 90000

/**
 * AlexaSpeech:
 * @text: the text or the SSML document, as it came
 * @parts: (element-type PlayerSpeechPart): what is to be said; of a broken document the words that
 *   can be made out. Empty if there is nothing to be heard
 * @max_audio_ms: so long may all recordings in it be together
 */
typedef struct
{
  AlexaSpeechType type;
  char *text; /* (owned) */
  PlayerPlayBehavior play_behavior;
  GPtrArray *parts; /* (owned) (element-type PlayerSpeechPart) */
  gint64 max_audio_ms;
} AlexaSpeech;

/**
 * AlexaCard:
 *
 * All four types; members not of the type are %NULL.
 */
typedef struct
{
  char *type;    /* (owned) "Simple", "Standard", "LinkAccount", "AskForPermissionsConsent" */
  char *title;   /* (owned) (nullable) */
  char *content; /* (owned) (nullable) */
  char *text;    /* (owned) (nullable) */
  char *small_image_url; /* (owned) (nullable) */
  char *large_image_url; /* (owned) (nullable) */
  GStrv permissions;     /* (owned) (nullable) */
} AlexaCard;

/**
 * AlexaResponse:
 * @root: the whole document, but for the value of `sessionAttributes`, which is null here
 * @has_response: whether there was a `response` object
 * @session_attributes: (nullable): the member, an object, byte for byte; %NULL if absent or null
 * @directives: (element-type AlexaDirective): all, in order, known or not
 * @findings: (element-type AlexaFinding): all lint findings
 *
 * An answer of a skill, every member of the response format parsed and kept.
 */
typedef struct
{
  gatomicrefcount ref_count;
  JsonNode *root; /* (owned) */
  gboolean has_response;
  char *version;                  /* (owned) (nullable) */
  GBytes *session_attributes;     /* (owned) (nullable) */
  AlexaSpeech *speech;            /* (owned) (nullable) */
  AlexaSpeech *reprompt;          /* (owned) (nullable) */
  GPtrArray *reprompt_directives; /* (owned) (element-type AlexaDirective) */
  AlexaCard *card;                /* (owned) (nullable) */
  JsonNode *card_node;            /* (owned) (nullable) the card as it came */
  GPtrArray *directives;          /* (owned) (element-type AlexaDirective) */
  AlexaEndSession should_end_session;
  JsonNode *can_fulfill_intent; /* (owned) (nullable) */
  JsonNode *api_response;       /* (owned) (nullable) */
  GPtrArray *findings;          /* (owned) (element-type AlexaFinding) */
} AlexaResponse;

/**
 * alexa_response_parse:
 * @bytes: the body of the answer
 * @request_type: what it answers; decides what it may hold
 * @http_media: whether plain http media URLs are taken (skill on a loopback address)
 * @origin: name of the skill; stored in every #PlayerItem
 * @error: #AlexaResponseError
 *
 * Parses leniently: what a real skill meant is kept, each fault becomes a finding. Members
 * not allowed in the answer to @request_type are parsed, found fault with, and then *dropped* from
 * the result (speech, card, reprompt, shouldEndSession, sessionAttributes %NULL or absent;
 * forbidden directives have their command removed and `refused` set), so that the caller may act on
 * all that is there.
 *
 * Returns: (transfer full): the answer, or %NULL if it is void as a whole
 */
AlexaResponse *alexa_response_parse (GBytes *bytes,
                                     AlexaRequestType request_type,
                                     gboolean http_media,
                                     const char *origin,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What is wrong with an answer that is void, @error (#AlexaResponseError), as a finding.
 * (transfer full) */
AlexaFinding *alexa_response_error_to_finding (const GError *error);

/* Whether anybody looks at the answer to @type; if not, it cannot be wrong. */
gboolean alexa_response_is_wanted (AlexaRequestType type);

/* Whether the session goes on after @self, the answer to a LaunchRequest or IntentRequest. Without a
 * screen a missing `shouldEndSession` ends it, unless a dialog goes on. */
gboolean alexa_response_keeps_session (const AlexaResponse *self);

AlexaResponse *alexa_response_ref (AlexaResponse *self);
void alexa_response_unref (AlexaResponse *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlexaResponse, alexa_response_unref)

G_END_DECLS

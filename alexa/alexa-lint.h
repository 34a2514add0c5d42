/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ALEXA_SEVERITY_INFO,    /* works, but differs from the documentation */
  ALEXA_SEVERITY_WARNING, /* the Alexa service or some devices treat it differently */
  ALEXA_SEVERITY_ERROR,   /* the Alexa service refuses the whole answer */
} AlexaSeverity;

/* "info", "warning", "error" */
const char *alexa_severity_to_string (AlexaSeverity severity);

/**
 * AlexaLint:
 *
 * All that can be found fault with, grouped by the part of the answer; MUSIC_* in answers of music
 * skills. CONTENT_TYPE, STOP_INTENT_SESSION_OPEN, SPEECH_AUDIO_TOO_LONG and MUSIC_VALID_UNTIL_PAST are
 * not found by the codec: they are for whoever knows the HTTP headers, the intent, the length of
 * recordings, and the time.
 */
typedef enum
{
  ALEXA_LINT_BODY_BOM,
  ALEXA_LINT_BODY_LARGE,
  ALEXA_LINT_BODY_CHARACTER,
  ALEXA_LINT_BODY_NUMBER,
  ALEXA_LINT_BODY_TOO_LARGE,
  ALEXA_LINT_BODY_NOT_JSON,
  ALEXA_LINT_BODY_STRUCTURE,
  ALEXA_LINT_CONTENT_TYPE,
  ALEXA_LINT_VERSION,
  ALEXA_LINT_RESPONSE_MISSING,
  ALEXA_LINT_ANSWER_IGNORED,
  ALEXA_LINT_EMPTY_OBJECT,
  ALEXA_LINT_MEMBER_TYPE,
  ALEXA_LINT_TEXT_UTF16,
  ALEXA_LINT_SESSION_ATTRIBUTES_IGNORED,
  ALEXA_LINT_SESSION_ATTRIBUTES_ARRAY,
  ALEXA_LINT_END_SESSION_FORBIDDEN,
  ALEXA_LINT_STOP_INTENT_SESSION_OPEN,
  ALEXA_LINT_SPEECH_FORBIDDEN,
  ALEXA_LINT_SPEECH_TYPE,
  ALEXA_LINT_SPEECH_TEXT_MISSING,
  ALEXA_LINT_SPEECH_PLAY_BEHAVIOR,
  ALEXA_LINT_SPEECH_TOO_LONG,
  ALEXA_LINT_SPEECH_NO_SPEAK_ELEMENT,
  ALEXA_LINT_SPEECH_SSML_INVALID,
  ALEXA_LINT_SPEECH_AUDIO_COUNT,
  ALEXA_LINT_SPEECH_AUDIO_TOO_LONG,
  ALEXA_LINT_SPEECH_SSML_IGNORED,
  ALEXA_LINT_SPEECH_SSML_LIMITED,
  ALEXA_LINT_SPEECH_VOICE_UNKNOWN,
  ALEXA_LINT_SPEECH_AUDIO_HTTP,
  ALEXA_LINT_SPEECH_AUDIO_SOUNDBANK,
  ALEXA_LINT_REPROMPT_FORBIDDEN,
  ALEXA_LINT_REPROMPT_UNUSED,
  ALEXA_LINT_REPROMPT_DIRECTIVE,
  ALEXA_LINT_CARD_FORBIDDEN,
  ALEXA_LINT_CARD_TYPE,
  ALEXA_LINT_CARD_MEMBER_UNUSED,
  ALEXA_LINT_CARD_PERMISSIONS_MISSING,
  ALEXA_LINT_CARD_IMAGE_URL_TOO_LONG,
  ALEXA_LINT_CARD_TOO_LONG,
  ALEXA_LINT_CAN_FULFILL_MISSING,
  ALEXA_LINT_CAN_FULFILL_VALUE,
  ALEXA_LINT_DIRECTIVE_TYPE,
  ALEXA_LINT_DIRECTIVE_UNSUPPORTED,
  ALEXA_LINT_DIRECTIVE_SCREEN,
  ALEXA_LINT_DIRECTIVE_APLA,
  ALEXA_LINT_DIRECTIVE_FORBIDDEN,
  ALEXA_LINT_DIRECTIVE_PAYLOAD_TOO_LARGE,
  ALEXA_LINT_DIALOG_SESSION_ENDS,
  ALEXA_LINT_DIALOG_SLOT_MISSING,
  ALEXA_LINT_DIALOG_SLOT_VALUE_TOO_LONG,
  ALEXA_LINT_VIDEO_END_SESSION,
  ALEXA_LINT_PLAY_FORBIDDEN,
  ALEXA_LINT_PLAY_MORE_THAN_ONE,
  ALEXA_LINT_PLAY_CUTS_CURRENT,
  ALEXA_LINT_PLAY_SESSION_OPEN,
  ALEXA_LINT_PLAY_BEHAVIOR_MISSING,
  ALEXA_LINT_PLAY_BEHAVIOR_UNKNOWN,
  ALEXA_LINT_PLAY_STREAM_MISSING,
  ALEXA_LINT_PLAY_URL_MISSING,
  ALEXA_LINT_PLAY_URL_INVALID,
  ALEXA_LINT_PLAY_URL_SCHEME,
  ALEXA_LINT_PLAY_URL_HTTP,
  ALEXA_LINT_PLAY_URL_HTTP_ELSEWHERE,
  ALEXA_LINT_PLAY_URL_ESCAPED,
  ALEXA_LINT_PLAY_URL_TOO_LONG,
  ALEXA_LINT_PLAY_TOKEN_MISSING,
  ALEXA_LINT_PLAY_TOKEN_TYPE,
  ALEXA_LINT_PLAY_TOKEN_INVALID,
  ALEXA_LINT_PLAY_TOKEN_TOO_LONG,
  ALEXA_LINT_PLAY_OFFSET_MISSING,
  ALEXA_LINT_PLAY_OFFSET_TYPE,
  ALEXA_LINT_PLAY_OFFSET_INVALID,
  ALEXA_LINT_PLAY_PREVIOUS_TOKEN_MISSING,
  ALEXA_LINT_PLAY_PREVIOUS_TOKEN_FORBIDDEN,
  ALEXA_LINT_PLAY_PREVIOUS_TOKEN_TYPE,
  ALEXA_LINT_PLAY_PREVIOUS_TOKEN_INVALID,
  ALEXA_LINT_PLAY_METADATA,
  ALEXA_LINT_CLEAR_BEHAVIOR_MISSING,
  ALEXA_LINT_CLEAR_BEHAVIOR_UNKNOWN,
  ALEXA_LINT_MUSIC_NAME,
  ALEXA_LINT_MUSIC_NAMESPACE,
  ALEXA_LINT_MUSIC_VERSION,
  ALEXA_LINT_MUSIC_ERROR_TYPE,
  ALEXA_LINT_MUSIC_RETRY_PERIOD,
  ALEXA_LINT_MUSIC_MEMBER_MISSING,
  ALEXA_LINT_MUSIC_ID_TYPE,
  ALEXA_LINT_MUSIC_URI_HTTP,
  ALEXA_LINT_MUSIC_URI_ESCAPED,
  ALEXA_LINT_MUSIC_OFFSET,
  ALEXA_LINT_MUSIC_DURATION,
  ALEXA_LINT_MUSIC_VALID_UNTIL,
  ALEXA_LINT_MUSIC_VALID_UNTIL_PAST,
  ALEXA_LINT_MUSIC_PLAYBACK_TYPE,
  ALEXA_LINT_MUSIC_CONTROL,
  ALEXA_LINT_MUSIC_CONTROL_ENABLED,
  ALEXA_LINT_MUSIC_ART,
  ALEXA_LINT_MUSIC_RATING,
  ALEXA_LINT_MUSIC_QUEUE_TYPE,
  ALEXA_LINT_MUSIC_QUEUE_RULES,
  ALEXA_LINT_MUSIC_QUEUE_FINISHED,
  ALEXA_LINT_MUSIC_VIEW_ITEM,
  ALEXA_LINT_MUSIC_VIEW_ITEMS,
  ALEXA_N_LINTS
} AlexaLint;

/**
 * AlexaFinding:
 * @id: stable, kebab-case, e.g. "play-token-missing"
 * @voids: whether the whole answer is void where faults are not forgiven (mode `strict`)
 * @path: JSON path of the fault, e.g. "response.directives[0].audioItem.stream.token"
 * @message: one sentence
 * @service_message: (nullable): the service's own words, if they are known; "<id>" stands for the id
 *   of the request
 * @rule: where the rule comes from, e.g. "Request and Response JSON Reference, Response format"
 *
 * Something in an answer that differs from what the protocol asks for.
 */
typedef struct
{
  AlexaLint lint;
  const char *id; /* static */
  AlexaSeverity severity;
  gboolean voids;
  char *path;            /* (owned) */
  char *message;         /* (owned) */
  char *service_message; /* (owned) (nullable) */
  const char *rule;      /* static */
} AlexaFinding;

void alexa_finding_free (AlexaFinding *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlexaFinding, alexa_finding_free)

/**
 * AlexaLintStrict:
 *
 * What the fault does where faults are not forgiven.
 */
typedef enum
{
  ALEXA_LINT_STRICT_BY_SEVERITY, /* an error voids the answer, anything else does not */
  ALEXA_LINT_STRICT_VOIDS,
  ALEXA_LINT_STRICT_TAKES,
} AlexaLintStrict;

/**
 * AlexaLintRule:
 * @id: stable, kebab-case; the name of #AlexaLint in lower case
 * @rule: where the rule comes from
 * @sentence: what is said when nothing more exact is known
 * @service: (nullable): what the service says, as far as known; if it is the @sentence, the service
 *   says whatever a finding says
 */
typedef struct
{
  const char *id;
  AlexaSeverity severity;
  const char *rule;
  const char *sentence;
  const char *service;
  AlexaLintStrict strict;
} AlexaLintRule;

/* @lint: below %ALEXA_N_LINTS; (transfer none) */
const AlexaLintRule *alexa_lint_rule (AlexaLint lint);

/* Whether a fault under @rule voids the whole answer in mode `strict`. */
gboolean alexa_lint_rule_voids (const AlexaLintRule *rule);

/* @message: (nullable): the rule's sentence if %NULL; (transfer full) */
AlexaFinding *alexa_finding_new (AlexaLint lint, const char *path, const char *message);

/* Appends a finding at @path, or at @path.@member if @member (nullable) is given. */
void alexa_lint_add (GPtrArray *findings, AlexaLint lint, const char *path, const char *member);
void alexa_lint_add_message (GPtrArray *findings,
                             AlexaLint lint,
                             const char *path,
                             const char *member,
                             const char *format,
                             ...) G_GNUC_PRINTF (5, 6);

/* What the skill is told of @self in the answer to the request @request_id: the service's words if
 * they are known, else the finding's. (transfer full) */
char *alexa_finding_to_skill_message (const AlexaFinding *self, const char *request_id);

/* (nullable) (transfer none): the finding of @findings (element-type AlexaFinding) for which the
 * whole answer is void in mode `strict`: what may not be there at all before what is wrong in itself,
 * and where the service's words are known before where they are not; else the first. */
const AlexaFinding *alexa_lint_find_void (const GPtrArray *findings);

G_END_DECLS

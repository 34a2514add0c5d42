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
 * AlexaFinding:
 * @id: stable, kebab-case, e.g. "play-token-missing"
 * @path: JSON path of the fault, e.g. "response.directives[0].audioItem.stream.token"
 * @message: one sentence
 * @rule: where the rule comes from, e.g. "Request and Response JSON Reference, Response format"
 *
 * Something in an answer that differs from what the protocol asks for.
 */
typedef struct
{
  const char *id; /* static */
  AlexaSeverity severity;
  char *path;       /* (owned) */
  char *message;    /* (owned) */
  const char *rule; /* static */
} AlexaFinding;

void alexa_finding_free (AlexaFinding *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlexaFinding, alexa_finding_free)

/**
 * AlexaLint:
 *
 * All that can be found fault with, grouped by the part of the answer. CONTENT_TYPE and
 * STOP_INTENT_SESSION_OPEN are not found by the codec: they are for whoever knows the HTTP headers
 * and the intent.
 */
typedef enum
{
  ALEXA_LINT_BODY_BOM,
  ALEXA_LINT_BODY_LARGE,
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
  ALEXA_LINT_REPROMPT_FORBIDDEN,
  ALEXA_LINT_REPROMPT_UNUSED,
  ALEXA_LINT_REPROMPT_DIRECTIVE,
  ALEXA_LINT_CARD_FORBIDDEN,
  ALEXA_LINT_CARD_TYPE,
  ALEXA_LINT_CARD_MEMBER_UNUSED,
  ALEXA_LINT_CARD_PERMISSIONS_MISSING,
  ALEXA_LINT_CARD_IMAGE_URL_TOO_LONG,
  ALEXA_LINT_CARD_TOO_LONG,
  ALEXA_LINT_DIRECTIVE_TYPE,
  ALEXA_LINT_DIRECTIVE_UNSUPPORTED,
  ALEXA_LINT_DIRECTIVE_SCREEN,
  ALEXA_LINT_DIRECTIVE_APLA,
  ALEXA_LINT_DIRECTIVE_FORBIDDEN,
  ALEXA_LINT_DIRECTIVE_PAYLOAD_TOO_LARGE,
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
  ALEXA_N_LINTS
} AlexaLint;

/**
 * AlexaLintRule:
 * @id: stable, kebab-case; the name of #AlexaLint in lower case
 * @rule: where the rule comes from
 * @sentence: what is said when nothing more exact is known
 */
typedef struct
{
  const char *id;
  AlexaSeverity severity;
  const char *rule;
  const char *sentence;
} AlexaLintRule;

/* @lint: below %ALEXA_N_LINTS; (transfer none) */
const AlexaLintRule *alexa_lint_rule (AlexaLint lint);

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

G_END_DECLS

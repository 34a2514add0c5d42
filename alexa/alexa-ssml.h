/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "alexa-lint.h"
#include "player/player-utterance.h"

G_BEGIN_DECLS

/**
 * ALEXA_SSML_ERROR:
 *
 * Why a document is no SSML of the Alexa service. Every message names line, column and what was
 * found there.
 */
#define ALEXA_SSML_ERROR (alexa_ssml_error_quark ())
GQuark alexa_ssml_error_quark (void);

typedef enum
{
  ALEXA_SSML_ERROR_SYNTAX,    /* not well-formed: a stray & or <, tags that do not match */
  ALEXA_SSML_ERROR_ROOT,      /* not one speak element around everything */
  ALEXA_SSML_ERROR_ELEMENT,   /* an element the service does not know, or in a wrong place */
  ALEXA_SSML_ERROR_ATTRIBUTE, /* an unknown or missing attribute, or a value that is not allowed */
} AlexaSsmlError;

/**
 * alexa_ssml_parse:
 * @ssml: the document as the skill sent it
 * @path: its JSON path, for findings
 * @findings: (element-type AlexaFinding): takes what is odd but no fault (e.g. more than five
 *   recordings)
 * @error: #AlexaSsmlError
 *
 * Reads a document of the Alexa service's SSML strictly and turns it into parts: each stretch of
 * words becomes a document of W3C SSML in which every open element is opened anew, each `audio` a
 * recording, each `break` a silence. The service's own elements and attributes are mapped where
 * W3C SSML has a like.
 *
 * Returns: (transfer full) (element-type PlayerSpeechPart): the parts, may be empty, or %NULL
 */
GPtrArray *alexa_ssml_parse (const char *ssml,
                             const char *path,
                             GPtrArray *findings,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes recordings over plain http out of @parts, each with a finding at @path: for skills that may not
 * have the player fetch them. */
void alexa_ssml_refuse_http (GPtrArray *parts, const char *path, GPtrArray *findings);

/* (transfer full) (element-type PlayerSpeechPart): @text, to be said as it is: one part, or none if
 * there is nothing but white space. */
GPtrArray *alexa_ssml_from_text (const char *text);

/* (transfer full): the words of @ssml for a screen: without elements, white space folded, aliases
 * and alternatives in place; of a broken document whatever can be made out. */
char *alexa_ssml_to_text (const char *ssml);

G_END_DECLS

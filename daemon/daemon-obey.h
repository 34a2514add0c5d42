/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-context.h"

G_BEGIN_DECLS

/**
 * DaemonAnswered:
 * @skill: name of the skill that answered, "" for none
 * @request_type: what it answered
 * @request_id: under which the steps are told
 * @response: its answer
 *
 * An answer to be obeyed; everything is borrowed for the call.
 */
typedef struct
{
  const char *skill;
  AlexaRequestType request_type;
  const char *request_id;
  AlexaResponse *response;
} DaemonAnswered;

/* Tells all findings. */
void daemon_obey_tell_findings (DaemonContext *context, const DaemonAnswered *answered);

/* Tells the finding for which nothing can be made of an answer of @skill: @error is of
 * #AlexaResponseError, or %DAEMON_TRANSPORT_ERROR_TOO_LARGE; any other tells nothing. */
void daemon_obey_tell_void (DaemonContext *context,
                            const char *skill,
                            const char *request_id,
                            const GError *error);

/* Carries out the directives in their order and tells what became of each. @why_not: (nullable): a
 * sentence why none is carried out. */
void daemon_obey_directives (DaemonContext *context,
                             const DaemonAnswered *answered,
                             const char *why_not);

/* Tells speech and card. */
void daemon_obey_tell_words (DaemonContext *context, const DaemonAnswered *answered);

/* Has the speech spoken, which has been told. @why_not: (nullable): a sentence why it is not. */
void
daemon_obey_speech (DaemonContext *context, const DaemonAnswered *answered, const char *why_not);

/* Tells the reprompt and has it spoken. */
void daemon_obey_reprompt (DaemonContext *context, const DaemonAnswered *answered);

/* Tells and speaks what a skill wants said while it prepares its answer. @asked: without a response. */
void
daemon_obey_progressive (DaemonContext *context, const DaemonAnswered *asked, AlexaSpeech *speech);

/**
 * daemon_obey_document:
 * @skill: name of the skill that is taken to have answered; its streams will be of that origin
 * @http_media: whether plain http media URLs are taken
 * @strict: whether any fault voids the document
 * @request: what it is taken to answer
 * @error: BUS_ERROR_INVALID_RESPONSE
 *
 * Obeys a document that was handed over, and tells all steps but the request.
 *
 * Returns: (transfer full): the answer, or %NULL if it is void
 */
AlexaResponse *daemon_obey_document (DaemonContext *context,
                                     const char *skill,
                                     gboolean http_media,
                                     gboolean strict,
                                     AlexaRequest *request,
                                     GBytes *json,
                                     GError **error);

/* (nullable) (transfer none): the finding for which the Alexa service refuses the whole answer. */
const AlexaFinding *daemon_obey_find_error (const AlexaResponse *response);

/* (nullable) (transfer none): the first directive that may not stand in an answer to such a
 * request, as a finding whose message is the service's own. */
const AlexaFinding *daemon_obey_find_forbidden (const AlexaResponse *response);

G_END_DECLS

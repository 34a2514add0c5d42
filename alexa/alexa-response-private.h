/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "alexa-response.h"

G_BEGIN_DECLS

/* The `outputSpeech` of @parent, or NULL if it has none that can be spoken. @is_reprompt: a missing
 * text is no fault. */
AlexaSpeech *alexa_speech_parse (JsonObject *parent,
                                 const char *path,
                                 gboolean is_reprompt,
                                 gboolean http_media,
                                 GPtrArray *findings);
void alexa_speech_free (AlexaSpeech *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlexaSpeech, alexa_speech_free)

/* The `card` of @response, or NULL if it has none that can be shown. */
AlexaCard *alexa_card_parse (JsonObject *response, const char *path, GPtrArray *findings);
void alexa_card_free (AlexaCard *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlexaCard, alexa_card_free)

/* Finds fault with the `canFulfillIntent` of @response, or that there is none. */
void alexa_can_fulfill_lint (JsonObject *response, GPtrArray *findings);

/* What the answer to a request may hold. */
typedef enum
{
  ALEXA_ANSWER_FULL,       /* speech, card, session, all directives */
  ALEXA_ANSWER_QUERY,      /* canFulfillIntent; speech, card and session, to no effect */
  ALEXA_ANSWER_DIRECTIVES, /* AudioPlayer directives only */
  ALEXA_ANSWER_NO_PLAY,    /* AudioPlayer.Stop and ClearQueue only */
  ALEXA_ANSWER_EMPTY,      /* nothing; anything is a fault */
  ALEXA_ANSWER_IGNORED,    /* whatever it is */
} AlexaAnswerKind;

AlexaAnswerKind alexa_answer_kind (AlexaRequestType type);

/* Finds fault with and drops what the answer to @type may not hold. */
void alexa_response_restrict (AlexaResponse *self, AlexaRequestType type);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "alexa-response.h"

G_BEGIN_DECLS

/* Characters of `speech`. */
#define ALEXA_PROGRESSIVE_MAX_SPEECH 600

/* Far more than the longest speech takes, however it is escaped. */
#define ALEXA_PROGRESSIVE_MAX_BYTES 16384

/**
 * ALEXA_PROGRESSIVE_ERROR:
 *
 * Why a directive was refused; the message says where and what is wrong.
 */
#define ALEXA_PROGRESSIVE_ERROR (alexa_progressive_error_quark ())
GQuark alexa_progressive_error_quark (void);

typedef enum
{
  ALEXA_PROGRESSIVE_ERROR_INVALID, /* not what the service takes */
} AlexaProgressiveError;

/**
 * AlexaProgressive:
 *
 * What a skill posts to the directive service while it prepares its answer. (Progressive Response
 * API Reference)
 */
typedef struct
{
  char *request_id;    /* (owned) of the request it is at work on */
  AlexaSpeech *speech; /* (owned) */
} AlexaProgressive;

/**
 * alexa_progressive_parse:
 * @http_media: whether recordings over plain http are taken (skill on a loopback address)
 * @error: #AlexaProgressiveError
 *
 * Reads {"header":{"requestId"},"directive":{"type":"VoicePlayer.Speak","speech"}}. Members beyond
 * these are passed over. A speech that begins with a speak element is SSML, any other plain text.
 */
AlexaProgressive *alexa_progressive_parse (GBytes *bytes,
                                           gboolean http_media,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
void alexa_progressive_free (AlexaProgressive *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlexaProgressive, alexa_progressive_free)

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AlexaSession:
 * @id: "amzn1.echo-api.session.<uuid>"
 * @is_new: true until the first answer
 * @attributes: a JSON object: what the last answer gave in `sessionAttributes`, byte for byte, so that
 *   nothing of it is lost: neither numbers beyond 64 bit, nor 1.0 for 1, nor the order
 *
 * An open session with one skill.
 */
typedef struct
{
  char *id; /* (owned) */
  gboolean is_new;
  GBytes *attributes; /* (owned) */
} AlexaSession;

AlexaSession *alexa_session_new (void);
void alexa_session_free (AlexaSession *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlexaSession, alexa_session_free)

/* An answer came: not new any more; @attributes (nullable) replace the old ones, %NULL keeps them
 * (lenient mode). */
void alexa_session_answered (AlexaSession *self, GBytes *attributes);

/* What a value of `sessionAttributes` is. */
typedef enum
{
  ALEXA_SESSION_ATTRIBUTES_NONE,        /* absent or null */
  ALEXA_SESSION_ATTRIBUTES_EMPTY,       /* {} */
  ALEXA_SESSION_ATTRIBUTES_OBJECT,      /* an object that holds something */
  ALEXA_SESSION_ATTRIBUTES_EMPTY_ARRAY, /* []: what PHP makes of an empty map */
  ALEXA_SESSION_ATTRIBUTES_OTHER,
} AlexaSessionAttributesKind;

/* @raw: (nullable): one JSON value without space around it */
AlexaSessionAttributesKind alexa_session_attributes_kind (GBytes *raw);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * AlexaSession:
 * @id: "amzn1.echo-api.session.<uuid>"
 * @is_new: true until the first answer
 * @attributes: what the last answer gave in `sessionAttributes`, untouched
 *
 * An open session with one skill.
 */
typedef struct
{
  char *id; /* (owned) */
  gboolean is_new;
  JsonObject *attributes; /* (owned) */
} AlexaSession;

AlexaSession *alexa_session_new (void);
void alexa_session_free (AlexaSession *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlexaSession, alexa_session_free)

/* An answer came: not new any more; @attributes (nullable) replace the old ones, %NULL keeps them
 * (lenient mode). */
void alexa_session_answered (AlexaSession *self, JsonObject *attributes);

G_END_DECLS

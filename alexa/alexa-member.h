/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <json-glib/json-glib.h>

#include "alexa-lint.h"

G_BEGIN_DECLS

/* Members of JSON objects as the protocol reads them: null is the same as absent. Private to
 * alexa/. */

/* NULL if absent or null; (transfer none) */
JsonNode *alexa_member_get (JsonObject *object, const char *name);

/* "object", "array", "string", "integer", "number", "boolean", "null" */
const char *alexa_member_type_name (JsonNode *node);

gboolean alexa_member_is_string (JsonNode *node);

/* The member, or NULL if it is absent, null or of another type; the latter is found fault with. An
 * empty object counts as absent too, with a finding. (transfer none) */
const char *alexa_member_get_string (JsonObject *object,
                                     const char *name,
                                     const char *path,
                                     GPtrArray *findings);
JsonObject *alexa_member_get_object (JsonObject *object,
                                     const char *name,
                                     const char *path,
                                     GPtrArray *findings);

/* Text of a string, number or boolean; NULL for everything else. (transfer full) */
char *alexa_member_to_text (JsonNode *node);

/* Whether @text has at most @limit characters (Unicode code points). A text that is longer in
 * UTF-16 units only is found fault with. */
gboolean alexa_member_within (
    const char *text, glong limit, const char *path, const char *member, GPtrArray *findings);

G_END_DECLS

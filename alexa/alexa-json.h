/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * ALEXA_JSON_ERROR:
 *
 * Why a document was refused at the front door. Every message names the byte offset, line and
 * column.
 */
#define ALEXA_JSON_ERROR (alexa_json_error_quark ())
GQuark alexa_json_error_quark (void);

typedef enum
{
  ALEXA_JSON_ERROR_TOO_LARGE, /* more bytes than allowed */
  ALEXA_JSON_ERROR_ENCODING,  /* not UTF-8, or a NUL byte */
  ALEXA_JSON_ERROR_SYNTAX,    /* not one JSON value (RFC 8259); comments, single quotes */
  ALEXA_JSON_ERROR_DEPTH,     /* nested deeper than ALEXA_JSON_MAX_DEPTH */
  ALEXA_JSON_ERROR_DUPLICATE, /* a member name twice in one object */
} AlexaJsonError;

#define ALEXA_JSON_MAX_DEPTH 32

/**
 * AlexaJsonLoss:
 * @n_characters: how many escapes (\\u0000, half a pair of surrogates) became U+FFFD, for no text of
 *   ours can hold them
 * @n_numbers: how many integers beyond 64 bit, and numbers beyond a double, became the nearest double
 *
 * What is good JSON, but could not be kept as it is, and where the first of it stands.
 */
typedef struct
{
  guint n_characters;
  gsize character_at; /* byte, from 0 */
  guint character_line;
  guint character_column;
  guint n_numbers;
  gsize number_at;
  guint number_line;
  guint number_column;
} AlexaJsonLoss;

/**
 * alexa_json_parse_keeping:
 * @bytes: the document; a BOM and white space around the value are accepted
 * @max_bytes: how large it may be
 * @member: (nullable): a member of the root whose value is not read, but kept as it came
 * @raw: (out) (optional) (nullable) (transfer full): that value, checked (but for member names given
 *   twice) and unchanged; the tree holds null in its place
 * @loss: (out): what else was changed
 * @error: #AlexaJsonError
 *
 * As alexa_json_parse().
 */
JsonNode *alexa_json_parse_keeping (GBytes *bytes,
                                    gsize max_bytes,
                                    const char *member,
                                    GBytes **raw,
                                    AlexaJsonLoss *loss,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * alexa_json_parse:
 * @bytes: the document; a BOM and white space around the value are accepted
 * @max_bytes: how large it may be
 * @error: #AlexaJsonError
 *
 * The one strict front door: reads RFC 8259 by itself and builds json-glib's tree, so that nothing
 * is taken that json-glib's own parser would take or bend.
 *
 * Returns: (transfer full): the root, of any JSON type (JSON_NODE_NULL for `null`), or %NULL
 */
JsonNode *
alexa_json_parse (GBytes *bytes, gsize max_bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Compact UTF-8 text of @node: members in their order, integers exact, doubles in a short form that
 * reads back as the same double (with a '.' or an exponent), no trailing NUL counted.
 * (transfer full) */
GBytes *alexa_json_to_bytes (JsonNode *node);

/* The same, with @raw, a JSON value, written as it is in place of @hole, a node within @node. */
GBytes *alexa_json_to_bytes_with (JsonNode *node, JsonNode *hole, GBytes *raw);

G_END_DECLS

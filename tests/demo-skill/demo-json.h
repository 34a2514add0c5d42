/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Members of JSON documents by path ("request.intent.name"); a missing member or one of another
 * type gives NULL or @fallback and is never an error. */
JsonNode *demo_json_get (JsonObject *root, const char *path);
JsonObject *demo_json_get_object (JsonObject *root, const char *path);
const char *demo_json_get_string (JsonObject *root, const char *path);
gint64 demo_json_get_int (JsonObject *root, const char *path, gint64 fallback);

/* The object that @text holds. */
JsonObject *demo_json_parse_object (const char *text, gssize length, GError **error);
/* @object on one line. */
char *demo_json_print (JsonObject *object);

G_END_DECLS

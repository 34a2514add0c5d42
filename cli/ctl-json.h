/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* JSON without a JSON library: the bus hands over documents that are read for display only.
 * An object is an a{sv}, an array an av, null a maybe-variant of nothing; strings, booleans, int64
 * and double are themselves. */

/* The value of @text, a floating reference is never returned; NULL if it is no JSON document or
 * nested deeper than 32. */
GVariant *ctl_json_parse (const char *text);
/* Any GVariant as JSON on one line. */
char *ctl_json_print (GVariant *value);

/* The member at @path ("request.intent.name") of the parsed @root (nullable) as text: strings as they
 * are, numbers and booleans printed; NULL if there is none or it is a container. */
char *ctl_json_get (GVariant *root, const char *path);
/* The object at @path, NULL if there is none. */
GVariant *ctl_json_get_object (GVariant *root, const char *path);

G_END_DECLS

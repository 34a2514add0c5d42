/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Values as people type them; on failure FALSE, and the outputs are untouched. */

/**
 * ctl_parse_position:
 * @relative: (out): whether it began with + or -
 * @ms: (out): signed if relative, else never negative
 *
 * "83", "83.5", "83s", "1:23", "1:02:03", "83500ms", each with + or - before it.
 */
gboolean ctl_parse_position (const char *text, gboolean *relative, gint64 *ms);

/**
 * ctl_parse_volume:
 * @relative: (out): whether it began with + or -
 * @volume: (out): 0.0 … 1.0, or the signed change
 *
 * "40", "40%", "+5", "-5%".
 */
gboolean ctl_parse_volume (const char *text, gboolean *relative, double *volume);

/* "NAME=value" in two; the name may not be empty. */
gboolean ctl_parse_slot (const char *text, char **name, char **value);

G_END_DECLS

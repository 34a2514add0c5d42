/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What lines of the timeline are put together of; all text from outside is made safe and short. */

/* The longest token, and the longest sentence. */
#define CTL_TIMELINE_TOKEN_CHARS 40
#define CTL_TIMELINE_TEXT_CHARS 200

/* "  LABELvalue", if there is a value. */
void ctl_timeline_part (GString *out, const char *label, const char *value);
/* The same of the member at @path of a parsed document. */
void
ctl_timeline_part_member (GString *out, GVariant *document, const char *label, const char *path);
/* The same of one that is a number of milliseconds, as a position. */
void ctl_timeline_part_offset (GString *out, GVariant *document, const char *path);
void ctl_timeline_part_text (GString *out, const char *text);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Text from outside, made safe and short for a terminal: valid UTF-8 on one line without control
 * characters, at most @max_chars characters (0 = any), clipped with an ellipsis. */
char *ctl_text_clean (const char *text, gsize max_chars);

/* "1:23" or "1:02:03"; with @fine "1:23.456"; "-:--" if negative. */
char *ctl_text_position (gint64 ms, gboolean fine);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CtlScreen:
 *
 * Standard output as a scroll of lines with, on a terminal, one live line below them.
 */
typedef struct
{
  gboolean live;  /* whether a line may be rewritten in place */
  gboolean shown; /* whether the live line stands there now */
} CtlScreen;

void ctl_screen_line (CtlScreen *self, const char *line);
/* Replaces the live line; only on a terminal. */
void ctl_screen_live (CtlScreen *self, const char *line);
/* Takes the live line away. */
void ctl_screen_clear (CtlScreen *self);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-screen.h"

#include <stdio.h>

void
ctl_screen_clear (CtlScreen *self)
{
  if (self->shown)
    g_print ("\r\033[K");
  self->shown = FALSE;
  fflush (stdout);
}

void
ctl_screen_line (CtlScreen *self, const char *line)
{
  ctl_screen_clear (self);
  g_print ("%s\n", line);
  fflush (stdout);
}

void
ctl_screen_live (CtlScreen *self, const char *line)
{
  if (!self->live)
    return;
  ctl_screen_clear (self);
  g_print ("%s", line);
  self->shown = TRUE;
  fflush (stdout);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-priority.h"

#include <errno.h>
#include <sys/resource.h>

/* What PulseAudio takes for itself. */
#define NICE (-11)

void
player_gst_priority_raise (void)
{
  /* On Linux this is about the thread. */
  if (setpriority (PRIO_PROCESS, 0, NICE) != 0)
    g_debug ("The output runs at the usual priority: %s", g_strerror (errno));
}

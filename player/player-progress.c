/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/player-progress.h"

/* How long before the end it is said at the latest. */
#define BUFFERED_LEAD_MS 2000
#define LATE_LEAD_MS 5000

gboolean
player_progress_is_nearly_finished (PlayerNearlyFinished policy,
                                    gboolean buffered,
                                    gint64 duration_ms,
                                    gint64 position_ms,
                                    gint64 *wait_ms)
{
  gboolean known = duration_ms >= 0;
  *wait_ms = -1;

  switch (policy)
    {
    case PLAYER_NEARLY_FINISHED_EARLY:
      return known || buffered;

    case PLAYER_NEARLY_FINISHED_LATE:
      if (!known)
        return buffered;
      *wait_ms = MAX (duration_ms - LATE_LEAD_MS - position_ms, 0);
      return *wait_ms == 0;

    case PLAYER_NEARLY_FINISHED_BUFFERED:
    default:
      if (buffered)
        return TRUE;
      if (!known)
        return FALSE;
      *wait_ms = MAX (duration_ms - BUFFERED_LEAD_MS - position_ms, 0);
      return *wait_ms == 0;
    }
}

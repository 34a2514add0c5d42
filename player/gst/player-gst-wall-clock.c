/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "config.h"

#include "player-gst-wall-clock.h"

gboolean
player_gst_wall_clock_is_set (void)
{
  return g_get_real_time () / G_USEC_PER_SEC >= SEGUE_RELEASE_TIME;
}

char *
player_gst_wall_clock_describe_unset (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *day = g_date_time_format (now, "%Y-%m-%d");
  return g_strdup_printf ("the clock of this device is not set (it shows %s)", day);
}

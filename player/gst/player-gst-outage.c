/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-outage.h"

#define FIRST_DELAY_MS 200
#define MAX_DELAY_MS 5000
/* What has played for so long works: if it is lost then, it is another loss. */
#define WORKS_MS 2000

guint
player_gst_outage_lose (PlayerGstOutage *self, gint64 now_us)
{
  const gboolean again
      = self->lost_us != 0 && (self->found_us == 0 || now_us - self->found_us < WORKS_MS * 1000);
  const guint delay_ms = again ? self->delay_ms : 0;

  if (!again)
    self->lost_us = now_us;
  self->found_us = 0;
  self->delay_ms = again ? MIN (delay_ms * 2, MAX_DELAY_MS) : FIRST_DELAY_MS;
  return delay_ms;
}

void
player_gst_outage_find (PlayerGstOutage *self, gint64 now_us)
{
  if (self->lost_us != 0)
    self->found_us = now_us;
}

void
player_gst_outage_hurry (PlayerGstOutage *self)
{
  self->delay_ms = FIRST_DELAY_MS;
}

void
player_gst_outage_forget (PlayerGstOutage *self)
{
  *self = (PlayerGstOutage){ 0 };
}

gboolean
player_gst_outage_is_waiting (const PlayerGstOutage *self)
{
  return self->lost_us != 0 && self->found_us == 0;
}

guint
player_gst_outage_get_waited_ms (const PlayerGstOutage *self, gint64 now_us)
{
  return player_gst_outage_is_waiting (self) ? (guint)((now_us - self->lost_us) / 1000) : 0;
}

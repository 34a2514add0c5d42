/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-gauge.h"

/* The n-th time in succession so much has to wait. */
static const guint wanted_ms[] = { 300, 1000, 2000, 4000, 8000 };
/* So much played without running dry makes good for one time. */
#define QUIET_S 20

void
player_gst_gauge_on_dry (PlayerGstGauge *self)
{
  self->times = MIN (self->times + 1, G_N_ELEMENTS (wanted_ms));
  self->played_frames = 0;
}

void
player_gst_gauge_on_played (PlayerGstGauge *self, guint frames, guint rate)
{
  if (self->times == 0)
    return;
  self->played_frames += frames;
  if (self->played_frames < (guint64)rate * QUIET_S)
    return;
  self->played_frames = 0;
  self->times--;
}

guint
player_gst_gauge_get_wanted_ms (const PlayerGstGauge *self)
{
  return wanted_ms[MAX (self->times, 1) - 1];
}

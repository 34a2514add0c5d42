/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-level.h"

#include <math.h>

#include "player-gst-reader.h"

#define KNEE 0.8f

void
player_gst_ramp_set (PlayerGstRamp *self, double target, guint frames)
{
  self->target = target;
  if (frames == 0)
    self->now = target;
  else
    self->step = (target - self->now) / frames;
}

static void
ramp_advance (PlayerGstRamp *self)
{
  self->now += self->step;
  if (self->step == 0.0 || (self->step > 0.0) == (self->now >= self->target))
    self->now = self->target;
}

void
player_gst_ramp_apply (PlayerGstRamp *self, float *block, guint frames)
{
  if (self->now == 1.0 && self->target == 1.0)
    return;
  for (guint i = 0; i < frames; i++)
    {
      if (self->now != self->target)
        ramp_advance (self);
      for (guint c = 0; c < PLAYER_GST_CHANNELS; c++)
        block[i * PLAYER_GST_CHANNELS + c] *= (float)self->now;
    }
}

void
player_gst_gain_apply (float *block, guint frames, double *now, double target)
{
  const double from = *now;

  *now = target;
  if (from == 1.0 && target == 1.0)
    return;
  for (guint i = 0; i < frames; i++)
    {
      const float gain = (float)(from + (target - from) * (i + 1) / frames);

      for (guint c = 0; c < PLAYER_GST_CHANNELS; c++)
        block[i * PLAYER_GST_CHANNELS + c] *= gain;
    }
}

void
player_gst_limit (float *block, guint frames)
{
  for (guint i = 0; i < frames * PLAYER_GST_CHANNELS; i++)
    {
      const float level = fabsf (block[i]);

      if (level > KNEE)
        block[i]
            = copysignf (KNEE + (1.0f - KNEE) * tanhf ((level - KNEE) / (1.0f - KNEE)), block[i]);
    }
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-level.h"

#include "player-gst-reader.h"

void
player_gst_ramp_set (PlayerGstRamp *self, double target, guint frames)
{
  self->target = target;
  self->left = target == self->now ? 0 : frames;
  if (self->left == 0)
    self->now = target;
  else
    self->step = (target - self->now) / frames;
}

void
player_gst_level_scale (float *block, guint frames, double factor)
{
  const float scale = (float)factor;

  if (factor == 1.0)
    return;
  for (guint i = 0; i < frames * PLAYER_GST_CHANNELS; i++)
    block[i] *= scale;
}

void
player_gst_ramp_apply (PlayerGstRamp *self, float *block, guint frames)
{
  const guint moving = MIN (self->left, frames);

  for (guint i = 0; i < moving; i++)
    {
      const float factor = (float)(self->now + self->step * (i + 1));

      for (guint c = 0; c < PLAYER_GST_CHANNELS; c++)
        block[i * PLAYER_GST_CHANNELS + c] *= factor;
    }
  self->left -= moving;
  self->now = self->left > 0 ? self->now + self->step * moving : self->target;
  player_gst_level_scale (block + moving * PLAYER_GST_CHANNELS, frames - moving, self->now);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-tail.h"

#include <math.h>

#include "player-gst-level.h"

void
player_gst_tail_clear (PlayerGstTail *self)
{
  g_clear_pointer (&self->samples, g_free);
  self->frames = 0;
  self->at = 0;
}

guint
player_gst_tail_left (const PlayerGstTail *self)
{
  return self->frames - self->at;
}

double
player_gst_fade_get_factor (guint at, guint frames)
{
  return sin (G_PI_2 * (at + 1) / (frames + 1));
}

static void
tail_scale (float *frame, double factor)
{
  for (guint c = 0; c < PLAYER_GST_CHANNELS; c++)
    frame[c] *= (float)factor;
}

void
player_gst_fade_apply (PlayerGstFade *self, float *block, guint frames)
{
  for (guint i = 0; i < frames && self->at < self->frames; i++, self->at++)
    tail_scale (block + i * PLAYER_GST_CHANNELS,
                player_gst_fade_get_factor (self->at, self->frames));
}

guint
player_gst_tail_cut (
    PlayerGstTail *self, PlayerGstReader *reader, guint frames, double level, PlayerGstFade *in)
{
  const guint old_left = player_gst_tail_left (self);
  const guint length = MAX (frames, old_left);
  g_autofree float *samples = g_new0 (float, length *PLAYER_GST_CHANNELS);
  const gint64 item_frame = player_gst_reader_get_frame (reader);
  const guint got = player_gst_reader_read (reader, samples, frames);

  player_gst_level_scale (samples, got, level);
  player_gst_fade_apply (in, samples, got);
  for (guint i = 0; i < got; i++)
    tail_scale (samples + i * PLAYER_GST_CHANNELS, player_gst_fade_get_factor (got - 1 - i, got));
  for (guint i = 0; i < old_left * PLAYER_GST_CHANNELS; i++)
    samples[i] += self->samples[self->at * PLAYER_GST_CHANNELS + i];
  player_gst_tail_clear (self);
  if (got == 0 && old_left == 0)
    return 0;
  self->samples = g_steal_pointer (&samples);
  self->frames = MAX (got, old_left);
  self->item_frame = item_frame;
  self->underneath = FALSE;
  return got;
}

guint
player_gst_tail_mix (PlayerGstTail *self, float *block, guint frames)
{
  const guint some = MIN (frames, player_gst_tail_left (self));

  for (guint i = 0; i < some * PLAYER_GST_CHANNELS; i++)
    block[i] += self->samples[self->at * PLAYER_GST_CHANNELS + i];
  self->at += some;
  self->item_frame += some;
  if (player_gst_tail_left (self) == 0)
    player_gst_tail_clear (self);
  return some;
}

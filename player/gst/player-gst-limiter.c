/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-limiter.h"

#include <math.h>
#include <string.h>

#include "player-gst-reader.h"

/* How long before a peak it begins to turn down. */
#define LOOK_AHEAD_MS 5
/* How long it takes to come back, but for a third … */
#define RELEASE_MS 100
/* … and the least by which it comes back in a second, so that it does in the end. */
#define LEAST_RELEASE 0.1f
#define AT_A_TIME 4
#define STEP (2 * AT_A_TIME)
/* 1.0f */
#define FULL_LEVEL_BITS 0x3f800000
/* Negative where they are of a greater level. */
#define ROOM_ABOVE(bits) (FULL_LEVEL_BITS - ((bits)&G_MAXINT32))

/* The bits of some samples, wherever they lie. */
typedef gint32 Several __attribute__ ((vector_size (16), aligned (4), may_alias));
G_STATIC_ASSERT (sizeof (Several) == AT_A_TIME * sizeof (float));

void
player_gst_limiter_init (PlayerGstLimiter *self)
{
  *self = (PlayerGstLimiter){ .gain = 1.0f };
}

void
player_gst_limiter_clear (PlayerGstLimiter *self)
{
  g_clear_pointer (&self->frames, g_free);
}

void
player_gst_limiter_restart (PlayerGstLimiter *self, guint rate)
{
  player_gst_limiter_clear (self);
  player_gst_limiter_init (self);
  self->most = rate * LOOK_AHEAD_MS / 1000;
  self->release = 1000.0f / ((float)rate * RELEASE_MS);
  self->least_release = LEAST_RELEASE / (float)rate;
}

guint
player_gst_limiter_get_kept (const PlayerGstLimiter *self)
{
  return self->kept;
}

void
player_gst_limiter_put_kept (const PlayerGstLimiter *self, float *block)
{
  if (self->kept > 0)
    memcpy (block, self->frames, self->kept * PLAYER_GST_FRAME_BYTES);
}

static float
limiter_find_level (const float *frame)
{
  float level = 0.0f;

  for (guint c = 0; c < PLAYER_GST_CHANNELS; c++)
    level = MAX (level, fabsf (frame[c]));
  return level;
}

/* All that plays comes by here: several samples at a time, without a branch. Floats that are not
 * negative are ordered as their bits are. */
static gboolean
limiter_finds_peak (const float *block, guint frames)
{
  const guint samples = frames * PLAYER_GST_CHANNELS;
  Several room = { 0 }; /* negative: to some of them there was none */
  guint i = 0;

  for (; i + STEP <= samples; i += STEP)
    {
      const Several *bits = (const Several *)(block + i);

      room |= ROOM_ABOVE (bits[0]) | ROOM_ABOVE (bits[1]);
    }
  for (; i < samples; i++)
    if (fabsf (block[i]) > 1.0f)
      return TRUE;
  for (guint k = 0; k < AT_A_TIME; k++)
    if (room[k] < 0)
      return TRUE;
  return FALSE;
}

static void
limiter_keep (PlayerGstLimiter *self, const float *block, guint frames)
{
  self->kept = frames;
  if (frames == 0)
    return;
  if (self->frames == NULL)
    self->frames = g_new (float, self->most *PLAYER_GST_CHANNELS);
  memcpy (self->frames, block, frames * PLAYER_GST_FRAME_BYTES);
}

/* What each frame may be scaled with: enough for itself, and on an even way down to peaks behind it. */
static void
limiter_look_ahead (PlayerGstLimiter *self, const float *block, guint frames, float *gains)
{
  float slope = 0.0f;
  float next = 1.0f;

  for (guint i = frames; i > 0; i--)
    {
      const float level = limiter_find_level (block + (i - 1) * PLAYER_GST_CHANNELS);
      const float own = level > 1.0f ? 1.0f / level : 1.0f;

      next = MIN (next + slope, 1.0f);
      if (own < next)
        {
          next = own;
          slope = (1.0f - own) / (float)MAX (self->most, 1);
        }
      gains[i - 1] = next;
    }
}

/* Scales them, coming back from the last gain slowly. */
static void
limiter_scale (PlayerGstLimiter *self, float *block, guint frames, const float *gains)
{
  for (guint i = 0; i < frames; i++)
    {
      const float risen = self->gain + (1.0f - self->gain) * self->release + self->least_release;

      self->gain = MIN (gains[i], risen); /* those are not above 1 */
      for (guint c = 0; c < PLAYER_GST_CHANNELS; c++)
        {
          float *sample = &block[i * PLAYER_GST_CHANNELS + c];

          *sample = CLAMP (*sample * self->gain, -1.0f, 1.0f);
        }
    }
}

guint
player_gst_limiter_run (PlayerGstLimiter *self, float *block, guint frames, gboolean alert)
{
  const gboolean needed = self->gain < 1.0f || limiter_finds_peak (block, frames);
  const guint kept = alert ? MIN (self->most, frames / 2) : 0;

  limiter_keep (self, block + (frames - kept) * PLAYER_GST_CHANNELS, kept);
  if (needed)
    {
      g_autofree float *gains = g_new (float, frames);

      limiter_look_ahead (self, block, frames, gains);
      limiter_scale (self, block, frames - kept, gains);
    }
  return frames - kept;
}

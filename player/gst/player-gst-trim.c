/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-trim.h"

#define SECOND_NS G_GINT64_CONSTANT (1000000000)
/* How far before the offset a decoder is fed: Opus asks for 80 ms, AAC and Vorbis for one packet,
 * which at 8 kHz are 128 ms. */
#define WARM_UP_NS (SECOND_NS / 5)

struct _PlayerGstTrim
{
  GMutex lock;

  /* under the lock */
  gint64 offset;
  guint offset_rate;
  guint rate; /* of lead, total and base; 0: nothing is known */
  gint64 lead;
  gint64 total;
  gint64 base;
  gboolean landed;
  gboolean counted;
  gboolean live;
};

/* The factors fit into 64 bit each, their product may not. */
static gint64
scale (gint64 value, guint64 to, guint64 from)
{
  return (gint64)(((unsigned __int128)value * to + from / 2) / from);
}

PlayerGstTrim *
player_gst_trim_new (gint64 offset, guint offset_rate)
{
  PlayerGstTrim *self = g_atomic_rc_box_new0 (PlayerGstTrim);

  g_mutex_init (&self->lock);
  self->offset = MAX (offset, 0);
  self->offset_rate = MAX (offset_rate, 1);
  self->total = -1;
  return self;
}

PlayerGstTrim *
player_gst_trim_ref (PlayerGstTrim *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
trim_clear (gpointer data)
{
  PlayerGstTrim *self = data;

  g_mutex_clear (&self->lock);
}

void
player_gst_trim_unref (PlayerGstTrim *self)
{
  g_atomic_rc_box_release_full (self, trim_clear);
}

void
player_gst_trim_set_stream (PlayerGstTrim *self, guint rate, gint64 lead, gint64 total)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->rate = rate;
  self->lead = MAX (lead, 0);
  self->total = MAX (total, -1);
}

void
player_gst_trim_set_landed (PlayerGstTrim *self, gint64 base)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->base = base;
  self->landed = TRUE;
}

void
player_gst_trim_set_counted (PlayerGstTrim *self, gint64 base)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->base = base;
  self->landed = TRUE;
  self->counted = TRUE;
}

void
player_gst_trim_set_live (PlayerGstTrim *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->offset > 0)
    g_message ("The stream is live: it plays from now on, not from the offset");
  self->live = TRUE;
  self->offset = 0;
}

PlayerGstTrimRange
player_gst_trim_get_range (PlayerGstTrim *self, guint rate)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  PlayerGstTrimRange range = { .to = -1, .lands = self->landed, .counted = self->counted };

  if (self->rate > 0)
    {
      range.lead = scale (self->lead, rate, self->rate);
      range.base = scale (self->base, rate, self->rate);
      if (self->total >= 0)
        range.to = range.lead + scale (self->total, rate, self->rate);
    }
  range.from = range.lead + scale (self->offset, rate, self->offset_rate);
  return range;
}

gint64
player_gst_trim_get_start (PlayerGstTrim *self, guint rate)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return scale (self->offset, rate, self->offset_rate);
}

guint64
player_gst_trim_get_seek_ns (PlayerGstTrim *self, guint rate)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  const gint64 lead_ns = self->rate > 0 ? scale (self->lead, SECOND_NS, self->rate) : 0;
  const gint64 offset_ns = scale (self->offset, SECOND_NS, self->offset_rate);

  if (self->landed || self->live || self->offset == 0)
    return 0;
  const gint64 target_ns = MAX (lead_ns + offset_ns - WARM_UP_NS, 0);
  if (rate == 0)
    return (guint64)target_ns;
  return ((guint64)scale (target_ns, rate, SECOND_NS) * SECOND_NS + rate - 1) / rate;
}

gint64
player_gst_trim_get_duration_ns (PlayerGstTrim *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->rate > 0 && self->total >= 0 ? scale (self->total, SECOND_NS, self->rate) : -1;
}

gboolean
player_gst_trim_is_landed (PlayerGstTrim *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->landed;
}

gboolean
player_gst_trim_is_live (PlayerGstTrim *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->live;
}

gboolean
player_gst_trim_has_offset (PlayerGstTrim *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->offset > 0;
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-ring.h"

#include <string.h>

PlayerGstRing *
player_gst_ring_new (gsize capacity)
{
  g_return_val_if_fail (capacity > 0, NULL);

  PlayerGstRing *self = g_new0 (PlayerGstRing, 1);
  self->data = g_malloc (capacity);
  self->capacity = capacity;
  return self;
}

void
player_gst_ring_free (PlayerGstRing *self)
{
  g_free (self->data);
  g_free (self);
}

void
player_gst_ring_push (PlayerGstRing *self, const guint8 *data, gsize length)
{
  g_return_if_fail (length <= self->capacity - self->fill_bytes);

  gsize tail = (self->head + self->fill_bytes) % self->capacity;
  gsize first = MIN (length, self->capacity - tail);
  memcpy (self->data + tail, data, first);
  memcpy (self->data, data + first, length - first);
  self->fill_bytes += length;
}

static void
drop (PlayerGstRing *self, gsize length)
{
  self->fill_bytes -= length;
  self->head = self->fill_bytes == 0 ? 0 : (self->head + length) % self->capacity;
  self->position += length;
}

gsize
player_gst_ring_pull (PlayerGstRing *self, guint8 *data, gsize length)
{
  gsize taken = MIN (length, self->fill_bytes);
  gsize first = MIN (taken, self->capacity - self->head);
  memcpy (data, self->data + self->head, first);
  memcpy (data + first, self->data, taken - first);
  drop (self, taken);
  return taken;
}

gboolean
player_gst_ring_seek (PlayerGstRing *self, guint64 position)
{
  if (position >= self->position && position - self->position <= self->fill_bytes)
    {
      drop (self, position - self->position);
      return TRUE;
    }
  drop (self, self->fill_bytes);
  self->position = position;
  return FALSE;
}

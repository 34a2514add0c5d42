/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PlayerGstRing:
 *
 * A byte ring of fixed size which knows the position of its first byte in the resource. Not
 * thread-safe.
 */
typedef struct
{
  guint8 *data;     /* (owned) */
  gsize capacity;   /* > 0 */
  gsize head;       /* index of the first byte */
  gsize fill_bytes; /* <= capacity */
  guint64 position; /* of the first byte in the resource */
} PlayerGstRing;

PlayerGstRing *player_gst_ring_new (gsize capacity);
void player_gst_ring_free (PlayerGstRing *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerGstRing, player_gst_ring_free)

/* Appends; @length must not exceed what is free. */
void player_gst_ring_push (PlayerGstRing *self, const guint8 *data, gsize length);
/* Takes out up to @length bytes; returns how many. */
gsize player_gst_ring_pull (PlayerGstRing *self, guint8 *data, gsize length);
/* Goes to @position: TRUE if it lay within (what is before it is dropped), else the ring is
 * emptied and begins at @position. */
gboolean player_gst_ring_seek (PlayerGstRing *self, guint64 position);

G_END_DECLS

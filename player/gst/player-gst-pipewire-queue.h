/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PlayerGstPipewireQueue:
 *
 * Frames on their way from one thread that writes to one thread that reads and must never wait. What
 * has been written and not read yet can be cut off again.
 */
typedef struct
{
  guint8 *data; /* (owned) */
  guint frame_bytes;
  guint capacity; /* in frames, a power of two */

  /* Atomic. Both count frames, and run over. */
  gint written;
  gint read;
  gint reading; /* the reader is at it */
} PlayerGstPipewireQueue;

/* Empty; holds at least @frames of @frame_bytes each. Nobody reads meanwhile. */
void player_gst_pipewire_queue_init (PlayerGstPipewireQueue *self, guint frame_bytes, guint frames);
void player_gst_pipewire_queue_clear (PlayerGstPipewireQueue *self);

/* How many frames wait in it. Either thread. */
guint player_gst_pipewire_queue_get_length (PlayerGstPipewireQueue *self);

/* For the writer: puts in as many of @frames as there is room for, and returns how many. @data:
 * (nullable): NULL: silence. */
guint
player_gst_pipewire_queue_write (PlayerGstPipewireQueue *self, const guint8 *data, guint frames);
/* For the writer: takes the last @frames out again, as far as they have not been read; returns how many
 * they were. Waits for a read that is under way, which copies a few kilobytes. */
guint player_gst_pipewire_queue_cut (PlayerGstPipewireQueue *self, guint frames);

/* For the reader, who never waits: takes out at most @frames; returns how many. */
guint player_gst_pipewire_queue_read (PlayerGstPipewireQueue *self, guint8 *data, guint frames);

G_END_DECLS

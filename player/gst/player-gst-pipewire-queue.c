/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-pipewire-queue.h"

#include <string.h>

void
player_gst_pipewire_queue_init (PlayerGstPipewireQueue *self, guint frame_bytes, guint frames)
{
  guint capacity = 1;

  while (capacity < frames)
    capacity *= 2;
  player_gst_pipewire_queue_clear (self);
  self->data = g_malloc ((gsize)capacity * frame_bytes);
  self->frame_bytes = frame_bytes;
  self->capacity = capacity;
}

void
player_gst_pipewire_queue_clear (PlayerGstPipewireQueue *self)
{
  g_free (self->data);
  *self = (PlayerGstPipewireQueue){ 0 };
}

guint
player_gst_pipewire_queue_get_length (PlayerGstPipewireQueue *self)
{
  const guint read = (guint)g_atomic_int_get (&self->read);
  const gint length = (gint)((guint)g_atomic_int_get (&self->written) - read);

  /* Less than nothing: cut off while it was read; the writer is about to see it. */
  return (guint)MAX (length, 0);
}

/* The next @frames from the count @at on, in one piece. (out): how many those are. */
static guint8 *
queue_reach (PlayerGstPipewireQueue *self, guint at, guint frames, guint *reached)
{
  const guint place = at & (self->capacity - 1);

  *reached = MIN (frames, self->capacity - place);
  return self->data + (gsize)place * self->frame_bytes;
}

guint
player_gst_pipewire_queue_write (PlayerGstPipewireQueue *self, const guint8 *data, guint frames)
{
  const guint at = (guint)g_atomic_int_get (&self->written);
  const guint room = self->capacity - player_gst_pipewire_queue_get_length (self);
  const guint some = MIN (frames, room);
  guint reached;

  for (guint done = 0; done < some; done += reached)
    {
      guint8 *place = queue_reach (self, at + done, some - done, &reached);
      const gsize bytes = (gsize)reached * self->frame_bytes;

      if (data != NULL)
        memcpy (place, data + (gsize)done * self->frame_bytes, bytes);
      else
        memset (place, 0, bytes);
    }
  g_atomic_int_set (&self->written, (gint)(at + some));
  return some;
}

/* The reader either sees the new end, or is seen reading; then what it takes stays taken. */
guint
player_gst_pipewire_queue_cut (PlayerGstPipewireQueue *self, guint frames)
{
  const guint end = (guint)g_atomic_int_get (&self->written);
  const guint length = player_gst_pipewire_queue_get_length (self);
  const guint some = MIN (frames, length);

  g_atomic_int_set (&self->written, (gint)(end - some));
  while (g_atomic_int_get (&self->reading))
    g_thread_yield ();
  const guint read = (guint)g_atomic_int_get (&self->read);
  if ((gint)(read - (end - some)) <= 0)
    return some;
  g_atomic_int_set (&self->written, (gint)read);
  return end - read;
}

guint
player_gst_pipewire_queue_read (PlayerGstPipewireQueue *self, guint8 *data, guint frames)
{
  const guint at = (guint)g_atomic_int_get (&self->read);

  g_atomic_int_set (&self->reading, TRUE);
  const guint length = player_gst_pipewire_queue_get_length (self);
  const guint some = MIN (frames, length);
  guint reached;
  for (guint done = 0; done < some; done += reached)
    {
      const guint8 *place = queue_reach (self, at + done, some - done, &reached);

      memcpy (data + (gsize)done * self->frame_bytes, place, (gsize)reached * self->frame_bytes);
    }
  g_atomic_int_set (&self->read, (gint)(at + some));
  g_atomic_int_set (&self->reading, FALSE);
  return some;
}

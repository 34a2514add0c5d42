/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-past.h"

#include "player-gst-reader.h"

static guint64
past_count (GstBuffer *block)
{
  return gst_buffer_get_size (block) / PLAYER_GST_FRAME_BYTES;
}

void
player_gst_past_clear (PlayerGstPast *self)
{
  g_queue_clear_full (&self->blocks, (GDestroyNotify)gst_buffer_unref);
  self->frames = 0;
  self->pending_frames = 0;
}

void
player_gst_past_add (PlayerGstPast *self, GstBuffer *block, guint64 limit)
{
  g_queue_push_tail (&self->blocks, gst_buffer_ref (block));
  self->frames += past_count (block);
  while (self->blocks.length > 0)
    {
      GstBuffer *oldest = g_queue_peek_head (&self->blocks);

      if (self->frames - past_count (oldest) < MAX (limit, self->pending_frames))
        return;
      self->frames -= past_count (oldest);
      gst_buffer_unref (g_queue_pop_head (&self->blocks));
    }
}

void
player_gst_past_cut (PlayerGstPast *self, guint64 frames)
{
  while (frames > 0 && self->blocks.length > 0)
    {
      GstBuffer *newest = g_queue_pop_tail (&self->blocks);
      const guint64 count = past_count (newest);
      const guint64 gone = MIN (count, frames);

      if (gone < count)
        g_queue_push_tail (&self->blocks,
                           gst_buffer_copy_region (newest, GST_BUFFER_COPY_MEMORY, 0,
                                                   (count - gone) * PLAYER_GST_FRAME_BYTES));
      gst_buffer_unref (newest);
      self->frames -= gone;
      frames -= gone;
    }
}

guint64
player_gst_past_rewind (PlayerGstPast *self, guint64 frames)
{
  self->pending_frames = MIN (self->pending_frames + frames, self->frames);
  return self->pending_frames;
}

GstBuffer *
player_gst_past_take (PlayerGstPast *self)
{
  guint64 end = 0; /* of the frames behind those of the block looked at */

  if (self->pending_frames == 0)
    return NULL;
  for (GList *l = self->blocks.tail; l != NULL; l = l->prev)
    {
      const guint64 count = past_count (l->data);

      if (end + count >= self->pending_frames)
        {
          const guint64 skip = end + count - self->pending_frames;

          self->pending_frames = end;
          return gst_buffer_copy_region (l->data, GST_BUFFER_COPY_MEMORY,
                                         skip * PLAYER_GST_FRAME_BYTES, -1);
        }
      end += count;
    }
  return NULL;
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-map.h"

/* A sink holds well under a second; more marks than this within it means a storm of commands. */
#define MAX_MARKS 256

typedef struct
{
  guint64 out_frame;
  guint64 item_id;
  gint64 item_frame;
  gboolean flowing;
} Mark;

struct _PlayerGstMap
{
  GArray *marks; /* (owned) (element-type Mark) by out_frame */
};

PlayerGstMap *
player_gst_map_new (void)
{
  PlayerGstMap *self = g_new0 (PlayerGstMap, 1);

  self->marks = g_array_new (FALSE, FALSE, sizeof (Mark));
  return self;
}

void
player_gst_map_free (PlayerGstMap *self)
{
  g_array_unref (self->marks);
  g_free (self);
}

void
player_gst_map_clear (PlayerGstMap *self)
{
  g_array_set_size (self->marks, 0);
}

static gint64
mark_frame_at (const Mark *mark, guint64 out_frame)
{
  return mark->flowing ? mark->item_frame + (gint64)(out_frame - mark->out_frame)
                       : mark->item_frame;
}

void
player_gst_map_mark (
    PlayerGstMap *self, guint64 out_frame, guint64 item_id, gint64 item_frame, gboolean flowing)
{
  const Mark mark = { out_frame, item_id, item_frame, flowing };

  if (self->marks->len > 0)
    {
      Mark *last = &g_array_index (self->marks, Mark, self->marks->len - 1);

      if (last->item_id == item_id && last->flowing == flowing
          && mark_frame_at (last, out_frame) == item_frame)
        return;
      if (last->out_frame == out_frame)
        {
          *last = mark;
          return;
        }
    }
  if (self->marks->len >= MAX_MARKS)
    g_array_remove_range (self->marks, 0, MAX_MARKS / 2);
  g_array_append_val (self->marks, mark);
}

gboolean
player_gst_map_lookup (const PlayerGstMap *self,
                       guint64 out_frame,
                       guint64 *item_id,
                       gint64 *item_frame)
{
  for (guint i = self->marks->len; i > 0; i--)
    {
      const Mark *mark = &g_array_index (self->marks, Mark, i - 1);

      if (mark->out_frame > out_frame)
        continue;
      *item_id = mark->item_id;
      *item_frame = mark_frame_at (mark, out_frame);
      return TRUE;
    }
  return FALSE;
}

void
player_gst_map_prune (PlayerGstMap *self, guint64 out_frame)
{
  guint gone = 0;

  while (gone + 1 < self->marks->len
         && g_array_index (self->marks, Mark, gone + 1).out_frame <= out_frame)
    gone++;
  if (gone > 0)
    g_array_remove_range (self->marks, 0, gone);
}

void
player_gst_map_cut (PlayerGstMap *self, guint64 out_frame)
{
  guint left = self->marks->len;

  while (left > 0 && g_array_index (self->marks, Mark, left - 1).out_frame > out_frame)
    left--;
  g_array_set_size (self->marks, left);
}

void
player_gst_map_rebase (PlayerGstMap *self, guint64 out_frame)
{
  player_gst_map_prune (self, out_frame);
  for (guint i = 0; i < self->marks->len; i++)
    {
      Mark *mark = &g_array_index (self->marks, Mark, i);

      mark->item_frame
          = mark->out_frame < out_frame ? mark_frame_at (mark, out_frame) : mark->item_frame;
      mark->out_frame = mark->out_frame < out_frame ? 0 : mark->out_frame - out_frame;
    }
}

guint
player_gst_map_get_size (const PlayerGstMap *self)
{
  return self->marks->len;
}

gint64
player_gst_frames_to_ms (gint64 frames, guint rate)
{
  return rate > 0 ? (frames * 1000 + rate / 2) / rate : 0;
}

gint64
player_gst_frames_to_us (gint64 frames, guint rate)
{
  if (rate == 0)
    return 0;
  return frames / rate * G_USEC_PER_SEC + (frames % rate * G_USEC_PER_SEC + rate / 2) / rate;
}

gint64
player_gst_ms_to_frames (gint64 ms, guint rate)
{
  return (ms * rate + 500) / 1000;
}

gint64
player_gst_us_to_frames (gint64 us, guint rate)
{
  /* in two steps: days of µs times the rate would not fit */
  return us / G_USEC_PER_SEC * rate
         + (us % G_USEC_PER_SEC * rate + G_USEC_PER_SEC / 2) / G_USEC_PER_SEC;
}

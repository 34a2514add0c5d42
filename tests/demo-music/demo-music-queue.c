/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "demo-music-queue.h"

#define AD_PREFIX "ad-"

DemoMusicQueue *
demo_music_queue_new (
    const char *id, const char *content_id, GPtrArray *tracks, guint first, guint ads_every)
{
  DemoMusicQueue *self = g_new0 (DemoMusicQueue, 1);
  self->id = g_strdup (id);
  self->content_id = g_strdup (content_id);
  self->plain = g_ptr_array_new ();
  for (guint i = 0; i < tracks->len; i++)
    {
      if (i == first)
        self->first = self->plain->len;
      g_ptr_array_add (self->plain, g_ptr_array_index (tracks, i));
      if (ads_every > 0 && (i + 1) % ads_every == 0)
        g_ptr_array_add (self->plain, NULL);
    }
  self->order = g_ptr_array_copy (self->plain, NULL, NULL);
  return self;
}

void
demo_music_queue_free (DemoMusicQueue *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->content_id);
  g_ptr_array_unref (self->order);
  g_ptr_array_unref (self->plain);
  g_free (self);
}

char *
demo_music_queue_get_item_id (const DemoMusicQueue *self, guint place)
{
  const DemoMusicTrack *track = g_ptr_array_index (self->order, place);
  return track != NULL ? g_strdup (track->id) : g_strdup_printf (AD_PREFIX "%u", place);
}

gboolean
demo_music_queue_find (const DemoMusicQueue *self, const char *item_id, guint *place)
{
  for (guint i = 0; i < self->order->len; i++)
    {
      g_autofree char *id = demo_music_queue_get_item_id (self, i);
      if (g_str_equal (id, item_id))
        {
          *place = i;
          return TRUE;
        }
    }
  return FALSE;
}

gboolean
demo_music_queue_go (const DemoMusicQueue *self, guint place, int step, gboolean user, guint *to)
{
  int next = (int)place + step;
  int n = (int)self->order->len;
  if (self->repeat && !user)
    next = (int)place;
  else if (self->loop)
    next = (next + n) % n;
  if (next < 0 || next >= n)
    return FALSE;
  *to = (guint)next;
  return TRUE;
}

void
demo_music_queue_set_shuffle (DemoMusicQueue *self, gboolean shuffle)
{
  self->shuffle = shuffle;
  guint n = self->plain->len;
  for (guint i = 0; i < n; i++)
    self->order->pdata[i] = self->plain->pdata[shuffle && i > 0 ? n - i : i];
}

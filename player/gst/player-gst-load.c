/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-load.h"

PlayerGstEntry *
player_gst_entry_new (const char *url, gint64 duration_ms)
{
  PlayerGstEntry *self = g_new (PlayerGstEntry, 1);

  self->url = g_strdup (url);
  self->duration_ms = duration_ms;
  return self;
}

void
player_gst_entry_free (PlayerGstEntry *self)
{
  g_free (self->url);
  g_free (self);
}

PlayerGstLoad *
player_gst_load_new (guint64 generation, PlayerItem *item)
{
  PlayerGstLoad *self = g_atomic_rc_box_new0 (PlayerGstLoad);

  self->generation = generation;
  self->item = player_item_ref (item);
  self->duration_ms = -2;
  return self;
}

PlayerGstLoad *
player_gst_load_ref (PlayerGstLoad *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
load_clear (gpointer data)
{
  PlayerGstLoad *self = data;

  player_item_unref (self->item);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
}

void
player_gst_load_unref (PlayerGstLoad *self)
{
  g_atomic_rc_box_release_full (self, load_clear);
}

guint
player_gst_load_get_n_entries (const PlayerGstLoad *self)
{
  return self->entries != NULL ? self->entries->len : 1;
}

const char *
player_gst_load_get_url (const PlayerGstLoad *self, guint entry)
{
  if (self->entries == NULL)
    return self->item->url;
  return ((const PlayerGstEntry *)g_ptr_array_index (self->entries, entry))->url;
}

gint64
player_gst_load_get_entry_duration (const PlayerGstLoad *self, guint entry)
{
  if (self->entries == NULL)
    return -1;
  return ((const PlayerGstEntry *)g_ptr_array_index (self->entries, entry))->duration_ms;
}

void
player_gst_load_expand (PlayerGstLoad *self, guint entry, GPtrArray *entries)
{
  if (self->entries == NULL)
    {
      self->entries = entries;
      return;
    }
  g_ptr_array_remove_index (self->entries, entry);
  for (guint i = 0; i < entries->len; i++)
    {
      const PlayerGstEntry *one = g_ptr_array_index (entries, i);

      g_ptr_array_insert (self->entries, (int)(entry + i),
                          player_gst_entry_new (one->url, one->duration_ms));
    }
  g_ptr_array_unref (entries);
}

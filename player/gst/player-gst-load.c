/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-load.h"

#include "player-gst-site.h"

PlayerGstEntry *
player_gst_entry_new (const char *url, gint64 duration_ms)
{
  PlayerGstEntry *self = g_new0 (PlayerGstEntry, 1);

  self->url = g_strdup (url);
  self->duration_ms = duration_ms;
  return self;
}

void
player_gst_entry_free (PlayerGstEntry *self)
{
  g_free (self->url);
  g_free (self->title);
  g_strfreev (self->trail);
  g_strfreev (self->others);
  g_free (self);
}

PlayerGstLoad *
player_gst_load_new (guint64 generation, PlayerItem *item)
{
  PlayerGstLoad *self = g_atomic_rc_box_new0 (PlayerGstLoad);

  self->generation = generation;
  self->item = player_item_ref (item);
  self->duration_ms = -2;
  self->starved_us = -G_USEC_PER_SEC;
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
  g_free (self->error_message);
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

PlayerItem *
player_gst_load_dup_item (const PlayerGstLoad *self, guint entry)
{
  const char *url = player_gst_load_get_url (self, entry);

  if (self->entries == NULL)
    return player_item_ref (self->item);
  const gboolean at_home = player_gst_site_is_same_origin (self->item->url, url);
  return player_item_new_source (self->item, url,
                                 at_home ? (const char *const *)self->item->headers : NULL,
                                 self->item->renewable);
}

const char *
player_gst_load_get_title (const PlayerGstLoad *self, guint entry)
{
  if (self->entries == NULL)
    return NULL;
  return ((const PlayerGstEntry *)g_ptr_array_index (self->entries, entry))->title;
}

const char *const *
player_gst_load_get_trail (const PlayerGstLoad *self, guint entry)
{
  if (self->entries == NULL)
    return NULL;
  return (const char *const *)((const PlayerGstEntry *)g_ptr_array_index (self->entries, entry))
      ->trail;
}

guint
player_gst_load_get_depth (const PlayerGstLoad *self, guint entry)
{
  if (self->entries == NULL)
    return 0;
  return ((const PlayerGstEntry *)g_ptr_array_index (self->entries, entry))->depth;
}

gboolean
player_gst_load_take_other (PlayerGstLoad *self, guint entry)
{
  PlayerGstEntry *one = self->entries != NULL ? g_ptr_array_index (self->entries, entry) : NULL;

  if (one == NULL || one->others == NULL || one->others[0] == NULL)
    return FALSE;
  g_free (one->url);
  one->url = one->others[0];
  for (guint i = 0; one->others[i] != NULL; i++)
    one->others[i] = one->others[i + 1];
  return TRUE;
}

gint64
player_gst_load_get_entry_duration (const PlayerGstLoad *self, guint entry)
{
  if (self->entries == NULL)
    return -1;
  return ((const PlayerGstEntry *)g_ptr_array_index (self->entries, entry))->duration_ms;
}

void
player_gst_load_set_entry_duration (PlayerGstLoad *self, guint entry, gint64 duration_ms)
{
  if (self->entries != NULL && duration_ms >= 0)
    ((PlayerGstEntry *)g_ptr_array_index (self->entries, entry))->duration_ms = duration_ms;
}

gint64
player_gst_load_get_total_duration (const PlayerGstLoad *self)
{
  gint64 total_ms = 0;

  for (guint i = 0; i < player_gst_load_get_n_entries (self); i++)
    {
      const gint64 duration_ms = player_gst_load_get_entry_duration (self, i);

      if (duration_ms < 0)
        return -1;
      total_ms += duration_ms;
    }
  return total_ms;
}

void
player_gst_load_keep_error (PlayerGstLoad *self, PlayerErrorType type, const char *message)
{
  if (self->error_message != NULL)
    return;
  self->error_type = type;
  self->error_message = g_strdup (message);
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
  for (guint i = 0; entries->len > 0; i++)
    g_ptr_array_insert (self->entries, (int)(entry + i), g_ptr_array_steal_index (entries, 0));
  g_ptr_array_unref (entries);
}

void
player_gst_load_set_item (PlayerGstLoad *self, PlayerItem *item)
{
  PlayerItem *old = self->item;
  g_autoptr (PlayerItem) source
      = player_item_new_source (old, item->url, (const char *const *)item->headers, old->renewable);

  self->item = player_item_new_until (source, item->valid_until_us);
  self->n_reopened = 0;
  player_item_unref (old);
}

guint
player_gst_load_compare (const PlayerGstLoad *self, const PlayerGstLoad *other)
{
  const guint n = MIN (player_gst_load_get_n_entries (self), player_gst_load_get_n_entries (other));

  for (guint i = 0; i < n; i++)
    if (player_gst_load_get_depth (self, i) != player_gst_load_get_depth (other, i))
      return i;
  return n;
}

void
player_gst_load_take_urls (PlayerGstLoad *self, PlayerGstLoad *fresh)
{
  for (guint i = 0; i < fresh->entries->len; i++)
    {
      PlayerGstEntry *to = g_ptr_array_index (self->entries, i);
      PlayerGstEntry *from = g_ptr_array_index (fresh->entries, i);

      g_free (to->url);
      to->url = g_steal_pointer (&from->url);
      g_strfreev (to->trail);
      to->trail = g_steal_pointer (&from->trail);
      g_strfreev (to->others);
      to->others = g_steal_pointer (&from->others);
    }
}

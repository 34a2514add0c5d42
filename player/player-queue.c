/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/player-queue.h"

struct _PlayerQueue
{
  GQueue entries; /* (element-type PlayerQueueEntry) (owned) */
  guint64 version;
};

PlayerFailure *
player_failure_new (PlayerErrorType type, const char *message)
{
  PlayerFailure *self = g_new0 (PlayerFailure, 1);
  self->type = type;
  self->message = g_strdup (message);
  return self;
}

void
player_failure_free (PlayerFailure *self)
{
  g_free (self->message);
  g_free (self);
}

void
player_queue_entry_free (PlayerQueueEntry *entry)
{
  player_item_unref (entry->item);
  g_clear_pointer (&entry->failure, player_failure_free);
  g_free (entry);
}

PlayerQueue *
player_queue_new (void)
{
  PlayerQueue *self = g_new0 (PlayerQueue, 1);
  g_queue_init (&self->entries);
  return self;
}

void
player_queue_free (PlayerQueue *self)
{
  player_queue_clear (self);
  g_free (self);
}

void
player_queue_append (PlayerQueue *self, guint64 serial, PlayerItem *item)
{
  g_return_if_fail (serial != 0);
  g_return_if_fail (item != NULL);

  PlayerQueueEntry *entry = g_new0 (PlayerQueueEntry, 1);
  entry->serial = serial;
  entry->item = player_item_ref (item);
  g_queue_push_tail (&self->entries, entry);
  self->version++;
}

PlayerQueueEntry *
player_queue_pop (PlayerQueue *self)
{
  PlayerQueueEntry *entry = g_queue_pop_head (&self->entries);
  if (entry != NULL)
    self->version++;
  return entry;
}

guint
player_queue_clear (PlayerQueue *self)
{
  guint n_entries = g_queue_get_length (&self->entries);
  if (n_entries > 0)
    self->version++;
  g_queue_clear_full (&self->entries, (GDestroyNotify)player_queue_entry_free);
  return n_entries;
}

static PlayerQueueEntry *
find (PlayerQueue *self, guint64 serial)
{
  for (GList *l = self->entries.head; l != NULL; l = l->next)
    {
      PlayerQueueEntry *entry = l->data;
      if (entry->serial == serial)
        return entry;
    }
  return NULL;
}

void
player_queue_hold_failure (PlayerQueue *self, guint64 serial, PlayerFailure *failure)
{
  g_autoptr (PlayerFailure) held = failure;
  PlayerQueueEntry *entry = find (self, serial);

  if (entry == NULL)
    return;
  g_clear_pointer (&entry->failure, player_failure_free);
  entry->failure = g_steal_pointer (&held);
}

void
player_queue_replace_item (PlayerQueue *self, guint64 serial, PlayerItem *item)
{
  PlayerQueueEntry *entry = find (self, serial);

  if (entry == NULL)
    return;
  player_item_ref (item);
  player_item_unref (entry->item);
  entry->item = item;
  g_clear_pointer (&entry->failure, player_failure_free);
  self->version++;
}

const PlayerQueueEntry *
player_queue_peek_head (PlayerQueue *self)
{
  return g_queue_peek_head (&self->entries);
}

const PlayerQueueEntry *
player_queue_peek_tail (PlayerQueue *self)
{
  return g_queue_peek_tail (&self->entries);
}

const PlayerQueueEntry *
player_queue_peek_nth (PlayerQueue *self, guint index)
{
  return g_queue_peek_nth (&self->entries, index);
}

const PlayerQueueEntry *
player_queue_peek_serial (PlayerQueue *self, guint64 serial)
{
  return find (self, serial);
}

guint
player_queue_get_length (PlayerQueue *self)
{
  return g_queue_get_length (&self->entries);
}

guint64
player_queue_get_version (PlayerQueue *self)
{
  return self->version;
}

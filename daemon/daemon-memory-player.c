/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-memory-player.h"

#include <string.h>

#include "daemon-memory-item.h"
#include "daemon-music-config.h"

static const char schema[]
    = "CREATE TABLE IF NOT EXISTS player (id INTEGER PRIMARY KEY CHECK (id = 1), activity TEXT NOT "
      "NULL, current INTEGER NOT NULL, flags INTEGER NOT NULL, duration_ms INTEGER NOT NULL, "
      "offset_us INTEGER NOT NULL, volume REAL NOT NULL, resumes INTEGER NOT NULL, last_skill "
      "TEXT);";

enum
{
  FLAG_UNDER_WAY = 1 << 0,
  FLAG_HELD = 1 << 1,
  FLAG_STARTING = 1 << 2,
  FLAG_NEARLY_TOLD = 1 << 3,
  FLAG_SEEKABLE = 1 << 4,
  FLAG_MUSIC = 1 << 5,
  FLAG_MUTED = 1 << 6,
};

/* An item and the row it is in. */
typedef struct
{
  gint64 id;
  PlayerItem *item; /* (owned) */
} Row;

struct _DaemonMemoryPlayer
{
  DaemonStore *store;  /* (owned) */
  sqlite3_stmt *place; /* (owned) (nullable): notes an offset */
  GArray *rows;        /* (owned) (element-type Row): in order, as they are in the table */
  char *mark;          /* (owned) (nullable): of the state in the table; NULL: not known */
  gint64 offset_us;    /* in the table */
  gint64 last_id;      /* of a row */
};

DaemonMemoryState *
daemon_memory_state_new (PlayerSnapshot *player)
{
  DaemonMemoryState *self = g_new0 (DaemonMemoryState, 1);
  self->player = player_snapshot_ref (player);
  return self;
}

void
daemon_memory_state_free (DaemonMemoryState *self)
{
  if (self == NULL)
    return;
  player_snapshot_unref (self->player);
  g_free (self->last_skill);
  g_free (self);
}

/* --- Writing -----------------------------------------------------------------------------------
 */

static gboolean
is_ours (const PlayerItem *item)
{
  return !g_str_has_prefix (item->origin, DAEMON_MUSIC_ORIGIN_PREFIX);
}

/* (transfer container) (element-type PlayerItem): what is to be kept, the current one first. */
static GPtrArray *
list_items (const PlayerSnapshot *player)
{
  GPtrArray *items = g_ptr_array_new ();
  if (player->item != NULL && is_ours (player->item))
    g_ptr_array_add (items, player->item);
  for (guint i = 0; i < player->queue->len; i++)
    if (is_ours (g_ptr_array_index (player->queue, i)))
      g_ptr_array_add (items, g_ptr_array_index (player->queue, i));
  return items;
}

static int
pack_flags (const DaemonMemoryState *state)
{
  const PlayerSnapshot *player = state->player;
  return (player->under_way ? FLAG_UNDER_WAY : 0) | (player->held ? FLAG_HELD : 0)
         | (player->starting ? FLAG_STARTING : 0) | (player->nearly_told ? FLAG_NEARLY_TOLD : 0)
         | (player->seekable ? FLAG_SEEKABLE : 0) | (state->music ? FLAG_MUSIC : 0)
         | (player->muted ? FLAG_MUTED : 0);
}

/* Runs what sqlite3_mprintf() has made of SQL and values; frees it. */
static gboolean
run_sql (DaemonMemoryPlayer *self, char *sql)
{
  gboolean ok = daemon_store_exec (self->store, sql, NULL); /* the store tells what went wrong */
  sqlite3_free (sql);
  return ok;
}

static gboolean
drop_row (DaemonMemoryPlayer *self, guint index)
{
  gint64 id = g_array_index (self->rows, Row, index).id;
  g_array_remove_index (self->rows, index);
  return run_sql (self, sqlite3_mprintf ("DELETE FROM player_item WHERE id = %lld", (long long)id));
}

static gboolean
add_row (DaemonMemoryPlayer *self, PlayerItem *item, const DaemonMusicMoment *now)
{
  Row row = { .id = ++self->last_id, .item = player_item_ref (item) };
  g_array_append_val (self->rows, row);
  return daemon_memory_item_write (self->store, row.id, item, now);
}

/* Makes the rows those of @items. What waits comes and goes at the ends, so that what differs is dropped
 * up to the next one that is there still. */
static gboolean
save_items (DaemonMemoryPlayer *self, GPtrArray *items, const DaemonMusicMoment *now)
{
  gboolean ok = TRUE;
  for (guint i = 0; i < items->len; i++)
    {
      PlayerItem *item = g_ptr_array_index (items, i);
      while (i < self->rows->len && g_array_index (self->rows, Row, i).item != item)
        ok &= drop_row (self, i);
      if (i == self->rows->len)
        ok &= add_row (self, item, now);
    }
  while (self->rows->len > items->len)
    ok &= drop_row (self, self->rows->len - 1);
  return ok;
}

/* The row of the current item; 0: none is kept. */
static gint64
get_current_id (DaemonMemoryPlayer *self, const PlayerSnapshot *player)
{
  return player->item != NULL && is_ours (player->item) ? g_array_index (self->rows, Row, 0).id : 0;
}

/* All of @state but the offset. (transfer full) */
static char *
make_mark (DaemonMemoryPlayer *self, const DaemonMemoryState *state)
{
  const PlayerSnapshot *player = state->player;
  char volume[G_ASCII_DTOSTR_BUF_SIZE];
  return g_strdup_printf ("%d %" G_GINT64_FORMAT " %d %" G_GINT64_FORMAT " %s %u %s",
                          player->activity, get_current_id (self, player), pack_flags (state),
                          player->duration_ms,
                          g_ascii_dtostr (volume, sizeof volume, player->volume), state->resumes,
                          state->last_skill != NULL ? state->last_skill : "");
}

static gboolean
save_state (DaemonMemoryPlayer *self, const DaemonMemoryState *state)
{
  const PlayerSnapshot *player = state->player;
  g_autofree char *mark = make_mark (self, state);
  if (g_strcmp0 (mark, self->mark) == 0 && player->offset_us == self->offset_us)
    return TRUE;
  char volume[G_ASCII_DTOSTR_BUF_SIZE];
  g_free (self->mark);
  self->mark = g_steal_pointer (&mark);
  self->offset_us = player->offset_us;
  return run_sql (
      self,
      sqlite3_mprintf (
          "INSERT OR REPLACE INTO player VALUES (1, %Q, %lld, %d, %lld, %lld, %s, %u, %Q)",
          player_activity_to_string (player->activity), (long long)get_current_id (self, player),
          pack_flags (state), (long long)player->duration_ms, (long long)player->offset_us,
          g_ascii_dtostr (volume, sizeof volume, player->volume), state->resumes,
          state->last_skill));
}

/* What the tables hold is not known, nor whether they are there. */
static gboolean
clear_tables (DaemonMemoryPlayer *self)
{
  g_array_set_size (self->rows, 0);
  self->last_id = 0;
  return daemon_store_exec (self->store, schema, NULL) && daemon_memory_item_create (self->store)
         && daemon_store_exec (self->store, "DELETE FROM player_item; DELETE FROM player", NULL);
}

void
daemon_memory_player_save (DaemonMemoryPlayer *self,
                           const DaemonMemoryState *state,
                           const DaemonMusicMoment *now)
{
  g_return_if_fail (self != NULL && state != NULL && now != NULL);
  g_autoptr (GPtrArray) items = list_items (state->player);
  gboolean ok = (self->mark != NULL || clear_tables (self)) && save_items (self, items, now)
                && save_state (self, state);
  if (!ok)
    daemon_memory_player_doubt (self);
}

void
daemon_memory_player_note_offset (DaemonMemoryPlayer *self, gint64 offset_us)
{
  g_return_if_fail (self != NULL);
  if (offset_us == self->offset_us)
    return;
  sqlite3_bind_int64 (self->place, 1, offset_us);
  if (daemon_store_run_lazily (self->store, self->place, NULL))
    self->offset_us = offset_us;
}

void
daemon_memory_player_doubt (DaemonMemoryPlayer *self)
{
  g_return_if_fail (self != NULL);
  g_clear_pointer (&self->mark, g_free);
}

/* --- Reading -----------------------------------------------------------------------------------
 */

/* @current: the row of the current item; 0: there is none. */
static void
read_items (DaemonMemoryPlayer *self,
            PlayerSnapshot *player,
            gint64 current,
            const DaemonMusicMoment *now)
{
  g_autoptr (sqlite3_stmt) row = daemon_memory_item_select (self->store);
  while (row != NULL && sqlite3_step (row) == SQLITE_ROW)
    {
      g_autoptr (PlayerItem) item = daemon_memory_item_read (row, now);
      if (item == NULL)
        continue;
      if (sqlite3_column_int64 (row, 0) == current)
        player->item = g_steal_pointer (&item);
      else
        g_ptr_array_add (player->queue, g_steal_pointer (&item));
    }
}

static gboolean
read_activity (const char *text, PlayerActivity *activity)
{
  for (int i = PLAYER_ACTIVITY_IDLE; i <= PLAYER_ACTIVITY_STOPPED; i++)
    if (g_strcmp0 (text, player_activity_to_string (i)) == 0)
      {
        *activity = i;
        return TRUE;
      }
  return FALSE;
}

static void
read_flags (DaemonMemoryState *state, int flags)
{
  PlayerSnapshot *player = state->player;
  player->under_way = (flags & FLAG_UNDER_WAY) != 0;
  player->held = (flags & FLAG_HELD) != 0;
  player->starting = (flags & FLAG_STARTING) != 0;
  player->nearly_told = (flags & FLAG_NEARLY_TOLD) != 0;
  player->seekable = (flags & FLAG_SEEKABLE) != 0;
  player->muted = (flags & FLAG_MUTED) != 0;
  state->music = (flags & FLAG_MUSIC) != 0;
}

/* What @statement says of all but the items. FALSE: it makes no sense. */
static gboolean
read_state (DaemonMemoryState *state, sqlite3_stmt *statement)
{
  PlayerSnapshot *player = state->player;
  const char *last_skill = (const char *)sqlite3_column_text (statement, 7);
  double volume = sqlite3_column_double (statement, 5);
  if (!read_activity ((const char *)sqlite3_column_text (statement, 0), &player->activity))
    return FALSE;
  read_flags (state, sqlite3_column_int (statement, 2));
  player->duration_ms = MAX (sqlite3_column_int64 (statement, 3), -1);
  player->offset_us = MAX (sqlite3_column_int64 (statement, 4), 0);
  player->offset_ms = player_us_to_ms (player->offset_us);
  if (volume >= 0.0 && volume <= 1.0)
    player->volume = volume;
  state->resumes = (guint)CLAMP (sqlite3_column_int (statement, 6), 0, G_MAXINT);
  if (last_skill != NULL && g_utf8_validate (last_skill, -1, NULL))
    state->last_skill = g_strdup (last_skill);
  return TRUE;
}

/* What the state says of items that are not there. */
static void
make_sound (DaemonMemoryState *state)
{
  PlayerSnapshot *player = state->player;
  if (player->item == NULL)
    {
      /* the row of what sounded cannot be read: what waits is next */
      gboolean lost = player->under_way && !state->music;
      player->starting = player->starting || lost;
      player->under_way = FALSE;
      player->activity = PLAYER_ACTIVITY_IDLE;
      player->offset_us = player->offset_ms = 0;
      player->duration_ms = -1;
    }
  player->starting = player->starting && player->queue->len > 0;
}

DaemonMemoryState *
daemon_memory_player_load (DaemonMemoryPlayer *self, const DaemonMusicMoment *now)
{
  g_return_val_if_fail (self != NULL && now != NULL, NULL);
  g_autoptr (PlayerSnapshot) player = player_snapshot_new ();
  DaemonMemoryState *state = daemon_memory_state_new (player);
  g_autoptr (sqlite3_stmt) row = NULL;
  gint64 current = 0;
  sqlite3_prepare_v2 (daemon_store_get_handle (self->store),
                      "SELECT activity, current, flags, duration_ms, offset_us, volume, resumes, "
                      "last_skill FROM player",
                      -1, &row, NULL);
  if (row != NULL && sqlite3_step (row) == SQLITE_ROW)
    {
      current = sqlite3_column_int64 (row, 1);
      if (!read_state (state, row))
        {
          g_message ("what was kept of the player cannot be read: there is no such activity");
          player->activity = PLAYER_ACTIVITY_STOPPED;
        }
    }
  read_items (self, player, current, now);
  make_sound (state);
  return state;
}

/* --- Life ------------------------------------------------------------------------------------ */

static void
clear_row (gpointer row)
{
  player_item_unref (((Row *)row)->item);
}

DaemonMemoryPlayer *
daemon_memory_player_new (DaemonStore *store)
{
  g_return_val_if_fail (DAEMON_IS_STORE (store), NULL);
  DaemonMemoryPlayer *self = g_new0 (DaemonMemoryPlayer, 1);
  self->store = g_object_ref (store);
  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  g_array_set_clear_func (self->rows, clear_row);
  daemon_store_exec (store, schema, NULL);
  daemon_memory_item_create (store);
  sqlite3_prepare_v3 (daemon_store_get_handle (store), "UPDATE player SET offset_us = ?", -1,
                      SQLITE_PREPARE_PERSISTENT, &self->place, NULL);
  return self;
}

void
daemon_memory_player_free (DaemonMemoryPlayer *self)
{
  if (self == NULL)
    return;
  sqlite3_finalize (self->place);
  g_array_unref (self->rows);
  g_clear_object (&self->store);
  g_free (self->mark);
  g_free (self);
}

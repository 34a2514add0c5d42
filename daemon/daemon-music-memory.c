/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-music-memory.h"

#include "daemon-music-config.h"

static const char schema[]
    = "CREATE TABLE IF NOT EXISTS music (id INTEGER PRIMARY KEY CHECK (id = 1), service TEXT NOT "
      "NULL, queue_id TEXT NOT NULL, content_id TEXT NOT NULL, item TEXT NOT NULL, item_id TEXT "
      "NOT "
      "NULL, controls INTEGER NOT NULL, flags INTEGER NOT NULL, valid_until_us INTEGER NOT NULL, "
      "skips_from_us INTEGER NOT NULL);"
      "CREATE TABLE IF NOT EXISTS music_place (id INTEGER PRIMARY KEY CHECK (id = 1), offset_ms "
      "INTEGER NOT NULL, at_us INTEGER NOT NULL);";

struct _DaemonMusicMemory
{
  DaemonStore *store;  /* (owned) */
  sqlite3_stmt *place; /* (owned) (nullable) */
  char *kept;          /* (owned) (nullable): what is in the table */
};

enum
{
  FLAG_FEEDBACK = 1 << 0,
  FLAG_FINISHED = 1 << 1,
  FLAG_OVER = 1 << 2,
};

/* --- Controls as a number ----------------------------------------------------------------------
 */

static int
pack_controls (const AlexaMusicControls *controls)
{
  const AlexaMusicPermission permissions[]
      = { controls->next,    controls->previous, controls->seek,
          controls->shuffle, controls->loop,     controls->repeat };
  int packed = (controls->shuffle_on ? 1 : 0) | (controls->loop_on ? 2 : 0)
               | (controls->repeat_on ? 4 : 0);
  for (guint i = 0; i < G_N_ELEMENTS (permissions); i++)
    packed |= permissions[i] << (3 + 2 * i);
  return packed;
}

static AlexaMusicControls
unpack_controls (int packed)
{
  AlexaMusicControls controls = { 0 };
  AlexaMusicPermission *const permissions[]
      = { &controls.next,    &controls.previous, &controls.seek,
          &controls.shuffle, &controls.loop,     &controls.repeat };
  for (guint i = 0; i < G_N_ELEMENTS (permissions); i++)
    *permissions[i] = MIN ((packed >> (3 + 2 * i)) & 3, ALEXA_MUSIC_ENABLED);
  controls.shuffle_on = (packed & 1) != 0;
  controls.loop_on = (packed & 2) != 0;
  controls.repeat_on = (packed & 4) != 0;
  return controls;
}

/* --- Writing -----------------------------------------------------------------------------------
 */

/* Runs what sqlite3_mprintf() has made of SQL and values; frees it. */
static gboolean
run_sql (DaemonMusicMemory *self, char *sql)
{
  gboolean ok = daemon_store_exec (self->store, sql, NULL);
  sqlite3_free (sql);
  return ok;
}

/* (transfer full) by sqlite3_free(): what replaces the row. */
static char *
make_sql (const DaemonMusicSession *session, const DaemonMusicMoment *now)
{
  const DaemonMusicTrack *track = session->current;
  g_autofree char *item = alexa_music_item_to_json (track->item);
  int flags = (session->feedback_enabled ? FLAG_FEEDBACK : 0)
              | (session->finished ? FLAG_FINISHED : 0) | (session->over ? FLAG_OVER : 0);
  gint64 until_us = track->deadline_us == G_MAXINT64
                        ? 0
                        : daemon_music_expiry_to_wall (track->deadline_us, now);
  return sqlite3_mprintf (
      "INSERT OR REPLACE INTO music VALUES (1, %Q, %Q, %Q, %Q, %Q, %d, %d, %lld, %lld)",
      session->service, session->queue_id, session->content_id, item, track->reference->id,
      pack_controls (&session->controls), flags, (long long)until_us,
      (long long)session->skips_from_us);
}

/* What makes @session differ from what is kept: all but the clocks' trembling. (transfer full) */
static char *
get_mark (const DaemonMusicSession *session)
{
  return g_strdup_printf ("%s\n%s\n%s\n%s\n%s\n%" G_GINT64_FORMAT "\n%d %d %d %d %" G_GINT64_FORMAT,
                          session->service, session->queue_id, session->content_id,
                          session->current->reference->id, session->current->item->stream->uri,
                          session->current->deadline_us, pack_controls (&session->controls),
                          session->feedback_enabled, session->finished, session->over,
                          session->skips_from_us);
}

static void
bind_place (DaemonMusicMemory *self, gint64 offset_ms, gint64 wall_us)
{
  sqlite3_bind_int64 (self->place, 1, offset_ms);
  sqlite3_bind_int64 (self->place, 2, wall_us);
}

void
daemon_music_memory_save (DaemonMusicMemory *self,
                          const DaemonMusicSession *session,
                          const DaemonMusicMoment *now)
{
  g_return_if_fail (self != NULL && now != NULL);
  g_autofree char *mark = session != NULL ? get_mark (session) : NULL;
  if (session == NULL)
    run_sql (self, sqlite3_mprintf ("DELETE FROM music; DELETE FROM music_place"));
  else
    {
      gboolean same = g_strcmp0 (mark, self->kept) == 0;
      if (!same && !run_sql (self, make_sql (session, now)))
        g_clear_pointer (&mark, g_free);
      bind_place (self, session->offset_ms,
                  session->rest_since_us != 0 ? session->rest_since_us : now->wall_us);
      daemon_store_run (self->store, self->place, NULL);
    }
  g_free (self->kept);
  self->kept = g_steal_pointer (&mark);
}

void
daemon_music_memory_rewrite (DaemonMusicMemory *self,
                             const DaemonMusicSession *session,
                             const DaemonMusicMoment *now)
{
  g_return_if_fail (self != NULL && now != NULL);
  daemon_store_exec (self->store, schema, NULL);
  g_clear_pointer (&self->kept, g_free);
  daemon_music_memory_save (self, session, now);
}

void
daemon_music_memory_note_offset (DaemonMusicMemory *self, gint64 offset_ms, gint64 wall_us)
{
  g_return_if_fail (self != NULL);
  bind_place (self, offset_ms, wall_us);
  daemon_store_run_lazily (self->store, self->place, NULL);
}

/* --- Reading -----------------------------------------------------------------------------------
 */

static const char *
get_text (sqlite3_stmt *row, int column)
{
  const char *text = (const char *)sqlite3_column_text (row, column);
  return text != NULL ? text : "";
}

/* (transfer full) (nullable): what @row says. */
static DaemonMusicSession *
read_row (sqlite3_stmt *row, const DaemonMusicMoment *now)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlexaMusicItem) item = alexa_music_item_from_json (get_text (row, 3), &error);
  if (item == NULL || item->stream == NULL)
    {
      g_message ("the music queue that was kept cannot be read: %s",
                 error != NULL ? error->message : "it has no stream");
      return NULL;
    }
  g_autofree char *origin = g_strconcat (DAEMON_MUSIC_ORIGIN_PREFIX, get_text (row, 0), NULL);
  g_autoptr (AlexaMusicReference) reference
      = alexa_music_reference_new (get_text (row, 4), get_text (row, 1), get_text (row, 2));
  DaemonMusicSession *session = g_new0 (DaemonMusicSession, 1);
  int flags = sqlite3_column_int (row, 6);
  session->service = g_strdup (get_text (row, 0));
  session->queue_id = g_strdup (get_text (row, 1));
  session->content_id = g_strdup (get_text (row, 2));
  session->controls = unpack_controls (sqlite3_column_int (row, 5));
  session->feedback_enabled = (flags & FLAG_FEEDBACK) != 0;
  session->finished = (flags & FLAG_FINISHED) != 0;
  session->over = (flags & FLAG_OVER) != 0;
  session->skips_from_us = sqlite3_column_int64 (row, 8);
  session->offset_ms = MAX (sqlite3_column_int64 (row, 9), 0);
  session->rest_since_us = MAX (sqlite3_column_int64 (row, 10), 1);
  session->current = daemon_music_track_new (
      origin, reference, item, daemon_music_expiry_from_wall (sqlite3_column_int64 (row, 7), now),
      0);
  return session;
}

DaemonMusicSession *
daemon_music_memory_load (DaemonMusicMemory *self, const DaemonMusicMoment *now)
{
  g_return_val_if_fail (self != NULL && now != NULL, NULL);
  g_autoptr (sqlite3_stmt) row = NULL;
  sqlite3_prepare_v2 (daemon_store_get_handle (self->store),
                      "SELECT service, queue_id, content_id, item, item_id, controls, flags, "
                      "valid_until_us, skips_from_us, offset_ms, at_us FROM music JOIN music_place "
                      "USING (id)",
                      -1, &row, NULL);
  if (row == NULL || sqlite3_step (row) != SQLITE_ROW)
    return NULL;
  return read_row (row, now);
}

DaemonMusicMemory *
daemon_music_memory_new (DaemonStore *store)
{
  g_return_val_if_fail (DAEMON_IS_STORE (store), NULL);
  DaemonMusicMemory *self = g_new0 (DaemonMusicMemory, 1);
  self->store = g_object_ref (store);
  daemon_store_exec (store, schema, NULL);
  sqlite3_prepare_v3 (daemon_store_get_handle (store),
                      "INSERT OR REPLACE INTO music_place VALUES (1, ?, ?)", -1,
                      SQLITE_PREPARE_PERSISTENT, &self->place, NULL);
  return self;
}

void
daemon_music_memory_free (DaemonMusicMemory *self)
{
  if (self == NULL)
    return;
  sqlite3_finalize (self->place);
  g_clear_object (&self->store);
  g_free (self->kept);
  g_free (self);
}

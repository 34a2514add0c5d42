/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-memory-sessions.h"

#include "alexa/alexa-json.h"

#define ATTRIBUTES_MAX_BYTES (1024 * 1024)
#define SESSION_ID_PREFIX "amzn1.echo-api.session."

static const char schema[]
    = "CREATE TABLE IF NOT EXISTS session (skill TEXT PRIMARY KEY, id TEXT NOT NULL, attributes "
      "BLOB NOT NULL, at_us INTEGER NOT NULL, until_us INTEGER NOT NULL) WITHOUT ROWID;";

/* What is in the table. */
typedef struct
{
  char *id;           /* (owned) */
  GBytes *attributes; /* (owned) */
  gint64 until_us;
} Kept;

struct _DaemonMemorySessions
{
  DaemonStore *store; /* (owned) */
  GHashTable *kept;   /* (owned) (element-type utf8 Kept): by the name of the skill */
};

DaemonMemorySession *
daemon_memory_session_new (const char *skill, AlexaSession *session, gint64 left_ms)
{
  DaemonMemorySession *self = g_new0 (DaemonMemorySession, 1);
  self->skill = g_strdup (skill);
  self->session = session;
  self->left_ms = left_ms;
  return self;
}

void
daemon_memory_session_free (DaemonMemorySession *self)
{
  if (self == NULL)
    return;
  g_free (self->skill);
  g_clear_pointer (&self->session, alexa_session_free);
  g_free (self);
}

static void
kept_free (Kept *kept)
{
  g_free (kept->id);
  g_bytes_unref (kept->attributes);
  g_free (kept);
}

/* --- Writing -----------------------------------------------------------------------------------
 */

static gboolean
is_kept (const Kept *kept, const AlexaSession *session, gint64 until_us)
{
  return kept != NULL && g_str_equal (kept->id, session->id)
         && g_bytes_equal (kept->attributes, session->attributes)
         && ABS (kept->until_us - until_us) < G_USEC_PER_SEC;
}

static gboolean
write_row (DaemonMemorySessions *self,
           const char *skill,
           const AlexaSession *session,
           gint64 wall_us,
           gint64 until_us)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  sqlite3_prepare_v2 (daemon_store_get_handle (self->store),
                      "INSERT OR REPLACE INTO session VALUES (?, ?, ?, ?, ?)", -1, &statement,
                      NULL);
  sqlite3_bind_text (statement, 1, skill, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, session->id, -1, SQLITE_STATIC);
  sqlite3_bind_blob64 (statement, 3, g_bytes_get_data (session->attributes, NULL),
                       g_bytes_get_size (session->attributes), SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 4, wall_us);
  sqlite3_bind_int64 (statement, 5, until_us);
  return daemon_store_run (self->store, statement, NULL); /* the store tells what went wrong */
}

void
daemon_memory_sessions_keep (DaemonMemorySessions *self,
                             const char *skill,
                             const AlexaSession *session,
                             gint64 left_ms,
                             gint64 wall_us)
{
  g_return_if_fail (self != NULL && skill != NULL && session != NULL);
  gint64 until_us = wall_us + left_ms * G_TIME_SPAN_MILLISECOND;
  if (is_kept (g_hash_table_lookup (self->kept, skill), session, until_us)
      || !write_row (self, skill, session, wall_us, until_us))
    return;
  Kept *kept = g_new0 (Kept, 1);
  kept->id = g_strdup (session->id);
  kept->attributes = g_bytes_ref (session->attributes);
  kept->until_us = until_us;
  g_hash_table_replace (self->kept, g_strdup (skill), kept);
}

void
daemon_memory_sessions_drop (DaemonMemorySessions *self, const char *skill)
{
  g_return_if_fail (self != NULL && skill != NULL);
  if (!g_hash_table_contains (self->kept, skill))
    return;
  char *sql = sqlite3_mprintf ("DELETE FROM session WHERE skill = %Q", skill);
  if (daemon_store_exec (self->store, sql, NULL))
    g_hash_table_remove (self->kept, skill);
  sqlite3_free (sql);
}

void
daemon_memory_sessions_doubt (DaemonMemorySessions *self)
{
  g_return_if_fail (self != NULL);
  g_hash_table_remove_all (self->kept);
  daemon_store_exec (self->store, schema, NULL);
  daemon_store_exec (self->store, "DELETE FROM session", NULL);
}

/* --- Reading -----------------------------------------------------------------------------------
 */

/* (transfer full) */
static GBytes *
read_attributes (sqlite3_stmt *row)
{
  const void *data = sqlite3_column_blob (row, 2);
  return g_bytes_new (data, (gsize)sqlite3_column_bytes (row, 2));
}

/* Checked as they were when they came: they go into requests unread. */
static gboolean
is_object (GBytes *attributes)
{
  gsize size = 0;
  const char *text = g_bytes_get_data (attributes, &size);
  g_autoptr (GString) document = g_string_new ("{\"raw\":");
  g_string_append_len (document, text, (gssize)size);
  g_string_append_c (document, '}');
  g_autoptr (GBytes) bytes = g_bytes_new (document->str, document->len);
  g_autoptr (GBytes) raw = NULL;
  AlexaJsonLoss loss = { 0 };
  g_autoptr (JsonNode) root
      = alexa_json_parse_keeping (bytes, ATTRIBUTES_MAX_BYTES, "raw", &raw, &loss, NULL);
  return root != NULL && raw != NULL && g_bytes_equal (raw, attributes)
         && (alexa_session_attributes_kind (raw) == ALEXA_SESSION_ATTRIBUTES_EMPTY
             || alexa_session_attributes_kind (raw) == ALEXA_SESSION_ATTRIBUTES_OBJECT);
}

/* (transfer full) (nullable) */
static DaemonMemorySession *
read_row (sqlite3_stmt *row, gint64 wall_us)
{
  const char *skill = (const char *)sqlite3_column_text (row, 0);
  const char *id = (const char *)sqlite3_column_text (row, 1);
  g_autoptr (GBytes) attributes = read_attributes (row);
  gint64 at_us = sqlite3_column_int64 (row, 3);
  gint64 until_us = sqlite3_column_int64 (row, 4);
  if (skill == NULL || !g_utf8_validate (skill, -1, NULL) || id == NULL
      || !g_str_has_prefix (id, SESSION_ID_PREFIX) || !g_utf8_validate (id, -1, NULL)
      || !is_object (attributes))
    {
      g_message ("a session that was kept cannot be read, and is dropped");
      return NULL;
    }
  AlexaSession *session = alexa_session_new ();
  g_free (session->id);
  session->id = g_strdup (id);
  alexa_session_answered (session, attributes);
  /* a clock that was set back: nobody knows how old it is */
  gint64 left_us = wall_us >= at_us ? until_us - wall_us : 0;
  return daemon_memory_session_new (skill, session,
                                    CLAMP (left_us, 0, until_us - at_us) / G_TIME_SPAN_MILLISECOND);
}

GPtrArray *
daemon_memory_sessions_take (DaemonMemorySessions *self, gint64 wall_us)
{
  g_return_val_if_fail (self != NULL, NULL);
  GPtrArray *sessions = g_ptr_array_new_with_free_func ((GDestroyNotify)daemon_memory_session_free);
  g_autoptr (sqlite3_stmt) row = NULL;
  sqlite3_prepare_v2 (daemon_store_get_handle (self->store),
                      "SELECT skill, id, attributes, at_us, until_us FROM session ORDER BY at_us",
                      -1, &row, NULL);
  while (row != NULL && sqlite3_step (row) == SQLITE_ROW)
    {
      DaemonMemorySession *session = read_row (row, wall_us);
      if (session != NULL)
        g_ptr_array_add (sessions, session);
    }
  sqlite3_reset (row);
  daemon_memory_sessions_doubt (self);
  return sessions;
}

/* --- Life ------------------------------------------------------------------------------------ */

DaemonMemorySessions *
daemon_memory_sessions_new (DaemonStore *store)
{
  g_return_val_if_fail (DAEMON_IS_STORE (store), NULL);
  DaemonMemorySessions *self = g_new0 (DaemonMemorySessions, 1);
  self->store = g_object_ref (store);
  self->kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)kept_free);
  daemon_store_exec (store, schema, NULL);
  return self;
}

void
daemon_memory_sessions_free (DaemonMemorySessions *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->kept);
  g_clear_object (&self->store);
  g_free (self);
}

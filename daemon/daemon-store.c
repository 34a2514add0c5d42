/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-store.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "daemon-flush.h"
#include "daemon-journal.h"
#include "daemon-store-file.h"

#define RETRY_MS 10000
/* A disk that damages what it is given is not given a new file all the time. */
#define REPLACE_AGAIN_US (10 * 60 * G_USEC_PER_SEC)

struct _DaemonStore
{
  GObject parent;
  char *path;         /* (owned) */
  sqlite3 *handle;    /* (owned) */
  GHashTable *values; /* (owned) (element-type utf8 utf8): of the table meta */
  GSource *commit;    /* (owned) (nullable): a transaction is open */
  GSource *retry;     /* (owned) (nullable) */
  DaemonFlush *flush; /* (owned) (nullable): of the log; NULL: in memory */
  gint64 replaced_us; /* 0: never */
  gboolean failing;
  gboolean told; /* of it in the log */
};

/* clang-format off */
G_DEFINE_QUARK (daemon-store-error-quark, daemon_store_error)
/* clang-format on */
G_DEFINE_FINAL_TYPE (DaemonStore, daemon_store, G_TYPE_OBJECT)

sqlite3 *
daemon_store_get_handle (DaemonStore *self)
{
  g_return_val_if_fail (DAEMON_IS_STORE (self), NULL);
  return self->handle;
}

/* --- What goes wrong -------------------------------------------------------------------------- */

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static gboolean
on_retry (gpointer user_data)
{
  DaemonStore *self = user_data;
  clear_source (&self->retry);
  daemon_store_try_again (self);
  return G_SOURCE_REMOVE;
}

/* Nothing is written any more until it has been tried again. */
static void
fail (DaemonStore *self, GSource *retry)
{
  clear_source (&self->commit);
  if (!sqlite3_get_autocommit (self->handle))
    sqlite3_exec (self->handle, "ROLLBACK", NULL, NULL, NULL);
  self->failing = TRUE;
  clear_source (&self->retry);
  self->retry = retry;
  g_source_set_priority (retry, G_PRIORITY_HIGH);
  g_source_set_callback (retry, on_retry, self, NULL);
  g_source_attach (retry, g_main_context_get_thread_default ());
}

static void
fail_for_now (DaemonStore *self, const char *why)
{
  fail (self, g_timeout_source_new (RETRY_MS));
  if (!self->told)
    daemon_journal_log (DAEMON_JOURNAL_STORE_FAILING, DAEMON_JOURNAL_FIELDS ("SEGUE_REASON", why),
                        "%s cannot be written (%s): until it can, what changes will not survive a "
                        "restart: reports to skills, queue, position, volume, sessions",
                        self->path, why);
  self->told = TRUE;
}

/* The file is damaged: an empty one takes its place, or the memory. */
static void
replace (DaemonStore *self, const char *why)
{
  g_autoptr (GError) error = NULL;
  if (self->replaced_us != 0 && g_get_monotonic_time () - self->replaced_us < REPLACE_AGAIN_US)
    {
      fail_for_now (self, why);
      return;
    }
  self->replaced_us = g_get_monotonic_time ();
  fail (self, g_idle_source_new ());
  sqlite3 *handle = daemon_store_file_replace (self->path, why, &error);
  if (handle == NULL)
    {
      g_warning ("nothing will be remembered over a restart: %s", error->message);
      handle = daemon_store_file_open (":memory:", NULL);
    }
  if (handle == NULL)
    return;
  /* Its WAL has been renamed: by that name there is another one now, which it must not delete. */
  sqlite3_db_config (self->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  sqlite3_close_v2 (self->handle);
  self->handle = handle;
}

/* Sets @error and does what @result asks for, if it is none of success. */
static gboolean
note_result (DaemonStore *self, int result, GError **error)
{
  if (result == SQLITE_OK || result == SQLITE_DONE)
    return TRUE;
  g_autofree char *why = g_strdup (sqlite3_errmsg (self->handle));
  g_set_error (error, DAEMON_STORE_ERROR, DAEMON_STORE_ERROR_IO, "state database: %s", why);
  switch (result & 0xff)
    {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      replace (self, why);
      break;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_BUSY:
    case SQLITE_PERM:
    case SQLITE_NOMEM:
      fail_for_now (self, why);
      break;
    default: /* of this statement alone */
      break;
    }
  return FALSE;
}

/* --- Transactions ----------------------------------------------------------------------------- */

gboolean
daemon_store_commit (DaemonStore *self)
{
  g_return_val_if_fail (DAEMON_IS_STORE (self), FALSE);
  if (self->commit == NULL)
    return !self->failing;
  clear_source (&self->commit);
  return note_result (self, sqlite3_exec (self->handle, "COMMIT", NULL, NULL, NULL), NULL);
}

static gboolean
on_turn_ends (gpointer user_data)
{
  daemon_store_commit (user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
check_works (DaemonStore *self, GError **error)
{
  if (self->failing)
    g_set_error_literal (error, DAEMON_STORE_ERROR, DAEMON_STORE_ERROR_IO,
                         "state database: it could not be written before");
  return !self->failing;
}

/* Opens the transaction of this turn of the main loop, if it is not open. */
static gboolean
begin (DaemonStore *self, GError **error)
{
  if (!check_works (self, error))
    return FALSE;
  if (self->commit != NULL)
    return TRUE;
  int result
      = sqlite3_exec (self->handle, "PRAGMA synchronous = FULL; BEGIN IMMEDIATE", NULL, NULL, NULL);
  if (!note_result (self, result, error))
    return FALSE;
  self->commit = g_idle_source_new ();
  g_source_set_priority (self->commit, G_PRIORITY_HIGH);
  g_source_set_callback (self->commit, on_turn_ends, self, NULL);
  g_source_attach (self->commit, g_main_context_get_thread_default ());
  return TRUE;
}

gboolean
daemon_store_exec (DaemonStore *self, const char *sql, GError **error)
{
  g_return_val_if_fail (DAEMON_IS_STORE (self) && sql != NULL, FALSE);
  return begin (self, error)
         && note_result (self, sqlite3_exec (self->handle, sql, NULL, NULL, NULL), error);
}

static int
step_to_end (DaemonStore *self, sqlite3_stmt *statement)
{
  if (statement != NULL && sqlite3_db_handle (statement) != self->handle)
    {
      char *sql = sqlite3_expanded_sql (statement);
      int result = sqlite3_exec (self->handle, sql, NULL, NULL, NULL);
      sqlite3_free (sql);
      return result;
    }
  int result = statement != NULL ? sqlite3_step (statement) : SQLITE_ERROR;
  while (result == SQLITE_ROW)
    result = sqlite3_step (statement);
  return result;
}

static gboolean
run (DaemonStore *self, sqlite3_stmt *statement, GError **error)
{
  gboolean ok = note_result (self, step_to_end (self, statement), error);
  sqlite3_reset (statement);
  return ok;
}

gboolean
daemon_store_run (DaemonStore *self, sqlite3_stmt *statement, GError **error)
{
  g_return_val_if_fail (DAEMON_IS_STORE (self), FALSE);
  return begin (self, error) && run (self, statement, error);
}

gboolean
daemon_store_run_lazily (DaemonStore *self, sqlite3_stmt *statement, GError **error)
{
  g_return_val_if_fail (DAEMON_IS_STORE (self), FALSE);
  if (!check_works (self, error))
    return FALSE;
  if (self->commit == NULL) /* in WAL mode: written, but not waited for */
    sqlite3_exec (self->handle, "PRAGMA synchronous = NORMAL", NULL, NULL, NULL);
  if (!run (self, statement, error))
    return FALSE;
  if (self->flush != NULL)
    daemon_flush_start (self->flush);
  return TRUE;
}

/* --- Single values ---------------------------------------------------------------------------- */

char *
daemon_store_get (DaemonStore *self, const char *key)
{
  g_return_val_if_fail (DAEMON_IS_STORE (self) && key != NULL, NULL);
  return g_strdup (g_hash_table_lookup (self->values, key));
}

static gboolean
write_value (DaemonStore *self, const char *key, const char *value, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  int result = sqlite3_prepare_v2 (self->handle, "INSERT OR REPLACE INTO meta VALUES (?, ?)", -1,
                                   &statement, NULL);
  if (!note_result (self, result, error))
    return FALSE;
  sqlite3_bind_text (statement, 1, key, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, value, -1, SQLITE_STATIC);
  return daemon_store_run (self, statement, error);
}

gboolean
daemon_store_set (DaemonStore *self, const char *key, const char *value, GError **error)
{
  g_return_val_if_fail (DAEMON_IS_STORE (self) && key != NULL && value != NULL, FALSE);
  g_hash_table_replace (self->values, g_strdup (key), g_strdup (value));
  return write_value (self, key, value, error);
}

static void
load_values (DaemonStore *self)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  sqlite3_prepare_v2 (self->handle, "SELECT key, value FROM meta", -1, &statement, NULL);
  while (statement != NULL && sqlite3_step (statement) == SQLITE_ROW)
    g_hash_table_replace (self->values, g_strdup ((const char *)sqlite3_column_text (statement, 0)),
                          g_strdup ((const char *)sqlite3_column_text (statement, 1)));
}

static void
rewrite_values (DaemonStore *self)
{
  GHashTableIter iter;
  gpointer key = NULL;
  gpointer value = NULL;
  g_hash_table_iter_init (&iter, self->values);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (!write_value (self, key, value, NULL))
      return;
}

void
daemon_store_try_again (DaemonStore *self)
{
  g_return_if_fail (DAEMON_IS_STORE (self));
  if (!self->failing)
    return;
  g_autoptr (DaemonStore) kept = g_object_ref (self);
  self->failing = FALSE; /* each step below sets it anew where it fails */
  clear_source (&self->retry);
  rewrite_values (self);
  if (!self->failing)
    g_signal_emit_by_name (self, "rewrite");
  if (self->failing || !daemon_store_commit (self))
    return;
  if (self->told)
    daemon_journal_log (DAEMON_JOURNAL_STORE_WORKS, NULL,
                        "%s is written again: all is kept over a restart", self->path);
  self->told = FALSE;
}

/* --- Life ------------------------------------------------------------------------------------- */

static void
daemon_store_finalize (GObject *object)
{
  DaemonStore *self = DAEMON_STORE (object);
  daemon_store_commit (self);
  clear_source (&self->retry);
  sqlite3_close_v2 (self->handle);
  g_clear_pointer (&self->flush, daemon_flush_unref);
  g_hash_table_unref (self->values);
  g_free (self->path);
  G_OBJECT_CLASS (daemon_store_parent_class)->finalize (object);
}

static void
daemon_store_class_init (DaemonStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = daemon_store_finalize;
  g_signal_new ("rewrite", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
}

static void
daemon_store_init (DaemonStore *self)
{
  self->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

DaemonStore *
daemon_store_new (const char *dir, GError **error)
{
  g_autofree char *path
      = dir != NULL ? g_build_filename (dir, DAEMON_STORE_FILE, NULL) : g_strdup (":memory:");
  if (dir != NULL && g_mkdir_with_parents (dir, 0700) != 0)
    {
      g_set_error (error, DAEMON_STORE_ERROR, DAEMON_STORE_ERROR_OPEN, "%s: %s", dir,
                   g_strerror (errno));
      return NULL;
    }
  sqlite3 *handle = daemon_store_file_open (path, error);
  if (handle == NULL)
    return NULL;
  DaemonStore *self = g_object_new (DAEMON_TYPE_STORE, NULL);
  if (dir != NULL)
    {
      g_autofree char *log = g_strconcat (path, "-wal", NULL);
      self->flush = daemon_flush_new (log);
    }
  self->path = g_steal_pointer (&path);
  self->handle = handle;
  load_values (self);
  return self;
}

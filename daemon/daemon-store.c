/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-store.h"

#include <errno.h>
#include <glib/gstdio.h>

/* Of the tables below; raised with every change of them. */
#define SCHEMA_VERSION 1

static const char schema[]
    = "CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
      "CREATE TABLE IF NOT EXISTS outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, skill TEXT NOT "
      "NULL,"
      " request_id TEXT NOT NULL, request TEXT NOT NULL);"
      "PRAGMA user_version = 1;";

struct _DaemonStore
{
  GObject parent;
  sqlite3 *handle; /* (owned) */
};

/* clang-format off */
G_DEFINE_QUARK (daemon-store-error-quark, daemon_store_error)
/* clang-format on */
G_DEFINE_FINAL_TYPE (DaemonStore, daemon_store, G_TYPE_OBJECT)

static gboolean
set_io_error (DaemonStore *self, GError **error)
{
  g_set_error (error, DAEMON_STORE_ERROR, DAEMON_STORE_ERROR_IO, "state database: %s",
               sqlite3_errmsg (self->handle));
  return FALSE;
}

sqlite3 *
daemon_store_get_handle (DaemonStore *self)
{
  g_return_val_if_fail (DAEMON_IS_STORE (self), NULL);
  return self->handle;
}

gboolean
daemon_store_exec (DaemonStore *self, const char *sql, GError **error)
{
  g_return_val_if_fail (DAEMON_IS_STORE (self), FALSE);
  return sqlite3_exec (self->handle, sql, NULL, NULL, NULL) == SQLITE_OK
         || set_io_error (self, error);
}

gboolean
daemon_store_run (DaemonStore *self, sqlite3_stmt *statement, GError **error)
{
  g_return_val_if_fail (DAEMON_IS_STORE (self), FALSE);
  int result = statement != NULL ? sqlite3_step (statement) : SQLITE_ERROR;
  while (result == SQLITE_ROW)
    result = sqlite3_step (statement);
  gboolean ok = result == SQLITE_DONE || set_io_error (self, error);
  sqlite3_reset (statement);
  return ok;
}

char *
daemon_store_get (DaemonStore *self, const char *key)
{
  g_return_val_if_fail (DAEMON_IS_STORE (self), NULL);
  g_autoptr (sqlite3_stmt) statement = NULL;
  if (sqlite3_prepare_v2 (self->handle, "SELECT value FROM meta WHERE key = ?", -1, &statement,
                          NULL)
      != SQLITE_OK)
    return NULL;
  sqlite3_bind_text (statement, 1, key, -1, SQLITE_STATIC);
  if (sqlite3_step (statement) != SQLITE_ROW)
    return NULL;
  return g_strdup ((const char *)sqlite3_column_text (statement, 0));
}

gboolean
daemon_store_set (DaemonStore *self, const char *key, const char *value, GError **error)
{
  g_return_val_if_fail (DAEMON_IS_STORE (self), FALSE);
  g_autoptr (sqlite3_stmt) statement = NULL;
  if (sqlite3_prepare_v2 (self->handle, "INSERT OR REPLACE INTO meta VALUES (?, ?)", -1, &statement,
                          NULL)
      != SQLITE_OK)
    return set_io_error (self, error);
  sqlite3_bind_text (statement, 1, key, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, value, -1, SQLITE_STATIC);
  return daemon_store_run (self, statement, error);
}

/* The single integer or text a PRAGMA gives. (transfer full) (nullable) */
static char *
pragma (sqlite3 *handle, const char *sql, int *result)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  *result = sqlite3_prepare_v2 (handle, sql, -1, &statement, NULL);
  if (*result != SQLITE_OK)
    return NULL;
  *result = sqlite3_step (statement);
  if (*result != SQLITE_ROW)
    return NULL;
  *result = SQLITE_OK;
  return g_strdup ((const char *)sqlite3_column_text (statement, 0));
}

/* Why the open file is unfit, in words; NULL if it is fit. @result: SQLITE_OK, or what failed. */
static char *
find_damage (sqlite3 *handle, int *result)
{
  g_autofree char *check = pragma (handle, "PRAGMA quick_check(1)", result);
  if (*result != SQLITE_OK)
    return g_strdup (sqlite3_errmsg (handle));
  if (g_strcmp0 (check, "ok") != 0)
    {
      *result = SQLITE_CORRUPT;
      return g_strdup (check);
    }
  g_autofree char *version = pragma (handle, "PRAGMA user_version", result);
  if (*result != SQLITE_OK)
    return g_strdup (sqlite3_errmsg (handle));
  if (g_ascii_strtoll (version, NULL, 10) <= SCHEMA_VERSION)
    return NULL;
  *result = SQLITE_NOTADB;
  return g_strdup_printf ("it is of version %s, newer than %d", version, SCHEMA_VERSION);
}

/* (nullable): the open database, or NULL with @result and @why. */
static sqlite3 *
open_file (const char *path, int *result, char **why)
{
  sqlite3 *handle = NULL;
  *result = sqlite3_open_v2 (path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
  if (*result == SQLITE_OK)
    *result = sqlite3_exec (handle,
                            "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;"
                            "PRAGMA synchronous = FULL;",
                            NULL, NULL, NULL);
  if (*result == SQLITE_OK)
    *why = find_damage (handle, result);
  if (*result == SQLITE_OK)
    *result = sqlite3_exec (handle, schema, NULL, NULL, NULL);
  if (*result == SQLITE_OK)
    return handle;
  if (*why == NULL)
    *why = g_strdup (sqlite3_errmsg (handle));
  sqlite3_close (handle);
  return NULL;
}

static gboolean
is_damage (int result)
{
  int primary = result & 0xff;
  return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB || primary == SQLITE_ERROR;
}

static void
set_aside (const char *path, const char *why)
{
  g_autofree char *broken = g_strconcat (path, ".broken", NULL);
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autofree char *shm = g_strconcat (path, "-shm", NULL);
  g_warning ("%s is damaged (%s); set aside as %s, starting empty", path, why, broken);
  g_rename (path, broken);
  g_unlink (wal);
  g_unlink (shm);
}

static sqlite3 *
open_or_replace (const char *path, GError **error)
{
  int result = SQLITE_OK;
  g_autofree char *why = NULL;
  sqlite3 *handle = open_file (path, &result, &why);
  if (handle == NULL && is_damage (result))
    {
      set_aside (path, why);
      g_clear_pointer (&why, g_free);
      handle = open_file (path, &result, &why);
    }
  if (handle == NULL)
    g_set_error (error, DAEMON_STORE_ERROR, DAEMON_STORE_ERROR_OPEN, "%s: %s", path,
                 (result & 0xff) == SQLITE_BUSY ? "another segued uses it" : why);
  return handle;
}

static void
daemon_store_finalize (GObject *object)
{
  DaemonStore *self = DAEMON_STORE (object);
  sqlite3_close_v2 (self->handle);
  G_OBJECT_CLASS (daemon_store_parent_class)->finalize (object);
}

static void
daemon_store_class_init (DaemonStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = daemon_store_finalize;
}

static void
daemon_store_init (DaemonStore *self)
{
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
  sqlite3 *handle = open_or_replace (path, error);
  if (handle == NULL)
    return NULL;
  if (dir != NULL)
    g_chmod (path, 0600); /* tokens of streams are in it */
  DaemonStore *self = g_object_new (DAEMON_TYPE_STORE, NULL);
  self->handle = handle;
  return self;
}

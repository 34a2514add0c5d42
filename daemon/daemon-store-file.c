/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-store-file.h"

#include <glib/gstdio.h>
#include <string.h>

#include "daemon-journal.h"

/* Of the tables below; raised with every change of them. Other parts bring tables of their own. */
#define SCHEMA_VERSION 2

static const char schema[]
    = "CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
      "CREATE TABLE IF NOT EXISTS outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, skill TEXT NOT "
      "NULL, request_id TEXT NOT NULL, request TEXT NOT NULL, at_us INTEGER NOT NULL DEFAULT 0);";

/* Version 1 did not know when a report was made. */
static const char from_version_1[]
    = "ALTER TABLE outbox ADD COLUMN at_us INTEGER NOT NULL DEFAULT 0;";

/* Fails where a table is missing, or has other columns than those that are used. */
static const char tables_in_use[]
    = "SELECT key, value FROM meta LIMIT 0;"
      "SELECT id, skill, request_id, request, at_us FROM outbox LIMIT 0;"
      "SELECT seq FROM sqlite_sequence WHERE name = 'outbox'";

/* Why a file cannot be used, with the name that it is set aside by. */
typedef enum
{
  FIT,
  DAMAGED,
  NEWER,
  UNUSABLE, /* and not because of what is in it */
} Fitness;

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

/* What @result, of a statement that should have succeeded, says about the file. */
static Fitness
judge (int result)
{
  switch (result & 0xff)
    {
    case SQLITE_OK:
      return FIT;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR: /* tables that are not ours */
      return DAMAGED;
    default:
      return UNUSABLE;
    }
}

/* Version of the tables; -1 with @result and @why. */
static gint64
check (sqlite3 *handle, int *result, char **why)
{
  g_autofree char *verdict = pragma (handle, "PRAGMA quick_check(1)", result);
  if (*result == SQLITE_OK && g_strcmp0 (verdict, "ok") != 0)
    {
      *result = SQLITE_CORRUPT;
      *why = g_strdup (verdict);
      return -1;
    }
  g_autofree char *version
      = *result == SQLITE_OK ? pragma (handle, "PRAGMA user_version", result) : NULL;
  return version != NULL ? g_ascii_strtoll (version, NULL, 10) : -1;
}

/* Nothing is written if the tables are there. */
static int
bring_up_to_date (sqlite3 *handle, gint64 version)
{
  if (version == SCHEMA_VERSION)
    return sqlite3_exec (handle, tables_in_use, NULL, NULL, NULL);
  g_autofree char *sql
      = g_strdup_printf ("BEGIN IMMEDIATE;%s%sPRAGMA user_version = %d;COMMIT",
                         version == 1 ? from_version_1 : "", schema, SCHEMA_VERSION);
  int result = sqlite3_exec (handle, sql, NULL, NULL, NULL);
  if (result != SQLITE_OK && !sqlite3_get_autocommit (handle))
    sqlite3_exec (handle, "ROLLBACK", NULL, NULL, NULL);
  return result == SQLITE_OK ? sqlite3_exec (handle, tables_in_use, NULL, NULL, NULL) : result;
}

static Fitness
prepare (sqlite3 *handle, int *result, char **why)
{
  /* EXTRA for the one journal that there is, of making the file: were its deletion lost in a power cut, it
   * would undo what has been stored since. In WAL mode it is the same as FULL. */
  *result = sqlite3_exec (handle,
                          "PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = EXTRA;"
                          "PRAGMA journal_mode = WAL;",
                          NULL, NULL, NULL);
  if (*result != SQLITE_OK)
    return judge (*result);
  gint64 version = check (handle, result, why);
  if (*result != SQLITE_OK)
    return judge (*result);
  if (version > SCHEMA_VERSION)
    {
      *why = g_strdup_printf ("it is of version %" G_GINT64_FORMAT ", newer than %d", version,
                              SCHEMA_VERSION);
      return NEWER;
    }
  *result = bring_up_to_date (handle, version);
  return judge (*result);
}

/* (nullable): the open database, or NULL with @fitness, @result and @why. */
static sqlite3 *
open_file (const char *path, Fitness *fitness, int *result, char **why)
{
  sqlite3 *handle = NULL;
  *result = sqlite3_open_v2 (path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
  /* Tokens, URLs and headers of streams will be in it; SQLite gives its other files the mode of this one,
   * which is made by now and still empty. */
  if (*result == SQLITE_OK && !g_str_equal (path, ":memory:"))
    g_chmod (path, 0600);
  *fitness = *result == SQLITE_OK ? prepare (handle, result, why) : judge (*result);
  if (*fitness == FIT)
    return handle;
  if (*why == NULL)
    *why = g_strdup (handle != NULL ? sqlite3_errmsg (handle) : sqlite3_errstr (*result));
  /* What has been found is to be looked at as it was. */
  if (handle != NULL)
    sqlite3_db_config (handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  sqlite3_close (handle);
  return NULL;
}

/* @path's relative "@suffix.@n", or "@suffix" for 0, with @end. */
static char *
name_aside (const char *path, const char *suffix, guint n, const char *end)
{
  return n == 0 ? g_strconcat (path, suffix, end, NULL)
                : g_strdup_printf ("%s%s.%u%s", path, suffix, n, end);
}

static void
set_aside (const char *path, Fitness fitness, const char *why)
{
  static const char *const ends[] = { "", "-wal" };
  const char *suffix = fitness == NEWER ? ".newer" : ".broken";
  for (guint n = DAEMON_STORE_FILE_KEPT; n-- > 0;)
    for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
      {
        g_autofree char *from
            = n > 0 ? name_aside (path, suffix, n - 1, ends[i]) : g_strconcat (path, ends[i], NULL);
        g_autofree char *to = name_aside (path, suffix, n, ends[i]);
        g_unlink (to); /* also where nothing takes its place */
        g_rename (from, to);
      }
  g_autofree char *shm = g_strconcat (path, "-shm", NULL);
  g_unlink (shm);
  g_autofree char *aside = name_aside (path, suffix, 0, "");
  daemon_journal_log (DAEMON_JOURNAL_STORE_SET_ASIDE, DAEMON_JOURNAL_FIELDS ("SEGUE_FILE", aside),
                      "%s is %s (%s); set aside as %s, starting empty", path,
                      fitness == NEWER ? "newer" : "damaged", why, aside);
}

sqlite3 *
daemon_store_file_open (const char *path, GError **error)
{
  g_return_val_if_fail (path != NULL, NULL);
  Fitness fitness = FIT;
  int result = SQLITE_OK;
  g_autofree char *why = NULL;
  sqlite3 *handle = open_file (path, &fitness, &result, &why);
  if (fitness == DAMAGED || fitness == NEWER)
    {
      set_aside (path, fitness, why);
      g_clear_pointer (&why, g_free);
      handle = open_file (path, &fitness, &result, &why);
    }
  if (handle == NULL)
    g_set_error (error, DAEMON_STORE_ERROR, DAEMON_STORE_ERROR_OPEN, "%s: %s", path,
                 (result & 0xff) == SQLITE_BUSY ? "another segued uses it" : why);
  return handle;
}

sqlite3 *
daemon_store_file_replace (const char *path, const char *why, GError **error)
{
  g_return_val_if_fail (path != NULL && why != NULL, NULL);
  set_aside (path, DAMAGED, why);
  return daemon_store_file_open (path, error);
}

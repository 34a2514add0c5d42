/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib-object.h>
#include <sqlite3.h>

G_BEGIN_DECLS

#define DAEMON_STORE_ERROR (daemon_store_error_quark ())
GQuark daemon_store_error_quark (void);

typedef enum
{
  DAEMON_STORE_ERROR_OPEN, /* folder or file cannot be used, or another daemon uses it: go without
                            */
  DAEMON_STORE_ERROR_IO,   /* a statement failed, e.g. the disk is full: the state in memory goes on
                            */
} DaemonStoreError;

/**
 * DaemonStore:
 *
 * The memory of the daemon: segue.db in the state folder, SQLite in WAL mode with synchronous=FULL,
 * locked for this process. What has been written is there after a power cut.
 */
#define DAEMON_TYPE_STORE (daemon_store_get_type ())
G_DECLARE_FINAL_TYPE (DaemonStore, daemon_store, DAEMON, STORE, GObject)

#define DAEMON_STORE_FILE "segue.db"

/**
 * daemon_store_new:
 * @dir: (nullable): the state folder, made (0700) if it is not there; %NULL: memory only
 * @error: #DaemonStoreError
 *
 * A damaged file, or one of a newer version, is set aside as segue.db.broken with a warning, and
 * an empty one takes its place.
 */
DaemonStore *daemon_store_new (const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer none): for the parts that keep a table in it. */
sqlite3 *daemon_store_get_handle (DaemonStore *self);

/* Runs @sql, which must not take parameters. */
gboolean daemon_store_exec (DaemonStore *self, const char *sql, GError **error);

/* Runs @statement, whose parameters are bound, to its end and resets it. */
gboolean daemon_store_run (DaemonStore *self, sqlite3_stmt *statement, GError **error);

/* (transfer full) (nullable): a single value by its name; %NULL if it has never been set. */
char *daemon_store_get (DaemonStore *self, const char *key);
gboolean daemon_store_set (DaemonStore *self, const char *key, const char *value, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

G_END_DECLS

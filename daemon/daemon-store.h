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
 * locked for this process. What has been committed is there after a power cut.
 *
 * All that is written in one turn of the main loop is one transaction: a report, the state that it
 * belongs to and what an answer has led to are there together, or not at all. It is committed before
 * sources of default priority are dispatched again, so before anything can be sent.
 *
 * Where nothing can be written (the disk is full, or read-only), that is logged once, with what will
 * not survive; the file keeps what was committed last, further writes fail at once, and every ten
 * seconds it is tried again. Where damage is found, the file is set aside and an empty one takes its
 * place. In both cases those who keep something here are then asked to write all of it anew.
 *
 * Signals:
 * - "rewrite": what is stored may be old, or nothing at all: write all you have, and make your
 *   tables if they are not there. It is one transaction.
 */
#define DAEMON_TYPE_STORE (daemon_store_get_type ())
G_DECLARE_FINAL_TYPE (DaemonStore, daemon_store, DAEMON, STORE, GObject)

#define DAEMON_STORE_FILE "segue.db"

/**
 * daemon_store_new:
 * @dir: (nullable): the state folder, made (0700) if it is not there; %NULL: memory only
 * @error: #DaemonStoreError
 *
 * A damaged file, or one of a newer version, is set aside as segue.db.broken or segue.db.newer with
 * a warning, and an empty one takes its place.
 */
DaemonStore *daemon_store_new (const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer none): for the parts that keep a table in it. Another one after damage was found:
 * statements made with an old one still run in daemon_store_run(). */
sqlite3 *daemon_store_get_handle (DaemonStore *self);

/* Runs @sql, which must not take parameters, within the transaction of this turn of the main loop. */
gboolean daemon_store_exec (DaemonStore *self, const char *sql, GError **error);

/* Runs @statement, whose parameters are bound, to its end within that transaction, and resets it. */
gboolean daemon_store_run (DaemonStore *self, sqlite3_stmt *statement, GError **error);

/* The same for what changes all the time: the disk is not waited for, unless the transaction has other
 * writes, too. It is there after the end of the daemon, and after a power cut as soon as a thread has
 * had the disk write it, which begins at once. */
gboolean daemon_store_run_lazily (DaemonStore *self, sqlite3_stmt *statement, GError **error);

/* Commits now. Nobody has to: it is done at the end of each turn of the main loop. */
gboolean daemon_store_commit (DaemonStore *self);

/* Tries now whether it can be written again, if it could not. */
void daemon_store_try_again (DaemonStore *self);

/* (transfer full) (nullable): a single value by its name; %NULL if it has never been set. */
char *daemon_store_get (DaemonStore *self, const char *key);
gboolean daemon_store_set (DaemonStore *self, const char *key, const char *value, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

G_END_DECLS

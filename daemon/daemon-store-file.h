/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-store.h"

G_BEGIN_DECLS

/**
 * SECTION:daemon-store-file
 *
 * The file behind a #DaemonStore: opened, checked, brought to this version's tables, and set aside where it
 * cannot be used: "segue.db.broken" if it is damaged, "segue.db.newer" if a newer version has written
 * it, with what SQLite keeps beside it. Three of each are kept, the older ones as ".1" and ".2".
 */

/* So many files that were set aside are kept. */
#define DAEMON_STORE_FILE_KEPT 3

/* (transfer full): the open database at @path, which is empty if what was there had to be set aside
 * (logged). @error: DAEMON_STORE_ERROR_OPEN. */
sqlite3 *daemon_store_file_open (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same after @why has been found wrong with the one at @path, which is set aside first. Whoever has it
 * open still has the file that was set aside. */
sqlite3 *daemon_store_file_replace (const char *path,
                                    const char *why,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

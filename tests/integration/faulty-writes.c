/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* Linked into the daemon of the crash test alone, between it and SQLite (ld's --wrap): counts its durable
 * writes, and does at one of them what SEGUE_FAULT says:
 *
 * "kill-before:N", "kill-after:N": the daemon dies by SIGKILL right before or after the N-th
 *
 * A durable write is a commit, or a statement outside of transactions. SEGUE_FAULT_COUNT names a file
 * that gets their number. */
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int __real_sqlite3_step (sqlite3_stmt *statement);
int __wrap_sqlite3_step (sqlite3_stmt *statement);
int __real_sqlite3_exec (sqlite3 *handle,
                         const char *sql,
                         int (*callback) (void *, int, char **, char **),
                         void *data,
                         char **message);
int __wrap_sqlite3_exec (sqlite3 *handle,
                         const char *sql,
                         int (*callback) (void *, int, char **, char **),
                         void *data,
                         char **message);

static void
tell_count (unsigned long count)
{
  const char *path = g_getenv ("SEGUE_FAULT_COUNT");
  char text[16];
  if (path == NULL)
    return;
  int fd = open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  int size = snprintf (text, sizeof text, "%010lu\n", count);
  if (fd < 0 || pwrite (fd, text, size, 0) != size)
    raise (SIGABRT);
  close (fd);
}

/* The next durable write begins. Returns: its number. */
static unsigned long
begin (void)
{
  static unsigned long count; /* of this process, which is only there for a test */
  const char *fault = g_getenv ("SEGUE_FAULT");
  unsigned long before = 0;
  tell_count (++count);
  if (fault != NULL && sscanf (fault, "kill-before:%lu", &before) == 1 && before == count)
    raise (SIGKILL);
  return count;
}

static void
end (unsigned long count)
{
  const char *fault = g_getenv ("SEGUE_FAULT");
  unsigned long after = 0;
  if (fault != NULL && sscanf (fault, "kill-after:%lu", &after) == 1 && after == count)
    raise (SIGKILL);
}

int
__wrap_sqlite3_step (sqlite3_stmt *statement)
{
  if (statement == NULL || sqlite3_stmt_readonly (statement)
      || !sqlite3_get_autocommit (sqlite3_db_handle (statement)))
    return __real_sqlite3_step (statement);
  unsigned long count = begin ();
  int result = __real_sqlite3_step (statement);
  end (count);
  return result;
}

int
__wrap_sqlite3_exec (sqlite3 *handle,
                     const char *sql,
                     int (*callback) (void *, int, char **, char **),
                     void *data,
                     char **message)
{
  gboolean writes = strstr (sql, "COMMIT") != NULL || strstr (sql, "journal_mode") != NULL;
  unsigned long count = writes ? begin () : 0;
  int result = __real_sqlite3_exec (handle, sql, callback, data, message);
  if (writes)
    end (count);
  return result;
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* Store and outbox. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "daemon/daemon-outbox.h"

typedef struct
{
  char *dir;  /* (owned) */
  char *file; /* (owned) */
  const guint *n_warnings;
  guint n_before;
} Fixture;

static guint
count_warnings (const Fixture *fixture)
{
  return *fixture->n_warnings - fixture->n_before;
}

/* Of logs, by threads other than the one that stores. */
static gint n_flushed; /* atomic */

/* In place of the C library's. */
int
fdatasync (int fd)
{
  g_autofree char *link = g_strdup_printf ("/proc/self/fd/%d", fd);
  g_autofree char *path = g_file_read_link (link, NULL);
  int result = (int)syscall (SYS_fdatasync, fd);
  if (path != NULL && g_str_has_suffix (path, "-wal") && gettid () != getpid ())
    g_atomic_int_inc (&n_flushed);
  return result;
}

/* Warnings are expected here, and counted. */
static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  guint *n_warnings = user_data;
  if (level & G_LOG_LEVEL_WARNING)
    {
      (*n_warnings)++;
      return G_LOG_WRITER_HANDLED;
    }
  return g_log_writer_default (level, fields, n_fields, NULL);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *top = g_dir_make_tmp ("segue-store-XXXXXX", NULL);
  fixture->n_warnings = data;
  fixture->n_before = *fixture->n_warnings;
  fixture->dir = g_build_filename (top, "state", NULL);
  fixture->file = g_build_filename (fixture->dir, DAEMON_STORE_FILE, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *top = g_path_get_dirname (fixture->dir);
  g_autoptr (GDir) dir = g_dir_open (fixture->dir, 0, NULL);
  const char *name = NULL;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->dir, name, NULL);
      g_unlink (path);
    }
  g_rmdir (fixture->dir);
  g_unlink (fixture->dir);
  g_assert_cmpint (g_rmdir (top), ==, 0);
  g_free (fixture->dir);
  g_free (fixture->file);
}

static DaemonStore *
open_store (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  DaemonStore *store = daemon_store_new (fixture->dir, &error);
  g_assert_no_error (error);
  return store;
}

static void
test_values (Fixture *fixture, gconstpointer data)
{
  DaemonStore *store = open_store (fixture);
  GStatBuf info;
  g_assert_cmpint (g_stat (fixture->dir, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
  g_assert_cmpint (g_stat (fixture->file, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_null (daemon_store_get (store, "k"));
  g_assert_true (daemon_store_set (store, "k", "one", NULL));
  g_assert_true (daemon_store_set (store, "k", "zwei ä", NULL));
  g_assert_finalize_object (store);
  g_autoptr (DaemonStore) again = open_store (fixture);
  g_autofree char *value = daemon_store_get (again, "k");
  g_assert_cmpstr (value, ==, "zwei ä");
  g_assert_cmpuint (count_warnings (fixture), ==, 0);
}

static void
assert_set_aside (Fixture *fixture)
{
  g_autofree char *broken = g_strconcat (fixture->file, ".broken", NULL);
  g_autoptr (DaemonStore) store = open_store (fixture);
  g_assert_cmpuint (count_warnings (fixture), ==, 1);
  g_assert_true (g_file_test (broken, G_FILE_TEST_EXISTS));
  g_assert_null (daemon_store_get (store, "k"));
  g_assert_true (daemon_store_set (store, "k", "v", NULL));
}

static void
test_garbage (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (g_mkdir_with_parents (fixture->dir, 0700), ==, 0);
  g_autofree char *garbage = g_strnfill (10000, 'x');
  g_assert_true (g_file_set_contents (fixture->file, garbage, -1, NULL));
  assert_set_aside (fixture);
}

/* Pages in the middle are overwritten. */
static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  DaemonStore *store = open_store (fixture);
  g_autofree char *filler = g_strnfill (3000, 'f');
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *key = g_strdup_printf ("k%u", i);
      g_assert_true (daemon_store_set (store, key, filler, NULL));
    }
  g_assert_finalize_object (store);
  g_autofree char *contents = NULL;
  gsize size = 0;
  g_assert_true (g_file_get_contents (fixture->file, &contents, &size, NULL));
  memset (contents + 8192, 0xa5, size - 8192);
  g_assert_true (g_file_set_contents (fixture->file, contents, size, NULL));
  assert_set_aside (fixture);
}

/* What a newer version has written is kept by a name of its own, with all that is in it. */
static void
test_newer (Fixture *fixture, gconstpointer data)
{
  DaemonStore *store = open_store (fixture);
  g_assert_true (daemon_store_set (store, "k", "of the newer one", NULL));
  g_assert_true (daemon_store_exec (store, "PRAGMA user_version = 3", NULL));
  g_assert_finalize_object (store);
  g_autofree char *newer = g_strconcat (fixture->file, ".newer", NULL);
  {
    g_autoptr (DaemonStore) empty = open_store (fixture);
    g_assert_cmpuint (count_warnings (fixture), ==, 1);
    g_assert_null (daemon_store_get (empty, "k"));
  }
  sqlite3 *handle = NULL;
  g_assert_cmpint (sqlite3_open (newer, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, "PRAGMA user_version = 2", NULL, NULL, NULL), ==,
                   SQLITE_OK);
  sqlite3_close (handle);
  g_assert_cmpint (g_rename (newer, fixture->file), ==, 0);
  g_autoptr (DaemonStore) back = open_store (fixture);
  g_autofree char *value = daemon_store_get (back, "k");
  g_assert_cmpstr (value, ==, "of the newer one");
}

/* Of this version, by its number, and without the tables: as a disk leaves it that has lost a page. */
static void
test_no_tables (Fixture *fixture, gconstpointer data)
{
  DaemonStore *store = open_store (fixture);
  g_assert_true (daemon_store_exec (store, "DROP TABLE outbox", NULL));
  g_assert_finalize_object (store);
  g_autoptr (DaemonStore) empty = open_store (fixture);
  g_assert_cmpuint (count_warnings (fixture), ==, 1);
  g_autoptr (DaemonOutbox) outbox = daemon_outbox_new (empty);
  g_autoptr (AlexaRequest) request = alexa_request_new (ALEXA_REQUEST_LAUNCH);
  g_assert_cmpint (daemon_outbox_add (outbox, "skill", request), >, 0);
}

/* Three that were set aside are kept, the last one without a number. */
static void
test_aside (Fixture *fixture, gconstpointer data)
{
  static const char *const kept[][2]
      = { { ".broken", "garbage 4" }, { ".broken.1", "garbage 3" }, { ".broken.2", "garbage 2" } };
  g_assert_cmpint (g_mkdir_with_parents (fixture->dir, 0700), ==, 0);
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *garbage = g_strdup_printf ("garbage %u", i);
      g_autofree char *wal = g_strconcat (fixture->file, "-wal", NULL);
      g_assert_true (g_file_set_contents (fixture->file, garbage, -1, NULL));
      if (i == 4)
        g_assert_true (g_file_set_contents (wal, "what it had last", -1, NULL));
      g_autoptr (DaemonStore) store = open_store (fixture);
      g_assert_nonnull (store);
    }
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    {
      g_autofree char *path = g_strconcat (fixture->file, kept[i][0], NULL);
      g_autofree char *found = NULL;
      g_assert_true (g_file_get_contents (path, &found, NULL, NULL));
      g_assert_cmpstr (found, ==, kept[i][1]);
    }
  g_autofree char *fourth = g_strconcat (fixture->file, ".broken.3", NULL);
  g_assert_false (g_file_test (fourth, G_FILE_TEST_EXISTS));
  g_autofree char *wal = g_strconcat (fixture->file, ".broken-wal", NULL);
  g_autofree char *found = NULL;
  g_assert_true (g_file_get_contents (wal, &found, NULL, NULL));
  g_assert_cmpstr (found, ==, "what it had last");
}

/* Tables of version 1, as the first release had them, with a report. */
static void
test_version_1 (Fixture *fixture, gconstpointer data)
{
  sqlite3 *handle = NULL;
  g_assert_cmpint (g_mkdir_with_parents (fixture->dir, 0700), ==, 0);
  g_assert_cmpint (sqlite3_open (fixture->file, &handle), ==, SQLITE_OK);
  g_assert_cmpint (
      sqlite3_exec (
          handle,
          "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
          "CREATE TABLE outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, skill TEXT NOT NULL,"
          " request_id TEXT NOT NULL, request TEXT NOT NULL);"
          "PRAGMA user_version = 1;"
          "INSERT INTO meta VALUES ('k', 'v');"
          "INSERT INTO outbox VALUES (7, 'a', 'r7',"
          " '{\"type\":\"AudioPlayer.PlaybackStopped\",\"token\":\"t\","
          "\"offsetInMilliseconds\":5}')",
          NULL, NULL, NULL),
      ==, SQLITE_OK);
  sqlite3_close (handle);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (DaemonStore) store = open_store (fixture);
      g_autoptr (DaemonOutbox) outbox = daemon_outbox_new (store);
      g_autoptr (GPtrArray) left = daemon_outbox_load (outbox);
      g_autofree char *value = daemon_store_get (store, "k");
      g_assert_cmpstr (value, ==, "v");
      g_assert_cmpuint (left->len, ==, 1);
      const DaemonOutboxEntry *entry = g_ptr_array_index (left, 0);
      g_assert_cmpstr (entry->request->request_id, ==, "r7");
      g_assert_cmpint (entry->at_us, ==, 0);
    }
  g_assert_cmpuint (count_warnings (fixture), ==, 0);
}

/* What one turn of the main loop writes is there together, or not at all. */
static void
test_turn (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DaemonStore) store = open_store (fixture);
  sqlite3 *handle = daemon_store_get_handle (store);
  g_assert_true (daemon_store_set (store, "a", "1", NULL));
  g_assert_true (daemon_store_set (store, "b", "1", NULL));
  g_assert_false (sqlite3_get_autocommit (handle));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_true (sqlite3_get_autocommit (handle));
  g_assert_true (daemon_store_set (store, "c", "1", NULL));
  g_assert_true (daemon_store_commit (store));
  g_assert_true (sqlite3_get_autocommit (handle));
  g_assert_true (daemon_store_commit (store)); /* nothing to do */
}

/* What nobody waits for is on the disk soon, all the same, and by another thread. */
static void
test_lazily (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DaemonStore) store = open_store (fixture);
  g_autoptr (sqlite3_stmt) statement = NULL;
  g_assert_true (daemon_store_set (store, "a", "1", NULL));
  g_assert_true (daemon_store_commit (store));
  g_assert_cmpint (g_atomic_int_get (&n_flushed), ==, 0);
  g_assert_cmpint (sqlite3_prepare_v2 (daemon_store_get_handle (store),
                                       "UPDATE meta SET value = '2' WHERE key = 'a'", -1,
                                       &statement, NULL),
                   ==, SQLITE_OK);
  g_assert_true (daemon_store_run_lazily (store, statement, NULL));
  for (guint i = 0; i < 1000 && g_atomic_int_get (&n_flushed) == 0; i++)
    g_usleep (10 * 1000);
  g_assert_cmpint (g_atomic_int_get (&n_flushed), ==, 1);
}

static void
test_unusable (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (g_file_set_contents (fixture->dir, "a file", -1, NULL));
  g_assert_null (daemon_store_new (fixture->dir, &error));
  g_assert_error (error, DAEMON_STORE_ERROR, DAEMON_STORE_ERROR_OPEN);
  g_assert_nonnull (strstr (error->message, fixture->dir));
}

/* Two daemons must not share one memory. */
static void
test_locked (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DaemonStore) store = open_store (fixture);
  g_autoptr (GError) error = NULL;
  g_assert_true (daemon_store_set (store, "k", "v", NULL));
  g_assert_null (daemon_store_new (fixture->dir, &error));
  g_assert_error (error, DAEMON_STORE_ERROR, DAEMON_STORE_ERROR_OPEN);
  g_assert_true (g_str_has_suffix (error->message, "another segued uses it"));
  g_assert_cmpuint (count_warnings (fixture), ==, 0);
}

static gint64
add (DaemonOutbox *outbox, const char *skill, PlayerReportType type, gint64 offset_ms)
{
  g_autoptr (PlayerItem) item = player_item_new ("https://x/", "tök\"en", 0, skill, NULL);
  g_autoptr (PlayerReport) report = player_report_new (type, 1, item, offset_ms);
  g_autoptr (AlexaRequest) request = alexa_request_new_playback (report);
  return daemon_outbox_add (outbox, skill, request);
}

static void
test_outbox (Fixture *fixture, gconstpointer data)
{
  {
    g_autoptr (DaemonStore) store = open_store (fixture);
    g_autoptr (DaemonOutbox) outbox = daemon_outbox_new (store);
    g_assert_cmpint (add (outbox, "a", PLAYER_REPORT_STARTED, 0), >, 0);
    gint64 second = add (outbox, "b", PLAYER_REPORT_STARTED, 1);
    g_assert_cmpint (add (outbox, "a", PLAYER_REPORT_FINISHED, 2), >, second);
    daemon_outbox_remove (outbox, second, DAEMON_OUTBOX_REFUSED);
    daemon_outbox_remove (outbox, 0, DAEMON_OUTBOX_TOLD);
    DaemonOutboxCounts counts = daemon_outbox_get_counts (outbox);
    g_assert_cmpuint (counts.waiting, ==, 2);
    g_assert_cmpuint (counts.refused, ==, 1);
    g_assert_cmpuint (counts.dropped, ==, 0);
  }
  g_autoptr (DaemonStore) store = open_store (fixture);
  g_autoptr (DaemonOutbox) outbox = daemon_outbox_new (store);
  g_autoptr (GPtrArray) left = daemon_outbox_load (outbox);
  g_assert_cmpuint (left->len, ==, 2);
  const DaemonOutboxEntry *first = g_ptr_array_index (left, 0);
  const DaemonOutboxEntry *last = g_ptr_array_index (left, 1);
  g_assert_cmpstr (first->skill, ==, "a");
  g_assert_cmpint (first->request->type, ==, ALEXA_REQUEST_PLAYBACK_STARTED);
  g_assert_cmpstr (first->request->token, ==, "tök\"en");
  g_assert_cmpint (last->request->type, ==, ALEXA_REQUEST_PLAYBACK_FINISHED);
  g_assert_cmpint (last->request->offset_ms, ==, 2);
  g_assert_true (g_str_has_prefix (last->request->request_id, "amzn1.echo-api.request."));
}

static void
test_outbox_unreadable (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DaemonStore) store = open_store (fixture);
  g_autoptr (DaemonOutbox) outbox = daemon_outbox_new (store);
  g_assert_true (daemon_store_exec (
      store,
      "INSERT INTO outbox (skill, request_id, request) VALUES ('a', 'r', '{\"x'), ('a', 'r', '{}')",
      NULL));
  add (outbox, "a", PLAYER_REPORT_STOPPED, 0);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GPtrArray) left = daemon_outbox_load (outbox);
      g_assert_cmpuint (left->len, ==, 1);
    }
}

static void
assert_stored (DaemonStore *store, const char *offsets)
{
  g_autoptr (DaemonOutbox) outbox = daemon_outbox_new (store);
  g_autoptr (GPtrArray) left = daemon_outbox_load (outbox);
  g_autoptr (GString) found = g_string_new (NULL);
  for (guint i = 0; i < left->len; i++)
    {
      const DaemonOutboxEntry *entry = g_ptr_array_index (left, i);
      g_string_append_printf (found, "%" G_GINT64_FORMAT " ", entry->request->offset_ms);
    }
  g_assert_cmpstr (found->str, ==, offsets);
}

/* A week is the bound; a report made before the clock was set has no age. */
static void
test_outbox_age (Fixture *fixture, gconstpointer data)
{
  gint64 now_us = g_get_real_time ();
  g_autoptr (DaemonStore) store = open_store (fixture);
  g_autoptr (DaemonOutbox) outbox = daemon_outbox_new (store);
  g_autofree char *sql = g_strdup_printf (
      "UPDATE outbox SET at_us = CASE id WHEN 1 THEN %" G_GINT64_FORMAT
      " WHEN 2 THEN %" G_GINT64_FORMAT " WHEN 3 THEN 1000000 WHEN 4 THEN %" G_GINT64_FORMAT " END",
      now_us - DAEMON_OUTBOX_MAX_AGE_US - G_TIME_SPAN_MINUTE,
      now_us - DAEMON_OUTBOX_MAX_AGE_US + G_TIME_SPAN_MINUTE, now_us + G_TIME_SPAN_DAY);
  for (gint64 i = 1; i <= 4; i++)
    add (outbox, "a", PLAYER_REPORT_STARTED, i);
  g_assert_true (daemon_store_exec (store, sql, NULL));
  g_autoptr (GPtrArray) left = daemon_outbox_load (outbox);
  g_assert_cmpuint (left->len, ==, 3);
  g_assert_cmpuint (daemon_outbox_get_counts (outbox).dropped, ==, 1);
  assert_stored (store, "2 3 4 ");
  g_assert_cmpint (daemon_outbox_get_age_us (now_us, 0), ==, 0); /* not set now */
}

/* A full disk is told once; reports go on without, and are stored when there is room. */
static void
test_outbox_full (Fixture *fixture, gconstpointer data)
{
  {
    g_autoptr (DaemonStore) store = open_store (fixture);
    g_autoptr (DaemonOutbox) outbox = daemon_outbox_new (store);
    gint64 first = add (outbox, "a", PLAYER_REPORT_STARTED, 0);
    g_assert_true (daemon_store_commit (store));
    g_assert_true (daemon_store_exec (store, "PRAGMA max_page_count = 1", NULL));
    g_autofree char *large = g_strnfill (100000, 'l');
    g_assert_false (daemon_store_set (store, "large", large, NULL));
    g_assert_cmpuint (count_warnings (fixture), ==, 1);
    for (guint i = 1; i < 4; i++)
      g_assert_cmpint (add (outbox, "a", PLAYER_REPORT_STARTED, i), ==, first + i);
    daemon_outbox_remove (outbox, first, DAEMON_OUTBOX_TOLD);
    g_assert_cmpuint (daemon_outbox_get_counts (outbox).waiting, ==, 3);
    daemon_store_try_again (store); /* still full */
    g_assert_false (daemon_store_commit (store));
    g_assert_cmpuint (count_warnings (fixture), ==, 1);
    g_assert_cmpint (sqlite3_exec (daemon_store_get_handle (store),
                                   "PRAGMA max_page_count = 100000", NULL, NULL, NULL),
                     ==, SQLITE_OK);
    daemon_store_try_again (store);
    add (outbox, "a", PLAYER_REPORT_STARTED, 4);
  }
  g_autoptr (DaemonStore) store = open_store (fixture);
  g_autofree char *large = daemon_store_get (store, "large");
  g_assert_cmpuint (strlen (large), ==, 100000);
  assert_stored (store, "1 2 3 4 ");
  g_assert_cmpuint (count_warnings (fixture), ==, 1);
}

/* Overwrites the file but for its first page, behind the back of whoever has it open. */
static void
damage (DaemonStore *store, const char *path)
{
  sqlite3 *handle = daemon_store_get_handle (store);
  g_assert_true (daemon_store_commit (store));
  g_assert_cmpint (sqlite3_exec (handle, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL), ==,
                   SQLITE_OK);
  sqlite3_db_release_memory (handle);
  GStatBuf info;
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_autofree char *junk = g_malloc (info.st_size);
  memset (junk, 0xa5, info.st_size);
  int fd = g_open (path, O_WRONLY, 0);
  g_assert_cmpint (pwrite (fd, junk + 4096, info.st_size - 4096, 4096), ==, info.st_size - 4096);
  close (fd);
}

/* Damage that turns up while it is used: set aside, and what is in memory is stored anew. */
static void
test_damaged_meanwhile (Fixture *fixture, gconstpointer data)
{
  g_autofree char *filler = g_strnfill (3000, 'f');
  g_autofree char *broken = g_strconcat (fixture->file, ".broken", NULL);
  {
    g_autoptr (DaemonStore) store = open_store (fixture);
    g_autoptr (DaemonOutbox) outbox = daemon_outbox_new (store);
    for (guint i = 0; i < 100; i++)
      {
        g_autofree char *key = g_strdup_printf ("k%u", i);
        g_assert_true (daemon_store_set (store, key, filler, NULL));
        add (outbox, "a", PLAYER_REPORT_STARTED, i);
      }
    for (guint i = 3; i <= 100; i++)
      daemon_outbox_remove (outbox, i, DAEMON_OUTBOX_TOLD);
    damage (store, fixture->file);
    add (outbox, "a", PLAYER_REPORT_STOPPED, 2);
    g_assert_cmpuint (count_warnings (fixture), ==, 1);
    g_assert_true (g_file_test (broken, G_FILE_TEST_EXISTS));
    add (outbox, "a", PLAYER_REPORT_STARTED, 3);
    while (g_main_context_iteration (NULL, FALSE))
      ;
    add (outbox, "a", PLAYER_REPORT_STOPPED, 4); /* by a statement of the old file */
  }
  g_autoptr (DaemonStore) store = open_store (fixture);
  assert_stored (store, "0 1 2 3 4 ");
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *key = g_strdup_printf ("k%u", i);
      g_autofree char *value = daemon_store_get (store, key);
      g_assert_cmpstr (value, ==, filler);
    }
  g_assert_cmpuint (count_warnings (fixture), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  guint n_warnings = 0; /* the log writer can be set only once */
  g_log_set_writer_func (write_log, &n_warnings, NULL);
#define ADD(path, func)                                                                            \
  g_test_add ("/daemon/store/" path, Fixture, &n_warnings, set_up, func, tear_down)
  ADD ("values", test_values);
  ADD ("garbage", test_garbage);
  ADD ("damaged", test_damaged);
  ADD ("newer", test_newer);
  ADD ("no-tables", test_no_tables);
  ADD ("aside", test_aside);
  ADD ("version-1", test_version_1);
  ADD ("turn", test_turn);
  ADD ("lazily", test_lazily);
  ADD ("unusable", test_unusable);
  ADD ("locked", test_locked);
  ADD ("outbox", test_outbox);
  ADD ("outbox-unreadable", test_outbox_unreadable);
  ADD ("outbox-age", test_outbox_age);
  ADD ("outbox-full", test_outbox_full);
  ADD ("damaged-meanwhile", test_damaged_meanwhile);
#undef ADD
  return g_test_run ();
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* Store and outbox. */
#include <glib/gstdio.h>
#include <string.h>
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

static void
test_newer (Fixture *fixture, gconstpointer data)
{
  DaemonStore *store = open_store (fixture);
  g_assert_true (daemon_store_exec (store, "PRAGMA user_version = 2", NULL));
  g_assert_finalize_object (store);
  assert_set_aside (fixture);
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
    daemon_outbox_remove (outbox, second);
    daemon_outbox_remove (outbox, 0);
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
test_outbox_bound (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DaemonStore) store = daemon_store_new (NULL, NULL);
  g_autoptr (DaemonOutbox) outbox = daemon_outbox_new (store);
  for (gint64 i = 0; i < DAEMON_OUTBOX_MAX + 250; i++)
    add (outbox, "a", PLAYER_REPORT_STARTED, i);
  g_autoptr (GPtrArray) left = daemon_outbox_load (outbox);
  g_assert_cmpuint (left->len, ==, DAEMON_OUTBOX_MAX);
  const DaemonOutboxEntry *first = g_ptr_array_index (left, 0);
  g_assert_cmpint (first->request->offset_ms, ==, 250);
}

/* A full disk is told once; reports go on without. */
static void
test_outbox_full (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DaemonStore) store = open_store (fixture);
  g_autoptr (DaemonOutbox) outbox = daemon_outbox_new (store);
  g_assert_true (daemon_store_exec (store, "PRAGMA max_page_count = 1", NULL));
  guint failed = 0;
  for (guint i = 0; i < 500; i++)
    failed += add (outbox, "a", PLAYER_REPORT_STARTED, i) == 0 ? 1 : 0;
  g_assert_cmpuint (failed, >, 10);
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
  ADD ("unusable", test_unusable);
  ADD ("locked", test_locked);
  ADD ("outbox", test_outbox);
  ADD ("outbox-unreadable", test_outbox_unreadable);
  ADD ("outbox-bound", test_outbox_bound);
  ADD ("outbox-full", test_outbox_full);
#undef ADD
  return g_test_run ();
}

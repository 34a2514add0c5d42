/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* The power is cut at every single step that the database takes to the disk: what was stored is there, in
 * order, once, and the database is whole. */
#include <glib/gstdio.h>
#include <string.h>

#include "daemon/daemon-outbox.h"
#include "test-recorder.h"

#define N_TURNS 60
/* Different parts of what was not synced, at each step. */
#define N_PARTS 3

typedef struct
{
  char *dir; /* (owned) */
  Recorder *recorder;
  DaemonStore *store;
  DaemonOutbox *outbox;
  sqlite3_stmt *place; /* written lazily, as places in what plays are */
  GQueue waiting;      /* ids */
  gint64 n_reports;
} Fixture;

static void
remove_files (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      g_unlink (file);
    }
}

static void
end_turn (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
open_all (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  fixture->store = daemon_store_new (fixture->dir, &error);
  g_assert_no_error (error);
  fixture->outbox = daemon_outbox_new (fixture->store);
  sqlite3 *handle = daemon_store_get_handle (fixture->store);
  g_assert_true (daemon_store_exec (
      fixture->store, "CREATE TABLE IF NOT EXISTS place (id INTEGER PRIMARY KEY, ms INTEGER)",
      NULL));
  g_assert_cmpint (sqlite3_prepare_v2 (handle, "INSERT OR REPLACE INTO place VALUES (1, ?)", -1,
                                       &fixture->place, NULL),
                   ==, SQLITE_OK);
  end_turn ();
  /* What has been written comes into the file often. */
  g_assert_cmpint (sqlite3_exec (handle, "PRAGMA wal_autocheckpoint = 12", NULL, NULL, NULL), ==,
                   SQLITE_OK);
}

static void
close_all (Fixture *fixture)
{
  g_clear_pointer (&fixture->place, sqlite3_finalize);
  g_assert_finalize_object (g_steal_pointer (&fixture->outbox));
  g_assert_finalize_object (g_steal_pointer (&fixture->store));
}

static void
add (Fixture *fixture)
{
  g_autofree char *token = g_strnfill (200 + fixture->n_reports * 37 % 800, 't');
  g_autoptr (PlayerItem) item = player_item_new ("https://x/", token, 0, "a", NULL);
  g_autoptr (PlayerReport) report
      = player_report_new (PLAYER_REPORT_STARTED, 1, item, fixture->n_reports++);
  g_autoptr (AlexaRequest) request = alexa_request_new_playback (report);
  gint64 id = daemon_outbox_add (fixture->outbox, "a", request);
  g_queue_push_tail (&fixture->waiting, GSIZE_TO_POINTER (id));
}

/* (transfer full): the offsets of all reports, in order, and of a single value. */
static char *
describe (DaemonStore *store, DaemonOutbox *outbox)
{
  g_autoptr (GPtrArray) left = daemon_outbox_load (outbox);
  g_autoptr (GString) state = g_string_new (NULL);
  for (guint i = 0; i < left->len; i++)
    {
      const DaemonOutboxEntry *entry = g_ptr_array_index (left, i);
      g_string_append_printf (state, "%" G_GINT64_FORMAT " ", entry->request->offset_ms);
    }
  g_autofree char *turn = daemon_store_get (store, "turn");
  g_string_append_printf (state, "in turn %s", turn != NULL ? turn : "none");
  return g_string_free (g_steal_pointer (&state), FALSE);
}

/* A turn of the main loop: reports come and go, the state they belong to changes with them. */
static void
take_turn (Fixture *fixture, guint turn)
{
  g_autofree char *number = g_strdup_printf ("%u", turn);
  for (guint i = 0; i < turn % 3; i++)
    add (fixture);
  if (turn % 2 == 1 && fixture->waiting.length > 2)
    daemon_outbox_remove (fixture->outbox, GPOINTER_TO_SIZE (g_queue_pop_head (&fixture->waiting)),
                          DAEMON_OUTBOX_TOLD);
  g_assert_true (daemon_store_set (fixture->store, "turn", number, NULL));
  end_turn ();
  g_autofree char *state = describe (fixture->store, fixture->outbox);
  recorder_mark (fixture->recorder, state);
  sqlite3_bind_int64 (fixture->place, 1, turn);
  g_assert_true (daemon_store_run_lazily (fixture->store, fixture->place, NULL));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  /* In memory, if there is such a folder: thousands of files are made. */
  const char *top = g_file_test ("/dev/shm", G_FILE_TEST_IS_DIR) ? "/dev/shm" : g_get_tmp_dir ();
  fixture->dir = g_build_filename (top, "segue-power-XXXXXX", NULL);
  g_assert_nonnull (g_mkdtemp (fixture->dir));
  fixture->recorder = recorder_start ();
  g_queue_init (&fixture->waiting);
  recorder_mark (fixture->recorder, "in turn none");
  open_all (fixture);
  for (guint turn = 0; turn < N_TURNS; turn++)
    {
      if (turn == N_TURNS / 2)
        {
          close_all (fixture);
          open_all (fixture);
        }
      take_turn (fixture, turn);
    }
  close_all (fixture);
  recorder_stop (fixture->recorder);
  remove_files (fixture->dir);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  recorder_free (fixture->recorder);
  g_queue_clear (&fixture->waiting);
  remove_files (fixture->dir);
  g_assert_cmpint (g_rmdir (fixture->dir), ==, 0);
  g_free (fixture->dir);
}

/* What is there is what was stored last, or what was being stored. */
static void
look (Fixture *fixture, guint step, RecorderLoss loss)
{
  guint n_marks = recorder_get_n_marks (fixture->recorder, step);
  g_autofree char *broken = g_build_filename (fixture->dir, DAEMON_STORE_FILE ".broken", NULL);
  g_autoptr (GError) error = NULL;
  {
    g_autoptr (DaemonStore) store = daemon_store_new (fixture->dir, &error);
    g_assert_no_error (error);
    g_autoptr (DaemonOutbox) outbox = daemon_outbox_new (store);
    g_autofree char *state = describe (store, outbox);
    const char *stored = recorder_get_mark (fixture->recorder, n_marks - 1);
    const char *next = n_marks <= N_TURNS ? recorder_get_mark (fixture->recorder, n_marks) : stored;
    if (!g_str_equal (state, stored) && !g_str_equal (state, next))
      g_error ("after step %u of %u (loss %d) there is \"%s\", and not \"%s\" or \"%s\"", step,
               recorder_get_n_steps (fixture->recorder), loss, state, stored, next);
    g_assert_false (g_file_test (broken, G_FILE_TEST_EXISTS));
  }
  remove_files (fixture->dir);
}

static void
test_every_step (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20);
  guint n_steps = 0;
  while (recorder_next (fixture->recorder))
    {
      n_steps++;
      for (guint i = 0; i < 2 + N_PARTS; i++)
        {
          RecorderLoss loss = MIN (i, RECORDER_LOSS_SOME);
          recorder_materialise (fixture->recorder, fixture->dir, loss, random);
          look (fixture, n_steps, loss);
        }
    }
  g_test_message ("%u steps to the disk, each cut in %u ways", n_steps, 2 + N_PARTS);
  g_assert_cmpuint (n_steps, >, 5 * N_TURNS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/daemon/power-cut/every-step", Fixture, NULL, set_up, test_every_step, tear_down);
  return g_test_run ();
}

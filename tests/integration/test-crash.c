/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* The daemon dies at each of its durable writes, and at any moment, in the middle of a conversation; it is started
 * anew, and the conversation goes on. The skill must have been told each outcome, in order, and none
 * that did not happen.
 *
 * Each run is a process of its own (this program with "--run"), many at a time. */
#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>

#include "demo-json.h"
#include "harness.h"

#define PARALLEL 20
#define N_RANDOM 100
/* Under sanitizers everything takes ten times as long: one in so many. */
#ifdef __SANITIZE_ADDRESS__
#define ONE_IN 12
#else
#define ONE_IN 1
#endif

/* Frames at 44100 Hz: a long track, and one that is heard to its end. */
#define LONG_FRAMES 70001
#define SHORT_FRAMES 13003
#define LONG_MS (LONG_FRAMES * 1000 / 44100)
#define SHORT_MS (SHORT_FRAMES * 1000 / 44100)

/* ---- What the skill was told -------------------------------------------------------------------
 */

/* An outcome, where it arrived first. */
typedef struct
{
  const char *id;
  const char *type; /* "Started" ... */
  const char *token;
  gint64 offset_ms;
  guint times; /* that it arrived */
} Told;

/* (transfer container): what @log has of outcomes, in order; repetitions are those of the last one only. */
static GArray *
collect (GPtrArray *log)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (Told));
  for (guint i = 0; i < log->len; i++)
    {
      JsonObject *entry = g_ptr_array_index (log, i);
      const char *type = demo_json_get_string (entry, "type");
      if (g_strcmp0 (demo_json_get_string (entry, "kind"), "request") != 0
          || !g_str_has_prefix (type, "AudioPlayer.Playback")
          || g_str_has_suffix (type, "NearlyFinished"))
        continue;
      Told told = {
        .id = demo_json_get_string (entry, "body.request.requestId"),
        .type = type + strlen ("AudioPlayer.Playback"),
        .token = demo_json_get_string (entry, "body.request.token"),
        .offset_ms = demo_json_get_int (entry, "body.request.offsetInMilliseconds", 0),
        .times = 1,
      };
      guint known = 0;
      while (known < all->len && !g_str_equal (g_array_index (all, Told, known).id, told.id))
        known++;
      if (known == all->len)
        g_array_append_val (all, told);
      else if (known + 1 == all->len)
        g_array_index (all, Told, known).times++;
      else
        g_error ("%s of %s is told again behind a later one", told.type, told.token);
    }
  return all;
}

static char *
print (GArray *all)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < all->len; i++)
    {
      const Told *told = &g_array_index (all, Told, i);
      g_string_append_printf (text, "%s %s %" G_GINT64_FORMAT "%s; ", told->type, told->token,
                              told->offset_ms, told->times > 1 ? " (again)" : "");
    }
  return g_string_free (text, FALSE);
}

/* (nullable): what is wrong with @told behind @sounding, which is moved on. */
static const char *
find_fault (const Told *told, const Told **sounding)
{
  const Told *before = *sounding;
  if (g_str_equal (told->type, "Failed"))
    return g_str_equal (told->token, "track-3") ? NULL : "that track does not fail";
  if (g_str_equal (told->type, "Started"))
    {
      *sounding = told;
      return before == NULL ? NULL : "the end of the stream before it is missing";
    }
  *sounding = NULL;
  if (before == NULL || !g_str_equal (before->token, told->token))
    return "it has not been told to have started";
  if (told->offset_ms < before->offset_ms)
    return "it ends before it started";
  gint64 length_ms = g_str_equal (told->token, "track-2") ? SHORT_MS : LONG_MS;
  if (g_str_equal (told->type, "Finished") && ABS (told->offset_ms - length_ms) > 30)
    return "it did not get to its end";
  return NULL;
}

/* The stream that sounds after all that was told; an outcome that cannot be is an error. */
static const Told *
check (GArray *all)
{
  const Told *sounding = NULL;
  for (guint i = 0; i < all->len; i++)
    {
      const Told *told = &g_array_index (all, Told, i);
      const char *fault = find_fault (told, &sounding);
      g_autofree char *text = fault != NULL ? print (all) : NULL;
      if (fault != NULL)
        g_error ("%s %s: %s. All: %s", told->type, told->token, fault, text);
    }
  return sounding;
}

/* ---- One run -----------------------------------------------------------------------------------
 */

typedef struct
{
  Harness *harness;
  guint n_deaths;
  const char *type; /* waited for: how many of it and of this token are there */
  const char *token;
  guint count;
} Run;

static guint
count_told (Run *run, const char *type, const char *token)
{
  g_autoptr (GArray) all = collect (demo_server_get_log (harness_skill (run->harness)));
  guint count = 0;
  for (guint i = 0; i < all->len; i++)
    {
      const Told *told = &g_array_index (all, Told, i);
      count += g_str_equal (told->type, type) && g_str_equal (told->token, token);
    }
  return count;
}

/* Whoever dies is started anew, and well. */
static void
see_to_daemon (Run *run)
{
  if (harness_daemon_runs (run->harness))
    return;
  run->n_deaths++;
  g_unsetenv ("SEGUE_FAULT");
  g_unsetenv ("SEGUE_FAULT_COUNT");
  harness_start_daemon (run->harness);
}

static gboolean
is_told (gpointer user_data)
{
  Run *run = user_data;
  see_to_daemon (run);
  return count_told (run, run->type, run->token) > run->count;
}

static gboolean
never (gpointer user_data)
{
  see_to_daemon (user_data);
  return FALSE;
}

/* Does what the script does next; what it leads to may fail to come after a death, and then the script goes on. */
static void
act (Run *run,
     const char *interface,
     const char *method,
     GVariant *args,
     const char *type,
     const char *token)
{
  see_to_daemon (run);
  run->type = type;
  run->token = token;
  run->count = count_told (run, type, token);
  harness_send (run->harness, interface, method, args);
  gboolean came = harness_wait (run->n_deaths == 0 ? 15000 : 500, is_told, run);
  if (!came && run->n_deaths == 0)
    g_error ("no %s of %s", type, token);
}

static void
play_script (Run *run)
{
  act (run, HARNESS_CONVERSATION, "Launch", g_variant_new ("(s)", ""), "Started", "track-1");
  harness_wait (120, never, run);
  act (run, HARNESS_PLAYER, "Pause", NULL, "Stopped", "track-1");
  act (run, HARNESS_PLAYER, "Play", NULL, "Started", "track-1");
  act (run, HARNESS_PLAYER, "Next", NULL, "Failed", "track-3"); /* through the whole of track 2 */
  act (run, HARNESS_CONVERSATION, "Launch", g_variant_new ("(s)", ""), "Started", "track-1");
  act (run, HARNESS_PLAYER, "Stop", NULL, "Stopped", "track-1");
}

static gboolean
is_over (gpointer user_data)
{
  Run *run = user_data;
  see_to_daemon (run);
  g_autoptr (GArray) all = collect (demo_server_get_log (harness_skill (run->harness)));
  return check (all) == NULL;
}

/* Rows that wait in the database of a daemon that has ended. */
static int
count_rows (Run *run)
{
  g_autofree char *path = g_build_filename (harness_dir (run->harness), "state", "segue.db", NULL);
  sqlite3 *handle = NULL;
  sqlite3_stmt *statement = NULL;
  int count = -1;
  if (sqlite3_open (path, &handle) == SQLITE_OK
      && sqlite3_prepare_v2 (handle, "SELECT count(*) FROM outbox", -1, &statement, NULL)
             == SQLITE_OK
      && sqlite3_step (statement) == SQLITE_ROW)
    count = sqlite3_column_int (statement, 0);
  sqlite3_finalize (statement);
  sqlite3_close (handle);
  return count;
}

/* Nothing sounds any more, and all has been told. */
static void
end_script (Run *run)
{
  for (guint i = 0; i < 20; i++)
    {
      see_to_daemon (run);
      harness_send (run->harness, HARNESS_PLAYER, "Stop", NULL);
      harness_wait (150, never, run);
      if (!harness_wait (3000, is_over, run))
        continue;
      see_to_daemon (run);
      g_assert_cmpint (harness_end_daemon (run->harness, SIGTERM), ==, 0);
      if (count_rows (run) == 0)
        return;
      harness_start_daemon (run->harness);
    }
  g_autoptr (GArray) all = collect (demo_server_get_log (harness_skill (run->harness)));
  g_autofree char *text = print (all);
  g_error ("something sounds for ever, or reports wait for ever: %s", text);
}

static gboolean
on_kill (gpointer user_data)
{
  Run *run = user_data;
  if (harness_daemon_runs (run->harness))
    kill (harness_daemon_pid (run->harness), SIGKILL);
  return G_SOURCE_REMOVE;
}

static void
write_media (Run *run)
{
  g_autofree char *first = g_build_filename (harness_media_dir (run->harness), "a.wav", NULL);
  g_autofree char *second = g_build_filename (harness_media_dir (run->harness), "b.wav", NULL);
  g_autofree char *third = g_build_filename (harness_media_dir (run->harness), "c.wav", NULL);
  harness_write_wav (first, 1, LONG_FRAMES);
  harness_write_wav (second, 2, SHORT_FRAMES);
  g_unlink (third);
}

/* @kill_ms: 0: SEGUE_FAULT says what happens. */
static int
run_once (guint kill_ms)
{
  g_setenv ("HARNESS_SEGUED", SEGUED_FAULTY, TRUE);
  Run run = { .harness = harness_new ("[skill demo]\nendpoint = @URL@\n") };
  write_media (&run);
  if (kill_ms != 0)
    g_timeout_add (kill_ms, on_kill, &run);
  gint64 begin_us = g_get_monotonic_time ();
  play_script (&run);
  gint64 took_ms = (g_get_monotonic_time () - begin_us) / 1000;
  end_script (&run);
  g_autoptr (GArray) all = collect (demo_server_get_log (harness_skill (run.harness)));
  g_autofree char *text = print (all);
  g_assert_null (check (all));
  g_print ("deaths %u took %" G_GINT64_FORMAT " told %s\n", run.n_deaths, took_ms, text);
  harness_free (run.harness);
  return 0;
}

/* ---- Many runs ---------------------------------------------------------------------------------
 */

typedef struct
{
  char *program; /* (owned) */
  guint running;
  guint n_runs;
  guint n_deaths;
  guint n_again;
  guint n_failed;
  char *last; /* (owned) (nullable): what the last one printed */
} Pool;

typedef struct
{
  Pool *pool;
  char *what; /* (owned) */
} Job;

static void
on_run (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Job *job = user_data;
  Pool *pool = job->pool;
  g_autofree char *out = NULL;
  g_autoptr (GError) error = NULL;
  guint deaths = 0;
  g_subprocess_communicate_utf8_finish (G_SUBPROCESS (source), result, &out, NULL, &error);
  g_assert_no_error (error);
  pool->running--;
  pool->n_runs++;
  const char *line = strstr (out, "deaths ");
  if (!g_subprocess_get_successful (G_SUBPROCESS (source)) || line == NULL
      || sscanf (line, "deaths %u", &deaths) != 1)
    {
      pool->n_failed++;
      g_test_message ("%s: %s", job->what, out);
    }
  else if (g_test_verbose ())
    g_test_message ("%s: %s", job->what, line);
  pool->n_deaths += deaths;
  for (const char *again = out; (again = strstr (again, "(again)")) != NULL; again++)
    pool->n_again++;
  g_free (pool->last);
  pool->last = g_steal_pointer (&out);
  g_object_unref (source);
  g_free (job->what);
  g_free (job);
}

/* Waits until less than @n run. */
static void
pool_wait (Pool *pool, guint n)
{
  while (pool->running >= n)
    g_main_context_iteration (NULL, TRUE);
}

/* @what: "kill-before:N", "kill-after:N", "random:MS" or "count:FILE". */
static void
pool_start (Pool *pool, const char *what)
{
  pool_wait (pool, PARALLEL);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autoptr (GError) error = NULL;
  const char *number = strchr (what, ':') + 1;
  gboolean counts = g_str_has_prefix (what, "count:");
  gboolean random = g_str_has_prefix (what, "random:");
  if (counts)
    g_subprocess_launcher_setenv (launcher, "SEGUE_FAULT_COUNT", number, TRUE);
  else if (!random)
    g_subprocess_launcher_setenv (launcher, "SEGUE_FAULT", what, TRUE);
  Job *job = g_new0 (Job, 1);
  job->pool = pool;
  job->what = g_strdup (what);
  pool->running++;
  g_subprocess_communicate_utf8_async (g_subprocess_launcher_spawn (launcher, &error, pool->program,
                                                                    "--run", random ? number : "0",
                                                                    NULL),
                                       NULL, NULL, on_run, job);
  g_assert_no_error (error);
}

static void
set_up (Pool *pool, gconstpointer data)
{
  pool->program = g_strdup (data);
}

static void
tear_down (Pool *pool, gconstpointer data)
{
  g_free (pool->program);
  g_free (pool->last);
}

/* Durable writes and milliseconds of a whole run; all is told as it happened. */
static void
measure (Pool *pool, guint *n_writes, guint *ms)
{
  static const char *const expected[]
      = { "Started track-1 0", "Stopped track-1 ",  "Started track-1 ",
          "Stopped track-1 ",  "Started track-2 0", "Finished track-2 ",
          "Failed track-3 ",   "Started track-1 0", "Stopped track-1 " };
  g_autofree char *dir = g_dir_make_tmp ("segue-crash-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "count", NULL);
  g_autofree char *what = g_strconcat ("count:", path, NULL);
  pool_start (pool, what);
  pool_wait (pool, 1);
  g_assert_cmpuint (pool->n_failed, ==, 0);
  const char *line = strstr (pool->last, "took ");
  g_assert_cmpint (sscanf (line, "took %u", ms), ==, 1);
  g_auto (GStrv) told = g_strsplit (strstr (line, "told ") + strlen ("told "), "; ", -1);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    if (told[i] == NULL || !g_str_has_prefix (told[i], expected[i]))
      g_error ("told \"%s\", expected \"%s\" in: %s", told[i], expected[i], line);
  g_assert_cmpuint (g_strv_length (told), ==, G_N_ELEMENTS (expected) + 1);

  g_autofree char *count = NULL;
  g_autoptr (GError) error = NULL;
  g_file_get_contents (path, &count, NULL, &error);
  g_assert_no_error (error);
  *n_writes = strtoul (count, NULL, 10);
  g_unlink (path);
  g_rmdir (dir);
}

static void
assert_all_good (Pool *pool)
{
  pool_wait (pool, 1);
  g_test_message ("%u runs, %u deaths, %u reports told again", pool->n_runs, pool->n_deaths,
                  pool->n_again);
  if (ONE_IN > 1)
    g_test_message ("under sanitizers: one in %u", ONE_IN);
  g_assert_cmpuint (pool->n_failed, ==, 0);
}

static void
test_each_write (Pool *pool, gconstpointer data)
{
  guint n_writes = 0;
  guint ms = 0;
  measure (pool, &n_writes, &ms);
  g_test_message ("%u durable writes in %u ms", n_writes, ms);
  g_assert_cmpuint (n_writes, >, 15);
  for (guint n = 1; n <= n_writes; n += ONE_IN)
    {
      g_autofree char *before = g_strdup_printf ("kill-before:%u", n);
      g_autofree char *after = g_strdup_printf ("kill-after:%u", n);
      pool_start (pool, before);
      pool_start (pool, after);
    }
  assert_all_good (pool);
  g_assert_cmpuint (pool->n_deaths, >=, n_writes / ONE_IN);
}

static void
test_random (Pool *pool, gconstpointer data)
{
  guint n_writes = 0;
  guint ms = 0;
  measure (pool, &n_writes, &ms);
  for (guint i = 0; i < N_RANDOM / ONE_IN; i++)
    {
      g_autofree char *what = g_strdup_printf ("random:%d", g_test_rand_int_range (1, ms));
      pool_start (pool, what);
    }
  assert_all_good (pool);
  g_assert_cmpuint (pool->n_deaths, >=, N_RANDOM / ONE_IN / 2);
}

/* Nobody can make the daemon proper die by an environment variable. */
static void
test_product (Pool *pool, gconstpointer data)
{
  static const char *const programs[] = { SEGUED_FAULTY, SEGUED };
  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    {
      g_autofree char *contents = NULL;
      gsize size = 0;
      g_assert_true (g_file_get_contents (programs[i], &contents, &size, NULL));
      gboolean has = memmem (contents, size, "SEGUE_FAULT", strlen ("SEGUE_FAULT")) != NULL;
      g_assert_cmpint (has, ==, i == 0);
    }
}

int
main (int argc, char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--run"))
    return run_once (atoi (argv[2]));
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/crash/" path, Pool, argv[0], set_up, func, tear_down)
  ADD ("each-write", test_each_write);
  ADD ("random", test_random);
  ADD ("product", test_product);
#undef ADD
  return g_test_run ();
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* What is kept of player and sessions, row by row. */
#include <string.h>

#include "daemon/daemon-memory-player.h"
#include "daemon/daemon-memory-sessions.h"

#define NOW_US (G_GINT64_CONSTANT (1800000000) * G_USEC_PER_SEC)

typedef struct
{
  DaemonStore *store;
  DaemonMusicMoment now;
} Rows;

static void
set_up (Rows *rows, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  rows->store = daemon_store_new (NULL, &error);
  g_assert_no_error (error);
  rows->now = (DaemonMusicMoment){ .monotonic_us = 5000000, .wall_us = NOW_US };
}

static void
tear_down (Rows *rows, gconstpointer data)
{
  g_assert_finalize_object (rows->store);
}

static void
run (Rows *rows, const char *sql)
{
  g_autoptr (GError) error = NULL;
  daemon_store_exec (rows->store, sql, &error);
  g_assert_no_error (error);
}

static PlayerItem *
make_item (const char *token)
{
  g_autofree char *url = g_strconcat ("https://media.example/", token, NULL);
  return player_item_new (url, token, 0, "radio", NULL);
}

/* (transfer full): @tokens: the current one first */
static DaemonMemoryState *
make_state (const char *const *tokens)
{
  g_autoptr (PlayerSnapshot) player = player_snapshot_new ();
  player->activity = PLAYER_ACTIVITY_PLAYING;
  player->item = make_item (tokens[0]);
  player->under_way = TRUE;
  for (guint i = 1; tokens[i] != NULL; i++)
    g_ptr_array_add (player->queue, make_item (tokens[i]));
  return daemon_memory_state_new (player);
}

/* As a new daemon reads it. */
static DaemonMemoryState *
load (Rows *rows)
{
  g_autoptr (DaemonMemoryPlayer) reader = daemon_memory_player_new (rows->store);
  return daemon_memory_player_load (reader, &rows->now);
}

/* The tokens of what was kept, the current one first, "-" for none. (transfer full) */
static char *
list_tokens (Rows *rows)
{
  g_autoptr (DaemonMemoryState) kept = load (rows);
  g_autoptr (GString) list
      = g_string_new (kept->player->item != NULL ? kept->player->item->token : "-");
  for (guint i = 0; i < kept->player->queue->len; i++)
    g_string_append_printf (list, " %s",
                            ((PlayerItem *)g_ptr_array_index (kept->player->queue, i))->token);
  return g_string_free (g_steal_pointer (&list), FALSE);
}

static void
assert_tokens (Rows *rows, const char *expected)
{
  g_autofree char *tokens = list_tokens (rows);
  g_assert_cmpstr (tokens, ==, expected);
}

/* Saves @state, and says how many rows were written. */
static int
count_writes (Rows *rows, DaemonMemoryPlayer *memory, const DaemonMemoryState *state)
{
  int before = sqlite3_total_changes (daemon_store_get_handle (rows->store));
  daemon_memory_player_save (memory, state, &rows->now);
  return sqlite3_total_changes (daemon_store_get_handle (rows->store)) - before;
}

/* --- The player --------------------------------------------------------------------------------
 */

static void
test_nothing (Rows *rows, gconstpointer data)
{
  g_autoptr (DaemonMemoryState) kept = load (rows);
  g_assert_cmpint (kept->player->activity, ==, PLAYER_ACTIVITY_IDLE);
  g_assert_null (kept->player->item);
  g_assert_cmpuint (kept->player->queue->len, ==, 0);
  g_assert_cmpfloat (kept->player->volume, ==, 1.0);
  g_assert_false (kept->player->starting);
  g_assert_null (kept->last_skill);
}

static PlayerItem *
make_full_item (void)
{
  static const char *const headers[] = { "Authorization", "Bearer 'x", "X-A", "", NULL };
  g_autoptr (PlayerMetadata) metadata
      = player_metadata_new ("O'Title", "Zoë", "Album", "https://art.example/a", NULL);
  g_autoptr (PlayerItem) plain
      = player_item_new ("https://media.example/a?key='1", "tok'en ✓", 1234, "radio", metadata);
  g_autoptr (PlayerItem) sourced = player_item_new_source (plain, plain->url, headers, TRUE);
  return player_item_new_until (sourced, 65000000);
}

/* Each member comes back as it was; what expires does so at the same time of day, though our own clock
 * has begun anew. */
static void
test_every_field (Rows *rows, gconstpointer data)
{
  g_autoptr (PlayerSnapshot) player = player_snapshot_new ();
  player->activity = PLAYER_ACTIVITY_PAUSED;
  player->item = make_full_item ();
  player->offset_us = 61234567;
  player->duration_ms = 180000;
  player->seekable = TRUE;
  player->under_way = TRUE;
  player->held = TRUE;
  player->nearly_told = TRUE;
  player->volume = 0.1 + 0.2;
  player->muted = TRUE;
  g_autoptr (DaemonMemoryState) state = daemon_memory_state_new (player);
  state->resumes = 2;
  state->last_skill = g_strdup ("radio");
  g_autoptr (DaemonMemoryPlayer) memory = daemon_memory_player_new (rows->store);
  daemon_memory_player_save (memory, state, &rows->now);

  rows->now.monotonic_us = 1000000; /* 10 s later, after a restart of the machine */
  rows->now.wall_us += 10 * G_USEC_PER_SEC;
  g_autoptr (DaemonMemoryState) kept = load (rows);
  const PlayerSnapshot *was = kept->player;
  g_assert_cmpint (was->activity, ==, PLAYER_ACTIVITY_PAUSED);
  g_assert_cmpint (was->offset_us, ==, 61234567);
  g_assert_cmpint (was->offset_ms, ==, 61235);
  g_assert_cmpint (was->duration_ms, ==, 180000);
  g_assert_true (was->seekable && was->under_way && was->held && was->nearly_told && was->muted);
  g_assert_false (was->starting || kept->music);
  g_assert_cmpfloat (was->volume, ==, 0.1 + 0.2);
  g_assert_cmpuint (kept->resumes, ==, 2);
  g_assert_cmpstr (kept->last_skill, ==, "radio");
  g_assert_cmpstr (was->item->url, ==, player->item->url);
  g_assert_cmpstr (was->item->token, ==, player->item->token);
  g_assert_cmpint (was->item->offset_ms, ==, 1234);
  g_assert_cmpstr (was->item->origin, ==, "radio");
  g_assert_cmpstr (was->item->metadata->title, ==, "O'Title");
  g_assert_cmpstr (was->item->metadata->subtitle, ==, "Zoë");
  g_assert_cmpstr (was->item->metadata->album, ==, "Album");
  g_assert_cmpstr (was->item->metadata->art_url, ==, "https://art.example/a");
  g_assert_null (was->item->metadata->background_url);
  g_assert_true (g_strv_equal ((const char *const *)was->item->headers,
                               (const char *const *)player->item->headers));
  g_assert_true (was->item->renewable);
  g_assert_cmpint (was->item->valid_until_us, ==, 1000000 + 50000000);
}

/* Only what has changed is written. */
static void
test_writes (Rows *rows, gconstpointer data)
{
  g_autoptr (DaemonMemoryPlayer) memory = daemon_memory_player_new (rows->store);
  g_autoptr (DaemonMemoryState) state = make_state ((const char *const[]){ "a", "b", "c", NULL });
  PlayerSnapshot *player = state->player;
  g_assert_cmpint (count_writes (rows, memory, state), ==, 4);
  g_assert_cmpint (count_writes (rows, memory, state), ==, 0);
  assert_tokens (rows, "a b c");

  player->offset_us = 900000;
  g_assert_cmpint (count_writes (rows, memory, state), ==, 1);
  daemon_memory_player_note_offset (memory, 1800000);
  g_autoptr (DaemonMemoryState) kept = load (rows);
  g_assert_cmpint (kept->player->offset_us, ==, 1800000);

  g_ptr_array_add (player->queue, make_item ("d")); /* one more */
  player->offset_us = 1800000;
  g_assert_cmpint (count_writes (rows, memory, state), ==, 1);
  assert_tokens (rows, "a b c d");

  player_item_unref (player->item); /* b's turn */
  player->item = player_item_ref (g_ptr_array_index (player->queue, 0));
  g_ptr_array_remove_index (player->queue, 0);
  player->offset_us = 0;
  g_assert_cmpint (count_writes (rows, memory, state), ==, 2);
  assert_tokens (rows, "b c d");

  player_item_unref (g_ptr_array_index (player->queue, 0)); /* c has another URL */
  g_ptr_array_index (player->queue, 0) = make_item ("c2");
  g_assert_cmpint (count_writes (rows, memory, state), ==, 4);
  assert_tokens (rows, "b c2 d");

  g_ptr_array_set_size (player->queue, 0);
  g_assert_cmpint (count_writes (rows, memory, state), ==, 2);
  assert_tokens (rows, "b");

  player->muted = TRUE;
  g_assert_cmpint (count_writes (rows, memory, state), ==, 1);
  daemon_memory_player_doubt (memory);
  run (rows, "DROP TABLE player; DROP TABLE player_item");
  daemon_memory_player_save (memory, state, &rows->now);
  assert_tokens (rows, "b");
}

/* The same item twice: which of the two has gone is known. */
static void
test_same_item_twice (Rows *rows, gconstpointer data)
{
  g_autoptr (DaemonMemoryPlayer) memory = daemon_memory_player_new (rows->store);
  g_autoptr (DaemonMemoryState) state = make_state ((const char *const[]){ "a", NULL });
  g_ptr_array_add (state->player->queue, player_item_ref (state->player->item));
  g_ptr_array_add (state->player->queue, make_item ("b"));
  daemon_memory_player_save (memory, state, &rows->now);
  assert_tokens (rows, "a a b");
  g_ptr_array_remove_index (state->player->queue, 0);
  daemon_memory_player_save (memory, state, &rows->now);
  assert_tokens (rows, "a b");
}

/* Items of music services are left out; that one of them sounded is known. */
static void
test_music (Rows *rows, gconstpointer data)
{
  g_autoptr (DaemonMemoryPlayer) memory = daemon_memory_player_new (rows->store);
  g_autoptr (DaemonMemoryState) state = make_state ((const char *const[]){ "a", "b", NULL });
  player_item_unref (state->player->item);
  state->player->item = player_item_new ("https://m/", "m", 0, "music:tunes", NULL);
  state->music = TRUE;
  daemon_memory_player_save (memory, state, &rows->now);
  assert_tokens (rows, "- b");
  g_autoptr (DaemonMemoryState) kept = load (rows);
  g_assert_true (kept->music);
  g_assert_false (kept->player->under_way || kept->player->starting);
}

/* Each row that makes no sense is dropped; the others live. */
static void
test_corrupt_items (Rows *rows, gconstpointer data)
{
  static const char *const damages[] = {
    "url = 'nothing'",  "url = ''",
    "url = x'68ff'",    "token = x'ff'",
    "origin = x'c328'", "offset_ms = -1",
    "title = x'ff'",    "headers = 'Host' || char (10) || 'x'",
    "headers = 'X-A'",  "headers = 'X-A' || char (10) || 'a' || char (13)",
  };
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autoptr (DaemonMemoryPlayer) memory = daemon_memory_player_new (rows->store);
      g_autoptr (DaemonMemoryState) state
          = make_state ((const char *const[]){ "a", "b", "c", NULL });
      g_autofree char *sql
          = g_strconcat ("UPDATE player_item SET ", damages[i], " WHERE token = 'b'", NULL);
      daemon_memory_player_save (memory, state, &rows->now);
      run (rows, sql);
      g_test_message ("%s", damages[i]);
      assert_tokens (rows, "a c");
    }
}

/* What sounded cannot be read: what waits is next. */
static void
test_corrupt_current (Rows *rows, gconstpointer data)
{
  g_autoptr (DaemonMemoryPlayer) memory = daemon_memory_player_new (rows->store);
  g_autoptr (DaemonMemoryState) state = make_state ((const char *const[]){ "a", "b", NULL });
  state->player->offset_us = 5000000;
  daemon_memory_player_save (memory, state, &rows->now);
  run (rows, "DELETE FROM player_item WHERE token = 'a'");
  g_autoptr (DaemonMemoryState) kept = load (rows);
  g_assert_null (kept->player->item);
  g_assert_false (kept->player->under_way);
  g_assert_true (kept->player->starting);
  g_assert_cmpint (kept->player->offset_us, ==, 0);
  assert_tokens (rows, "- b");
}

static void
test_corrupt_state (Rows *rows, gconstpointer data)
{
  static const char *const damages[]
      = { "activity = 'DANCING'", "activity = x'ff'",
          "volume = 7, offset_us = -3, duration_ms = -9",
          "resumes = -1, last_skill = x'ff', flags = 'many'", "current = 77" };
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autoptr (DaemonMemoryPlayer) memory = daemon_memory_player_new (rows->store);
      g_autoptr (DaemonMemoryState) state = make_state ((const char *const[]){ "a", "b", NULL });
      g_autofree char *sql = g_strconcat ("UPDATE player SET ", damages[i], NULL);
      daemon_memory_player_save (memory, state, &rows->now);
      run (rows, sql);
      g_test_message ("%s", damages[i]);
      g_autoptr (DaemonMemoryState) kept = load (rows);
      g_assert_cmpfloat (kept->player->volume, ==, 1.0);
      g_assert_cmpint (kept->player->offset_us, >=, 0);
      g_assert_cmpint (kept->player->duration_ms, >=, -1);
      g_assert_cmpuint (kept->resumes, ==, 0);
      g_assert_null (kept->last_skill);
      g_assert_true (kept->player->item != NULL || !kept->player->under_way);
    }
}

/* --- Sessions ----------------------------------------------------------------------------------
 */

static AlexaSession *
make_session (const char *attributes)
{
  AlexaSession *session = alexa_session_new ();
  g_autoptr (GBytes) bytes = g_bytes_new (attributes, strlen (attributes));
  alexa_session_answered (session, bytes);
  return session;
}

static GPtrArray *
take_sessions (Rows *rows, gint64 later_ms)
{
  g_autoptr (DaemonMemorySessions) reader = daemon_memory_sessions_new (rows->store);
  return daemon_memory_sessions_take (reader, NOW_US + later_ms * G_TIME_SPAN_MILLISECOND);
}

/* Byte for byte; never new; the rest of its time. */
static void
test_session (Rows *rows, gconstpointer data)
{
  static const char attributes[]
      = "{\"a\":1.0, \"big\":123456789012345678901234567890,\"a\":\"\\u2028 '😀\"}";
  g_autoptr (DaemonMemorySessions) memory = daemon_memory_sessions_new (rows->store);
  g_autoptr (AlexaSession) session = make_session (attributes);
  sqlite3 *handle = daemon_store_get_handle (rows->store);
  daemon_memory_sessions_keep (memory, "radio", session, 8000, NOW_US);
  int before = sqlite3_total_changes (handle);
  daemon_memory_sessions_keep (memory, "radio", session, 8000, NOW_US + 500000);
  g_assert_cmpint (sqlite3_total_changes (handle), ==, before);

  g_autoptr (GPtrArray) kept = take_sessions (rows, 3000);
  g_assert_cmpuint (kept->len, ==, 1);
  const DaemonMemorySession *one = g_ptr_array_index (kept, 0);
  g_assert_cmpstr (one->skill, ==, "radio");
  g_assert_cmpstr (one->session->id, ==, session->id);
  g_assert_false (one->session->is_new);
  g_assert_true (g_bytes_equal (one->session->attributes, session->attributes));
  g_assert_cmpint (one->left_ms, ==, 5000);

  g_autoptr (GPtrArray) again = take_sessions (rows, 0);
  g_assert_cmpuint (again->len, ==, 0); /* taken is taken */
}

static void
test_session_over (Rows *rows, gconstpointer data)
{
  static const gint64 later_ms[] = { 8001, -1, -G_GINT64_CONSTANT (1700000000000) };
  for (guint i = 0; i < G_N_ELEMENTS (later_ms); i++)
    {
      g_autoptr (DaemonMemorySessions) memory = daemon_memory_sessions_new (rows->store);
      g_autoptr (AlexaSession) session = make_session ("{}");
      daemon_memory_sessions_keep (memory, "radio", session, 8000, NOW_US);
      g_autoptr (GPtrArray) kept = take_sessions (rows, later_ms[i]);
      g_assert_cmpuint (kept->len, ==, 1);
      g_assert_cmpint (((DaemonMemorySession *)g_ptr_array_index (kept, 0))->left_ms, ==, 0);
    }
  g_autoptr (DaemonMemorySessions) memory = daemon_memory_sessions_new (rows->store);
  g_autoptr (AlexaSession) session = make_session ("{}");
  daemon_memory_sessions_keep (memory, "radio", session, 8000, NOW_US);
  daemon_memory_sessions_drop (memory, "radio");
  g_autoptr (GPtrArray) kept = take_sessions (rows, 0);
  g_assert_cmpuint (kept->len, ==, 0);
}

static void
test_corrupt_sessions (Rows *rows, gconstpointer data)
{
  static const char *const damages[]
      = { "attributes = '{\"a\":'",    "attributes = '[1]'", "attributes = x'7bff7d'",
          "attributes = ''",           "id = 'x'",           "id = x'ff'",
          "attributes = '{},\"b\":{}'" };
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autoptr (DaemonMemorySessions) memory = daemon_memory_sessions_new (rows->store);
      g_autoptr (AlexaSession) session = make_session ("{\"a\":1}");
      daemon_memory_sessions_keep (memory, "radio", session, 8000, NOW_US);
      daemon_memory_sessions_keep (memory, "judge", session, 8000, NOW_US);
      g_autofree char *sql
          = g_strconcat ("UPDATE session SET ", damages[i], " WHERE skill = 'radio'", NULL);
      run (rows, sql);
      g_test_message ("%s", damages[i]);
      g_autoptr (GPtrArray) kept = take_sessions (rows, 0);
      g_assert_cmpuint (kept->len, ==, 1);
      g_assert_cmpstr (((DaemonMemorySession *)g_ptr_array_index (kept, 0))->skill, ==, "judge");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func)                                                                            \
  g_test_add ("/daemon/memory-rows/" path, Rows, NULL, set_up, func, tear_down)
  ADD ("nothing", test_nothing);
  ADD ("every-field", test_every_field);
  ADD ("writes", test_writes);
  ADD ("same-item-twice", test_same_item_twice);
  ADD ("music", test_music);
  ADD ("corrupt-items", test_corrupt_items);
  ADD ("corrupt-current", test_corrupt_current);
  ADD ("corrupt-state", test_corrupt_state);
  ADD ("session", test_session);
  ADD ("session-over", test_session_over);
  ADD ("corrupt-sessions", test_corrupt_sessions);
#undef ADD
  return g_test_run ();
}

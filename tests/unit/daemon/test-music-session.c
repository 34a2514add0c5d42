/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* The rules of a queue, and what is kept of it. */

#include "daemon/daemon-music-memory.h"
#include "daemon/daemon-music-session.h"
#include "dbus/bus-errors.h"

#define S G_TIME_SPAN_SECOND

static const char controls_all[]
    = "{\"type\":\"COMMAND\",\"name\":\"NEXT\",\"enabled\":true},"
      "{\"type\":\"COMMAND\",\"name\":\"PREVIOUS\",\"enabled\":true},"
      "{\"type\":\"ADJUST\",\"name\":\"SEEK_POSITION\",\"enabled\":true}";

/* (transfer full): @duration_ms: -1: not given */
static AlexaMusicItem *
make_item (const char *id, const char *type, gint64 duration_ms, const char *controls)
{
  g_autofree char *duration
      = duration_ms >= 0
            ? g_strdup_printf ("\"durationInMilliseconds\":%" G_GINT64_FORMAT ",", duration_ms)
            : g_strdup ("");
  g_autofree char *json = g_strdup_printf (
      "{\"id\":\"%s\",\"playbackInfo\":{\"type\":\"%s\"},\"metadata\":{\"type\":\"TRACK\",\"name\":"
      "{\"speech\":{\"type\":\"PLAIN_TEXT\",\"text\":\"Low Tide\"},\"display\":\"Low tide\"},"
      "\"authors\":[{\"name\":\"The Buoys\"},{\"name\":\"Friends\"}],\"art\":{\"sources\":["
      "{\"url\":\"https://pictures.invalid/256.png\",\"size\":\"LARGE\"},"
      "{\"url\":\"https://pictures.invalid/60.png\",\"size\":\"SMALL\",\"widthPixels\":60,"
      "\"heightPixels\":60}]}},%s\"controls\":[%s],"
      "\"stream\":{\"id\":\"s-%s\",\"uri\":\"https://media.invalid/%s.flac?key=1\","
      "\"offsetInMilliseconds\":250,\"validUntil\":\"2031-01-01T00:00:00Z\"}}",
      id, type, duration, controls, id, id);
  g_autoptr (GError) error = NULL;
  AlexaMusicItem *item = alexa_music_item_from_json (json, &error);
  g_assert_no_error (error);
  return item;
}

/* (transfer full) */
static DaemonMusicTrack *
make_track (AlexaMusicItem *item, gint64 deadline_us, guint64 number)
{
  g_autoptr (AlexaMusicItem) owned = item;
  g_autoptr (AlexaMusicReference) reference
      = alexa_music_reference_new (item->id, "queue-1", "content-1");
  return daemon_music_track_new ("music:tunes", reference, item, deadline_us, number);
}

/* (transfer full): a queue with @item, which may be shuffled and looped, but not repeated. */
static DaemonMusicSession *
make_session (AlexaMusicItem *item)
{
  AlexaMusicQueue queue = { .id = (char *)"queue-1",
                            .controls = { .shuffle = ALEXA_MUSIC_ENABLED,
                                          .loop = ALEXA_MUSIC_ENABLED,
                                          .repeat = ALEXA_MUSIC_DISABLED,
                                          .loop_on = TRUE },
                            .feedback_enabled = TRUE,
                            .first = item };
  return daemon_music_session_new ("tunes", "content-1", &queue, make_track (item, 100 * S, 1));
}

static void
assert_refused (const DaemonMusicSession *session, DaemonMusicWish wish, gint64 wall_us, int code)
{
  g_autoptr (GError) error = NULL;
  g_assert_false (daemon_music_session_may (session, wish, wall_us, &error));
  g_assert_error (error, BUS_ERROR, code);
}

static void
test_track (void)
{
  g_autoptr (DaemonMusicTrack) a = make_track (make_item ("i", "DEFAULT", 1000, ""), 10, 1);
  g_autoptr (DaemonMusicTrack) b = make_track (make_item ("i", "DEFAULT", 1000, ""), 10, 2);
  g_assert_cmpstr (a->token, !=, b->token);
  g_assert_true (g_str_has_prefix (a->token, "queue-1/i#"));
  g_assert_false (daemon_music_track_is_expired (a, 9));
  g_assert_true (daemon_music_track_is_expired (a, 10));
  g_autoptr (PlayerItem) item = daemon_music_track_make_item (a, 4000);
  g_assert_cmpstr (item->url, ==, "https://media.invalid/i.flac?key=1");
  g_assert_cmpstr (item->token, ==, a->token);
  g_assert_cmpstr (item->origin, ==, "music:tunes");
  g_assert_cmpint (item->offset_ms, ==, 4000);
  g_assert_true (item->renewable);
  g_assert_cmpint (item->valid_until_us, ==, 10);
  a->deadline_us = G_MAXINT64;
  g_autoptr (PlayerItem) endless = daemon_music_track_make_item (a, 0);
  g_assert_cmpint (endless->valid_until_us, ==, 0);
  g_assert_cmpstr (item->metadata->title, ==, "Low tide");
  g_assert_cmpstr (item->metadata->subtitle, ==, "The Buoys, Friends");
  g_assert_cmpstr (item->metadata->art_url, ==, "https://pictures.invalid/256.png");
}

/* What is current, what waits, and what was. */
static void
test_turns (void)
{
  g_autoptr (DaemonMusicSession) session
      = make_session (make_item ("a", "DEFAULT", 60000, controls_all));
  DaemonMusicTrack *first = session->current;
  g_autofree char *token = g_strdup (first->token);
  daemon_music_session_queue (session, make_track (make_item ("b", "DEFAULT", 1, ""), 1, 2));
  daemon_music_session_queue (session, make_track (make_item ("c", "DEFAULT", 1, ""), 1, 3));
  g_assert_cmpstr (session->next->reference->id, ==, "c");
  session->finished = TRUE;
  session->nearly = TRUE;
  first->sounded = TRUE;
  daemon_music_session_advance (session);
  g_assert_cmpstr (session->current->reference->id, ==, "c");
  g_assert_null (session->next);
  g_assert_false (session->finished);
  g_assert_false (session->nearly);
  g_assert_cmpint (session->offset_ms, ==, 250);
  g_assert_true (daemon_music_session_find (session, token) == session->past);
  g_assert_true (daemon_music_session_find (session, session->current->token) == session->current);
  g_assert_null (daemon_music_session_find (session, "queue-1/x#9"));
  /* What is replaced before it has sounded is forgotten, and what sounds is not. */
  daemon_music_session_replace (session, make_track (make_item ("d", "DEFAULT", 1, ""), 1, 4));
  g_assert_true (daemon_music_session_find (session, token) == session->past);
}

static void
test_controls (void)
{
  g_autoptr (DaemonMusicSession) session
      = make_session (make_item ("a", "DEFAULT", 60000, controls_all));
  const DaemonMusicWish allowed[]
      = { DAEMON_MUSIC_WISH_NEXT, DAEMON_MUSIC_WISH_PREVIOUS, DAEMON_MUSIC_WISH_JUMP,
          DAEMON_MUSIC_WISH_SEEK, DAEMON_MUSIC_WISH_SHUFFLE,  DAEMON_MUSIC_WISH_LOOP,
          DAEMON_MUSIC_WISH_RATE };
  for (guint i = 0; i < G_N_ELEMENTS (allowed); i++)
    g_assert_true (daemon_music_session_may (session, allowed[i], 0, NULL));
  assert_refused (session, DAEMON_MUSIC_WISH_REPEAT, 0, BUS_ERROR_NOT_ALLOWED);

  /* What is not declared is not allowed. */
  g_autoptr (DaemonMusicSession) bare = make_session (make_item ("b", "DEFAULT", 60000, ""));
  assert_refused (bare, DAEMON_MUSIC_WISH_NEXT, 0, BUS_ERROR_NOT_ALLOWED);
  assert_refused (bare, DAEMON_MUSIC_WISH_PREVIOUS, 0, BUS_ERROR_NOT_ALLOWED);
  assert_refused (bare, DAEMON_MUSIC_WISH_SEEK, 0, BUS_ERROR_NOT_SEEKABLE);
}

static void
test_ads (void)
{
  g_autoptr (DaemonMusicSession) ad = make_session (make_item ("a", "AD", 60000, controls_all));
  assert_refused (ad, DAEMON_MUSIC_WISH_NEXT, 0, BUS_ERROR_NOT_ALLOWED);
  assert_refused (ad, DAEMON_MUSIC_WISH_PREVIOUS, 0, BUS_ERROR_NOT_ALLOWED);
  assert_refused (ad, DAEMON_MUSIC_WISH_JUMP, 0, BUS_ERROR_NOT_ALLOWED);
  assert_refused (ad, DAEMON_MUSIC_WISH_SEEK, 0, BUS_ERROR_NOT_SEEKABLE);
}

/* A live stream has no length: it is not sought, and nothing is asked for ahead of it. */
static void
test_live (void)
{
  g_autoptr (DaemonMusicSession) live = make_session (make_item ("a", "DEFAULT", -1, controls_all));
  live->started_us = 1;
  assert_refused (live, DAEMON_MUSIC_WISH_SEEK, 0, BUS_ERROR_NOT_SEEKABLE);
  g_assert_true (daemon_music_session_may (live, DAEMON_MUSIC_WISH_NEXT, 0, NULL));
  g_assert_false (daemon_music_session_wants_next (live, 3600000, -1, 3600 * S));
  g_assert_false (daemon_music_session_wants_next (live, 10000, 20000, 10 * S));
  /* A stream that has been read to its end is none, whatever the service has left out. */
  live->nearly = TRUE;
  g_assert_true (daemon_music_session_wants_next (live, 10000, -1, 10 * S));
  g_assert_true (daemon_music_session_may (live, DAEMON_MUSIC_WISH_SEEK, 0, NULL));
}

static void
test_skip_limit (void)
{
  static const struct
  {
    const char *period;
    gint64 lasts_us;
  } periods[] = {
    { "HOURLY", G_TIME_SPAN_HOUR },
    { "DAILY", G_TIME_SPAN_DAY },
    { "UNKNOWN", G_TIME_SPAN_HOUR },
    { NULL, G_TIME_SPAN_HOUR },
  };
  const gint64 now_us = 1900000000 * S;
  for (guint i = 0; i < G_N_ELEMENTS (periods); i++)
    {
      g_autoptr (DaemonMusicSession) session
          = make_session (make_item ("a", "DEFAULT", 60000, controls_all));
      daemon_music_session_limit_skips (session, periods[i].period, now_us);
      assert_refused (session, DAEMON_MUSIC_WISH_NEXT, now_us + periods[i].lasts_us - 1,
                      BUS_ERROR_NOT_ALLOWED);
      g_assert_true (daemon_music_session_may (session, DAEMON_MUSIC_WISH_PREVIOUS, now_us, NULL));
      g_assert_true (daemon_music_session_may (session, DAEMON_MUSIC_WISH_NEXT,
                                               now_us + periods[i].lasts_us, NULL));
    }
}

/* Not in the first 5 s, not later than 30 s before the end, exactly one. */
static void
test_prefetch (void)
{
  g_autoptr (DaemonMusicSession) session
      = make_session (make_item ("a", "DEFAULT", 200000, controls_all));
  session->started_us = 1000 * S;
  g_assert_false (daemon_music_session_wants_next (session, 20000, -1, 1020 * S));
  session->nearly = TRUE;
  g_assert_false (daemon_music_session_wants_next (session, 4900, -1, 1005 * S - 1));
  g_assert_true (daemon_music_session_wants_next (session, 5000, -1, 1005 * S));
  session->nearly = FALSE;
  g_assert_false (daemon_music_session_wants_next (session, 169999, -1, 1169 * S));
  g_assert_true (daemon_music_session_wants_next (session, 170000, -1, 1170 * S));
  /* The stream knows better. */
  g_assert_false (daemon_music_session_wants_next (session, 170000, 300000, 1170 * S));
  session->finished = TRUE;
  g_assert_false (daemon_music_session_wants_next (session, 190000, -1, 1190 * S));
  session->finished = FALSE;
  daemon_music_session_queue (session, make_track (make_item ("b", "DEFAULT", 1, ""), 1, 2));
  g_assert_false (daemon_music_session_wants_next (session, 190000, -1, 1190 * S));
}

/* What waits is renewed once it is about to start, and not over and over again. */
static void
test_renewal (void)
{
  g_autoptr (DaemonMusicSession) session
      = make_session (make_item ("a", "DEFAULT", 200000, controls_all));
  g_assert_false (daemon_music_session_wants_renewal (session, 190000, -1, 1190 * S));
  DaemonMusicTrack *next = make_track (make_item ("b", "DEFAULT", 1, ""), 1100 * S, 2);
  daemon_music_session_queue (session, next);
  g_assert_false (daemon_music_session_wants_renewal (session, 120000, -1, 1120 * S));
  g_assert_true (daemon_music_session_wants_renewal (session, 170000, -1, 1170 * S));
  next->asked_us = 1170 * S;
  g_assert_false (daemon_music_session_wants_renewal (session, 171000, -1, 1171 * S));
  next->deadline_us = 2000 * S;
  next->asked_us = 0;
  g_assert_false (daemon_music_session_wants_renewal (session, 171000, -1, 1171 * S));
}

static void
test_progress (void)
{
  g_autoptr (DaemonMusicSession) session
      = make_session (make_item ("a", "DEFAULT", 200000, controls_all));
  session->failures = 2;
  session->current->refused = TRUE;
  session->started_us = 10 * S;
  daemon_music_session_note_progress (session, 15 * S - 1);
  g_assert_cmpuint (session->failures, ==, 2);
  g_assert_true (session->current->refused);
  daemon_music_session_note_progress (session, 15 * S);
  g_assert_cmpuint (session->failures, ==, 0);
  g_assert_false (session->current->refused);
}

static void
test_forgotten (void)
{
  g_autoptr (DaemonMusicSession) session
      = make_session (make_item ("a", "DEFAULT", 200000, controls_all));
  const gint64 now_us = 1900000000 * S;
  g_assert_false (daemon_music_session_is_forgotten (session, 24, now_us));
  session->rest_since_us = now_us - 24 * G_TIME_SPAN_HOUR + 1;
  g_assert_false (daemon_music_session_is_forgotten (session, 24, now_us));
  g_assert_true (daemon_music_session_is_forgotten (session, 24, now_us + 1));
  g_assert_true (daemon_music_session_is_forgotten (session, 2, now_us));
  /* The clock was set in between. */
  session->rest_since_us = 1000 * S;
  g_assert_false (daemon_music_session_is_forgotten (session, 2, now_us));
}

/* --- What is kept ------------------------------------------------------------------------------
 */

static void
test_memory (void)
{
  g_autoptr (DaemonStore) store = daemon_store_new (NULL, NULL);
  g_autoptr (DaemonMusicMemory) memory = daemon_music_memory_new (store);
  const DaemonMusicMoment now = { 5000 * S, 1900000000 * S, 0 };
  g_assert_null (daemon_music_memory_load (memory, &now));

  g_autoptr (DaemonMusicSession) session
      = make_session (make_item ("it's", "SAMPLE", 200000, controls_all));
  session->current->deadline_us = 5060 * S;
  session->offset_ms = 1234;
  session->controls.shuffle_on = TRUE;
  session->skips_from_us = 77;
  daemon_music_memory_save (memory, session, &now);
  daemon_music_memory_note_offset (memory, 2345, now.wall_us + S);

  /* A new process, whose monotonic clock begins anew, 30 s later. */
  g_autoptr (DaemonMusicMemory) other = daemon_music_memory_new (store);
  const DaemonMusicMoment later = { 7 * S, 1900000030 * S, 0 };
  g_autoptr (DaemonMusicSession) kept = daemon_music_memory_load (other, &later);
  g_assert_nonnull (kept);
  g_assert_cmpstr (kept->service, ==, "tunes");
  g_assert_cmpstr (kept->queue_id, ==, "queue-1");
  g_assert_cmpstr (kept->content_id, ==, "content-1");
  g_assert_true (
      alexa_music_reference_equal (kept->current->reference, session->current->reference));
  g_assert_cmpstr (kept->current->origin, ==, "music:tunes");
  g_assert_cmpstr (kept->current->item->stream->uri, ==, session->current->item->stream->uri);
  g_assert_cmpint (kept->current->item->playback, ==, ALEXA_MUSIC_PLAYBACK_SAMPLE);
  g_assert_cmpint (kept->current->deadline_us, ==, 37 * S);
  g_assert_cmpint (kept->offset_ms, ==, 2345);
  g_assert_cmpint (kept->rest_since_us, ==, now.wall_us + S);
  g_assert_cmpint (kept->skips_from_us, ==, 77);
  g_assert_true (kept->controls.shuffle_on);
  g_assert_true (kept->controls.loop_on);
  g_assert_false (kept->controls.repeat_on);
  g_assert_cmpint (kept->controls.shuffle, ==, ALEXA_MUSIC_ENABLED);
  g_assert_cmpint (kept->controls.repeat, ==, ALEXA_MUSIC_DISABLED);
  g_assert_cmpint (kept->controls.next, ==, ALEXA_MUSIC_UNDECLARED);
  g_assert_true (kept->feedback_enabled);

  daemon_music_memory_save (memory, NULL, &now);
  g_assert_null (daemon_music_memory_load (other, &later));
}

static void
test_damaged_memory (void)
{
  g_autoptr (DaemonStore) store = daemon_store_new (NULL, NULL);
  g_autoptr (DaemonMusicMemory) memory = daemon_music_memory_new (store);
  const DaemonMusicMoment now = { 5000 * S, 1900000000 * S, 0 };
  g_autoptr (DaemonMusicSession) session = make_session (make_item ("a", "DEFAULT", 1, ""));
  daemon_music_memory_save (memory, session, &now);
  g_assert_true (daemon_store_exec (store, "UPDATE music SET item = '{\"id\":'", NULL));
  g_assert_null (daemon_music_memory_load (memory, &now));
  /* Numbers that nobody has written. */
  daemon_music_memory_save (memory, NULL, &now);
  daemon_music_memory_save (memory, session, &now);
  g_assert_true (daemon_store_exec (store, "UPDATE music SET controls = 'x'", NULL));
  g_assert_true (daemon_store_exec (store, "UPDATE music_place SET offset_ms = -5", NULL));
  g_autoptr (DaemonMusicSession) kept = daemon_music_memory_load (memory, &now);
  g_assert_cmpint (kept->offset_ms, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/music-session/track", test_track);
  g_test_add_func ("/music-session/turns", test_turns);
  g_test_add_func ("/music-session/controls", test_controls);
  g_test_add_func ("/music-session/ads", test_ads);
  g_test_add_func ("/music-session/live", test_live);
  g_test_add_func ("/music-session/skip-limit", test_skip_limit);
  g_test_add_func ("/music-session/prefetch", test_prefetch);
  g_test_add_func ("/music-session/renewal", test_renewal);
  g_test_add_func ("/music-session/progress", test_progress);
  g_test_add_func ("/music-session/forgotten", test_forgotten);
  g_test_add_func ("/music-session/memory", test_memory);
  g_test_add_func ("/music-session/damaged-memory", test_damaged_memory);
  return g_test_run ();
}

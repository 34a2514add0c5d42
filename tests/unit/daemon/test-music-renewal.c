/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* URLs of a music service that expire, items that are gone, refusals, and queues over a restart. */

#include "test-music-fixture.h"

#define HOUR_MS (3600 * 1000)

/* --- Resume ------------------------------------------------------------------------------------
 */

/* A URL that is still good is not asked for again. */
static void
test_valid (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a?1", 900));
  music_pause (house, 30000);
  house_advance (house, 600 * 1000);
  music_assert (music_press (house, BUS_BUTTON_PLAY), "");
  music_assert (music_take_calls (house), "resume");
  music_expect_none (house);
}

/* One that has expired in a pause is renewed, and the stream goes on where it was: the offset in the
 * answer is of no meaning. */
static void
test_expired (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a?1", 900));
  music_pause (house, 30000);
  music_assert (music_take_events (house), "Stopped a 30000");
  house_advance (house, 900 * 1000);
  music_assert (music_press (house, BUS_BUTTON_PLAY_PAUSE), "");
  music_assert (music_take_calls (house), "");
  g_autoptr (JsonObject) get = music_expect (house, "GetItem");
  house_assert (get, "targetItemReference/value/id", "a");
  house_assert (get, "targetItemReference/value/queueId", "q1");
  house_assert (get, "targetItemReference/value/contentId", "c1");
  /* Pressed again by somebody who cannot wait. */
  music_assert (music_press (house, BUS_BUTTON_PLAY), "");
  music_exchange_item (house, "GetItem", music_item ("a", "a?2", 900));
  music_assert (music_take_calls (house), "renew 1 https://media.invalid/a?2, resume");
  music_expect_none (house);
  music_emit (house, PLAYER_ENGINE_RESUMED, FALSE, 30000);
  music_assert (music_take_events (house), "Started a 30000");
}

/* Without validUntil a URL is good for a minute. */
static void
test_no_valid_until (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a?1", 0));
  music_pause (house, 30000);
  house_advance (house, 61000);
  music_assert (music_press (house, BUS_BUTTON_PLAY), "");
  music_exchange_item (house, "GetItem", music_item ("a", "a?2", 0));
  music_assert (music_take_calls (house), "renew 1 https://media.invalid/a?2, resume");
}

/* One that had expired when it came is used at once, and not kept. */
static void
test_stale (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a?1", -100000));
  music_pause (house, 1000);
  music_assert (music_press (house, BUS_BUTTON_PLAY), "");
  music_exchange_item (house, "GetItem", music_item ("a", "a?2", -100000));
  music_assert (music_take_calls (house), "renew 1 https://media.invalid/a?2, resume");
  music_emit (house, PLAYER_ENGINE_RESUMED, FALSE, 1000);
  music_pause (house, 2000);
  music_assert (music_press (house, BUS_BUTTON_PLAY), "");
  json_object_unref (music_expect (house, "GetItem"));
}

/* Another item stands in: it begins where the service says. */
static void
test_replaced (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a?1", 60));
  music_pause (house, 30000);
  house_advance (house, 60000);
  music_assert (music_press (house, BUS_BUTTON_PLAY), "");
  music_exchange_item (house, "GetItem", music_item ("b", "b?1", 900));
  music_assert (music_take_calls (house), "stop, load 2 https://media.invalid/b?1 0 current");
}

/* The item is gone: the next one plays, but not for ever. */
static void
test_gone (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a?1", 60));
  music_pause (house, 30000);
  house_advance (house, 60000);
  music_assert (music_press (house, BUS_BUTTON_PLAY), "");
  music_exchange (house, "GetItem", music_error ("ITEM_NOT_FOUND", ""));
  g_autoptr (JsonObject) next = music_expect (house, "GetNextItem");
  house_assert (next, "isUserInitiated", "false");
  music_exchange_item (house, "GetNextItem", music_item ("b", "b?1", 900));
  music_assert (music_take_calls (house), "stop, load 2 https://media.invalid/b?1 0 current");
}

/* The service cannot be asked: the connection may be open still. */
static void
test_unreachable (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a?1", 60));
  music_pause (house, 30000);
  house_advance (house, 60000);
  music_assert (music_press (house, BUS_BUTTON_PLAY), "");
  for (guint i = 0; i < 3; i++)
    {
      json_object_unref (music_expect (house, "GetItem"));
      house_fail (house, DAEMON_TRANSPORT_ERROR_UNREACHABLE, 0);
      house_advance (house, 30000);
    }
  music_assert (music_take_calls (house), "resume");
}

/* A service without GetItem: its URLs are tried once more. */
static void
test_unsupported (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a?1", 60));
  music_pause (house, 30000);
  house_advance (house, 60000);
  music_assert (music_press (house, BUS_BUTTON_PLAY), "");
  music_exchange (house, "GetItem", music_error ("INVALID_DIRECTIVE", ""));
  music_assert (music_take_calls (house), "renew 1 https://media.invalid/a?1, resume");
  music_emit (house, PLAYER_ENGINE_RESUMED, FALSE, 30000);
  music_emit (house, PLAYER_ENGINE_REFUSED, FALSE, 0);
  music_expect_none (house);
  /* Refused again: it is of no use. */
  music_assert (music_take_calls (house), "renew 1 https://media.invalid/a?1");
  music_emit (house, PLAYER_ENGINE_REFUSED, FALSE, 0);
  json_object_unref (music_expect (house, "GetNextItem"));
}

/* What was asked for after a stop is loaded anew, at the place where it was. */
static void
test_after_stop (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a?1", 60));
  player_dummy_engine_set_position (house->engine, 30000);
  music_assert (music_press (house, BUS_BUTTON_STOP), "");
  music_assert (music_press (house, BUS_BUTTON_PLAY), "");
  music_assert (music_take_calls (house), "stop, load 2 https://media.invalid/a?1 30000 current");
  house_start_sound (house, 30000);
  music_assert (music_press (house, BUS_BUTTON_STOP), "");
  g_free (music_take_calls (house));
  house_advance (house, 60000);
  music_assert (music_press (house, BUS_BUTTON_PLAY), "");
  music_exchange_item (house, "GetItem", music_item ("a", "a?2", 60));
  music_assert (music_take_calls (house), "load 3 https://media.invalid/a?2 30000 current");
}

/* --- In mid-stream, and at the transition ------------------------------------------------------
 */

static void
test_refused (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a?1", 900));
  music_listen (house, 0, 10000);
  music_emit (house, PLAYER_ENGINE_REFUSED, FALSE, 0);
  music_exchange_item (house, "GetItem", music_item ("a", "a?2", 900));
  music_assert (music_take_calls (house), "renew 1 https://media.invalid/a?2");
  /* It plays on for a while, so that it may happen again. */
  music_listen (house, 10000, 10000);
  music_emit (house, PLAYER_ENGINE_REFUSED, FALSE, 0);
  music_exchange_item (house, "GetItem", music_item ("a", "a?3", 900));
  music_assert (music_take_calls (house), "renew 1 https://media.invalid/a?3");
  /* At once again: URLs of this service are of no use. */
  music_emit (house, PLAYER_ENGINE_REFUSED, FALSE, 0);
  music_exchange_item (house, "GetNextItem", music_item ("b", "b?1", 900));
  music_assert (music_take_calls (house), "load 2 https://media.invalid/b?1 0 current");
}

/* Three in a row that cannot be played are enough. */
static void
test_three_fail (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a?1", 900));
  music_emit (house, PLAYER_ENGINE_FAILED, FALSE, 0);
  music_exchange_item (house, "GetNextItem", music_item ("b", "b?1", 900));
  music_emit (house, PLAYER_ENGINE_FAILED, FALSE, 0);
  music_exchange_item (house, "GetNextItem", music_item ("c", "c?1", 900));
  music_emit (house, PLAYER_ENGINE_FAILED, FALSE, 0);
  music_expect_none (house);
  BusMusic music = { 0 };
  bus_backend_get_music (BUS_BACKEND (house->backend), &music);
  g_assert_cmpstr (music.problem, !=, "");
}

/* The network is away: no other item is asked for, and Play goes on at this place. */
static void
test_cut_off (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a?1", 900));
  music_listen (house, 0, 20000);
  PlayerEngineEvent event = { .type = PLAYER_ENGINE_FAILED,
                              .generation = player_dummy_engine_get_current (house->engine),
                              .offset_ms = 20000,
                              .error_type = PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE,
                              .error_message = "no route" };
  g_assert_true (player_dummy_engine_emit (house->engine, &event));
  music_expect_none (house);
  music_assert (music_take_calls (house), "");
  music_assert (music_press (house, BUS_BUTTON_PLAY), "");
  music_assert (music_take_calls (house), "load 2 https://media.invalid/a?1 20000 current");
}

/* What waits has expired before its turn: it is renewed, and nothing that sounds is touched. */
static void
test_next_expires (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a?1", 900));
  music_emit (house, PLAYER_ENGINE_BUFFERED, FALSE, 0);
  music_listen (house, 0, 5000);
  music_exchange_item (house, "GetNextItem", music_item ("b", "b?1", 60));
  music_assert (music_take_calls (house), "load 2 https://media.invalid/b?1 0 next");
  music_listen (house, 5000, 164000);
  music_expect_none (house);
  music_listen (house, 169000, 1000);
  g_autoptr (JsonObject) get = music_expect (house, "GetItem");
  house_assert (get, "targetItemReference/value/id", "b");
  music_exchange_item (house, "GetItem", music_item ("b", "b?2", 60));
  music_assert (music_take_calls (house), "renew 2 https://media.invalid/b?2");
  music_listen (house, 170000, 20000);
  music_expect_none (house);
  music_emit (house, PLAYER_ENGINE_FINISHED, FALSE, 200000);
  music_emit (house, PLAYER_ENGINE_STARTED, FALSE, 0);
  music_assert (music_take_events (house), "Finished a 200000, Started b 0");
}

/* Both have expired in a pause shortly before the end: both are renewed at once. */
static void
test_both_expire (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a?1", 60));
  music_listen (house, 198000, 1000);
  music_exchange_item (house, "GetNextItem", music_item ("b", "b?1", 60));
  music_pause (house, 199500);
  house_advance (house, 61000);
  music_assert (music_press (house, BUS_BUTTON_PLAY), "");
  music_exchange_item (house, "GetItem", music_item ("a", "a?2", 60));
  music_emit (house, PLAYER_ENGINE_RESUMED, FALSE, 199500);
  music_exchange_item (house, "GetItem", music_item ("b", "b?2", 60));
  music_assert (music_take_calls (house), "renew 1 https://media.invalid/a?2, resume, "
                                          "renew 2 https://media.invalid/b?2");
}

/* That cannot be had: nothing is stopped for it. */
static void
test_next_not_renewed (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a?1", 900));
  music_listen (house, 140000, 30000);
  music_exchange_item (house, "GetNextItem", music_item ("b", "b?1", -5));
  music_assert (music_take_calls (house), "load 2 https://media.invalid/b?1 0 next");
  music_listen (house, 170000, 1000);
  music_exchange (house, "GetItem", music_error ("INTERNAL_ERROR", ""));
  music_assert (music_take_calls (house), "");
  music_listen (house, 171000, 10000);
  music_expect_none (house);
}

/* It is gone altogether: the one after it takes its place. */
static void
test_next_gone (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a?1", 900));
  music_listen (house, 140000, 30000);
  music_exchange_item (house, "GetNextItem", music_item ("b", "b?1", 900));
  music_emit (house, PLAYER_ENGINE_REFUSED, TRUE, 0);
  music_exchange (house, "GetItem", music_error ("ITEM_NOT_FOUND", ""));
  g_autoptr (JsonObject) next = music_expect (house, "GetNextItem");
  house_assert (next, "currentItemReference/id", "b");
  music_exchange_item (house, "GetNextItem", music_item ("c", "c?1", 900));
  music_assert (music_take_calls (house), "load 2 https://media.invalid/b?1 0 next, unload 2, "
                                          "load 3 https://media.invalid/c?1 0 next");
}

/* --- Refusals ----------------------------------------------------------------------------------
 */

/* INTERNAL_ERROR in answer to what is to sound: all is over. To anything else: it plays on. */
static void
test_internal_errors (House *house, gconstpointer data)
{
  static const struct
  {
    BusMusicAction action;
    const char *argument;
    const char *name;
  } asides[] = {
    { BUS_MUSIC_JUMP, "b", "JumpToItem" }, { BUS_MUSIC_SHUFFLE, "on", "SetShuffle" },
    { BUS_MUSIC_LOOP, "on", "SetLoop" },   { BUS_MUSIC_FEEDBACK, "positive", "ReceiveFeedback" },
    { BUS_MUSIC_VIEW, "", "GetView" },     { BUS_MUSIC_REINITIATE, "", "Reinitiate" }
  };
  music_begin (house, music_item ("a", "a?1", 60));
  for (guint i = 0; i < G_N_ELEMENTS (asides); i++)
    {
      music_do (house, asides[i].action, asides[i].argument);
      music_exchange (house, asides[i].name, music_error ("INTERNAL_ERROR", ""));
      g_assert_true (g_str_has_prefix (music_get_result (house), "Refused: "));
    }
  music_assert (music_press (house, BUS_BUTTON_NEXT), "");
  music_exchange (house, "GetNextItem", music_error ("INTERNAL_ERROR", ""));
  music_assert (music_press (house, BUS_BUTTON_PREVIOUS), "");
  music_exchange (house, "GetPreviousItem", music_error ("INTERNAL_ERROR", ""));
  music_play (house, "{'TRACK': 'x'}");
  music_exchange (house, "GetPlayableContent", music_error ("INTERNAL_ERROR", ""));
  music_assert (music_take_calls (house), "");
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_PLAYING);

  music_pause (house, 30000);
  house_advance (house, 60000);
  music_assert (music_press (house, BUS_BUTTON_PLAY), "");
  music_exchange (house, "GetItem", music_error ("INTERNAL_ERROR", ""));
  music_assert (music_take_calls (house), "stop");
  BusMusic music = { 0 };
  bus_backend_get_music (BUS_BACKEND (house->backend), &music);
  g_assert_cmpstr (music.service, ==, "");
}

/* To the question what comes next: it is asked again while the current item plays on. */
static void
test_internal_error_next (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a?1", 900));
  music_listen (house, 169000, 1000);
  music_exchange (house, "GetNextItem", music_error ("INTERNAL_ERROR", ""));
  music_listen (house, 170000, 2000);
  music_exchange (house, "GetNextItem", music_error ("INTERNAL_ERROR", ""));
  music_listen (house, 172000, 3000);
  music_exchange_item (house, "GetNextItem", music_item ("b", "b?1", 900));
  music_assert (music_take_calls (house), "load 2 https://media.invalid/b?1 0 next");
}

/* It never says anything else: there is silence after the current item, and an end of asking. */
static void
test_internal_error_to_the_end (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a?1", 900));
  music_listen (house, 169000, 1000);
  music_exchange (house, "GetNextItem", music_error ("INTERNAL_ERROR", ""));
  music_emit (house, PLAYER_ENGINE_FINISHED, FALSE, 200000);
  house_advance (house, 30000);
  g_free (music_take_events (house));
  daemon_dummy_transport_drop_cancelled (house->transport);
  music_expect_none (house);
  house_advance (house, 600 * 1000);
  music_expect_none (house);
  music_assert (music_take_calls (house), "");
}

static void
test_internal_error_initiate (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a?1", 900));
  music_play (house, "{'content': 'c2'}");
  music_exchange (house, "Initiate", music_error ("INTERNAL_ERROR", ""));
  g_assert_true (g_str_has_prefix (music_get_result (house), "Refused: "));
  music_assert (music_take_calls (house), "stop");
  music_assert (music_take_events (house), "Stopped a 0");
}

static void
test_other_refusals (House *house, gconstpointer data)
{
  music_play (house, "{'TRACK': 'x'}");
  music_exchange (house, "GetPlayableContent", music_error ("CONTENT_NOT_FOUND", ""));
  g_assert_true (g_str_has_prefix (music_get_result (house), "NotFound: "));
  music_play (house, "{'content': 'c2'}");
  music_exchange (house, "Initiate", music_error ("DEVICE_LIMIT_REACHED", ""));
  g_assert_cmpstr (music_get_result (house), !=, "ok");
  music_assert (music_take_calls (house), "");
  music_expect_none (house);
}

/* The account has to be linked again: what plays plays on, and nobody is asked any more. */
static void
test_relink (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a?1", 900));
  music_listen (house, 169000, 1000);
  music_exchange (house, "GetNextItem", music_error ("INVALID_AUTHORIZATION_CREDENTIAL", ""));
  BusMusic music = { 0 };
  bus_backend_get_music (BUS_BACKEND (house->backend), &music);
  g_assert_cmpstr (music.link, ==, "relink");
  music_listen (house, 170000, 29000);
  music_expect_none (house);
  music_assert (music_take_calls (house), "");
  music_emit (house, PLAYER_ENGINE_FINISHED, FALSE, 200000);
  music_expect_none (house);
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_FINISHED);
}

/* --- Memory ------------------------------------------------------------------------------------
 */

static void
test_restart (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a?1", 900));
  music_listen (house, 0, 12000);
  music_restart (house);
  BusMusic music = { 0 };
  bus_backend_get_music (BUS_BACKEND (house->backend), &music);
  g_assert_cmpstr (music.service, ==, "tunes");
  g_assert_cmpstr (music.item_id, ==, "a");
  g_assert_cmpstr (music.title, ==, "Title a");
  g_assert_cmpint (music.offset_ms, ==, 12000);
  g_assert_true (music.can_next && music.loop);
  g_free (music_take_calls (house));
  music_assert (music_press (house, BUS_BUTTON_PLAY), "");
  music_assert (music_take_calls (house), "load 1 https://media.invalid/a?1 12000 current");
  house_start_sound (house, 12000);
  music_assert (music_take_events (house), "Started a 12000");
}

/* What has expired meanwhile is renewed before it plays. */
static void
test_restart_expired (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a?1", -5));
  music_listen (house, 0, 12000);
  music_restart (house);
  g_free (music_take_calls (house));
  music_assert (music_press (house, BUS_BUTTON_PLAY), "");
  g_autoptr (JsonObject) get = music_expect (house, "GetItem");
  house_assert (get, "targetItemReference/value/id", "a");
  house_assert (get, "targetItemReference/value/queueId", "q1");
  house_assert (get, "targetItemReference/value/contentId", "c1");
  music_exchange_item (house, "GetItem", music_item ("a", "a?2", 900));
  music_assert (music_take_calls (house), "load 1 https://media.invalid/a?2 12000 current");
}

/* After a day of pause the queue is given up. */
static void
test_forgotten (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a?1", 900));
  music_pause (house, 30000);
  house_advance (house, 24 * (gint64)HOUR_MS - 60000);
  BusMusic music = { 0 };
  bus_backend_get_music (BUS_BACKEND (house->backend), &music);
  g_assert_cmpstr (music.service, ==, "tunes");
  house_advance (house, 60000);
  music_assert (music_take_calls (house), "stop");
  music = (BusMusic){ 0 };
  bus_backend_get_music (BUS_BACKEND (house->backend), &music);
  g_assert_cmpstr (music.service, ==, "");
  music_restart (house);
  music = (BusMusic){ 0 };
  bus_backend_get_music (BUS_BACKEND (house->backend), &music);
  g_assert_cmpstr (music.service, ==, "");
}

/* As long as something of it sounds it is not. */
static void
test_not_forgotten (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a?1", 900));
  music_pause (house, 30000);
  house_advance (house, 20 * (gint64)HOUR_MS);
  music_assert (music_press (house, BUS_BUTTON_PLAY), "");
  music_exchange_item (house, "GetItem", music_item ("a", "a?2", 900));
  music_emit (house, PLAYER_ENGINE_RESUMED, FALSE, 30000);
  house_advance (house, 20 * (gint64)HOUR_MS);
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_PLAYING);
}

static void
test_restart_too_late (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a?1", 900));
  music_pause (house, 30000);
  g_assert_true (
      daemon_store_exec (house->store, "UPDATE music_place SET at_us = at_us - 86400000000", NULL));
  music_restart (house);
  BusMusic music = { 0 };
  bus_backend_get_music (BUS_BACKEND (house->backend), &music);
  g_assert_cmpstr (music.service, ==, "");
  music_assert (music_press (house, BUS_BUTTON_PLAY), "NothingToPlay");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  music_add ("/music-renewal/valid", test_valid);
  music_add ("/music-renewal/expired", test_expired);
  music_add ("/music-renewal/no-valid-until", test_no_valid_until);
  music_add ("/music-renewal/stale", test_stale);
  music_add ("/music-renewal/replaced", test_replaced);
  music_add ("/music-renewal/gone", test_gone);
  music_add ("/music-renewal/unreachable", test_unreachable);
  music_add ("/music-renewal/unsupported", test_unsupported);
  music_add ("/music-renewal/after-stop", test_after_stop);
  music_add ("/music-renewal/refused", test_refused);
  music_add ("/music-renewal/three-fail", test_three_fail);
  music_add ("/music-renewal/cut-off", test_cut_off);
  music_add ("/music-renewal/next-expires", test_next_expires);
  music_add ("/music-renewal/both-expire", test_both_expire);
  music_add ("/music-renewal/next-not-renewed", test_next_not_renewed);
  music_add ("/music-renewal/next-gone", test_next_gone);
  music_add ("/music-renewal/internal-errors", test_internal_errors);
  music_add ("/music-renewal/internal-error-next", test_internal_error_next);
  music_add ("/music-renewal/internal-error-to-the-end", test_internal_error_to_the_end);
  music_add ("/music-renewal/internal-error-initiate", test_internal_error_initiate);
  music_add ("/music-renewal/other-refusals", test_other_refusals);
  music_add ("/music-renewal/relink", test_relink);
  music_add ("/music-renewal/restart", test_restart);
  music_add ("/music-renewal/restart-expired", test_restart_expired);
  music_add ("/music-renewal/forgotten", test_forgotten);
  music_add ("/music-renewal/not-forgotten", test_not_forgotten);
  music_add ("/music-renewal/restart-too-late", test_restart_too_late);
  return g_test_run ();
}

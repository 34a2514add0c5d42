/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* Queues of a music service: how they begin, what comes next, and what the user does with them. */

#include "test-music-fixture.h"

/* --- Begin -------------------------------------------------------------------------------------
 */

static void
test_play (House *house, gconstpointer data)
{
  music_play (house, "{'TRACK': 'low tide', 'MEDIA_TYPE': 'TRACK', 'shuffle': 'on'}");
  g_autoptr (JsonObject) search = music_expect (house, "GetPlayableContent");
  g_autofree char *criteria = house_get (search, "selectionCriteria/attributes");
  g_assert_nonnull (strstr (criteria, "low tide"));
  g_autofree char *content
      = music_answer ("GetPlayableContent", "{\"content\":{\"id\":\"c1\",\"actions\":{\"playable\":"
                                            "true},\"metadata\":{\"type\":\"TRACK\"}}}");
  house_answer (house, content);
  g_autoptr (JsonObject) initiate = music_expect (house, "Initiate");
  house_assert (initiate, "contentId", "c1");
  house_assert (initiate, "playbackModes/shuffle", "true");
  house_assert (initiate, "playbackModes/loop", "false");
  house_assert (initiate, "currentItemReference", NULL);
  g_assert_cmpstr (music_get_result (house), ==, "");
  g_autofree char *queue = music_queue ("q1", music_item ("a", "a.flac?k=1", 900), "");
  house_answer (house, queue);
  g_assert_cmpstr (music_get_result (house), ==, "ok");
  music_assert (music_take_calls (house), "load 1 https://media.invalid/a.flac?k=1 0 current");
  house_start_sound (house, 0);
  music_assert (music_take_events (house), "Started a 0");

  BusMusic music = { 0 };
  bus_backend_get_music (BUS_BACKEND (house->backend), &music);
  g_assert_cmpstr (music.service, ==, "tunes");
  g_assert_cmpstr (music.queue_id, ==, "q1");
  g_assert_cmpstr (music.content_id, ==, "c1");
  g_assert_cmpstr (music.item_id, ==, "a");
  g_assert_cmpstr (music.title, ==, "Title a");
  g_assert_cmpstr (music.kind, ==, "DEFAULT");
  g_assert_true (music.can_next && music.can_previous && music.can_seek && music.can_rate);
  g_assert_true (music.can_shuffle && music.can_loop && !music.can_repeat);
  g_assert_true (music.loop && !music.shuffle && !music.live);
  g_assert_cmpint (music.valid_until_us, >, g_get_real_time ());
  g_autoptr (GVariant) services
      = g_variant_ref_sink (bus_backend_list_music (BUS_BACKEND (house->backend)));
  music_assert (g_variant_print (services, FALSE),
                "[('tunes', 'http://127.0.0.1:3100/', 'linked')]");
}

static void
test_bad_criteria (House *house, gconstpointer data)
{
  static const char *const bad[] = { "{}", "{'shuffle': 'on'}", "{'content': 'c', 'TRACK': 't'}",
                                     "{'track': 't'}", "{'TRACK': 't', 'loop': 'maybe'}" };
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      music_play (house, bad[i]);
      g_assert_true (g_str_has_prefix (music_get_result (house), "InvalidArgument: "));
    }
  music_do (house, BUS_MUSIC_VIEW, "");
  g_assert_true (g_str_has_prefix (music_get_result (house), "NoMusic: "));
  music_expect_none (house);
}

/* The newest wish counts. */
static void
test_superseded (House *house, gconstpointer data)
{
  music_play (house, "{'TRACK': 'one'}");
  json_object_unref (music_expect (house, "GetPlayableContent"));
  music_play (house, "{'content': 'c2'}");
  music_exchange (house, "Initiate", music_queue ("q2", music_item ("b", "b", 900), ""));
  music_assert (music_take_calls (house), "load 1 https://media.invalid/b 0 current");
  g_assert_cmpstr (music_get_result (house), ==, "ok");
  music_expect_none (house);
}

/* A queue that the service wants to be stopped is, before the new one begins. */
static void
test_deactivate (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a", 900));
  music_play (house, "{'content': 'c2'}");
  g_autoptr (JsonObject) initiate = music_expect (house, "Initiate");
  house_assert (initiate, "currentItemReference/value/id", "a");
  g_autofree char *queue
      = music_queue ("q2", music_item ("b", "b", 900), ",\"queueIdsToDeactivate\":[\"q0\",\"q1\"]");
  house_answer (house, queue);
  music_assert (music_take_calls (house), "stop, load 2 https://media.invalid/b 0 current");
  music_assert (music_take_events (house), "Stopped a 0");
  house_start_sound (house, 0);
  /* One that is not named sounds until the new one is there. */
  music_play (house, "{'content': 'c3'}");
  music_exchange (
      house, "Initiate",
      music_queue ("q3", music_item ("c", "c", 900), ",\"queueIdsToDeactivate\":[\"q1\"]"));
  music_assert (music_take_calls (house), "load 3 https://media.invalid/c 0 current");
}

/* --- What comes next ---------------------------------------------------------------------------
 */

/* Exactly one, once it can be taken, but not in the first 5 s; it follows by itself. */
static void
test_prefetch (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a", 900));
  music_emit (house, PLAYER_ENGINE_BUFFERED, FALSE, 0);
  music_listen (house, 0, 4000);
  music_expect_none (house);
  music_listen (house, 4000, 1000);
  g_autoptr (JsonObject) next = music_expect (house, "GetNextItem");
  house_assert (next, "isUserInitiated", "false");
  house_assert (next, "currentItemReference/id", "a");
  house_assert (next, "currentItemReference/queueId", "q1");
  house_assert (next, "currentItemReference/contentId", "c1");
  music_exchange_item (house, "GetNextItem", music_item ("b", "b", 900));
  music_assert (music_take_calls (house), "load 2 https://media.invalid/b 0 next");
  music_listen (house, 5000, 10000);
  music_expect_none (house);
  music_emit (house, PLAYER_ENGINE_READY, TRUE, 0);
  music_emit (house, PLAYER_ENGINE_FINISHED, FALSE, 200000);
  music_emit (house, PLAYER_ENGINE_STARTED, FALSE, 0);
  music_assert (music_take_events (house), "Finished a 200000, Started b 0");
  music_expect_none (house);
}

/* At the latest 30 s before the end, however little has been read. */
static void
test_prefetch_late (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a", 900));
  music_listen (house, 160000, 9000);
  music_expect_none (house);
  music_listen (house, 169000, 1000);
  json_object_unref (music_expect (house, "GetNextItem"));
}

/* A service that is slow to say what comes next harms nothing that sounds. */
static void
test_prefetch_slow (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a", 900));
  music_listen (house, 170000, 29000);
  json_object_unref (music_expect (house, "GetNextItem"));
  music_assert (music_take_calls (house), "");
  music_emit (house, PLAYER_ENGINE_FINISHED, FALSE, 200000);
  music_exchange_item (house, "GetNextItem", music_item ("b", "b", 900));
  music_assert (music_take_calls (house), "load 2 https://media.invalid/b 0 current");
  house_start_sound (house, 0);
  music_assert (music_take_events (house), "Finished a 200000, Started b 0");
}

/* Nothing comes after the last one; Play begins anew then. */
static void
test_end (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a", 900));
  music_listen (house, 170000, 2000);
  music_exchange (house, "GetNextItem",
                  music_answer ("GetNextItem", "{\"isQueueFinished\":true,\"item\":null}"));
  music_listen (house, 172000, 20000);
  music_expect_none (house);
  music_emit (house, PLAYER_ENGINE_FINISHED, FALSE, 200000);
  music_expect_none (house);
  music_assert (music_press (house, BUS_BUTTON_PLAY), "");
  g_autoptr (JsonObject) initiate = music_expect (house, "Initiate");
  house_assert (initiate, "contentId", "c1");
}

/* Pause, pressed while the next one is waited for in silence, holds. */
static void
test_pause_while_waiting (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a", 900));
  music_emit (house, PLAYER_ENGINE_FINISHED, FALSE, 200000);
  json_object_unref (music_expect (house, "GetNextItem"));
  music_assert (music_press (house, BUS_BUTTON_PAUSE), "");
  music_expect_none (house);
  music_assert (music_press (house, BUS_BUTTON_PAUSE), "NotPlaying");
  music_assert (music_press (house, BUS_BUTTON_PLAY), "");
  music_exchange_item (house, "GetNextItem", music_item ("b", "b", 900));
  music_assert (music_take_calls (house), "load 2 https://media.invalid/b 0 current");
}

/* Stop holds, too: neither what is asked for already nor a mode makes it sound again. */
static void
test_stop_while_asking (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a", 900));
  music_listen (house, 169000, 1000);
  json_object_unref (music_expect (house, "GetNextItem"));
  music_assert (music_press (house, BUS_BUTTON_STOP), "");
  g_free (music_take_calls (house));
  music_exchange_item (house, "GetNextItem", music_item ("b", "b", 900));
  music_do (house, BUS_MUSIC_SHUFFLE, "on");
  music_exchange (house, "SetShuffle", music_answer ("SetShuffle", "{}"));
  music_expect_none (house);
  music_assert (music_take_calls (house), "");
}

/* A queue that was asked for does not begin after Stop. */
static void
test_stop_before_begin (House *house, gconstpointer data)
{
  music_play (house, "{'content': 'c1'}");
  json_object_unref (music_expect (house, "Initiate"));
  music_assert (music_press (house, BUS_BUTTON_STOP), "");
  g_assert_true (g_str_has_prefix (music_get_result (house), "Superseded: "));
  music_expect_none (house);
}

/* What never comes is not waited for without an end. */
static void
test_starve (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a", 900));
  music_emit (house, PLAYER_ENGINE_FINISHED, FALSE, 200000);
  json_object_unref (music_expect (house, "GetNextItem"));
  house_advance (house, 30000);
  music_expect_none (house);
  BusMusic music = { 0 };
  bus_backend_get_music (BUS_BACKEND (house->backend), &music);
  g_assert_cmpstr (music.problem, !=, "");
}

/* A live stream has no length: nothing is asked for ahead of it, and it is not sought. */
static void
test_live (House *house, gconstpointer data)
{
  music_begin (house, music_item_with (
                          "radio", "DEFAULT",
                          "\"controls\":[{\"type\":\"COMMAND\",\"name\":\"NEXT\",\"enabled\":true},"
                          "{\"type\":\"ADJUST\",\"name\":\"SEEK_POSITION\",\"enabled\":true}],",
                          "live", 900));
  music_listen (house, 0, 60000);
  music_expect_none (house);
  g_autoptr (GError) error = NULL;
  g_assert_false (bus_backend_seek (BUS_BACKEND (house->backend), 1000, &error));
  music_assert (music_take_calls (house), "");
  music_assert (music_press (house, BUS_BUTTON_NEXT), "");
  json_object_unref (music_expect (house, "GetNextItem"));
}

/* --- Buttons -----------------------------------------------------------------------------------
 */

static void
test_next (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a", 900));
  music_assert (music_press (house, BUS_BUTTON_NEXT), "");
  g_autoptr (JsonObject) next = music_expect (house, "GetNextItem");
  house_assert (next, "isUserInitiated", "true");
  music_exchange_item (house, "GetNextItem", music_item ("b", "b", 900));
  music_assert (music_take_calls (house), "load 2 https://media.invalid/b 0 current");
  house_start_sound (house, 0);
  music_assert (music_take_events (house), "Stopped a 0, Started b 0");
  /* Beyond the last one there is silence. */
  music_assert (music_press (house, BUS_BUTTON_NEXT), "");
  music_exchange (house, "GetNextItem", music_answer ("GetNextItem", "{\"isQueueFinished\":true}"));
  music_assert (music_take_calls (house), "stop");
}

/* Two presses are two skips, however long the service takes; only the last item sounds. */
static void
test_next_twice (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a", 900));
  music_assert (music_press (house, BUS_BUTTON_NEXT), "");
  music_assert (music_press (house, BUS_BUTTON_NEXT), "");
  music_assert (music_press (house, BUS_BUTTON_NEXT), "");
  music_exchange_item (house, "GetNextItem", music_item ("b", "b", 900));
  g_autoptr (JsonObject) second = music_expect (house, "GetNextItem");
  house_assert (second, "currentItemReference/id", "b");
  house_assert (second, "isUserInitiated", "true");
  music_exchange_item (house, "GetNextItem", music_item ("c", "c", 900));
  music_exchange_item (house, "GetNextItem", music_item ("d", "d", 900));
  music_expect_none (house);
  house_start_sound (house, 0);
  music_assert (music_take_events (house), "Stopped a 0, Started d 0");
}

/* What the controls do not allow is not asked for. */
static void
test_not_allowed (House *house, gconstpointer data)
{
  music_begin (house,
               music_item_with ("a", "DEFAULT",
                                "\"durationInMilliseconds\":200000,\"controls\":["
                                "{\"type\":\"COMMAND\",\"name\":\"NEXT\",\"enabled\":false}],",
                                "a", 900));
  music_assert (music_press (house, BUS_BUTTON_NEXT), "NotAllowed");
  music_assert (music_press (house, BUS_BUTTON_PREVIOUS), "NotAllowed");
  music_do (house, BUS_MUSIC_REPEAT, "on");
  g_assert_true (g_str_has_prefix (music_get_result (house), "NotAllowed: "));
  music_do (house, BUS_MUSIC_SHUFFLE, "perhaps");
  g_assert_true (g_str_has_prefix (music_get_result (house), "InvalidArgument: "));
  music_expect_none (house);
  music_assert (music_take_calls (house), "");
}

static void
test_ad (House *house, gconstpointer data)
{
  music_begin (
      house, music_item_with ("ad", "AD",
                              "\"durationInMilliseconds\":90000,\"controls\":["
                              "{\"type\":\"COMMAND\",\"name\":\"NEXT\",\"enabled\":true},"
                              "{\"type\":\"ADJUST\",\"name\":\"SEEK_POSITION\",\"enabled\":true}],",
                              "ad", 900));
  music_assert (music_press (house, BUS_BUTTON_NEXT), "NotAllowed");
  g_autoptr (GError) error = NULL;
  g_assert_false (bus_backend_seek (BUS_BACKEND (house->backend), 1000, &error));
  music_do (house, BUS_MUSIC_JUMP, "b");
  g_assert_true (g_str_has_prefix (music_get_result (house), "NotAllowed: "));
  music_expect_none (house);
}

/* Too many skips: what plays plays on, and nobody is asked again before the period is over. */
static void
test_skip_limit (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a", 900));
  music_assert (music_press (house, BUS_BUTTON_NEXT), "");
  music_exchange (house, "GetNextItem",
                  music_error ("SKIP_LIMIT_REACHED", ",\"retryPeriod\":\"HOURLY\""));
  music_assert (music_take_calls (house), "");
  BusMusic music = { 0 };
  bus_backend_get_music (BUS_BACKEND (house->backend), &music);
  g_assert_false (music.can_next);
  g_assert_cmpstr (music.problem, !=, "");
  music_assert (music_press (house, BUS_BUTTON_NEXT), "NotAllowed");
  music_expect_none (house);
  /* What comes by itself is no skip. */
  music_listen (house, 170000, 1000);
  music_exchange_item (house, "GetNextItem", music_item ("b", "b", 900));
  music_assert (music_take_calls (house), "load 2 https://media.invalid/b 0 next");
}

static void
test_previous (House *house, gconstpointer data)
{
  music_begin (house, music_item ("b", "b", 900));
  music_emit (house, PLAYER_ENGINE_DURATION, FALSE, 0);
  music_assert (music_press (house, BUS_BUTTON_PREVIOUS), "");
  music_exchange_item (house, "GetPreviousItem", music_item ("a", "a", 900));
  music_assert (music_take_calls (house), "load 2 https://media.invalid/a 0 current");
  house_start_sound (house, 0);
  music_emit (house, PLAYER_ENGINE_DURATION, FALSE, 0);
  /* Before the first there is none: it begins again. */
  music_assert (music_press (house, BUS_BUTTON_PREVIOUS), "");
  music_exchange (house, "GetPreviousItem", music_error ("ITEM_NOT_FOUND", ""));
  music_assert (music_take_calls (house), "seek 2 0");
}

static void
test_jump (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a", 900));
  music_do (house, BUS_MUSIC_JUMP, "x");
  music_exchange (house, "JumpToItem", music_error ("INVALID_ITEM", ""));
  g_assert_true (g_str_has_prefix (music_get_result (house), "NotFound: "));
  music_assert (music_take_calls (house), "");
  music_do (house, BUS_MUSIC_JUMP, "c");
  g_autoptr (JsonObject) jump = music_expect (house, "JumpToItem");
  house_assert (jump, "targetItemId", "c");
  house_assert (jump, "currentItemReference/id", "a");
  music_exchange_item (house, "JumpToItem", music_item ("c", "c", 900));
  g_assert_cmpstr (music_get_result (house), ==, "ok");
  music_assert (music_take_calls (house), "load 2 https://media.invalid/c 0 current");
  house_start_sound (house, 0);
  music_assert (music_take_events (house), "Stopped a 0 JUMP, Started c 0");
}

/* --- Modes -------------------------------------------------------------------------------------
 */

/* What has been queued is another item than would follow now: it is thrown away. */
static void
test_shuffle (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a", 900));
  music_listen (house, 170000, 1000);
  music_exchange_item (house, "GetNextItem", music_item ("b", "b", 900));
  g_free (music_take_calls (house));
  music_do (house, BUS_MUSIC_SHUFFLE, "on");
  g_autoptr (JsonObject) shuffle = music_expect (house, "SetShuffle");
  house_assert (shuffle, "enable", "true");
  house_assert (shuffle, "currentItemReference/value/id", "a");
  g_assert_cmpstr (music_get_result (house), ==, "");
  g_autofree char *ok = music_answer ("SetShuffle", "{}");
  house_answer (house, ok);
  g_assert_cmpstr (music_get_result (house), ==, "ok");
  music_assert (music_take_calls (house), "unload 2");
  music_exchange_item (house, "GetNextItem", music_item ("d", "d", 900));
  music_assert (music_take_calls (house), "load 3 https://media.invalid/d 0 next");
  BusMusic music = { 0 };
  bus_backend_get_music (BUS_BACKEND (house->backend), &music);
  g_assert_true (music.shuffle);
}

/* The same while the question what comes next is under way: that answer is of no use. */
static void
test_loop_while_asking (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a", 900));
  music_listen (house, 170000, 1000);
  json_object_unref (music_expect (house, "GetNextItem"));
  music_do (house, BUS_MUSIC_LOOP, "off");
  music_exchange_item (house, "GetNextItem", music_item ("b", "b", 900));
  music_exchange (house, "SetLoop", music_answer ("SetLoop", "{}"));
  g_assert_cmpstr (music_get_result (house), ==, "ok");
  music_exchange (house, "GetNextItem", music_answer ("GetNextItem", "{\"isQueueFinished\":true}"));
  music_assert (music_take_calls (house), "load 2 https://media.invalid/b 0 next, unload 2");
}

static void
test_mode_refused (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a", 900));
  music_listen (house, 170000, 1000);
  music_exchange_item (house, "GetNextItem", music_item ("b", "b", 900));
  g_free (music_take_calls (house));
  music_do (house, BUS_MUSIC_SHUFFLE, "on");
  music_exchange (house, "SetShuffle", music_error ("INTERNAL_ERROR", ""));
  g_assert_cmpstr (music_get_result (house), !=, "ok");
  music_assert (music_take_calls (house), "");
  BusMusic music = { 0 };
  bus_backend_get_music (BUS_BACKEND (house->backend), &music);
  g_assert_false (music.shuffle);
}

/* A service that does not know a message is not offered it any more. */
static void
test_mode_unknown (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a", 900));
  music_do (house, BUS_MUSIC_SHUFFLE, "on");
  music_exchange (house, "SetShuffle", music_error ("INVALID_DIRECTIVE", ""));
  g_assert_true (g_str_has_prefix (music_get_result (house), "NotSupported: "));
  BusMusic music = { 0 };
  bus_backend_get_music (BUS_BACKEND (house->backend), &music);
  g_assert_true (!music.can_shuffle && music.can_loop);
  music_do (house, BUS_MUSIC_SHUFFLE, "on");
  music_expect_none (house);
  g_assert_true (g_str_has_prefix (music_get_result (house), "NotSupported: "));
}

static void
test_feedback (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a", 900));
  music_do (house, BUS_MUSIC_FEEDBACK, "positive");
  g_autoptr (JsonObject) feedback = music_expect (house, "ReceiveFeedback");
  house_assert (feedback, "feedback/value", "POSITIVE");
  g_autofree char *ok = music_answer ("ReceiveFeedback", "{\"skip\":false}");
  house_answer (house, ok);
  g_assert_cmpstr (music_get_result (house), ==, "ok");
  BusMusic music = { 0 };
  bus_backend_get_music (BUS_BACKEND (house->backend), &music);
  g_assert_cmpstr (music.rating, ==, "POSITIVE");
  music_exchange_item (house, "GetNextItem", music_item ("b", "b", 900));
  g_free (music_take_calls (house));
  /* The service wants another one to be played. */
  music_do (house, BUS_MUSIC_FEEDBACK, "negative");
  music_exchange (house, "ReceiveFeedback", music_answer ("ReceiveFeedback", "{\"skip\":true}"));
  g_autoptr (JsonObject) next = music_expect (house, "GetNextItem");
  house_assert (next, "isUserInitiated", "false");
  music_exchange_item (house, "GetNextItem", music_item ("c", "c", 900));
  music_assert (music_take_calls (house), "load 3 https://media.invalid/c 0 current");
}

static void
test_view (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a", 900));
  music_do (house, BUS_MUSIC_VIEW, "");
  g_autofree char *a = music_item ("a", "a", 900);
  g_autofree char *b = music_item ("b", "b", 900);
  g_autofree char *payload = g_strdup_printf ("{\"queueControls\":[],\"items\":[%s,%s]}", a, b);
  music_exchange (house, "GetView", music_answer ("GetView", payload));
  g_assert_cmpstr (music_get_result (house), ==,
                   "[('a', 'Title a', 'Author', 200000, true), "
                   "('b', 'Title b', 'Author', 200000, false)]");
}

/* The same item goes on where it was, unless the service says where. */
static void
test_reinitiate (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a?1", 900));
  player_dummy_engine_set_position (house->engine, 40000);
  music_do (house, BUS_MUSIC_REINITIATE, "");
  g_autoptr (JsonObject) request = music_expect (house, "Reinitiate");
  g_autofree char *queue = music_queue ("q9", music_item ("a", "a?2", 900), "");
  g_autoptr (GString) answer = g_string_new (queue);
  g_string_replace (answer, "Initiate.Response", "Reinitiate.Response", 0);
  house_answer (house, answer->str);
  g_assert_cmpstr (music_get_result (house), ==, "ok");
  music_assert (music_take_calls (house), "load 2 https://media.invalid/a?2 40000 current");
}

/* --- Others ------------------------------------------------------------------------------------
 */

/* A skill that plays something else ends the turn of the music; buttons are for the skill then. */
static void
test_other_takes_over (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a", 900));
  music_listen (house, 170000, 1000);
  json_object_unref (music_expect (house, "GetNextItem"));
  g_autoptr (PlayerItem) item = player_item_new ("http://127.0.0.1/own.flac", "own", 0, "", NULL);
  g_assert_true (
      bus_backend_play_stream (BUS_BACKEND (house->backend), item, PLAYER_PLAY_REPLACE_ALL, NULL));
  house_start_sound (house, 0);
  g_free (music_take_events (house));
  g_free (music_take_calls (house));
  music_expect_none (house);
  music_assert (music_press (house, BUS_BUTTON_NEXT), "NothingToPlay");
  music_listen (house, 0, 3000);
  music_expect_none (house);
}

/* An answer that comes after somebody has decided otherwise is too late. */
static void
test_late_answer (House *house, gconstpointer data)
{
  music_begin (house, music_item ("a", "a", 900));
  music_assert (music_press (house, BUS_BUTTON_NEXT), "");
  json_object_unref (music_expect (house, "GetNextItem"));
  g_autoptr (PlayerCommand) stop = player_command_new_simple (PLAYER_COMMAND_STOP);
  daemon_router_submit (house->context->router, stop);
  music_exchange_item (house, "GetNextItem", music_item ("b", "b", 900));
  music_assert (music_take_calls (house), "stop");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  music_add ("/music/play", test_play);
  music_add ("/music/bad-criteria", test_bad_criteria);
  music_add ("/music/superseded", test_superseded);
  music_add ("/music/deactivate", test_deactivate);
  music_add ("/music/prefetch", test_prefetch);
  music_add ("/music/prefetch-late", test_prefetch_late);
  music_add ("/music/prefetch-slow", test_prefetch_slow);
  music_add ("/music/end", test_end);
  music_add ("/music/pause-while-waiting", test_pause_while_waiting);
  music_add ("/music/stop-while-asking", test_stop_while_asking);
  music_add ("/music/stop-before-begin", test_stop_before_begin);
  music_add ("/music/starve", test_starve);
  music_add ("/music/live", test_live);
  music_add ("/music/next", test_next);
  music_add ("/music/next-twice", test_next_twice);
  music_add ("/music/not-allowed", test_not_allowed);
  music_add ("/music/ad", test_ad);
  music_add ("/music/skip-limit", test_skip_limit);
  music_add ("/music/previous", test_previous);
  music_add ("/music/jump", test_jump);
  music_add ("/music/shuffle", test_shuffle);
  music_add ("/music/loop-while-asking", test_loop_while_asking);
  music_add ("/music/mode-refused", test_mode_refused);
  music_add ("/music/mode-unknown", test_mode_unknown);
  music_add ("/music/feedback", test_feedback);
  music_add ("/music/view", test_view);
  music_add ("/music/reinitiate", test_reinitiate);
  music_add ("/music/other-takes-over", test_other_takes_over);
  music_add ("/music/late-answer", test_late_answer);
  return g_test_run ();
}

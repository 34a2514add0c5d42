/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/player-types.h"

static void
test_names (void)
{
  g_assert_cmpstr (player_activity_to_string (PLAYER_ACTIVITY_IDLE), ==, "IDLE");
  g_assert_cmpstr (player_activity_to_string (PLAYER_ACTIVITY_PLAYING), ==, "PLAYING");
  g_assert_cmpstr (player_activity_to_string (PLAYER_ACTIVITY_PAUSED), ==, "PAUSED");
  g_assert_cmpstr (player_activity_to_string (PLAYER_ACTIVITY_BUFFER_UNDERRUN), ==,
                   "BUFFER_UNDERRUN");
  g_assert_cmpstr (player_activity_to_string (PLAYER_ACTIVITY_FINISHED), ==, "FINISHED");
  g_assert_cmpstr (player_activity_to_string (PLAYER_ACTIVITY_STOPPED), ==, "STOPPED");
  g_assert_cmpstr (player_play_behavior_to_string (PLAYER_PLAY_ENQUEUE), ==, "ENQUEUE");
  g_assert_cmpstr (player_play_behavior_to_string (PLAYER_PLAY_REPLACE_ALL), ==, "REPLACE_ALL");
  g_assert_cmpstr (player_play_behavior_to_string (PLAYER_PLAY_REPLACE_ENQUEUED), ==,
                   "REPLACE_ENQUEUED");
  g_assert_cmpstr (player_clear_behavior_to_string (PLAYER_CLEAR_ENQUEUED), ==, "CLEAR_ENQUEUED");
  g_assert_cmpstr (player_clear_behavior_to_string (PLAYER_CLEAR_ALL), ==, "CLEAR_ALL");
  g_assert_cmpstr (player_error_type_to_string (PLAYER_MEDIA_ERROR_UNKNOWN), ==,
                   "MEDIA_ERROR_UNKNOWN");
  g_assert_cmpstr (player_error_type_to_string (PLAYER_MEDIA_ERROR_INVALID_REQUEST), ==,
                   "MEDIA_ERROR_INVALID_REQUEST");
  g_assert_cmpstr (player_error_type_to_string (PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE), ==,
                   "MEDIA_ERROR_SERVICE_UNAVAILABLE");
  g_assert_cmpstr (player_error_type_to_string (PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR), ==,
                   "MEDIA_ERROR_INTERNAL_SERVER_ERROR");
  g_assert_cmpstr (player_error_type_to_string (PLAYER_MEDIA_ERROR_INTERNAL_DEVICE_ERROR), ==,
                   "MEDIA_ERROR_INTERNAL_DEVICE_ERROR");
  g_assert_cmpstr (player_verdict_to_string (PLAYER_VERDICT_DONE), ==, "done");
  g_assert_cmpstr (player_verdict_to_string (PLAYER_VERDICT_NO_EFFECT), ==, "no-effect");
  g_assert_cmpstr (player_verdict_to_string (PLAYER_VERDICT_WRONG_PREVIOUS_TOKEN), ==,
                   "wrong-previous-token");
  g_assert_cmpstr (player_verdict_to_string (PLAYER_VERDICT_LATE), ==, "late");
  g_assert_cmpstr (player_verdict_to_string (PLAYER_VERDICT_NOT_PLAYING), ==, "not-playing");
  g_assert_cmpstr (player_verdict_to_string (PLAYER_VERDICT_NOT_SEEKABLE), ==, "not-seekable");
  g_assert_cmpstr (player_report_type_to_string (PLAYER_REPORT_STARTED), ==, "PlaybackStarted");
  g_assert_cmpstr (player_report_type_to_string (PLAYER_REPORT_NEARLY_FINISHED), ==,
                   "PlaybackNearlyFinished");
  g_assert_cmpstr (player_report_type_to_string (PLAYER_REPORT_FINISHED), ==, "PlaybackFinished");
  g_assert_cmpstr (player_report_type_to_string (PLAYER_REPORT_STOPPED), ==, "PlaybackStopped");
  g_assert_cmpstr (player_report_type_to_string (PLAYER_REPORT_FAILED), ==, "PlaybackFailed");
}

static void
test_active (void)
{
  g_assert_false (player_activity_is_active (PLAYER_ACTIVITY_IDLE));
  g_assert_true (player_activity_is_active (PLAYER_ACTIVITY_PLAYING));
  g_assert_true (player_activity_is_active (PLAYER_ACTIVITY_PAUSED));
  g_assert_true (player_activity_is_active (PLAYER_ACTIVITY_BUFFER_UNDERRUN));
  g_assert_false (player_activity_is_active (PLAYER_ACTIVITY_FINISHED));
  g_assert_false (player_activity_is_active (PLAYER_ACTIVITY_STOPPED));
}

/* Each value keeps what it was made of, though its makings go first. */
static void
test_values (void)
{
  PlayerMetadata *metadata = player_metadata_new ("t", "s", NULL, "art", NULL);
  PlayerItem *item = player_item_new ("https://a/", "A", 7, "skill", metadata);
  player_metadata_unref (metadata);

  PlayerCommand *command = player_command_new_play (item, PLAYER_PLAY_ENQUEUE, "Z");
  g_autoptr (PlayerReport) failed = player_report_new_failed (
      3, item, PLAYER_MEDIA_ERROR_UNKNOWN, "m", PLAYER_ACTIVITY_PLAYING, NULL, 5);
  player_item_unref (item);
  g_autoptr (PlayerCommand) again = player_command_ref (command);
  player_command_unref (command);

  g_assert_cmpint (again->type, ==, PLAYER_COMMAND_PLAY);
  g_assert_cmpstr (again->expected_previous_token, ==, "Z");
  g_assert_cmpstr (again->item->url, ==, "https://a/");
  g_assert_cmpint (again->item->offset_ms, ==, 7);
  g_assert_cmpstr (again->item->origin, ==, "skill");
  g_assert_cmpstr (again->item->metadata->subtitle, ==, "s");
  g_assert_null (again->item->metadata->album);
  g_assert_true (failed->item == again->item);
  g_assert_cmpint (failed->type, ==, PLAYER_REPORT_FAILED);
  g_assert_cmpuint (failed->serial, ==, 3);
  g_assert_cmpstr (failed->error_message, ==, "m");
  g_assert_null (failed->state_token);
  g_assert_cmpint (failed->state_offset_ms, ==, 5);

  g_autoptr (PlayerCommand) seek = player_command_new_seek (12);
  g_assert_cmpint (seek->position_ms, ==, 12);
  g_autoptr (PlayerCommand) far = player_command_new_seek (G_MAXINT64);
  g_assert_cmpint (far->position_ms, ==, PLAYER_MAX_OFFSET_MS);
  g_autoptr (PlayerItem) beyond = player_item_new ("https://a/", "A", G_MAXINT64, "", NULL);
  g_assert_cmpint (beyond->offset_ms, ==, PLAYER_MAX_OFFSET_MS);
  g_autoptr (PlayerCommand) clear = player_command_new_clear_queue (PLAYER_CLEAR_ALL);
  g_assert_cmpint (clear->clear_behavior, ==, PLAYER_CLEAR_ALL);
}

static void
test_snapshot (void)
{
  g_autoptr (PlayerSnapshot) snapshot = player_snapshot_new ();
  g_assert_cmpint (snapshot->activity, ==, PLAYER_ACTIVITY_IDLE);
  g_assert_null (snapshot->item);
  g_assert_cmpint (snapshot->duration_ms, ==, -1);
  g_assert_cmpuint (snapshot->queue->len, ==, 0);
  g_assert_cmpfloat (snapshot->volume, ==, 1.0);

  g_auto (GValue) value = G_VALUE_INIT;
  g_value_init (&value, PLAYER_TYPE_SNAPSHOT);
  g_value_set_boxed (&value, snapshot);
  g_assert_true (g_value_get_boxed (&value) == snapshot); /* immutable: shared, not copied */
}

/* A URL may expire; another source of the same item does not, until that is said of it. */
static void
test_expiry (void)
{
  g_autoptr (PlayerItem) plain = player_item_new ("https://a/", "A", 7, "music:x", NULL);
  const char *const headers[] = { "Cookie", "a", NULL };
  g_autoptr (PlayerItem) source = player_item_new_source (plain, "https://b/", headers, TRUE);
  g_autoptr (PlayerItem) item = player_item_new_until (source, 5000);

  g_assert_cmpint (source->valid_until_us, ==, 0);
  g_assert_cmpint (item->valid_until_us, ==, 5000);
  g_assert_cmpstr (item->url, ==, "https://b/");
  g_assert_cmpstr (item->token, ==, "A");
  g_assert_cmpstr (item->origin, ==, "music:x");
  g_assert_cmpstr (item->headers[1], ==, "a");
  g_assert_true (item->renewable);
  g_assert_false (player_item_sounds_like (item, source));
  g_autoptr (PlayerItem) same = player_item_new_until (source, 5000);
  g_assert_true (player_item_sounds_like (item, same));
  g_autoptr (PlayerItem) other
      = player_item_new_source (item, "https://c/", (const char *const *)item->headers, TRUE);
  g_assert_cmpint (other->valid_until_us, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/player/types/names", test_names);
  g_test_add_func ("/player/types/active", test_active);
  g_test_add_func ("/player/types/values", test_values);
  g_test_add_func ("/player/types/snapshot", test_snapshot);
  g_test_add_func ("/player/types/expiry", test_expiry);
  return g_test_run ();
}

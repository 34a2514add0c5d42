/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/player-queue.h"

static void
append (PlayerQueue *queue, guint64 serial, const char *token)
{
  g_autoptr (PlayerItem) item = player_item_new ("https://a/", token, 0, "", NULL);
  player_queue_append (queue, serial, item);
}

static void
test_order (void)
{
  g_autoptr (PlayerQueue) queue = player_queue_new ();
  g_assert_null (player_queue_peek_head (queue));
  g_assert_null (player_queue_peek_tail (queue));
  g_assert_null (player_queue_pop (queue));

  append (queue, 1, "A");
  append (queue, 2, "A");
  append (queue, 3, "C");
  g_assert_cmpuint (player_queue_get_length (queue), ==, 3);
  g_assert_cmpuint (player_queue_peek_head (queue)->serial, ==, 1);
  g_assert_cmpuint (player_queue_peek_nth (queue, 1)->serial, ==, 2);
  g_assert_null (player_queue_peek_nth (queue, 3));
  g_assert_cmpstr (player_queue_peek_tail (queue)->item->token, ==, "C");

  g_autoptr (PlayerQueueEntry) entry = player_queue_pop (queue);
  g_assert_cmpuint (entry->serial, ==, 1);
  g_assert_cmpuint (player_queue_peek_head (queue)->serial, ==, 2);
  g_assert_cmpuint (player_queue_clear (queue), ==, 2);
  g_assert_cmpuint (player_queue_clear (queue), ==, 0);
}

static void
test_version (void)
{
  g_autoptr (PlayerQueue) queue = player_queue_new ();
  guint64 version = player_queue_get_version (queue);

  player_queue_clear (queue);
  g_assert_null (player_queue_pop (queue));
  g_assert_cmpuint (player_queue_get_version (queue), ==, version);
  append (queue, 1, "A");
  g_assert_cmpuint (player_queue_get_version (queue), !=, version);
  version = player_queue_get_version (queue);
  g_autoptr (PlayerQueueEntry) entry = player_queue_pop (queue);
  g_assert_cmpuint (player_queue_get_version (queue), !=, version);
  append (queue, 2, "B");
  version = player_queue_get_version (queue);
  player_queue_clear (queue);
  g_assert_cmpuint (player_queue_get_version (queue), !=, version);
}

/* A failure belongs to the serial, not to the token or the place. */
static void
test_failure (void)
{
  g_autoptr (PlayerQueue) queue = player_queue_new ();
  append (queue, 1, "A");
  append (queue, 2, "A");

  player_queue_hold_failure (queue, 2, player_failure_new (PLAYER_MEDIA_ERROR_UNKNOWN, "first"));
  player_queue_hold_failure (queue, 2,
                             player_failure_new (PLAYER_MEDIA_ERROR_INVALID_REQUEST, "HTTP 404"));
  player_queue_hold_failure (queue, 77, player_failure_new (PLAYER_MEDIA_ERROR_UNKNOWN, NULL));
  g_assert_null (player_queue_peek_head (queue)->failure);
  g_assert_cmpint (player_queue_peek_tail (queue)->failure->type, ==,
                   PLAYER_MEDIA_ERROR_INVALID_REQUEST);
  g_assert_cmpstr (player_queue_peek_tail (queue)->failure->message, ==, "HTTP 404");
}

/* Another source for an entry: its place stays, its failure goes. */
static void
test_replace_item (void)
{
  g_autoptr (PlayerQueue) queue = player_queue_new ();
  append (queue, 1, "A");
  append (queue, 2, "B");
  player_queue_hold_failure (queue, 2, player_failure_new (PLAYER_MEDIA_ERROR_UNKNOWN, NULL));
  guint64 version = player_queue_get_version (queue);
  g_autoptr (PlayerItem) item = player_item_new ("https://b/", "B", 0, "", NULL);

  player_queue_replace_item (queue, 77, item);
  g_assert_cmpuint (player_queue_get_version (queue), ==, version);
  g_assert_null (player_queue_peek_serial (queue, 77));
  player_queue_replace_item (queue, 2, item);
  g_assert_cmpuint (player_queue_get_version (queue), !=, version);
  g_assert_true (player_queue_peek_serial (queue, 2) == player_queue_peek_tail (queue));
  g_assert_true (player_queue_peek_tail (queue)->item == item);
  g_assert_null (player_queue_peek_tail (queue)->failure);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/player/queue/order", test_order);
  g_test_add_func ("/player/queue/version", test_version);
  g_test_add_func ("/player/queue/failure", test_failure);
  g_test_add_func ("/player/queue/replace-item", test_replace_item);
  return g_test_run ();
}

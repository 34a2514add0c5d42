/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/gst/player-gst-pipewire-marks.h"
#include "player/gst/player-gst-pipewire-queue.h"

#define MS G_GINT64_CONSTANT (1000000)

static void
queue_put (PlayerGstPipewireQueue *queue, guint32 from, guint frames)
{
  for (guint i = 0; i < frames; i++)
    {
      const guint32 frame = from + i;

      g_assert_cmpuint (player_gst_pipewire_queue_write (queue, (const guint8 *)&frame, 1), ==, 1);
    }
}

static void
queue_assert (PlayerGstPipewireQueue *queue, guint32 from, guint frames)
{
  for (guint i = 0; i < frames; i++)
    {
      guint32 frame = G_MAXUINT32;

      g_assert_cmpuint (player_gst_pipewire_queue_read (queue, (guint8 *)&frame, 1), ==, 1);
      g_assert_cmpuint (frame, ==, from + i);
    }
}

/* In order, whole, around its end, and never more than fits in. */
static void
test_order (void)
{
  PlayerGstPipewireQueue queue = { 0 };
  guint32 block[64];

  player_gst_pipewire_queue_init (&queue, sizeof (guint32), 33);
  g_assert_cmpuint (queue.capacity, ==, 64);
  for (guint32 i = 0; i < 10; i++)
    {
      queue_put (&queue, 100 * i, 50);
      g_assert_cmpuint (player_gst_pipewire_queue_write (&queue, NULL, 20), ==, 14);
      g_assert_cmpuint (player_gst_pipewire_queue_get_length (&queue), ==, 64);
      queue_assert (&queue, 100 * i, 50);
      g_assert_cmpuint (player_gst_pipewire_queue_read (&queue, (guint8 *)block, 64), ==, 14);
      for (guint n = 0; n < 14; n++)
        g_assert_cmpuint (block[n], ==, 0);
    }
  player_gst_pipewire_queue_clear (&queue);
}

/* What has not been read can be replaced; what has, cannot. */
static void
test_cut (void)
{
  PlayerGstPipewireQueue queue = { 0 };

  player_gst_pipewire_queue_init (&queue, sizeof (guint32), 64);
  queue_put (&queue, 0, 40);
  queue_assert (&queue, 0, 10);
  g_assert_cmpuint (player_gst_pipewire_queue_cut (&queue, 20), ==, 20);
  queue_put (&queue, 500, 5);
  queue_assert (&queue, 10, 10);
  queue_assert (&queue, 500, 2);
  g_assert_cmpuint (player_gst_pipewire_queue_cut (&queue, G_MAXUINT), ==, 3);
  g_assert_cmpuint (player_gst_pipewire_queue_get_length (&queue), ==, 0);
  player_gst_pipewire_queue_clear (&queue);
}

#define STORM_FRAMES 3000000
#define STORM_END G_MAXUINT32

/* Reads like PipeWire's thread: without waiting. Each frame is the count of those before it. */
static gpointer
storm_read (gpointer data)
{
  PlayerGstPipewireQueue *queue = data;
  guint32 block[48];
  guint32 next = 0;

  while (TRUE)
    {
      const guint some = player_gst_pipewire_queue_read (queue, (guint8 *)block, 48);

      for (guint i = 0; i < some; i++, next++)
        if (block[i] == STORM_END)
          return GUINT_TO_POINTER (next);
        else
          g_assert_cmpuint (block[i], ==, next);
      if (some == 0)
        g_thread_yield ();
    }
}

/* While it is read, what has been written is cut off and written again, over and over: each frame is
 * read once, in order. */
static void
test_storm (void)
{
  PlayerGstPipewireQueue queue = { 0 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  const guint32 last = STORM_END;
  guint32 next = 0;
  guint cut = 0;

  player_gst_pipewire_queue_init (&queue, sizeof (guint32), 256);
  GThread *reader = g_thread_new ("reader", storm_read, &queue);
  while (next < STORM_FRAMES)
    {
      guint32 block[100];

      for (guint i = 0; i < 100; i++)
        block[i] = next + i;
      const guint some = player_gst_pipewire_queue_write (&queue, (const guint8 *)block, 100);
      next += some;
      if (some == 0)
        g_thread_yield ();
      const guint back
          = player_gst_pipewire_queue_cut (&queue, (guint)g_rand_int_range (rand, 0, 90));
      next -= back;
      cut += back;
    }
  while (player_gst_pipewire_queue_write (&queue, (const guint8 *)&last, 1) == 0)
    g_thread_yield ();
  g_assert_cmpuint (GPOINTER_TO_UINT (g_thread_join (reader)), ==, next);
  g_test_message ("%u frames cut off and written again", cut);
  g_assert_cmpuint (cut, >, 1000);
  player_gst_pipewire_queue_clear (&queue);
}

static void
assert_heard (PlayerGstPipewireMarks *marks, gint64 ms, gint64 frame, gint64 elapsed_ms)
{
  gint64 found = -1;
  gint64 elapsed_ns = -1;

  g_assert_true (player_gst_pipewire_marks_find (marks, ms * MS, 1000, &found, &elapsed_ns));
  g_assert_cmpint (found, ==, frame);
  g_assert_cmpint (elapsed_ns, ==, elapsed_ms * MS);
}

/* What is heard goes on between the cycles, and stands still where nothing was given. */
static void
test_marks (void)
{
  g_autofree PlayerGstPipewireMarks *marks = g_new0 (PlayerGstPipewireMarks, 1);
  gint64 frame, elapsed_ns;

  g_assert_false (player_gst_pipewire_marks_find (marks, MS, 1000, &frame, &elapsed_ns));
  player_gst_pipewire_marks_add (marks, &(PlayerGstPipewireMark){ 100 * MS, 0, 20, 0 });
  g_assert_false (player_gst_pipewire_marks_find (marks, 99 * MS, 1000, &frame, &elapsed_ns));
  player_gst_pipewire_marks_add (marks, &(PlayerGstPipewireMark){ 120 * MS, 20, 12, 0 });
  player_gst_pipewire_marks_extend (marks, 3);
  player_gst_pipewire_marks_add (marks, &(PlayerGstPipewireMark){ 140 * MS, 35, 0, 0 });
  player_gst_pipewire_marks_add (marks, &(PlayerGstPipewireMark){ 160 * MS, 35, 20, 0 });
  assert_heard (marks, 107, 0, 7);
  assert_heard (marks, 120, 20, 0);
  assert_heard (marks, 134, 20, 14);
  assert_heard (marks, 139, 20, 15);
  assert_heard (marks, 150, 35, 0);
  assert_heard (marks, 165, 35, 5);
  assert_heard (marks, 900, 35, 20);
}

/* The oldest are forgotten; the latest stay. */
static void
test_many_marks (void)
{
  g_autofree PlayerGstPipewireMarks *marks = g_new0 (PlayerGstPipewireMarks, 1);
  gint64 frame, elapsed_ns;

  for (gint64 i = 0; i < 1000; i++)
    player_gst_pipewire_marks_add (marks, &(PlayerGstPipewireMark){ i * 10 * MS, i * 10, 10, 0 });
  assert_heard (marks, 9995, 9990, 5);
  assert_heard (marks, 8003, 8000, 3);
  g_assert_false (player_gst_pipewire_marks_find (marks, 100 * MS, 1000, &frame, &elapsed_ns));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pipewire/queue/order", test_order);
  g_test_add_func ("/pipewire/queue/cut", test_cut);
  g_test_add_func ("/pipewire/queue/storm", test_storm);
  g_test_add_func ("/pipewire/marks", test_marks);
  g_test_add_func ("/pipewire/marks/many", test_many_marks);
  return g_test_run ();
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/player-clock.h"
#include "tests/dummies/player-dummy-clock.h"

#define DEADLINE_MS 5000

static void
count (gpointer data)
{
  ++*(guint *)data;
}

static void
wait_until (PlayerClock *clock, const guint *value, guint wanted)
{
  gint64 deadline_ms = player_clock_now_ms (clock) + DEADLINE_MS;
  while (*value < wanted && player_clock_now_ms (clock) < deadline_ms)
    {
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (500);
    }
  g_assert_cmpuint (*value, ==, wanted);
}

static void
test_main_rings_once (void)
{
  g_autoptr (PlayerClock) clock = player_main_clock_new ();
  guint rung = 0, later = 0;
  gint64 before_ms = player_clock_now_ms (clock);

  guint id = player_clock_add_alarm (clock, 20, count, &rung);
  player_clock_add_alarm (clock, 60, count, &later);
  g_assert_cmpuint (id, !=, 0);
  wait_until (clock, &rung, 1);
  g_assert_cmpint (player_clock_now_ms (clock) - before_ms, >=, 20);
  wait_until (clock, &later, 1);
  g_assert_cmpuint (rung, ==, 1);
  player_clock_remove_alarm (clock, id); /* one that has rung */
  player_clock_remove_alarm (clock, 0);
}

static void
test_main_removed (void)
{
  g_autoptr (PlayerClock) clock = player_main_clock_new ();
  guint never = 0, other = 0;

  guint id = player_clock_add_alarm (clock, 1, count, &never);
  player_clock_remove_alarm (clock, id);
  player_clock_remove_alarm (clock, id);
  player_clock_add_alarm (clock, 30, count, &other);
  wait_until (clock, &other, 1);
  g_assert_cmpuint (never, ==, 0);
}

/* Alarms go with their clock. */
static void
test_main_gone (void)
{
  PlayerClock *clock = player_main_clock_new ();
  g_autoptr (PlayerClock) other_clock = player_main_clock_new ();
  guint never = 0, other = 0;

  player_clock_add_alarm (clock, 1, count, &never);
  g_object_unref (clock);
  player_clock_add_alarm (other_clock, 30, count, &other);
  wait_until (other_clock, &other, 1);
  g_assert_cmpuint (never, ==, 0);
}

typedef struct
{
  PlayerClock *clock;
  guint rung;
} Chain;

static void
ring_again (gpointer data)
{
  Chain *chain = data;
  if (++chain->rung < 3)
    player_clock_add_alarm (chain->clock, 0, ring_again, chain);
}

static void
test_main_chain (void)
{
  g_autoptr (PlayerClock) clock = player_main_clock_new ();
  Chain chain = { clock, 0 };
  player_clock_add_alarm (clock, -5, ring_again, &chain);
  wait_until (clock, &chain.rung, 3);
}

static void
test_dummy (void)
{
  g_autoptr (PlayerDummyClock) dummy = player_dummy_clock_new ();
  PlayerClock *clock = PLAYER_CLOCK (dummy);
  Chain chain = { clock, 0 };
  guint rung = 0, never = 0;

  player_clock_add_alarm (clock, 100, count, &rung);
  guint id = player_clock_add_alarm (clock, 50, count, &never);
  player_clock_add_alarm (clock, 150, ring_again, &chain);
  g_assert_cmpint (player_dummy_clock_get_next_ms (dummy), ==, 50);
  player_clock_remove_alarm (clock, id);
  player_dummy_clock_advance (dummy, 99);
  g_assert_cmpuint (rung, ==, 0);
  player_dummy_clock_advance (dummy, 1);
  g_assert_cmpuint (rung, ==, 1);
  g_assert_cmpint (player_clock_now_ms (clock), ==, 100);
  player_dummy_clock_advance (dummy, 1000);
  g_assert_cmpuint (chain.rung, ==, 3);
  g_assert_cmpuint (player_dummy_clock_get_n_alarms (dummy), ==, 0);
  g_assert_cmpint (player_dummy_clock_get_next_ms (dummy), ==, -1);
  g_assert_cmpuint (never, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/player/clock/main/rings-once", test_main_rings_once);
  g_test_add_func ("/player/clock/main/removed", test_main_removed);
  g_test_add_func ("/player/clock/main/gone", test_main_gone);
  g_test_add_func ("/player/clock/main/chain", test_main_chain);
  g_test_add_func ("/player/clock/dummy", test_dummy);
  return g_test_run ();
}

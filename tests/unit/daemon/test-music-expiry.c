/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* Until when a stream's URL may be used, whatever the clocks say. */
#include "daemon/daemon-music-expiry.h"
#include "tests/dummies/player-dummy-clock.h"

#define S ((gint64)G_USEC_PER_SEC)
/* 2026-05-10T12:00:00Z */
#define NOON (G_GINT64_CONSTANT (1778414400) * S)
#define HOUR (3600 * S)
#define MONOTONIC (1000 * S)

typedef struct
{
  const char *what;
  gint64 valid_until_us;
  gint64 wall_us;
  gint64 date_us;
  gint64 life_us; /* expected */
  gboolean stale; /* expected */
} Row;

static const Row rows[] = {
  { "an hour, no Date", NOON + HOUR, NOON, 0, HOUR - 5 * S, FALSE },
  { "an hour, the same Date", NOON + HOUR, NOON, NOON, HOUR - 5 * S, FALSE },
  { "our clock decides up to a minute", NOON + HOUR, NOON, NOON - 60 * S, HOUR - 5 * S, FALSE },
  { "we are 61 s ahead", NOON + HOUR, NOON + 61 * S, NOON, HOUR - 5 * S, FALSE },
  { "we are 61 s behind", NOON + HOUR, NOON - 61 * S, NOON, HOUR - 5 * S, FALSE },
  { "we are a day ahead", NOON + HOUR, NOON + 24 * HOUR, NOON, HOUR - 5 * S, FALSE },
  { "our clock is in 1970", NOON + HOUR, 17 * S, NOON, HOUR - 5 * S, FALSE },
  { "our clock is in 1970, no Date", NOON + HOUR, 17 * S, 0, 55 * S, FALSE },
  { "no validUntil", 0, NOON, NOON, 55 * S, FALSE },
  { "no validUntil, 1970", 0, 17 * S, 0, 55 * S, FALSE },
  { "past", NOON - HOUR, NOON, 0, 0, TRUE },
  { "past by the Date alone", NOON - S, NOON - HOUR, NOON, 0, TRUE },
  { "past for our clock, not by the Date", NOON + HOUR, NOON + 2 * HOUR, NOON, HOUR - 5 * S,
    FALSE },
  { "this very moment", NOON, NOON, 0, 0, TRUE },
  { "a short life", NOON + 4 * S, NOON, 0, 3 * S, FALSE },
  { "20 s", NOON + 20 * S, NOON, 0, 15 * S, FALSE },
  { "for ever", G_MAXINT64, NOON, 0, G_GINT64_CONSTANT (3660) * 24 * 3600 * S - 5 * S, FALSE },
  { "before all times", G_MININT64, NOON, 0, 0, TRUE },
};

static void
test_deadline (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      AlexaMusicStream stream = { .valid_until_us = rows[i].valid_until_us };
      DaemonMusicMoment received = { MONOTONIC, rows[i].wall_us, rows[i].date_us };
      gboolean stale = !rows[i].stale;
      g_test_message ("%s", rows[i].what);
      g_assert_cmpint (daemon_music_expiry_get_deadline (&stream, &received, &stale), ==,
                       MONOTONIC + rows[i].life_us);
      g_assert_cmpint (stale, ==, rows[i].stale);
      g_assert_cmpint (daemon_music_expiry_get_deadline (&stream, &received, NULL), ==,
                       MONOTONIC + rows[i].life_us);
    }
}

/* 0 would mean that there is none. */
static void
test_never_zero (void)
{
  AlexaMusicStream stream = { .valid_until_us = NOON - HOUR };
  DaemonMusicMoment start = { 0, NOON, 0 };
  g_assert_cmpint (daemon_music_expiry_get_deadline (&stream, &start, NULL), ==, 1);
  g_assert_cmpint (daemon_music_expiry_from_wall (0, &start), ==, 1);
}

static void
test_restart (void)
{
  DaemonMusicMoment before = { MONOTONIC, NOON, 0 };
  gint64 wall = daemon_music_expiry_to_wall (MONOTONIC + HOUR, &before);
  g_assert_cmpint (wall, ==, NOON + HOUR);

  DaemonMusicMoment after = { 5 * S, NOON + 60 * S, 0 };
  g_assert_cmpint (daemon_music_expiry_from_wall (wall, &after), ==, 5 * S + HOUR - 60 * S);
  DaemonMusicMoment late = { 5 * S, NOON + 2 * HOUR, 0 };
  g_assert_cmpint (daemon_music_expiry_from_wall (wall, &late), ==, 5 * S);
  DaemonMusicMoment lost = { 5 * S, 17 * S, 0 };
  g_assert_cmpint (daemon_music_expiry_from_wall (wall, &lost), ==, 5 * S);
  g_assert_cmpint (daemon_music_expiry_to_wall (5 * S + HOUR, &lost), ==, 0);
  g_assert_cmpint (daemon_music_expiry_from_wall (0, &after), ==, 5 * S);
}

static void
test_now (void)
{
  g_autoptr (PlayerDummyClock) clock = player_dummy_clock_new ();
  player_dummy_clock_advance (clock, 1500);
  gint64 before = g_get_real_time ();
  DaemonMusicMoment now = daemon_music_moment_now (PLAYER_CLOCK (clock), NOON);
  g_assert_cmpint (now.monotonic_us, ==, player_clock_now_ms (PLAYER_CLOCK (clock)) * 1000);
  g_assert_cmpint (now.wall_us, >=, before);
  g_assert_cmpint (now.date_us, ==, NOON);

  /* the same clock as that of whoever opens connections */
  g_autoptr (PlayerClock) main_clock = player_main_clock_new ();
  gint64 us = g_get_monotonic_time ();
  now = daemon_music_moment_now (main_clock, 0);
  g_assert_cmpint (now.monotonic_us, >=, us - 1000);
  g_assert_cmpint (now.monotonic_us, <=, g_get_monotonic_time ());
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/music-expiry/deadline", test_deadline);
  g_test_add_func ("/music-expiry/never-zero", test_never_zero);
  g_test_add_func ("/music-expiry/restart", test_restart);
  g_test_add_func ("/music-expiry/now", test_now);
  return g_test_run ();
}

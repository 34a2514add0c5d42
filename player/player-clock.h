/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * SECTION:player-clock
 *
 * The port to time. The decisions never look at a clock themselves; tests turn this one by hand.
 */
#define PLAYER_TYPE_CLOCK (player_clock_get_type ())
G_DECLARE_INTERFACE (PlayerClock, player_clock, PLAYER, CLOCK, GObject)

typedef void (*PlayerClockFunc) (gpointer user_data);

struct _PlayerClockInterface
{
  GTypeInterface parent;

  gint64 (*now_ms) (PlayerClock *self);
  guint (*add_alarm) (PlayerClock *self, gint64 delay_ms, PlayerClockFunc func, gpointer user_data);
  void (*remove_alarm) (PlayerClock *self, guint id);
};

/* Monotonic milliseconds, counted from anywhere. */
gint64 player_clock_now_ms (PlayerClock *self);
/* Calls @func once, @delay_ms from now, unless removed before. Returns an id, never 0. */
guint player_clock_add_alarm (PlayerClock *self,
                              gint64 delay_ms,
                              PlayerClockFunc func,
                              gpointer user_data);
/* Safe for 0 and for an alarm that has rung. */
void player_clock_remove_alarm (PlayerClock *self, guint id);

/* The real one: the monotonic clock and the default main context. */
#define PLAYER_TYPE_MAIN_CLOCK (player_main_clock_get_type ())
G_DECLARE_FINAL_TYPE (PlayerMainClock, player_main_clock, PLAYER, MAIN_CLOCK, GObject)
PlayerClock *player_main_clock_new (void);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-watchdog.h"

#include "daemon-journal.h"

/* How often it is looked in each interval, and after how many looks in a row that found no sound the output
 * is opened anew, and the service manager hears no more. Looks are counted, not time: whoever has
 * been suspended finds one look, however late. */
#define LOOKS 4
#define LOOKS_TO_REPAIR 2

struct _DaemonWatchdog
{
  DaemonNotify *notify;         /* (unowned) */
  PlayerClock *clock;           /* (owned) */
  PlayerController *controller; /* (owned) */
  PlayerEngine *engine;         /* (owned) */
  guint interval_ms;
  guint alarm;
  gboolean due;      /* sound was, when it was looked last */
  gint64 sounded_us; /* had left then */
  guint silent;      /* looks in a row */
};

/* Whether something is to be heard, and an output plays. */
static gboolean
is_due (DaemonWatchdog *self)
{
  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (self->controller);
  return now->activity == PLAYER_ACTIVITY_PLAYING && now->output == PLAYER_OUTPUT_PLAYING;
}

/* Whether sound was to be heard since the last look, and none was. What hangs may have taken a little, each
 * time that it was opened anew. */
static gboolean
is_silent (DaemonWatchdog *self)
{
  gint64 sounded_us;
  const gboolean hung = !player_engine_get_flow (self->engine, &sounded_us);
  const gboolean due = is_due (self);
  const gboolean was_due = self->due;
  const gint64 flowed_us = sounded_us - self->sounded_us;
  self->due = due;
  self->sounded_us = sounded_us;
  if (hung)
    return flowed_us < (gint64)self->interval_ms * 1000 / LOOKS / 2;
  return due && was_due && flowed_us == 0;
}

static void
repair (DaemonWatchdog *self)
{
  if (self->due)
    player_engine_renew_output (self->engine, "no sample leaves for the audio output");
}

static void
complain (DaemonWatchdog *self)
{
  daemon_journal_log (DAEMON_JOURNAL_HANG, NULL,
                      "no sample has left for %u s, though something is to be heard: the audio "
                      "output hangs, and opening it anew did not help; unless that changes, "
                      "the service manager will start this service anew",
                      MAX (self->interval_ms / 1000, 1));
}

static void on_alarm (gpointer user_data);

static void
set_alarm (DaemonWatchdog *self)
{
  self->alarm
      = player_clock_add_alarm (self->clock, MAX (self->interval_ms / LOOKS, 1), on_alarm, self);
}

static void
look (DaemonWatchdog *self)
{
  self->silent = is_silent (self) ? self->silent + 1 : 0;
  if (self->silent == LOOKS_TO_REPAIR)
    repair (self);
  if (self->silent == LOOKS)
    complain (self);
  if (self->silent < LOOKS)
    daemon_notify_send (self->notify, "WATCHDOG=1");
}

static void
on_alarm (gpointer user_data)
{
  DaemonWatchdog *self = user_data;
  set_alarm (self);
  look (self);
}

DaemonWatchdog *
daemon_watchdog_new (DaemonNotify *notify,
                     PlayerClock *clock,
                     PlayerController *controller,
                     PlayerEngine *engine,
                     guint interval_ms)
{
  g_return_val_if_fail (notify != NULL && interval_ms > 0, NULL);
  DaemonWatchdog *self = g_new0 (DaemonWatchdog, 1);
  self->notify = notify;
  self->clock = g_object_ref (clock);
  self->controller = g_object_ref (controller);
  self->engine = g_object_ref (engine);
  self->interval_ms = interval_ms;
  set_alarm (self);
  return self;
}

void
daemon_watchdog_free (DaemonWatchdog *self)
{
  if (self == NULL)
    return;
  player_clock_remove_alarm (self->clock, self->alarm);
  g_clear_object (&self->engine);
  g_clear_object (&self->controller);
  g_clear_object (&self->clock);
  g_free (self);
}

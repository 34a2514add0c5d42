/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "tests/dummies/player-dummy-clock.h"

typedef struct
{
  guint id;
  gint64 at_ms;
  PlayerClockFunc func;
  gpointer user_data;
} Alarm;

struct _PlayerDummyClock
{
  GObject parent_instance;
  gint64 now_ms;
  guint last_id;
  GPtrArray *alarms; /* (owned) (element-type Alarm) */
};

static void player_dummy_clock_iface_init (PlayerClockInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PlayerDummyClock,
                               player_dummy_clock,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PLAYER_TYPE_CLOCK,
                                                      player_dummy_clock_iface_init))

static gint64
player_dummy_clock_now_ms (PlayerClock *clock)
{
  return PLAYER_DUMMY_CLOCK (clock)->now_ms;
}

static guint
player_dummy_clock_add_alarm (PlayerClock *clock,
                              gint64 delay_ms,
                              PlayerClockFunc func,
                              gpointer user_data)
{
  PlayerDummyClock *self = PLAYER_DUMMY_CLOCK (clock);
  Alarm *alarm = g_new0 (Alarm, 1);
  alarm->id = ++self->last_id;
  alarm->at_ms = self->now_ms + delay_ms;
  alarm->func = func;
  alarm->user_data = user_data;
  g_ptr_array_add (self->alarms, alarm);
  return alarm->id;
}

static void
player_dummy_clock_remove_alarm (PlayerClock *clock, guint id)
{
  PlayerDummyClock *self = PLAYER_DUMMY_CLOCK (clock);

  for (guint i = 0; i < self->alarms->len; i++)
    {
      const Alarm *alarm = g_ptr_array_index (self->alarms, i);
      if (alarm->id == id)
        {
          g_ptr_array_remove_index (self->alarms, i);
          return;
        }
    }
}

/* The one that rings first; among equals the one set first. */
static const Alarm *
find_next (PlayerDummyClock *self)
{
  const Alarm *next = NULL;

  for (guint i = 0; i < self->alarms->len; i++)
    {
      const Alarm *alarm = g_ptr_array_index (self->alarms, i);
      if (next == NULL || alarm->at_ms < next->at_ms)
        next = alarm;
    }
  return next;
}

void
player_dummy_clock_advance (PlayerDummyClock *self, gint64 ms)
{
  gint64 until_ms = self->now_ms + ms;

  for (;;)
    {
      const Alarm *next = find_next (self);
      if (next == NULL || next->at_ms > until_ms)
        break;
      Alarm alarm = *next;
      self->now_ms = alarm.at_ms;
      player_dummy_clock_remove_alarm (PLAYER_CLOCK (self), alarm.id);
      alarm.func (alarm.user_data);
    }
  self->now_ms = until_ms;
}

guint
player_dummy_clock_get_n_alarms (PlayerDummyClock *self)
{
  return self->alarms->len;
}

gint64
player_dummy_clock_get_next_ms (PlayerDummyClock *self)
{
  const Alarm *next = find_next (self);
  return next != NULL ? next->at_ms - self->now_ms : -1;
}

static void
player_dummy_clock_finalize (GObject *object)
{
  g_ptr_array_unref (PLAYER_DUMMY_CLOCK (object)->alarms);
  G_OBJECT_CLASS (player_dummy_clock_parent_class)->finalize (object);
}

static void
player_dummy_clock_class_init (PlayerDummyClockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = player_dummy_clock_finalize;
}

static void
player_dummy_clock_init (PlayerDummyClock *self)
{
  self->alarms = g_ptr_array_new_with_free_func (g_free);
}

static void
player_dummy_clock_iface_init (PlayerClockInterface *iface)
{
  iface->now_ms = player_dummy_clock_now_ms;
  iface->add_alarm = player_dummy_clock_add_alarm;
  iface->remove_alarm = player_dummy_clock_remove_alarm;
}

PlayerDummyClock *
player_dummy_clock_new (void)
{
  return g_object_new (PLAYER_TYPE_DUMMY_CLOCK, NULL);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/player-clock.h"

G_DEFINE_INTERFACE (PlayerClock, player_clock, G_TYPE_OBJECT)

static void
player_clock_default_init (PlayerClockInterface *iface)
{
}

gint64
player_clock_now_ms (PlayerClock *self)
{
  g_return_val_if_fail (PLAYER_IS_CLOCK (self), 0);
  return PLAYER_CLOCK_GET_IFACE (self)->now_ms (self);
}

guint
player_clock_add_alarm (PlayerClock *self,
                        gint64 delay_ms,
                        PlayerClockFunc func,
                        gpointer user_data)
{
  g_return_val_if_fail (PLAYER_IS_CLOCK (self), 0);
  g_return_val_if_fail (func != NULL, 0);
  return PLAYER_CLOCK_GET_IFACE (self)->add_alarm (self, MAX (delay_ms, 0), func, user_data);
}

void
player_clock_remove_alarm (PlayerClock *self, guint id)
{
  g_return_if_fail (PLAYER_IS_CLOCK (self));
  if (id != 0)
    PLAYER_CLOCK_GET_IFACE (self)->remove_alarm (self, id);
}

struct _PlayerMainClock
{
  GObject parent_instance;
  GHashTable *alarms; /* (owned) (element-type guint GSource): those that have not rung */
};

typedef struct
{
  PlayerMainClock *clock; /* (unowned): it destroys its alarms before it goes */
  PlayerClockFunc func;
  gpointer user_data;
  guint id;
} Alarm;

static void player_main_clock_iface_init (PlayerClockInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PlayerMainClock,
                               player_main_clock,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PLAYER_TYPE_CLOCK,
                                                      player_main_clock_iface_init))

static void
destroy_source (gpointer data)
{
  g_source_destroy (data);
  g_source_unref (data);
}

static gboolean
alarm_rang (gpointer data)
{
  Alarm *alarm = data;
  PlayerClockFunc func = alarm->func;
  gpointer user_data = alarm->user_data;

  g_hash_table_remove (alarm->clock->alarms, GUINT_TO_POINTER (alarm->id)); /* frees alarm */
  func (user_data);
  return G_SOURCE_REMOVE;
}

static gint64
player_main_clock_now_ms (PlayerClock *clock)
{
  return g_get_monotonic_time () / 1000;
}

static guint
player_main_clock_add_alarm (PlayerClock *clock,
                             gint64 delay_ms,
                             PlayerClockFunc func,
                             gpointer user_data)
{
  PlayerMainClock *self = PLAYER_MAIN_CLOCK (clock);
  GSource *source = g_timeout_source_new ((guint)MIN (delay_ms, G_MAXINT));
  Alarm *alarm = g_new0 (Alarm, 1);
  alarm->clock = self;
  alarm->func = func;
  alarm->user_data = user_data;
  g_source_set_callback (source, alarm_rang, alarm, g_free);
  alarm->id = g_source_attach (source, NULL);
  g_hash_table_insert (self->alarms, GUINT_TO_POINTER (alarm->id), source);
  return alarm->id;
}

static void
player_main_clock_remove_alarm (PlayerClock *clock, guint id)
{
  g_hash_table_remove (PLAYER_MAIN_CLOCK (clock)->alarms, GUINT_TO_POINTER (id));
}

static void
player_main_clock_finalize (GObject *object)
{
  PlayerMainClock *self = PLAYER_MAIN_CLOCK (object);

  g_hash_table_unref (self->alarms);
  G_OBJECT_CLASS (player_main_clock_parent_class)->finalize (object);
}

static void
player_main_clock_class_init (PlayerMainClockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = player_main_clock_finalize;
}

static void
player_main_clock_init (PlayerMainClock *self)
{
  self->alarms = g_hash_table_new_full (NULL, NULL, NULL, destroy_source);
}

static void
player_main_clock_iface_init (PlayerClockInterface *iface)
{
  iface->now_ms = player_main_clock_now_ms;
  iface->add_alarm = player_main_clock_add_alarm;
  iface->remove_alarm = player_main_clock_remove_alarm;
}

PlayerClock *
player_main_clock_new (void)
{
  return g_object_new (PLAYER_TYPE_MAIN_CLOCK, NULL);
}

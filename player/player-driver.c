/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/player-driver.h"

#define DEFAULT_DUCK 0.125

struct _PlayerDriver
{
  PlayerEngine *engine; /* (owned) */
  PlayerClock *clock;   /* (owned) */
  PlayerDriverFunc ring;
  gpointer user_data;
  guint alarms[PLAYER_N_ALARMS]; /* ids, 0 = not set */
  double duck;                   /* while ducked */
  gboolean ducked;
};

PlayerDriver *
player_driver_new (PlayerEngine *engine,
                   PlayerClock *clock,
                   PlayerDriverFunc ring,
                   gpointer user_data)
{
  PlayerDriver *self = g_new0 (PlayerDriver, 1);
  self->engine = g_object_ref (engine);
  self->clock = g_object_ref (clock);
  self->ring = ring;
  self->user_data = user_data;
  self->duck = DEFAULT_DUCK;
  return self;
}

static void
disarm (PlayerDriver *self, PlayerAlarm alarm)
{
  player_clock_remove_alarm (self->clock, self->alarms[alarm]);
  self->alarms[alarm] = 0;
}

void
player_driver_free (PlayerDriver *self)
{
  for (guint i = 0; i < PLAYER_N_ALARMS; i++)
    disarm (self, i);
  g_clear_object (&self->engine);
  g_clear_object (&self->clock);
  g_free (self);
}

static void
ring (PlayerDriver *self, PlayerAlarm alarm)
{
  self->alarms[alarm] = 0;
  self->ring (alarm, self->user_data);
}

static void
on_grace (gpointer user_data)
{
  ring (user_data, PLAYER_ALARM_GRACE);
}

static void
on_nearly (gpointer user_data)
{
  ring (user_data, PLAYER_ALARM_NEARLY);
}

static void
arm (PlayerDriver *self, PlayerAlarm alarm, gint64 delay_ms)
{
  static const PlayerClockFunc funcs[PLAYER_N_ALARMS] = {
    [PLAYER_ALARM_GRACE] = on_grace,
    [PLAYER_ALARM_NEARLY] = on_nearly,
  };

  disarm (self, alarm);
  self->alarms[alarm] = player_clock_add_alarm (self->clock, delay_ms, funcs[alarm], self);
}

static void
duck (PlayerDriver *self, gboolean ducked)
{
  self->ducked = ducked;
  player_engine_set_duck (self->engine, ducked ? self->duck : 1.0);
}

void
player_driver_carry_out (PlayerDriver *self, const PlayerEffect *effect)
{
  switch (effect->type)
    {
    case PLAYER_EFFECT_LOAD:
      player_engine_load (self->engine, effect->generation, effect->item, effect->offset_ms,
                          effect->mode);
      break;
    case PLAYER_EFFECT_UNLOAD:
      player_engine_unload (self->engine, effect->generation);
      break;
    case PLAYER_EFFECT_PAUSE:
      player_engine_pause (self->engine);
      break;
    case PLAYER_EFFECT_RESUME:
      player_engine_resume (self->engine);
      break;
    case PLAYER_EFFECT_STOP:
      player_engine_stop (self->engine);
      break;
    case PLAYER_EFFECT_SILENCE:
      player_engine_silence (self->engine);
      break;
    case PLAYER_EFFECT_SEEK:
      player_engine_seek (self->engine, effect->generation, effect->offset_ms);
      break;
    case PLAYER_EFFECT_RENEW:
      player_engine_renew (self->engine, effect->generation, effect->item);
      break;
    case PLAYER_EFFECT_DUCK:
    case PLAYER_EFFECT_UNDUCK:
      duck (self, effect->type == PLAYER_EFFECT_DUCK);
      break;
    case PLAYER_EFFECT_ARM:
      arm (self, effect->alarm, effect->delay_ms);
      break;
    case PLAYER_EFFECT_DISARM:
      disarm (self, effect->alarm);
      break;
    }
}

void
player_driver_set_duck (PlayerDriver *self, double amplitude)
{
  if (self->duck == amplitude)
    return;
  self->duck = amplitude;
  if (self->ducked)
    duck (self, TRUE);
}

void
player_driver_set_volume (PlayerDriver *self, double volume, gboolean muted)
{
  player_engine_set_volume (self->engine, volume, muted);
}

gint64
player_driver_get_position (PlayerDriver *self, guint64 generation)
{
  return player_engine_get_position_us (self->engine, generation);
}

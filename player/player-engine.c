/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/player-engine.h"

G_DEFINE_INTERFACE (PlayerEngine, player_engine, G_TYPE_OBJECT)

static void
player_engine_default_init (PlayerEngineInterface *iface)
{
  /**
   * PlayerEngine::event:
   * @event: (type PlayerEngineEvent): what happened; valid during the emission only
   *
   * Emitted in the main context the engine was created in.
   */
  g_signal_new ("event", PLAYER_TYPE_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_POINTER);
  /**
   * PlayerEngine::output-changed:
   *
   * What player_engine_get_output() says is something else.
   */
  g_signal_new ("output-changed", PLAYER_TYPE_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
}

const char *
player_engine_event_type_to_string (PlayerEngineEventType type)
{
  static const char *const names[] = {
    [PLAYER_ENGINE_READY] = "ready",       [PLAYER_ENGINE_STARTED] = "started",
    [PLAYER_ENGINE_BUFFERED] = "buffered", [PLAYER_ENGINE_FINISHED] = "finished",
    [PLAYER_ENGINE_SILENCED] = "silenced", [PLAYER_ENGINE_RESUMED] = "resumed",
    [PLAYER_ENGINE_UNDERRUN] = "underrun", [PLAYER_ENGINE_REFILLED] = "refilled",
    [PLAYER_ENGINE_SEEKED] = "seeked",     [PLAYER_ENGINE_FAILED] = "failed",
    [PLAYER_ENGINE_DURATION] = "duration", [PLAYER_ENGINE_TAGS] = "tags",
    [PLAYER_ENGINE_REFUSED] = "refused",
  };
  g_return_val_if_fail ((guint)type < G_N_ELEMENTS (names), "?");
  return names[type];
}

void
player_engine_load (
    PlayerEngine *self, guint64 generation, PlayerItem *item, gint64 offset_ms, PlayerLoadMode mode)
{
  g_return_if_fail (PLAYER_IS_ENGINE (self));
  g_return_if_fail (generation != 0);
  g_return_if_fail (item != NULL);
  g_return_if_fail (offset_ms >= 0);
  PLAYER_ENGINE_GET_IFACE (self)->load (self, generation, item, offset_ms, mode);
}

void
player_engine_unload (PlayerEngine *self, guint64 generation)
{
  g_return_if_fail (PLAYER_IS_ENGINE (self));
  PLAYER_ENGINE_GET_IFACE (self)->unload (self, generation);
}

void
player_engine_pause (PlayerEngine *self)
{
  g_return_if_fail (PLAYER_IS_ENGINE (self));
  PLAYER_ENGINE_GET_IFACE (self)->pause (self);
}

void
player_engine_resume (PlayerEngine *self)
{
  g_return_if_fail (PLAYER_IS_ENGINE (self));
  PLAYER_ENGINE_GET_IFACE (self)->resume (self);
}

void
player_engine_stop (PlayerEngine *self)
{
  g_return_if_fail (PLAYER_IS_ENGINE (self));
  PLAYER_ENGINE_GET_IFACE (self)->stop (self);
}

void
player_engine_silence (PlayerEngine *self)
{
  g_return_if_fail (PLAYER_IS_ENGINE (self));
  PLAYER_ENGINE_GET_IFACE (self)->silence (self);
}

void
player_engine_seek (PlayerEngine *self, guint64 generation, gint64 offset_ms)
{
  g_return_if_fail (PLAYER_IS_ENGINE (self));
  g_return_if_fail (offset_ms >= 0);
  PLAYER_ENGINE_GET_IFACE (self)->seek (self, generation, offset_ms);
}

void
player_engine_set_volume (PlayerEngine *self, double volume, gboolean muted)
{
  g_return_if_fail (PLAYER_IS_ENGINE (self));
  PLAYER_ENGINE_GET_IFACE (self)->set_volume (self, volume, muted);
}

void
player_engine_set_duck (PlayerEngine *self, double amplitude)
{
  g_return_if_fail (PLAYER_IS_ENGINE (self) && amplitude > 0.0 && amplitude <= 1.0);
  PLAYER_ENGINE_GET_IFACE (self)->set_duck (self, amplitude);
}

void
player_engine_renew (PlayerEngine *self, guint64 generation, PlayerItem *item)
{
  g_return_if_fail (PLAYER_IS_ENGINE (self) && item != NULL);
  PLAYER_ENGINE_GET_IFACE (self)->renew (self, generation, item);
}

gint64
player_engine_get_position_us (PlayerEngine *self, guint64 generation)
{
  g_return_val_if_fail (PLAYER_IS_ENGINE (self), -1);
  return PLAYER_ENGINE_GET_IFACE (self)->get_position_us (self, generation);
}

void
player_engine_emit (PlayerEngine *self, const PlayerEngineEvent *event)
{
  g_return_if_fail (PLAYER_IS_ENGINE (self));
  g_return_if_fail (event != NULL);
  g_signal_emit_by_name (self, "event", event);
}

PlayerOutputState
player_engine_get_output (PlayerEngine *self, const char **message)
{
  *message = NULL;
  g_return_val_if_fail (PLAYER_IS_ENGINE (self), PLAYER_OUTPUT_CLOSED);
  if (PLAYER_ENGINE_GET_IFACE (self)->get_output == NULL)
    return PLAYER_OUTPUT_CLOSED;
  return PLAYER_ENGINE_GET_IFACE (self)->get_output (self, message);
}

gboolean
player_engine_get_flow (PlayerEngine *self, gint64 *sounded_us)
{
  *sounded_us = 0;
  g_return_val_if_fail (PLAYER_IS_ENGINE (self), TRUE);
  if (PLAYER_ENGINE_GET_IFACE (self)->get_flow == NULL)
    return TRUE;
  return PLAYER_ENGINE_GET_IFACE (self)->get_flow (self, sounded_us);
}

void
player_engine_renew_output (PlayerEngine *self, const char *why)
{
  g_return_if_fail (PLAYER_IS_ENGINE (self));
  g_return_if_fail (why != NULL);
  if (PLAYER_ENGINE_GET_IFACE (self)->renew_output != NULL)
    PLAYER_ENGINE_GET_IFACE (self)->renew_output (self, why);
}

void
player_engine_emit_output_changed (PlayerEngine *self)
{
  g_return_if_fail (PLAYER_IS_ENGINE (self));
  g_signal_emit_by_name (self, "output-changed");
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "tests/dummies/player-dummy-engine.h"

/* One load. */
typedef struct
{
  guint64 generation; /* 0 = none */
  gint64 offset_us;
  gboolean started;
} Load;

struct _PlayerDummyEngine
{
  GObject parent_instance;
  Load current;      /* sounds, is paused, or will sound */
  Load waiting;      /* will replace what sounds */
  Load next;         /* will follow what sounds */
  gboolean paused;   /* pause() was called */
  gboolean silenced; /* the current load fell silent by it */
  GPtrArray *calls;  /* (owned) (element-type utf8) */
  PlayerOutputState output;
  char *output_message; /* (owned) (nullable) */
  gint64 sounded_us;
  gboolean hung;
};

static guint call_signal;

static void player_dummy_engine_iface_init (PlayerEngineInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PlayerDummyEngine,
                               player_dummy_engine,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PLAYER_TYPE_ENGINE,
                                                      player_dummy_engine_iface_init))

G_GNUC_PRINTF (2, 3)
static void
note_call (PlayerEngine *engine, const char *format, ...)
{
  PlayerDummyEngine *self = PLAYER_DUMMY_ENGINE (engine);
  va_list args;
  va_start (args, format);
  char *line = g_strdup_vprintf (format, args);
  va_end (args);

  g_ptr_array_add (self->calls, line);
  g_signal_emit (self, call_signal, 0, line);
}

static gboolean
sounds (PlayerDummyEngine *self)
{
  return self->current.generation != 0 && self->current.started && !self->silenced;
}

static void
emit_silenced (PlayerDummyEngine *self, PlayerSilencedReason reason)
{
  PlayerEngineEvent event = {
    .type = PLAYER_ENGINE_SILENCED,
    .generation = self->current.generation,
    .offset_ms = player_us_to_ms (self->current.offset_us),
    .offset_us = self->current.offset_us,
    .reason = reason,
  };

  if (reason != PLAYER_SILENCED_PAUSED)
    self->current = (Load){ 0 };
  player_engine_emit (PLAYER_ENGINE (self), &event);
}

/* What waits takes the place of the current load. */
static void
take_over (PlayerDummyEngine *self)
{
  if (self->waiting.generation == 0)
    self->waiting = self->next;
  self->current = self->waiting;
  self->waiting = (Load){ 0 };
  self->next = (Load){ 0 };
  self->silenced = FALSE;
}

/* (transfer full): " until N", or nothing */
static char *
describe_expiry (const PlayerItem *item)
{
  return item->valid_until_us > 0
             ? g_strdup_printf (" until %" G_GINT64_FORMAT, item->valid_until_us)
             : g_strdup ("");
}

static void
player_dummy_engine_load (PlayerEngine *engine,
                          guint64 generation,
                          PlayerItem *item,
                          gint64 offset_ms,
                          PlayerLoadMode mode)
{
  PlayerDummyEngine *self = PLAYER_DUMMY_ENGINE (engine);
  Load load = { .generation = generation, .offset_us = offset_ms * 1000 };

  g_autofree char *expiry = describe_expiry (item);
  note_call (engine, "load %" G_GUINT64_FORMAT " %s %" G_GINT64_FORMAT " %s%s", generation,
             item->url, offset_ms, mode == PLAYER_LOAD_CURRENT ? "current" : "next", expiry);
  if (mode == PLAYER_LOAD_NEXT)
    {
      self->next = load;
      return;
    }
  self->next = (Load){ 0 };
  self->waiting = load;
  if (!sounds (self))
    take_over (self);
}

static void
player_dummy_engine_unload (PlayerEngine *engine, guint64 generation)
{
  PlayerDummyEngine *self = PLAYER_DUMMY_ENGINE (engine);

  note_call (engine, "unload %" G_GUINT64_FORMAT, generation);
  if (self->next.generation == generation)
    self->next = (Load){ 0 };
  if (self->waiting.generation == generation)
    self->waiting = (Load){ 0 };
  if (self->current.generation == generation && !self->current.started)
    self->current = (Load){ 0 };
}

static void
player_dummy_engine_pause (PlayerEngine *engine)
{
  PlayerDummyEngine *self = PLAYER_DUMMY_ENGINE (engine);

  note_call (engine, "pause");
  self->paused = TRUE;
  if (sounds (self))
    {
      self->silenced = TRUE;
      emit_silenced (self, PLAYER_SILENCED_PAUSED);
    }
}

static void
player_dummy_engine_resume (PlayerEngine *engine)
{
  note_call (engine, "resume");
  PLAYER_DUMMY_ENGINE (engine)->paused = FALSE;
}

static void
player_dummy_engine_stop (PlayerEngine *engine)
{
  PlayerDummyEngine *self = PLAYER_DUMMY_ENGINE (engine);
  gboolean sounded = sounds (self);

  note_call (engine, "stop");
  self->waiting = (Load){ 0 };
  self->next = (Load){ 0 };
  self->paused = FALSE;
  self->silenced = FALSE;
  if (sounded)
    emit_silenced (self, PLAYER_SILENCED_STOPPED);
  else
    self->current = (Load){ 0 };
}

static void
player_dummy_engine_silence (PlayerEngine *engine)
{
  PlayerDummyEngine *self = PLAYER_DUMMY_ENGINE (engine);

  note_call (engine, "silence");
  if (!sounds (self))
    return;
  emit_silenced (self, PLAYER_SILENCED_STOPPED);
  take_over (self);
}

static void
player_dummy_engine_seek (PlayerEngine *engine, guint64 generation, gint64 offset_ms)
{
  note_call (engine, "seek %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT, generation, offset_ms);
}

static void
player_dummy_engine_set_volume (PlayerEngine *engine, double volume, gboolean muted)
{
  note_call (engine, "volume %.2f%s", volume, muted ? " muted" : "");
}

static void
player_dummy_engine_set_duck (PlayerEngine *engine, double amplitude)
{
  note_call (engine, "duck %.2f", amplitude);
}

static void
player_dummy_engine_renew (PlayerEngine *engine, guint64 generation, PlayerItem *item)
{
  g_autofree char *expiry = describe_expiry (item);
  note_call (engine, "renew %" G_GUINT64_FORMAT " %s%s", generation, item->url, expiry);
}

static gint64
player_dummy_engine_get_position_us (PlayerEngine *engine, guint64 generation)
{
  PlayerDummyEngine *self = PLAYER_DUMMY_ENGINE (engine);

  return generation == self->current.generation ? self->current.offset_us : -1;
}

GStrv
player_dummy_engine_take_calls (PlayerDummyEngine *self)
{
  g_ptr_array_add (self->calls, NULL);
  GStrv calls = (GStrv)g_ptr_array_free (self->calls, FALSE);
  self->calls = g_ptr_array_new ();
  return calls;
}

guint64
player_dummy_engine_get_current (PlayerDummyEngine *self)
{
  return self->current.generation;
}

guint64
player_dummy_engine_get_waiting (PlayerDummyEngine *self)
{
  return self->waiting.generation;
}

guint64
player_dummy_engine_get_next (PlayerDummyEngine *self)
{
  return self->next.generation;
}

guint64
player_dummy_engine_get_sounding (PlayerDummyEngine *self)
{
  return sounds (self) ? self->current.generation : 0;
}

void
player_dummy_engine_set_position (PlayerDummyEngine *self, gint64 position_ms)
{
  self->current.offset_us = position_ms * 1000;
}

void
player_dummy_engine_set_position_us (PlayerDummyEngine *self, gint64 position_us)
{
  self->current.offset_us = position_us;
}

static gboolean
start (PlayerDummyEngine *self, const PlayerEngineEvent *event)
{
  gboolean waits = event->generation == self->waiting.generation;

  if (self->paused || (!waits && event->generation != self->current.generation))
    return FALSE;
  if (!waits && self->current.started)
    return FALSE;
  if (waits)
    {
      Load waiting = self->waiting;
      self->waiting = (Load){ 0 };
      if (sounds (self))
        emit_silenced (self, PLAYER_SILENCED_REPLACED);
      self->current = waiting;
    }
  self->current.started = TRUE;
  self->current.offset_us = event->offset_us != 0 ? event->offset_us : event->offset_ms * 1000;
  self->silenced = FALSE;
  player_engine_emit (PLAYER_ENGINE (self), event);
  return TRUE;
}

static gboolean
finish (PlayerDummyEngine *self, const PlayerEngineEvent *event)
{
  if (event->generation != self->current.generation || !self->current.started)
    return FALSE;
  take_over (self);
  player_engine_emit (PLAYER_ENGINE (self), event);
  return TRUE;
}

static gboolean
fail (PlayerDummyEngine *self, const PlayerEngineEvent *event)
{
  if (event->generation == self->next.generation)
    self->next = (Load){ 0 };
  else if (event->generation == self->waiting.generation)
    self->waiting = (Load){ 0 };
  else
    {
      self->next = (Load){ 0 };
      take_over (self);
    }
  player_engine_emit (PLAYER_ENGINE (self), event);
  return TRUE;
}

static gboolean
move (PlayerDummyEngine *self, const PlayerEngineEvent *event)
{
  gboolean resumes = event->type == PLAYER_ENGINE_RESUMED;

  if (event->generation != self->current.generation || !self->current.started
      || (resumes && (self->paused || !self->silenced)))
    return FALSE;
  if (resumes)
    self->silenced = FALSE;
  self->current.offset_us = event->offset_us != 0 ? event->offset_us : event->offset_ms * 1000;
  player_engine_emit (PLAYER_ENGINE (self), event);
  return TRUE;
}

gboolean
player_dummy_engine_emit (PlayerDummyEngine *self, const PlayerEngineEvent *event)
{
  guint64 generation = event->generation;

  if (generation == 0
      || (generation != self->current.generation && generation != self->waiting.generation
          && generation != self->next.generation))
    return FALSE;
  switch (event->type)
    {
    case PLAYER_ENGINE_STARTED:
      return start (self, event);
    case PLAYER_ENGINE_FINISHED:
      return finish (self, event);
    case PLAYER_ENGINE_FAILED:
      return fail (self, event);
    case PLAYER_ENGINE_RESUMED:
    case PLAYER_ENGINE_SEEKED:
      return move (self, event);
    case PLAYER_ENGINE_UNDERRUN:
    case PLAYER_ENGINE_REFILLED:
      return sounds (self) && move (self, event);
    case PLAYER_ENGINE_SILENCED:
      return FALSE; /* comes from the calls alone */
    default:
      player_engine_emit (PLAYER_ENGINE (self), event);
      return TRUE;
    }
}

gboolean
player_dummy_engine_emit_simple (PlayerDummyEngine *self,
                                 PlayerEngineEventType type,
                                 guint64 generation,
                                 gint64 offset_ms)
{
  PlayerEngineEvent event = { .type = type, .generation = generation, .offset_ms = offset_ms };
  return player_dummy_engine_emit (self, &event);
}

static PlayerOutputState
player_dummy_engine_get_output (PlayerEngine *engine, const char **message)
{
  PlayerDummyEngine *self = PLAYER_DUMMY_ENGINE (engine);

  *message = self->output_message;
  return self->output;
}

void
player_dummy_engine_set_output (PlayerDummyEngine *self,
                                PlayerOutputState state,
                                const char *message)
{
  self->output = state;
  g_free (self->output_message);
  self->output_message = g_strdup (message);
  player_engine_emit_output_changed (PLAYER_ENGINE (self));
}

void
player_dummy_engine_set_flow (PlayerDummyEngine *self, gint64 sounded_us, gboolean hung)
{
  self->sounded_us = sounded_us;
  self->hung = hung;
}

static gboolean
player_dummy_engine_get_flow (PlayerEngine *engine, gint64 *sounded_us)
{
  *sounded_us = PLAYER_DUMMY_ENGINE (engine)->sounded_us;
  return !PLAYER_DUMMY_ENGINE (engine)->hung;
}

static void
player_dummy_engine_renew_output (PlayerEngine *engine, const char *why)
{
  note_call (engine, "renew-output %s", why);
}

static void
player_dummy_engine_finalize (GObject *object)
{
  g_strfreev (player_dummy_engine_take_calls (PLAYER_DUMMY_ENGINE (object)));
  g_ptr_array_unref (PLAYER_DUMMY_ENGINE (object)->calls);
  g_free (PLAYER_DUMMY_ENGINE (object)->output_message);
  G_OBJECT_CLASS (player_dummy_engine_parent_class)->finalize (object);
}

static void
player_dummy_engine_class_init (PlayerDummyEngineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = player_dummy_engine_finalize;
  call_signal = g_signal_new ("call", PLAYER_TYPE_DUMMY_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                              NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
player_dummy_engine_init (PlayerDummyEngine *self)
{
  self->calls = g_ptr_array_new ();
}

static void
player_dummy_engine_iface_init (PlayerEngineInterface *iface)
{
  iface->load = player_dummy_engine_load;
  iface->unload = player_dummy_engine_unload;
  iface->pause = player_dummy_engine_pause;
  iface->resume = player_dummy_engine_resume;
  iface->stop = player_dummy_engine_stop;
  iface->silence = player_dummy_engine_silence;
  iface->seek = player_dummy_engine_seek;
  iface->set_volume = player_dummy_engine_set_volume;
  iface->set_duck = player_dummy_engine_set_duck;
  iface->renew = player_dummy_engine_renew;
  iface->get_position_us = player_dummy_engine_get_position_us;
  iface->get_output = player_dummy_engine_get_output;
  iface->get_flow = player_dummy_engine_get_flow;
  iface->renew_output = player_dummy_engine_renew_output;
}

PlayerDummyEngine *
player_dummy_engine_new (void)
{
  return g_object_new (PLAYER_TYPE_DUMMY_ENGINE, NULL);
}

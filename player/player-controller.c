/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/player-controller.h"

#include "player/player-activity.h"
#include "player/player-driver.h"
#include "player/player-picture.h"
#include "player/player-source.h"

struct _PlayerController
{
  GObject parent_instance;
  PlayerEngine *engine; /* (owned): listened to; spoken to by the driver alone */
  PlayerDriver *driver; /* (owned) */
  PlayerState *state;   /* (owned) */
  GQueue inputs;        /* (element-type PlayerInput) (owned): events not yet decided on */
  GQueue news;          /* (element-type News) (owned): not yet emitted */
  gboolean deciding;    /* a step is being made or its effects are carried out */
  gboolean telling;     /* signals are emitted that "told" will follow */
  double volume;
  gboolean muted;
};

enum
{
  SIGNAL_REPORT,
  SIGNAL_CHANGED,
  SIGNAL_SEEKED,
  SIGNAL_URL_REFUSED,
  SIGNAL_TOLD,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PlayerController, player_controller, G_TYPE_OBJECT)

/* One signal emission to come: a report, a refused URL, or a position. */
typedef struct
{
  PlayerReport *report; /* (owned) (nullable) */
  guint64 refused_serial;
  char *refused_message; /* (owned) (nullable) */
  gint64 seeked_us;
} News;

static void
news_free (News *news)
{
  g_clear_pointer (&news->report, player_report_unref);
  g_free (news->refused_message);
  g_free (news);
}

static void
push_news (PlayerController *self, const PlayerOutcome *outcome)
{
  for (guint i = 0; i < outcome->reports->len; i++)
    {
      News *news = g_new0 (News, 1);
      news->report = player_report_ref (g_ptr_array_index (outcome->reports, i));
      g_queue_push_tail (&self->news, news);
    }
  if (outcome->seeked_us >= 0)
    {
      News *news = g_new0 (News, 1);
      news->seeked_us = outcome->seeked_us;
      g_queue_push_tail (&self->news, news);
    }
  if (outcome->refused_serial != 0)
    {
      News *news = g_new0 (News, 1);
      news->refused_serial = outcome->refused_serial;
      news->refused_message = g_strdup (outcome->refused_message);
      g_queue_push_tail (&self->news, news);
    }
}

/* What "changed" is about: all a snapshot shows but the position. */
typedef struct
{
  PlayerActivity activity;
  guint64 serial;
  gpointer item;
  gint64 duration_ms;
  gboolean seekable;
  gpointer tags;
  guint64 pending;
  guint64 queue_version;
  gboolean ducked;
} Face;

static Face
get_face (PlayerController *self)
{
  const PlayerState *state = self->state;
  const PlayerTrack *track = state->current;

  return (Face){
    .activity = state->activity,
    .serial = track != NULL ? track->serial : 0,
    .item = track != NULL ? track->item : NULL,
    .duration_ms = track != NULL ? track->duration_ms : -1,
    .seekable = track != NULL && track->seekable,
    .tags = track != NULL ? track->tags : NULL,
    .pending = state->pending != NULL ? state->pending->serial : 0,
    .queue_version = player_queue_get_version (state->queue),
    .ducked = state->voice == PLAYER_VOICE_DUCKS,
  };
}

static gboolean
same_face (const Face *a, const Face *b)
{
  return a->activity == b->activity && a->serial == b->serial && a->item == b->item
         && a->duration_ms == b->duration_ms && a->seekable == b->seekable && a->tags == b->tags
         && a->pending == b->pending && a->queue_version == b->queue_version
         && a->ducked == b->ducked;
}

/* --- Decisions ------------------------------------------------------------------------------ */

static void process (PlayerController *self, PlayerInput *input);

static void
on_alarm (PlayerAlarm alarm, gpointer user_data)
{
  process (user_data, player_input_new_alarm (alarm));
}

/* The heard position of the current stream, -1 where the engine does not know it. */
static gint64
get_position (PlayerController *self)
{
  if (!player_state_is_alive (self->state))
    return -1;
  return player_driver_get_position (self->driver, self->state->current->generation);
}

/* (transfer full) @input. Events that the effects cause at once are queued behind it. */
static PlayerVerdict
decide (PlayerController *self, PlayerInput *input)
{
  g_autoptr (PlayerInput) owned = input;
  g_autoptr (PlayerOutcome) outcome = player_outcome_new ();

  self->deciding = TRUE;
  owned->position_us = get_position (self);
  player_activity_step (self->state, owned, outcome);
  for (guint i = 0; i < outcome->effects->len; i++)
    player_driver_carry_out (self->driver, g_ptr_array_index (outcome->effects, i));
  self->deciding = FALSE;

  push_news (self, outcome);
  return outcome->verdict;
}

/* The engine promises the last event of what it ends before it returns. One that breaks the promise
 * must not leave a stream that plays for ever. */
static void
make_up_for_missing_end (PlayerController *self)
{
  if (!self->state->ending || !g_queue_is_empty (&self->inputs))
    return;

  PlayerEngineEvent event = {
    .type = PLAYER_ENGINE_SILENCED,
    .generation = self->state->current->generation,
    .offset_us = self->state->current->offset_us,
    .reason = PLAYER_SILENCED_STOPPED,
  };
  g_warning ("The engine ended generation %" G_GUINT64_FORMAT " without saying so",
             event.generation);
  g_queue_push_tail (&self->inputs, player_input_new_event (&event));
}

static void
drain (PlayerController *self)
{
  make_up_for_missing_end (self);
  while (!g_queue_is_empty (&self->inputs))
    {
      decide (self, g_queue_pop_head (&self->inputs));
      make_up_for_missing_end (self);
    }
}

/* Handlers may submit commands: what they add is emitted after what stands in line already. */
static void
emit_all (PlayerController *self, const Face *before)
{
  while (!g_queue_is_empty (&self->news))
    {
      News *news = g_queue_pop_head (&self->news);
      if (news->report != NULL)
        g_signal_emit (self, signals[SIGNAL_REPORT], 0, news->report);
      else if (news->refused_serial != 0)
        g_signal_emit (self, signals[SIGNAL_URL_REFUSED], 0, news->refused_serial,
                       news->refused_message != NULL ? news->refused_message : "");
      else
        g_signal_emit (self, signals[SIGNAL_SEEKED], 0, news->seeked_us);
      news_free (news);
    }

  Face after = get_face (self);
  if (!same_face (before, &after))
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
emit_news (PlayerController *self, const Face *before)
{
  Face now = get_face (self);
  if (self->telling || (g_queue_is_empty (&self->news) && same_face (before, &now)))
    {
      emit_all (self, before);
      return;
    }
  self->telling = TRUE;
  emit_all (self, before);
  self->telling = FALSE;
  g_signal_emit (self, signals[SIGNAL_TOLD], 0);
}

/* (transfer full) @input: an event or alarm. */
static void
process (PlayerController *self, PlayerInput *input)
{
  g_queue_push_tail (&self->inputs, input);
  if (self->deciding)
    return;

  g_object_ref (self); /* a handler may drop the last reference of others */
  Face before = get_face (self);
  drain (self);
  emit_news (self, &before);
  g_object_unref (self);
}

static void
on_engine_event (PlayerEngine *engine, gpointer event, PlayerController *self)
{
  process (self, player_input_new_event (event));
}

static void
on_output_changed (PlayerController *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/**
 * player_controller_submit:
 * @command: what somebody wants
 *
 * Carries @command out, or says why not. Never blocks. Reports that become true at once are emitted
 * before this returns. May be called from a handler of the signals.
 *
 * Returns: what became of it
 */
PlayerVerdict
player_controller_submit (PlayerController *self, PlayerCommand *command)
{
  g_return_val_if_fail (PLAYER_IS_CONTROLLER (self), PLAYER_VERDICT_NO_EFFECT);
  g_return_val_if_fail (command != NULL, PLAYER_VERDICT_NO_EFFECT);
  g_return_val_if_fail (!self->deciding, PLAYER_VERDICT_NO_EFFECT);

  g_object_ref (self);
  Face before = get_face (self);
  PlayerVerdict verdict = decide (self, player_input_new_command (command));
  drain (self);
  emit_news (self, &before);
  g_object_unref (self);
  return verdict;
}

/* --- The picture of now --------------------------------------------------------------------- */

/**
 * player_controller_get_snapshot:
 *
 * Returns: (transfer full): a picture of now, with the heard position
 */
PlayerSnapshot *
player_controller_get_snapshot (PlayerController *self)
{
  g_return_val_if_fail (PLAYER_IS_CONTROLLER (self), NULL);

  PlayerSnapshot *snapshot = player_picture_take (self->state, get_position (self));
  snapshot->volume = self->volume;
  snapshot->muted = self->muted;
  const char *message;
  snapshot->output = player_engine_get_output (self->engine, &message);
  snapshot->output_message = g_strdup (message);
  return snapshot;
}

/**
 * player_controller_get_item:
 * @serial: of a stream
 *
 * Returns: (transfer full) (nullable): it, if it is current, about to be, or waits
 */
PlayerItem *
player_controller_get_item (PlayerController *self, guint64 serial)
{
  g_return_val_if_fail (PLAYER_IS_CONTROLLER (self), NULL);

  PlayerItem *item = player_source_find (self->state, serial);
  return item != NULL ? player_item_ref (item) : NULL;
}

/**
 * player_controller_find_token:
 * @token: of a stream, "" for the current one
 *
 * Returns: the serial of the first one of those that play, are about to or wait; 0 for none
 */
guint64
player_controller_find_token (PlayerController *self, const char *token)
{
  g_return_val_if_fail (PLAYER_IS_CONTROLLER (self) && token != NULL, 0);

  return player_source_find_token (self->state, token);
}

/* --- Volume and policy ---------------------------------------------------------------------- */

static void
change_volume (PlayerController *self, double volume, gboolean muted)
{
  if (self->volume == volume && self->muted == muted)
    return;

  self->volume = volume;
  self->muted = muted;
  player_driver_set_volume (self->driver, volume, muted);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

void
player_controller_set_volume (PlayerController *self, double volume)
{
  g_return_if_fail (PLAYER_IS_CONTROLLER (self));

  if (volume != volume) /* not a number */
    return;
  change_volume (self, CLAMP (volume, 0.0, 1.0), self->muted);
}

void
player_controller_set_muted (PlayerController *self, gboolean muted)
{
  g_return_if_fail (PLAYER_IS_CONTROLLER (self));
  change_volume (self, self->volume, !!muted);
}

void
player_controller_set_duck (PlayerController *self, double amplitude)
{
  g_return_if_fail (PLAYER_IS_CONTROLLER (self));
  g_return_if_fail (amplitude > 0.0 && amplitude <= 1.0);

  player_driver_set_duck (self->driver, amplitude);
}

/* From the next event on. */
void
player_controller_set_nearly_finished (PlayerController *self, PlayerNearlyFinished policy)
{
  g_return_if_fail (PLAYER_IS_CONTROLLER (self));
  self->state->policy = policy;
}

/* --- The object ----------------------------------------------------------------------------- */

static void
player_controller_dispose (GObject *object)
{
  PlayerController *self = PLAYER_CONTROLLER (object);

  g_clear_pointer (&self->driver, player_driver_free);
  if (self->engine != NULL)
    g_signal_handlers_disconnect_by_data (self->engine, self);
  g_clear_object (&self->engine);
  G_OBJECT_CLASS (player_controller_parent_class)->dispose (object);
}

static void
player_controller_finalize (GObject *object)
{
  PlayerController *self = PLAYER_CONTROLLER (object);

  g_queue_clear_full (&self->inputs, (GDestroyNotify)player_input_free);
  g_queue_clear_full (&self->news, (GDestroyNotify)news_free);
  g_clear_pointer (&self->state, player_state_free);
  G_OBJECT_CLASS (player_controller_parent_class)->finalize (object);
}

static void
player_controller_class_init (PlayerControllerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->dispose = player_controller_dispose;
  object_class->finalize = player_controller_finalize;

  /**
   * PlayerController::report:
   * @report: a fact that became true
   *
   * In order, each once.
   */
  signals[SIGNAL_REPORT] = g_signal_new ("report", PLAYER_TYPE_CONTROLLER, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, PLAYER_TYPE_REPORT);
  /**
   * PlayerController::changed:
   *
   * Anything a snapshot shows, but for the mere passing of time, has changed. At most once for each
   * command, engine event or change of the output, after its reports.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", PLAYER_TYPE_CONTROLLER, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * PlayerController::told:
   *
   * All that one command or engine event leads to has been emitted, what handlers have submitted
   * included.
   */
  signals[SIGNAL_TOLD] = g_signal_new ("told", PLAYER_TYPE_CONTROLLER, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);
  /**
   * PlayerController::seeked:
   * @offset_us: where it is now
   *
   * The position has left its line: a seek, or a start at an offset.
   */
  signals[SIGNAL_SEEKED] = g_signal_new ("seeked", PLAYER_TYPE_CONTROLLER, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  /**
   * PlayerController::url-refused:
   * @serial: the stream
   * @message: by what, in one line, e.g. "HTTP 403"
   *
   * Its URL is refused: it waits a while for %PLAYER_COMMAND_RENEW before it fails.
   */
  signals[SIGNAL_URL_REFUSED]
      = g_signal_new ("url-refused", PLAYER_TYPE_CONTROLLER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 2, G_TYPE_UINT64, G_TYPE_STRING);
}

static void
player_controller_init (PlayerController *self)
{
  g_queue_init (&self->inputs);
  g_queue_init (&self->news);
  self->volume = 1.0;
}

/**
 * player_controller_new:
 * @engine: what makes the sound; used by this controller alone
 * @clock: what rings the alarms
 * @nearly_finished: when "nearly finished" is said
 *
 * Returns: (transfer full): an idle player
 */
PlayerController *
player_controller_new (PlayerEngine *engine,
                       PlayerClock *clock,
                       PlayerNearlyFinished nearly_finished)
{
  g_return_val_if_fail (PLAYER_IS_ENGINE (engine), NULL);
  g_return_val_if_fail (PLAYER_IS_CLOCK (clock), NULL);

  PlayerController *self = g_object_new (PLAYER_TYPE_CONTROLLER, NULL);
  self->engine = g_object_ref (engine);
  self->driver = player_driver_new (engine, clock, on_alarm, self);
  self->state = player_state_new (nearly_finished);
  g_signal_connect_object (engine, "event", G_CALLBACK (on_engine_event), self, 0);
  g_signal_connect_object (engine, "output-changed", G_CALLBACK (on_output_changed), self,
                           G_CONNECT_SWAPPED);
  return self;
}

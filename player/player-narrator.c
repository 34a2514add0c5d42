/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/player-narrator.h"

#define NOBODY_SPEAKS "no synthesiser is configured"

struct _PlayerNarrator
{
  GObject parent_instance;
  PlayerSpeech *speech;     /* (owned) (nullable) */
  PlayerUtterance *current; /* (owned) (nullable): is being said */
  guint64 generation;       /* of @current, or of the last one that was */
  GQueue waiting;           /* (element-type PlayerUtterance) (owned) */
  GQueue news;              /* (element-type News) (owned): not yet emitted */
  gboolean blocked;         /* advance() is under way already, or must not be yet */
  gboolean restless;        /* "idle" is owed */
};

enum
{
  SIGNAL_EVENT,
  SIGNAL_IDLE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PlayerNarrator, player_narrator, G_TYPE_OBJECT)

/* One emission of "event" to come. */
typedef struct
{
  PlayerUtterance *utterance; /* (owned) */
  PlayerSpeechEvent event;    /* its strings are owned */
} News;

static void
news_free (News *news)
{
  player_utterance_unref (news->utterance);
  g_free ((char *)news->event.error_message);
  g_free (news);
}

static void
push_news (PlayerNarrator *self, PlayerUtterance *utterance, const PlayerSpeechEvent *event)
{
  News *news = g_new0 (News, 1);
  news->utterance = player_utterance_ref (utterance);
  news->event = *event;
  news->event.error_message = g_strdup (event->error_message);
  g_queue_push_tail (&self->news, news);
}

/* --- What is being said --------------------------------------------------------------------- */

static void advance (PlayerNarrator *self);

/* Events about an utterance that is over end here. */
static void
note_event (PlayerNarrator *self, const PlayerSpeechEvent *event)
{
  if (self->current == NULL || event->generation != self->generation)
    return;

  push_news (self, self->current, event);
  if (event->type == PLAYER_SPEECH_FINISHED || event->type == PLAYER_SPEECH_STOPPED
      || event->type == PLAYER_SPEECH_FAILED)
    g_clear_pointer (&self->current, player_utterance_unref);
}

static void
on_speech_event (PlayerSpeech *speech, gpointer event, PlayerNarrator *self)
{
  note_event (self, event);
  advance (self);
}

static void
begin_next (PlayerNarrator *self)
{
  PlayerSpeechEvent refusal = { .type = PLAYER_SPEECH_FAILED, .error_message = NOBODY_SPEAKS };

  self->current = g_queue_pop_head (&self->waiting);
  self->generation++;
  if (self->speech != NULL)
    {
      player_speech_say (self->speech, self->generation, self->current);
      return;
    }
  refusal.generation = self->generation;
  note_event (self, &refusal);
}

static void
end_current (PlayerNarrator *self)
{
  PlayerSpeechEvent event = { .type = PLAYER_SPEECH_STOPPED, .generation = self->generation };

  if (self->current != NULL && self->speech != NULL)
    {
      gboolean was_blocked = self->blocked;
      self->blocked = TRUE;              /* or the next one would begin */
      player_speech_stop (self->speech); /* says STOPPED before it returns */
      self->blocked = was_blocked;
      if (self->current != NULL)
        g_warning ("The voice ended generation %" G_GUINT64_FORMAT " without saying so",
                   self->generation);
    }
  note_event (self, &event);
}

static void
drop_waiting (PlayerNarrator *self)
{
  PlayerSpeechEvent event = { .type = PLAYER_SPEECH_STOPPED };

  while (!g_queue_is_empty (&self->waiting))
    {
      g_autoptr (PlayerUtterance) utterance = g_queue_pop_head (&self->waiting);
      push_news (self, utterance, &event);
    }
}

/* --- What is told --------------------------------------------------------------------------- */

/* One thing that is due, in this order: to tell what has happened, to say what waits, to tell that
 * all is quiet. FALSE: nothing is due. */
static gboolean
advance_once (PlayerNarrator *self)
{
  News *news = g_queue_pop_head (&self->news);

  if (news != NULL)
    {
      g_signal_emit (self, signals[SIGNAL_EVENT], 0, news->utterance, &news->event);
      news_free (news);
      return TRUE;
    }
  if (self->current == NULL && !g_queue_is_empty (&self->waiting))
    {
      begin_next (self);
      return TRUE;
    }
  if (self->current == NULL && self->restless)
    {
      self->restless = FALSE;
      g_signal_emit (self, signals[SIGNAL_IDLE], 0);
      return TRUE;
    }
  return FALSE;
}

/* What handlers want comes after what stands in line already. */
static void
advance (PlayerNarrator *self)
{
  if (self->blocked)
    return;

  g_object_ref (self); /* a handler may drop the last reference of others */
  self->blocked = TRUE;
  while (advance_once (self))
    ;
  self->blocked = FALSE;
  g_object_unref (self);
}

/* --- What is wanted ------------------------------------------------------------------------- */

void
player_narrator_say (PlayerNarrator *self, PlayerUtterance *utterance, PlayerPlayBehavior behavior)
{
  g_return_if_fail (PLAYER_IS_NARRATOR (self));
  g_return_if_fail (utterance != NULL);

  if (behavior == PLAYER_PLAY_REPLACE_ALL)
    end_current (self);
  if (behavior != PLAYER_PLAY_ENQUEUE)
    drop_waiting (self);
  g_queue_push_tail (&self->waiting, player_utterance_ref (utterance));
  self->restless = TRUE;
  advance (self);
}

void
player_narrator_hush (PlayerNarrator *self)
{
  g_return_if_fail (PLAYER_IS_NARRATOR (self));

  end_current (self);
  drop_waiting (self);
  advance (self);
}

gboolean
player_narrator_is_busy (PlayerNarrator *self)
{
  g_return_val_if_fail (PLAYER_IS_NARRATOR (self), FALSE);
  return self->current != NULL || !g_queue_is_empty (&self->waiting);
}

/* --- The object ----------------------------------------------------------------------------- */

static void
player_narrator_dispose (GObject *object)
{
  PlayerNarrator *self = PLAYER_NARRATOR (object);

  if (self->speech != NULL)
    g_signal_handlers_disconnect_by_data (self->speech, self);
  if (self->speech != NULL && self->current != NULL)
    player_speech_stop (self->speech);
  g_clear_object (&self->speech);
  g_clear_pointer (&self->current, player_utterance_unref);
  g_queue_clear_full (&self->waiting, (GDestroyNotify)player_utterance_unref);
  g_queue_clear_full (&self->news, (GDestroyNotify)news_free);
  self->restless = FALSE;
  G_OBJECT_CLASS (player_narrator_parent_class)->dispose (object);
}

static void
player_narrator_class_init (PlayerNarratorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = player_narrator_dispose;

  /**
   * PlayerNarrator::event:
   * @utterance: (type gpointer): the #PlayerUtterance
   * @event: (type gpointer): a #PlayerSpeechEvent, valid during the emission; its generation is 0
   *   if the utterance was dropped before its turn came
   *
   * In order. What a handler causes is emitted after the handler has returned.
   */
  signals[SIGNAL_EVENT] = g_signal_new ("event", PLAYER_TYPE_NARRATOR, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_POINTER);
  /**
   * PlayerNarrator::idle:
   *
   * Nothing is being said, and nothing waits. After the last event.
   */
  signals[SIGNAL_IDLE] = g_signal_new ("idle", PLAYER_TYPE_NARRATOR, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);
}

static void
player_narrator_init (PlayerNarrator *self)
{
  g_queue_init (&self->waiting);
  g_queue_init (&self->news);
}

static void
take_speech (PlayerNarrator *self, PlayerSpeech *speech)
{
  if (speech == NULL)
    return;
  self->speech = g_object_ref (speech);
  g_signal_connect_object (speech, "event", G_CALLBACK (on_speech_event), self, 0);
}

PlayerNarrator *
player_narrator_new (PlayerSpeech *speech)
{
  g_return_val_if_fail (speech == NULL || PLAYER_IS_SPEECH (speech), NULL);

  PlayerNarrator *self = g_object_new (PLAYER_TYPE_NARRATOR, NULL);
  take_speech (self, speech);
  return self;
}

void
player_narrator_set_speech (PlayerNarrator *self, PlayerSpeech *speech)
{
  g_return_if_fail (PLAYER_IS_NARRATOR (self));
  g_return_if_fail (speech == NULL || PLAYER_IS_SPEECH (speech));

  player_narrator_hush (self);
  if (self->speech != NULL)
    g_signal_handlers_disconnect_by_data (self->speech, self);
  g_clear_object (&self->speech);
  take_speech (self, speech);
}

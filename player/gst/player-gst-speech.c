/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-speech.h"

#include "player-gst-part.h"
#include "player-gst-synth.h"
#include "player-gst-wakeup.h"

/* So many parts are given to the voice ahead of time, the one that is heard included. */
#define MAX_GIVEN 4

struct _PlayerGstSpeech
{
  GObject parent_instance;

  PlayerGstEngine *engine; /* (owned) */
  const PlayerGstStudio *studio;
  PlayerGstPartHooks part_hooks;
  GSource *wakeup; /* (owned): goes on preparing */
  char **words;    /* (owned) */
  guint timeout_ms;
  gboolean complained; /* of the program that is not there */

  /* The utterance under way. */
  guint64 generation;         /* 0: none */
  PlayerUtterance *utterance; /* (owned) (nullable) */
  guint next;                 /* the part to be prepared next */
  PlayerGstPart *preparing;   /* (owned) (nullable) */
  GQueue given;               /* (element-type PlayerGstPart): to the voice, in order */
  guint pause_ms;             /* comes before the first that is heard */
  gboolean begun;             /* the voice has been given something */
  gboolean closed;            /* … and all of it */
  gboolean started;
  gboolean cut;  /* recordings have lasted as long as they may */
  char *problem; /* (owned) (nullable): the first one */
};

static void player_gst_speech_iface_init (PlayerSpeechInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PlayerGstSpeech,
                               player_gst_speech,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PLAYER_TYPE_SPEECH,
                                                      player_gst_speech_iface_init))

/* --- the end of an utterance, and faults --- */

static void
speech_reset (PlayerGstSpeech *self)
{
  g_clear_pointer (&self->preparing, player_gst_part_free);
  g_queue_clear_full (&self->given, (GDestroyNotify)player_gst_part_free);
  g_clear_pointer (&self->utterance, player_utterance_unref);
  g_clear_pointer (&self->problem, g_free);
  g_source_set_ready_time (self->wakeup, -1);
  self->generation = 0;
  self->next = 0;
  self->pause_ms = 0;
  self->begun = FALSE;
  self->closed = FALSE;
  self->started = FALSE;
  self->cut = FALSE;
}

/* The last event. Whoever hears it may say the next thing at once. */
static void
speech_end (PlayerGstSpeech *self, PlayerSpeechEventType type, const char *message)
{
  g_autofree char *copy = g_strdup (message);
  const PlayerSpeechEvent event
      = { .type = type, .generation = self->generation, .error_message = copy };

  speech_reset (self);
  player_speech_emit (PLAYER_SPEECH (self), &event);
}

/* FALSE: whoever heard it has stopped the utterance. */
static gboolean
speech_emit_problem (PlayerGstSpeech *self, guint part, const char *problem, gboolean too_long)
{
  const PlayerSpeechEvent event = { .type = PLAYER_SPEECH_FAULT,
                                    .generation = self->generation,
                                    .part = part,
                                    .too_long = too_long,
                                    .error_message = problem };

  if (self->problem == NULL)
    self->problem = g_strdup (problem);
  player_speech_emit (PLAYER_SPEECH (self), &event);
  return self->generation == event.generation;
}

static gboolean
speech_emit_fault (PlayerGstSpeech *self, guint part, const char *problem)
{
  return speech_emit_problem (self, part, problem, FALSE);
}

static gboolean
speech_emit_cut (PlayerGstSpeech *self, guint part)
{
  const gboolean first = !self->cut;
  g_autofree char *problem = g_strdup_printf (
      "Recordings last longer than %" G_GINT64_FORMAT " ms in all", self->utterance->max_audio_ms);

  self->cut = TRUE;
  return speech_emit_problem (self, part, problem, first);
}

/* --- what is given to the voice --- */

static guint
speech_pick_rate (PlayerGstSpeech *self)
{
  return self->begun ? player_gst_voice_get_rate (self->studio->voice)
                     : player_gst_engine_pick_spoken_rate (self->engine);
}

static void
speech_give_pause (PlayerGstSpeech *self, guint duration_ms)
{
  player_gst_voice_add_silence (self->studio->voice, duration_ms);
  g_queue_push_tail (&self->given, player_gst_part_new (0, NULL, self->studio, &self->part_hooks));
}

static void
speech_begin (PlayerGstSpeech *self)
{
  if (self->begun)
    return;
  player_gst_voice_begin (self->studio->voice, player_gst_engine_pick_spoken_rate (self->engine),
                          self->utterance->max_audio_ms);
  self->begun = TRUE;
  if (self->pause_ms > 0)
    speech_give_pause (self, self->pause_ms);
}

/* A pause before all the rest waits for it: alone it is not worth being said. */
static void
speech_add_pause (PlayerGstSpeech *self, guint duration_ms)
{
  if (!self->begun)
    self->pause_ms += duration_ms;
  else if (duration_ms > 0)
    speech_give_pause (self, duration_ms);
}

static void
speech_close (PlayerGstSpeech *self)
{
  if (!self->begun && (self->problem != NULL || self->pause_ms == 0))
    {
      speech_end (self, PLAYER_SPEECH_FAILED,
                  self->problem != NULL ? self->problem : "There is nothing to be said");
      return;
    }
  speech_begin (self);
  player_gst_voice_close (self->studio->voice);
  self->closed = TRUE;
}

/* --- one part after another --- */

static void
speech_complain_once (PlayerGstSpeech *self, const GError *error)
{
  if (self->complained || !g_error_matches (error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT))
    return;
  self->complained = TRUE;
  g_warning ("Nothing can be spoken: %s", error->message);
}

static gboolean
speech_prepare (PlayerGstSpeech *self, guint index)
{
  const PlayerSpeechPart *what = g_ptr_array_index (self->utterance->parts, index);
  const PlayerGstPartManner manner
      = { (const char *const *)self->words, self->utterance->locale, self->timeout_ms,
          player_gst_engine_get_reach (self->engine, self->utterance->origin) };
  g_autoptr (GError) error = NULL;

  if (what->type == PLAYER_SPEECH_PART_BREAK)
    {
      speech_add_pause (self, what->duration_ms);
      return TRUE;
    }
  if (what->type == PLAYER_SPEECH_PART_AUDIO && self->cut)
    return speech_emit_cut (self, index);
  self->preparing = player_gst_part_new (index, what, self->studio, &self->part_hooks);
  if (player_gst_part_start (self->preparing, &manner, speech_pick_rate (self), &error))
    return TRUE;
  g_clear_pointer (&self->preparing, player_gst_part_free);
  speech_complain_once (self, error);
  return speech_emit_fault (self, index, error->message);
}

static void
speech_advance (PlayerGstSpeech *self)
{
  while (self->preparing == NULL && self->next < self->utterance->parts->len
         && self->given.length < MAX_GIVEN)
    if (!speech_prepare (self, self->next++))
      return;
  if (self->preparing == NULL && self->next == self->utterance->parts->len && !self->closed)
    speech_close (self);
  player_gst_engine_voice_changed (self->engine);
}

static gboolean
speech_on_wakeup (gpointer data)
{
  g_autoptr (PlayerGstSpeech) self = g_object_ref (PLAYER_GST_SPEECH (data));

  if (self->generation != 0)
    speech_advance (self);
  return G_SOURCE_CONTINUE;
}

static void
speech_on_part_ready (PlayerGstPart *part, gpointer data)
{
  PlayerGstSpeech *self = data;

  if (part != self->preparing)
    return;
  if (player_gst_part_get_rate (part) != speech_pick_rate (self))
    {
      player_gst_part_reopen (part, speech_pick_rate (self));
      return;
    }
  speech_begin (self);
  player_gst_voice_add_item (self->studio->voice, player_gst_part_get_item (part),
                             player_gst_part_is_recording (part));
  g_queue_push_tail (&self->given, g_steal_pointer (&self->preparing));
  player_gst_engine_voice_changed (self->engine);
  g_source_set_ready_time (self->wakeup, 0);
}

/* One that is being heard ends by itself; the voice says when. */
static void
speech_on_part_failed (PlayerGstPart *part, const char *problem, gpointer data)
{
  g_autoptr (PlayerGstSpeech) self = g_object_ref (PLAYER_GST_SPEECH (data));
  const guint index = player_gst_part_get_index (part);
  g_autofree char *copy = g_strdup (problem);

  if (part == self->preparing)
    g_clear_pointer (&self->preparing, player_gst_part_free);
  g_source_set_ready_time (self->wakeup, 0);
  speech_emit_fault (self, index, copy);
}

/* --- what the engine tells --- */

static gboolean
speech_take_note (PlayerGstSpeech *self, PlayerGstVoiceNoteType note)
{
  const PlayerSpeechEvent started
      = { .type = PLAYER_SPEECH_STARTED, .generation = self->generation };

  if (note == PLAYER_GST_VOICE_STARTED)
    {
      self->started = TRUE;
      player_speech_emit (PLAYER_SPEECH (self), &started);
      return self->generation == started.generation;
    }
  if (note == PLAYER_GST_VOICE_ENDED)
    return TRUE;
  g_autoptr (PlayerGstPart) part = g_queue_pop_head (&self->given);
  if (part == NULL)
    return TRUE;
  const guint index = player_gst_part_get_index (part);
  g_autofree char *problem = player_gst_part_take_problem (part);
  if (note == PLAYER_GST_VOICE_PART_CUT)
    return speech_emit_cut (self, index);
  return problem == NULL || speech_emit_fault (self, index, problem);
}

static void
speech_on_noted (gpointer data)
{
  g_autoptr (PlayerGstSpeech) self = g_object_ref (PLAYER_GST_SPEECH (data));
  PlayerGstVoiceNoteType note;

  if (self->generation == 0)
    return;
  while (player_gst_voice_take_note (self->studio->voice, &note))
    if (!speech_take_note (self, note))
      return;
  speech_advance (self);
}

static void
speech_on_spoken (gpointer data)
{
  g_autoptr (PlayerGstSpeech) self = g_object_ref (PLAYER_GST_SPEECH (data));

  if (self->generation == 0 || !self->closed)
    return;
  if (self->started)
    speech_end (self, PLAYER_SPEECH_FINISHED, NULL);
  else
    speech_end (self, PLAYER_SPEECH_FAILED,
                self->problem != NULL ? self->problem : "There is nothing to be heard");
}

/* The voice has forgotten the utterance already. */
static void
speech_on_lost (const char *message, gpointer data)
{
  g_autoptr (PlayerGstSpeech) self = g_object_ref (PLAYER_GST_SPEECH (data));
  PlayerGstPart *heard = g_queue_peek_head (&self->given);

  if (self->generation == 0 || !self->begun)
    return;
  if (!self->started)
    speech_end (self, PLAYER_SPEECH_FAILED, message);
  else if (speech_emit_fault (self, heard != NULL ? player_gst_part_get_index (heard) : 0, message))
    speech_end (self, PLAYER_SPEECH_FINISHED, NULL);
}

/* --- the port --- */

static void
player_gst_speech_say (PlayerSpeech *speech, guint64 generation, PlayerUtterance *utterance)
{
  PlayerGstSpeech *self = PLAYER_GST_SPEECH (speech);

  g_return_if_fail (self->generation == 0);
  self->generation = generation;
  self->utterance = player_utterance_ref (utterance);
  g_source_set_ready_time (self->wakeup, 0);
}

static void
player_gst_speech_stop (PlayerSpeech *speech)
{
  g_autoptr (PlayerGstSpeech) self = g_object_ref (PLAYER_GST_SPEECH (speech));

  if (self->generation == 0)
    return;
  player_gst_voice_stop (self->studio->voice);
  player_gst_engine_voice_changed (self->engine);
  speech_end (self, PLAYER_SPEECH_STOPPED, NULL);
}

PlayerSpeech *
player_gst_speech_new (PlayerGstEngine *engine,
                       const char *command,
                       guint timeout_ms,
                       GError **error)
{
  g_return_val_if_fail (PLAYER_IS_GST_ENGINE (engine) && command != NULL, NULL);
  g_auto (GStrv) words = player_gst_synth_split (command, error);

  if (words == NULL)
    return NULL;
  PlayerGstSpeech *self = g_object_new (PLAYER_TYPE_GST_SPEECH, NULL);
  self->engine = g_object_ref (engine);
  self->studio = player_gst_engine_get_studio (engine);
  self->words = g_steal_pointer (&words);
  self->timeout_ms = timeout_ms;
  self->wakeup = player_gst_wakeup_new (self->studio->context, speech_on_wakeup, self);
  self->part_hooks = (PlayerGstPartHooks){ speech_on_part_ready, speech_on_part_failed, self };
  player_gst_engine_set_studio_hooks (engine, &(PlayerGstStudioHooks){ .noted = speech_on_noted,
                                                                       .spoken = speech_on_spoken,
                                                                       .lost = speech_on_lost,
                                                                       .data = self });
  return PLAYER_SPEECH (self);
}

static void
player_gst_speech_dispose (GObject *object)
{
  PlayerGstSpeech *self = PLAYER_GST_SPEECH (object);

  if (self->engine != NULL)
    {
      player_gst_engine_set_studio_hooks (self->engine, NULL);
      player_gst_voice_stop (self->studio->voice);
      speech_reset (self);
      player_gst_engine_voice_changed (self->engine);
      g_source_destroy (self->wakeup);
    }
  g_clear_pointer (&self->wakeup, g_source_unref);
  g_clear_object (&self->engine);
  G_OBJECT_CLASS (player_gst_speech_parent_class)->dispose (object);
}

static void
player_gst_speech_finalize (GObject *object)
{
  PlayerGstSpeech *self = PLAYER_GST_SPEECH (object);

  g_strfreev (self->words);
  G_OBJECT_CLASS (player_gst_speech_parent_class)->finalize (object);
}

static void
player_gst_speech_class_init (PlayerGstSpeechClass *class)
{
  G_OBJECT_CLASS (class)->dispose = player_gst_speech_dispose;
  G_OBJECT_CLASS (class)->finalize = player_gst_speech_finalize;
}

static void
player_gst_speech_init (PlayerGstSpeech *self)
{
  g_queue_init (&self->given);
}

static void
player_gst_speech_iface_init (PlayerSpeechInterface *iface)
{
  iface->say = player_gst_speech_say;
  iface->stop = player_gst_speech_stop;
}

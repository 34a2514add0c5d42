/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "tests/dummies/player-dummy-speech.h"

struct _PlayerDummySpeech
{
  GObject parent_instance;
  PlayerUtterance *utterance; /* (owned) (nullable) */
  guint64 generation;         /* 0 = none */
  gboolean started;
  GPtrArray *calls; /* (owned) (element-type utf8) */
};

static void player_dummy_speech_iface_init (PlayerSpeechInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PlayerDummySpeech,
                               player_dummy_speech,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PLAYER_TYPE_SPEECH,
                                                      player_dummy_speech_iface_init))

static gboolean
emit_event (PlayerDummySpeech *self,
            PlayerSpeechEventType type,
            guint part,
            const char *message,
            gboolean too_long)
{
  PlayerSpeechEvent event = {
    .type = type,
    .generation = self->generation,
    .part = part,
    .too_long = too_long,
    .error_message = message,
  };

  if (self->generation == 0)
    return FALSE;
  if (type != PLAYER_SPEECH_STARTED && type != PLAYER_SPEECH_FAULT)
    {
      self->generation = 0;
      self->started = FALSE;
      g_clear_pointer (&self->utterance, player_utterance_unref);
    }
  player_speech_emit (PLAYER_SPEECH (self), &event);
  return TRUE;
}

static gboolean
emit (PlayerDummySpeech *self, PlayerSpeechEventType type, guint part, const char *message)
{
  return emit_event (self, type, part, message, FALSE);
}

static void
player_dummy_speech_say (PlayerSpeech *speech, guint64 generation, PlayerUtterance *utterance)
{
  PlayerDummySpeech *self = PLAYER_DUMMY_SPEECH (speech);

  g_ptr_array_add (self->calls,
                   g_strdup_printf ("say %" G_GUINT64_FORMAT " %s", generation, utterance->id));
  g_return_if_fail (self->generation == 0); /* the caller's fault: one at a time */
  self->generation = generation;
  self->utterance = player_utterance_ref (utterance);
}

static void
player_dummy_speech_stop (PlayerSpeech *speech)
{
  PlayerDummySpeech *self = PLAYER_DUMMY_SPEECH (speech);

  g_ptr_array_add (self->calls, g_strdup ("stop"));
  emit (self, PLAYER_SPEECH_STOPPED, 0, NULL);
}

GStrv
player_dummy_speech_take_calls (PlayerDummySpeech *self)
{
  g_ptr_array_add (self->calls, NULL);
  GStrv calls = (GStrv)g_ptr_array_free (self->calls, FALSE);
  self->calls = g_ptr_array_new ();
  return calls;
}

PlayerUtterance *
player_dummy_speech_get_utterance (PlayerDummySpeech *self)
{
  return self->utterance;
}

guint64
player_dummy_speech_get_generation (PlayerDummySpeech *self)
{
  return self->generation;
}

gboolean
player_dummy_speech_start (PlayerDummySpeech *self)
{
  if (self->started)
    return FALSE;
  self->started = self->generation != 0;
  return emit (self, PLAYER_SPEECH_STARTED, 0, NULL);
}

gboolean
player_dummy_speech_fault (PlayerDummySpeech *self, guint part, const char *message)
{
  return emit (self, PLAYER_SPEECH_FAULT, part, message);
}

gboolean
player_dummy_speech_cut (PlayerDummySpeech *self, guint part)
{
  return emit_event (self, PLAYER_SPEECH_FAULT, part, "too long", TRUE);
}

gboolean
player_dummy_speech_finish (PlayerDummySpeech *self)
{
  return emit (self, PLAYER_SPEECH_FINISHED, 0, NULL);
}

gboolean
player_dummy_speech_fail (PlayerDummySpeech *self, const char *message)
{
  return emit (self, PLAYER_SPEECH_FAILED, 0, message);
}

static void
player_dummy_speech_finalize (GObject *object)
{
  PlayerDummySpeech *self = PLAYER_DUMMY_SPEECH (object);

  g_strfreev (player_dummy_speech_take_calls (self));
  g_ptr_array_unref (self->calls);
  g_clear_pointer (&self->utterance, player_utterance_unref);
  G_OBJECT_CLASS (player_dummy_speech_parent_class)->finalize (object);
}

static void
player_dummy_speech_class_init (PlayerDummySpeechClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = player_dummy_speech_finalize;
}

static void
player_dummy_speech_init (PlayerDummySpeech *self)
{
  self->calls = g_ptr_array_new ();
}

static void
player_dummy_speech_iface_init (PlayerSpeechInterface *iface)
{
  iface->say = player_dummy_speech_say;
  iface->stop = player_dummy_speech_stop;
}

PlayerDummySpeech *
player_dummy_speech_new (void)
{
  return g_object_new (PLAYER_TYPE_DUMMY_SPEECH, NULL);
}

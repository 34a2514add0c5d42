/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/player-speech.h"

G_DEFINE_INTERFACE (PlayerSpeech, player_speech, G_TYPE_OBJECT)

const char *
player_speech_event_type_to_string (PlayerSpeechEventType type)
{
  static const char *const names[] = {
    [PLAYER_SPEECH_STARTED] = "started",   [PLAYER_SPEECH_FAULT] = "fault",
    [PLAYER_SPEECH_FINISHED] = "finished", [PLAYER_SPEECH_STOPPED] = "stopped",
    [PLAYER_SPEECH_FAILED] = "failed",
  };
  g_return_val_if_fail ((gsize)type < G_N_ELEMENTS (names), "");
  return names[type];
}

static void
player_speech_default_init (PlayerSpeechInterface *iface)
{
  /**
   * PlayerSpeech::event:
   * @event: (type gpointer): a #PlayerSpeechEvent, valid during the emission
   */
  g_signal_new ("event", PLAYER_TYPE_SPEECH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_POINTER);
}

void
player_speech_say (PlayerSpeech *self, guint64 generation, PlayerUtterance *utterance)
{
  g_return_if_fail (PLAYER_IS_SPEECH (self) && generation != 0 && utterance != NULL);
  PLAYER_SPEECH_GET_IFACE (self)->say (self, generation, utterance);
}

void
player_speech_stop (PlayerSpeech *self)
{
  g_return_if_fail (PLAYER_IS_SPEECH (self));
  PLAYER_SPEECH_GET_IFACE (self)->stop (self);
}

void
player_speech_emit (PlayerSpeech *self, const PlayerSpeechEvent *event)
{
  g_return_if_fail (PLAYER_IS_SPEECH (self) && event != NULL);
  g_signal_emit_by_name (self, "event", event);
}

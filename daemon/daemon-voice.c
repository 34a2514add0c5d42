/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-voice.h"

#include "dbus/bus-errors.h"

/**
 * DaemonVoiceUser:
 * @DAEMON_VOICE_USER_QUIET: nobody speaks
 * @DAEMON_VOICE_USER_SPEAKS: between begin and end
 * @DAEMON_VOICE_USER_HAS_ASKED: the same, but what was said has already become a request
 * @DAEMON_VOICE_USER_UNDERSTOOD: after the end: the request is expected
 */
typedef enum
{
  DAEMON_VOICE_USER_QUIET,
  DAEMON_VOICE_USER_SPEAKS,
  DAEMON_VOICE_USER_HAS_ASKED,
  DAEMON_VOICE_USER_UNDERSTOOD,
} DaemonVoiceUser;

struct _DaemonVoice
{
  GObject parent;
  DaemonRouter *router;     /* (owned) */
  DaemonTimeline *timeline; /* (owned) */
  PlayerClock *clock;       /* (owned) */
  PlayerNarrator *narrator; /* (owned) */
  gboolean mute;            /* nothing can be spoken, so that nothing has to give way */
  GHashTable *skills;       /* (owned) PlayerUtterance → name of the skill that says it */
  gboolean holds_floor;     /* while anything is spoken */

  DaemonVoiceUser user;
  guint user_alarm; /* not 0: a request is expected until then */

  char *listener;             /* (owned) (nullable): name of the skill whose session waits */
  DaemonVoiceSilence silence; /* (nullable): set as long as @listener is */
  gpointer silence_data;
  guint listen_alarm; /* not 0: the microphone is open until then */
  gint64 listen_until_ms;
};

G_DEFINE_FINAL_TYPE (DaemonVoice, daemon_voice, G_TYPE_OBJECT)

static void
tell_changed (DaemonVoice *self)
{
  g_signal_emit_by_name (self, "changed");
}

/* --- Listening ---------------------------------------------------------------------------------
 */

static void
stop_alarm (DaemonVoice *self)
{
  player_clock_remove_alarm (self->clock, self->listen_alarm);
  self->listen_alarm = 0;
}

static void
forget_listener (DaemonVoice *self)
{
  stop_alarm (self);
  g_clear_pointer (&self->listener, g_free);
  self->silence = NULL;
  self->silence_data = NULL;
}

/* Nobody has said anything, or nothing that could be understood. */
static void
be_silent (DaemonVoice *self)
{
  DaemonVoiceSilence silence = self->silence;
  gpointer data = self->silence_data;
  forget_listener (self);
  if (silence != NULL)
    silence (data);
  tell_changed (self);
}

static void
on_listen_alarm (gpointer user_data)
{
  DaemonVoice *self = user_data;
  self->listen_alarm = 0;
  be_silent (self);
}

static gboolean
is_user_heard (DaemonVoice *self)
{
  return self->user == DAEMON_VOICE_USER_SPEAKS || self->user == DAEMON_VOICE_USER_UNDERSTOOD;
}

/* Starts the time that somebody has to say something, if it is time for it. */
static void
open_microphone (DaemonVoice *self)
{
  if (self->silence == NULL || self->listen_alarm != 0 || is_user_heard (self)
      || player_narrator_is_busy (self->narrator))
    return;
  self->listen_until_ms = player_clock_now_ms (self->clock) + DAEMON_VOICE_LISTEN_MS;
  self->listen_alarm
      = player_clock_add_alarm (self->clock, DAEMON_VOICE_LISTEN_MS, on_listen_alarm, self);
}

void
daemon_voice_listen (DaemonVoice *self,
                     const char *skill,
                     DaemonVoiceSilence silence,
                     gpointer user_data)
{
  g_return_if_fail (DAEMON_IS_VOICE (self) && skill != NULL && silence != NULL);
  forget_listener (self);
  self->listener = g_strdup (skill);
  self->silence = silence;
  self->silence_data = user_data;
  open_microphone (self);
  tell_changed (self);
}

void
daemon_voice_stop_listening (DaemonVoice *self, gpointer user_data)
{
  g_return_if_fail (DAEMON_IS_VOICE (self));
  if (self->silence == NULL || self->silence_data != user_data)
    return;
  forget_listener (self);
  tell_changed (self);
}

/* --- The user ----------------------------------------------------------------------------------
 */

static void
set_user (DaemonVoice *self, DaemonVoiceUser user)
{
  gboolean was_heard = is_user_heard (self);
  player_clock_remove_alarm (self->clock, self->user_alarm);
  self->user_alarm = 0;
  self->user = user;
  if (!was_heard && is_user_heard (self))
    daemon_router_hold_floor (self->router);
  else if (was_heard && !is_user_heard (self))
    daemon_router_release_floor (self->router);
}

/* What was said leads to nothing. The session says so before the floor is free, so that what plays
 * is not heard between the two. */
static void
waste_turn (DaemonVoice *self)
{
  daemon_router_hold_floor (self->router);
  set_user (self, DAEMON_VOICE_USER_QUIET);
  be_silent (self);
  daemon_router_release_floor (self->router);
}

static void
on_user_alarm (gpointer user_data)
{
  DaemonVoice *self = user_data;
  self->user_alarm = 0;
  waste_turn (self);
}

void
daemon_voice_begin_user_speech (DaemonVoice *self)
{
  g_return_if_fail (DAEMON_IS_VOICE (self));
  if (self->user == DAEMON_VOICE_USER_SPEAKS)
    return;
  set_user (self, DAEMON_VOICE_USER_SPEAKS);
  stop_alarm (self);
  daemon_voice_hush (self);
  tell_changed (self);
}

gboolean
daemon_voice_end_user_speech (DaemonVoice *self, gboolean understood, GError **error)
{
  g_return_val_if_fail (DAEMON_IS_VOICE (self), FALSE);
  if (self->user == DAEMON_VOICE_USER_HAS_ASKED)
    set_user (self, DAEMON_VOICE_USER_QUIET);
  else if (self->user != DAEMON_VOICE_USER_SPEAKS)
    {
      g_set_error (error, BUS_ERROR, BUS_ERROR_NOT_SPEAKING, "nobody has begun to speak");
      return FALSE;
    }
  else if (understood)
    {
      set_user (self, DAEMON_VOICE_USER_UNDERSTOOD);
      self->user_alarm
          = player_clock_add_alarm (self->clock, DAEMON_VOICE_LISTEN_MS, on_user_alarm, self);
    }
  else
    waste_turn (self);
  tell_changed (self);
  return TRUE;
}

void
daemon_voice_take_turn (DaemonVoice *self)
{
  g_return_if_fail (DAEMON_IS_VOICE (self));
  if (self->user == DAEMON_VOICE_USER_SPEAKS)
    set_user (self, DAEMON_VOICE_USER_HAS_ASKED);
  else if (self->user == DAEMON_VOICE_USER_UNDERSTOOD)
    set_user (self, DAEMON_VOICE_USER_QUIET);
  daemon_voice_hush (self);
  tell_changed (self);
}

/* --- Speaking ----------------------------------------------------------------------------------
 */

static void
tell_state (DaemonVoice *self, PlayerUtterance *utterance, const PlayerSpeechEvent *event)
{
  const char *skill = g_hash_table_lookup (self->skills, utterance);
  daemon_timeline_speech_state (self->timeline, skill != NULL ? skill : "", utterance->id,
                                player_speech_event_type_to_string (event->type),
                                event->error_message);
}

/* Known only now that the recordings are played. */
static void
tell_too_long (DaemonVoice *self, PlayerUtterance *utterance)
{
  const char *skill = g_hash_table_lookup (self->skills, utterance);
  gboolean is_reprompt = utterance->max_audio_ms == ALEXA_REPROMPT_MAX_AUDIO_MS;
  g_autoptr (AlexaFinding) finding = alexa_finding_new (
      ALEXA_LINT_SPEECH_AUDIO_TOO_LONG,
      is_reprompt ? "response.reprompt.outputSpeech" : "response.outputSpeech", NULL);
  daemon_timeline_finding (self->timeline, skill != NULL ? skill : "", utterance->id, finding);
}

static void
on_event (PlayerNarrator *narrator,
          PlayerUtterance *utterance,
          const PlayerSpeechEvent *event,
          gpointer user_data)
{
  DaemonVoice *self = user_data;
  tell_state (self, utterance, event);
  if (event->type == PLAYER_SPEECH_FAULT && event->too_long)
    tell_too_long (self, utterance);
  if (event->type != PLAYER_SPEECH_STARTED && event->type != PLAYER_SPEECH_FAULT)
    g_hash_table_remove (self->skills, utterance);
}

/* Nothing is spoken any more. */
static void
on_idle (PlayerNarrator *narrator, gpointer user_data)
{
  DaemonVoice *self = user_data;
  open_microphone (self);
  if (self->holds_floor)
    {
      self->holds_floor = FALSE;
      daemon_router_release_floor (self->router);
    }
  tell_changed (self);
}

/* A stream that was ordered just before waits, too. */
static void
hold_floor (DaemonVoice *self)
{
  daemon_router_hold_floor (self->router);
  if (self->holds_floor)
    daemon_router_release_floor (self->router);
  self->holds_floor = TRUE;
}

void
daemon_voice_say (DaemonVoice *self, const DaemonSaying *saying)
{
  g_return_if_fail (DAEMON_IS_VOICE (self) && saying != NULL);
  g_autoptr (PlayerUtterance) utterance = player_utterance_new (
      saying->request_id, saying->skill, saying->locale, saying->parts, saying->max_audio_ms);
  if (is_user_heard (self))
    {
      daemon_timeline_speech_state (self->timeline, saying->skill, saying->request_id, "stopped",
                                    "somebody else speaks");
      return;
    }
  stop_alarm (self);
  if (!self->mute)
    hold_floor (self);
  g_hash_table_insert (self->skills, player_utterance_ref (utterance), g_strdup (saying->skill));
  player_narrator_say (self->narrator, utterance, saying->behavior);
  tell_changed (self);
}

void
daemon_voice_set_speech (DaemonVoice *self, PlayerSpeech *speech)
{
  g_return_if_fail (DAEMON_IS_VOICE (self));
  player_narrator_set_speech (self->narrator, speech);
  self->mute = speech == NULL;
}

void
daemon_voice_hush (DaemonVoice *self)
{
  g_return_if_fail (DAEMON_IS_VOICE (self));
  player_narrator_hush (self->narrator);
}

void
daemon_voice_describe (DaemonVoice *self, BusVoice *state)
{
  g_return_if_fail (DAEMON_IS_VOICE (self) && state != NULL);
  gboolean open = self->listen_alarm != 0 || self->user == DAEMON_VOICE_USER_SPEAKS;
  gint64 left_ms
      = self->listen_alarm != 0 ? self->listen_until_ms - player_clock_now_ms (self->clock) : 0;
  *state = (BusVoice){
    .microphone_open = open,
    .microphone_skill = open && self->listener != NULL ? self->listener : "",
    .time_left_ms = (guint)CLAMP (left_ms, 0, DAEMON_VOICE_LISTEN_MS),
    .speaking = player_narrator_is_busy (self->narrator),
  };
}

/* --- Life --------------------------------------------------------------------------------------
 */

static void
daemon_voice_dispose (GObject *object)
{
  DaemonVoice *self = DAEMON_VOICE (object);
  if (self->narrator != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->narrator, self);
      player_narrator_hush (self->narrator);
    }
  if (self->clock != NULL)
    {
      forget_listener (self);
      player_clock_remove_alarm (self->clock, self->user_alarm);
      self->user_alarm = 0;
    }
  g_clear_object (&self->narrator);
  g_clear_object (&self->router);
  g_clear_object (&self->timeline);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (daemon_voice_parent_class)->dispose (object);
}

static void
daemon_voice_finalize (GObject *object)
{
  DaemonVoice *self = DAEMON_VOICE (object);
  g_hash_table_unref (self->skills);
  G_OBJECT_CLASS (daemon_voice_parent_class)->finalize (object);
}

static void
daemon_voice_class_init (DaemonVoiceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = daemon_voice_dispose;
  G_OBJECT_CLASS (klass)->finalize = daemon_voice_finalize;
  g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
}

static void
daemon_voice_init (DaemonVoice *self)
{
  self->skills = g_hash_table_new_full (NULL, NULL, (GDestroyNotify)player_utterance_unref, g_free);
}

DaemonVoice *
daemon_voice_new (DaemonRouter *router,
                  DaemonTimeline *timeline,
                  PlayerClock *clock,
                  PlayerSpeech *speech)
{
  g_return_val_if_fail (DAEMON_IS_ROUTER (router) && DAEMON_IS_TIMELINE (timeline), NULL);
  g_return_val_if_fail (PLAYER_IS_CLOCK (clock), NULL);
  DaemonVoice *self = g_object_new (DAEMON_TYPE_VOICE, NULL);
  self->router = g_object_ref (router);
  self->timeline = g_object_ref (timeline);
  self->clock = g_object_ref (clock);
  self->mute = speech == NULL;
  self->narrator = player_narrator_new (speech);
  g_signal_connect (self->narrator, "event", G_CALLBACK (on_event), self);
  g_signal_connect (self->narrator, "idle", G_CALLBACK (on_idle), self);
  return self;
}

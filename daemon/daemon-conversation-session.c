/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-conversation-private.h"
#include "daemon-obey.h"

static void on_silence (gpointer user_data);

static void
forget_reprompt (DaemonConversation *self)
{
  g_clear_pointer (&self->reprompting, alexa_response_unref);
  g_clear_pointer (&self->reprompt_request_id, g_free);
}

void
daemon_conversation_stop_waiting (DaemonConversation *self)
{
  daemon_voice_stop_listening (self->context->voice, self);
  forget_reprompt (self);
  player_clock_remove_alarm (self->context->clock, self->session_alarm);
  self->session_alarm = 0;
}

static void
listen (DaemonConversation *self)
{
  daemon_voice_listen (self->context->voice, daemon_skill_get_name (self->skill), on_silence, self);
}

/* Nobody has said anything: the reprompt, and after it the end. */
static void
on_silence (gpointer user_data)
{
  DaemonConversation *self = user_data;
  if (self->reprompting == NULL)
    {
      daemon_errand_unref (daemon_conversation_close_session (
          self, ALEXA_ENDED_EXCEEDED_MAX_REPROMPTS, NULL, NULL, FALSE));
      return;
    }
  g_autoptr (AlexaResponse) response = g_steal_pointer (&self->reprompting);
  g_autofree char *request_id = g_steal_pointer (&self->reprompt_request_id);
  DaemonAnswered answered
      = { daemon_skill_get_name (self->skill), ALEXA_REQUEST_INTENT, request_id, response };
  daemon_obey_reprompt (self->context, &answered);
  listen (self);
}

static void
tell (DaemonConversation *self, const AlexaSession *session, gboolean open, const char *reason)
{
  daemon_timeline_session (self->context->timeline, daemon_skill_get_name (self->skill),
                           session->id, open, reason);
  g_signal_emit_by_name (self, "session-changed");
}

AlexaSession *
daemon_conversation_join_session (DaemonConversation *self)
{
  AlexaSession *session = daemon_skill_get_session (self->skill);
  if (session != NULL)
    return session;
  session = daemon_skill_open_session (self->skill);
  tell (self, session, TRUE, "");
  return session;
}

/* (transfer full): the session, which is over. What gave way to it still waits. */
static AlexaSession *
take_session (DaemonConversation *self, const char *reason)
{
  AlexaSession *session = daemon_skill_take_session (self->skill);
  session->is_new = FALSE; /* it was opened by a request that has left, answered or not */
  daemon_conversation_stop_waiting (self);
  tell (self, session, FALSE, reason);
  return session;
}

/* Lets go on what gave way to the session. */
static void
give_way_back (DaemonConversation *self)
{
  if (!self->session_holds_floor)
    return;
  self->session_holds_floor = FALSE;
  daemon_router_release_floor (self->context->router);
}

DaemonErrand *
daemon_conversation_close_session (DaemonConversation *self,
                                   AlexaEndedReason reason,
                                   const char *error_type,
                                   const char *error_message,
                                   gboolean next)
{
  g_autoptr (AlexaRequest) request
      = alexa_request_new_session_ended (reason, error_type, error_message);
  g_autoptr (DaemonErrand) errand = daemon_errand_new (request);
  errand->session = take_session (self, alexa_ended_reason_to_string (reason));
  if (next || !daemon_lane_push (self->lane, errand))
    daemon_lane_push_next (self->lane, errand);
  give_way_back (self); /* the report that audio goes on gets in line behind */
  return g_steal_pointer (&errand);
}

static void
keep_open (DaemonConversation *self, const char *request_id, AlexaResponse *response)
{
  /* Also if the session holds it already: a Play of this answer waits, too. */
  daemon_router_hold_floor (self->context->router);
  if (self->session_holds_floor)
    daemon_router_release_floor (self->context->router);
  self->session_holds_floor = TRUE;
  daemon_conversation_stop_waiting (self);
  if (daemon_lane_has_waiting_voice (self->lane))
    return;
  if (response->reprompt != NULL && *response->reprompt->text != '\0')
    {
      self->reprompting = alexa_response_ref (response);
      self->reprompt_request_id = g_strdup (request_id);
    }
  listen (self);
}

static gboolean
wants_open (AlexaRequest *request, const AlexaResponse *response)
{
  return alexa_response_keeps_session (response)
         && g_strcmp0 (request->intent_name, "AMAZON.StopIntent") != 0;
}

void
daemon_conversation_session_answered (DaemonConversation *self,
                                      AlexaRequest *request,
                                      const char *request_id,
                                      AlexaResponse *response)
{
  g_autoptr (GBytes) none = g_bytes_new_static ("{}", 2);
  GBytes *attributes = response->session_attributes;
  if (attributes == NULL && daemon_skill_is_strict (self->skill))
    attributes = none;
  alexa_session_answered (daemon_skill_get_session (self->skill), attributes);
  if (wants_open (request, response) && !self->closing)
    {
      keep_open (self, request_id, response);
      g_signal_emit_by_name (self, "session-answered");
    }
  else
    {
      alexa_session_free (take_session (self, ""));
      give_way_back (self);
    }
}

/* --- Over a restart ----------------------------------------------------------------------------
 */

gint64
daemon_conversation_get_patience_ms (DaemonConversation *self)
{
  g_return_val_if_fail (DAEMON_IS_CONVERSATION (self), 0);
  if (!daemon_conversation_has_session (self))
    return 0;
  return (self->reprompting != NULL ? 2 : 1) * (gint64)DAEMON_VOICE_LISTEN_MS;
}

static void
on_session_alarm (gpointer user_data)
{
  DaemonConversation *self = user_data;
  self->session_alarm = 0;
  daemon_errand_unref (daemon_conversation_close_session (self, ALEXA_ENDED_EXCEEDED_MAX_REPROMPTS,
                                                          NULL, NULL, FALSE));
}

void
daemon_conversation_restore_session (DaemonConversation *self,
                                     AlexaSession *session,
                                     gint64 left_ms)
{
  g_return_if_fail (DAEMON_IS_CONVERSATION (self) && session != NULL);
  g_return_if_fail (!daemon_conversation_has_session (self));
  daemon_skill_restore_session (self->skill, session);
  tell (self, session, TRUE, "");
  if (left_ms > 0)
    self->session_alarm
        = player_clock_add_alarm (self->context->clock, left_ms, on_session_alarm, self);
  else
    on_session_alarm (self);
}

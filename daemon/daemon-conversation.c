/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-conversation.h"

#include "daemon-conversation-private.h"
#include "daemon-envelope.h"
#include "daemon-journal.h"
#include "daemon-obey.h"
#include "dbus/bus-errors.h"

/* The most used server framework of skills refuses larger requests. */
#define LARGE_BODY_BYTES (96 * 1024)

G_DEFINE_FINAL_TYPE (DaemonConversation, daemon_conversation, G_TYPE_OBJECT)

DaemonSkill *
daemon_conversation_get_skill (DaemonConversation *self)
{
  g_return_val_if_fail (DAEMON_IS_CONVERSATION (self), NULL);
  return self->skill;
}

gboolean
daemon_conversation_has_session (DaemonConversation *self)
{
  g_return_val_if_fail (DAEMON_IS_CONVERSATION (self), FALSE);
  return daemon_skill_get_session (self->skill) != NULL;
}

gboolean
daemon_conversation_is_settled (DaemonConversation *self)
{
  g_return_val_if_fail (DAEMON_IS_CONVERSATION (self), TRUE);
  return daemon_lane_is_idle (self->lane);
}

/* --- Sending --------------------------------------------------------------------------------- */

/* (nullable) (transfer none): the session @errand is about; opens one for those that need it. */
static const AlexaSession *
choose_session (DaemonConversation *self, DaemonErrand *errand)
{
  if (!alexa_request_type_has_session (errand->request->type))
    return NULL;
  if (errand->session != NULL)
    return errand->session;
  if (errand->request->type == ALEXA_REQUEST_CAN_FULFILL_INTENT)
    return errand->session = alexa_session_new (); /* nobody is in it */
  const AlexaSession *session = daemon_conversation_join_session (self);
  g_free (errand->session_id);
  errand->session_id = g_strdup (session->id);
  return session;
}

static gboolean
is_voice (const AlexaRequest *request)
{
  return request->type == ALEXA_REQUEST_LAUNCH || request->type == ALEXA_REQUEST_INTENT;
}

/* (transfer full): by which the skill may speak while it prepares its answer, if it may. */
static char *
make_api_access_token (DaemonConversation *self, const AlexaRequest *request)
{
  DaemonDirectiveService *service = self->context->directive_service;
  if (service == NULL || !is_voice (request))
    return g_strdup (self->context->api_access_token);
  return daemon_directive_service_admit (service, daemon_skill_get_name (self->skill),
                                         request->request_id,
                                         daemon_skill_takes_http (self->skill));
}

static void
tell_sent (DaemonConversation *self, DaemonErrand *errand, const DaemonEnvelope *envelope)
{
  g_autoptr (GBytes) told = daemon_envelope_build_told (envelope, errand->request);
  daemon_timeline_request_sent (self->context->timeline, daemon_skill_get_name (self->skill),
                                errand->request->request_id,
                                alexa_request_type_to_string (errand->request->type), told);
}

/* A NearlyFinished that has to be repeated is of no use any more when its stream is not the current
 * one. */
static gboolean
is_outdated (DaemonErrand *errand, const PlayerSnapshot *snapshot)
{
  return errand->request->type == ALEXA_REQUEST_PLAYBACK_NEARLY_FINISHED && errand->attempts > 1
         && errand->serial != snapshot->serial;
}

static void
drop (DaemonConversation *self, DaemonErrand *errand, const char *why)
{
  const char *name = daemon_skill_get_name (self->skill);
  daemon_journal_log (DAEMON_JOURNAL_REPORT_DROPPED, DAEMON_JOURNAL_FIELDS ("SEGUE_SKILL", name),
                      "%s: a %s is dropped: %s", name,
                      alexa_request_type_to_string (errand->request->type), why);
  daemon_outbox_remove (self->context->outbox, errand->outbox_id, DAEMON_OUTBOX_DROPPED);
}

/* A Launch has a session of its own, also if the request before it has opened one meanwhile. */
static gboolean
must_leave_first (DaemonConversation *self, DaemonErrand *errand)
{
  return errand->request->type == ALEXA_REQUEST_LAUNCH && daemon_conversation_has_session (self);
}

/* The lane says that it is @errand's turn. */
static void
send_errand (DaemonErrand *errand, gpointer user_data)
{
  DaemonConversation *self = user_data;
  g_autoptr (DaemonErrand) kept = daemon_errand_ref (errand);
  g_autoptr (PlayerSnapshot) snapshot = player_controller_get_snapshot (self->context->controller);
  gboolean old = daemon_errand_is_old (errand, g_get_monotonic_time ());
  if (old)
    drop (self, errand, "it could not be told for too long");
  if (old || is_outdated (errand, snapshot))
    {
      daemon_lane_settle (self->lane, DAEMON_LANE_GIVEN_UP);
      daemon_conversation_conclude (self, errand, NULL);
      return;
    }
  if (must_leave_first (self, errand))
    {
      daemon_lane_settle (self->lane, DAEMON_LANE_POSTPONED);
      daemon_errand_unref (
          daemon_conversation_close_session (self, ALEXA_ENDED_USER_INITIATED, NULL, NULL, TRUE));
      return;
    }
  const AlexaSession *session = choose_session (self, errand);
  g_autofree char *token = make_api_access_token (self, errand->request);
  g_autoptr (DaemonEnvelope) envelope
      = daemon_envelope_new (self->context, self->skill, session, snapshot, token);
  g_autoptr (GBytes) body = daemon_envelope_build (envelope, errand->request);
  if (g_bytes_get_size (body) > LARGE_BODY_BYTES)
    g_message ("%s: a request of %" G_GSIZE_FORMAT
               " bytes: many skills refuse more than 100 KB; its session attributes are too large",
               daemon_skill_get_name (self->skill), g_bytes_get_size (body));
  tell_sent (self, errand, envelope);
  daemon_conversation_transmit (self, errand, body);
  if (errand->done_at_send)
    daemon_errand_report_done (errand, NULL);
}

/* --- What is to be said ------------------------------------------------------------------------
 */

/* Somebody speaks: the report that the audio is paused gets in line before what is said. */
static void
begin_voice (DaemonConversation *self, DaemonErrand *errand)
{
  errand->holds_floor = TRUE;
  daemon_router_hold_floor (self->context->router);
  if (errand->request->type == ALEXA_REQUEST_LAUNCH && daemon_conversation_has_session (self))
    daemon_errand_unref (
        daemon_conversation_close_session (self, ALEXA_ENDED_USER_INITIATED, NULL, NULL, FALSE));
}

gboolean
daemon_conversation_ask (DaemonConversation *self,
                         AlexaRequest *request,
                         DaemonErrandFunc done,
                         gpointer user_data,
                         GError **error)
{
  g_return_val_if_fail (DAEMON_IS_CONVERSATION (self) && request != NULL, FALSE);
  g_autoptr (DaemonErrand) errand = daemon_errand_new (request);
  if (self->closing)
    {
      g_set_error (error, BUS_ERROR, BUS_ERROR_SHUTTING_DOWN, "the daemon is shutting down");
      return FALSE;
    }
  if (daemon_errand_is_voice (errand))
    begin_voice (self, errand);
  if (!daemon_lane_push (self->lane, errand))
    {
      daemon_conversation_conclude (self, errand, NULL);
      g_set_error (error, BUS_ERROR, BUS_ERROR_BUSY, "%d requests wait for this skill already",
                   DAEMON_LANE_MAX_INTERACTIVE);
      return FALSE;
    }
  errand->done = done;
  errand->done_data = user_data;
  if (daemon_errand_is_voice (errand))
    {
      daemon_conversation_stop_waiting (self);
      daemon_voice_take_turn (self->context->voice);
    }
  return TRUE;
}

static void
drop_excess (DaemonConversation *self)
{
  g_autoptr (DaemonErrand) excess = daemon_lane_drop_excess (self->lane);
  if (excess != NULL)
    drop (self, excess, "too many reports wait");
}

/* (transfer full): what the skill is told of @report: not what another skill has played. */
static AlexaRequest *
make_playback_request (DaemonConversation *self, const PlayerReport *report)
{
  AlexaRequest *request = alexa_request_new_playback (report);
  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (self->context->controller);
  if (!daemon_envelope_owns_audio (self->skill, now))
    g_clear_pointer (&request->state_token, g_free);
  return request;
}

void
daemon_conversation_report (DaemonConversation *self, const PlayerReport *report)
{
  g_return_if_fail (DAEMON_IS_CONVERSATION (self) && report != NULL);
  g_autoptr (AlexaRequest) request = make_playback_request (self, report);
  g_autoptr (DaemonErrand) errand = daemon_errand_new (request);
  errand->serial = report->serial;
  errand->epoch = daemon_router_get_epoch (self->context->router);
  if (daemon_errand_is_outcome (errand))
    errand->outbox_id
        = daemon_outbox_add (self->context->outbox, daemon_skill_get_name (self->skill), request);
  daemon_lane_push (self->lane, errand);
  drop_excess (self);
}

void
daemon_conversation_restore (DaemonConversation *self, const DaemonOutboxEntry *entry)
{
  g_return_if_fail (DAEMON_IS_CONVERSATION (self) && entry != NULL);
  g_autoptr (DaemonErrand) errand = daemon_errand_new (entry->request);
  errand->outbox_id = entry->id;
  errand->made_us -= daemon_outbox_get_age_us (entry->at_us, g_get_real_time ());
  errand->restored = TRUE;
  daemon_lane_push (self->lane, errand);
  drop_excess (self);
}

gboolean
daemon_conversation_end_session (DaemonConversation *self,
                                 DaemonErrandFunc sent,
                                 gpointer user_data,
                                 GError **error)
{
  g_return_val_if_fail (DAEMON_IS_CONVERSATION (self), FALSE);
  if (!daemon_conversation_has_session (self))
    {
      g_set_error (error, BUS_ERROR, BUS_ERROR_NO_SESSION, "there is no open session with %s",
                   daemon_skill_get_name (self->skill));
      return FALSE;
    }
  g_autoptr (DaemonErrand) errand
      = daemon_conversation_close_session (self, ALEXA_ENDED_USER_INITIATED, NULL, NULL, FALSE);
  daemon_voice_take_turn (self->context->voice);
  errand->done_at_send = TRUE;
  errand->done = sent;
  errand->done_data = user_data;
  return TRUE;
}

void
daemon_conversation_abandon (DaemonConversation *self)
{
  g_return_if_fail (DAEMON_IS_CONVERSATION (self));
  g_autoptr (GError) error = g_error_new_literal (BUS_ERROR, BUS_ERROR_SUPERSEDED,
                                                  "the user has turned to another skill");
  for (DaemonErrand *errand = daemon_lane_take_voice (self->lane); errand != NULL;
       errand = daemon_lane_take_voice (self->lane))
    {
      daemon_conversation_conclude (self, errand, error);
      daemon_errand_unref (errand);
    }
  if (daemon_conversation_has_session (self))
    daemon_errand_unref (
        daemon_conversation_close_session (self, ALEXA_ENDED_USER_INITIATED, NULL, NULL, FALSE));
}

char *
daemon_conversation_handle (DaemonConversation *self,
                            AlexaRequestType type,
                            GBytes *json,
                            GError **error)
{
  g_return_val_if_fail (DAEMON_IS_CONVERSATION (self) && json != NULL, NULL);
  g_autoptr (AlexaRequest) request = alexa_request_new (type);
  g_autoptr (AlexaResponse) response = daemon_obey_document (
      self->context, daemon_skill_get_name (self->skill), daemon_skill_takes_http (self->skill),
      daemon_skill_is_strict (self->skill), request, json, error);
  if (response == NULL)
    return NULL;
  gboolean is_voice = type == ALEXA_REQUEST_LAUNCH || type == ALEXA_REQUEST_INTENT;
  if (is_voice && daemon_conversation_has_session (self))
    daemon_conversation_session_answered (self, request, request->request_id, response);
  return g_strdup (request->request_id);
}

/* --- The world outside ------------------------------------------------------------------------
 */

/* Skills refuse what was said 150 s ago, and for good: nothing is told while the clock stands in 1970.
 * One on this machine has the same clock. */
static void
look_at_clock (DaemonConversation *self)
{
  DaemonNetwork *network = self->context->network;
  daemon_lane_hold_reports (self->lane, network != NULL && !daemon_skill_takes_http (self->skill)
                                            && !daemon_network_is_clock_set (network));
}

void
daemon_conversation_try_again (DaemonConversation *self)
{
  g_return_if_fail (DAEMON_IS_CONVERSATION (self));
  look_at_clock (self);
  daemon_lane_hurry (self->lane);
}

/* --- Life ------------------------------------------------------------------------------------ */

/* Those who wait for an answer are told that none will come. What the skill still has to know stays
 * in the lane if @keep. */
static void
turn_away (DaemonConversation *self, gboolean keep)
{
  g_autoptr (GError) error
      = g_error_new_literal (BUS_ERROR, BUS_ERROR_SHUTTING_DOWN, "the daemon is shutting down");
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify)daemon_errand_unref);
  for (DaemonErrand *errand = daemon_lane_take (self->lane); errand != NULL;
       errand = daemon_lane_take (self->lane))
    g_ptr_array_add (all, errand);
  for (guint i = 0; i < all->len; i++)
    {
      DaemonErrand *errand = g_ptr_array_index (all, i);
      gboolean asks = daemon_errand_is_interactive (errand) && errand->session == NULL;
      if (asks || !keep)
        daemon_conversation_conclude (self, errand, error);
      else
        daemon_lane_push (self->lane, errand);
    }
}

void
daemon_conversation_shut_down (DaemonConversation *self)
{
  g_return_if_fail (DAEMON_IS_CONVERSATION (self));
  if (self->closing)
    return;
  self->closing = TRUE;
  turn_away (self, TRUE);
  if (daemon_conversation_has_session (self))
    daemon_errand_unref (
        daemon_conversation_close_session (self, ALEXA_ENDED_USER_INITIATED, NULL, NULL, FALSE));
}

static void
daemon_conversation_dispose (GObject *object)
{
  DaemonConversation *self = DAEMON_CONVERSATION (object);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  if (self->lane != NULL)
    {
      self->closing = TRUE;
      daemon_conversation_stop_waiting (self);
      turn_away (self, FALSE);
    }
  g_clear_pointer (&self->lane, daemon_lane_free);
  G_OBJECT_CLASS (daemon_conversation_parent_class)->dispose (object);
}

static void
daemon_conversation_finalize (GObject *object)
{
  DaemonConversation *self = DAEMON_CONVERSATION (object);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->skill, daemon_skill_free);
  g_clear_pointer (&self->context, daemon_context_unref);
  G_OBJECT_CLASS (daemon_conversation_parent_class)->finalize (object);
}

static void
daemon_conversation_class_init (DaemonConversationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->dispose = daemon_conversation_dispose;
  object_class->finalize = daemon_conversation_finalize;
  g_signal_new ("session-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                NULL, G_TYPE_NONE, 0);
  g_signal_new ("session-answered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                NULL, G_TYPE_NONE, 0);
  g_signal_new ("settled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
}

static void
daemon_conversation_init (DaemonConversation *self)
{
  self->cancellable = g_cancellable_new ();
}

DaemonConversation *
daemon_conversation_new (DaemonContext *context, DaemonSkill *skill)
{
  g_return_val_if_fail (context != NULL && skill != NULL, NULL);
  DaemonConversation *self = g_object_new (DAEMON_TYPE_CONVERSATION, NULL);
  self->context = daemon_context_ref (context);
  self->skill = skill;
  self->lane = daemon_lane_new (context->clock, send_errand, self);
  look_at_clock (self);
  return self;
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-conversation-private.h"
#include "daemon-fault.h"
#include "daemon-journal.h"
#include "daemon-obey.h"
#include "dbus/bus-errors.h"

/* So often a report may fail while the skill answers other requests. */
#define MAX_STUCK 3

/* An errand on its way. */
typedef struct
{
  DaemonConversation *self; /* (owned) */
  DaemonErrand *errand;     /* (owned) */
} Flight;

static void
flight_free (Flight *flight)
{
  g_object_unref (flight->self);
  daemon_errand_unref (flight->errand);
  g_free (flight);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Flight, flight_free)

/* What went wrong with an errand, and what the skill is told about it. */
typedef struct
{
  GError *error; /* (owned) of BUS_ERROR */
  DaemonFaultClass class;
  const char *message_for_skill;
} Fault;

static const char *
get_name (DaemonConversation *self)
{
  return daemon_skill_get_name (self->skill);
}

void
daemon_conversation_conclude (DaemonConversation *self, DaemonErrand *errand, const GError *error)
{
  if (errand->holds_floor)
    {
      errand->holds_floor = FALSE;
      daemon_router_release_floor (self->context->router);
    }
  daemon_errand_report_done (errand, error);
  if (daemon_lane_is_idle (self->lane))
    g_signal_emit_by_name (self, "settled");
}

/* A report that the skill will not take, or that is given up. Whatever came with status 200 has been
 * taken. */
static DaemonOutboxEnd
note_end (DaemonConversation *self, const DaemonErrand *errand, const GError *error)
{
  const char *type = alexa_request_type_to_string (errand->request->type);
  const char *const *fields = DAEMON_JOURNAL_FIELDS ("SEGUE_SKILL", get_name (self),
                                                     "SEGUE_REQUEST", errand->request->request_id);
  if (!daemon_errand_is_outcome (errand) || error == NULL
      || g_error_matches (error, BUS_ERROR, BUS_ERROR_INVALID_RESPONSE))
    return DAEMON_OUTBOX_TOLD;
  if (errand->n_stuck >= MAX_STUCK)
    {
      daemon_journal_log (DAEMON_JOURNAL_REPORT_DROPPED, fields,
                          "%s: a %s is dropped: it fails while other requests are answered: %s",
                          get_name (self), type, error->message);
      return DAEMON_OUTBOX_DROPPED;
    }
  daemon_journal_log (DAEMON_JOURNAL_REPORT_REFUSED, fields, "%s refuses a %s: %s", get_name (self),
                      type, error->message);
  return DAEMON_OUTBOX_REFUSED;
}

/* The answer, or that there will be none, is final. */
static void
finish (DaemonConversation *self,
        DaemonErrand *errand,
        DaemonLaneOutcome outcome,
        const GError *error)
{
  daemon_outbox_remove (self->context->outbox, errand->outbox_id, note_end (self, errand, error));
  daemon_lane_settle (self->lane, outcome);
  daemon_conversation_conclude (self, errand, error);
}

static void
push_exception (DaemonConversation *self, DaemonErrand *cause, const char *message)
{
  g_autoptr (AlexaRequest) request
      = alexa_request_new_exception ("INVALID_RESPONSE", message, cause->request->request_id);
  g_autoptr (DaemonErrand) errand = daemon_errand_new (request);
  daemon_lane_push_next (self->lane, errand);
}

/* Whether @errand belongs to the session that is open now. */
static gboolean
is_in_session (DaemonConversation *self, DaemonErrand *errand)
{
  AlexaSession *session = daemon_skill_get_session (self->skill);
  return session != NULL && g_strcmp0 (session->id, errand->session_id) == 0;
}

static void
end_session_by_fault (DaemonConversation *self, const Fault *fault)
{
  gboolean late = g_error_matches (fault->error, BUS_ERROR, BUS_ERROR_TIMEOUT);
  daemon_errand_unref (daemon_conversation_close_session (
      self, ALEXA_ENDED_ERROR, late ? "ENDPOINT_TIMEOUT" : "INVALID_RESPONSE",
      fault->message_for_skill, TRUE));
}

static gboolean
is_current (DaemonConversation *self, DaemonErrand *errand)
{
  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (self->context->controller);
  return now->serial == errand->serial;
}

/* Whether the fault is that of @errand: the skill is there, and answers others. */
static gboolean
is_stuck (DaemonConversation *self, DaemonErrand *errand, const Fault *fault)
{
  guint n_answers = daemon_lane_get_n_answers (self->lane);
  if (fault->class == DAEMON_FAULT_PASSING && errand->attempts > 1
      && errand->n_answers != n_answers)
    errand->n_stuck++;
  errand->n_answers = n_answers;
  return errand->n_stuck >= MAX_STUCK;
}

static gboolean
may_try_again (DaemonConversation *self, DaemonErrand *errand, const Fault *fault)
{
  if (fault->class == DAEMON_FAULT_FINAL || !daemon_errand_is_report (errand))
    return FALSE;
  if (is_stuck (self, errand, fault))
    return FALSE;
  return daemon_errand_is_outcome (errand) || is_current (self, errand);
}

static void
fail (DaemonConversation *self, DaemonErrand *errand, const Fault *fault)
{
  /* A skill that is away has nothing to be told of: it never saw the request. The service tells it
   * all the same. */
  gboolean tells_skill = (fault->class != DAEMON_FAULT_AWAY || daemon_skill_is_strict (self->skill))
                         && (daemon_errand_is_report (errand) || daemon_errand_is_button (errand));
  daemon_timeline_request_failed (self->context->timeline, get_name (self),
                                  errand->request->request_id, fault->error);
  if (is_in_session (self, errand))
    end_session_by_fault (self, fault);
  else if (tells_skill && errand->attempts == 1 && !self->closing)
    push_exception (self, errand, fault->message_for_skill);

  if (!may_try_again (self, errand, fault))
    finish (self, errand,
            fault->class == DAEMON_FAULT_FINAL ? DAEMON_LANE_ANSWERED : DAEMON_LANE_GIVEN_UP,
            fault->error);
  else if (self->closing) /* it stays stored for the next run */
    {
      daemon_lane_settle (self->lane, DAEMON_LANE_GIVEN_UP);
      daemon_conversation_conclude (self, errand, fault->error);
    }
  else
    daemon_lane_settle (self->lane, DAEMON_LANE_AGAIN);
}

static void
fail_transport (DaemonConversation *self, DaemonErrand *errand, const GError *why, guint status)
{
  g_autoptr (GError) error = daemon_fault_from_transport (why);
  daemon_obey_tell_void (self->context, get_name (self), errand->request->request_id, why);
  Fault fault = { error, daemon_fault_classify (why, status), DAEMON_FAULT_DISPATCH_MESSAGE };
  fail (self, errand, &fault);
}

static void
fail_response (DaemonConversation *self, DaemonErrand *errand, const GError *why)
{
  g_autoptr (GError) error = daemon_fault_from_response (why);
  daemon_obey_tell_void (self->context, get_name (self), errand->request->request_id, why);
  Fault fault = { error, DAEMON_FAULT_FINAL, daemon_fault_message_for_skill (why) };
  fail (self, errand, &fault);
}

static void
fail_strict (DaemonConversation *self, DaemonErrand *errand, const AlexaFinding *finding)
{
  g_autoptr (GError) error = g_error_new (BUS_ERROR, BUS_ERROR_INVALID_RESPONSE, "%s: %s",
                                          finding->path, finding->message);
  g_autofree char *message = alexa_finding_to_skill_message (finding, errand->request->request_id);
  Fault fault = { error, DAEMON_FAULT_FINAL, message };
  fail (self, errand, &fault);
}

/* (nullable): why directives that come now are not obeyed. */
static const char *
find_why_not (DaemonConversation *self, DaemonErrand *errand)
{
  if (self->closing)
    return "the daemon is shutting down";
  if (errand->restored)
    return "it answers a report of an earlier run";
  if (errand->session_id != NULL && !is_in_session (self, errand))
    return "somebody has left the session meanwhile";
  if (errand->attempts > 1 && errand->epoch != daemon_router_get_epoch (self->context->router))
    return "something else has been decided since the event";
  return NULL;
}

/* (nullable): why what comes now is not spoken. */
static const char *
find_why_silent (DaemonConversation *self, DaemonErrand *errand)
{
  const char *why_not = find_why_not (self, errand);
  if (why_not == NULL && daemon_lane_has_waiting_voice (self->lane))
    why_not = "somebody has spoken meanwhile";
  return why_not;
}

gboolean
daemon_conversation_may_speak (DaemonConversation *self, const char *request_id)
{
  g_return_val_if_fail (DAEMON_IS_CONVERSATION (self) && request_id != NULL, FALSE);
  DaemonErrand *errand = daemon_lane_get_in_flight (self->lane);
  return errand != NULL && g_str_equal (errand->request->request_id, request_id)
         && find_why_silent (self, errand) == NULL;
}

static void
add_own_findings (DaemonErrand *errand, const DaemonAnswer *answer, AlexaResponse *response)
{
  if (g_strcmp0 (answer->content_type, "application/json") != 0)
    alexa_lint_add (response->findings, ALEXA_LINT_CONTENT_TYPE, "", NULL);
  if (g_strcmp0 (errand->request->intent_name, "AMAZON.StopIntent") == 0
      && response->should_end_session != ALEXA_END_SESSION_TRUE)
    alexa_lint_add (response->findings, ALEXA_LINT_STOP_INTENT_SESSION_OPEN, "response",
                    "shouldEndSession");
}

static void
obey (DaemonConversation *self, DaemonErrand *errand, const DaemonAnswered *answered)
{
  DaemonContext *context = self->context;
  const AlexaFinding *forbidden = daemon_obey_find_forbidden (answered->response);
  daemon_obey_tell_words (context, answered);
  daemon_obey_directives (context, answered, find_why_not (self, errand));
  daemon_obey_speech (context, answered, find_why_silent (self, errand));
  if (errand->request->type == ALEXA_REQUEST_CAN_FULFILL_INTENT)
    daemon_timeline_can_fulfill (context->timeline, answered->skill, answered->request_id,
                                 answered->response->can_fulfill_intent);
  gboolean answers_event = daemon_errand_is_report (errand) || daemon_errand_is_button (errand);
  if (forbidden != NULL && answers_event && errand->request->type != ALEXA_REQUEST_PLAYBACK_STOPPED)
    push_exception (self, errand, forbidden->message);
  if (is_in_session (self, errand))
    daemon_conversation_session_answered (self, errand->request, errand->request->request_id,
                                          answered->response);
}

static void
understand (DaemonConversation *self, DaemonErrand *errand, const DaemonAnswer *answer)
{
  AlexaRequestType type = errand->request->type;
  g_autoptr (GError) error = NULL;
  g_autoptr (AlexaResponse) response = alexa_response_parse (
      answer->body, type, daemon_skill_takes_http (self->skill), get_name (self), &error);
  if (response == NULL && alexa_response_is_wanted (type))
    {
      fail_response (self, errand, error);
      return;
    }
  if (response != NULL)
    {
      DaemonAnswered answered = { get_name (self), type, errand->request->request_id, response };
      add_own_findings (errand, answer, response);
      daemon_obey_tell_findings (self->context, &answered);
      const AlexaFinding *fault = daemon_obey_find_error (response);
      if (fault != NULL && daemon_skill_is_strict (self->skill) && alexa_response_is_wanted (type))
        {
          fail_strict (self, errand, fault);
          return;
        }
      obey (self, errand, &answered);
    }
  finish (self, errand, DAEMON_LANE_ANSWERED, NULL);
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Flight) flight = user_data;
  DaemonConversation *self = flight->self;
  DaemonErrand *errand = flight->errand;
  g_autoptr (GError) error = NULL;
  g_autoptr (DaemonAnswer) partial = NULL;
  g_autoptr (DaemonAnswer) answer
      = daemon_transport_send_finish (DAEMON_TRANSPORT (source), result, &partial, &error);
  if (self->context->directive_service != NULL)
    daemon_directive_service_dismiss (self->context->directive_service,
                                      errand->request->request_id);
  if (g_cancellable_is_cancelled (self->cancellable))
    {
      /* The conversation is over; stored reports stay stored. */
      g_autoptr (GError) over
          = g_error_new_literal (BUS_ERROR, BUS_ERROR_SHUTTING_DOWN, "the daemon is shutting down");
      daemon_errand_report_done (errand, over);
      return;
    }

  const DaemonAnswer *came = answer != NULL ? answer : partial;
  if (came != NULL)
    daemon_timeline_answer_received (self->context->timeline, get_name (self),
                                     errand->request->request_id, came->status, came->elapsed_ms,
                                     came->body);
  if (answer == NULL)
    fail_transport (self, errand, error, came != NULL ? came->status : 0);
  else
    understand (self, errand, answer);
}

void
daemon_conversation_transmit (DaemonConversation *self, DaemonErrand *errand, GBytes *body)
{
  Flight *flight = g_new0 (Flight, 1);
  flight->self = g_object_ref (self);
  flight->errand = daemon_errand_ref (errand);
  daemon_transport_send (self->context->transport, daemon_skill_get_endpoint (self->skill),
                         daemon_skill_get_ca_file (self->skill),
                         daemon_skill_is_signed (self->skill), 0, body, self->cancellable,
                         on_answer, flight);
}

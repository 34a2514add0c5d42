/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-obey.h"

#include "daemon-fault.h"
#include "dbus/bus-errors.h"

static void
tell_finding (DaemonContext *context,
              const char *skill,
              const char *request_id,
              const AlexaFinding *finding)
{
  g_info ("%s: %s: %s (%s)", skill, finding->path, finding->message,
          alexa_severity_to_string (finding->severity));
  daemon_timeline_finding (context->timeline, skill, request_id, finding);
}

void
daemon_obey_tell_findings (DaemonContext *context, const DaemonAnswered *answered)
{
  const GPtrArray *findings = answered->response->findings;
  for (guint i = 0; i < findings->len; i++)
    tell_finding (context, answered->skill, answered->request_id, g_ptr_array_index (findings, i));
}

void
daemon_obey_tell_void (DaemonContext *context,
                       const char *skill,
                       const char *request_id,
                       const GError *error)
{
  g_return_if_fail (error != NULL);
  g_autoptr (AlexaFinding) finding = NULL;
  if (error->domain == ALEXA_RESPONSE_ERROR)
    finding = alexa_response_error_to_finding (error);
  else if (g_error_matches (error, DAEMON_TRANSPORT_ERROR, DAEMON_TRANSPORT_ERROR_TOO_LARGE))
    finding = alexa_finding_new (ALEXA_LINT_BODY_TOO_LARGE, "", error->message);
  if (finding != NULL)
    tell_finding (context, skill, request_id, finding);
}

/* Of a playback event: nobody has asked for what it brings. */
static gboolean
answers_event (AlexaRequestType type)
{
  return type >= ALEXA_REQUEST_PLAYBACK_STARTED && type <= ALEXA_REQUEST_PLAYBACK_FAILED;
}

/* (transfer full): what became of @directive. */
static char *
obey (DaemonContext *context,
      const DaemonAnswered *answered,
      const AlexaDirective *directive,
      const char *why_not)
{
  if (directive->refused != NULL)
    return g_strconcat ("refused: ", directive->refused, NULL);
  if (directive->command == NULL)
    return g_strdup ("ignored");
  if (why_not != NULL)
    return g_strconcat ("refused: ", why_not, NULL);
  return daemon_router_obey (context->router, directive->command,
                             answers_event (answered->request_type));
}

static void
obey_all (DaemonContext *context,
          const DaemonAnswered *answered,
          const GPtrArray *directives,
          const char *why_not)
{
  for (guint i = 0; i < directives->len; i++)
    {
      const AlexaDirective *directive = g_ptr_array_index (directives, i);
      g_autofree char *verdict = obey (context, answered, directive, why_not);
      daemon_timeline_directive (context->timeline, answered->skill, answered->request_id,
                                 directive, verdict);
    }
}

void
daemon_obey_directives (DaemonContext *context, const DaemonAnswered *answered, const char *why_not)
{
  obey_all (context, answered, answered->response->directives, why_not);
  /* None of a reprompt is one that can be obeyed. */
  obey_all (context, answered, answered->response->reprompt_directives, why_not);
}

void
daemon_obey_tell_words (DaemonContext *context, const DaemonAnswered *answered)
{
  const AlexaResponse *response = answered->response;
  if (response->speech != NULL)
    daemon_timeline_speech (context->timeline, answered->skill, answered->request_id,
                            response->speech->type, response->speech->text, FALSE);
  if (response->card_node != NULL)
    daemon_timeline_card (context->timeline, answered->skill, answered->request_id,
                          response->card_node);
}

static void
say (DaemonContext *context, const DaemonAnswered *answered, const AlexaSpeech *speech)
{
  if (speech->parts->len == 0)
    {
      daemon_timeline_speech_state (context->timeline, answered->skill, answered->request_id,
                                    "finished", NULL);
      return;
    }
  DaemonSaying saying = {
    .skill = answered->skill,
    .request_id = answered->request_id,
    .locale = context->locale,
    .parts = speech->parts,
    .max_audio_ms = speech->max_audio_ms,
    .behavior = speech->play_behavior,
  };
  daemon_voice_say (context->voice, &saying);
}

void
daemon_obey_progressive (DaemonContext *context, const DaemonAnswered *asked, AlexaSpeech *speech)
{
  daemon_timeline_speech (context->timeline, asked->skill, asked->request_id, speech->type,
                          speech->text, FALSE);
  say (context, asked, speech);
}

void
daemon_obey_speech (DaemonContext *context, const DaemonAnswered *answered, const char *why_not)
{
  const AlexaSpeech *speech = answered->response->speech;
  if (speech != NULL && why_not != NULL)
    daemon_timeline_speech_state (context->timeline, answered->skill, answered->request_id,
                                  "stopped", why_not);
  else if (speech != NULL)
    say (context, answered, speech);
}

void
daemon_obey_reprompt (DaemonContext *context, const DaemonAnswered *answered)
{
  const AlexaSpeech *reprompt = answered->response->reprompt;
  daemon_timeline_speech (context->timeline, answered->skill, answered->request_id, reprompt->type,
                          reprompt->text, TRUE);
  say (context, answered, reprompt);
}

const AlexaFinding *
daemon_obey_find_error (const AlexaResponse *response)
{
  return alexa_lint_find_void (response->findings);
}

const AlexaFinding *
daemon_obey_find_forbidden (const AlexaResponse *response)
{
  for (guint i = 0; i < response->findings->len; i++)
    {
      const AlexaFinding *finding = g_ptr_array_index (response->findings, i);
      if (finding->lint == ALEXA_LINT_PLAY_FORBIDDEN
          || finding->lint == ALEXA_LINT_DIRECTIVE_FORBIDDEN)
        return finding;
    }
  return NULL;
}

/* (transfer full): the answer, or NULL with the error for the caller. */
static AlexaResponse *
parse_document (const char *skill,
                gboolean http_media,
                gboolean strict,
                AlexaRequestType type,
                GBytes *json,
                GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (AlexaResponse) response = alexa_response_parse (json, type, http_media, skill, &local);
  if (response == NULL)
    {
      g_propagate_error (error, daemon_fault_from_response (local));
      return NULL;
    }
  const AlexaFinding *fault
      = strict && alexa_response_is_wanted (type) ? daemon_obey_find_error (response) : NULL;
  if (fault != NULL)
    {
      g_set_error (error, BUS_ERROR, BUS_ERROR_INVALID_RESPONSE, "%s: %s", fault->path,
                   fault->message);
      return NULL;
    }
  return g_steal_pointer (&response);
}

AlexaResponse *
daemon_obey_document (DaemonContext *context,
                      const char *skill,
                      gboolean http_media,
                      gboolean strict,
                      AlexaRequest *request,
                      GBytes *json,
                      GError **error)
{
  g_autoptr (AlexaResponse) response
      = parse_document (skill, http_media, strict, request->type, json, error);
  if (response == NULL)
    return NULL;
  DaemonAnswered answered = { skill, request->type, request->request_id, response };
  daemon_timeline_answer_received (context->timeline, skill, request->request_id, 200, 0, json);
  daemon_obey_tell_findings (context, &answered);
  daemon_obey_tell_words (context, &answered);
  daemon_obey_directives (context, &answered, NULL);
  daemon_obey_speech (context, &answered, NULL);
  return g_steal_pointer (&response);
}

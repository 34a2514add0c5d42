/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-timeline.h"

#include <string.h>

#include "alexa/alexa-json.h"
#include "daemon-fault.h"

struct _DaemonTimeline
{
  GObject parent;
};

G_DEFINE_FINAL_TYPE (DaemonTimeline, daemon_timeline, G_TYPE_OBJECT)

static void
daemon_timeline_class_init (DaemonTimelineClass *klass)
{
  g_signal_new ("step", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_VARIANT);
}

static void
daemon_timeline_init (DaemonTimeline *self)
{
}

DaemonTimeline *
daemon_timeline_new (void)
{
  return g_object_new (DAEMON_TYPE_TIMELINE, NULL);
}

/* Takes the floating @details. */
static void
emit (DaemonTimeline *self, const char *kind, GVariant *details)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (details);
  g_return_if_fail (DAEMON_IS_TIMELINE (self));
  g_signal_emit_by_name (self, "step", kind, owned);
}

/* (transfer full): @bytes as a string the bus can carry. */
static char *
to_text (GBytes *bytes)
{
  gsize size = 0;
  const char *data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;
  return data != NULL ? g_utf8_make_valid (data, strnlen (data, size)) : g_strdup ("");
}

static char *
node_to_text (JsonNode *node)
{
  g_autoptr (GBytes) bytes = alexa_json_to_bytes (node);
  return to_text (bytes);
}

void
daemon_timeline_request_sent (DaemonTimeline *self,
                              const char *skill,
                              const char *request_id,
                              const char *request_type,
                              GBytes *body)
{
  g_autofree char *json = to_text (body);
  emit (self, "RequestSent", g_variant_new ("(ssss)", skill, request_id, request_type, json));
}

void
daemon_timeline_answer_received (DaemonTimeline *self,
                                 const char *skill,
                                 const char *request_id,
                                 guint status,
                                 guint elapsed_ms,
                                 GBytes *body)
{
  g_autofree char *json = to_text (body);
  emit (self, "AnswerReceived",
        g_variant_new ("(ssuus)", skill, request_id, status, elapsed_ms, json));
}

void
daemon_timeline_request_failed (DaemonTimeline *self,
                                const char *skill,
                                const char *request_id,
                                const GError *error)
{
  g_autofree char *message = g_utf8_make_valid (error->message, -1);
  emit (self, "RequestFailed",
        g_variant_new ("(ssss)", skill, request_id, daemon_fault_to_name (error), message));
}

void
daemon_timeline_directive (DaemonTimeline *self,
                           const char *skill,
                           const char *request_id,
                           const AlexaDirective *directive,
                           const char *verdict)
{
  g_autofree char *json = node_to_text (directive->node);
  emit (self, "Directive",
        g_variant_new ("(sssss)", skill, request_id, directive->type, json, verdict));
}

void
daemon_timeline_finding (DaemonTimeline *self,
                         const char *skill,
                         const char *request_id,
                         const AlexaFinding *finding)
{
  emit (self, "Finding",
        g_variant_new ("(sssssss)", skill, request_id, finding->id,
                       alexa_severity_to_string (finding->severity), finding->path,
                       finding->message, finding->rule));
}

void
daemon_timeline_card (DaemonTimeline *self,
                      const char *skill,
                      const char *request_id,
                      JsonNode *card)
{
  g_autofree char *json = node_to_text (card);
  emit (self, "Card", g_variant_new ("(sss)", skill, request_id, json));
}

void
daemon_timeline_speech (DaemonTimeline *self,
                        const char *skill,
                        const char *request_id,
                        AlexaSpeechType type,
                        const char *text,
                        gboolean reprompt)
{
  emit (self, "Speech",
        g_variant_new ("(ssssb)", skill, request_id,
                       type == ALEXA_SPEECH_SSML ? "SSML" : "PlainText", text, reprompt));
}

void
daemon_timeline_speech_state (DaemonTimeline *self,
                              const char *skill,
                              const char *request_id,
                              const char *state,
                              const char *message)
{
  g_autofree char *valid = g_utf8_make_valid (message != NULL ? message : "", -1);
  emit (self, "SpeechState", g_variant_new ("(ssss)", skill, request_id, state, valid));
}

void
daemon_timeline_can_fulfill (DaemonTimeline *self,
                             const char *skill,
                             const char *request_id,
                             JsonNode *answer)
{
  g_autofree char *json = answer != NULL ? node_to_text (answer) : g_strdup ("");
  emit (self, "CanFulfillAnswered", g_variant_new ("(sss)", skill, request_id, json));
}

void
daemon_timeline_session (DaemonTimeline *self,
                         const char *skill,
                         const char *session_id,
                         gboolean open,
                         const char *reason)
{
  emit (self, "Session", g_variant_new ("(ssbs)", skill, session_id, open, reason));
}

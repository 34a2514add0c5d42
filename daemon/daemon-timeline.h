/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

#include "alexa/alexa-directive.h"
#include "alexa/alexa-lint.h"
#include "alexa/alexa-response.h"

G_BEGIN_DECLS

/**
 * DaemonTimeline:
 *
 * Where every step of every conversation is told, in order, as it happens.
 *
 * Signals:
 * - "step" (const char *kind, GVariant *details): as #BusBackend's signal of that name: kind is a
 * signal of org.segue.Segue1.Conversation, details its arguments.
 */
#define DAEMON_TYPE_TIMELINE (daemon_timeline_get_type ())
G_DECLARE_FINAL_TYPE (DaemonTimeline, daemon_timeline, DAEMON, TIMELINE, GObject)

DaemonTimeline *daemon_timeline_new (void);

/* @body: with secrets already replaced. */
void daemon_timeline_request_sent (DaemonTimeline *self,
                                   const char *skill,
                                   const char *request_id,
                                   const char *request_type,
                                   GBytes *body);
/* @body: whatever came; made fit for the bus (valid UTF-8 without NUL). */
void daemon_timeline_answer_received (DaemonTimeline *self,
                                      const char *skill,
                                      const char *request_id,
                                      guint status,
                                      guint elapsed_ms,
                                      GBytes *body);
/* @error: of the domain BUS_ERROR. */
void daemon_timeline_request_failed (DaemonTimeline *self,
                                     const char *skill,
                                     const char *request_id,
                                     const GError *error);
void daemon_timeline_directive (DaemonTimeline *self,
                                const char *skill,
                                const char *request_id,
                                const AlexaDirective *directive,
                                const char *verdict);
void daemon_timeline_finding (DaemonTimeline *self,
                              const char *skill,
                              const char *request_id,
                              const AlexaFinding *finding);
void daemon_timeline_card (DaemonTimeline *self,
                           const char *skill,
                           const char *request_id,
                           JsonNode *card);
void daemon_timeline_speech (DaemonTimeline *self,
                             const char *skill,
                             const char *request_id,
                             AlexaSpeechType type,
                             const char *text,
                             gboolean reprompt);
/* @state: "started", "fault", "finished" … as the signal has them; @message: (nullable): why. */
void daemon_timeline_speech_state (DaemonTimeline *self,
                                   const char *skill,
                                   const char *request_id,
                                   const char *state,
                                   const char *message);
/* @answer: (nullable): `canFulfillIntent` as it came. */
void daemon_timeline_can_fulfill (DaemonTimeline *self,
                                  const char *skill,
                                  const char *request_id,
                                  JsonNode *answer);
/* @reason: "" when the skill ended it, or when it was opened. */
void daemon_timeline_session (DaemonTimeline *self,
                              const char *skill,
                              const char *session_id,
                              gboolean open,
                              const char *reason);

G_END_DECLS

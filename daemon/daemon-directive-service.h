/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

#include "alexa/alexa-progressive.h"
#include "player/player-clock.h"

G_BEGIN_DECLS

/**
 * DaemonDirectiveService:
 *
 * The one service of the Alexa API that a skill on this machine finds here: POST /v1/directives with
 * a VoicePlayer.Speak lets it say something while it prepares its answer. (Progressive Response API
 * Reference)
 *
 * It listens on loopback addresses only. Whoever calls needs the token of a request that is pending
 * ("Authorization: Bearer"); sizes, time and number of connections are bounded. Answers are 204, or
 * an error {"code","type","message"} with the status 400 (body), 401 (token), 403 (a request that
 * allows none, or not any more), 404 (any other part of the Alexa API), 405, 413, 415, or 429 (more
 * than five).
 *
 * Signals:
 * - "speak" (const char *skill, const char *request_id, AlexaSpeech *speech) → gboolean: a pending
 *   request's skill wants this said; TRUE if it is.
 */
#define DAEMON_TYPE_DIRECTIVE_SERVICE (daemon_directive_service_get_type ())
G_DECLARE_FINAL_TYPE (
    DaemonDirectiveService, daemon_directive_service, DAEMON, DIRECTIVE_SERVICE, GObject)

/**
 * daemon_directive_service_new:
 * @port: of 127.0.0.1; 0 for any that is free
 * @idle_token: what requests carry that allow no directives
 * @error: (G_IO_ERROR) if the port cannot be had
 */
DaemonDirectiveService *daemon_directive_service_new (PlayerClock *clock,
                                                      guint port,
                                                      const char *idle_token,
                                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "http://127.0.0.1:PORT", for `apiEndpoint`. */
const char *daemon_directive_service_get_endpoint (DaemonDirectiveService *self);

/**
 * daemon_directive_service_admit:
 * @request_id: of a LaunchRequest or IntentRequest that is about to leave for @skill
 * @http_media: whether its recordings may be plain http
 *
 * Returns: (transfer full): the `apiAccessToken` by which the skill may speak until
 *   daemon_directive_service_dismiss()
 */
char *daemon_directive_service_admit (DaemonDirectiveService *self,
                                      const char *skill,
                                      const char *request_id,
                                      gboolean http_media);

/* The answer is there, or none will come; safe for a request that was never admitted. */
void daemon_directive_service_dismiss (DaemonDirectiveService *self, const char *request_id);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-context.h"
#include "daemon-errand.h"
#include "daemon-skill.h"

G_BEGIN_DECLS

/**
 * DaemonConversation:
 *
 * All that is said between this device and one skill: requests leave through one lane, one at a
 * time, each built at the moment it leaves; answers are obeyed when they come; sessions open and
 * close.
 *
 * What a fault leads to (the audio that plays is never touched by one):
 * - LaunchRequest, IntentRequest: the session ends with one SessionEndedRequest of reason ERROR.
 *   None follows if that one fails, too.
 * - AudioPlayer and PlaybackController requests: one System.ExceptionEncountered names the request.
 *   It is not repeated, and there is none about an exception or a SessionEndedRequest, nor, unless
 *   the skill is strict, about a request that never reached it.
 * - Reports of outcomes (started, stopped, finished, failed) are sent again until they have been answered
 *   or are a week old, if the skill cannot be reached, gave no whole answer, or a gateway said that
 *   it is away (HTTP 502, 503, 504). Any other status is final, and counted. A report that fails so
 *   while the skill answers other requests is given up after the third time: what comes behind
 *   it has to leave, too. NearlyFinished is sent again as long as its stream is the current one.
 *   The exception goes out after the first attempt only.
 * - What is in an answer to PlaybackStopped, SessionEnded or an exception is ignored, as the
 *   protocol allows none; a transport fault of PlaybackStopped counts like those of the other
 *   reports.
 *
 * Signals:
 * - "session-changed": a session was opened or has ended.
 * - "session-answered": the open session goes on, with other attributes or more time.
 * - "settled": nothing is in flight and nothing can leave now.
 */
#define DAEMON_TYPE_CONVERSATION (daemon_conversation_get_type ())
G_DECLARE_FINAL_TYPE (DaemonConversation, daemon_conversation, DAEMON, CONVERSATION, GObject)

/* @skill: (transfer full) */
DaemonConversation *daemon_conversation_new (DaemonContext *context, DaemonSkill *skill);

DaemonSkill *daemon_conversation_get_skill (DaemonConversation *self);
gboolean daemon_conversation_has_session (DaemonConversation *self);
gboolean daemon_conversation_is_settled (DaemonConversation *self);

/**
 * daemon_conversation_ask:
 * @request: LaunchRequest, IntentRequest, CanFulfillIntentRequest or a PlaybackController request
 * @done: (nullable): called once, when the answer has been obeyed or it is clear that there is none
 * @error: BUS_ERROR_BUSY, BUS_ERROR_SHUTTING_DOWN
 *
 * Launch and Intent cut what is spoken, and hold the floor until their answer has been obeyed and
 * what it says has been spoken, and as long as the session stays open after it. A Launch ends the
 * session that is open.
 *
 * Returns: whether it waits to be sent
 */
gboolean daemon_conversation_ask (DaemonConversation *self,
                                  AlexaRequest *request,
                                  DaemonErrandFunc done,
                                  gpointer user_data,
                                  GError **error);

/* Tells the skill of @report; it is stored first if it has to survive a restart. */
void daemon_conversation_report (DaemonConversation *self, const PlayerReport *report);

/* Whether somebody still waits for the answer to @request_id, which is in flight, so that the skill
 * may say something meanwhile. */
gboolean daemon_conversation_may_speak (DaemonConversation *self, const char *request_id);

/* Sends what an earlier run has left. Its answer is not obeyed: what plays after a restart has been decided
 * by what was kept of the player, and what the skill would have wanted then may be hours ago. */
void daemon_conversation_restore (DaemonConversation *self, const DaemonOutboxEntry *entry);

/* For how long from now on somebody may say something in the open session, as far as that is known: what
 * is being spoken first is not counted. 0: there is no session. */
gint64 daemon_conversation_get_patience_ms (DaemonConversation *self);

/**
 * daemon_conversation_restore_session:
 * @session: (transfer full): left open by an earlier run, and answered; there must be none open
 * @left_ms: for how long somebody may still say something; 0: nobody has
 *
 * The session goes on: what is said next is said in it. It holds no floor and opens no microphone:
 * whoever was about to speak has seen the device start anew. When @left_ms have passed it ends as if
 * nobody had said anything.
 */
void daemon_conversation_restore_session (DaemonConversation *self,
                                          AlexaSession *session,
                                          gint64 left_ms);

/**
 * daemon_conversation_end_session:
 * @sent: (nullable): called when the SessionEndedRequest has left or cannot leave
 * @error: BUS_ERROR_NO_SESSION
 *
 * The session ends because the user wants it.
 */
gboolean daemon_conversation_end_session (DaemonConversation *self,
                                          DaemonErrandFunc sent,
                                          gpointer user_data,
                                          GError **error);

/* The user has turned to another skill: what still waits to be asked is withdrawn
 * (BUS_ERROR_SUPERSEDED), and the session ends. */
void daemon_conversation_abandon (DaemonConversation *self);

/**
 * daemon_conversation_handle:
 * @error: BUS_ERROR_INVALID_RESPONSE
 *
 * Obeys @json as if the skill had answered a request of @type with it. An open session goes on or
 * ends by it; none is opened, and nothing is sent to the skill about a void document.
 *
 * Returns: (transfer full): the id under which its steps were told, or %NULL
 */
char *daemon_conversation_handle (DaemonConversation *self,
                                  AlexaRequestType type,
                                  GBytes *json,
                                  GError **error);

/* The network or the clock has changed: what waits is tried again soon. */
void daemon_conversation_try_again (DaemonConversation *self);

/* Ends the session, refuses new requests and obeys no more answers; reports still leave. */
void daemon_conversation_shut_down (DaemonConversation *self);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-conversation.h"
#include "daemon-lane.h"

G_BEGIN_DECLS

struct _DaemonConversation
{
  GObject parent;
  DaemonContext *context;    /* (owned) */
  DaemonSkill *skill;        /* (owned) */
  DaemonLane *lane;          /* (owned) */
  GCancellable *cancellable; /* (owned) of what is in flight */
  gboolean closing;

  /* The open session waits for somebody to say something. */
  gboolean session_holds_floor;
  AlexaResponse *reprompting; /* (owned) (nullable): its reprompt is to be said after the wait */
  char *reprompt_request_id;  /* (owned) (nullable) */
  guint session_alarm;        /* ends a session of an earlier run */
};

/* --- daemon-conversation-session.c: sessions and their time-outs --- */

/* Opens a session if there is none. (transfer none) */
AlexaSession *daemon_conversation_join_session (DaemonConversation *self);

/* The skill has answered @request within the open session: it goes on or ends. */
void daemon_conversation_session_answered (DaemonConversation *self,
                                           AlexaRequest *request,
                                           const char *request_id,
                                           AlexaResponse *response);

/* Ends the open session, which must be there; the skill is told before anything else that waits if
 * @next. */
DaemonErrand *daemon_conversation_close_session (DaemonConversation *self,
                                                 AlexaEndedReason reason,
                                                 const char *error_type,
                                                 const char *error_message,
                                                 gboolean next);

/* Somebody says something: the session waits no more. */
void daemon_conversation_stop_waiting (DaemonConversation *self);

/* --- daemon-conversation-answer.c: what comes back --- */

/* Sends @errand, which is in flight in the lane, and sees to its answer. */
void daemon_conversation_transmit (DaemonConversation *self, DaemonErrand *errand, GBytes *body);

/* @errand is settled: tells whoever waits, lets audio go on. */
void
daemon_conversation_conclude (DaemonConversation *self, DaemonErrand *errand, const GError *error);

G_END_DECLS

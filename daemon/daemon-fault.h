/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

#include "daemon-transport.h"

G_BEGIN_DECLS

/**
 * DaemonFaultClass:
 * @DAEMON_FAULT_FINAL: the skill has answered, badly; asking again would bring the same
 * @DAEMON_FAULT_PASSING: the skill is there, but not this time: no answer in time, a cut one, HTTP
 * 502, 503 or 504 (said by whatever stands before it). HTTP 500 is the skill's own answer: final.
 * @DAEMON_FAULT_AWAY: the skill cannot be reached, or not with a valid signature
 *
 * What a fault says about another attempt with the same report.
 */
typedef enum
{
  DAEMON_FAULT_FINAL,
  DAEMON_FAULT_PASSING,
  DAEMON_FAULT_AWAY,
} DaemonFaultClass;

/* What is said to the skill of an answer that could not be used at all. */
#define DAEMON_FAULT_DISPATCH_MESSAGE                                                              \
  "An exception occurred while dispatching the request to the skill."

/* The bus error "Unreachable", "Timeout" ... of a transport error. (transfer full) */
GError *daemon_fault_from_transport (const GError *error);

/* @status: HTTP status of the answer, 0 if there was none. */
DaemonFaultClass daemon_fault_classify (const GError *transport_error, guint status);

/* (transfer full): the bus error and the words for the skill that an answer void by
 * #AlexaResponseError gives. */
GError *daemon_fault_from_response (const GError *error);
const char *daemon_fault_message_for_skill (const GError *response_error);

/* "Timeout", "InvalidResponse" ...: the last part of the D-Bus name of @error (BUS_ERROR). */
const char *daemon_fault_to_name (const GError *error);

G_END_DECLS

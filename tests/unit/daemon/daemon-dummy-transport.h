/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon/daemon-transport.h"

G_BEGIN_DECLS

/**
 * DaemonDummyTransport:
 *
 * A transport without a network: requests stay here until the test answers them, the oldest first.
 */
#define DAEMON_TYPE_DUMMY_TRANSPORT (daemon_dummy_transport_get_type ())
G_DECLARE_FINAL_TYPE (
    DaemonDummyTransport, daemon_dummy_transport, DAEMON, DUMMY_TRANSPORT, GObject)

DaemonDummyTransport *daemon_dummy_transport_new (void);

/* How many requests wait for their answer. */
guint daemon_dummy_transport_get_n_waiting (DaemonDummyTransport *self);

/* Of the oldest one: (transfer none). */
GBytes *daemon_dummy_transport_get_body (DaemonDummyTransport *self);
const char *daemon_dummy_transport_get_endpoint (DaemonDummyTransport *self);

/* The Content-Type of answers from now on, a static string; at first application/json. */
void daemon_dummy_transport_set_content_type (DaemonDummyTransport *self, const char *content_type);
/* The Date header of answers from now on, Unix time in µs; at first 0: there is none. */
void daemon_dummy_transport_set_date (DaemonDummyTransport *self, gint64 date_us);
/* Answers the oldest one with HTTP 200. */
void daemon_dummy_transport_answer (DaemonDummyTransport *self, const char *json);
/* Lets the oldest one fail; @status: of the answer that came in part, 0 for none. */
void
daemon_dummy_transport_fail (DaemonDummyTransport *self, DaemonTransportError code, guint status);

/* Those that wait and have been cancelled end, as with a real transport. */
void daemon_dummy_transport_drop_cancelled (DaemonDummyTransport *self);

G_END_DECLS

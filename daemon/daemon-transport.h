/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-signing.h"

G_BEGIN_DECLS

#define DAEMON_TRANSPORT_ERROR (daemon_transport_error_quark ())
GQuark daemon_transport_error_quark (void);

typedef enum
{
  DAEMON_TRANSPORT_ERROR_UNREACHABLE, /* no network, no route, refused, no answer at all */
  DAEMON_TRANSPORT_ERROR_TLS,         /* certificate not trusted, wrong host, expired, handshake */
  DAEMON_TRANSPORT_ERROR_TIMEOUT,     /* no whole answer in time */
  DAEMON_TRANSPORT_ERROR_STATUS,      /* a status other than 200 */
  DAEMON_TRANSPORT_ERROR_TOO_LARGE,   /* body beyond the limit; reading was stopped there */
  DAEMON_TRANSPORT_ERROR_TRUNCATED,   /* connection ended before Content-Length bytes */
  DAEMON_TRANSPORT_ERROR_UNSIGNED,    /* it cannot be signed any more, so that it was not sent */
  DAEMON_TRANSPORT_ERROR_DNS,         /* the host's name is not known, or no name server answers */
  DAEMON_TRANSPORT_ERROR_CLOCK,       /* certificate not valid yet for a clock that is not set */
} DaemonTransportError;

/**
 * DaemonAnswer:
 * @status: HTTP status
 * @content_type: (nullable): without parameters
 * @body: what came, up to the limit
 * @elapsed_ms: from sending to the last byte
 * @date_us: what the Date header said, Unix time in µs; 0 if it said nothing that can be read
 */
typedef struct
{
  guint status;
  char *content_type; /* (owned) (nullable) */
  GBytes *body;       /* (owned) */
  guint elapsed_ms;
  gint64 date_us;
} DaemonAnswer;

void daemon_answer_free (DaemonAnswer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonAnswer, daemon_answer_free)

/**
 * DaemonTransport:
 *
 * The port that carries one request to a skill and brings its answer back. The real one is
 * #DaemonSoupTransport; tests have a dummy.
 */
#define DAEMON_TYPE_TRANSPORT (daemon_transport_get_type ())
G_DECLARE_INTERFACE (DaemonTransport, daemon_transport, DAEMON, TRANSPORT, GObject)

struct _DaemonTransportInterface
{
  GTypeInterface parent;

  void (*send) (DaemonTransport *self,
                const char *endpoint,
                const char *ca_file,
                gboolean sign,
                gsize max_bytes,
                GBytes *body,
                GCancellable *cancellable,
                GAsyncReadyCallback callback,
                gpointer user_data);
  DaemonAnswer *(*send_finish) (DaemonTransport *self,
                                GAsyncResult *result,
                                DaemonAnswer **partial,
                                GError **error);
};

/**
 * daemon_transport_send:
 * @endpoint: URL of the skill
 * @ca_file: (nullable): PEM file to verify it with, in place of the system's
 * @sign: whether it is to be signed, if the transport has a key
 * @max_bytes: of the answer's body; 0: as many as the transport allows of itself
 * @body: the exact bytes to send
 *
 * POSTs @body with the headers of the Request and Response JSON Reference, signed at this moment. No
 * redirects, TLS 1.2 or newer, verified.
 */
void daemon_transport_send (DaemonTransport *self,
                            const char *endpoint,
                            const char *ca_file,
                            gboolean sign,
                            gsize max_bytes,
                            GBytes *body,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);

/**
 * daemon_transport_send_finish:
 * @partial: (out) (optional) (transfer full): on a STATUS or TRUNCATED error, what came
 * @error: #DaemonTransportError, or G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full): an answer with status 200, or %NULL
 */
DaemonAnswer *daemon_transport_send_finish (DaemonTransport *self,
                                            GAsyncResult *result,
                                            DaemonAnswer **partial,
                                            GError **error);

/* @timeout_ms: for a whole answer (8000); @max_bytes: of its body (122880), unless a
 * request allows another size.
 * @signing: (transfer full) (nullable): for requests that are to be signed; %NULL: none is. */
#define DAEMON_TYPE_SOUP_TRANSPORT (daemon_soup_transport_get_type ())
G_DECLARE_FINAL_TYPE (DaemonSoupTransport, daemon_soup_transport, DAEMON, SOUP_TRANSPORT, GObject)
DaemonTransport *
daemon_soup_transport_new (guint timeout_ms, gsize max_bytes, DaemonSigning *signing);

/* For what leaves from now on: CA files are read anew. @self: made by daemon_soup_transport_new().
 * @signing: as there */
void daemon_soup_transport_configure (DaemonTransport *self, DaemonSigning *signing);

G_END_DECLS

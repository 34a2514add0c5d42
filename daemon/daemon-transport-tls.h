/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * daemon_transport_tls_error_new:
 * @host: of the endpoint
 * @flags: what is wrong with its certificate, 0 if nothing
 * @old: it offered only TLS older than 1.2
 * @why: (nullable): what the library said, if neither tells
 *
 * Returns: (transfer full): DAEMON_TRANSPORT_ERROR_TLS, in words for a person;
 * DAEMON_TRANSPORT_ERROR_CLOCK: the certificate is not valid yet, and the clock is evidently not set
 */
GError *daemon_transport_tls_error_new (const char *host,
                                        GTlsCertificateFlags flags,
                                        gboolean old,
                                        const GError *why);

G_END_DECLS

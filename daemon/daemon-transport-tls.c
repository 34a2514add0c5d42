/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-transport-tls.h"

#include "daemon-transport.h"
#include "player/gst/player-gst-wall-clock.h"

/* What is wrong with the peer's certificate, in words. */
static char *
describe_certificate_errors (GTlsCertificateFlags flags)
{
  static const struct
  {
    GTlsCertificateFlags flag;
    const char *text;
  } names[] = {
    { G_TLS_CERTIFICATE_UNKNOWN_CA, "it is not signed by a trusted authority" },
    { G_TLS_CERTIFICATE_BAD_IDENTITY, "it is for another host" },
    { G_TLS_CERTIFICATE_NOT_ACTIVATED, "it is not valid yet" },
    { G_TLS_CERTIFICATE_EXPIRED, "it has expired" },
    { G_TLS_CERTIFICATE_REVOKED, "it has been revoked" },
    { G_TLS_CERTIFICATE_INSECURE, "its algorithm is insecure" },
  };
  g_autoptr (GString) text = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (flags & names[i].flag)
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", names[i].text);
  if (text->len == 0)
    g_string_append (text, "it cannot be verified");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

GError *
daemon_transport_tls_error_new (const char *host,
                                GTlsCertificateFlags flags,
                                gboolean old,
                                const GError *why)
{
  if (old)
    return g_error_new (DAEMON_TRANSPORT_ERROR, DAEMON_TRANSPORT_ERROR_TLS,
                        "%s: offers only TLS older than 1.2", host);
  if (flags == 0)
    return g_error_new (DAEMON_TRANSPORT_ERROR, DAEMON_TRANSPORT_ERROR_TLS, "%s: TLS failed: %s",
                        host, why != NULL ? why->message : "unknown reason");
  g_autofree char *text = describe_certificate_errors (flags);
  if ((flags & G_TLS_CERTIFICATE_NOT_ACTIVATED) != 0 && !player_gst_wall_clock_is_set ())
    {
      g_autofree char *clock = player_gst_wall_clock_describe_unset ();
      return g_error_new (DAEMON_TRANSPORT_ERROR, DAEMON_TRANSPORT_ERROR_CLOCK,
                          "%s: the certificate is not accepted: %s; %s", host, text, clock);
    }
  return g_error_new (DAEMON_TRANSPORT_ERROR, DAEMON_TRANSPORT_ERROR_TLS,
                      "%s: the certificate is not accepted: %s", host, text);
}

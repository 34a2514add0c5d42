/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-transport.h"

/* clang-format off */
G_DEFINE_QUARK (daemon-transport-error-quark, daemon_transport_error)
/* clang-format on */
G_DEFINE_INTERFACE (DaemonTransport, daemon_transport, G_TYPE_OBJECT)

static void
daemon_transport_default_init (DaemonTransportInterface *iface)
{
}

void
daemon_answer_free (DaemonAnswer *self)
{
  if (self == NULL)
    return;
  g_free (self->content_type);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self);
}

void
daemon_transport_send (DaemonTransport *self,
                       const char *endpoint,
                       const char *ca_file,
                       gboolean sign,
                       gsize max_bytes,
                       GBytes *body,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_return_if_fail (DAEMON_IS_TRANSPORT (self));
  g_return_if_fail (endpoint != NULL && body != NULL);
  DAEMON_TRANSPORT_GET_IFACE (self)->send (self, endpoint, ca_file, sign, max_bytes, body,
                                           cancellable, callback, user_data);
}

DaemonAnswer *
daemon_transport_send_finish (DaemonTransport *self,
                              GAsyncResult *result,
                              DaemonAnswer **partial,
                              GError **error)
{
  g_return_val_if_fail (DAEMON_IS_TRANSPORT (self), NULL);
  if (partial != NULL)
    *partial = NULL;
  return DAEMON_TRANSPORT_GET_IFACE (self)->send_finish (self, result, partial, error);
}

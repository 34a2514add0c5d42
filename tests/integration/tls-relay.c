/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "tls-relay.h"

struct _TlsRelay
{
  GSocketService *service;      /* (owned) */
  GTlsCertificate *certificate; /* (owned) */
  GCancellable *stop;           /* (owned) */
  char *url;                    /* (owned) */
  gint port;                    /* of the target; 0: none */
  gint n_open;                  /* connections */
};

typedef struct
{
  GIOStream *from; /* (unowned) */
  GIOStream *to;   /* (unowned) */
  GCancellable *stop;
} Direction;

static gpointer
run_direction (gpointer data)
{
  Direction *self = data;
  g_output_stream_splice (g_io_stream_get_output_stream (self->to),
                          g_io_stream_get_input_stream (self->from), G_OUTPUT_STREAM_SPLICE_NONE,
                          self->stop, NULL);
  return NULL;
}

static void
relay (TlsRelay *self, GIOStream *plain, guint16 port)
{
  g_autoptr (GIOStream) tls = g_tls_server_connection_new (plain, self->certificate, NULL);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) target
      = g_socket_client_connect_to_host (client, "127.0.0.1", port, self->stop, NULL);
  if (tls == NULL || target == NULL)
    return;
  g_autoptr (GCancellable) over = g_cancellable_new ();
  Direction there = { tls, G_IO_STREAM (target), over };
  Direction back = { G_IO_STREAM (target), tls, self->stop };
  GThread *thread = g_thread_new ("relay", run_direction, &there);
  run_direction (&back); /* it ends when the server closes the connection */
  g_cancellable_cancel (over);
  g_thread_join (thread);
  g_io_stream_close (tls, NULL, NULL);
}

static gboolean
on_connection (GThreadedSocketService *service,
               GSocketConnection *connection,
               GObject *source,
               gpointer user_data)
{
  TlsRelay *self = user_data;
  guint16 port = (guint16)g_atomic_int_get (&self->port);
  g_atomic_int_inc (&self->n_open);
  if (port != 0)
    relay (self, G_IO_STREAM (connection), port);
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  g_atomic_int_add (&self->n_open, -1);
  return TRUE;
}

TlsRelay *
tls_relay_new (const char *address, const char *certificate)
{
  TlsRelay *self = g_new0 (TlsRelay, 1);
  g_autoptr (GError) error = NULL;
  self->stop = g_cancellable_new ();
  self->certificate = g_tls_certificate_new_from_file (certificate, &error);
  g_assert_no_error (error);
  self->service = g_threaded_socket_service_new (32);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string (address, 0);
  g_autoptr (GSocketAddress) got = NULL;
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), any, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &got, &error);
  g_assert_no_error (error);
  self->url = g_strdup_printf ("https://%s:%u/", address,
                               g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (got)));
  g_signal_connect (self->service, "run", G_CALLBACK (on_connection), self);
  return self;
}

void
tls_relay_free (TlsRelay *self)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_cancellable_cancel (self->stop);
  while (g_atomic_int_get (&self->n_open) > 0)
    g_main_context_iteration (NULL, FALSE);
  g_object_unref (self->service);
  g_object_unref (self->certificate);
  g_object_unref (self->stop);
  g_free (self->url);
  g_free (self);
}

const char *
tls_relay_get_url (TlsRelay *self)
{
  return self->url;
}

void
tls_relay_set_target (TlsRelay *self, guint16 port)
{
  g_atomic_int_set (&self->port, port);
}

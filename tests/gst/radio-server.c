/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "radio-server.h"

#include <string.h>

struct _RadioServer
{
  GSocketService *service;      /* (owned) */
  GTlsCertificate *certificate; /* (owned) (nullable) */
  guint16 port;
  RadioFunc func;
  gpointer data;

  GMutex lock;
  GCond idle;
  GHashTable *counts; /* (element-type utf8 guint) */
  GPtrArray *open;    /* (element-type GSocket) */
};

gboolean
radio_write (GOutputStream *out, const void *data, gsize length)
{
  return g_output_stream_write_all (out, data, length, NULL, NULL, NULL);
}

void
radio_send (
    GOutputStream *out, const char *status, const char *type, const void *data, gsize length)
{
  g_autoptr (GString) head = g_string_new (NULL);

  g_string_printf (head, "HTTP/1.1 %s\r\nContent-Length: %zu\r\nConnection: close\r\n", status,
                   length);
  if (type != NULL)
    g_string_append_printf (head, "Content-Type: %s\r\n", type);
  g_string_append (head, "\r\n");
  if (radio_write (out, head->str, head->len))
    radio_write (out, data, length);
}

static char *
read_head (GInputStream *input)
{
  g_autoptr (GString) head = g_string_new (NULL);
  char byte;

  while (head->len < 65536 && g_input_stream_read (input, &byte, 1, NULL, NULL) == 1)
    {
      g_string_append_c (head, byte);
      if (g_str_has_suffix (head->str, "\r\n\r\n"))
        return g_string_free (g_steal_pointer (&head), FALSE);
    }
  return NULL;
}

static guint
server_count_up (RadioServer *self, const char *path)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  const guint nth = GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, path));

  g_hash_table_insert (self->counts, g_strdup (path), GUINT_TO_POINTER (nth + 1));
  return nth;
}

static gboolean
server_on_run (GThreadedSocketService *service,
               GSocketConnection *connection,
               GObject *source,
               gpointer data)
{
  RadioServer *self = data;
  GSocket *socket = g_socket_connection_get_socket (connection);

  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->open, socket);
  g_mutex_unlock (&self->lock);
  g_autoptr (GIOStream) stream = G_IO_STREAM (g_object_ref (connection));
  if (self->certificate != NULL)
    {
      g_object_unref (stream);
      stream = g_tls_server_connection_new (G_IO_STREAM (connection), self->certificate, NULL);
    }
  g_autofree char *head = read_head (g_io_stream_get_input_stream (stream));
  g_auto (GStrv) words = g_strsplit (head != NULL ? head : "", " ", 3);
  if (g_strv_length (words) == 3)
    self->func (words[1], head, server_count_up (self, words[1]),
                g_io_stream_get_output_stream (stream), self->data);
  g_io_stream_close (stream, NULL, NULL);
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  g_mutex_lock (&self->lock);
  g_ptr_array_remove_fast (self->open, socket);
  g_cond_signal (&self->idle);
  g_mutex_unlock (&self->lock);
  return TRUE;
}

RadioServer *
radio_server_new (RadioFunc func, gpointer data)
{
  RadioServer *self = g_new0 (RadioServer, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) effective = NULL;

  self->func = func;
  self->data = data;
  g_mutex_init (&self->lock);
  g_cond_init (&self->idle);
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->open = g_ptr_array_new ();
  self->service = g_threaded_socket_service_new (64);
  g_signal_connect (self->service, "run", G_CALLBACK (server_on_run), self);
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &effective, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  return self;
}

void
radio_server_free (RadioServer *self)
{
  g_socket_service_stop (self->service);
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->open->len; i++)
    g_socket_shutdown (self->open->pdata[i], TRUE, TRUE, NULL);
  while (self->open->len > 0)
    g_cond_wait (&self->idle, &self->lock);
  g_mutex_unlock (&self->lock);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_object_unref (self->service);
  g_clear_object (&self->certificate);
  g_hash_table_unref (self->counts);
  g_ptr_array_unref (self->open);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->idle);
  g_free (self);
}

void
radio_server_use_tls (RadioServer *self, GTlsCertificate *certificate)
{
  g_set_object (&self->certificate, certificate);
}

char *
radio_server_url (RadioServer *self, const char *path)
{
  return g_strdup_printf ("%s://127.0.0.1:%u%s", self->certificate != NULL ? "https" : "http",
                          self->port, path);
}

guint
radio_server_count (RadioServer *self, const char *path)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, path));
}

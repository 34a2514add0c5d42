/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-directive-door.h"

struct _DaemonDirectiveDoor
{
  SoupServer *server;      /* (owned) */
  PlayerClock *clock;      /* (owned) */
  GSocketService *service; /* (owned) */
  GPtrArray *guests;       /* (owned) (element-type Guest) */
  guint port;
};

/* Somebody who is connected. */
typedef struct
{
  DaemonDirectiveDoor *door;     /* not owned: it outlives its guests */
  GSocketConnection *connection; /* not owned: its end is ours */
  guint alarm;
} Guest;

/* --- Guests ------------------------------------------------------------------------------------ */

static void
guest_free (Guest *guest)
{
  player_clock_remove_alarm (guest->door->clock, guest->alarm);
  g_free (guest);
}

/* The server lets go of the connection when either side has closed it. */
static void
on_gone (gpointer user_data, GObject *where_the_connection_was)
{
  Guest *guest = user_data;
  DaemonDirectiveDoor *self = guest->door;
  g_ptr_array_remove_fast (self->guests, guest);
  if (self->guests->len < DAEMON_DIRECTIVE_MAX_CONNECTIONS)
    g_socket_service_start (self->service);
}

/* The server finds out by itself that the connection has ended. */
static void
send_away (Guest *guest)
{
  g_socket_shutdown (g_socket_connection_get_socket (guest->connection), TRUE, TRUE, NULL);
}

static void
on_time_up (gpointer user_data)
{
  Guest *guest = user_data;
  guest->alarm = 0;
  send_away (guest);
}

static gboolean
on_incoming (GSocketService *service,
             GSocketConnection *connection,
             GObject *source,
             gpointer user_data)
{
  DaemonDirectiveDoor *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (connection, NULL);
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (connection, NULL);
  if (local == NULL || remote == NULL)
    return TRUE; /* gone already */
  if (!soup_server_accept_iostream (self->server, G_IO_STREAM (connection), local, remote, &error))
    {
      g_info ("directive service: a connection cannot be served: %s", error->message);
      return TRUE;
    }
  Guest *guest = g_new0 (Guest, 1);
  guest->door = self;
  guest->connection = connection;
  guest->alarm
      = player_clock_add_alarm (self->clock, DAEMON_DIRECTIVE_CONNECTION_MS, on_time_up, guest);
  g_object_weak_ref (G_OBJECT (connection), on_gone, guest);
  g_ptr_array_add (self->guests, guest);
  if (self->guests->len >= DAEMON_DIRECTIVE_MAX_CONNECTIONS)
    g_socket_service_stop (service);
  return TRUE;
}

/* --- Life -------------------------------------------------------------------------------------- */

/* The port that is listened to, or 0. */
static guint
listen_on (DaemonDirectiveDoor *self, GSocketFamily family, guint port, GError **error)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (family);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, port);
  g_autoptr (GSocketAddress) effective = NULL;
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address,
                                      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &effective,
                                      error))
    return 0;
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
}

DaemonDirectiveDoor *
daemon_directive_door_new (SoupServer *server, PlayerClock *clock, guint port, GError **error)
{
  g_return_val_if_fail (SOUP_IS_SERVER (server) && port <= G_MAXUINT16, NULL);
  g_autoptr (DaemonDirectiveDoor) self = g_new0 (DaemonDirectiveDoor, 1);
  self->server = g_object_ref (server);
  self->clock = g_object_ref (clock);
  self->guests = g_ptr_array_new_with_free_func ((GDestroyNotify)guest_free);
  self->service = g_socket_service_new ();
  g_socket_service_stop (
      self->service); /* an address that is added to an active one costs a guest */
  g_signal_connect (self->service, "incoming", G_CALLBACK (on_incoming), self);
  self->port = listen_on (self, G_SOCKET_FAMILY_IPV4, port, error);
  if (self->port == 0)
    return NULL;
  g_autoptr (GError) no_ipv6 = NULL;
  if (listen_on (self, G_SOCKET_FAMILY_IPV6, self->port, &no_ipv6) == 0)
    g_debug ("directive service: not on ::1: %s", no_ipv6->message);
  g_socket_service_start (self->service);
  return g_steal_pointer (&self);
}

void
daemon_directive_door_free (DaemonDirectiveDoor *self)
{
  if (self == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->service, self);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  for (guint i = 0; i < self->guests->len; i++)
    {
      Guest *guest = g_ptr_array_index (self->guests, i);
      g_object_weak_unref (G_OBJECT (guest->connection), on_gone, guest);
      send_away (guest);
    }
  g_ptr_array_unref (self->guests);
  soup_server_disconnect (self->server);
  g_object_unref (self->service);
  g_object_unref (self->server);
  g_object_unref (self->clock);
  g_free (self);
}

guint
daemon_directive_door_get_port (DaemonDirectiveDoor *self)
{
  return self->port;
}

guint
daemon_directive_door_get_n_guests (DaemonDirectiveDoor *self)
{
  return self->guests->len;
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "bus-server.h"

#include <unistd.h>

#include "bus-conversation.h"
#include "bus-mpris-root.h"
#include "bus-mpris.h"
#include "bus-music-player.h"
#include "bus-player.h"
#include "bus-root.h"

struct _BusServer
{
  GObject parent_instance;

  PlayerController *controller; /* (owned) */
  BusBackend *backend;          /* (owned) */
  char *version;                /* (owned) */
  char *injectors;              /* (owned) (nullable) */

  GDBusConnection *connection; /* (owned) (nullable): while objects are exported */
  GPtrArray *exported;         /* (owned) (element-type GDBusInterfaceSkeleton) */
  GBusType type;               /* once started */
  guint name_id;               /* of g_bus_own_name(), 0 = none */
  guint mpris_name_id;
  gboolean mpris_is_instance; /* org.mpris.MediaPlayer2.segue was taken */
  gboolean ready;             /* "ready" has been said */
};

G_DEFINE_FINAL_TYPE (BusServer, bus_server, G_TYPE_OBJECT)

static void
bus_server_say_ready (BusServer *self)
{
  if (self->ready)
    return;
  self->ready = TRUE;
  g_signal_emit_by_name (self, "ready");
}

void
bus_server_set_injectors (BusServer *self, const char *group)
{
  g_return_if_fail (BUS_IS_SERVER (self));

  g_free (self->injectors);
  self->injectors = g_strdup (group);
}

/* Objects. */

static void
bus_server_export (BusServer *self, gpointer interface, const char *path)
{
  g_autoptr (GDBusInterfaceSkeleton) skeleton = interface;
  g_autoptr (GError) error = NULL;
  if (!g_dbus_interface_skeleton_export (skeleton, self->connection, path, &error))
    {
      g_critical ("%s: %s", path, error->message); /* two of them in one process */
      return;
    }
  g_ptr_array_add (self->exported, g_steal_pointer (&skeleton));
}

static void
bus_server_export_all (BusServer *self)
{
  bus_server_export (self, bus_root_new (self->backend, self->version), BUS_SERVER_PATH);
  bus_server_export (self, bus_player_new (self->controller, self->backend), BUS_SERVER_PATH);
  BusConversation *conversation = bus_conversation_new (self->controller, self->backend);
  bus_conversation_set_injectors (conversation, self->injectors);
  bus_server_export (self, conversation, BUS_SERVER_PATH);
  bus_server_export (self, bus_music_player_new (self->controller, self->backend), BUS_SERVER_PATH);
  bus_server_export (self, bus_mpris_root_new (), BUS_SERVER_MPRIS_PATH);
  bus_server_export (self, bus_mpris_new (self->controller, self->backend), BUS_SERVER_MPRIS_PATH);
}

static void
bus_server_unexport_all (BusServer *self)
{
  for (guint i = 0; i < self->exported->len; i++)
    {
      GDBusInterfaceSkeleton *skeleton = g_ptr_array_index (self->exported, i);
      g_dbus_interface_skeleton_flush (skeleton);
      g_dbus_interface_skeleton_unexport (skeleton);
    }
  g_ptr_array_set_size (self->exported, 0);
}

/* The second name. "ready" waits until it has been decided. */

static void bus_server_own_mpris_name (BusServer *self, const char *name);

static void
bus_server_on_mpris_acquired (GDBusConnection *connection, const char *name, gpointer user_data)
{
  g_debug ("owns %s", name);
  bus_server_say_ready (BUS_SERVER (user_data));
}

static void
bus_server_on_mpris_lost (GDBusConnection *connection, const char *name, gpointer user_data)
{
  BusServer *self = BUS_SERVER (user_data);
  if (connection == NULL || g_dbus_connection_is_closed (connection))
    return; /* the main name tells */

  g_clear_handle_id (&self->mpris_name_id, g_bus_unown_name);
  if (!self->mpris_is_instance)
    {
      self->mpris_is_instance = TRUE;
      g_autofree char *instance
          = g_strdup_printf (BUS_SERVER_MPRIS_NAME ".instance%d", (int)getpid ());
      g_warning ("the name %s is taken, trying %s", name, instance);
      bus_server_own_mpris_name (self, instance);
      return;
    }
  g_warning ("the name %s cannot be had: no control by MPRIS", name);
  bus_server_say_ready (self);
}

static void
bus_server_own_mpris_name (BusServer *self, const char *name)
{
  self->mpris_name_id = g_bus_own_name_on_connection (
      self->connection, name, G_BUS_NAME_OWNER_FLAGS_DO_NOT_QUEUE, bus_server_on_mpris_acquired,
      bus_server_on_mpris_lost, self, NULL);
}

/* The main name. */

static void
bus_server_on_bus (GDBusConnection *connection, const char *name, gpointer user_data)
{
  BusServer *self = BUS_SERVER (user_data);
  /* Losing the bus is told by "name-lost", not by a signal that ends the process. */
  g_dbus_connection_set_exit_on_close (connection, FALSE);
  self->connection = g_object_ref (connection);
  bus_server_export_all (self);
}

static void
bus_server_on_name_acquired (GDBusConnection *connection, const char *name, gpointer user_data)
{
  BusServer *self = BUS_SERVER (user_data);
  g_debug ("owns %s", name);
  if (self->mpris_name_id == 0)
    bus_server_own_mpris_name (self, BUS_SERVER_MPRIS_NAME);
}

static void
bus_server_on_name_lost (GDBusConnection *connection, const char *name, gpointer user_data)
{
  BusServer *self = BUS_SERVER (user_data);
  g_autofree char *why = NULL;
  if (connection == NULL)
    why = g_strdup (self->type == G_BUS_TYPE_SYSTEM
                        ? "there is no system bus to connect to"
                        : "there is no session bus to connect to: a login through systemd has one, "
                          "\"dbus-run-session\" makes one, and --system does without");
  else if (g_dbus_connection_is_closed (connection))
    why = g_strdup ("the connection to the message bus was closed");
  else
    why = g_strdup_printf ("the name %s is owned by another process, or the policy of the bus "
                           "does not let this one own it",
                           name);
  g_signal_emit_by_name (self, "name-lost", why);
}

/**
 * bus_server_start:
 * @type: the bus
 *
 * Exports everything, then asks for the names: a client that sees a name finds all objects. "ready"
 * or "name-lost" follows.
 */
void
bus_server_start (BusServer *self, GBusType type)
{
  g_return_if_fail (BUS_IS_SERVER (self));
  g_return_if_fail (self->name_id == 0);

  self->type = type;
  self->name_id = g_bus_own_name (type, BUS_SERVER_NAME, G_BUS_NAME_OWNER_FLAGS_DO_NOT_QUEUE,
                                  bus_server_on_bus, bus_server_on_name_acquired,
                                  bus_server_on_name_lost, self, NULL);
}

void
bus_server_stop (BusServer *self)
{
  g_return_if_fail (BUS_IS_SERVER (self));

  g_clear_handle_id (&self->mpris_name_id, g_bus_unown_name);
  g_clear_handle_id (&self->name_id, g_bus_unown_name);
  self->mpris_is_instance = FALSE;
  self->ready = FALSE;
  bus_server_unexport_all (self);
  if (self->connection == NULL)
    return;

  g_autoptr (GDBusConnection) connection = g_steal_pointer (&self->connection);
  g_autoptr (GError) error = NULL;
  if (!g_dbus_connection_is_closed (connection)
      && !g_dbus_connection_flush_sync (connection, NULL, &error))
    g_debug ("flushing the bus: %s", error->message);
}

static void
bus_server_dispose (GObject *object)
{
  BusServer *self = BUS_SERVER (object);
  bus_server_stop (self);
  g_clear_object (&self->controller);
  g_clear_object (&self->backend);
  G_OBJECT_CLASS (bus_server_parent_class)->dispose (object);
}

static void
bus_server_finalize (GObject *object)
{
  BusServer *self = BUS_SERVER (object);
  g_ptr_array_unref (self->exported);
  g_free (self->version);
  g_free (self->injectors);
  G_OBJECT_CLASS (bus_server_parent_class)->finalize (object);
}

static void
bus_server_class_init (BusServerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bus_server_dispose;
  G_OBJECT_CLASS (klass)->finalize = bus_server_finalize;

  g_signal_new ("ready", BUS_TYPE_SERVER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_signal_new ("name-lost", BUS_TYPE_SERVER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                1, G_TYPE_STRING);
}

static void
bus_server_init (BusServer *self)
{
  self->exported = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * bus_server_new:
 * @controller: the player that is shown
 * @backend: carries out what is asked for
 * @version: version of the daemon
 *
 * Returns: (transfer full): a server that is not on any bus yet
 */
BusServer *
bus_server_new (PlayerController *controller, BusBackend *backend, const char *version)
{
  g_return_val_if_fail (PLAYER_IS_CONTROLLER (controller), NULL);
  g_return_val_if_fail (BUS_IS_BACKEND (backend), NULL);
  g_return_val_if_fail (version != NULL, NULL);

  BusServer *self = g_object_new (BUS_TYPE_SERVER, NULL);
  self->controller = g_object_ref (controller);
  self->backend = g_object_ref (backend);
  self->version = g_strdup (version);
  return self;
}

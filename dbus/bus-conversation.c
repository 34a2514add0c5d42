/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "bus-conversation.h"

#include "bus-errors.h"

struct _BusConversation
{
  BusGenSegue1ConversationSkeleton parent_instance;

  PlayerController *controller; /* (owned) */
  BusBackend *backend;          /* (owned) */
  PlayerActivity activity;      /* last one signalled */
  guint64 serial;               /* and of which play */
};

static void bus_conversation_iface_init (BusGenSegue1ConversationIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BusConversation,
                               bus_conversation,
                               BUS_GEN_TYPE_SEGUE1_CONVERSATION_SKELETON,
                               G_IMPLEMENT_INTERFACE (BUS_GEN_TYPE_SEGUE1_CONVERSATION,
                                                      bus_conversation_iface_init))

/* Signals. */

/* TRUE if @details are the arguments of the signal @kind, as the interface's XML has them. */
static gboolean
bus_conversation_check_step (BusConversation *self, const char *kind, GVariant *details)
{
  GDBusInterfaceInfo *info = g_dbus_interface_skeleton_get_info (G_DBUS_INTERFACE_SKELETON (self));
  GDBusSignalInfo *signal = g_dbus_interface_info_lookup_signal (info, kind);
  if (signal == NULL)
    return FALSE;

  g_autoptr (GString) type = g_string_new ("(");
  for (GDBusArgInfo **arg = signal->args; *arg != NULL; arg++)
    g_string_append (type, (*arg)->signature);
  g_string_append_c (type, ')');
  return g_strcmp0 (g_variant_get_type_string (details), type->str) == 0;
}

static void
bus_conversation_on_step (BusConversation *self, const char *kind, GVariant *details)
{
  if (!bus_conversation_check_step (self, kind, details))
    {
      g_critical ("step %s with arguments of type %s is no signal of the interface", kind,
                  g_variant_get_type_string (details));
      return;
    }

  GDBusInterfaceSkeleton *skeleton = G_DBUS_INTERFACE_SKELETON (self);
  g_autolist (GDBusConnection) connections = g_dbus_interface_skeleton_get_connections (skeleton);
  for (GList *l = connections; l != NULL; l = l->next)
    g_dbus_connection_emit_signal (
        l->data, NULL, g_dbus_interface_skeleton_get_object_path (skeleton),
        g_dbus_interface_skeleton_get_info (skeleton)->name, kind, details, NULL);
}

static void
bus_conversation_on_changed (BusConversation *self)
{
  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (self->controller);
  if (now->activity == self->activity && now->serial == self->serial)
    return;

  self->activity = now->activity;
  self->serial = now->serial;
  bus_gen_segue1_conversation_emit_activity (
      BUS_GEN_SEGUE1_CONVERSATION (self), player_activity_to_string (now->activity),
      now->item != NULL ? now->item->token : "", now->offset_ms);
}

static void
bus_conversation_on_report (BusConversation *self, PlayerReport *report)
{
  if (report->type != PLAYER_REPORT_FAILED)
    return;
  bus_gen_segue1_conversation_emit_stream_failed (
      BUS_GEN_SEGUE1_CONVERSATION (self), report->item->origin, report->item->token,
      player_error_type_to_string (report->error_type),
      report->error_message != NULL ? report->error_message : "");
}

/* Methods. */

/* Ends Launch, Intent and EndSession, which all answer with a request id. */
static void
bus_conversation_on_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GDBusMethodInvocation *invocation = user_data; /* (owned) by the two below */
  g_autoptr (GError) error = NULL;
  g_autofree char *request_id = bus_backend_finish (BUS_BACKEND (source), result, &error);
  if (request_id != NULL)
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(s)", request_id));
  else
    g_dbus_method_invocation_return_gerror (invocation, error);
}

static gboolean
bus_conversation_handle_launch (BusGenSegue1Conversation *skeleton,
                                GDBusMethodInvocation *invocation,
                                const char *skill)
{
  bus_backend_launch (BUS_CONVERSATION (skeleton)->backend, skill, bus_conversation_on_answered,
                      invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
bus_conversation_handle_intent (BusGenSegue1Conversation *skeleton,
                                GDBusMethodInvocation *invocation,
                                const char *skill,
                                const char *intent,
                                GVariant *slots)
{
  if (*intent == '\0')
    g_dbus_method_invocation_return_error (invocation, BUS_ERROR, BUS_ERROR_INVALID_ARGUMENT,
                                           "the name of the intent is empty");
  else
    bus_backend_intent (BUS_CONVERSATION (skeleton)->backend, skill, intent, slots,
                        bus_conversation_on_answered, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
bus_conversation_handle_end_session (BusGenSegue1Conversation *skeleton,
                                     GDBusMethodInvocation *invocation,
                                     const char *skill)
{
  bus_backend_end_session (BUS_CONVERSATION (skeleton)->backend, skill,
                           bus_conversation_on_answered, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
bus_conversation_handle_handle_response (BusGenSegue1Conversation *skeleton,
                                         GDBusMethodInvocation *invocation,
                                         const char *skill,
                                         const char *request_type,
                                         const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *request_id = bus_backend_handle_response (BUS_CONVERSATION (skeleton)->backend,
                                                             skill, request_type, json, &error);
  if (request_id != NULL)
    bus_gen_segue1_conversation_complete_handle_response (skeleton, invocation, request_id);
  else
    g_dbus_method_invocation_return_gerror (invocation, error);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
bus_conversation_iface_init (BusGenSegue1ConversationIface *iface)
{
  iface->handle_launch = bus_conversation_handle_launch;
  iface->handle_intent = bus_conversation_handle_intent;
  iface->handle_end_session = bus_conversation_handle_end_session;
  iface->handle_handle_response = bus_conversation_handle_handle_response;
}

/* Life. */

static void
bus_conversation_dispose (GObject *object)
{
  BusConversation *self = BUS_CONVERSATION (object);
  g_clear_object (&self->controller);
  g_clear_object (&self->backend);
  G_OBJECT_CLASS (bus_conversation_parent_class)->dispose (object);
}

static void
bus_conversation_class_init (BusConversationClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bus_conversation_dispose;
}

static void
bus_conversation_init (BusConversation *self)
{
}

/**
 * bus_conversation_new:
 * @controller: whose activity is told
 * @backend: talks with the skills
 *
 * Returns: (transfer full): the interface, not exported yet
 */
BusConversation *
bus_conversation_new (PlayerController *controller, BusBackend *backend)
{
  g_return_val_if_fail (PLAYER_IS_CONTROLLER (controller), NULL);
  g_return_val_if_fail (BUS_IS_BACKEND (backend), NULL);

  BusConversation *self = g_object_new (BUS_TYPE_CONVERSATION, NULL);
  self->controller = g_object_ref (controller);
  self->backend = g_object_ref (backend);

  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (controller);
  self->activity = now->activity;
  self->serial = now->serial;
  g_signal_connect_object (controller, "changed", G_CALLBACK (bus_conversation_on_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (controller, "report", G_CALLBACK (bus_conversation_on_report), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (backend, "step", G_CALLBACK (bus_conversation_on_step), self,
                           G_CONNECT_SWAPPED);
  return self;
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "bus-conversation.h"

#include <string.h>

#include "bus-errors.h"
#include "bus-rights.h"

struct _BusConversation
{
  BusGenSegue1ConversationSkeleton parent_instance;

  PlayerController *controller; /* (owned) */
  BusBackend *backend;          /* (owned) */
  PlayerActivity activity;      /* last one signalled */
  guint64 serial;               /* and of which play */
  char *injectors;              /* (owned) (nullable): a group */
  GDBusInterfaceVTable vtable;  /* the generated one, but for rights and for reading properties */
  char *card_skill;             /* (owned) (nullable): who sent the last card */
  char *card;                   /* (owned) (nullable) */
  guint listener_watch;         /* not 0: the client that hears somebody speak is watched */
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
bus_conversation_keep_card (BusConversation *self, GVariant *details)
{
  g_free (self->card_skill);
  g_free (self->card);
  g_variant_get (details, "(sss)", &self->card_skill, NULL, &self->card);
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
  if (g_str_equal (kind, "Card"))
    bus_conversation_keep_card (self, details);

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

/* Properties. */

static void
bus_conversation_show_voice (BusConversation *self)
{
  BusVoice voice = { 0 };
  bus_backend_get_voice (self->backend, &voice);
  BusGenSegue1Conversation *shown = BUS_GEN_SEGUE1_CONVERSATION (self);
  bus_gen_segue1_conversation_set_microphone_open (shown, voice.microphone_open);
  bus_gen_segue1_conversation_set_microphone_skill (shown, voice.microphone_skill);
  bus_gen_segue1_conversation_set_speaking (shown, voice.speaking);
}

static const GDBusInterfaceVTable *
bus_conversation_generated_vtable (BusConversation *self)
{
  return G_DBUS_INTERFACE_SKELETON_CLASS (bus_conversation_parent_class)
      ->get_vtable (G_DBUS_INTERFACE_SKELETON (self));
}

/* The time left is computed here. */
static GVariant *
bus_conversation_get_property (GDBusConnection *connection,
                               const char *sender,
                               const char *path,
                               const char *interface,
                               const char *name,
                               GError **error,
                               gpointer user_data)
{
  BusConversation *self = BUS_CONVERSATION (user_data);
  if (g_strcmp0 (name, "MicrophoneTimeLeft") != 0)
    return bus_conversation_generated_vtable (self)->get_property (
        connection, sender, path, interface, name, error, user_data);
  BusVoice voice = { 0 };
  bus_backend_get_voice (self->backend, &voice);
  return g_variant_new_uint32 (voice.time_left_ms);
}

/* A skill that is configured, or has been named by its URL by somebody who may. */
static gboolean
bus_conversation_knows (BusConversation *self, const char *skill)
{
  g_autoptr (GVariant) list = g_variant_ref_sink (bus_backend_list_skills (self->backend));
  const char *name, *endpoint;
  GVariantIter iter;

  g_variant_iter_init (&iter, list);
  while (g_variant_iter_loop (&iter, "(&s&sb)", &name, &endpoint, NULL))
    if (g_str_equal (name, skill) || g_str_equal (endpoint, skill))
      return TRUE;
  return FALSE;
}

/* All methods that name a skill do so first. */
static gboolean
bus_conversation_is_injection (BusConversation *self, GVariant *parameters)
{
  if (g_variant_n_children (parameters) == 0)
    return FALSE;
  g_autoptr (GVariant) first = g_variant_get_child_value (parameters, 0);
  if (!g_variant_is_of_type (first, G_VARIANT_TYPE_STRING))
    return FALSE;
  const char *skill = g_variant_get_string (first, NULL);
  return strstr (skill, "://") != NULL && !bus_conversation_knows (self, skill);
}

static void
bus_conversation_go_on (BusConversation *self, GDBusMethodInvocation *invocation)
{
  bus_conversation_generated_vtable (self)->method_call (
      g_dbus_method_invocation_get_connection (invocation),
      g_dbus_method_invocation_get_sender (invocation),
      g_dbus_method_invocation_get_object_path (invocation),
      g_dbus_method_invocation_get_interface_name (invocation),
      g_dbus_method_invocation_get_method_name (invocation),
      g_dbus_method_invocation_get_parameters (invocation), invocation, self);
}

static void
bus_conversation_on_checked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GDBusMethodInvocation *invocation = user_data; /* (owned) by the two below */
  g_autoptr (BusConversation) self
      = g_object_ref (g_dbus_method_invocation_get_user_data (invocation));
  g_autoptr (GError) error = NULL;

  if (bus_rights_finish (result, &error))
    bus_conversation_go_on (self, invocation);
  else
    g_dbus_method_invocation_return_gerror (invocation, error);
}

static void
bus_conversation_call (GDBusConnection *connection,
                       const char *sender,
                       const char *path,
                       const char *interface,
                       const char *method,
                       GVariant *parameters,
                       GDBusMethodInvocation *invocation,
                       gpointer user_data)
{
  BusConversation *self = BUS_CONVERSATION (user_data);

  if (bus_conversation_is_injection (self, parameters))
    bus_rights_check (connection, sender, self->injectors, bus_conversation_on_checked, invocation);
  else
    bus_conversation_go_on (self, invocation);
}

void
bus_conversation_set_injectors (BusConversation *self, const char *group)
{
  g_free (self->injectors);
  self->injectors = g_strdup (group);
}

static GDBusInterfaceVTable *
bus_conversation_get_vtable (GDBusInterfaceSkeleton *skeleton)
{
  return &BUS_CONVERSATION (skeleton)->vtable;
}

/* Methods. */

/* Ends those that answer with a request id when all is over. */
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
bus_conversation_handle_built_in_intent (BusGenSegue1Conversation *skeleton,
                                         GDBusMethodInvocation *invocation,
                                         const char *skill,
                                         const char *word)
{
  bus_backend_built_in_intent (BUS_CONVERSATION (skeleton)->backend, skill, word,
                               bus_conversation_on_answered, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
bus_conversation_handle_can_fulfill (BusGenSegue1Conversation *skeleton,
                                     GDBusMethodInvocation *invocation,
                                     const char *skill,
                                     const char *intent,
                                     GVariant *slots)
{
  bus_backend_can_fulfill (BUS_CONVERSATION (skeleton)->backend, skill, intent, slots,
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

/* Whoever said that somebody speaks has left without saying that it is over. */
static void
bus_conversation_on_listener_vanished (GDBusConnection *connection,
                                       const char *name,
                                       gpointer user_data)
{
  BusConversation *self = BUS_CONVERSATION (user_data);
  g_autoptr (GError) error = NULL;
  g_clear_handle_id (&self->listener_watch, g_bus_unwatch_name);
  if (!bus_backend_end_user_speech (self->backend, FALSE, &error))
    g_debug ("%s has left: %s", name, error->message);
}

static gboolean
bus_conversation_handle_begin_user_speech (BusGenSegue1Conversation *skeleton,
                                           GDBusMethodInvocation *invocation)
{
  BusConversation *self = BUS_CONVERSATION (skeleton);
  g_autoptr (GError) error = NULL;
  if (!bus_backend_begin_user_speech (self->backend, &error))
    {
      g_dbus_method_invocation_return_gerror (invocation, error);
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }
  if (self->listener_watch == 0)
    self->listener_watch = g_bus_watch_name_on_connection (
        g_dbus_method_invocation_get_connection (invocation),
        g_dbus_method_invocation_get_sender (invocation), G_BUS_NAME_WATCHER_FLAGS_NONE, NULL,
        bus_conversation_on_listener_vanished, self, NULL);
  bus_gen_segue1_conversation_complete_begin_user_speech (skeleton, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
bus_conversation_handle_end_user_speech (BusGenSegue1Conversation *skeleton,
                                         GDBusMethodInvocation *invocation,
                                         gboolean understood)
{
  BusConversation *self = BUS_CONVERSATION (skeleton);
  g_autoptr (GError) error = NULL;
  g_clear_handle_id (&self->listener_watch, g_bus_unwatch_name);
  if (bus_backend_end_user_speech (self->backend, understood, &error))
    bus_gen_segue1_conversation_complete_end_user_speech (skeleton, invocation);
  else
    g_dbus_method_invocation_return_gerror (invocation, error);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
bus_conversation_handle_get_last_card (BusGenSegue1Conversation *skeleton,
                                       GDBusMethodInvocation *invocation)
{
  BusConversation *self = BUS_CONVERSATION (skeleton);
  bus_gen_segue1_conversation_complete_get_last_card (
      skeleton, invocation, self->card_skill != NULL ? self->card_skill : "",
      self->card != NULL ? self->card : "");
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
bus_conversation_iface_init (BusGenSegue1ConversationIface *iface)
{
  iface->handle_launch = bus_conversation_handle_launch;
  iface->handle_intent = bus_conversation_handle_intent;
  iface->handle_end_session = bus_conversation_handle_end_session;
  iface->handle_handle_response = bus_conversation_handle_handle_response;
  iface->handle_built_in_intent = bus_conversation_handle_built_in_intent;
  iface->handle_can_fulfill = bus_conversation_handle_can_fulfill;
  iface->handle_begin_user_speech = bus_conversation_handle_begin_user_speech;
  iface->handle_end_user_speech = bus_conversation_handle_end_user_speech;
  iface->handle_get_last_card = bus_conversation_handle_get_last_card;
}

/* Life. */

static void
bus_conversation_dispose (GObject *object)
{
  BusConversation *self = BUS_CONVERSATION (object);
  g_clear_handle_id (&self->listener_watch, g_bus_unwatch_name);
  g_clear_pointer (&self->card_skill, g_free);
  g_clear_pointer (&self->card, g_free);
  g_clear_pointer (&self->injectors, g_free);
  g_clear_object (&self->controller);
  g_clear_object (&self->backend);
  G_OBJECT_CLASS (bus_conversation_parent_class)->dispose (object);
}

static void
bus_conversation_class_init (BusConversationClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bus_conversation_dispose;
  G_DBUS_INTERFACE_SKELETON_CLASS (klass)->get_vtable = bus_conversation_get_vtable;
}

static void
bus_conversation_init (BusConversation *self)
{
  self->vtable = *bus_conversation_generated_vtable (self);
  self->vtable.get_property = bus_conversation_get_property;
  self->vtable.method_call = bus_conversation_call;
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
  g_signal_connect_object (backend, "voice-changed", G_CALLBACK (bus_conversation_show_voice), self,
                           G_CONNECT_SWAPPED);
  bus_conversation_show_voice (self);
  return self;
}

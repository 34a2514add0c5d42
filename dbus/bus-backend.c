/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "bus-backend.h"

G_DEFINE_INTERFACE (BusBackend, bus_backend, G_TYPE_OBJECT)

static void
bus_backend_default_init (BusBackendInterface *iface)
{
  /**
   * BusBackend::step:
   * @kind: name of a signal of org.segue.Segue1.Conversation
   * @details: its arguments, a tuple
   */
  g_signal_new ("step", BUS_TYPE_BACKEND, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                G_TYPE_STRING, G_TYPE_VARIANT);
  g_signal_new ("skills-changed", BUS_TYPE_BACKEND, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
}

void
bus_backend_launch (BusBackend *self,
                    const char *skill,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  g_return_if_fail (BUS_IS_BACKEND (self));
  g_return_if_fail (skill != NULL);

  BUS_BACKEND_GET_IFACE (self)->launch (self, skill, callback, user_data);
}

void
bus_backend_intent (BusBackend *self,
                    const char *skill,
                    const char *intent,
                    GVariant *slots,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  g_return_if_fail (BUS_IS_BACKEND (self));
  g_return_if_fail (skill != NULL && intent != NULL);
  g_return_if_fail (g_variant_is_of_type (slots, G_VARIANT_TYPE ("a{ss}")));

  BUS_BACKEND_GET_IFACE (self)->intent (self, skill, intent, slots, callback, user_data);
}

void
bus_backend_end_session (BusBackend *self,
                         const char *skill,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_return_if_fail (BUS_IS_BACKEND (self));
  g_return_if_fail (skill != NULL);

  BUS_BACKEND_GET_IFACE (self)->end_session (self, skill, callback, user_data);
}

char *
bus_backend_finish (BusBackend *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (BUS_IS_BACKEND (self), NULL);

  return BUS_BACKEND_GET_IFACE (self)->finish (self, result, error);
}

char *
bus_backend_handle_response (
    BusBackend *self, const char *skill, const char *request_type, const char *json, GError **error)
{
  g_return_val_if_fail (BUS_IS_BACKEND (self), NULL);
  g_return_val_if_fail (skill != NULL && request_type != NULL && json != NULL, NULL);

  return BUS_BACKEND_GET_IFACE (self)->handle_response (self, skill, request_type, json, error);
}

gboolean
bus_backend_press (BusBackend *self, BusButton button, GError **error)
{
  g_return_val_if_fail (BUS_IS_BACKEND (self), FALSE);

  return BUS_BACKEND_GET_IFACE (self)->press (self, button, error);
}

gboolean
bus_backend_play_url (BusBackend *self, const char *url, gint64 offset_ms, GError **error)
{
  g_return_val_if_fail (BUS_IS_BACKEND (self), FALSE);
  g_return_val_if_fail (url != NULL && offset_ms >= 0, FALSE);

  return BUS_BACKEND_GET_IFACE (self)->play_url (self, url, offset_ms, error);
}

gboolean
bus_backend_seek (BusBackend *self, gint64 position_ms, GError **error)
{
  g_return_val_if_fail (BUS_IS_BACKEND (self), FALSE);
  g_return_val_if_fail (position_ms >= 0, FALSE);

  return BUS_BACKEND_GET_IFACE (self)->seek (self, position_ms, error);
}

GVariant *
bus_backend_list_skills (BusBackend *self)
{
  g_return_val_if_fail (BUS_IS_BACKEND (self), NULL);

  return BUS_BACKEND_GET_IFACE (self)->list_skills (self);
}

/**
 * bus_backend_emit_step:
 * @kind: name of a signal of org.segue.Segue1.Conversation
 * @details: (transfer floating): its arguments
 *
 * For implementations: tells the bus of one step of a conversation.
 */
void
bus_backend_emit_step (BusBackend *self, const char *kind, GVariant *details)
{
  g_return_if_fail (BUS_IS_BACKEND (self));
  g_return_if_fail (kind != NULL && details != NULL);

  g_autoptr (GVariant) owned = g_variant_ref_sink (details);
  g_signal_emit_by_name (self, "step", kind, owned);
}

/* For implementations: list_skills() would now tell something else. */
void
bus_backend_emit_skills_changed (BusBackend *self)
{
  g_return_if_fail (BUS_IS_BACKEND (self));

  g_signal_emit_by_name (self, "skills-changed");
}

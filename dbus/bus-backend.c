/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "bus-backend.h"

#include "bus-errors.h"

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
  static const char *const changes[]
      = { "skills-changed", "reports-changed", "voice-changed", "locale-changed", "music-changed" };
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    g_signal_new (changes[i], BUS_TYPE_BACKEND, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                  0);
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
bus_backend_built_in_intent (BusBackend *self,
                             const char *skill,
                             const char *word,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_return_if_fail (BUS_IS_BACKEND (self));
  g_return_if_fail (skill != NULL && word != NULL);

  BUS_BACKEND_GET_IFACE (self)->built_in_intent (self, skill, word, callback, user_data);
}

void
bus_backend_can_fulfill (BusBackend *self,
                         const char *skill,
                         const char *intent,
                         GVariant *slots,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_return_if_fail (BUS_IS_BACKEND (self));
  g_return_if_fail (skill != NULL && intent != NULL);
  g_return_if_fail (g_variant_is_of_type (slots, G_VARIANT_TYPE ("a{ss}")));

  BUS_BACKEND_GET_IFACE (self)->can_fulfill (self, skill, intent, slots, callback, user_data);
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
bus_backend_play_stream (BusBackend *self,
                         PlayerItem *item,
                         PlayerPlayBehavior behavior,
                         GError **error)
{
  g_return_val_if_fail (BUS_IS_BACKEND (self), FALSE);
  g_return_val_if_fail (item != NULL, FALSE);

  return BUS_BACKEND_GET_IFACE (self)->play_stream (self, item, behavior, error);
}

gboolean
bus_backend_renew (BusBackend *self, const char *token, PlayerItem *source, GError **error)
{
  g_return_val_if_fail (BUS_IS_BACKEND (self), FALSE);
  g_return_val_if_fail (token != NULL && source != NULL, FALSE);

  return BUS_BACKEND_GET_IFACE (self)->renew (self, token, source, error);
}

gboolean
bus_backend_seek (BusBackend *self, gint64 position_ms, GError **error)
{
  g_return_val_if_fail (BUS_IS_BACKEND (self), FALSE);
  g_return_val_if_fail (position_ms >= 0, FALSE);

  return BUS_BACKEND_GET_IFACE (self)->seek (self, position_ms, error);
}

gboolean
bus_backend_begin_user_speech (BusBackend *self, GError **error)
{
  g_return_val_if_fail (BUS_IS_BACKEND (self), FALSE);

  return BUS_BACKEND_GET_IFACE (self)->begin_user_speech (self, error);
}

gboolean
bus_backend_end_user_speech (BusBackend *self, gboolean understood, GError **error)
{
  g_return_val_if_fail (BUS_IS_BACKEND (self), FALSE);

  return BUS_BACKEND_GET_IFACE (self)->end_user_speech (self, understood, error);
}

void
bus_backend_get_voice (BusBackend *self, BusVoice *voice)
{
  g_return_if_fail (BUS_IS_BACKEND (self) && voice != NULL);

  BUS_BACKEND_GET_IFACE (self)->get_voice (self, voice);
}

const char *
bus_backend_get_locale (BusBackend *self)
{
  g_return_val_if_fail (BUS_IS_BACKEND (self), NULL);

  return BUS_BACKEND_GET_IFACE (self)->get_locale (self);
}

gboolean
bus_backend_set_locale (BusBackend *self, const char *locale, GError **error)
{
  g_return_val_if_fail (BUS_IS_BACKEND (self) && locale != NULL, FALSE);

  return BUS_BACKEND_GET_IFACE (self)->set_locale (self, locale, error);
}

const char *
bus_backend_get_directive_endpoint (BusBackend *self)
{
  g_return_val_if_fail (BUS_IS_BACKEND (self), NULL);

  return BUS_BACKEND_GET_IFACE (self)->get_directive_endpoint (self);
}

void
bus_backend_get_reports (BusBackend *self, BusReports *reports)
{
  g_return_if_fail (BUS_IS_BACKEND (self) && reports != NULL);

  *reports = (BusReports){ 0 };
  if (BUS_BACKEND_GET_IFACE (self)->get_reports != NULL)
    BUS_BACKEND_GET_IFACE (self)->get_reports (self, reports);
}

GVariant *
bus_backend_list_skills (BusBackend *self)
{
  g_return_val_if_fail (BUS_IS_BACKEND (self), NULL);

  return BUS_BACKEND_GET_IFACE (self)->list_skills (self);
}

/* Music. */

/* Nothing is known of music: answers in the backend's stead. */
static void
refuse_music (BusBackend *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, refuse_music);
  g_task_return_new_error (task, BUS_ERROR, BUS_ERROR_NO_MUSIC_SERVICE,
                           "no music service is configured");
}

void
bus_backend_music_play (BusBackend *self,
                        const char *service,
                        GVariant *criteria,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_return_if_fail (BUS_IS_BACKEND (self));
  g_return_if_fail (service != NULL);
  g_return_if_fail (g_variant_is_of_type (criteria, G_VARIANT_TYPE ("a{ss}")));

  BusBackendInterface *iface = BUS_BACKEND_GET_IFACE (self);
  if (iface->music_play != NULL)
    iface->music_play (self, service, criteria, callback, user_data);
  else
    refuse_music (self, callback, user_data);
}

void
bus_backend_music_do (BusBackend *self,
                      BusMusicAction action,
                      const char *argument,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_return_if_fail (BUS_IS_BACKEND (self));
  g_return_if_fail (argument != NULL);

  BusBackendInterface *iface = BUS_BACKEND_GET_IFACE (self);
  if (iface->music_do != NULL)
    iface->music_do (self, action, argument, callback, user_data);
  else
    refuse_music (self, callback, user_data);
}

GVariant *
bus_backend_music_finish (BusBackend *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (BUS_IS_BACKEND (self), NULL);

  if (g_async_result_is_tagged (result, refuse_music))
    return g_task_propagate_pointer (G_TASK (result), error);
  return BUS_BACKEND_GET_IFACE (self)->music_finish (self, result, error);
}

void
bus_backend_get_music (BusBackend *self, BusMusic *music)
{
  g_return_if_fail (BUS_IS_BACKEND (self) && music != NULL);

  *music = (BusMusic)BUS_MUSIC_INIT;
  if (BUS_BACKEND_GET_IFACE (self)->get_music != NULL)
    BUS_BACKEND_GET_IFACE (self)->get_music (self, music);
}

GVariant *
bus_backend_list_music (BusBackend *self)
{
  g_return_val_if_fail (BUS_IS_BACKEND (self), NULL);

  if (BUS_BACKEND_GET_IFACE (self)->list_music != NULL)
    return BUS_BACKEND_GET_IFACE (self)->list_music (self);
  return g_variant_new_array (G_VARIANT_TYPE ("(sss)"), NULL, 0);
}

void
bus_backend_diagnose (BusBackend *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (BUS_IS_BACKEND (self));

  BUS_BACKEND_GET_IFACE (self)->diagnose (self, callback, user_data);
}

GVariant *
bus_backend_diagnose_finish (BusBackend *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (BUS_IS_BACKEND (self), NULL);

  return BUS_BACKEND_GET_IFACE (self)->diagnose_finish (self, result, error);
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

/* For implementations: get_reports() would now tell something else. */
void
bus_backend_emit_reports_changed (BusBackend *self)
{
  g_return_if_fail (BUS_IS_BACKEND (self));

  g_signal_emit_by_name (self, "reports-changed");
}

/* For implementations: get_voice() would now tell something else. */
void
bus_backend_emit_voice_changed (BusBackend *self)
{
  g_return_if_fail (BUS_IS_BACKEND (self));

  g_signal_emit_by_name (self, "voice-changed");
}

/* For implementations: get_locale() would now tell something else. */
void
bus_backend_emit_locale_changed (BusBackend *self)
{
  g_return_if_fail (BUS_IS_BACKEND (self));

  g_signal_emit_by_name (self, "locale-changed");
}

/* For implementations: get_music() or list_music() would now tell something else. */
void
bus_backend_emit_music_changed (BusBackend *self)
{
  g_return_if_fail (BUS_IS_BACKEND (self));

  g_signal_emit_by_name (self, "music-changed");
}

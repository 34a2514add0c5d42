/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-backend-private.h"

#include "daemon-built-in.h"
#include "daemon-buttons.h"
#include "daemon-diagnosis.h"
#include "daemon-obey.h"
#include "dbus/bus-errors.h"
#include "dbus/bus-url.h"

static void daemon_backend_iface_init (BusBackendInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (DaemonBackend,
                               daemon_backend,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BUS_TYPE_BACKEND, daemon_backend_iface_init))

static gboolean
check_open (DaemonBackend *self, GError **error)
{
  if (self->closing)
    g_set_error (error, BUS_ERROR, BUS_ERROR_SHUTTING_DOWN, "the daemon is shutting down");
  return !self->closing;
}

/* (transfer none) (nullable) */
static DaemonConversation *
resolve (DaemonBackend *self, const char *skill, GError **error)
{
  return check_open (self, error) ? daemon_skills_resolve (self->skills, skill, error) : NULL;
}

/* --- Requests to skills ------------------------------------------------------------------------
 */

/* Ends the task that waits for @errand. */
static void
on_errand_done (DaemonErrand *errand, const GError *error, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_pointer (task, g_strdup (errand->request->request_id), g_free);
}

/* Asks without turning to that skill. */
static void
ask_aside (DaemonBackend *self,
           DaemonConversation *conversation,
           AlexaRequest *request,
           GTask *task)
{
  GError *error = NULL;
  if (daemon_conversation_ask (conversation, request, on_errand_done, g_object_ref (task), &error))
    return;
  g_object_unref (task);
  g_task_return_error (task, error);
}

static void
ask (DaemonBackend *self, DaemonConversation *conversation, AlexaRequest *request, GTask *task)
{
  /* What another session has paused is not heard between the two. */
  daemon_router_hold_floor (self->context->router);
  daemon_skills_abandon_others (self->skills, conversation);
  ask_aside (self, conversation, request, task);
  daemon_router_release_floor (self->context->router);
}

static void
daemon_backend_launch (BusBackend *backend,
                       const char *skill,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  DaemonBackend *self = DAEMON_BACKEND (backend);
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  g_autoptr (AlexaRequest) request = alexa_request_new (ALEXA_REQUEST_LAUNCH);
  GError *error = NULL;
  DaemonConversation *conversation = resolve (self, skill, &error);
  if (conversation != NULL)
    ask (self, conversation, request, task);
  else
    g_task_return_error (task, error);
}

/* (transfer full) (element-type AlexaSlot) */
static GPtrArray *
read_slots (GVariant *slots)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify)alexa_slot_free);
  GVariantIter iter;
  const char *name = NULL;
  const char *value = NULL;
  g_variant_iter_init (&iter, slots);
  while (g_variant_iter_next (&iter, "{&s&s}", &name, &value))
    g_ptr_array_add (list, alexa_slot_new (name, value));
  return list;
}

typedef AlexaRequest *(*MakeRequest) (const char *intent, GPtrArray *slots);
typedef void (*Ask) (DaemonBackend *self,
                     DaemonConversation *conversation,
                     AlexaRequest *request,
                     GTask *task);

/* Asks @skill what @make makes of @intent and @slots. (transfer full) @task. */
static void
ask_intent (DaemonBackend *self,
            const char *skill,
            const char *intent,
            GVariant *slots,
            MakeRequest make,
            Ask how,
            GTask *task)
{
  g_autoptr (GTask) owned = task;
  if (*intent == '\0')
    {
      g_task_return_new_error (task, BUS_ERROR, BUS_ERROR_INVALID_ARGUMENT,
                               "the name of an intent is needed");
      return;
    }
  GError *error = NULL;
  DaemonConversation *conversation = resolve (self, skill, &error);
  if (conversation == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_autoptr (GPtrArray) list = read_slots (slots);
  g_autoptr (AlexaRequest) request = make (intent, list);
  how (self, conversation, request, task);
}

static void
daemon_backend_intent (BusBackend *backend,
                       const char *skill,
                       const char *intent,
                       GVariant *slots,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  ask_intent (DAEMON_BACKEND (backend), skill, intent, slots, alexa_request_new_intent, ask,
              g_task_new (backend, NULL, callback, user_data));
}

static void
daemon_backend_built_in_intent (BusBackend *backend,
                                const char *skill,
                                const char *word,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  DaemonBackend *self = DAEMON_BACKEND (backend);
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  GError *error = NULL;
  DaemonConversation *conversation = resolve (self, skill, &error);
  const char *intent
      = conversation != NULL
            ? daemon_built_in_find (word,
                                    !daemon_conversation_has_session (conversation)
                                        && daemon_skills_find_owner (self->skills) == conversation,
                                    &error)
            : NULL;
  if (intent == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_autoptr (AlexaRequest) request = alexa_request_new_intent (intent, NULL);
  ask (self, conversation, request, task);
}

static void
daemon_backend_can_fulfill (BusBackend *backend,
                            const char *skill,
                            const char *intent,
                            GVariant *slots,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  ask_intent (DAEMON_BACKEND (backend), skill, intent, slots, alexa_request_new_can_fulfill,
              ask_aside, g_task_new (backend, NULL, callback, user_data));
}

static void
daemon_backend_end_session (BusBackend *backend,
                            const char *skill,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  DaemonBackend *self = DAEMON_BACKEND (backend);
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  GError *error = NULL;
  DaemonConversation *conversation = resolve (self, skill, &error);
  if (conversation != NULL)
    {
      if (daemon_conversation_end_session (conversation, on_errand_done, g_object_ref (task),
                                           &error))
        return;
      g_object_unref (task);
    }
  g_task_return_error (task, error);
}

static char *
daemon_backend_finish (BusBackend *backend, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, backend), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* A document without a skill: its streams belong to nobody, and whoever can hand it over may play
 * http, too. */
static char *
handle_for_nobody (DaemonBackend *self, AlexaRequestType type, GBytes *json, GError **error)
{
  g_autoptr (AlexaRequest) request = alexa_request_new (type);
  g_autoptr (AlexaResponse) response
      = daemon_obey_document (self->context, "", TRUE, FALSE, request, json, error);
  return response != NULL ? g_strdup (request->request_id) : NULL;
}

static char *
daemon_backend_handle_response (BusBackend *backend,
                                const char *skill,
                                const char *request_type,
                                const char *json,
                                GError **error)
{
  DaemonBackend *self = DAEMON_BACKEND (backend);
  AlexaRequestType type = ALEXA_REQUEST_LAUNCH;
  if (*request_type != '\0' && !alexa_request_type_from_string (request_type, &type))
    {
      g_set_error (error, BUS_ERROR, BUS_ERROR_INVALID_ARGUMENT, "there is no request type \"%s\"",
                   request_type);
      return NULL;
    }
  g_autoptr (GError) local = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new (json, strlen (json));
  DaemonConversation *conversation = resolve (self, skill, &local);
  if (conversation != NULL)
    return daemon_conversation_handle (conversation, type, bytes, error);
  if (g_error_matches (local, BUS_ERROR, BUS_ERROR_NO_SKILL))
    return handle_for_nobody (self, type, bytes, error);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

/* --- The player ----------------------------------------------------------------------------------
 */

static gboolean
plays_music (DaemonBackend *self)
{
  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (self->context->controller);
  return daemon_music_owns (self->music, now);
}

static gboolean
daemon_backend_press (BusBackend *backend, BusButton button, GError **error)
{
  DaemonBackend *self = DAEMON_BACKEND (backend);
  if (!check_open (self, error))
    return FALSE;
  if (plays_music (self))
    return daemon_music_press (self->music, button, error);
  if (button == BUS_BUTTON_STOP || button == BUS_BUTTON_PAUSE)
    daemon_music_stop_waiting (self->music);
  return daemon_buttons_press (self->context, self->skills, button, error);
}

static gboolean
daemon_backend_play_stream (BusBackend *backend,
                            PlayerItem *item,
                            PlayerPlayBehavior behavior,
                            GError **error)
{
  DaemonBackend *self = DAEMON_BACKEND (backend);
  if (!check_open (self, error))
    return FALSE;
  g_autoptr (PlayerCommand) play = player_command_new_play (item, behavior, NULL);
  daemon_router_submit (self->context->router, play);
  if (behavior != PLAYER_PLAY_REPLACE_ALL)
    return TRUE;
  /* Also if a session holds the floor. */
  g_autoptr (PlayerCommand) resume = player_command_new_simple (PLAYER_COMMAND_RESUME);
  daemon_router_submit (self->context->router, resume);
  return TRUE;
}

static gboolean
daemon_backend_play_url (BusBackend *backend, const char *url, gint64 offset_ms, GError **error)
{
  if (!bus_url_check (url, error))
    return FALSE;
  /* The token is for everybody to read. */
  g_autofree char *token = bus_url_redact (url);
  g_autoptr (PlayerItem) item = player_item_new (url, token, offset_ms, "", NULL);
  return daemon_backend_play_stream (backend, item, PLAYER_PLAY_REPLACE_ALL, error);
}

static gboolean
daemon_backend_renew (BusBackend *backend, const char *token, PlayerItem *source, GError **error)
{
  DaemonBackend *self = DAEMON_BACKEND (backend);
  if (!check_open (self, error))
    return FALSE;
  guint64 serial = player_controller_find_token (self->context->controller, token);
  g_autoptr (PlayerCommand) renew = player_command_new_renew (serial, source);
  if (daemon_router_submit (self->context->router, renew) == PLAYER_VERDICT_DONE)
    return TRUE;
  g_set_error (error, BUS_ERROR, BUS_ERROR_NOT_PLAYING, "there is no such stream to renew");
  return FALSE;
}

static gboolean
daemon_backend_seek (BusBackend *backend, gint64 position_ms, GError **error)
{
  DaemonBackend *self = DAEMON_BACKEND (backend);
  if (!check_open (self, error)
      || (plays_music (self) && !daemon_music_may_seek (self->music, error)))
    return FALSE;
  g_autoptr (PlayerCommand) seek = player_command_new_seek (position_ms);
  PlayerVerdict verdict = daemon_router_submit (self->context->router, seek);
  if (verdict == PLAYER_VERDICT_NOT_PLAYING)
    g_set_error (error, BUS_ERROR, BUS_ERROR_NOT_PLAYING, "nothing plays");
  else if (verdict == PLAYER_VERDICT_NOT_SEEKABLE)
    g_set_error (error, BUS_ERROR, BUS_ERROR_NOT_SEEKABLE, "this stream cannot be sought");
  return verdict != PLAYER_VERDICT_NOT_PLAYING && verdict != PLAYER_VERDICT_NOT_SEEKABLE;
}

/* --- Voice -------------------------------------------------------------------------------------
 */

static gboolean
daemon_backend_begin_user_speech (BusBackend *backend, GError **error)
{
  DaemonBackend *self = DAEMON_BACKEND (backend);
  if (!check_open (self, error))
    return FALSE;
  daemon_voice_begin_user_speech (self->context->voice);
  return TRUE;
}

static gboolean
daemon_backend_end_user_speech (BusBackend *backend, gboolean understood, GError **error)
{
  DaemonBackend *self = DAEMON_BACKEND (backend);
  return check_open (self, error)
         && daemon_voice_end_user_speech (self->context->voice, understood, error);
}

static void
daemon_backend_get_voice (BusBackend *backend, BusVoice *voice)
{
  daemon_voice_describe (DAEMON_BACKEND (backend)->context->voice, voice);
}

static const char *
daemon_backend_get_locale (BusBackend *backend)
{
  return DAEMON_BACKEND (backend)->context->locale;
}

static gboolean
daemon_backend_set_locale (BusBackend *backend, const char *locale, GError **error)
{
  DaemonBackend *self = DAEMON_BACKEND (backend);
  if (!check_open (self, error) || !daemon_context_set_locale (self->context, locale, error))
    return FALSE;
  g_message ("the locale is %s from now on", locale);
  bus_backend_emit_locale_changed (backend);
  return TRUE;
}

static GVariant *
daemon_backend_list_skills (BusBackend *backend)
{
  return daemon_skills_list (DAEMON_BACKEND (backend)->skills);
}

static void
daemon_backend_get_reports (BusBackend *backend, BusReports *reports)
{
  DaemonOutboxCounts counts = daemon_outbox_get_counts (DAEMON_BACKEND (backend)->context->outbox);
  *reports = (BusReports){ counts.waiting, counts.refused, counts.dropped };
}

static const char *
daemon_backend_get_directive_endpoint (BusBackend *backend)
{
  DaemonDirectiveService *service = DAEMON_BACKEND (backend)->context->directive_service;
  return service != NULL ? daemon_directive_service_get_endpoint (service) : "";
}

/* Tells everybody who has asked meanwhile. */
static void
on_diagnosed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DaemonBackend) self = user_data;
  g_autoptr (GVariant) findings = daemon_diagnosis_finish (result);
  g_autoptr (GPtrArray) patients = g_steal_pointer (&self->patients);
  self->patients = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < patients->len; i++)
    g_task_return_pointer (g_ptr_array_index (patients, i), g_variant_ref (findings),
                           (GDestroyNotify)g_variant_unref);
}

static void
daemon_backend_diagnose (BusBackend *backend, GAsyncReadyCallback callback, gpointer user_data)
{
  DaemonBackend *self = DAEMON_BACKEND (backend);
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  GError *error = NULL;
  if (!check_open (self, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  /* one at a time, however many ask */
  g_ptr_array_add (self->patients, g_steal_pointer (&task));
  if (self->patients->len == 1)
    daemon_diagnosis_run (self->context, self->skills, on_diagnosed, g_object_ref (self));
}

static GVariant *
daemon_backend_diagnose_finish (BusBackend *backend, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, backend), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
daemon_backend_iface_init (BusBackendInterface *iface)
{
  iface->launch = daemon_backend_launch;
  iface->intent = daemon_backend_intent;
  iface->built_in_intent = daemon_backend_built_in_intent;
  iface->can_fulfill = daemon_backend_can_fulfill;
  iface->end_session = daemon_backend_end_session;
  iface->finish = daemon_backend_finish;
  iface->handle_response = daemon_backend_handle_response;
  iface->press = daemon_backend_press;
  iface->play_url = daemon_backend_play_url;
  iface->play_stream = daemon_backend_play_stream;
  iface->renew = daemon_backend_renew;
  iface->seek = daemon_backend_seek;
  iface->begin_user_speech = daemon_backend_begin_user_speech;
  iface->end_user_speech = daemon_backend_end_user_speech;
  iface->get_voice = daemon_backend_get_voice;
  iface->get_locale = daemon_backend_get_locale;
  iface->set_locale = daemon_backend_set_locale;
  iface->list_skills = daemon_backend_list_skills;
  iface->get_reports = daemon_backend_get_reports;
  iface->get_directive_endpoint = daemon_backend_get_directive_endpoint;
  iface->diagnose = daemon_backend_diagnose;
  iface->diagnose_finish = daemon_backend_diagnose_finish;
  daemon_backend_init_music (iface);
}

/* --- Life ------------------------------------------------------------------------------------ */

static void
on_step (DaemonTimeline *timeline, const char *kind, GVariant *details, gpointer user_data)
{
  bus_backend_emit_step (user_data, kind, details);
}

void
daemon_backend_shut_down (DaemonBackend *self)
{
  g_return_if_fail (DAEMON_IS_BACKEND (self));
  self->closing = TRUE;
}

static void
daemon_backend_finalize (GObject *object)
{
  DaemonBackend *self = DAEMON_BACKEND (object);
  g_clear_pointer (&self->patients, g_ptr_array_unref);
  g_clear_object (&self->music);
  g_clear_object (&self->skills);
  g_clear_pointer (&self->context, daemon_context_unref);
  G_OBJECT_CLASS (daemon_backend_parent_class)->finalize (object);
}

static void
daemon_backend_class_init (DaemonBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = daemon_backend_finalize;
}

static void
daemon_backend_init (DaemonBackend *self)
{
  self->patients = g_ptr_array_new_with_free_func (g_object_unref);
}

DaemonBackend *
daemon_backend_new (DaemonContext *context, DaemonSkills *skills, DaemonMusic *music)
{
  g_return_val_if_fail (context != NULL && DAEMON_IS_SKILLS (skills), NULL);
  g_return_val_if_fail (DAEMON_IS_MUSIC (music), NULL);
  DaemonBackend *self = g_object_new (DAEMON_TYPE_BACKEND, NULL);
  self->context = daemon_context_ref (context);
  self->skills = g_object_ref (skills);
  self->music = g_object_ref (music);
  g_signal_connect_object (context->timeline, "step", G_CALLBACK (on_step), self,
                           G_CONNECT_DEFAULT);
  g_signal_connect_object (skills, "changed", G_CALLBACK (bus_backend_emit_skills_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (context->outbox, "counts-changed",
                           G_CALLBACK (bus_backend_emit_reports_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (context->voice, "changed", G_CALLBACK (bus_backend_emit_voice_changed),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (music, "changed", G_CALLBACK (bus_backend_emit_music_changed), self,
                           G_CONNECT_SWAPPED);
  return self;
}

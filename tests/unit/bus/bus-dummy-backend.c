/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "bus-dummy-backend.h"

#include "dbus/bus-errors.h"

struct _BusDummyBackend
{
  GObject parent_instance;

  GString *calls; /* (owned) */
  GQueue tasks;   /* (element-type GTask) (owned) */
  int code;       /* of the error to fail with, or -1 */
  char *skill;    /* (owned) (nullable) */
  char *locale;   /* (owned) */
  BusVoice voice;
  BusMusic music;
  gboolean music_at_once;
};

static void bus_dummy_backend_iface_init (BusBackendInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BusDummyBackend,
                               bus_dummy_backend,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BUS_TYPE_BACKEND,
                                                      bus_dummy_backend_iface_init))

static gboolean
bus_dummy_backend_obey (BusDummyBackend *self, GError **error)
{
  if (self->code < 0)
    return TRUE;
  g_set_error (error, BUS_ERROR, self->code, "told to fail");
  return FALSE;
}

static void
bus_dummy_backend_wait (BusDummyBackend *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_queue_push_tail (&self->tasks, g_task_new (self, NULL, callback, user_data));
}

static void
bus_dummy_backend_launch (BusBackend *backend,
                          const char *skill,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  BusDummyBackend *self = BUS_DUMMY_BACKEND (backend);
  g_string_append_printf (self->calls, "launch '%s'\n", skill);
  bus_dummy_backend_wait (self, callback, user_data);
}

static void
bus_dummy_backend_intent (BusBackend *backend,
                          const char *skill,
                          const char *intent,
                          GVariant *slots,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  BusDummyBackend *self = BUS_DUMMY_BACKEND (backend);
  g_autofree char *text = g_variant_print (slots, FALSE);
  g_string_append_printf (self->calls, "intent '%s' %s %s\n", skill, intent, text);
  bus_dummy_backend_wait (self, callback, user_data);
}

static void
bus_dummy_backend_built_in_intent (BusBackend *backend,
                                   const char *skill,
                                   const char *word,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  BusDummyBackend *self = BUS_DUMMY_BACKEND (backend);
  g_string_append_printf (self->calls, "built-in-intent '%s' %s\n", skill, word);
  bus_dummy_backend_wait (self, callback, user_data);
}

static void
bus_dummy_backend_can_fulfill (BusBackend *backend,
                               const char *skill,
                               const char *intent,
                               GVariant *slots,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  BusDummyBackend *self = BUS_DUMMY_BACKEND (backend);
  g_autofree char *text = g_variant_print (slots, FALSE);
  g_string_append_printf (self->calls, "can-fulfill '%s' %s %s\n", skill, intent, text);
  bus_dummy_backend_wait (self, callback, user_data);
}

static void
bus_dummy_backend_end_session (BusBackend *backend,
                               const char *skill,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  BusDummyBackend *self = BUS_DUMMY_BACKEND (backend);
  g_string_append_printf (self->calls, "end-session '%s'\n", skill);
  bus_dummy_backend_wait (self, callback, user_data);
}

static char *
bus_dummy_backend_finish (BusBackend *backend, GAsyncResult *result, GError **error)
{
  g_assert_true (g_task_is_valid (result, backend));
  return g_task_propagate_pointer (G_TASK (result), error);
}

static char *
bus_dummy_backend_handle_response (BusBackend *backend,
                                   const char *skill,
                                   const char *request_type,
                                   const char *json,
                                   GError **error)
{
  BusDummyBackend *self = BUS_DUMMY_BACKEND (backend);
  g_string_append_printf (self->calls, "handle '%s' '%s' %s\n", skill, request_type, json);
  return bus_dummy_backend_obey (self, error) ? g_strdup ("handled-1") : NULL;
}

static gboolean
bus_dummy_backend_press (BusBackend *backend, BusButton button, GError **error)
{
  const char *const names[] = { "play", "pause", "play-pause", "stop", "next", "previous" };
  BusDummyBackend *self = BUS_DUMMY_BACKEND (backend);
  g_string_append_printf (self->calls, "press %s\n", names[button]);
  return bus_dummy_backend_obey (self, error);
}

static gboolean
bus_dummy_backend_play_url (BusBackend *backend, const char *url, gint64 offset_ms, GError **error)
{
  BusDummyBackend *self = BUS_DUMMY_BACKEND (backend);
  g_string_append_printf (self->calls, "play-url %s %" G_GINT64_FORMAT "\n", url, offset_ms);
  return bus_dummy_backend_obey (self, error);
}

static char *
join_headers (const PlayerItem *item)
{
  return item->headers != NULL ? g_strjoinv (",", item->headers) : g_strdup ("-");
}

static gboolean
bus_dummy_backend_play_stream (BusBackend *backend,
                               PlayerItem *item,
                               PlayerPlayBehavior behavior,
                               GError **error)
{
  BusDummyBackend *self = BUS_DUMMY_BACKEND (backend);
  g_autofree char *headers = join_headers (item);
  g_string_append_printf (self->calls, "play-stream %s %s %" G_GINT64_FORMAT " %s %s %s%s\n",
                          player_play_behavior_to_string (behavior), item->url, item->offset_ms,
                          item->token, item->metadata->title != NULL ? item->metadata->title : "-",
                          headers, item->renewable ? " renewable" : "");
  return bus_dummy_backend_obey (self, error);
}

static gboolean
bus_dummy_backend_renew (BusBackend *backend, const char *token, PlayerItem *source, GError **error)
{
  BusDummyBackend *self = BUS_DUMMY_BACKEND (backend);
  g_autofree char *headers = join_headers (source);
  g_string_append_printf (self->calls, "renew '%s' %s %s\n", token, source->url, headers);
  return bus_dummy_backend_obey (self, error);
}

static gboolean
bus_dummy_backend_seek (BusBackend *backend, gint64 position_ms, GError **error)
{
  BusDummyBackend *self = BUS_DUMMY_BACKEND (backend);
  g_string_append_printf (self->calls, "seek %" G_GINT64_FORMAT "\n", position_ms);
  return bus_dummy_backend_obey (self, error);
}

static gboolean
bus_dummy_backend_begin_user_speech (BusBackend *backend, GError **error)
{
  BusDummyBackend *self = BUS_DUMMY_BACKEND (backend);
  g_string_append (self->calls, "begin-user-speech\n");
  return bus_dummy_backend_obey (self, error);
}

static gboolean
bus_dummy_backend_end_user_speech (BusBackend *backend, gboolean understood, GError **error)
{
  BusDummyBackend *self = BUS_DUMMY_BACKEND (backend);
  g_string_append_printf (self->calls, "end-user-speech %s\n", understood ? "true" : "false");
  return bus_dummy_backend_obey (self, error);
}

static void
bus_dummy_backend_get_voice (BusBackend *backend, BusVoice *voice)
{
  *voice = BUS_DUMMY_BACKEND (backend)->voice;
}

static const char *
bus_dummy_backend_get_locale (BusBackend *backend)
{
  return BUS_DUMMY_BACKEND (backend)->locale;
}

static gboolean
bus_dummy_backend_set_locale (BusBackend *backend, const char *locale, GError **error)
{
  BusDummyBackend *self = BUS_DUMMY_BACKEND (backend);
  g_string_append_printf (self->calls, "set-locale %s\n", locale);
  if (!bus_dummy_backend_obey (self, error))
    return FALSE;
  g_free (self->locale);
  self->locale = g_strdup (locale);
  bus_backend_emit_locale_changed (backend);
  return TRUE;
}

static GVariant *
bus_dummy_backend_list_skills (BusBackend *backend)
{
  BusDummyBackend *self = BUS_DUMMY_BACKEND (backend);
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ssb)"));
  if (self->skill != NULL)
    g_variant_builder_add (&builder, "(ssb)", self->skill, "https://skill.example/", TRUE);
  return g_variant_builder_end (&builder);
}

static const char *
bus_dummy_backend_get_directive_endpoint (BusBackend *backend)
{
  return "http://127.0.0.1:4711";
}

static void
bus_dummy_backend_wait_for_music (BusDummyBackend *self,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  bus_dummy_backend_wait (self, callback, user_data);
  if (self->music_at_once)
    bus_dummy_backend_answer_music (self, NULL, self->code);
}

static void
bus_dummy_backend_music_play (BusBackend *backend,
                              const char *service,
                              GVariant *criteria,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  BusDummyBackend *self = BUS_DUMMY_BACKEND (backend);
  g_autofree char *text = g_variant_print (criteria, FALSE);
  g_string_append_printf (self->calls, "music-play '%s' %s\n", service, text);
  bus_dummy_backend_wait_for_music (self, callback, user_data);
}

static void
bus_dummy_backend_music_do (BusBackend *backend,
                            BusMusicAction action,
                            const char *argument,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  const char *const names[]
      = { "jump", "shuffle", "loop", "repeat", "feedback", "view", "reinitiate" };
  BusDummyBackend *self = BUS_DUMMY_BACKEND (backend);
  g_string_append_printf (self->calls, "music-do %s '%s'\n", names[action], argument);
  bus_dummy_backend_wait_for_music (self, callback, user_data);
}

static GVariant *
bus_dummy_backend_music_finish (BusBackend *backend, GAsyncResult *result, GError **error)
{
  g_assert_true (g_task_is_valid (result, backend));
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
bus_dummy_backend_get_music (BusBackend *backend, BusMusic *music)
{
  *music = BUS_DUMMY_BACKEND (backend)->music;
}

static GVariant *
bus_dummy_backend_list_music (BusBackend *backend)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(sss)"));
  g_variant_builder_add (&builder, "(sss)", "shelf", "https://music.example/", "linked");
  return g_variant_builder_end (&builder);
}

/* Answers at once. */
static void
bus_dummy_backend_diagnose (BusBackend *backend, GAsyncReadyCallback callback, gpointer user_data)
{
  BusDummyBackend *self = BUS_DUMMY_BACKEND (backend);
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  GVariantBuilder rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(sssss)"));
  g_variant_builder_add (&rows, "(sssss)", "output", "", "problem", "it is away", "look for it");
  GVariant *findings = g_variant_ref_sink (g_variant_builder_end (&rows));
  if (self->code >= 0)
    g_task_return_new_error (task, BUS_ERROR, self->code, "for a test");
  else
    g_task_return_pointer (task, g_variant_ref (findings), (GDestroyNotify)g_variant_unref);
  g_variant_unref (findings);
}

static GVariant *
bus_dummy_backend_diagnose_finish (BusBackend *backend, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
bus_dummy_backend_iface_init (BusBackendInterface *iface)
{
  iface->launch = bus_dummy_backend_launch;
  iface->intent = bus_dummy_backend_intent;
  iface->built_in_intent = bus_dummy_backend_built_in_intent;
  iface->can_fulfill = bus_dummy_backend_can_fulfill;
  iface->end_session = bus_dummy_backend_end_session;
  iface->finish = bus_dummy_backend_finish;
  iface->handle_response = bus_dummy_backend_handle_response;
  iface->press = bus_dummy_backend_press;
  iface->play_url = bus_dummy_backend_play_url;
  iface->play_stream = bus_dummy_backend_play_stream;
  iface->renew = bus_dummy_backend_renew;
  iface->seek = bus_dummy_backend_seek;
  iface->begin_user_speech = bus_dummy_backend_begin_user_speech;
  iface->end_user_speech = bus_dummy_backend_end_user_speech;
  iface->get_voice = bus_dummy_backend_get_voice;
  iface->get_locale = bus_dummy_backend_get_locale;
  iface->set_locale = bus_dummy_backend_set_locale;
  iface->list_skills = bus_dummy_backend_list_skills;
  iface->get_directive_endpoint = bus_dummy_backend_get_directive_endpoint;
  iface->music_play = bus_dummy_backend_music_play;
  iface->music_do = bus_dummy_backend_music_do;
  iface->music_finish = bus_dummy_backend_music_finish;
  iface->get_music = bus_dummy_backend_get_music;
  iface->list_music = bus_dummy_backend_list_music;
  iface->diagnose = bus_dummy_backend_diagnose;
  iface->diagnose_finish = bus_dummy_backend_diagnose_finish;
}

char *
bus_dummy_backend_take_calls (BusDummyBackend *self)
{
  char *calls = g_strdup (self->calls->str);
  g_string_truncate (self->calls, 0);
  return calls;
}

void
bus_dummy_backend_fail (BusDummyBackend *self, int code)
{
  self->code = code;
}

gboolean
bus_dummy_backend_is_waiting (BusDummyBackend *self)
{
  return !g_queue_is_empty (&self->tasks);
}

void
bus_dummy_backend_answer (BusDummyBackend *self, const char *request_id, int code)
{
  g_autoptr (GTask) task = g_queue_pop_head (&self->tasks);
  g_assert_nonnull (task);
  if (request_id != NULL)
    g_task_return_pointer (task, g_strdup (request_id), g_free);
  else
    g_task_return_new_error (task, BUS_ERROR, code, "told to fail");
}

void
bus_dummy_backend_set_skill (BusDummyBackend *self, const char *name)
{
  g_free (self->skill);
  self->skill = g_strdup (name);
  bus_backend_emit_skills_changed (BUS_BACKEND (self));
}

void
bus_dummy_backend_set_voice (BusDummyBackend *self, const BusVoice *voice)
{
  self->voice = *voice;
  bus_backend_emit_voice_changed (BUS_BACKEND (self));
}

void
bus_dummy_backend_set_music (BusDummyBackend *self, const BusMusic *music)
{
  self->music = *music;
  bus_backend_emit_music_changed (BUS_BACKEND (self));
}

void
bus_dummy_backend_answer_music_at_once (BusDummyBackend *self)
{
  self->music_at_once = TRUE;
}

void
bus_dummy_backend_answer_music (BusDummyBackend *self, GVariant *view, int code)
{
  g_autoptr (GTask) task = g_queue_pop_head (&self->tasks);
  g_assert_nonnull (task);
  if (code < 0)
    g_task_return_pointer (task, view != NULL ? g_variant_ref_sink (view) : NULL,
                           (GDestroyNotify)g_variant_unref);
  else
    g_task_return_new_error (task, BUS_ERROR, code, "told to fail");
}

static void
bus_dummy_backend_finalize (GObject *object)
{
  BusDummyBackend *self = BUS_DUMMY_BACKEND (object);
  g_assert_true (g_queue_is_empty (&self->tasks));
  g_string_free (self->calls, TRUE);
  g_free (self->skill);
  g_free (self->locale);
  G_OBJECT_CLASS (bus_dummy_backend_parent_class)->finalize (object);
}

static void
bus_dummy_backend_class_init (BusDummyBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bus_dummy_backend_finalize;
}

static void
bus_dummy_backend_init (BusDummyBackend *self)
{
  self->calls = g_string_new (NULL);
  self->code = -1;
  self->locale = g_strdup ("en-GB");
  self->voice.microphone_skill = "";
  self->music = (BusMusic)BUS_MUSIC_INIT;
}

BusDummyBackend *
bus_dummy_backend_new (void)
{
  return g_object_new (BUS_TYPE_DUMMY_BACKEND, NULL);
}

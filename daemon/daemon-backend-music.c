/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-backend-private.h"

/* Ends the task of the caller as that of the music has ended. */
static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GVariant *value = daemon_music_finish (DAEMON_MUSIC (source), result, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, value, (GDestroyNotify)g_variant_unref);
}

static void
daemon_backend_music_play (BusBackend *backend,
                           const char *service,
                           GVariant *criteria,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  daemon_music_play (DAEMON_BACKEND (backend)->music, service, criteria, on_done,
                     g_task_new (backend, NULL, callback, user_data));
}

static void
daemon_backend_music_do (BusBackend *backend,
                         BusMusicAction action,
                         const char *argument,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  daemon_music_do (DAEMON_BACKEND (backend)->music, action, argument, on_done,
                   g_task_new (backend, NULL, callback, user_data));
}

static GVariant *
daemon_backend_music_finish (BusBackend *backend, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, backend), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
daemon_backend_get_music (BusBackend *backend, BusMusic *music)
{
  daemon_music_describe (DAEMON_BACKEND (backend)->music, music);
}

static GVariant *
daemon_backend_list_music (BusBackend *backend)
{
  return daemon_music_list (DAEMON_BACKEND (backend)->music);
}

void
daemon_backend_init_music (BusBackendInterface *iface)
{
  iface->music_play = daemon_backend_music_play;
  iface->music_do = daemon_backend_music_do;
  iface->music_finish = daemon_backend_music_finish;
  iface->get_music = daemon_backend_get_music;
  iface->list_music = daemon_backend_list_music;
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-arrivals.h"

#include <gio/gio.h>
#include <string.h>

#define PULSE_UNIX "unix:"

struct _PlayerGstArrivals
{
  PlayerGstArrivalsFunc func;
  gpointer data;
  char *pulse_name;    /* (owned) (nullable): of the socket that $PULSE_SERVER names */
  GPtrArray *monitors; /* (owned) (element-type GFileMonitor) */
};

static gboolean
arrivals_cares (PlayerGstArrivals *self, const char *name)
{
  static const char *const prefixes[] = { "pulse", "native", "pipewire-", "pcm", "control" };

  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_str_has_prefix (name, prefixes[i]))
      return TRUE;
  return g_strcmp0 (name, self->pulse_name) == 0;
}

static void
arrivals_on_changed (
    GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event, gpointer data)
{
  PlayerGstArrivals *self = data;
  g_autofree char *name = g_file_get_basename (file);

  if (event == G_FILE_MONITOR_EVENT_CREATED && arrivals_cares (self, name))
    self->func (self->data);
}

static void
arrivals_watch (PlayerGstArrivals *self, const char *folder)
{
  g_autoptr (GFile) file = g_file_new_for_path (folder);
  GFileMonitor *monitor = g_file_monitor_directory (file, G_FILE_MONITOR_NONE, NULL, NULL);

  if (monitor == NULL)
    return;
  g_signal_connect (monitor, "changed", G_CALLBACK (arrivals_on_changed), self);
  g_ptr_array_add (self->monitors, monitor);
}

PlayerGstArrivals *
player_gst_arrivals_new (PlayerGstArrivalsFunc func, gpointer data)
{
  PlayerGstArrivals *self = g_new0 (PlayerGstArrivals, 1);
  const char *server = g_getenv ("PULSE_SERVER");
  g_autofree char *pulse = g_build_filename (g_get_user_runtime_dir (), "pulse", NULL);

  self->func = func;
  self->data = data;
  self->monitors = g_ptr_array_new_with_free_func (g_object_unref);
  arrivals_watch (self, g_get_user_runtime_dir ());
  arrivals_watch (self, pulse);
  arrivals_watch (self, "/dev/snd");
  if (server != NULL && g_str_has_prefix (server, PULSE_UNIX))
    {
      const char *path = server + strlen (PULSE_UNIX);
      g_autofree char *folder = g_path_get_dirname (path);

      self->pulse_name = g_path_get_basename (path);
      arrivals_watch (self, folder);
    }
  return self;
}

void
player_gst_arrivals_free (PlayerGstArrivals *self)
{
  for (guint i = 0; i < self->monitors->len; i++)
    {
      GFileMonitor *monitor = g_ptr_array_index (self->monitors, i);

      g_signal_handlers_disconnect_by_data (monitor, self);
      g_file_monitor_cancel (monitor);
    }
  g_ptr_array_unref (self->monitors);
  g_free (self->pulse_name);
  g_free (self);
}

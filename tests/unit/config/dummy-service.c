/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* A service that makes no sound, for tests of main.c. $SEGUE_DUMMY says what it does: "good",
 * "lost" (the bus name), "stuck" (never stops), "hung" (its main loop stands still), "deaf" (its audio does),
 * "bad" (cannot be made). */
#include "daemon/daemon-service.h"

struct _DaemonService
{
  GObject parent;
  char *mode; /* (owned) */
};

G_DEFINE_FINAL_TYPE (DaemonService, daemon_service, G_TYPE_OBJECT)

static void
daemon_service_finalize (GObject *object)
{
  g_free (DAEMON_SERVICE (object)->mode);
  G_OBJECT_CLASS (daemon_service_parent_class)->finalize (object);
}

static void
daemon_service_class_init (DaemonServiceClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);
  const char *texts[] = { "name-lost", "status" };

  G_OBJECT_CLASS (klass)->finalize = daemon_service_finalize;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_signal_new (texts[i], type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                  G_TYPE_STRING);
  g_signal_new ("ready", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_signal_new ("stopped", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
daemon_service_init (DaemonService *self)
{
  self->mode = g_strdup (g_getenv ("SEGUE_DUMMY"));
}

DaemonService *
daemon_service_new (DaemonConfig *config,
                    DaemonSigning *signing,
                    GBusType bus_type,
                    const char *state_dir,
                    GError **error)
{
  g_autoptr (DaemonSigning) unused = signing;
  g_autoptr (DaemonService) self = g_object_new (DAEMON_TYPE_SERVICE, NULL);

  if (!g_str_equal (self->mode, "bad"))
    return g_steal_pointer (&self);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "no element “%s”", config->sink);
  return NULL;
}

static gboolean
on_idle (gpointer data)
{
  g_autofree char *status = g_strdup_printf ("socket %s", g_getenv ("NOTIFY_SOCKET"));

  g_signal_emit_by_name (data, "ready");
  g_signal_emit_by_name (data, "status", status);
  while (g_str_equal (DAEMON_SERVICE (data)->mode, "hung"))
    g_usleep (G_USEC_PER_SEC);
  return G_SOURCE_REMOVE;
}

void
daemon_service_start (DaemonService *self)
{
  if (g_str_equal (self->mode, "lost")) /* at once: the loop does not run yet */
    g_signal_emit_by_name (self, "name-lost", "the name “org.segue.Segue1” is taken");
  else
    g_idle_add_full (G_PRIORITY_DEFAULT, on_idle, g_object_ref (self), g_object_unref);
}

void
daemon_service_watch (DaemonService *self, DaemonNotify *notify, guint interval_ms)
{
}

char *
daemon_service_reconfigure (DaemonService *self, DaemonConfig *config, DaemonSigning *signing)
{
  g_autoptr (DaemonSigning) unused = signing;

  return NULL;
}

const char *
daemon_service_get_doing (DaemonService *self)
{
  return self->mode;
}

gboolean
daemon_service_close (DaemonService *self)
{
  return !g_str_equal (self->mode, "deaf");
}

void
daemon_service_stop (DaemonService *self)
{
  if (!g_str_equal (self->mode, "stuck"))
    g_signal_emit_by_name (self, "stopped");
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "bus-mpris-root.h"

#include "bus-url.h"

struct _BusMprisRoot
{
  BusGenMediaPlayer2Skeleton parent_instance;
};

static void bus_mpris_root_iface_init (BusGenMediaPlayer2Iface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BusMprisRoot,
                               bus_mpris_root,
                               BUS_GEN_TYPE_MEDIA_PLAYER2_SKELETON,
                               G_IMPLEMENT_INTERFACE (BUS_GEN_TYPE_MEDIA_PLAYER2,
                                                      bus_mpris_root_iface_init))

static const char *const bus_mpris_mime_types[] = {
  "audio/aac",       "audio/flac",    "audio/mp4",   "audio/mpeg",
  "audio/ogg",       "audio/opus",    "audio/x-wav", "application/vnd.apple.mpegurl",
  "audio/x-mpegurl", "audio/x-scpls", NULL,
};

static gboolean
bus_mpris_root_refuse (BusGenMediaPlayer2 *skeleton, GDBusMethodInvocation *invocation)
{
  g_dbus_method_invocation_return_error (
      invocation, G_DBUS_ERROR, G_DBUS_ERROR_NOT_SUPPORTED,
      "Segue has no window and is stopped by its service manager");
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
bus_mpris_root_iface_init (BusGenMediaPlayer2Iface *iface)
{
  iface->handle_raise = bus_mpris_root_refuse;
  iface->handle_quit = bus_mpris_root_refuse;
}

static void
bus_mpris_root_class_init (BusMprisRootClass *klass)
{
}

static void
bus_mpris_root_init (BusMprisRoot *self)
{
  g_object_set (self, "can-quit", FALSE, "can-raise", FALSE, "has-track-list", FALSE, "identity",
                "Segue", "supported-uri-schemes", bus_url_schemes (), "supported-mime-types",
                bus_mpris_mime_types, NULL);
}

/* Returns: (transfer full): the interface, not exported yet. */
BusMprisRoot *
bus_mpris_root_new (void)
{
  return g_object_new (BUS_TYPE_MPRIS_ROOT, NULL);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "config.h"

#include <gio/gio.h>
#include <gst/gst.h>
#include <libsoup/soup.h>

#include "player-gst-engine.h"
#include "player-gst-httpsrc.h"
#include "player-gst-listing.h"
#include "player-gst-plugins.h"
#ifdef SEGUE_PIPEWIRE
#include "player-gst-pipewire-sink.h"
#endif
#ifdef SEGUE_PULSE
#include "player-gst-pulse-sink.h"
#endif
#include "player-gst-snapcast.h"

/* The module that finds proxies costs some ms and MB at start; where none are wanted it is not even
 * loaded. Neither is that of TLS before it is needed: see the making of a source. */
gboolean
player_gst_uses_proxies (void)
{
  return g_strcmp0 (g_getenv ("GIO_USE_PROXY_RESOLVER"), "dummy") != 0;
}

/* GObject can deadlock when one thread initialises a class that names a type while another registers
 * that type with an interface: seen between a new SoupSession here and a bus connection in GIO's
 * pool. What fetch threads, the main thread and the pool use together is registered before any of
 * them runs. */
static void
register_shared_types (void)
{
  const GType types[] = {
    G_TYPE_SOCKET,
    G_TYPE_SOCKET_CLIENT,
    G_TYPE_INET_SOCKET_ADDRESS,
    G_TYPE_PROXY_ADDRESS,
    G_TYPE_NETWORK_ADDRESS,
    G_TYPE_NETWORK_SERVICE,
    G_TYPE_TCP_CONNECTION,
    G_TYPE_TCP_WRAPPER_CONNECTION,
    G_TYPE_DATA_INPUT_STREAM,
    G_TYPE_MEMORY_INPUT_STREAM,
    G_TYPE_MEMORY_OUTPUT_STREAM,
    G_TYPE_DBUS_CONNECTION,
    G_TYPE_TASK,
    G_TYPE_TLS_CERTIFICATE,
    G_TYPE_TLS_CONNECTION,
    G_TYPE_TLS_DATABASE,
    SOUP_TYPE_SESSION,
    SOUP_TYPE_MESSAGE,
  };
  const GType interfaces[] = { G_TYPE_TLS_BACKEND, G_TYPE_TLS_CLIENT_CONNECTION,
                               G_TYPE_TLS_FILE_DATABASE, G_TYPE_PROXY_RESOLVER };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    g_type_class_unref (g_type_class_ref (types[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (interfaces); i++)
    g_type_default_interface_unref (g_type_default_interface_ref (interfaces[i]));
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  if (player_gst_uses_proxies ())
    g_proxy_resolver_get_default ();
}

/* Those of our own that take back what is not heard yet. */
static gboolean
register_server_sinks (void)
{
#ifdef SEGUE_PIPEWIRE
  if (!player_gst_pipewire_sink_register ())
    return FALSE;
#endif
#ifdef SEGUE_PULSE
  if (!player_gst_pulse_sink_register ())
    return FALSE;
#endif
  return TRUE;
}

gboolean
player_gst_init (GError **error)
{
  register_shared_types ();
  if (!gst_init_check (NULL, NULL, error))
    return FALSE;
  player_gst_plugins_rank ();
  if (!player_gst_httpsrc_register () || !player_gst_listing_register ()
      || !player_gst_snapcast_register () || !register_server_sinks ())
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "Elements cannot be registered");
      return FALSE;
    }
  return TRUE;
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-host.h"

#include <gio/gio.h>
#include <string.h>

gboolean
alexa_host_is_loopback (const char *host)
{
  g_return_val_if_fail (host != NULL, FALSE);
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);
  if (address != NULL)
    return g_inet_address_get_is_loopback (address);

  g_autofree char *name = g_ascii_strdown (host, -1);
  if (g_str_has_suffix (name, "."))
    name[strlen (name) - 1] = '\0';
  /* GLib's resolver answers these names itself */
  return g_str_equal (name, "localhost")
         || (g_str_has_suffix (name, ".localhost") && name[0] != '.');
}

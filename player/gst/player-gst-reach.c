/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-reach.h"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* The IANA registries of special-purpose addresses, and multicast. */
static const char *const special[] = {
  "0.0.0.0/8",      "10.0.0.0/8",      "100.64.0.0/10",  "127.0.0.0/8",    "169.254.0.0/16",
  "172.16.0.0/12",  "192.0.0.0/24",    "192.0.2.0/24",   "192.88.99.0/24", "192.168.0.0/16",
  "198.18.0.0/15",  "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",    "240.0.0.0/4",
  "64:ff9b:1::/48", "100::/64",        "2001::/23",      "2001:db8::/32",  "3fff::/20",
};

/* Those that hold one of IPv4, and at which byte. */
static const struct
{
  const char *net;
  guint at;
} wrapped[] = {
  { "::ffff:0:0/96", 12 },
  { "::/96", 12 },
  { "64:ff9b::/96", 12 },
  { "2002::/16", 2 },
};

static gboolean
lies_in (GInetAddress *address, const char *net)
{
  g_autoptr (GInetAddressMask) mask = g_inet_address_mask_new_from_string (net, NULL);

  return g_inet_address_mask_get_family (mask) == g_inet_address_get_family (address)
         && g_inet_address_mask_matches (mask, address);
}

/* (transfer full) (nullable) */
static GInetAddress *
unwrap (GInetAddress *address)
{
  if (g_inet_address_get_family (address) != G_SOCKET_FAMILY_IPV6)
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (wrapped); i++)
    if (lies_in (address, wrapped[i].net))
      return g_inet_address_new_from_bytes (g_inet_address_to_bytes (address) + wrapped[i].at,
                                            G_SOCKET_FAMILY_IPV4);
  return NULL;
}

gboolean
player_gst_reach_is_global (GInetAddress *address)
{
  g_autoptr (GInetAddress) inner = unwrap (address);
  GInetAddress *seen = inner != NULL ? inner : address;

  if (g_inet_address_get_family (seen) == G_SOCKET_FAMILY_IPV6 && !lies_in (seen, "2000::/3"))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (special); i++)
    if (lies_in (seen, special[i]))
      return FALSE;
  return TRUE;
}

/* --- the networks of this machine --- */

static const guint8 *
bytes_of (const struct sockaddr *address, gsize *length)
{
  *length = address->sa_family == AF_INET ? 4 : 16;
  return address->sa_family == AF_INET
             ? (const guint8 *)&((const struct sockaddr_in *)(const void *)address)->sin_addr
             : (const guint8 *)&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
}

static gboolean
is_of_interface (const struct ifaddrs *interface, GInetAddress *address)
{
  const GSocketFamily family = g_inet_address_get_family (address);
  gsize length;

  if (interface->ifa_addr == NULL || interface->ifa_netmask == NULL
      || interface->ifa_addr->sa_family != family)
    return FALSE;
  const guint8 *own = bytes_of (interface->ifa_addr, &length);
  const guint8 *asked = g_inet_address_to_bytes (address);
  guint8 mask[16];
  memcpy (mask,
          (const guint8 *)interface->ifa_netmask
              + ((const guint8 *)own - (const guint8 *)interface->ifa_addr),
          length);
  if (mask[0] == 0)
    return FALSE; /* the whole internet is no network around us */
  for (gsize i = 0; i < length; i++)
    if (((own[i] ^ asked[i]) & mask[i]) != 0)
      return FALSE;
  return TRUE;
}

static gboolean
is_on_link (GInetAddress *address)
{
  g_autoptr (GInetAddress) inner = unwrap (address);
  struct ifaddrs *all = NULL;
  gboolean found = FALSE;

  if (getifaddrs (&all) != 0)
    return FALSE;
  for (struct ifaddrs *one = all; one != NULL && !found; one = one->ifa_next)
    found = is_of_interface (one, inner != NULL ? inner : address);
  freeifaddrs (all);
  return found;
}

gboolean
player_gst_reach_is_public (GSocketAddress *address)
{
  if (G_IS_PROXY_ADDRESS (address))
    return TRUE;
  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return FALSE;
  GInetAddress *inet = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address));
  return player_gst_reach_is_global (inet) && !is_on_link (inet);
}

/* --- hosts and URLs --- */

gboolean
player_gst_reach_is_home (const char *host)
{
  static const char *const endings[] = { ".localhost", ".local", ".internal", ".home.arpa" };
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  if (address != NULL)
    return !player_gst_reach_is_global (address);
  g_autofree char *name = g_ascii_strdown (host, -1);
  if (g_str_has_suffix (name, "."))
    name[strlen (name) - 1] = '\0';
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (name, endings[i]))
      return TRUE;
  return strchr (name, '.') == NULL && strchr (name, ':') == NULL;
}

const char *
player_gst_reach_find_fault (PlayerReach reach, GUri *uri)
{
  const char *host = g_uri_get_host (uri);
  g_autoptr (GInetAddress) address = host != NULL ? g_inet_address_new_from_string (host) : NULL;

  if ((reach & PLAYER_REACH_HTTP) == 0 && g_ascii_strcasecmp (g_uri_get_scheme (uri), "https") != 0)
    return "plain http, which may not be opened for this stream (http-media)";
  if ((reach & PLAYER_REACH_PRIVATE) == 0 && address != NULL
      && !player_gst_reach_is_global (address))
    return PLAYER_GST_REACH_PRIVATE_REFUSED;
  return NULL;
}

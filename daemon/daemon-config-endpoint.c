/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-config-endpoint.h"

#include "alexa/alexa-host.h"
#include "daemon-config.h"

#include <string.h>

/* Whether @host is a loopback address for certain, without asking a name server. */
gboolean
daemon_config_url_is_loopback (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  return host != NULL && alexa_host_is_loopback (host);
}

static gboolean
is_visible_ascii (const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    if (!g_ascii_isgraph (*c) || *c == '\\')
      return FALSE;
  return TRUE;
}

/* (nullable): what is wrong with @url. The URL itself is not repeated: it may hold a password. */
static const char *
find_fault (const char *url)
{
  if (!is_visible_ascii (url))
    return "white space, a backslash or a character beyond ASCII in the URL";

  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  if (uri == NULL)
    return "not an absolute URL";
  const char *scheme = g_uri_get_scheme (uri);
  const char *host = g_uri_get_host (uri);
  gboolean is_http = g_str_equal (scheme, "http");
  if (!is_http && !g_str_equal (scheme, "https"))
    return "neither https nor http";
  if (host == NULL || host[0] == '\0')
    return "a URL without a host";
  if (g_uri_get_userinfo (uri) != NULL)
    return "user name or password in the URL";
  if (g_uri_get_fragment (uri) != NULL)
    return "a fragment (#…) in the URL";
  if (g_uri_get_port (uri) == 0)
    return "port 0";
  if (is_http && !alexa_host_is_loopback (host))
    return "plain http to another machine";
  return NULL;
}

gboolean
daemon_config_check_endpoint (const char *url, GError **error)
{
  const char *fault = find_fault (url);
  if (fault == NULL)
    return TRUE;
  g_set_error (error, DAEMON_CONFIG_ERROR, DAEMON_CONFIG_ERROR_VALUE, "%s; allowed: %s", fault,
               DAEMON_CONFIG_ENDPOINT_ALLOWED);
  return FALSE;
}

char *
daemon_config_derive_application_id (const char *endpoint)
{
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, endpoint, -1);

  /* version 5 (made from a name) and the usual variant, as readers of UUIDs expect */
  hash[12] = '5';
  hash[16] = "89ab"[g_ascii_xdigit_value (hash[16]) & 3];
  return g_strdup_printf ("amzn1.ask.skill.%.8s-%.4s-%.4s-%.4s-%.12s", hash, hash + 8, hash + 12,
                          hash + 16, hash + 20);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "bus-url.h"

#include <string.h>

#include "bus-errors.h"

static const char *const bus_url_scheme_list[] = { "http", "https", "file", NULL };

const char *const *
bus_url_schemes (void)
{
  return bus_url_scheme_list;
}

static gboolean
bus_url_has_target (GUri *uri)
{
  if (g_strcmp0 (g_uri_get_scheme (uri), "file") == 0)
    return g_str_has_prefix (g_uri_get_path (uri), "/");

  const char *host = g_uri_get_host (uri);
  return host != NULL && *host != '\0';
}

/* The messages do not repeat the URL: its query may hold a signature. */
gboolean
bus_url_check (const char *url, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  if (uri == NULL)
    {
      g_set_error_literal (error, BUS_ERROR, BUS_ERROR_INVALID_ARGUMENT, "not an absolute URL");
      return FALSE;
    }
  if (!g_strv_contains (bus_url_scheme_list, g_uri_get_scheme (uri)))
    {
      g_set_error (error, BUS_ERROR, BUS_ERROR_INVALID_ARGUMENT,
                   "URL scheme “%s” cannot be played; allowed: http, https, file",
                   g_uri_get_scheme (uri));
      return FALSE;
    }
  if (!bus_url_has_target (uri))
    {
      g_set_error (error, BUS_ERROR, BUS_ERROR_INVALID_ARGUMENT, "the %s URL names no %s",
                   g_uri_get_scheme (uri),
                   g_strcmp0 (g_uri_get_scheme (uri), "file") == 0 ? "absolute path" : "host");
      return FALSE;
    }
  return TRUE;
}

char *
bus_url_redact (const char *url)
{
  const char *mark = strstr (url, "://");
  const char *authority = mark != NULL ? mark + 3 : url;
  const char *at = g_strrstr_len (authority, (gssize)strcspn (authority, "/?#"), "@");
  const char *host = at != NULL ? at + 1 : authority;

  return g_strdup_printf ("%.*s%.*s", (int)(authority - url), url, (int)strcspn (host, "?#"), host);
}

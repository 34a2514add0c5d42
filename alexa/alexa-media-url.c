/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-directive-private.h"

#include <string.h>

static gboolean
needs_escape (const char *p)
{
  guchar c = (guchar)*p;
  if (c == '%')
    return !g_ascii_isxdigit (p[1]) || !g_ascii_isxdigit (p[2]);
  return c == ' ' || c >= 0x80 || strchr ("\"<>\\^`{|}", c) != NULL;
}

static char *
escape (const char *url, gboolean *escaped)
{
  g_autoptr (GString) out = g_string_new (NULL);
  for (const char *p = url; *p != '\0'; p++)
    {
      if (needs_escape (p))
        {
          g_string_append_printf (out, "%%%02X", (guint)(guchar)*p);
          *escaped = TRUE;
        }
      else
        g_string_append_c (out, *p);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static gboolean
has_control (const char *url)
{
  for (const char *p = url; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      return TRUE;
  return FALSE;
}

char *
alexa_media_url_normalize (const char *url, gboolean *escaped)
{
  g_autofree char *stripped = g_strstrip (g_strdup (url));
  *escaped = strlen (stripped) != strlen (url);
  if (has_control (stripped))
    return NULL;
  g_autofree char *result = escape (stripped, escaped);
  g_autofree char *scheme = NULL;
  g_autofree char *host = NULL;
  GUriFlags flags = G_URI_FLAGS_ENCODED | G_URI_FLAGS_PARSE_RELAXED;
  if (!g_uri_split (result, flags, &scheme, NULL, &host, NULL, NULL, NULL, NULL, NULL))
    return NULL;
  if (scheme == NULL)
    return NULL;
  gboolean is_http = g_ascii_strcasecmp (scheme, "http") == 0;
  gboolean is_https = g_ascii_strcasecmp (scheme, "https") == 0;
  if ((is_http || is_https) && (host == NULL || *host == '\0'))
    return NULL;
  return g_steal_pointer (&result);
}

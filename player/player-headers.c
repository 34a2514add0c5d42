/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/player-types.h"

#include <string.h>

#define HEADERS_MAX 20
#define NAME_MAX_BYTES 256
#define VALUE_MAX_BYTES 4096

static gboolean
is_name (const char *name)
{
  for (const char *c = name; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && strchr ("!#$%&'*+-.^_`|~", *c) == NULL)
      return FALSE;
  return *name != '\0' && strlen (name) <= NAME_MAX_BYTES;
}

static gboolean
is_allowed (const char *name)
{
  return g_ascii_strcasecmp (name, "Authorization") == 0 || g_ascii_strcasecmp (name, "Cookie") == 0
         || (g_ascii_strncasecmp (name, "X-", 2) == 0 && name[2] != '\0');
}

static gboolean
is_value (const char *value)
{
  for (const char *c = value; *c != '\0'; c++)
    if ((guchar)*c < 0x20 || *c == 0x7f)
      return FALSE;
  return strlen (value) <= VALUE_MAX_BYTES;
}

char *
player_headers_check (const char *const *headers)
{
  for (guint i = 0; headers != NULL && headers[i] != NULL; i += 2)
    {
      const char *name = headers[i];

      if (i / 2 >= HEADERS_MAX)
        return g_strdup_printf ("more than %d headers", HEADERS_MAX);
      if (!is_name (name))
        return g_strdup_printf ("header %u: no name of a header", i / 2 + 1);
      if (!is_allowed (name))
        return g_strdup_printf ("header “%s”: only Authorization, Cookie and X-… may be sent",
                                name);
      if (headers[i + 1] == NULL)
        return g_strdup_printf ("header “%s”: no value", name);
      if (!is_value (headers[i + 1]))
        return g_strdup_printf ("header “%s”: the value is too long or has a control character",
                                name);
    }
  return NULL;
}

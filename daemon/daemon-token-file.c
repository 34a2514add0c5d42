/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-token-file.h"

#define MAX_TOKEN_BYTES 65536

char *
daemon_token_file_read (const char *path, const char *whose)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *token = NULL;
  gsize size = 0;
  if (path == NULL)
    return NULL;
  if (!g_file_get_contents (path, &token, &size, &error))
    {
      g_message ("%s: no access token: %s", whose, error->message);
      return NULL;
    }
  g_strstrip (token);
  if (size > MAX_TOKEN_BYTES || *token == '\0' || !g_utf8_validate (token, -1, NULL))
    {
      g_message ("%s: no access token: %s does not hold one", whose, path);
      return NULL;
    }
  return g_steal_pointer (&token);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-directive-grants.h"

#include <openssl/crypto.h>
#include <string.h>

#include "daemon-random.h"

struct _DaemonDirectiveGrants
{
  GPtrArray *all; /* (owned) (element-type DaemonDirectiveGrant) */
};

static void
grant_free (DaemonDirectiveGrant *self)
{
  g_free (self->token);
  g_free (self->skill);
  g_free (self->request_id);
  g_free (self);
}

DaemonDirectiveGrants *
daemon_directive_grants_new (void)
{
  DaemonDirectiveGrants *self = g_new0 (DaemonDirectiveGrants, 1);
  self->all = g_ptr_array_new_with_free_func ((GDestroyNotify)grant_free);
  return self;
}

void
daemon_directive_grants_free (DaemonDirectiveGrants *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->all);
  g_free (self);
}

const char *
daemon_directive_grants_add (DaemonDirectiveGrants *self,
                             const char *skill,
                             const char *request_id,
                             gboolean http_media)
{
  daemon_directive_grants_remove (self, request_id);
  DaemonDirectiveGrant *grant = g_new0 (DaemonDirectiveGrant, 1);
  grant->token = daemon_random_token ();
  grant->skill = g_strdup (skill);
  grant->request_id = g_strdup (request_id);
  grant->http_media = http_media;
  g_ptr_array_add (self->all, grant);
  return grant->token;
}

void
daemon_directive_grants_remove (DaemonDirectiveGrants *self, const char *request_id)
{
  for (guint i = 0; i < self->all->len; i++)
    {
      const DaemonDirectiveGrant *grant = g_ptr_array_index (self->all, i);
      if (!g_str_equal (grant->request_id, request_id))
        continue;
      g_ptr_array_remove_index_fast (self->all, i);
      return;
    }
}

gboolean
daemon_directive_token_equal (const char *a, const char *b)
{
  gsize length = strlen (a);
  return length == strlen (b) && CRYPTO_memcmp (a, b, length) == 0;
}

DaemonDirectiveGrant *
daemon_directive_grants_find (DaemonDirectiveGrants *self, const char *token)
{
  DaemonDirectiveGrant *found = NULL;
  for (guint i = 0; i < self->all->len; i++)
    {
      DaemonDirectiveGrant *grant = g_ptr_array_index (self->all, i);
      if (daemon_directive_token_equal (grant->token, token))
        found = grant;
    }
  return found;
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-session.h"

AlexaSession *
alexa_session_new (void)
{
  AlexaSession *self = g_new0 (AlexaSession, 1);
  g_autofree char *uuid = g_uuid_string_random ();
  self->id = g_strconcat ("amzn1.echo-api.session.", uuid, NULL);
  self->is_new = TRUE;
  self->attributes = g_bytes_new_static ("{}", 2);
  return self;
}

void
alexa_session_free (AlexaSession *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_bytes_unref (self->attributes);
  g_free (self);
}

void
alexa_session_answered (AlexaSession *self, GBytes *attributes)
{
  g_return_if_fail (self != NULL);

  self->is_new = FALSE;
  if (attributes == NULL)
    return;
  g_bytes_ref (attributes);
  g_bytes_unref (self->attributes);
  self->attributes = attributes;
}

static gboolean
is_empty (const char *container, gsize size)
{
  gsize i = 1;
  while (i < size && g_ascii_isspace (container[i]))
    i++;
  return i + 1 == size;
}

AlexaSessionAttributesKind
alexa_session_attributes_kind (GBytes *raw)
{
  gsize size = 0;
  const char *text = raw != NULL ? g_bytes_get_data (raw, &size) : NULL;
  if (size == 0 || *text == 'n')
    return ALEXA_SESSION_ATTRIBUTES_NONE;
  if (*text == '{')
    return is_empty (text, size) ? ALEXA_SESSION_ATTRIBUTES_EMPTY : ALEXA_SESSION_ATTRIBUTES_OBJECT;
  return *text == '[' && is_empty (text, size) ? ALEXA_SESSION_ATTRIBUTES_EMPTY_ARRAY
                                               : ALEXA_SESSION_ATTRIBUTES_OTHER;
}

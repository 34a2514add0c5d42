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
  self->attributes = json_object_new ();
  return self;
}

void
alexa_session_free (AlexaSession *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  json_object_unref (self->attributes);
  g_free (self);
}

void
alexa_session_answered (AlexaSession *self, JsonObject *attributes)
{
  g_return_if_fail (self != NULL);

  self->is_new = FALSE;
  if (attributes == NULL)
    return;
  json_object_ref (attributes);
  json_object_unref (self->attributes);
  self->attributes = attributes;
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-witness.h"

#define REFUSED "refused: "
#define AUDIO_PLAYER "AudioPlayer."
#define CAN_FULFILL "CanFulfillAnswered"

struct _CtlWitness
{
  BusGenSegue1Conversation *conversation; /* (owned) */
  gulong handler;
  GPtrArray *heard; /* (owned) (element-type GVariant): (sv) name and arguments of each signal */
};

static void
on_signal (GDBusProxy *proxy,
           const char *sender,
           const char *name,
           GVariant *arguments,
           gpointer user_data)
{
  CtlWitness *self = user_data;
  if (g_str_equal (name, "Finding") || g_str_equal (name, "Directive")
      || g_str_equal (name, CAN_FULFILL))
    g_ptr_array_add (self->heard, g_variant_ref_sink (g_variant_new ("(sv)", name, arguments)));
}

CtlWitness *
ctl_witness_new (BusGenSegue1Conversation *conversation)
{
  CtlWitness *self = g_new0 (CtlWitness, 1);
  self->conversation = g_object_ref (conversation);
  self->heard = g_ptr_array_new_with_free_func ((GDestroyNotify)g_variant_unref);
  self->handler = g_signal_connect (conversation, "g-signal", G_CALLBACK (on_signal), self);
  return self;
}

void
ctl_witness_free (CtlWitness *self)
{
  g_signal_handler_disconnect (self->conversation, self->handler);
  g_object_unref (self->conversation);
  g_ptr_array_unref (self->heard);
  g_free (self);
}

static void
tell_finding (const CtlContext *context, GVariant *arguments)
{
  const char *id = NULL, *severity = NULL, *path = NULL, *message = NULL;
  g_variant_get (arguments, "(&s&s&s&s&s&s&s)", NULL, NULL, &id, &severity, &path, &message, NULL);
  if (!g_str_equal (severity, "info"))
    ctl_complain (context, "%s: %s: %s [%s]", severity, path, message, id);
}

/* Returns whether it was refused and should have done something here: a device without a screen may
 * well be sent directives for one. */
static gboolean
tell_directive (const CtlContext *context, GVariant *arguments)
{
  const char *type = NULL, *verdict = NULL;
  g_variant_get (arguments, "(&s&s&s&s&s)", NULL, NULL, &type, NULL, &verdict);
  if (!g_str_has_prefix (verdict, REFUSED))
    return FALSE;
  ctl_complain (context, "%s was %s", type, verdict);
  return g_str_has_prefix (type, AUDIO_PLAYER);
}

guint
ctl_witness_tell (CtlWitness *self, const CtlContext *context, const char *request_id)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  guint refused = 0;
  for (guint i = 0; i < self->heard->len; i++)
    {
      const char *name = NULL;
      const char *id = NULL;
      g_autoptr (GVariant) arguments = NULL;
      g_variant_get (g_ptr_array_index (self->heard, i), "(&sv)", &name, &arguments);
      g_variant_get_child (arguments, 1, "&s", &id);
      if (g_strcmp0 (id, request_id) != 0)
        continue;
      if (g_str_equal (name, "Finding"))
        tell_finding (context, arguments);
      else if (g_str_equal (name, "Directive"))
        refused += tell_directive (context, arguments);
    }
  return refused;
}

char *
ctl_witness_get_can_fulfill (CtlWitness *self, const char *request_id)
{
  for (guint i = 0; i < self->heard->len; i++)
    {
      const char *name = NULL;
      const char *id = NULL;
      const char *json = NULL;
      g_autoptr (GVariant) arguments = NULL;
      g_variant_get (g_ptr_array_index (self->heard, i), "(&sv)", &name, &arguments);
      if (!g_str_equal (name, CAN_FULFILL))
        continue;
      g_variant_get (arguments, "(&s&s&s)", NULL, &id, &json);
      if (g_strcmp0 (id, request_id) == 0)
        return g_strdup (json);
    }
  return NULL;
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-timeline.h"

#include "bus-generated.h"
#include "ctl-json.h"

/* The names of the arguments come from the interface itself. */
static GDBusArgInfo **
argument_infos (const char *member)
{
  GDBusInterfaceInfo *const interfaces[]
      = { bus_gen_segue1_conversation_interface_info (), bus_gen_segue1_player_interface_info () };
  for (gsize i = 0; i < G_N_ELEMENTS (interfaces); i++)
    {
      GDBusSignalInfo *info = g_dbus_interface_info_lookup_signal (interfaces[i], member);
      if (info != NULL)
        return info->args;
    }
  return NULL;
}

static void
add_argument (GVariantBuilder *builder, const char *name, GVariant *value)
{
  g_autoptr (GVariant) document
      = g_strcmp0 (name, "json") == 0 ? ctl_json_parse (g_variant_get_string (value, NULL)) : NULL;
  g_variant_builder_add (builder, "{sv}", name, document != NULL ? document : value);
}

char *
ctl_timeline_json (gint64 t_ms, const char *member, GVariant *args)
{
  GDBusArgInfo **infos = argument_infos (member);
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", "t_ms", g_variant_new_int64 (t_ms));
  g_variant_builder_add (&builder, "{sv}", "event", g_variant_new_string (member));
  if (args != NULL && g_variant_is_of_type (args, G_VARIANT_TYPE_VARDICT))
    {
      GVariantIter iter;
      g_variant_iter_init (&iter, args);
      const char *name;
      GVariant *value;
      while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
        g_variant_builder_add (&builder, "{sv}", name, value);
    }
  else if (args != NULL)
    for (gsize i = 0; infos != NULL && infos[i] != NULL && i < g_variant_n_children (args); i++)
      {
        g_autoptr (GVariant) value = g_variant_get_child_value (args, i);
        if (g_variant_is_of_type (value, G_VARIANT_TYPE (infos[i]->signature)))
          add_argument (&builder, infos[i]->name, value);
      }
  g_autoptr (GVariant) object = g_variant_ref_sink (g_variant_builder_end (&builder));
  return ctl_json_print (object);
}

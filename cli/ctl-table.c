/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-table.h"

#include "ctl-json.h"
#include "ctl-text.h"

const char *const ctl_table_queue_names[] = { "token", "title", NULL };

void
ctl_table_row (const char *name, const char *value)
{
  g_autofree char *clean = ctl_text_clean (value, 0);
  g_print ("%-10s %s\n", name, clean);
}

GVariant *
ctl_table_pairs (GVariant *rows, const char *const *names)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  for (gsize i = 0; rows != NULL && i < g_variant_n_children (rows); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
      g_variant_builder_open (&builder, G_VARIANT_TYPE_VARDICT);
      for (gsize k = 0; names[k] != NULL; k++)
        {
          g_autoptr (GVariant) value = g_variant_get_child_value (row, k);
          g_variant_builder_add (&builder, "{sv}", names[k], value);
        }
      g_variant_builder_close (&builder);
    }
  return g_variant_builder_end (&builder);
}

void
ctl_table_add_string (GVariantBuilder *builder, const char *name, const char *value)
{
  g_variant_builder_add (builder, "{sv}", name, g_variant_new_string (value != NULL ? value : ""));
}

void
ctl_table_print_json (GVariant *floating)
{
  g_autoptr (GVariant) value = g_variant_ref_sink (floating);
  g_autofree char *text = ctl_json_print (value);
  g_print ("%s\n", text);
}

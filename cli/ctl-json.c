/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-json.h"

#include <math.h>

static void print_value (GString *out, GVariant *value);

static void
print_string (GString *out, const char *text)
{
  g_string_append_c (out, '"');
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '"' || *p == '\\')
        g_string_append_printf (out, "\\%c", *p);
      else if (*p == '\n')
        g_string_append (out, "\\n");
      else if ((guchar)*p < 0x20 || *p == 0x7f)
        g_string_append_printf (out, "\\u%04x", (guchar)*p);
      else
        g_string_append_c (out, *p);
    }
  g_string_append_c (out, '"');
}

/* 0.4 is 0.4 and not 0.40000000000000002, but no digit is lost that makes a difference. */
static void
print_double (GString *out, double number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  if (!isfinite (number))
    {
      g_string_append (out, "null");
      return;
    }
  g_ascii_formatd (text, sizeof text, "%.15g", number);
  if (g_ascii_strtod (text, NULL) != number)
    g_ascii_dtostr (text, sizeof text, number);
  g_string_append (out, text);
}

static void
print_container (GString *out, GVariant *value)
{
  gboolean dict = g_variant_is_of_type (value, G_VARIANT_TYPE_DICTIONARY);
  g_string_append_c (out, dict ? '{' : '[');
  for (gsize i = 0; i < g_variant_n_children (value); i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (value, i);
      if (i > 0)
        g_string_append_c (out, ',');
      if (!dict)
        {
          print_value (out, child);
          continue;
        }
      g_autoptr (GVariant) key = g_variant_get_child_value (child, 0);
      g_autoptr (GVariant) item = g_variant_get_child_value (child, 1);
      print_value (out, key);
      g_string_append_c (out, ':');
      print_value (out, item);
    }
  g_string_append_c (out, dict ? '}' : ']');
}

static void
print_value (GString *out, GVariant *value)
{
  switch (g_variant_classify (value))
    {
    case G_VARIANT_CLASS_VARIANT:
    case G_VARIANT_CLASS_MAYBE:
      {
        g_autoptr (GVariant) inner
            = g_variant_n_children (value) > 0 ? g_variant_get_child_value (value, 0) : NULL;
        if (inner != NULL)
          print_value (out, inner);
        else
          g_string_append (out, "null");
        break;
      }
    case G_VARIANT_CLASS_STRING:
    case G_VARIANT_CLASS_OBJECT_PATH:
    case G_VARIANT_CLASS_SIGNATURE:
      print_string (out, g_variant_get_string (value, NULL));
      break;
    case G_VARIANT_CLASS_DOUBLE:
      print_double (out, g_variant_get_double (value));
      break;
    case G_VARIANT_CLASS_ARRAY:
    case G_VARIANT_CLASS_TUPLE:
    case G_VARIANT_CLASS_DICT_ENTRY:
      print_container (out, value);
      break;
    default: /* integers and booleans: GVariant's own words are JSON's */
      {
        g_autofree char *text = g_variant_print (value, FALSE);
        g_string_append (out, text);
        break;
      }
    }
}

char *
ctl_json_print (GVariant *value)
{
  GString *out = g_string_new (NULL);
  print_value (out, value);
  return g_string_free (out, FALSE);
}

static GVariant *
lookup (GVariant *root, const char *path)
{
  g_auto (GStrv) steps = g_strsplit (path, ".", -1);
  g_autoptr (GVariant) value = root != NULL ? g_variant_ref (root) : NULL;
  for (gsize i = 0; steps[i] != NULL && value != NULL; i++)
    {
      g_autoptr (GVariant) parent = g_steal_pointer (&value);
      if (g_variant_is_of_type (parent, G_VARIANT_TYPE_VARDICT))
        value = g_variant_lookup_value (parent, steps[i], NULL);
    }
  return g_steal_pointer (&value);
}

char *
ctl_json_get (GVariant *root, const char *path)
{
  g_autoptr (GVariant) value = lookup (root, path);
  if (value == NULL || g_variant_is_of_type (value, G_VARIANT_TYPE_MAYBE))
    return NULL;
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return g_variant_dup_string (value, NULL);
  return g_variant_is_container (value) ? NULL : ctl_json_print (value);
}

GVariant *
ctl_json_get_object (GVariant *root, const char *path)
{
  g_autoptr (GVariant) value = lookup (root, path);
  if (value == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT))
    return NULL;
  return g_steal_pointer (&value);
}

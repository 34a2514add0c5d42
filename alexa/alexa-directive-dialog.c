/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-directive-private.h"
#include "alexa-member.h"

#define MAX_SLOT_VALUE_CHARACTERS 140

/* Which directive asks for a slot, and in which member. */
static const struct
{
  const char *type;
  const char *member;
} askers[] = {
  { "Dialog.ElicitSlot", "slotToElicit" },
  { "Dialog.ConfirmSlot", "slotToConfirm" },
};

gboolean
alexa_directive_is_dialog (const AlexaDirective *self)
{
  return g_str_has_prefix (self->type, "Dialog.")
         && !g_str_equal (self->type, "Dialog.UpdateDynamicEntities");
}

static JsonArray *
array_member (JsonObject *object, const char *name)
{
  JsonNode *node = alexa_member_get (object, name);
  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static JsonObject *
object_element (JsonArray *array, guint index)
{
  JsonNode *node = json_array_get_element (array, index);
  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static void
check_text (JsonNode *node, const char *path, GPtrArray *findings)
{
  if (node != NULL && alexa_member_is_string (node)
      && g_utf8_strlen (json_node_get_string (node), -1) > MAX_SLOT_VALUE_CHARACTERS)
    alexa_lint_add (findings, ALEXA_LINT_DIALOG_SLOT_VALUE_TOO_LONG, path, NULL);
}

/* `name` of a value: the word itself and what else it is called. */
static void
check_name (JsonObject *value, const char *path, GPtrArray *findings)
{
  JsonNode *node = alexa_member_get (value, "name");
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return;
  JsonObject *name = json_node_get_object (node);
  g_autofree char *value_path = g_strconcat (path, ".name.value", NULL);
  check_text (alexa_member_get (name, "value"), value_path, findings);
  JsonArray *synonyms = array_member (name, "synonyms");
  for (guint i = 0; synonyms != NULL && i < json_array_get_length (synonyms); i++)
    {
      g_autofree char *synonym_path = g_strdup_printf ("%s.name.synonyms[%u]", path, i);
      check_text (json_array_get_element (synonyms, i), synonym_path, findings);
    }
}

/* The values that Dialog.UpdateDynamicEntities gives to slot types. */
static void
check_entities (JsonObject *directive, const char *path, GPtrArray *findings)
{
  JsonArray *types = array_member (directive, "types");
  for (guint i = 0; types != NULL && i < json_array_get_length (types); i++)
    {
      JsonObject *type = object_element (types, i);
      JsonArray *values = type != NULL ? array_member (type, "values") : NULL;
      for (guint k = 0; values != NULL && k < json_array_get_length (values); k++)
        {
          g_autofree char *value_path = g_strdup_printf ("%s.types[%u].values[%u]", path, i, k);
          JsonObject *value = object_element (values, k);
          if (value != NULL)
            check_name (value, value_path, findings);
        }
    }
}

void
alexa_directive_lint_dialog (AlexaDirective *self, const char *path, GPtrArray *findings)
{
  JsonObject *directive = json_node_get_object (self->node);
  for (guint i = 0; i < G_N_ELEMENTS (askers); i++)
    if (g_str_equal (self->type, askers[i].type))
      {
        JsonNode *slot = alexa_member_get (directive, askers[i].member);
        if (slot == NULL || !alexa_member_is_string (slot) || *json_node_get_string (slot) == '\0')
          alexa_lint_add (findings, ALEXA_LINT_DIALOG_SLOT_MISSING, path, askers[i].member);
      }
  if (g_str_equal (self->type, "Dialog.UpdateDynamicEntities"))
    check_entities (directive, path, findings);
}

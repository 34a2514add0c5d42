/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-member.h"
#include "alexa-response-private.h"

#define PATH "response.canFulfillIntent"

/* Whether @object has one of @values (NULL-terminated) in @name; finds fault with anything else. */
static gboolean
check_value (JsonObject *object,
             const char *name,
             const char *const *values,
             const char *path,
             GPtrArray *findings)
{
  JsonNode *node = alexa_member_get (object, name);
  if (node == NULL)
    return FALSE;
  const char *value = alexa_member_is_string (node) ? json_node_get_string (node) : "";
  if (g_strv_contains (values, value))
    return TRUE;
  g_autofree char *allowed = g_strjoinv (", ", (GStrv)values);
  alexa_lint_add_message (findings, ALEXA_LINT_CAN_FULFILL_VALUE, path, name,
                          "The value is not one of %s.", allowed);
  return TRUE;
}

static void
check_slots (JsonObject *slots, GPtrArray *findings)
{
  static const char *const understand[] = { "YES", "NO", "MAYBE", NULL };
  static const char *const fulfill[] = { "YES", "NO", NULL };
  JsonObjectIter iter;
  json_object_iter_init_ordered (&iter, slots);
  const char *name;
  JsonNode *node;
  while (json_object_iter_next_ordered (&iter, &name, &node))
    {
      g_autofree char *path = g_strdup_printf (PATH ".slots.%s", name);
      if (!JSON_NODE_HOLDS_OBJECT (node))
        {
          alexa_lint_add (findings, ALEXA_LINT_CAN_FULFILL_VALUE, path, NULL);
          continue;
        }
      JsonObject *slot = json_node_get_object (node);
      check_value (slot, "canUnderstand", understand, path, findings);
      check_value (slot, "canFulfill", fulfill, path, findings);
    }
}

void
alexa_can_fulfill_lint (JsonObject *response, GPtrArray *findings)
{
  static const char *const fulfill[] = { "YES", "NO", "MAYBE", NULL };
  JsonObject *answer = alexa_member_get_object (response, "canFulfillIntent", "response", findings);
  if (answer == NULL || !check_value (answer, "canFulfill", fulfill, PATH, findings))
    alexa_lint_add (findings, ALEXA_LINT_CAN_FULFILL_MISSING, PATH, "canFulfill");
  JsonObject *slots = answer != NULL && json_object_has_member (answer, "slots")
                              && json_object_get_size (answer) > 0
                          ? alexa_member_get_object (answer, "slots", PATH, findings)
                          : NULL;
  if (slots != NULL)
    check_slots (slots, findings);
}

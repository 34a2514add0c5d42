/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-member.h"
#include "alexa-music-private.h"

#include <stddef.h>

/* So many controls are read of a list; the protocol knows six. */
#define MAX_CONTROLS 32

typedef struct
{
  const char *name;
  const char *type;
  gsize permission; /* offset in AlexaMusicControls */
  gsize mode;       /* same; 0: has none */
} Known;

#define AT(member) offsetof (AlexaMusicControls, member)

static const Known known[] = {
  { "NEXT", "COMMAND", AT (next), 0 },
  { "PREVIOUS", "COMMAND", AT (previous), 0 },
  { "SEEK_POSITION", "ADJUST", AT (seek), 0 },
  { "SHUFFLE", "TOGGLE", AT (shuffle), AT (shuffle_on) },
  { "LOOP", "TOGGLE", AT (loop), AT (loop_on) },
  { "REPEAT", "CYCLE", AT (repeat), AT (repeat_on) },
};

static AlexaMusicPermission *
permission_of (AlexaMusicControls *self, const Known *control)
{
  return (AlexaMusicPermission *)((char *)self + control->permission);
}

/* (nullable) */
static gboolean *
mode_of (AlexaMusicControls *self, const Known *control)
{
  return control->mode != 0 ? (gboolean *)((char *)self + control->mode) : NULL;
}

AlexaMusicControls
alexa_music_controls_merge (const AlexaMusicControls *queue, const AlexaMusicControls *item)
{
  AlexaMusicControls result = { 0 };
  AlexaMusicControls of_queue = { 0 };
  g_return_val_if_fail (item != NULL, result);

  result = *item;
  if (queue != NULL)
    of_queue = *queue;
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      AlexaMusicPermission *permission = permission_of (&result, &known[i]);
      if (*permission != ALEXA_MUSIC_UNDECLARED)
        continue;
      *permission = *permission_of (&of_queue, &known[i]);
      gboolean *mode = mode_of (&result, &known[i]);
      if (mode != NULL)
        *mode = *mode_of (&of_queue, &known[i]);
    }
  return result;
}

static const Known *
find_known (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_strcmp0 (name, known[i].name) == 0)
      return &known[i];
  return NULL;
}

/* FALSE also if it is no boolean. */
static gboolean
get_boolean (JsonObject *object, const char *name, gboolean *value)
{
  JsonNode *node = alexa_member_get (object, name);
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return FALSE;
  *value = json_node_get_boolean (node);
  return TRUE;
}

/* A mode is `selected`, or `value: {status}`, whatever the control's type says. */
static gboolean
read_mode (const AlexaMusicReader *self, JsonObject *control, const char *path)
{
  gboolean selected = FALSE;
  if (get_boolean (control, "selected", &selected))
    return selected;
  JsonNode *node = alexa_member_get (control, "value");
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return FALSE;
  g_autofree char *value_path = g_strconcat (path, ".value", NULL);
  return g_strcmp0 (alexa_member_get_string (json_node_get_object (node), "status", value_path,
                                             self->findings),
                    "ON")
         == 0;
}

static void
read_control (const AlexaMusicReader *self,
              JsonNode *node,
              const char *path,
              AlexaMusicControls *controls)
{
  JsonObject *control = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const Known *found = NULL;
  if (control != NULL)
    found = find_known (alexa_member_get_string (control, "name", path, self->findings));
  const char *type = NULL;
  if (found != NULL)
    type = alexa_member_get_string (control, "type", path, self->findings);
  gboolean repeat_as_toggle
      = found != NULL && g_str_equal (found->name, "REPEAT") && g_strcmp0 (type, "TOGGLE") == 0;
  if (found == NULL || (g_strcmp0 (type, found->type) != 0 && !repeat_as_toggle))
    {
      alexa_lint_add (self->findings, ALEXA_LINT_MUSIC_CONTROL, path, NULL);
      return;
    }
  gboolean enabled = FALSE;
  if (!get_boolean (control, "enabled", &enabled))
    alexa_lint_add (self->findings, ALEXA_LINT_MUSIC_CONTROL_ENABLED, path, "enabled");
  *permission_of (controls, found) = enabled ? ALEXA_MUSIC_ENABLED : ALEXA_MUSIC_DISABLED;
  gboolean *mode = mode_of (controls, found);
  if (mode != NULL)
    *mode = read_mode (self, control, path);
}

AlexaMusicControls
alexa_music_controls_read (const AlexaMusicReader *self,
                           JsonObject *owner,
                           const char *name,
                           const char *path)
{
  AlexaMusicControls controls = { 0 };
  JsonArray *array = alexa_music_read_array (self, owner, name, path);
  if (array == NULL && alexa_member_get (owner, name) == NULL)
    alexa_lint_add (self->findings, ALEXA_LINT_MUSIC_MEMBER_MISSING, path, name);
  guint n = array != NULL ? json_array_get_length (array) : 0;
  for (guint i = 0; i < MIN (n, MAX_CONTROLS); i++)
    {
      g_autofree char *control_path = g_strdup_printf ("%s.%s[%u]", path, name, i);
      read_control (self, json_array_get_element (array, i), control_path, &controls);
    }
  return controls;
}

static void
set_mode (JsonObject *object, const Known *control, gboolean on)
{
  if (!g_str_equal (control->type, "CYCLE"))
    {
      json_object_set_boolean_member (object, "selected", on);
      return;
    }
  JsonObject *value = json_object_new ();
  json_object_set_string_member (value, "status", on ? "ON" : "OFF");
  json_object_set_object_member (object, "value", value);
}

JsonArray *
alexa_music_controls_to_array (const AlexaMusicControls *controls)
{
  AlexaMusicControls copy = *controls;
  JsonArray *array = json_array_new ();
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      AlexaMusicPermission permission = *permission_of (&copy, &known[i]);
      if (permission == ALEXA_MUSIC_UNDECLARED)
        continue;
      JsonObject *control = json_object_new ();
      json_object_set_string_member (control, "type", known[i].type);
      json_object_set_string_member (control, "name", known[i].name);
      json_object_set_boolean_member (control, "enabled", permission == ALEXA_MUSIC_ENABLED);
      if (known[i].mode != 0)
        set_mode (control, &known[i], *mode_of (&copy, &known[i]));
      json_array_add_object_element (array, control);
    }
  return array;
}

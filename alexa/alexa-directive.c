/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-directive.h"

#include "alexa-directive-private.h"
#include "alexa-json.h"
#include "alexa-member.h"

#define MAX_SEND_DIRECTIVE_PAYLOAD_BYTES 1000

/* What is said of directives of other interfaces, by the beginning of their type; first match. */
static const struct
{
  const char *prefix;
  AlexaLint lint; /* ALEXA_N_LINTS: nothing wrong, it is handed on as it came */
} other_interfaces[] = {
  { "Dialog.", ALEXA_N_LINTS },
  { "Alexa.Presentation.APLA.", ALEXA_LINT_DIRECTIVE_APLA },
  { "Display.", ALEXA_LINT_DIRECTIVE_SCREEN },
  { "Hint", ALEXA_LINT_DIRECTIVE_SCREEN },
};

static AlexaDirective *
directive_new (JsonNode *node, const char *type)
{
  AlexaDirective *self = g_new0 (AlexaDirective, 1);
  self->type = g_strdup (type != NULL ? type : "");
  self->node = json_node_ref (node);
  return self;
}

void
alexa_directive_free (AlexaDirective *self)
{
  if (self == NULL)
    return;
  g_free (self->type);
  json_node_unref (self->node);
  g_clear_pointer (&self->command, player_command_unref);
  g_free (self->refused);
  g_free (self);
}

gboolean
alexa_directive_is_play (const AlexaDirective *self)
{
  return g_str_equal (self->type, "AudioPlayer.Play");
}

gboolean
alexa_directive_is_audio_player (const AlexaDirective *self)
{
  return g_str_has_prefix (self->type, "AudioPlayer.");
}

void
alexa_directive_refuse (AlexaDirective *self,
                        GPtrArray *findings,
                        AlexaLint lint,
                        const char *path,
                        const char *member,
                        const char *message)
{
  const char *reason = message != NULL ? message : alexa_lint_rule (lint)->sentence;
  alexa_lint_add_message (findings, lint, path, member, "%s", reason);
  g_clear_pointer (&self->command, player_command_unref);
  if (self->refused == NULL)
    self->refused = g_strdup (reason);
}

static void
parse_clear_queue (AlexaDirective *self, const char *path, GPtrArray *findings)
{
  JsonNode *node = alexa_member_get (json_node_get_object (self->node), "clearBehavior");
  if (node == NULL)
    {
      alexa_lint_add (findings, ALEXA_LINT_CLEAR_BEHAVIOR_MISSING, path, "clearBehavior");
      self->command = player_command_new_clear_queue (PLAYER_CLEAR_ENQUEUED);
      return;
    }
  const char *name = alexa_member_is_string (node) ? json_node_get_string (node) : NULL;
  for (PlayerClearBehavior i = PLAYER_CLEAR_ENQUEUED; i <= PLAYER_CLEAR_ALL; i++)
    if (g_strcmp0 (name, player_clear_behavior_to_string (i)) == 0)
      {
        self->command = player_command_new_clear_queue (i);
        return;
      }
  alexa_directive_refuse (self, findings, ALEXA_LINT_CLEAR_BEHAVIOR_UNKNOWN, path, "clearBehavior",
                          NULL);
}

static void
check_payload (AlexaDirective *self, const char *path, GPtrArray *findings)
{
  JsonNode *payload = alexa_member_get (json_node_get_object (self->node), "payload");
  if (payload == NULL)
    return;
  g_autoptr (GBytes) bytes = alexa_json_to_bytes (payload);
  if (g_bytes_get_size (bytes) > MAX_SEND_DIRECTIVE_PAYLOAD_BYTES)
    alexa_lint_add (findings, ALEXA_LINT_DIRECTIVE_PAYLOAD_TOO_LARGE, path, "payload");
}

static void
parse_other (AlexaDirective *self, const char *path, GPtrArray *findings)
{
  if (g_str_equal (self->type, "CustomInterfaceController.SendDirective"))
    check_payload (self, path, findings);
  alexa_directive_lint_dialog (self, path, findings);
  AlexaLint lint = ALEXA_LINT_DIRECTIVE_UNSUPPORTED;
  for (guint i = 0; i < G_N_ELEMENTS (other_interfaces); i++)
    if (g_str_has_prefix (self->type, other_interfaces[i].prefix))
      {
        lint = other_interfaces[i].lint;
        break;
      }
  if (lint == ALEXA_N_LINTS)
    return;
  g_autofree char *message
      = g_strdup_printf ("%s: %s", self->type, alexa_lint_rule (lint)->sentence);
  alexa_directive_refuse (self, findings, lint, path, NULL, message);
}

AlexaDirective *
alexa_directive_parse (
    JsonNode *node, const char *path, gboolean http_media, const char *origin, GPtrArray *findings)
{
  g_return_val_if_fail (node != NULL, NULL);

  JsonNode *type = JSON_NODE_HOLDS_OBJECT (node)
                       ? alexa_member_get (json_node_get_object (node), "type")
                       : NULL;
  gboolean has_type = type != NULL && alexa_member_is_string (type);
  g_autoptr (AlexaDirective) self
      = directive_new (node, has_type ? json_node_get_string (type) : NULL);
  if (*self->type == '\0')
    alexa_directive_refuse (self, findings, ALEXA_LINT_DIRECTIVE_TYPE, path, NULL, NULL);
  else if (alexa_directive_is_play (self))
    alexa_directive_parse_play (self, path, http_media, origin, findings);
  else if (g_str_equal (self->type, "AudioPlayer.Stop"))
    self->command = player_command_new_simple (PLAYER_COMMAND_STOP);
  else if (g_str_equal (self->type, "AudioPlayer.ClearQueue"))
    parse_clear_queue (self, path, findings);
  else
    parse_other (self, path, findings);
  return g_steal_pointer (&self);
}

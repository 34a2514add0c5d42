/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <json-glib/json-glib.h>

#include "player/player-types.h"

G_BEGIN_DECLS

/**
 * AlexaDirective:
 * @type: e.g. "AudioPlayer.Play"; "" if it had none
 * @node: the directive as it came
 * @command: (nullable): what it asks the player to do; %NULL for other interfaces, unknown types
 *   and refused ones
 * @refused: (nullable): one sentence why it is not obeyed
 */
typedef struct
{
  char *type;             /* (owned) */
  JsonNode *node;         /* (owned) */
  PlayerCommand *command; /* (owned) (nullable) */
  char *refused;          /* (owned) (nullable) */
} AlexaDirective;

void alexa_directive_free (AlexaDirective *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlexaDirective, alexa_directive_free)

/**
 * alexa_directive_parse:
 * @node: one element of `response.directives`
 * @path: its JSON path, for findings
 * @http_media: whether plain http media URLs are taken
 * @origin: stored in the #PlayerItem
 * @findings: (element-type AlexaFinding): faults are appended here
 *
 * Maps Play, Stop and ClearQueue to a #PlayerCommand. A Play that cannot be
 * carried out (no URL, no token, a scheme or size that is not allowed, a negative offset) has
 * `refused` set.
 *
 * Returns: (transfer full): never %NULL
 */
AlexaDirective *alexa_directive_parse (JsonNode *node,
                                       const char *path,
                                       gboolean http_media,
                                       const char *origin,
                                       GPtrArray *findings);

G_END_DECLS

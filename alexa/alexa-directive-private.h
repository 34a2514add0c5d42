/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "alexa-directive.h"
#include "alexa-lint.h"

G_BEGIN_DECLS

/* Refuses @self: no command, a finding, the finding's message as the reason. The first reason
 * stays. */
void alexa_directive_refuse (AlexaDirective *self,
                             GPtrArray *findings,
                             AlexaLint lint,
                             const char *path,
                             const char *member,
                             const char *message);

gboolean alexa_directive_is_play (const AlexaDirective *self);
gboolean alexa_directive_is_audio_player (const AlexaDirective *self);
/* Whether it waits for something that the user says. */
gboolean alexa_directive_is_dialog (const AlexaDirective *self);

/* Fills in the command of a Play, or refuses it. */
void alexa_directive_parse_play (AlexaDirective *self,
                                 const char *path,
                                 gboolean http_media,
                                 const char *origin,
                                 GPtrArray *findings);

/* Finds fault with a directive of the Dialog interface. */
void alexa_directive_lint_dialog (AlexaDirective *self, const char *path, GPtrArray *findings);

/* What `audioItem.metadata` says; NULL if nothing. (transfer full) */
PlayerMetadata *
alexa_metadata_parse (JsonObject *audio_item, const char *path, GPtrArray *findings);

/**
 * alexa_media_url_normalize:
 * @url: as it came
 * @escaped: (out): whether characters had to be escaped or cut off
 *
 * Percent-encodes spaces and all else that may not stand in a URL, and cuts off surrounding space.
 *
 * Returns: (transfer full): an absolute URL, with a host if it is http or https, or %NULL if none
 * can be made of it
 */
char *alexa_media_url_normalize (const char *url, gboolean *escaped);

G_END_DECLS

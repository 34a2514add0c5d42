/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "alexa/alexa-music.h"

G_BEGIN_DECLS

/* What the refusal @type means to the user: BUS_ERROR; @words: (nullable): the service's own.
 * (transfer full) */
GError *daemon_music_fault_new (AlexaMusicErrorType type, const char *words);

/* Whether another attempt may bring an answer where @error (#DaemonTransportError) came of this one;
 * @status: HTTP status, 0 if there was none. */
gboolean daemon_music_fault_is_passing (const GError *error, guint status);

G_END_DECLS

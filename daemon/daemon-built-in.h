/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * daemon_built_in_find:
 * @word: what somebody says, e.g. "start-over"
 * @plays_outside_session: the skill's stream plays or was the last, and its session is not open
 * @error: BUS_ERROR_INVALID_ARGUMENT: there is no such word
 *
 * "stop" said while a skill plays reaches it as AMAZON.PauseIntent, unless a session is open: then,
 * and for everything else, each word has its own intent.
 *
 * Returns: (transfer none) (nullable): the intent, e.g. "AMAZON.StartOverIntent"
 */
const char *daemon_built_in_find (const char *word, gboolean plays_outside_session, GError **error);

G_END_DECLS

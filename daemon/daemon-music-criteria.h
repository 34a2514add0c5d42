/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "alexa/alexa-music-request.h"

G_BEGIN_DECLS

/**
 * SECTION:daemon-music-criteria
 *
 * What callers on the bus say of what they want to hear, see bus_backend_music_play().
 */

/**
 * daemon_music_criteria_read:
 * @criteria: a{ss}
 * @error: BUS_ERROR_INVALID_ARGUMENT
 *
 * Returns: (transfer full): a GetPlayableContent, with the modes of the Initiate that follows, and its
 * `content_id` if nothing is to be searched; or %NULL
 */
AlexaMusicRequest *daemon_music_criteria_read (GVariant *criteria,
                                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* @value: whether @text is @on. FALSE with BUS_ERROR_INVALID_ARGUMENT if it is neither of the two. */
gboolean daemon_music_criteria_read_switch (
    const char *text, const char *on, const char *off, gboolean *value, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

#include "player/player-types.h"

G_BEGIN_DECLS

/* What callers on the bus say of a stream, read strictly. Errors are %BUS_ERROR_INVALID_ARGUMENT and name
 * what is wrong, but neither the URL nor the value of a header. */

/**
 * bus_stream_parse:
 * @options: a{sv}, as PlayStream of org.segue.Segue1.Player has them
 * @behavior: (out): how it takes its place
 *
 * Returns: (transfer full) (nullable): what is to be played
 */
PlayerItem *bus_stream_parse (const char *url,
                              GVariant *options,
                              PlayerPlayBehavior *behavior,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* @headers: a{ss}. The source that @url with them is, for %PLAYER_COMMAND_RENEW. (transfer full)
 * (nullable) */
PlayerItem *bus_stream_parse_source (const char *url,
                                     GVariant *headers,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

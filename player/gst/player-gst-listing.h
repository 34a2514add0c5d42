/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/gst.h>

#include "player-gst-load.h"

G_BEGIN_DECLS

/**
 * PlayerGstListing:
 *
 * Element "seguelisting": decodebin plugs it in where a stream turns out to be a playlist
 * (player_gst_playlist_recognise()), by a type finder of ours. It gives out nothing, but posts the
 * element message %PLAYER_GST_MESSAGE_LISTING when it has read all: "data" (GBytes), "base" (string),
 * the URL behind all redirects.
 */
#define PLAYER_TYPE_GST_LISTING (player_gst_listing_get_type ())
G_DECLARE_FINAL_TYPE (PlayerGstListing, player_gst_listing, PLAYER, GST_LISTING, GstElement)

#define PLAYER_GST_MESSAGE_LISTING "segue-listing"

/* How many playlists may lie in one another. */
#define PLAYER_GST_LISTING_MAX_DEPTH 5

/**
 * player_gst_listing_expand:
 * @message: %PLAYER_GST_MESSAGE_LISTING
 * @entry: of @load: what has turned out to be a playlist
 * @error: as of player_gst_playlist_parse(), and G_IO_ERROR_TOO_MANY_LINKS if it lies too deep, or only
 *   leads back to where it has come from
 *
 * Puts what the playlist names in the place of @entry. What leads back to a playlist on the way to it
 * is left out.
 */
gboolean player_gst_listing_expand (GstMessage *message,
                                    PlayerGstLoad *load,
                                    guint entry,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Registers the element and the type finder. */
gboolean player_gst_listing_register (void);

G_END_DECLS

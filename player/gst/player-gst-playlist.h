/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Whatever is larger is no playlist; what a playlist names beyond so many entries is not played. */
#define PLAYER_GST_PLAYLIST_MAX_BYTES 65536
#define PLAYER_GST_PLAYLIST_MAX_ENTRIES 200

/**
 * PlayerGstPlaylistKind:
 * @PLAYER_GST_PLAYLIST_NONE: something else
 * @PLAYER_GST_PLAYLIST_PLS: an INI file with a [playlist] group
 * @PLAYER_GST_PLAYLIST_M3U: a URL or a path on each line, with or without #EXTM3U
 * @PLAYER_GST_PLAYLIST_VARIANTS: an M3U with #EXT-X-STREAM-INF tags: the same stream in several makes
 *   (RFC 8216, master playlist)
 * @PLAYER_GST_PLAYLIST_HLS: an M3U with other #EXT-X- tags: a stream in pieces, not a list
 *
 * What a document is, by its content: Content-Type and file names are too often wrong.
 */
typedef enum
{
  PLAYER_GST_PLAYLIST_NONE,
  PLAYER_GST_PLAYLIST_PLS,
  PLAYER_GST_PLAYLIST_M3U,
  PLAYER_GST_PLAYLIST_VARIANTS,
  PLAYER_GST_PLAYLIST_HLS,
} PlayerGstPlaylistKind;

/**
 * player_gst_playlist_recognise:
 * @whole: @data is all there is; else its last line may be cut
 */
PlayerGstPlaylistKind
player_gst_playlist_recognise (const guint8 *data, gsize length, gboolean whole);

/**
 * player_gst_playlist_parse:
 * @base: absolute URL the document has come from in the end, behind all redirects
 * @error: G_IO_ERROR_INVALID_DATA if it is no playlist, G_IO_ERROR_NOT_FOUND if it names nothing,
 *   G_IO_ERROR_PERMISSION_DENIED if all it names must not be opened from there; one line
 *
 * Reads a PLS or M3U playlist. Relative URLs are resolved against @base. Dropped are entries that are
 * neither http, https nor file URLs, file URLs unless @base is one, and http URLs if @base is https:
 * a playlist leads no further than a redirect.
 *
 * Of variants it gives one entry, with others: see player_gst_variants_choose().
 *
 * Returns: (transfer full) (nullable) (element-type PlayerGstEntry): at least one
 */
GPtrArray *player_gst_playlist_parse (const guint8 *data,
                                      gsize length,
                                      const char *base,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

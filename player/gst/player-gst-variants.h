/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* So many may be tried. */
#define PLAYER_GST_VARIANTS_MAX 4

/**
 * player_gst_variants_choose:
 * @lines: of a master playlist (RFC 8216, 4.3.4), %NULL-terminated, without spaces around them
 *
 * Chooses what is played of a stream that comes in several makes: the best that is audio alone, up to
 * 400 kbit/s; else the audio that has a playlist of its own, by default the one that says it is the
 * default; else the variant with the smallest pictures. It is kept to the end: of audio even the best
 * is little.
 *
 * Returns: (transfer full): URLs as they are written down: what is to be played, and behind it what is to
 *   be tried in its place, in order, up to %PLAYER_GST_VARIANTS_MAX
 */
GStrv player_gst_variants_choose (const char *const *lines);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/gst.h>

#include "player/player-types.h"

G_BEGIN_DECLS

/* Custom event: something is missing before what comes next. */
#define PLAYER_GST_EVENT_GAP "segue-gap"

/**
 * PlayerGstTitles:
 *
 * What a stream says of itself, and where something is missing, bound to the place where it shows: tags
 * are decoded seconds before they are heard, and a broadcast has a new title every few minutes. Watches
 * the pad at which decoded frames arrive.
 */
typedef struct _PlayerGstTitles PlayerGstTitles;

/* Called in the streaming thread when something is known that has not been before. */
typedef void (*PlayerGstTitlesFunc) (gpointer data);

/* @pad: the sink pad of whatever takes the frames; @changed: its data must outlive what flows through
 * the pad. */
PlayerGstTitles *player_gst_titles_new (GstPad *pad, PlayerGstTitlesFunc changed, gpointer data);
PlayerGstTitles *player_gst_titles_ref (PlayerGstTitles *self);
void player_gst_titles_unref (PlayerGstTitles *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerGstTitles, player_gst_titles_unref)

/* Goes on to @at_us of the stream. *@gap_us: where something is missing since the last call; else
 * unchanged. Returns: (transfer full) (nullable): what has come to hold there since then, %NULL if nothing
 * has. */
PlayerMetadata *player_gst_titles_advance (PlayerGstTitles *self, gint64 at_us, gint64 *gap_us);

/* Where the next change lies, in µs of the stream; -1: none is known. */
gint64 player_gst_titles_get_next_us (PlayerGstTitles *self);

/* (transfer full) (nullable): what to call @url where nothing else says: the name of its file, or its
 * host. */
char *player_gst_titles_guess (const char *url);

G_END_DECLS

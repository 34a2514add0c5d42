/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * player_gst_plugins_choose:
 * @cache_dir: where a folder of links and a registry may be kept
 * @sink: what is going to be parsed as the audio sink
 *
 * Has GStreamer know only the plug-ins that can be of use to audio, in place of the hundreds that
 * may be installed: its registry is read at each start and stays in memory. The rest is added when
 * something turns up that needs it: player_gst_plugins_find_decoder(). Leaves all as it is where the
 * environment says which plug-ins to use, where @sink names elements that may come from anywhere, or
 * @cache_dir cannot be written.
 *
 * Once per process, before player_gst_init() and any thread.
 */
void player_gst_plugins_choose (const char *cache_dir, const char *sink);

/* By how they decode, not by their names. After gst_init(). */
void player_gst_plugins_rank (void);

/**
 * player_gst_plugins_find_decoder:
 * @caps: what a stream holds
 *
 * Adds the plug-ins that were left out if @caps need them: libav for what it decodes best or alone,
 * then all. This may take a while, once. Any thread.
 */
void player_gst_plugins_find_decoder (GstCaps *caps);

/* Whether an element of @type (GstElementFactoryListType) would be found for @caps, when they come. Loads
 * nothing. */
gboolean player_gst_plugins_may_decode (GstCaps *caps, guint64 type);

/* AAC is probably coming: libav, which takes some 0.2 s once, is loaded in a thread while the stream is
 * still being read. Any thread. */
void player_gst_plugins_expect_aac (void);

/**
 * player_gst_plugins_warm:
 *
 * Loads what most streams need, and makes one of each element, so that the first stream does not
 * wait for it. Takes some 50 ms; any thread.
 */
void player_gst_plugins_warm (void);

G_END_DECLS

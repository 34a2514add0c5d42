/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* What could be heard here, without playing anything. After player_gst_init(). */

/**
 * player_gst_probe_sink:
 * @description: as player_gst_sink_make() takes it
 * @error: G_IO_ERROR: the sink cannot be opened; its own words, in one line
 *
 * Opens the sink as the output does, and closes it again. This may take as long as the sound server
 * takes to answer: not for the main loop. While it is open a device that serves one at a time is busy.
 *
 * Returns: (transfer full) (nullable): factory name of the sink
 */
char *player_gst_probe_sink (const char *description, guint buffer_ms, GError **error);

/* @format: "MP3", "HLS" …; @package: (nullable): the Debian package that is missing, %NULL if it can be
 * played. */
typedef void (*PlayerGstProbeFunc) (const char *format, const char *package, gpointer data);

/* Calls @func for each of the formats that streams come in. Loads nothing. */
void player_gst_probe_formats (PlayerGstProbeFunc func, gpointer data);

G_END_DECLS

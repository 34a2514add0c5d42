/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * player_gst_sink_make:
 * @description: "auto", "pipewire" or a GStreamer bin description
 * @buffer_ms: size of the sink's buffer, where it can be set
 * @name: (out): factory name of the sink
 * @error: G_IO_ERROR_INVALID_ARGUMENT: cannot be parsed; G_IO_ERROR_NOT_FOUND: "auto" found no
 * audio output
 *
 * Makes the element that plays. "auto" takes the first of the known sinks that can be opened; this
 * may block.
 *
 * Returns: (transfer full) (nullable): not floating
 */
GstElement *
player_gst_sink_make (const char *description, guint buffer_ms, char **name, GError **error);

/* What the sink of such a buffer may hold: one that can take back (#PlayerGstRewind) holds more. */
guint player_gst_sink_get_most_ms (guint buffer_ms);

/* How often a sink whose buffer holds @buffer_ms asks for more. */
guint player_gst_sink_get_period_ms (guint buffer_ms);

G_END_DECLS

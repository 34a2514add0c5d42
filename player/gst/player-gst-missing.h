/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * player_gst_missing_describe:
 * @message: any
 *
 * Returns: (transfer full) (nullable): if it says that a plug-in is missing: what that means for whoever
 * runs Segue, in one line: "no decoder for MPEG-4 AAC: install gstreamer1.0-libav"; the package is
 * named as Debian has it, and only where it is known which one it is
 */
char *player_gst_missing_describe (GstMessage *message);

G_END_DECLS

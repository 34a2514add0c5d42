/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the time of day is good for. A device without a battery for its clock starts in 1970, or where
 * it was switched off, and only learns the time when it has a network. All waits and deadlines are
 * those of the monotonic clock, which does not care. */

/**
 * player_gst_wall_clock_is_set:
 *
 * Returns: %FALSE if the clock shows a time before this release was made, and is wrong for certain. For
 * any thread.
 */
gboolean player_gst_wall_clock_is_set (void);

/* (transfer full): "the clock of this device is not set (it shows 1970-01-01)" */
char *player_gst_wall_clock_describe_unset (void);

G_END_DECLS

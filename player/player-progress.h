/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PlayerNearlyFinished:
 * @PLAYER_NEARLY_FINISHED_BUFFERED: when the current source has been read to its end, as an Echo
 *   does; at the latest 2 s before the end (duration known) or just before it
 * @PLAYER_NEARLY_FINISHED_EARLY: right after PlaybackStarted; for a stream that may be endless,
 * when its end comes into sight
 * @PLAYER_NEARLY_FINISHED_LATE: 5 s before the end (duration known), else as BUFFERED
 *
 * When "ready for the next stream" is said.
 */
typedef enum
{
  PLAYER_NEARLY_FINISHED_BUFFERED,
  PLAYER_NEARLY_FINISHED_EARLY,
  PLAYER_NEARLY_FINISHED_LATE,
} PlayerNearlyFinished;

/**
 * player_progress_is_nearly_finished:
 * @policy: when to say it
 * @buffered: whether the source has been read to its end
 * @duration_ms: length of the stream, -1 while unknown
 * @position_ms: what is heard now
 * @wait_ms: (out): if %FALSE is returned: when to ask again if playback goes on undisturbed, -1 if
 *   only an event (buffered, duration) can change the answer
 *
 * Arithmetic only: whether "nearly finished" may be said of a stream that is playing.
 *
 * Returns: %TRUE if now
 */
gboolean player_progress_is_nearly_finished (PlayerNearlyFinished policy,
                                             gboolean buffered,
                                             gint64 duration_ms,
                                             gint64 position_ms,
                                             gint64 *wait_ms);

G_END_DECLS

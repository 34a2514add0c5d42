/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * PlayerGstRewind:
 *
 * A sink that can take back what has been given to it and not been heard yet, so that a command is heard
 * at once and not when all of that has been played. Sinks of ours implement it; with all others, what has
 * been given is heard.
 */
#define PLAYER_TYPE_GST_REWIND (player_gst_rewind_get_type ())
G_DECLARE_INTERFACE (PlayerGstRewind, player_gst_rewind, PLAYER, GST_REWIND, GstElement)

struct _PlayerGstRewindInterface
{
  GTypeInterface parent_iface;

  gboolean (*rewind) (PlayerGstRewind *self, GstClockTime earliest_ns, GstClockTime *kept_ns);
};

/**
 * player_gst_rewind:
 * @earliest_ns: what lies before this time stamp is to be heard as it is
 * @kept_ns: (out): the time stamp of the first frame that will not be heard, neither it nor what
 * follows it; of buffers as they come to the sink. As early as is safe: what the device or the server
 * may have fetched already is kept
 *
 * The sink throws away whatever comes until a buffer with %GST_BUFFER_FLAG_DISCONT does, be it in
 * render() at the time or on its way there. That buffer's time stamp is @kept_ns, and it is heard
 * right behind what has been kept. Where it comes too late, silence is heard before it, nothing else. The
 * position does not jump: it goes on through what was kept.
 *
 * %FALSE where @earliest_ns lies behind what has been written yet: what is in render() then, or on its way
 * there, is to be heard; and until that buffer has come.
 *
 * Any thread, while the sink plays. Takes microseconds: it is called under the pump's lock, so that no
 * lock may be held meanwhile under which the sink's streaming thread asks for data.
 *
 * Returns: %FALSE: nothing is taken back, and all that comes is played as ever
 */
gboolean player_gst_rewind (PlayerGstRewind *self, GstClockTime earliest_ns, GstClockTime *kept_ns);

G_END_DECLS

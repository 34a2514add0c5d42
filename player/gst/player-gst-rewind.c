/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-rewind.h"

G_DEFINE_INTERFACE (PlayerGstRewind, player_gst_rewind, GST_TYPE_ELEMENT)

gboolean
player_gst_rewind (PlayerGstRewind *self, GstClockTime earliest_ns, GstClockTime *kept_ns)
{
  return PLAYER_GST_REWIND_GET_IFACE (self)->rewind (self, earliest_ns, kept_ns);
}

static void
player_gst_rewind_default_init (PlayerGstRewindInterface *iface)
{
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PlayerGstOutage:
 *
 * How long a device that is away has been waited for, and when to try again: at once, after 0.2 s,
 * then after twice as long each time, up to 5 s. One that breaks again soon is still the same loss.
 * Arithmetic only; times are monotonic, in µs.
 */
typedef struct
{
  gint64 lost_us;  /* 0: it is not away */
  gint64 found_us; /* it plays since; 0: not since it was lost */
  guint delay_ms;
} PlayerGstOutage;

/* It is away, or still. Returns in how many ms to try again. */
guint player_gst_outage_lose (PlayerGstOutage *self, gint64 now_us);

/* It plays. */
void player_gst_outage_find (PlayerGstOutage *self, gint64 now_us);

/* Something has happened: from now on it is tried as often as at first. */
void player_gst_outage_hurry (PlayerGstOutage *self);

/* Nobody waits for it any more. */
void player_gst_outage_forget (PlayerGstOutage *self);

gboolean player_gst_outage_is_waiting (const PlayerGstOutage *self);
/* Since when it is away; 0 if it is not. */
guint player_gst_outage_get_waited_ms (const PlayerGstOutage *self, gint64 now_us);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player-gst-fault.h"

G_BEGIN_DECLS

#define PLAYER_GST_PATIENCE_OFFLINE_MS (5 * 60 * 1000)

/**
 * PlayerGstPatience:
 * @had_byte: something of the resource has come, ever
 * @since_us: when something new came last, or began to be wanted
 * @tries: that have failed since then
 * @few: … of those that are worth only a few
 * @offline_since_us: when a try failed for want of a network of our own, 0: the last one did not
 * @back_off_ms: how long to wait before the next
 *
 * How often and how long a broken transfer is tried again. Before the first byte somebody waits for an
 * answer: three tries in quick succession. Later there is something to lose, and some of it still
 * waits to be played: as long as "give up" says, less and less often. While this device is offline,
 * neither tries nor time count, for %PLAYER_GST_PATIENCE_OFFLINE_MS: it has just been started, or is
 * between two networks.
 */
typedef struct
{
  gboolean had_byte;
  gint64 since_us;
  guint tries;
  guint few;
  gint64 offline_since_us;
  guint back_off_ms;
} PlayerGstPatience;

/* Something is wanted from now on. */
void player_gst_patience_begin (PlayerGstPatience *self, gint64 now_us);
/* Something new has come. */
void player_gst_patience_progress (PlayerGstPatience *self, gint64 now_us);

/**
 * player_gst_patience_ask:
 *
 * A try has failed. A server that names a time (Retry-After) is not asked before; where somebody waits
 * for the first byte, that time must be short.
 *
 * Returns: how many ms to wait before the next try, -1: there is none
 */
gint64 player_gst_patience_ask (PlayerGstPatience *self,
                                const PlayerGstFault *fault,
                                guint give_up_ms,
                                gint64 now_us);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-patience.h"

#define BACK_OFF_MIN_MS 100
#define BACK_OFF_MAX_MS 5000
#define FEW_TRIES 3
/* What may be waited for the first byte because a server says so. */
#define FIRST_BYTE_WAIT_MS 2000

void
player_gst_patience_begin (PlayerGstPatience *self, gint64 now_us)
{
  self->since_us = now_us;
  self->tries = 0;
  self->few = 0;
  self->offline_since_us = 0;
  self->back_off_ms = BACK_OFF_MIN_MS;
}

void
player_gst_patience_progress (PlayerGstPatience *self, gint64 now_us)
{
  player_gst_patience_begin (self, now_us);
  self->had_byte = TRUE;
}

/* Nothing has been heard of the server: what counts begins when there is a network. */
static gint64
ask_offline (PlayerGstPatience *self, gint64 now_us)
{
  const gint64 wait_ms = self->back_off_ms;

  if (self->offline_since_us == 0)
    self->offline_since_us = now_us;
  if (now_us + wait_ms * G_TIME_SPAN_MILLISECOND
      >= self->offline_since_us + PLAYER_GST_PATIENCE_OFFLINE_MS * G_TIME_SPAN_MILLISECOND)
    return -1;
  self->since_us = now_us + wait_ms * G_TIME_SPAN_MILLISECOND;
  self->back_off_ms = MIN (2 * self->back_off_ms, BACK_OFF_MAX_MS);
  return wait_ms;
}

gint64
player_gst_patience_ask (PlayerGstPatience *self,
                         const PlayerGstFault *fault,
                         guint give_up_ms,
                         gint64 now_us)
{
  if (fault->kind == PLAYER_GST_FAULT_OFFLINE)
    return ask_offline (self, now_us);
  if (self->offline_since_us != 0)
    self->back_off_ms = BACK_OFF_MIN_MS;
  self->offline_since_us = 0;

  const gint64 wait_ms = MAX (self->back_off_ms, fault->retry_after_ms);
  self->tries++;
  self->few += fault->kind == PLAYER_GST_FAULT_FEW;
  if (fault->kind == PLAYER_GST_FAULT_FINAL)
    return -1;
  if ((self->had_byte ? self->few : self->tries) >= FEW_TRIES)
    return -1;
  if (!self->had_byte && wait_ms > FIRST_BYTE_WAIT_MS)
    return -1;
  if (now_us + wait_ms * G_TIME_SPAN_MILLISECOND
      >= self->since_us + give_up_ms * G_TIME_SPAN_MILLISECOND)
    return -1;
  self->back_off_ms = MIN (2 * self->back_off_ms, BACK_OFF_MAX_MS);
  return wait_ms;
}

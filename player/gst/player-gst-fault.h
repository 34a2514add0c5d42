/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player/player-types.h"

G_BEGIN_DECLS

/**
 * PlayerGstFaultKind:
 * @PLAYER_GST_FAULT_FINAL: trying again cannot help
 * @PLAYER_GST_FAULT_FEW: it may pass, but probably does not: worth a few tries
 * @PLAYER_GST_FAULT_BROKEN: worth trying for as long as patience lasts: no connection, stall,
 *   truncation, a server that is busy
 * @PLAYER_GST_FAULT_OFFLINE: it is for us to change: this device has no network, or does not know the
 *   time yet. Of the server it says nothing
 */
typedef enum
{
  PLAYER_GST_FAULT_FINAL,
  PLAYER_GST_FAULT_FEW,
  PLAYER_GST_FAULT_BROKEN,
  PLAYER_GST_FAULT_OFFLINE,
} PlayerGstFaultKind;

/**
 * PlayerGstFault:
 *
 * Why a transfer failed. @message is one line and never holds a URL's query.
 */
typedef struct
{
  PlayerGstFaultKind kind;
  PlayerErrorType type;
  guint http_status;     /* 0 if no answer was the reason */
  gboolean no_way;       /* no name, no route: so it looks where there is no network, too */
  gboolean expired;      /* nobody was asked, for the address was too old */
  gint64 retry_after_ms; /* as the server wishes, 0 = it has not said */
  char *message;         /* (owned) */
} PlayerGstFault;

PlayerGstFault *
player_gst_fault_new (PlayerGstFaultKind kind, PlayerErrorType type, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
/* The fault that the answer @http_status is to the first request of a resource. */
PlayerGstFault *player_gst_fault_new_http (guint http_status);
/* … to a later one, for the rest from @position on: what was there a moment ago. */
PlayerGstFault *player_gst_fault_new_http_later (guint http_status, guint64 position);
/* The address may not be asked any more. */
PlayerGstFault *player_gst_fault_new_expired (void);
/* Whether a renewed URL might be answered otherwise: 401, 403, 410, or it has
 * expired. */
gboolean player_gst_fault_is_refusal (const PlayerGstFault *self);
void player_gst_fault_free (PlayerGstFault *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerGstFault, player_gst_fault_free)

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player/player-types.h"

G_BEGIN_DECLS

/**
 * PlayerGstFaultKind:
 * @PLAYER_GST_FAULT_FINAL: trying again cannot help
 * @PLAYER_GST_FAULT_CONNECT: no connection: name, TCP, TLS handshake, closed before an answer
 * @PLAYER_GST_FAULT_SERVER: an answer 5xx that may or may not pass
 * @PLAYER_GST_FAULT_BROKEN: worth trying for as long as patience lasts: stall, truncation, lost
 *   connection, 502, 503, 504
 */
typedef enum
{
  PLAYER_GST_FAULT_FINAL,
  PLAYER_GST_FAULT_CONNECT,
  PLAYER_GST_FAULT_SERVER,
  PLAYER_GST_FAULT_BROKEN,
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
  guint http_status; /* 0 if no answer was the reason */
  char *message;     /* (owned) */
} PlayerGstFault;

PlayerGstFault *
player_gst_fault_new (PlayerGstFaultKind kind, PlayerErrorType type, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
/* The fault that the answer @http_status is. */
PlayerGstFault *player_gst_fault_new_http (guint http_status);
void player_gst_fault_free (PlayerGstFault *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerGstFault, player_gst_fault_free)

G_END_DECLS

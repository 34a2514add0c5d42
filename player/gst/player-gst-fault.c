/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-fault.h"

PlayerGstFault *
player_gst_fault_new (PlayerGstFaultKind kind, PlayerErrorType type, const char *format, ...)
{
  PlayerGstFault *self = g_new0 (PlayerGstFault, 1);
  self->kind = kind;
  self->type = type;

  va_list args;
  va_start (args, format);
  g_autofree char *message = g_strdup_vprintf (format, args);
  va_end (args);
  self->message = g_utf8_make_valid (message, -1);
  for (char *c = self->message; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  return self;
}

/* What a server says that is busy or out of order for a while. */
static gboolean
is_passing (guint http_status)
{
  return http_status == 408 || http_status == 429 || http_status >= 500;
}

static PlayerErrorType
type_of_status (guint http_status)
{
  if (http_status == 408 || http_status == 429 || http_status == 503)
    return PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE;
  if (http_status >= 500)
    return PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR;
  return http_status >= 400 ? PLAYER_MEDIA_ERROR_INVALID_REQUEST : PLAYER_MEDIA_ERROR_UNKNOWN;
}

PlayerGstFault *
player_gst_fault_new_http (guint http_status)
{
  PlayerGstFault *self = player_gst_fault_new (
      is_passing (http_status) ? PLAYER_GST_FAULT_FEW : PLAYER_GST_FAULT_FINAL,
      type_of_status (http_status), "HTTP %u", http_status);

  self->http_status = http_status;
  return self;
}

/* Who refuses (401, 402, 403, 407) means the request; else the server had accepted it, and cannot keep
 * what it promised. One that has lost a file may have others beside it that have not. */
PlayerGstFault *
player_gst_fault_new_http_later (guint http_status, guint64 position)
{
  const gboolean refuses
      = http_status == 401 || http_status == 402 || http_status == 403 || http_status == 407;
  PlayerGstFaultKind kind = PLAYER_GST_FAULT_FEW;
  PlayerErrorType type = type_of_status (http_status);

  if (is_passing (http_status))
    kind = PLAYER_GST_FAULT_BROKEN;
  else if (refuses || http_status == 410)
    kind = PLAYER_GST_FAULT_FINAL;
  if (type == PLAYER_MEDIA_ERROR_INVALID_REQUEST && !refuses)
    type = PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR;
  PlayerGstFault *self = player_gst_fault_new (kind, type, "HTTP %u at byte %" G_GUINT64_FORMAT,
                                               http_status, position);
  self->http_status = http_status;
  return self;
}

PlayerGstFault *
player_gst_fault_new_expired (void)
{
  PlayerGstFault *self = player_gst_fault_new (
      PLAYER_GST_FAULT_FINAL, PLAYER_MEDIA_ERROR_INVALID_REQUEST, "The URL has expired");

  self->expired = TRUE;
  return self;
}

gboolean
player_gst_fault_is_refusal (const PlayerGstFault *self)
{
  return self->expired || self->http_status == 401 || self->http_status == 403
         || self->http_status == 410;
}

void
player_gst_fault_free (PlayerGstFault *self)
{
  g_free (self->message);
  g_free (self);
}

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
  self->message = g_strdup_vprintf (format, args);
  va_end (args);
  g_strdelimit (self->message, "\r\n\t", ' ');
  return self;
}

PlayerGstFault *
player_gst_fault_new_http (guint http_status)
{
  PlayerGstFaultKind kind = PLAYER_GST_FAULT_FINAL;
  PlayerErrorType type = PLAYER_MEDIA_ERROR_UNKNOWN;

  if (http_status == 503)
    {
      kind = PLAYER_GST_FAULT_BROKEN;
      type = PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE;
    }
  else if (http_status >= 500)
    {
      gboolean passing = http_status == 502 || http_status == 504;
      kind = passing ? PLAYER_GST_FAULT_BROKEN : PLAYER_GST_FAULT_SERVER;
      type = PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR;
    }
  else if (http_status >= 400)
    {
      type = PLAYER_MEDIA_ERROR_INVALID_REQUEST;
    }

  PlayerGstFault *self = player_gst_fault_new (kind, type, "HTTP %u", http_status);
  self->http_status = http_status;
  return self;
}

void
player_gst_fault_free (PlayerGstFault *self)
{
  g_free (self->message);
  g_free (self);
}

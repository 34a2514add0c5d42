/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-error.h"

PlayerGstError *
player_gst_error_new (PlayerErrorType type, const char *message)
{
  PlayerGstError *self = g_new (PlayerGstError, 1);

  self->type = type;
  self->message = g_strdelimit (g_strdup (message), "\r\n", ' ');
  return self;
}

void
player_gst_error_free (PlayerGstError *self)
{
  g_free (self->message);
  g_free (self);
}

/* INVALID_REQUEST: what was named is not there or no audio; DEVICE: we cannot decode it. */
static PlayerErrorType
error_classify (const GError *error)
{
  if (g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_TYPE_NOT_FOUND)
      || g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_WRONG_TYPE)
      || error->domain == GST_RESOURCE_ERROR)
    return PLAYER_MEDIA_ERROR_INVALID_REQUEST;
  if (error->domain == GST_STREAM_ERROR || error->domain == GST_CORE_ERROR
      || error->domain == GST_LIBRARY_ERROR)
    return PLAYER_MEDIA_ERROR_INTERNAL_DEVICE_ERROR;
  return PLAYER_MEDIA_ERROR_UNKNOWN;
}

static gboolean
error_is_missing (const GError *error)
{
  return g_error_matches (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN)
         || g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_CODEC_NOT_FOUND);
}

PlayerGstError *
player_gst_error_new_from_message (GstMessage *message, const char *missing)
{
  const GstStructure *details = NULL;
  g_autoptr (GError) error = NULL;
  gint type = 0;

  gst_message_parse_error (message, &error, NULL);
  gst_message_parse_error_details (message, &details);
  if (details == NULL || !gst_structure_get_int (details, "player-error-type", &type))
    type = (gint)error_classify (error);
  return player_gst_error_new ((PlayerErrorType)type, missing != NULL && error_is_missing (error)
                                                          ? missing
                                                          : error->message);
}

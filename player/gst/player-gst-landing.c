/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-landing.h"

#include <gst/audio/audio.h>

#include "player-gst-map.h"

void
player_gst_landing_init (PlayerGstLanding *self,
                         GstElement *pipeline,
                         GstElement *sink,
                         gint64 offset_us)
{
  *self = (PlayerGstLanding){
    .pipeline = pipeline,
    .sink = sink,
    .offset_us = offset_us,
    .seeking = offset_us > 0,
  };
}

void
player_gst_landing_begin (PlayerGstLanding *self)
{
  gst_element_set_state (self->pipeline, self->seeking ? GST_STATE_PAUSED : GST_STATE_PLAYING);
}

/* Seeks to the very frame: rounded up to the ns, so that rounding down gives that frame again. */
static void
landing_seek (PlayerGstLanding *self)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (self->sink, "sink");
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  GstClockTime target = (GstClockTime)self->offset_us * GST_USECOND;
  GstAudioInfo info;

  if (caps != NULL && gst_audio_info_from_caps (&info, caps))
    {
      const guint rate = (guint)GST_AUDIO_INFO_RATE (&info);

      target = gst_util_uint64_scale_ceil ((guint64)player_gst_us_to_frames (self->offset_us, rate),
                                           GST_SECOND, rate);
    }
  if (!gst_element_seek_simple (self->pipeline, GST_FORMAT_TIME,
                                GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE, (gint64)target))
    g_debug ("cannot be sought, decodes up to the offset");
}

void
player_gst_landing_on_preroll (PlayerGstLanding *self)
{
  gint64 duration_ms;
  gboolean seekable;

  if (!self->seeking)
    return;
  self->seeking = FALSE;
  duration_ms = player_gst_landing_query_duration (self->pipeline, &seekable);
  if (duration_ms >= 0 && self->offset_us >= duration_ms * 1000)
    {
      /* Nothing lies there: the reader drops it all and comes to the end. */
      g_debug ("the offset lies beyond the end");
      gst_element_seek_simple (self->pipeline, GST_FORMAT_TIME,
                               GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_KEY_UNIT,
                               MAX (duration_ms - 1, 0) * (gint64)GST_MSECOND);
    }
  else
    landing_seek (self);
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
}

gint64
player_gst_landing_query_duration (GstElement *pipeline, gboolean *seekable)
{
  g_autoptr (GstQuery) query = gst_query_new_seeking (GST_FORMAT_TIME);
  gint64 duration_ns = -1;

  *seekable = FALSE;
  if (pipeline == NULL)
    return -1;
  if (gst_element_query (pipeline, query))
    gst_query_parse_seeking (query, NULL, seekable, NULL, NULL);
  if (!gst_element_query_duration (pipeline, GST_FORMAT_TIME, &duration_ns) || duration_ns < 0)
    return -1;
  return (duration_ns + GST_MSECOND / 2) / (gint64)GST_MSECOND;
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-landing.h"

/* Where to seek, in ns. Nothing lies beyond the end: there the last frames are dropped. */
static gint64
landing_choose (PlayerGstChain *chain, PlayerGstTrim *trim, guint rate)
{
  const gint64 wanted = (gint64)player_gst_trim_get_seek_ns (trim, rate);
  gint64 duration_ns = -1;

  if (!gst_element_query_duration (player_gst_chain_get_pipeline (chain), GST_FORMAT_TIME,
                                   &duration_ns)
      || duration_ns <= 0)
    return wanted;
  return wanted < duration_ns ? wanted : MAX (duration_ns - (gint64)GST_SECOND, 0);
}

static gboolean
landing_query_seekable (GstElement *element, GstFormat format)
{
  g_autoptr (GstQuery) query = gst_query_new_seeking (format);
  gboolean seekable = FALSE;

  if (gst_element_query (element, query))
    gst_query_parse_seeking (query, NULL, &seekable, NULL, NULL);
  return seekable;
}

/* A broadcast in pieces: the last ones are there to be had, but where they lie in it nobody knows. */
static gboolean
landing_is_broadcast (PlayerGstChain *chain)
{
  gint64 length = -1;

  return player_gst_chain_is_adaptive (chain)
         && (!gst_element_query_duration (player_gst_chain_get_pipeline (chain), GST_FORMAT_TIME,
                                          &length)
             || length < 0);
}

/* Neither bytes nor time have an end that is known. */
static gboolean
landing_is_live (PlayerGstChain *chain)
{
  GstElement *source = player_gst_chain_get_source (chain);
  gint64 length = -1;

  if (player_gst_chain_is_adaptive (chain))
    return landing_is_broadcast (chain);
  return !landing_query_seekable (source, GST_FORMAT_BYTES)
         && (!gst_element_query_duration (source, GST_FORMAT_BYTES, &length) || length < 0)
         && (!gst_element_query_duration (player_gst_chain_get_pipeline (chain), GST_FORMAT_TIME,
                                          &length)
             || length < 0);
}

void
player_gst_landing_seek (PlayerGstChain *chain, PlayerGstTrim *trim, GstMessage *message)
{
  guint rate = 0;

  gst_structure_get_uint (gst_message_get_structure (message), "rate", &rate);
  GstElement *pipeline = player_gst_chain_get_pipeline (chain);

  if (!landing_is_broadcast (chain)
      && gst_element_seek_simple (pipeline, GST_FORMAT_TIME,
                                  GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE,
                                  landing_choose (chain, trim, rate)))
    return;
  if (landing_is_live (chain))
    player_gst_trim_set_live (trim);
  else
    g_debug ("%s: cannot be sought, decodes up to the offset", GST_OBJECT_NAME (pipeline));
  player_gst_gate_release (player_gst_chain_get_gate (chain));
}

gint64
player_gst_landing_query_duration (PlayerGstChain *chain, PlayerGstTrim *trim, gboolean *seekable)
{
  gint64 duration_ns = player_gst_trim_get_duration_ns (trim);

  *seekable
      = !player_gst_trim_is_live (trim) && !landing_is_broadcast (chain)
        && (player_gst_trim_is_landed (trim)
                ? landing_query_seekable (player_gst_chain_get_source (chain), GST_FORMAT_BYTES)
                : landing_query_seekable (player_gst_chain_get_pipeline (chain), GST_FORMAT_TIME));
  if (duration_ns < 0
      && !gst_element_query_duration (player_gst_chain_get_pipeline (chain), GST_FORMAT_TIME,
                                      &duration_ns))
    return -1;
  return duration_ns < 0 ? -1 : (duration_ns + GST_MSECOND / 2) / (gint64)GST_MSECOND;
}

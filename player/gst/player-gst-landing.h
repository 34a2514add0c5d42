/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * PlayerGstLanding:
 * @pipeline: (unowned): of the item
 * @sink: (unowned): where it ends
 * @offset_us: where the item is to begin
 * @seeking: waits for the preroll, which is the earliest time to seek
 *
 * How the pipeline of an item comes to its offset. Used in the main context only.
 */
typedef struct
{
  GstElement *pipeline;
  GstElement *sink;
  gint64 offset_us;
  gboolean seeking;
} PlayerGstLanding;

void player_gst_landing_init (PlayerGstLanding *self,
                              GstElement *pipeline,
                              GstElement *sink,
                              gint64 offset_us);

/* Sets the pipeline going; without an offset there is nothing to wait for. */
void player_gst_landing_begin (PlayerGstLanding *self);
/* The pipeline has prerolled. */
void player_gst_landing_on_preroll (PlayerGstLanding *self);

/* In ms; -1 if unknown or live. @pipeline: (nullable). */
gint64 player_gst_landing_query_duration (GstElement *pipeline, gboolean *seekable);

G_END_DECLS

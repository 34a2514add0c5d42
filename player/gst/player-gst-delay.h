/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * PlayerGstDelay:
 *
 * A sink that runs dry (the machine is busy) and puts samples where their time lies, as those of
 * #GstAudioBaseSink do, throws away what comes too late. It is delayed instead: so is all that
 * follows, and a silence is heard rather than a gap in what plays. Other sinks lose nothing.
 *
 * The sink's streaming thread delays; any thread asks.
 */

/* From now on, for the sink of @pipeline that is to be told in good time, whose buffer holds
 * @buffer_ms. Lasts as long as the pipeline. */
void player_gst_delay_attach (GstElement *pipeline, guint buffer_ms);

/* What is heard at @position_ns, a position of the sink of @pipeline: without the silence that has been put
 * before it. */
GstClockTime player_gst_delay_map (GstElement *pipeline, GstClockTime position_ns);

G_END_DECLS

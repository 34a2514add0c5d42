/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/gst.h>

#include "player-gst-pump.h"
#include "player-gst-workers.h"

G_BEGIN_DECLS

/**
 * PlayerGstOutput:
 *
 * The output pipeline: pump, capsfilter, sink. While it is open it is never flushed, sought or
 * linked anew. What may block (opening a sound card, state changes) happens in a worker, one step
 * at a time; the calls only say what is wanted.
 */
typedef struct _PlayerGstOutput PlayerGstOutput;

typedef enum
{
  PLAYER_GST_OUTPUT_CLOSED,
  PLAYER_GST_OUTPUT_PAUSED,
  PLAYER_GST_OUTPUT_PLAYING,
} PlayerGstOutputState;

/* The output could not be opened or has broken; it closes itself. @opened: whether it was open. */
typedef void (*PlayerGstOutputFunc) (PlayerGstOutput *output,
                                     const char *message,
                                     gboolean opened,
                                     gpointer data);

/**
 * player_gst_output_new:
 * @pump: the element that gives the samples
 * @sink: "auto" or a bin description
 * @buffer_ms: size of the sink's buffer, where it can be set
 * @error: G_IO_ERROR_INVALID_ARGUMENT: @sink cannot be parsed
 */
PlayerGstOutput *player_gst_output_new (PlayerGstPump *pump,
                                        const char *sink,
                                        guint buffer_ms,
                                        GMainContext *context,
                                        PlayerGstWorkers *workers,
                                        PlayerGstOutputFunc func,
                                        gpointer data,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
void player_gst_output_free (PlayerGstOutput *self);

/* Brings the output to @state as soon as it can be. @rate: of the samples. */
void player_gst_output_set_state (PlayerGstOutput *self, PlayerGstOutputState state, guint rate);

/* What was asked for last; CLOSED after a failure. */
PlayerGstOutputState player_gst_output_get_wanted (PlayerGstOutput *self);

/* Closes it for good; nothing is told any more. It may be freed when the workers are done. */
void player_gst_output_shut (PlayerGstOutput *self);

/* What is heard now, in ns since the output was opened; FALSE if that is not known. */
gboolean player_gst_output_get_position (PlayerGstOutput *self, GstClockTime *position_ns);

/* (nullable): factory name of the sink opened last. */
const char *player_gst_output_get_sink_name (PlayerGstOutput *self);

G_END_DECLS

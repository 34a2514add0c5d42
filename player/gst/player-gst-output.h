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
 * The output pipeline: spout, capsfilter, sink. While it plays it is never flushed, sought or
 * linked anew. What may block (opening a sound card, state changes) happens in a worker, one step
 * at a time; the calls only say what is wanted. A step that does not end in time, and a sink that
 * takes nothing any more, are given up: the pipeline is left behind, and the next one is another.
 */
typedef struct _PlayerGstOutput PlayerGstOutput;

/**
 * PlayerGstOutputState:
 * @PLAYER_GST_OUTPUT_CLOSED: there is no pipeline
 * @PLAYER_GST_OUTPUT_RESTING: the device is held, and nothing runs
 * @PLAYER_GST_OUTPUT_PLAYING: it takes what the pump gives
 */
typedef enum
{
  PLAYER_GST_OUTPUT_CLOSED,
  PLAYER_GST_OUTPUT_RESTING,
  PLAYER_GST_OUTPUT_PLAYING,
} PlayerGstOutputState;

/**
 * PlayerGstOutputNews:
 * @message: (nullable): NULL: it plays; else it could not be opened or broke, and closes itself
 * @hopeless: the sink will never take this: no use to try again
 * @stuck: it has not broken, but does not answer, or takes nothing any more
 * @heard_ns: (nullable): what was heard when it broke, in ns since it began to play; NULL: unknown
 */
typedef struct
{
  const char *message;
  gboolean hopeless;
  gboolean stuck;
  const GstClockTime *heard_ns;
} PlayerGstOutputNews;

typedef void (*PlayerGstOutputFunc) (PlayerGstOutput *output,
                                     const PlayerGstOutputNews *news,
                                     gpointer data);

/**
 * player_gst_output_new:
 * @pump: gives the samples
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

/* From its next opening on. FALSE: @sink cannot be parsed; all stays as it was. */
gboolean player_gst_output_configure (PlayerGstOutput *self,
                                      const char *sink,
                                      guint buffer_ms,
                                      GError **error);

/* Brings the output to @state as soon as it can be. @rate: of the samples. What has to rest or be
 * closed, does so before it plays again; nothing is opened in order to rest. */
void player_gst_output_set_state (PlayerGstOutput *self, PlayerGstOutputState state, guint rate);

/* It will soon be asked to play: opened, if it is closed, and left to rest. @rate: as far as it is
 * known; it may be another in the end. */
void player_gst_output_prepare (PlayerGstOutput *self, guint rate);

/* Gives it up, if it plays, as one that takes nothing any more: @message says why. */
void player_gst_output_give_up (PlayerGstOutput *self, const char *message);

/* Whether it leads to a sound server, where opening it wakes no device. */
gboolean player_gst_output_is_server (PlayerGstOutput *self);

/* What was asked for last; CLOSED after a failure. */
PlayerGstOutputState player_gst_output_get_wanted (PlayerGstOutput *self);

/* Closes it for good; nothing is told any more. It may be freed when the workers are done. */
void player_gst_output_shut (PlayerGstOutput *self);

/* After shut(): what hangs is left behind, and ends by itself, if it ever does. */
void player_gst_output_abandon (PlayerGstOutput *self);

/* What is heard now, in ns since it began to play; FALSE if that is not known. Never blocks for
 * longer than the sink needs to answer. */
gboolean player_gst_output_get_position (PlayerGstOutput *self, GstClockTime *position_ns);

/* (nullable): factory name of the sink opened last. */
const char *player_gst_output_get_sink_name (PlayerGstOutput *self);

G_END_DECLS

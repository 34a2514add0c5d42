/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/audio/audio.h>

G_BEGIN_DECLS

/**
 * PlayerGstPipewireStream:
 *
 * A connection to PipeWire, and one playback stream over it, fed from a queue. PipeWire takes what it
 * needs in each cycle of its graph, and says then when the first frame of it will be heard: so the
 * position is known to the frame, whatever waits in the queue, in the resampler and in the device. A
 * queue that has run dry gives silence, which positions do not count.
 *
 * Frames are counted from the first one written on. What changes it is called by one thread at a time.
 */
typedef struct _PlayerGstPipewireStream PlayerGstPipewireStream;

/* It has broken: the server has gone, or will not have us. Told once, in a thread of the stream's. */
typedef void (*PlayerGstPipewireBroken) (const char *message, gpointer data);

typedef struct
{
  const char *client_name;
  const char *target;    /* (nullable): name or serial number of a sink */
  GstClockTime queue_ns; /* how much waits for PipeWire */
  PlayerGstPipewireBroken broken;
  gpointer data;
} PlayerGstPipewireSetup;

/**
 * player_gst_pipewire_stream_new:
 * @setup: strings are copied
 * @error: G_IO_ERROR_NOT_FOUND: there is no PipeWire, or it has no sink for audio
 *
 * Connects to the user's PipeWire. Waits for its answers, two seconds at most.
 */
PlayerGstPipewireStream *player_gst_pipewire_stream_new (const PlayerGstPipewireSetup *setup,
                                                         GError **error);
void player_gst_pipewire_stream_free (PlayerGstPipewireStream *self);

/* Takes back all that PipeWire has not taken. */
void player_gst_pipewire_stream_flush (PlayerGstPipewireStream *self);

/* From now on frames are as @info says. What was queued is dropped. Returns FALSE if PipeWire will not
 * have it. Does not wait for PipeWire, which takes frames as soon as it is ready. */
gboolean player_gst_pipewire_stream_set_format (PlayerGstPipewireStream *self,
                                                const GstAudioInfo *info);

/* Whether PipeWire asks for anything; it does not at first. */
void player_gst_pipewire_stream_set_active (PlayerGstPipewireStream *self, gboolean active);
/* While it is held, it gives silence and keeps what is queued; so it is at first. */
void player_gst_pipewire_stream_hold (PlayerGstPipewireStream *self, gboolean hold);

/* Puts in as many of @frames (nullable: of silence) as there is room for; returns how many. */
guint
player_gst_pipewire_stream_write (PlayerGstPipewireStream *self, const guint8 *data, guint frames);
/* Waits until there is room for @frames, or all of the room; FALSE: interrupted, or it has broken. */
gboolean player_gst_pipewire_stream_wait (PlayerGstPipewireStream *self, guint frames);
/* Waits until all has been heard; FALSE: interrupted, or it has broken. */
gboolean player_gst_pipewire_stream_drain (PlayerGstPipewireStream *self);
/* Takes back the frames from @frame on, but for those that PipeWire has taken or is about to take;
 * returns the one that is to be written next. Takes microseconds, and ends a wait. */
gint64 player_gst_pipewire_stream_cut (PlayerGstPipewireStream *self, gint64 frame);

/* Waits end at once until it is called with FALSE. Any thread. */
void player_gst_pipewire_stream_interrupt (PlayerGstPipewireStream *self, gboolean interrupt);

gboolean player_gst_pipewire_stream_is_broken (PlayerGstPipewireStream *self);
/* The count of the next frame to be written. */
gint64 player_gst_pipewire_stream_get_end (PlayerGstPipewireStream *self);
/* How much is heard of the frames from @origin on; FALSE: nothing has been taken yet. Any thread. */
gboolean player_gst_pipewire_stream_get_heard (PlayerGstPipewireStream *self,
                                               gint64 origin,
                                               GstClockTime *heard_ns);

G_END_DECLS

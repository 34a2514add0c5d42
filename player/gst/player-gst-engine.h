/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player/player-engine.h"

G_BEGIN_DECLS

/**
 * PlayerGstEngine:
 *
 * The #PlayerEngine made of GStreamer: a pipeline for each item, the pump, one output pipeline.
 */
#define PLAYER_TYPE_GST_ENGINE (player_gst_engine_get_type ())
G_DECLARE_FINAL_TYPE (PlayerGstEngine, player_gst_engine, PLAYER, GST_ENGINE, GObject)

/**
 * player_gst_init:
 *
 * Initialises GStreamer and registers the elements of this folder. Once per process, before the
 * rest.
 */
gboolean player_gst_init (GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the environment leaves it to GIO to find proxies: GIO_USE_PROXY_RESOLVER is not "dummy". */
gboolean player_gst_uses_proxies (void);

/* By which of a stream's ReplayGain tags it is made louder or softer. */
typedef enum
{
  PLAYER_GST_LOUDNESS_OFF,
  PLAYER_GST_LOUDNESS_TRACK,
  PLAYER_GST_LOUDNESS_ALBUM,
} PlayerGstLoudness;

/**
 * PlayerGstEngineOptions:
 * @sink: "auto" or a GStreamer bin description, e.g. "alsasink device=hw:1", "fakesink sync=true"
 * @buffer_ms: buffer of the sink in ms, where it has such a property
 * @idle_ms: the sink is closed when nothing has sounded for so long
 * @sink_wait_ms: what plays, or is to, waits so long for a sink that broke, is busy or not there yet;
 *   then it fails. Nothing waits for a sink that cannot take what it is given
 * @snapcast_address: (nullable): "HOST:PORT" of the TCP source of a snapserver, in place of @sink
 * @snapcast_buffer_ms: how much later than it is sent it is heard there
 * @loudness: what is made of ReplayGain tags; a limiter keeps what is made louder from clipping
 * @loudness_preamp_db: is added to the gain of what has tags
 * @loudness_fallback_db: the gain of what has none
 * @ca_file: (nullable): PEM file of a CA that is trusted for media besides the system's
 */
typedef struct
{
  const char *sink;
  guint buffer_ms;
  guint idle_ms;
  guint sink_wait_ms;
  const char *snapcast_address;
  guint snapcast_buffer_ms;
  PlayerGstLoudness loudness;
  int loudness_preamp_db;
  int loudness_fallback_db;
  const char *ca_file;
} PlayerGstEngineOptions;

#define PLAYER_GST_SINK_WAIT_MS 30000

/* What most want: "auto", 60 ms, 2 s, 30 s, no snapserver, loudness off. */
#define PLAYER_GST_ENGINE_OPTIONS_INIT                                                             \
  {                                                                                                \
    .sink = "auto", .buffer_ms = 60, .idle_ms = 2000, .sink_wait_ms = PLAYER_GST_SINK_WAIT_MS,     \
    .snapcast_buffer_ms = 1000                                                                     \
  }

/**
 * player_gst_engine_new:
 * @options: copied
 * @error: G_IO_ERROR_INVALID_ARGUMENT with the parser's message if the sink cannot be parsed; a sink
 * that cannot be *opened* is no error here: it is opened for the first sample
 */
PlayerEngine *player_gst_engine_new (const PlayerGstEngineOptions *options,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * player_gst_engine_configure:
 * @options: sink and buffer are those of the next output that is opened, unless it is a snapserver, which
 *   cannot be changed; loudness and CA those of the next stream
 * @error: as for player_gst_engine_new(): then the sink stays as it was, and all else is as @options say
 *
 * Nothing that plays is disturbed.
 */
gboolean player_gst_engine_configure (PlayerGstEngine *self,
                                      const PlayerGstEngineOptions *options,
                                      GError **error);

/**
 * player_gst_engine_close:
 *
 * Ends all that plays, without an event. Nothing may be asked of the engine any more. Done by the last
 * unref, too.
 *
 * Returns: %FALSE if something hangs, and has been left behind: it holds threads
 */
gboolean player_gst_engine_close (PlayerGstEngine *self) G_GNUC_WARN_UNUSED_RESULT;

/* @func: (nullable): asked for each item that is loaded and each recording that is spoken; without it,
 * all may be opened. @data: to outlive the engine, or the next call of this function. */
void player_gst_engine_set_reach (PlayerGstEngine *self, PlayerReachFunc func, gpointer data);

/* Loads what most streams need, in a thread, so that the first one does not wait for it: in a while,
 * unless that comes before. */
void player_gst_engine_warm_up (PlayerGstEngine *self);

/* The network or the clock has changed: what is waited for before another try is tried now. @online:
 * FALSE: the system says that there is no network but this machine; then what looks like that waits. */
void player_gst_engine_note_network (PlayerGstEngine *self, gboolean online);

/* "pulsesink", "alsasink", … : what "auto" chose or the description names; NULL before the first
 * sample. */
const char *player_gst_engine_get_sink_name (PlayerGstEngine *self);

G_END_DECLS

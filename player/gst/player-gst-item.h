/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/gst.h>

#include "player-gst-load.h"
#include "player-gst-loudness.h"
#include "player-gst-reader.h"
#include "player-gst-web.h"
#include "player-gst-workers.h"

G_BEGIN_DECLS

/**
 * PlayerGstItem:
 *
 * A small pipeline of its own for one load: source, decodebin, conversion to the engine's format,
 * tray. It is opened and decoded as soon as it exists, its errors stay on its own bus, and it is
 * torn down in a thread of its own.
 */
#define PLAYER_TYPE_GST_ITEM (player_gst_item_get_type ())
G_DECLARE_FINAL_TYPE (PlayerGstItem, player_gst_item, PLAYER, GST_ITEM, GObject)

/**
 * PlayerGstItemNews:
 * @PLAYER_GST_ITEM_AUDIO: audio has been found and is being decoded: see player_gst_item_get_rate()
 * @PLAYER_GST_ITEM_READY: the first frames at the offset wait in the reader, or the stream has
 * ended before it
 * @PLAYER_GST_ITEM_FAILED: see player_gst_item_get_error(); frames which wait stay valid
 * @PLAYER_GST_ITEM_BUFFERED: the source has been read to its end
 * @PLAYER_GST_ITEM_DURATION: the duration may have changed
 * @PLAYER_GST_ITEM_TAGS: other tags have been decoded: see player_gst_item_get_next_tags_us()
 * @PLAYER_GST_ITEM_REFUSED: the URL is refused, see player_gst_item_get_refusal(), and a renewed one
 * is waited for
 * @PLAYER_GST_ITEM_EXPANDED: it is no stream but a playlist, and the entries of the load say what it
 * names (see player_gst_load_expand()); nothing more comes of the item: the entry is to be opened
 * @PLAYER_GST_ITEM_DRAINED: all has been decoded that will ever come; it waits in the reader
 * @PLAYER_GST_ITEM_CUT: what comes last is not the end of the stream, but what could be had of it by
 * bytes: see player_gst_item_is_cut()
 */
typedef enum
{
  PLAYER_GST_ITEM_AUDIO,
  PLAYER_GST_ITEM_READY,
  PLAYER_GST_ITEM_FAILED,
  PLAYER_GST_ITEM_BUFFERED,
  PLAYER_GST_ITEM_DURATION,
  PLAYER_GST_ITEM_TAGS,
  PLAYER_GST_ITEM_REFUSED,
  PLAYER_GST_ITEM_CUT,
  PLAYER_GST_ITEM_EXPANDED,
  PLAYER_GST_ITEM_DRAINED,
} PlayerGstItemNews;

/* Called in the main context given. */
typedef void (*PlayerGstItemFunc) (PlayerGstItem *item, PlayerGstItemNews news, gpointer data);
/* Called in a streaming thread when frames have come in after none waited, and at the end. */
typedef void (*PlayerGstItemWake) (gpointer data);

typedef struct
{
  GMainContext *context;
  PlayerGstItemFunc func;
  PlayerGstItemWake wake;
  gpointer func_data;
  gpointer wake_data; /* a GObject; the item holds a reference */
  PlayerGstWeb *web;  /* (nullable); the item holds a reference */
} PlayerGstItemHooks;

/**
 * PlayerGstItemStart:
 * @entry: which of the load's entries it plays
 * @base_us: where that begins in the load
 * @offset_us: where the first frame lies in the entry
 */
typedef struct
{
  guint entry;
  gint64 base_us;
  gint64 offset_us;
} PlayerGstItemStart;

/* @id: a number of its own, not 0: names it in the map of the output. @start: (nullable): at the very
 * begin. */
PlayerGstItem *player_gst_item_new (PlayerGstLoad *load,
                                    guint64 id,
                                    const PlayerGstItemStart *start,
                                    const PlayerGstItemHooks *hooks);

/* Opens it. @rate: rate to deliver, 0 = the stream's own. Failures come as news. */
void player_gst_item_open (PlayerGstItem *self, guint rate);
gboolean player_gst_item_is_open (PlayerGstItem *self);

/* The URL of the load's item, or of its entry, has changed: what has not been read comes from there. If
 * it has not been opened yet, or comes from no server, nothing is to be done. What is read in parts goes
 * on as it is until one is refused. */
void player_gst_item_renew (PlayerGstItem *self);
/* Whether its next refusal is to be answered by opening it anew, and not to be told. */
gboolean player_gst_item_is_renewed (PlayerGstItem *self);
/* Whether it is read in parts, each from a URL of its own, as HLS is. */
gboolean player_gst_item_is_adaptive (PlayerGstItem *self);
/* After READY: it ends with what has been decoded, and is cut there: see player_gst_item_is_cut(). */
void player_gst_item_cut (PlayerGstItem *self);

/* No news from here on; the pipeline is torn down by @workers. */
void player_gst_item_close (PlayerGstItem *self, PlayerGstWorkers *workers);

guint64 player_gst_item_get_id (PlayerGstItem *self);
PlayerGstLoad *player_gst_item_get_load (PlayerGstItem *self);
const PlayerGstItemStart *player_gst_item_get_start (PlayerGstItem *self);
/* Where it begins in the load: the entry before it has come to its end there. */
void player_gst_item_set_base (PlayerGstItem *self, gint64 base_us);
/* The place in the load of what lies @frame_us into the entry. */
gint64 player_gst_item_to_load_us (PlayerGstItem *self, gint64 frame_us);
/* After READY. */
PlayerGstReader *player_gst_item_get_reader (PlayerGstItem *self);
gboolean player_gst_item_is_ready (PlayerGstItem *self);
/* Of the audio as it comes from the decoder, in Hz; 0: none has been found yet. */
guint player_gst_item_get_rate (PlayerGstItem *self);
/* Whether the source has been read to its end, as far as is known. */
gboolean player_gst_item_is_buffered (PlayerGstItem *self);
/* (transfer none) (nullable): what the stream says of itself where it was advanced to; with a title, if
 * only the name of its file. After READY. Whoever takes it tells of it. */
PlayerMetadata *player_gst_item_take_tags (PlayerGstItem *self);
/* Whether there is something to be taken that nobody has been told. */
gboolean player_gst_item_has_new_tags (PlayerGstItem *self);
/* @heard_us is heard now. Returns: whether other tags hold there. */
gboolean player_gst_item_advance_tags (PlayerGstItem *self, gint64 heard_us);
/* Where something is missing in what it was advanced to, in µs of the stream; -1: nowhere. Whoever takes
 * it tells of it. */
gint64 player_gst_item_take_gap_us (PlayerGstItem *self);
/* Where the next ones hold, or something is missing, in µs of the stream; -1: none are known. */
gint64 player_gst_item_get_next_tags_us (PlayerGstItem *self);
/* What its tags say of its loudness; steady after READY. */
const PlayerGstGains *player_gst_item_get_gains (PlayerGstItem *self);
/* In ms; -1 if unknown or live. */
gint64 player_gst_item_query_duration (PlayerGstItem *self, gboolean *seekable);

/* How long what has been read but not decoded will last, in ms; -1 if that is unknown. *@full: no more
 * will be read now. Any thread, after READY, while it is open; does not wait. */
gint64 player_gst_item_get_ahead_ms (PlayerGstItem *self, gboolean *full);
/* (nullable): e.g. "HTTP 403"; until it is renewed. */
const char *player_gst_item_get_refusal (PlayerGstItem *self);
/* Whether the stream goes on behind its last frame, for whoever opens it there anew. Any thread; known
 * before the reader comes to its end. */
gboolean player_gst_item_is_cut (PlayerGstItem *self);

/* Whether another item of the load follows at its end: it has been cut, or other entries come behind
 * its own. Any thread; known before the reader comes to its end. */
gboolean player_gst_item_has_more (PlayerGstItem *self);
/* Says so of the entries. */
void player_gst_item_set_last (PlayerGstItem *self, gboolean last);
gboolean player_gst_item_is_drained (PlayerGstItem *self);

/* What was to follow it has failed, and so has it, when its last frame has been heard. */
void player_gst_item_break (PlayerGstItem *self, PlayerErrorType type, const char *message);
/* What has not been read of it cannot be had. The news follows, or comes at once. */
void player_gst_item_fail (PlayerGstItem *self, PlayerErrorType type, const char *message);
/* (nullable): one line; valid as long as the item. Any thread. */
const char *player_gst_item_get_error (PlayerGstItem *self, PlayerErrorType *type);

G_END_DECLS

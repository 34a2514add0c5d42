/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player-gst-chain.h"
#include "player-gst-httpsrc.h"
#include "player-gst-item.h"
#include "player-gst-titles.h"

G_BEGIN_DECLS

/* What the parts of an item share: player-gst-item.c carries calls out; player-gst-item-news.c takes in
 * what the pipeline says, in its threads and in the main context. */
struct _PlayerGstItem
{
  GObject parent_instance;

  guint64 id;
  PlayerGstLoad *load;     /* (owned) */
  PlayerGstReader *reader; /* (owned) */
  PlayerGstItemStart place;
  PlayerGstTrim *trim;      /* (owned) */
  PlayerGstItemHooks hooks; /* context and wake_data owned */

  PlayerGstChain *chain; /* (owned) (nullable) before open */
  gboolean closed;
  GstElement *sink;        /* (unowned) the tray in the chain */
  GSource *watch;          /* (owned) (nullable) */
  GSource *failure;        /* (owned) (nullable): tells of a failure to build the pipeline */
  PlayerGstTitles *titles; /* (owned) (nullable) before open */
  PlayerMetadata *tags;    /* (owned) (nullable): what holds where it is heard */
  gboolean tags_new;       /* nobody has been told */
  gint64 gap_us;           /* where something is missing, nobody has been told; -1: nowhere */
  gboolean ready;
  guint rate; /* 0: no audio has been found yet */
  gboolean drained;
  gboolean buffered;
  char *refusal;        /* (owned) (nullable): not renewed since */
  gboolean renewed;     /* what is read in parts still is to be had from another URL */
  guint bitrate;        /* as the tags say, 0 = unknown */
  PlayerGstGains gains; /* as the tags say before it is ready */
  gint pace;            /* atomic: bytes in a second, 0 = unknown */

  /* From streaming threads: */
  gint cut;              /* atomic: more lies behind the end */
  gint drained_said;     /* atomic */
  gint followed;         /* atomic: another entry comes behind the end */
  gint landing;          /* atomic: the start has not been reached yet */
  PlayerGstError *error; /* (owned) (nullable) atomic, set once: the first one counts */
  char *missing;         /* (owned) (nullable) atomic, set once: what cannot be decoded */
};

/* (nullable): while it is open. */
GstElement *player_gst_item_get_pipeline (PlayerGstItem *self);
/* (nullable): our source, while it is open. */
PlayerGstHttpsrc *player_gst_item_get_httpsrc (PlayerGstItem *self);
void player_gst_item_tell (PlayerGstItem *self, PlayerGstItemNews news);
/* @error: (transfer full). The first one counts. Any thread. */
void player_gst_item_set_error (PlayerGstItem *self, PlayerGstError *error);

/* Streaming threads: */
GstBusSyncReply player_gst_item_on_sync_message (GstBus *bus, GstMessage *message, gpointer data);
/* In the tray lies something again, or nothing more will come. */
void player_gst_item_on_arrival (gpointer data);
void player_gst_item_on_titles (gpointer data);

/* Main context: */
gboolean player_gst_item_on_message (GstBus *bus, GstMessage *message, gpointer data);

G_END_DECLS

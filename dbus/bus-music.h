/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

#include "player/player-types.h"

G_BEGIN_DECLS

/* What the player's items of a music service have as their origin, before the name of the service. */
#define BUS_MUSIC_ORIGIN_PREFIX "music:"

/**
 * BusMusicAction:
 * @BUS_MUSIC_JUMP: plays another item of the queue; argument: its id
 * @BUS_MUSIC_SHUFFLE: "on" or "off"
 * @BUS_MUSIC_LOOP: the whole queue, "on" or "off"
 * @BUS_MUSIC_REPEAT: the current item, "on" or "off"
 * @BUS_MUSIC_FEEDBACK: "positive" or "negative", about the current item
 * @BUS_MUSIC_VIEW: what the service shows of the queue; argument: ""
 * @BUS_MUSIC_REINITIATE: has the service make the queue anew, where it stands; argument: ""
 *
 * What may be done with the queue of a music service, beyond the buttons.
 */
typedef enum
{
  BUS_MUSIC_JUMP,
  BUS_MUSIC_SHUFFLE,
  BUS_MUSIC_LOOP,
  BUS_MUSIC_REPEAT,
  BUS_MUSIC_FEEDBACK,
  BUS_MUSIC_VIEW,
  BUS_MUSIC_REINITIATE,
} BusMusicAction;

/**
 * BusMusic:
 * @service: name of the music service whose queue plays, or is remembered; "" for none: then all
 * that follows is empty, but for @link and @problem
 * @kind: "DEFAULT", "SAMPLE" or "AD"
 * @title: of the current item; "" if unknown, as @album
 * @authors: (nullable): as
 * @art: (nullable): a(suu): URL, width, height; 0 where the service does not say
 * @duration_ms: -1 if live or unknown
 * @rating: "POSITIVE", "NEGATIVE", or "" for none
 * @link: "linked", "relink", "account-problem", "rate-limited" or "unreachable"; "" without a service
 * @problem: a text for the user, "" for none
 * @can_next: what the controls of item and queue allow, as all that begin so
 * @valid_until_us: wall clock, µs since 1970: the last moment at which the stream may be opened with
 * the URL at hand; 0 for none
 * @offset_ms: where Play would go on if nothing of the queue is under way
 *
 * The queue of a music service. Everything is borrowed until the next call; no string is %NULL.
 */
typedef struct
{
  const char *service;
  const char *queue_id;
  const char *content_id;
  const char *item_id;
  const char *kind;
  const char *title;
  const char *album;
  GVariant *authors;
  GVariant *art;
  gint64 duration_ms;
  const char *rating;
  const char *link;
  const char *problem;
  gboolean can_next;
  gboolean can_previous;
  gboolean can_seek;
  gboolean can_shuffle;
  gboolean can_loop;
  gboolean can_repeat;
  gboolean can_rate;
  gboolean shuffle;
  gboolean loop;
  gboolean repeat;
  gboolean live;
  gint64 valid_until_us;
  gint64 offset_ms;
} BusMusic;

/* Nothing: as it is without a music service. */
#define BUS_MUSIC_INIT                                                                             \
  {                                                                                                \
    .service = "", .queue_id = "", .content_id = "", .item_id = "", .kind = "", .title = "",       \
    .album = "", .rating = "", .link = "", .problem = "", .duration_ms = -1                        \
  }

/* Whether @now is about this queue: one of its items plays or was the last, or it is there since a
 * restart, and nothing has played yet. */
gboolean bus_music_is_shown (const BusMusic *self, const PlayerSnapshot *now);

/* (transfer full) (nullable): the URL of the largest image whose sides do not exceed @limit; of those
 * without a size the last, and if all are larger, the smallest. */
char *bus_music_find_art (const BusMusic *self, guint limit);

/* Whether @criteria (a{ss}) may be given to bus_backend_music_play(). @error:
 * %BUS_ERROR_INVALID_ARGUMENT. */
gboolean bus_music_check_criteria (GVariant *criteria, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <json-glib/json-glib.h>

#include "demo-music-queue.h"

G_BEGIN_DECLS

/* All functions give an object, or a node, that the caller owns. */

/* The envelope of an answer around @payload (transfer full). */
JsonObject *demo_music_answer_new (const char *namespace,
                                   const char *name,
                                   const char *version,
                                   JsonObject *payload);
/* An ErrorResponse; @retry_period: (nullable) */
JsonObject *demo_music_answer_refuse (const char *namespace,
                                      const char *type,
                                      const char *message,
                                      const char *retry_period);

/**
 * DemoMusicLook:
 * @art_url: before ".../SIZE.png"
 * @stream: (nullable): {id, uri, …} (transfer none)
 * @rating: (nullable): "POSITIVE" or "NEGATIVE"
 *
 * What an item has besides its track.
 */
typedef struct
{
  const char *art_url;
  JsonObject *stream;
  const char *rating;
} DemoMusicLook;

/* The item at @place. */
JsonObject *
demo_music_answer_item (const DemoMusicQueue *queue, guint place, const DemoMusicLook *look);
/* "TRACK" … with name and, for tracks, author, album and art. */
JsonObject *demo_music_answer_metadata (const char *type, const char *title);
/* SHUFFLE, LOOP, REPEAT and SEEK_POSITION as the queue has them. */
JsonArray *demo_music_answer_queue_controls (const DemoMusicQueue *queue);

G_END_DECLS

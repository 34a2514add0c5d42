/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define DEMO_MUSIC_N_ALBUMS 3
/* The station: one endless item. */
#define DEMO_MUSIC_STATION "radio"

/**
 * DemoMusicTrack:
 * @id: of the item, the same in each queue: "album-1.track-2"
 * @file: name in the folder of media
 * @duration_ms: -1: endless
 */
typedef struct
{
  char *id;     /* (owned) */
  char *title;  /* (owned) */
  char *author; /* (owned) */
  char *album;  /* (owned) */
  char *file;   /* (owned) */
  gint64 duration_ms;
} DemoMusicTrack;

/**
 * DemoMusicCatalogue:
 *
 * Three short albums of the same files in another order each: "album-1" plays them as they are given,
 * "album-2" begins with the second of them, "album-3" with the third; and a station, "radio". Content
 * "album-1:2" is the album from its second track on.
 */
typedef struct _DemoMusicCatalogue DemoMusicCatalogue;

/* @tracks: "FILE" (8 seconds long) or "FILE=MILLISECONDS" */
DemoMusicCatalogue *demo_music_catalogue_new (const char *const *tracks);
void demo_music_catalogue_free (DemoMusicCatalogue *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoMusicCatalogue, demo_music_catalogue_free)

/* (transfer full) (nullable): the content that @words name: an id, or part of the name of an album, a
 * track, an author or the station, without regard to case; "" names the first album. */
char *demo_music_catalogue_find (const DemoMusicCatalogue *self, const char *words);

/* (transfer none) (nullable): the tracks of @content_id (element-type DemoMusicTrack); @first: the one
 * to begin with. */
GPtrArray *demo_music_catalogue_get_tracks (const DemoMusicCatalogue *self,
                                            const char *content_id,
                                            guint *first);
/* What to call it. */
char *demo_music_catalogue_get_title (const DemoMusicCatalogue *self, const char *content_id);

G_END_DECLS

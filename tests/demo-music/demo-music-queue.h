/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "demo-music-catalogue.h"

G_BEGIN_DECLS

/**
 * DemoMusicQueue:
 *
 * The order of one queue and its modes. Where it stands it does not know: whoever asks says so.
 *
 * Places are numbered from 0; with @ads_every, an advertisement stands behind each so many tracks.
 */
typedef struct
{
  char *id;         /* (owned) */
  char *content_id; /* (owned) */
  GPtrArray *order; /* (owned) (element-type DemoMusicTrack) (not owned); NULL stands for an ad */
  GPtrArray *plain; /* (owned) the same, as it was at first */
  guint first;
  gboolean shuffle;
  gboolean loop;
  gboolean repeat;
  guint n_skips; /* that the user has made */
} DemoMusicQueue;

/* @first: index in @tracks of what plays first; what stands before it can be gone back to */
DemoMusicQueue *demo_music_queue_new (
    const char *id, const char *content_id, GPtrArray *tracks, guint first, guint ads_every);
void demo_music_queue_free (DemoMusicQueue *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoMusicQueue, demo_music_queue_free)

/* "ad-2" for the ad at place 2, else the id of the track. (transfer full) */
char *demo_music_queue_get_item_id (const DemoMusicQueue *self, guint place);
/* FALSE if there is none of that id. */
gboolean demo_music_queue_find (const DemoMusicQueue *self, const char *item_id, guint *place);
/* What comes after, or before, @place; FALSE at the end. @user: the user asks: no repetition. */
gboolean
demo_music_queue_go (const DemoMusicQueue *self, guint place, int step, gboolean user, guint *to);
/* Shuffled, all but the first stand in reverse, which tests can foresee. */
void demo_music_queue_set_shuffle (DemoMusicQueue *self, gboolean shuffle);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "demo-music-answer.h"
#include "demo-music-media.h"

G_BEGIN_DECLS

/**
 * DemoMusicOptions:
 * @lifetime_ms: of the URLs; 0: they have no validUntil and never expire
 * @skip_limit: the user may skip so often in each queue; 0: as often as he likes
 * @ads_every: an advertisement after each so many tracks; 0: none
 * @one_queue: whoever starts a queue has to stop the one before
 * @token: (nullable): the only access token that is taken; %NULL: any, and none
 * @expired_token: (nullable): one that was taken before
 */
typedef struct
{
  gint64 lifetime_ms;
  guint skip_limit;
  guint ads_every;
  gboolean one_queue;
  char *token;         /* (owned) (nullable) */
  char *expired_token; /* (owned) (nullable) */
} DemoMusicOptions;

void demo_music_options_clear (DemoMusicOptions *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DemoMusicOptions, demo_music_options_clear)

/**
 * DemoMusicSkill:
 *
 * A music skill, requests in and answers out. It remembers the modes of its queues, not where they
 * stand.
 */
typedef struct _DemoMusicSkill DemoMusicSkill;

/* @media: borrowed; @url: of the server, for pictures; @tracks: see #DemoMusicCatalogue */
DemoMusicSkill *
demo_music_skill_new (DemoMusicMedia *media, const char *url, const char *const *tracks);
void demo_music_skill_free (DemoMusicSkill *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoMusicSkill, demo_music_skill_free)

/* (transfer none): may be changed at any time. */
DemoMusicOptions *demo_music_skill_get_options (DemoMusicSkill *self);

/* The reference that @request is about, in whatever form; (nullable) (transfer full) */
JsonObject *demo_music_skill_get_reference (JsonObject *request);

/* (transfer full): the answer to @request. */
JsonObject *demo_music_skill_answer (DemoMusicSkill *self, JsonObject *request);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * DemoMusicMedia:
 *
 * Files under URLs that are signed and expire: "media/NAME?until=MS&signature=…". A URL that has
 * expired, was expired by hand or is not signed answers 403; a transfer that has begun goes on to its
 * end, as the protocol demands. "live/NAME?…" is the same file again and again, without an end.
 * Ranges are served, and each file has an ETag.
 */
typedef struct _DemoMusicMedia DemoMusicMedia;

/* @url: of the server, with the slash at its end */
DemoMusicMedia *demo_music_media_new (const char *folder, const char *url);
void demo_music_media_free (DemoMusicMedia *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoMusicMedia, demo_music_media_free)

/* @until_us: Unix time; 0: never. (transfer full) */
char *demo_music_media_sign (const DemoMusicMedia *self,
                             const char *file,
                             gboolean live,
                             gint64 until_us);
/* All URLs that were given until now are as if they had expired. */
void demo_music_media_expire_all (DemoMusicMedia *self);
/* What those answer: 403, 401, 410 … */
void demo_music_media_set_refusal (DemoMusicMedia *self, guint status);
/* So many bytes a second for each transfer; 0: as fast as it goes. */
void demo_music_media_set_rate (DemoMusicMedia *self, guint bytes_per_s);
/* The next transfer of a file that begins is cut off after so many bytes of the body; 0: none. */
void demo_music_media_cut_next (DemoMusicMedia *self, guint64 after_bytes);

/* Answers @msg for @path ("/media/…", "/live/…"). Returns: the status */
guint demo_music_media_serve (DemoMusicMedia *self,
                              SoupServerMessage *msg,
                              const char *path,
                              GHashTable *query);

G_END_DECLS

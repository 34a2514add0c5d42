/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "demo-music-catalogue.h"

#include <stdio.h>
#include <string.h>

#define DEFAULT_DURATION_MS 8000

struct _DemoMusicCatalogue
{
  GPtrArray *albums[DEMO_MUSIC_N_ALBUMS]; /* (owned) (element-type DemoMusicTrack) */
  GPtrArray *station;                     /* (owned) (element-type DemoMusicTrack): one */
};

static const char *const album_titles[] = { "Light of Day", "After Rain", "Late Trains" };
static const char *const album_authors[] = { "The Four Corners", "Anna Weir", "Slow Harbour" };

static void
track_free (DemoMusicTrack *track)
{
  g_free (track->id);
  g_free (track->title);
  g_free (track->author);
  g_free (track->album);
  g_free (track->file);
  g_free (track);
}

/* "morning.flac" is called "Morning". */
static char *
make_title (const char *file)
{
  g_auto (GStrv) parts = g_strsplit (file, ".", 2);
  char *title = g_strdup (parts[0] != NULL ? parts[0] : "");
  title[0] = g_ascii_toupper (title[0]);
  return title;
}

static DemoMusicTrack *
track_new (const char *given, guint album, guint number)
{
  g_auto (GStrv) parts = g_strsplit (given, "=", 2);
  gint64 duration_ms = DEFAULT_DURATION_MS;
  if (parts[1] != NULL)
    duration_ms = g_ascii_strtoll (parts[1], NULL, 10);
  DemoMusicTrack *track = g_new0 (DemoMusicTrack, 1);
  track->id = g_strdup_printf ("album-%u.track-%u", album + 1, number + 1);
  track->title = make_title (parts[0]);
  track->author = g_strdup (album_authors[album]);
  track->album = g_strdup (album_titles[album]);
  track->file = g_strdup (parts[0]);
  track->duration_ms = duration_ms;
  return track;
}

DemoMusicCatalogue *
demo_music_catalogue_new (const char *const *tracks)
{
  guint n_tracks = g_strv_length ((char **)tracks);
  g_return_val_if_fail (n_tracks > 0, NULL);
  DemoMusicCatalogue *self = g_new0 (DemoMusicCatalogue, 1);
  for (guint album = 0; album < DEMO_MUSIC_N_ALBUMS; album++)
    {
      self->albums[album] = g_ptr_array_new_with_free_func ((GDestroyNotify)track_free);
      for (guint i = 0; i < n_tracks; i++)
        g_ptr_array_add (self->albums[album], track_new (tracks[(album + i) % n_tracks], album, i));
    }

  DemoMusicTrack *live = track_new (tracks[n_tracks > 1 ? 1 : 0], 0, 0);
  g_free (live->id);
  g_free (live->title);
  g_free (live->album);
  live->id = g_strdup ("live");
  live->title = g_strdup ("Radio Segue");
  live->album = NULL;
  live->duration_ms = -1;
  self->station = g_ptr_array_new_with_free_func ((GDestroyNotify)track_free);
  g_ptr_array_add (self->station, live);
  return self;
}

void
demo_music_catalogue_free (DemoMusicCatalogue *self)
{
  if (self == NULL)
    return;
  for (guint album = 0; album < DEMO_MUSIC_N_ALBUMS; album++)
    g_ptr_array_unref (self->albums[album]);
  g_ptr_array_unref (self->station);
  g_free (self);
}

static gboolean
is_about (const char *name, const char *folded_words)
{
  g_autofree char *folded = g_utf8_casefold (name, -1);
  return strstr (folded, folded_words) != NULL;
}

static char *
find_track (const DemoMusicCatalogue *self, const char *folded_words)
{
  for (guint album = 0; album < DEMO_MUSIC_N_ALBUMS; album++)
    for (guint i = 0; i < self->albums[album]->len; i++)
      {
        const DemoMusicTrack *track = g_ptr_array_index (self->albums[album], i);
        if (is_about (track->title, folded_words))
          return g_strdup_printf ("album-%u:%u", album + 1, i + 1);
      }
  return NULL;
}

char *
demo_music_catalogue_find (const DemoMusicCatalogue *self, const char *words)
{
  guint first = 0;
  if (demo_music_catalogue_get_tracks (self, words, &first) != NULL)
    return g_strdup (words);

  g_autofree char *folded = g_utf8_casefold (words, -1);
  for (guint album = 0; album < DEMO_MUSIC_N_ALBUMS; album++)
    if (is_about (album_titles[album], folded) || is_about (album_authors[album], folded))
      return g_strdup_printf ("album-%u", album + 1);
  const DemoMusicTrack *live = g_ptr_array_index (self->station, 0);
  if (is_about (live->title, folded))
    return g_strdup (DEMO_MUSIC_STATION);
  return find_track (self, folded);
}

GPtrArray *
demo_music_catalogue_get_tracks (const DemoMusicCatalogue *self,
                                 const char *content_id,
                                 guint *first)
{
  guint album = 0;
  guint number = 1;
  char rest = '\0';
  *first = 0;
  if (g_str_equal (content_id, DEMO_MUSIC_STATION))
    return self->station;
  int n_read = sscanf (content_id, "album-%u:%u%c", &album, &number, &rest);
  g_autofree char *whole = g_strdup_printf ("album-%u", album);
  if (n_read == 1 && !g_str_equal (whole, content_id))
    return NULL;
  if ((n_read != 1 && n_read != 2) || album < 1 || album > DEMO_MUSIC_N_ALBUMS || number < 1
      || number > self->albums[album - 1]->len)
    return NULL;
  *first = number - 1;
  return self->albums[album - 1];
}

char *
demo_music_catalogue_get_title (const DemoMusicCatalogue *self, const char *content_id)
{
  guint first = 0;
  GPtrArray *tracks = demo_music_catalogue_get_tracks (self, content_id, &first);
  if (tracks == NULL)
    return g_strdup ("");
  const DemoMusicTrack *track = g_ptr_array_index (tracks, first);
  return g_strdup (strchr (content_id, ':') != NULL || track->album == NULL ? track->title
                                                                            : track->album);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "bus-mpris-track.h"

#define BUS_MPRIS_TRACK_PREFIX "/org/segue/Segue1/Track/"
#define BUS_MPRIS_TRACK_ART_MAX_PX 600
#define BUS_MPRIS_TRACK_US_PER_MS 1000

/* What is known, from wherever. */
typedef struct
{
  const char *title;  /* (nullable) */
  const char *album;  /* (nullable) */
  GVariant *artists;  /* (owned) (nullable): as */
  char *art_url;      /* (owned) (nullable) */
  const char *rating; /* "" for none */
  gint64 duration_ms; /* -1: live or unknown */
} Track;

static void
track_clear (Track *self)
{
  g_clear_pointer (&self->artists, g_variant_unref);
  g_free (self->art_url);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Track, track_clear)

static void
track_take_snapshot (Track *self, const PlayerSnapshot *now)
{
  self->duration_ms = now->duration_ms;
  if (now->metadata == NULL)
    return;
  self->title = now->metadata->title;
  self->album = now->metadata->album;
  if (now->metadata->subtitle != NULL)
    self->artists = g_variant_ref_sink (
        g_variant_new_strv ((const char *const *)&now->metadata->subtitle, 1));
  self->art_url = g_strdup (now->metadata->art_url);
}

static const char *
not_empty (const char *text)
{
  return *text != '\0' ? text : NULL;
}

/* What the service says is more than what fits into an item of the player, and is there before
 * anything has played. */
static void
track_take_music (Track *self, const BusMusic *music)
{
  if (self->title == NULL)
    self->title = not_empty (music->title);
  if (self->album == NULL)
    self->album = not_empty (music->album);
  if (music->authors != NULL && g_variant_n_children (music->authors) > 0)
    {
      g_clear_pointer (&self->artists, g_variant_unref);
      self->artists = g_variant_ref (music->authors);
    }
  char *art_url = bus_music_find_art (music, BUS_MPRIS_TRACK_ART_MAX_PX);
  if (art_url != NULL)
    {
      g_free (self->art_url);
      self->art_url = art_url;
    }
  self->rating = music->rating;
  if (self->duration_ms < 0 && !music->live)
    self->duration_ms = music->duration_ms;
}

static void
add (GVariantBuilder *builder, const char *key, GVariant *value)
{
  g_variant_builder_add (builder, "{sv}", key, value);
}

static void
add_text (GVariantBuilder *builder, const char *key, const char *text)
{
  if (text != NULL)
    add (builder, key, g_variant_new_string (text));
}

/* A skill may name any offset. */
static gint64
from_ms (gint64 ms)
{
  return MIN (ms, G_MAXINT64 / BUS_MPRIS_TRACK_US_PER_MS) * BUS_MPRIS_TRACK_US_PER_MS;
}

char *
bus_mpris_track_make_id (const PlayerSnapshot *now)
{
  return g_strdup_printf (BUS_MPRIS_TRACK_PREFIX "%" G_GUINT64_FORMAT, now->serial);
}

/* Without xesam:url: the URLs of streams are often signed, and everybody may read this. */
GVariant *
bus_mpris_track_build_metadata (const PlayerSnapshot *now, const BusMusic *music)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_auto (Track) track = { .rating = "", .duration_ms = -1 };
  gboolean shown = bus_music_is_shown (music, now);

  if (now->item == NULL && !shown)
    return g_variant_builder_end (&builder);
  if (now->item != NULL)
    track_take_snapshot (&track, now);
  if (shown)
    track_take_music (&track, music);

  g_autofree char *id = bus_mpris_track_make_id (now);
  add (&builder, "mpris:trackid", g_variant_new_object_path (id));
  if (track.duration_ms >= 0)
    add (&builder, "mpris:length", g_variant_new_int64 (from_ms (track.duration_ms)));
  add_text (&builder, "xesam:title", track.title);
  if (track.artists != NULL)
    add (&builder, "xesam:artist", track.artists);
  add_text (&builder, "xesam:album", track.album);
  add_text (&builder, "mpris:artUrl", track.art_url);
  if (*track.rating != '\0')
    add (&builder, "xesam:userRating",
         g_variant_new_double (g_str_equal (track.rating, "POSITIVE") ? 1.0 : 0.0));
  return g_variant_builder_end (&builder);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-music-item.h"

AlexaMusicStream *
alexa_music_stream_ref (AlexaMusicStream *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
alexa_music_stream_unref (AlexaMusicStream *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->id);
  g_free (self->uri);
  g_free (self->valid_until);
  g_free (self);
}

const char *
alexa_music_playback_to_string (AlexaMusicPlayback playback)
{
  switch (playback)
    {
    case ALEXA_MUSIC_PLAYBACK_SAMPLE:
      return "SAMPLE";
    case ALEXA_MUSIC_PLAYBACK_AD:
      return "AD";
    case ALEXA_MUSIC_PLAYBACK_DEFAULT:
    default:
      return "DEFAULT";
    }
}

AlexaMusicMetadata *
alexa_music_metadata_ref (AlexaMusicMetadata *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
alexa_music_metadata_unref (AlexaMusicMetadata *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->type);
  g_free (self->name);
  g_free (self->album);
  g_strfreev (self->authors);
  g_clear_pointer (&self->art, g_ptr_array_unref);
  g_free (self->art_description);
  g_free (self);
}

void
alexa_music_art_get_size (const AlexaMusicArt *self, guint *width, guint *height)
{
  static const struct
  {
    const char *name;
    guint width;
  } sizes[] = {
    { "X_SMALL", 48 }, { "SMALL", 60 }, { "MEDIUM", 110 }, { "LARGE", 256 }, { "X_LARGE", 600 },
  };
  g_return_if_fail (self != NULL && width != NULL && height != NULL);

  *width = self->width;
  *height = self->height;
  for (guint i = 0; (*width == 0 || *height == 0) && i < G_N_ELEMENTS (sizes); i++)
    if (g_strcmp0 (self->size, sizes[i].name) == 0)
      *width = *height = sizes[i].width;
}

static guint64
get_pixels (const AlexaMusicArt *art)
{
  guint width = 0;
  guint height = 0;
  alexa_music_art_get_size (art, &width, &height);
  return (guint64)width * height;
}

const AlexaMusicArt *
alexa_music_metadata_get_largest_art (const AlexaMusicMetadata *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  const AlexaMusicArt *largest = NULL;
  for (guint i = 0; i < self->art->len; i++)
    {
      const AlexaMusicArt *art = g_ptr_array_index (self->art, i);
      if (largest == NULL || get_pixels (art) > get_pixels (largest))
        largest = art;
    }
  return largest;
}

AlexaMusicItem *
alexa_music_item_ref (AlexaMusicItem *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
alexa_music_item_unref (AlexaMusicItem *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->id);
  g_clear_pointer (&self->metadata, alexa_music_metadata_unref);
  g_clear_pointer (&self->stream, alexa_music_stream_unref);
  g_free (self->rating);
  g_free (self);
}

AlexaMusicQueue *
alexa_music_queue_ref (AlexaMusicQueue *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
alexa_music_queue_unref (AlexaMusicQueue *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->id);
  g_strfreev (self->deactivate);
  g_clear_pointer (&self->first, alexa_music_item_unref);
  g_free (self);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-directive-private.h"

#include <string.h>
#include "alexa-member.h"
#include "alexa-music-private.h"

/* So many are read of each list. */
#define MAX_AUTHORS 32
#define MAX_ART 32
#define MAX_PIXELS 1000000
#define MAX_URL_BYTES 8000

static void
art_free (AlexaMusicArt *self)
{
  g_free (self->url);
  g_free (self->size);
  g_free (self);
}

/* A name is text, or `{speech: {text}, display}`, of which `display` is for the eye. (transfer full)
 * (nullable) */
static char *
read_name (const AlexaMusicReader *self, JsonObject *object, const char *path)
{
  JsonNode *node = alexa_member_get (object, "name");
  if (node == NULL)
    return NULL;
  if (alexa_member_is_string (node))
    return json_node_dup_string (node);
  JsonObject *name = alexa_member_get_object (object, "name", path, self->findings);
  if (name == NULL)
    return NULL;
  g_autofree char *name_path = g_strconcat (path, ".name", NULL);
  const char *display = alexa_member_get_string (name, "display", name_path, self->findings);
  if (display != NULL && *display != '\0')
    return g_strdup (display);
  JsonObject *speech = alexa_member_get_object (name, "speech", name_path, self->findings);
  if (speech == NULL)
    return NULL;
  g_autofree char *speech_path = g_strconcat (name_path, ".speech", NULL);
  return g_strdup (alexa_member_get_string (speech, "text", speech_path, self->findings));
}

static GStrv
read_authors (const AlexaMusicReader *self, JsonObject *metadata, const char *path)
{
  g_autoptr (GStrvBuilder) authors = g_strv_builder_new ();
  JsonArray *array = alexa_music_read_array (self, metadata, "authors", path);
  guint n = array != NULL ? json_array_get_length (array) : 0;
  for (guint i = 0; i < MIN (n, MAX_AUTHORS); i++)
    {
      g_autofree char *author_path = g_strdup_printf ("%s.authors[%u]", path, i);
      JsonNode *node = json_array_get_element (array, i);
      g_autofree char *name = NULL;
      if (alexa_member_is_string (node))
        name = json_node_dup_string (node);
      else if (JSON_NODE_HOLDS_OBJECT (node))
        name = read_name (self, json_node_get_object (node), author_path);
      if (name != NULL && *name != '\0')
        g_strv_builder_add (authors, name);
      else
        alexa_lint_add (self->findings, ALEXA_LINT_MUSIC_MEMBER_MISSING, author_path, "name");
    }
  return g_strv_builder_end (authors);
}

static guint
read_pixels (JsonObject *source, const char *name)
{
  JsonNode *node = alexa_member_get (source, name);
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_INT64)
    return 0;
  return (guint)CLAMP (json_node_get_int (node), 0, MAX_PIXELS);
}

/* (transfer full) (nullable): @text as a URL that may be opened */
static char *
read_picture_url (const AlexaMusicReader *self, const char *text)
{
  gboolean escaped = FALSE;
  g_autofree char *url = text != NULL ? alexa_media_url_normalize (text, &escaped) : NULL;
  const char *scheme = url != NULL ? g_uri_peek_scheme (url) : NULL;
  gboolean taken
      = g_strcmp0 (scheme, "https") == 0 || (!self->secure && g_strcmp0 (scheme, "http") == 0);
  taken = taken && strlen (url) <= MAX_URL_BYTES;
  return taken ? g_steal_pointer (&url) : NULL;
}

static void
read_source (const AlexaMusicReader *self, JsonNode *node, const char *path, GPtrArray *art)
{
  JsonObject *source = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  g_autofree char *url = NULL;
  if (source != NULL)
    url = read_picture_url (self, alexa_member_get_string (source, "url", path, self->findings));
  if (url == NULL)
    {
      alexa_lint_add (self->findings, ALEXA_LINT_MUSIC_ART, path, "url");
      return;
    }
  AlexaMusicArt *picture = g_new0 (AlexaMusicArt, 1);
  picture->url = g_steal_pointer (&url);
  picture->size = g_strdup (alexa_member_get_string (source, "size", path, self->findings));
  picture->width = read_pixels (source, "widthPixels");
  picture->height = read_pixels (source, "heightPixels");
  g_ptr_array_add (art, picture);
}

static void
read_art (const AlexaMusicReader *self,
          JsonObject *metadata,
          const char *path,
          AlexaMusicMetadata *result)
{
  JsonObject *art = alexa_member_get_object (metadata, "art", path, self->findings);
  if (art == NULL)
    return;
  g_autofree char *art_path = g_strconcat (path, ".art", NULL);
  result->art_description
      = g_strdup (alexa_member_get_string (art, "contentDescription", art_path, self->findings));
  JsonArray *sources = alexa_music_read_array (self, art, "sources", art_path);
  guint n = sources != NULL ? json_array_get_length (sources) : 0;
  for (guint i = 0; i < MIN (n, MAX_ART); i++)
    {
      g_autofree char *source_path = g_strdup_printf ("%s.sources[%u]", art_path, i);
      read_source (self, json_array_get_element (sources, i), source_path, result->art);
    }
}

AlexaMusicMetadata *
alexa_music_metadata_read (const AlexaMusicReader *self, JsonObject *owner, const char *path)
{
  AlexaMusicMetadata *result = g_new0 (AlexaMusicMetadata, 1);
  g_atomic_ref_count_init (&result->ref_count);
  result->art = g_ptr_array_new_with_free_func ((GDestroyNotify)art_free);
  JsonObject *metadata = alexa_member_get_object (owner, "metadata", path, self->findings);
  if (metadata == NULL)
    {
      if (alexa_member_get (owner, "metadata") == NULL)
        alexa_lint_add (self->findings, ALEXA_LINT_MUSIC_MEMBER_MISSING, path, "metadata");
      result->authors = g_new0 (char *, 1);
      return result;
    }
  g_autofree char *metadata_path = g_strconcat (path, ".metadata", NULL);
  result->type
      = g_strdup (alexa_member_get_string (metadata, "type", metadata_path, self->findings));
  result->name = read_name (self, metadata, metadata_path);
  result->authors = read_authors (self, metadata, metadata_path);
  read_art (self, metadata, metadata_path, result);
  JsonObject *album = alexa_member_get_object (metadata, "album", metadata_path, self->findings);
  if (album == NULL)
    return result;
  g_autofree char *album_path = g_strconcat (metadata_path, ".album", NULL);
  result->album = read_name (self, album, album_path);
  return result;
}

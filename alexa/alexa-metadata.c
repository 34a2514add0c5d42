/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-directive-private.h"
#include "alexa-member.h"

#include <string.h>

/* As of a stream. */
#define MAX_URL_BYTES 8000

/* The sizes an image source may name, with the pixels they stand for. */
static const struct
{
  const char *name;
  gint64 pixels;
} image_sizes[] = {
  { "X_SMALL", 480 * 320 }, { "SMALL", 720 * 480 },     { "MEDIUM", 960 * 640 },
  { "LARGE", 1200 * 800 },  { "X_LARGE", 1920 * 1280 },
};

static gint64
member_pixels (JsonObject *source, const char *name)
{
  JsonNode *node = alexa_member_get (source, name);
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_INT64)
    return 0;
  return CLAMP (json_node_get_int (node), 0, 1000000);
}

/* How large @source says it is; 0 if it does not. */
static gint64
source_pixels (JsonObject *source, const char *path, GPtrArray *findings)
{
  gint64 pixels = member_pixels (source, "widthPixels") * member_pixels (source, "heightPixels");
  if (pixels > 0)
    return pixels;
  const char *size = alexa_member_get_string (source, "size", path, findings);
  for (guint i = 0; i < G_N_ELEMENTS (image_sizes); i++)
    if (g_strcmp0 (size, image_sizes[i].name) == 0)
      return image_sizes[i].pixels;
  return 0;
}

static gboolean
is_image_url (const char *url)
{
  const char *scheme = g_uri_peek_scheme (url);
  return (g_strcmp0 (scheme, "https") == 0 || g_strcmp0 (scheme, "http") == 0)
         && strlen (url) <= MAX_URL_BYTES;
}

/* The URL of the largest source; of equals the first. */
static char *
largest_source (JsonArray *sources, const char *path, GPtrArray *findings)
{
  const char *largest = NULL;
  gint64 largest_pixels = -1;
  for (guint i = 0; i < json_array_get_length (sources); i++)
    {
      g_autofree char *source_path = g_strdup_printf ("%s.sources[%u]", path, i);
      JsonNode *node = json_array_get_element (sources, i);
      if (!JSON_NODE_HOLDS_OBJECT (node))
        {
          alexa_lint_add (findings, ALEXA_LINT_PLAY_METADATA, source_path, NULL);
          continue;
        }
      JsonObject *source = json_node_get_object (node);
      const char *url = alexa_member_get_string (source, "url", source_path, findings);
      if (url == NULL || !is_image_url (url))
        {
          if (url != NULL && *url != '\0')
            alexa_lint_add (findings, ALEXA_LINT_PLAY_METADATA, source_path, "url");
          continue;
        }
      gint64 pixels = source_pixels (source, source_path, findings);
      if (pixels > largest_pixels)
        {
          largest = url;
          largest_pixels = pixels;
        }
    }
  return g_strdup (largest);
}

static char *
parse_image (JsonObject *metadata, const char *name, const char *path, GPtrArray *findings)
{
  JsonObject *image = alexa_member_get_object (metadata, name, path, findings);
  JsonNode *sources = image != NULL ? alexa_member_get (image, "sources") : NULL;
  if (sources == NULL)
    return NULL;
  g_autofree char *image_path = g_strdup_printf ("%s.%s", path, name);
  if (JSON_NODE_HOLDS_ARRAY (sources))
    return largest_source (json_node_get_array (sources), image_path, findings);
  alexa_lint_add (findings, ALEXA_LINT_PLAY_METADATA, image_path, "sources");
  return NULL;
}

PlayerMetadata *
alexa_metadata_parse (JsonObject *audio_item, const char *path, GPtrArray *findings)
{
  JsonObject *metadata = alexa_member_get_object (audio_item, "metadata", path, findings);
  if (metadata == NULL)
    return NULL;
  g_autofree char *metadata_path = g_strconcat (path, ".metadata", NULL);
  const char *title = alexa_member_get_string (metadata, "title", metadata_path, findings);
  const char *subtitle = alexa_member_get_string (metadata, "subtitle", metadata_path, findings);
  g_autofree char *art = parse_image (metadata, "art", metadata_path, findings);
  g_autofree char *background = parse_image (metadata, "backgroundImage", metadata_path, findings);
  if (title == NULL && subtitle == NULL && art == NULL && background == NULL)
    return NULL;
  return player_metadata_new (title, subtitle, NULL, art, background);
}

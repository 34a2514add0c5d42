/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-variants.h"

#include <string.h>

#define VARIANT_TAG "#EXT-X-STREAM-INF:"
#define MEDIA_TAG "#EXT-X-MEDIA:"
/* Beyond that nothing is heard that would be worth it. */
#define ENOUGH_BPS 400000

/* (transfer full) (nullable): of "NAME=value,OTHER="quoted, value"". */
static char *
get_attribute (const char *list, const char *name)
{
  const gsize length = strlen (name);

  while (*list != '\0')
    {
      const gboolean found = strncmp (list, name, length) == 0 && list[length] == '=';
      const char *value = list + strcspn (list, "=,");
      if (*value == '=')
        value++;
      const gboolean quoted = *value == '"';
      if (quoted)
        value++;
      const char *end = value + strcspn (value, quoted ? "\"" : ",");

      if (found)
        return g_strndup (value, (gsize)(end - value));
      list = end + strcspn (end, ",");
      if (*list == ',')
        list++;
      while (*list == ' ')
        list++;
    }
  return NULL;
}

static gboolean
has_pictures (const char *attributes)
{
  static const char *const codecs[]
      = { "avc", "hvc", "hev", "vp0", "vp8", "vp9", "av01", "dvh", "mp4v" };
  g_autofree char *resolution = get_attribute (attributes, "RESOLUTION");
  g_autofree char *said = get_attribute (attributes, "CODECS");

  for (guint i = 0; said != NULL && i < G_N_ELEMENTS (codecs); i++)
    if (strstr (said, codecs[i]) != NULL)
      return TRUE;
  return resolution != NULL;
}

static guint64
get_bandwidth (const char *attributes)
{
  g_autofree char *said = get_attribute (attributes, "BANDWIDTH");

  return said != NULL ? g_ascii_strtoull (said, NULL, 10) : 0;
}

/* Of two that are audio alone. */
static gboolean
sounds_better (guint64 one, guint64 other)
{
  if ((one <= ENOUGH_BPS) != (other <= ENOUGH_BPS))
    return one <= ENOUGH_BPS;
  return one <= ENOUGH_BPS ? one > other : one < other;
}

/* The line behind that of a variant, comments left out; %NULL: there is none. */
static const char *
find_url (const char *const *lines)
{
  for (lines++; *lines != NULL; lines++)
    if (**lines != '\0' && **lines != '#')
      return *lines;
    else if (g_str_has_prefix (*lines, VARIANT_TAG))
      return NULL;
  return NULL;
}

/* The best with or without @pictures but those that are @taken; *@attributes: what is said of it. */
static const char *
choose_variant (const char *const *lines,
                gboolean pictures,
                GPtrArray *taken,
                const char **attributes)
{
  const char *best = NULL;
  guint64 best_bps = 0;

  for (; *lines != NULL; lines++)
    {
      if (!g_str_has_prefix (*lines, VARIANT_TAG))
        continue;
      const char *said = *lines + strlen (VARIANT_TAG);
      const char *url = find_url (lines);
      const guint64 bps = get_bandwidth (said);

      if (url == NULL || has_pictures (said) != pictures || g_ptr_array_find (taken, url, NULL))
        continue;
      if (best != NULL && (pictures ? bps >= best_bps : !sounds_better (bps, best_bps)))
        continue;
      best = url;
      best_bps = bps;
      *attributes = said;
    }
  return best;
}

/* (transfer full) (nullable): playlist of the sound that belongs to the variant of @attributes. */
static char *
choose_sound (const char *const *lines, const char *attributes)
{
  g_autofree char *group = get_attribute (attributes, "AUDIO");
  char *chosen = NULL;

  for (; group != NULL && *lines != NULL; lines++)
    {
      if (!g_str_has_prefix (*lines, MEDIA_TAG))
        continue;
      const char *said = *lines + strlen (MEDIA_TAG);
      g_autofree char *type = get_attribute (said, "TYPE");
      g_autofree char *of = get_attribute (said, "GROUP-ID");
      g_autofree char *preferred = get_attribute (said, "DEFAULT");
      g_autofree char *url = get_attribute (said, "URI");

      if (g_strcmp0 (type, "AUDIO") != 0 || g_strcmp0 (of, group) != 0 || url == NULL)
        continue;
      if (chosen != NULL && g_strcmp0 (preferred, "YES") != 0)
        continue;
      g_free (chosen);
      chosen = g_steal_pointer (&url);
    }
  return chosen;
}

static void
add_once (GPtrArray *urls, char *url)
{
  if (g_ptr_array_find_with_equal_func (urls, url, g_str_equal, NULL))
    g_free (url);
  else
    g_ptr_array_add (urls, url);
}

GStrv
player_gst_variants_choose (const char *const *lines)
{
  g_autoptr (GPtrArray) taken = g_ptr_array_new ();
  g_autoptr (GPtrArray) urls = g_ptr_array_new_with_free_func (g_free);
  const char *attributes = NULL;

  while (urls->len < PLAYER_GST_VARIANTS_MAX)
    {
      const char *url = choose_variant (lines, FALSE, taken, &attributes);

      if (url == NULL)
        url = choose_variant (lines, TRUE, taken, &attributes);
      if (url == NULL)
        break;
      g_ptr_array_add (taken, (char *)url);
      char *sound = choose_sound (lines, attributes);
      add_once (urls, sound != NULL ? sound : g_strdup (url));
    }
  g_ptr_array_add (urls, NULL);
  return (GStrv)g_ptr_array_steal (urls, NULL);
}

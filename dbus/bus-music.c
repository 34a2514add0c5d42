/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "bus-music.h"

#include <string.h>

#include "bus-errors.h"

#define BUS_MUSIC_CRITERIA_MAX 32
#define BUS_MUSIC_VALUE_MAX_BYTES 1024

gboolean
bus_music_is_shown (const BusMusic *self, const PlayerSnapshot *now)
{
  if (*self->service == '\0')
    return FALSE;
  if (now->item == NULL)
    return TRUE;
  return g_str_has_prefix (now->item->origin, BUS_MUSIC_ORIGIN_PREFIX)
         && g_str_equal (now->item->origin + strlen (BUS_MUSIC_ORIGIN_PREFIX), self->service);
}

char *
bus_music_find_art (const BusMusic *self, guint limit)
{
  const char *fits = NULL, *unsized = NULL, *large = NULL;
  const char *url = NULL;
  guint width = 0, height = 0, fits_px = 0, large_px = G_MAXUINT;
  GVariantIter iter;

  if (self->art == NULL)
    return NULL;
  g_variant_iter_init (&iter, self->art);
  while (g_variant_iter_next (&iter, "(&suu)", &url, &width, &height))
    {
      guint px = MAX (width, height);
      if (px == 0)
        unsized = url;
      else if (px <= limit && px > fits_px)
        {
          fits = url;
          fits_px = px;
        }
      else if (px > limit && px < large_px)
        {
          large = url;
          large_px = px;
        }
    }
  return g_strdup (fits != NULL ? fits : unsized != NULL ? unsized : large);
}

/* --- What is looked for ------------------------------------------------------------------------ */

G_GNUC_PRINTF (2, 3)
static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, BUS_ERROR, BUS_ERROR_INVALID_ARGUMENT, message);
  return FALSE;
}

/* Attributes are whatever the service knows; they are told from options by their capitals. */
static gboolean
is_attribute (const char *key)
{
  return g_ascii_isupper (*key)
         && strspn (key, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == strlen (key);
}

static gboolean
check_option (const char *key, const char *value, GError **error)
{
  static const char *const switches[] = { "shuffle", "loop", "repeat", "explicit", NULL };

  if (g_str_equal (key, "content"))
    return TRUE;
  if (!g_strv_contains (switches, key))
    return refuse (error,
                   "there is no “%s”; allowed: attributes in capitals (TRACK, ALBUM …), content, "
                   "shuffle, loop, repeat, explicit",
                   key);
  return g_str_equal (value, "on") || g_str_equal (value, "off")
         || refuse (error, "%s is neither “on” nor “off”", key);
}

gboolean
bus_music_check_criteria (GVariant *criteria, GError **error)
{
  guint n_attributes = 0;
  gboolean content = FALSE;
  const char *key = NULL, *value = NULL;
  GVariantIter iter;

  if (g_variant_n_children (criteria) > BUS_MUSIC_CRITERIA_MAX)
    return refuse (error, "more than %d criteria", BUS_MUSIC_CRITERIA_MAX);
  g_variant_iter_init (&iter, criteria);
  while (g_variant_iter_next (&iter, "{&s&s}", &key, &value))
    {
      if (*value == '\0' || strlen (value) > BUS_MUSIC_VALUE_MAX_BYTES)
        return refuse (error, "“%s” is empty, or longer than %d bytes", key,
                       BUS_MUSIC_VALUE_MAX_BYTES);
      if (is_attribute (key))
        n_attributes++;
      else if (!check_option (key, value, error))
        return FALSE;
      content |= g_str_equal (key, "content");
    }
  if (content && n_attributes > 0)
    return refuse (error, "either a content or what to look for, not both");
  return content || n_attributes > 0 || refuse (error, "there is nothing to look for");
}

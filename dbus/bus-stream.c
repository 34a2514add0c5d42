/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "bus-stream.h"

#include <string.h>

#include "bus-errors.h"
#include "bus-url.h"

/* What the options say. Strings are borrowed of them. */
typedef struct
{
  const char *token;
  const char *title;
  const char *subtitle;
  const char *album;
  const char *art_url;
  const char *behavior;
  gint64 offset_ms;
  gboolean renewable;
  GVariant *headers; /* (owned) (nullable) */
} Options;

static void
options_clear (Options *self)
{
  g_clear_pointer (&self->headers, g_variant_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static const struct
{
  const char *name;
  const char *type;
  gsize at;
} known[] = {
  { "offset-in-milliseconds", "x", G_STRUCT_OFFSET (Options, offset_ms) },
  { "token", "s", G_STRUCT_OFFSET (Options, token) },
  { "title", "s", G_STRUCT_OFFSET (Options, title) },
  { "subtitle", "s", G_STRUCT_OFFSET (Options, subtitle) },
  { "album", "s", G_STRUCT_OFFSET (Options, album) },
  { "art-url", "s", G_STRUCT_OFFSET (Options, art_url) },
  { "behavior", "s", G_STRUCT_OFFSET (Options, behavior) },
  { "renewable", "b", G_STRUCT_OFFSET (Options, renewable) },
  { "headers", "a{ss}", G_STRUCT_OFFSET (Options, headers) },
};

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

static gboolean
read_option (Options *self, const char *name, GVariant *value, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    {
      gpointer member = G_STRUCT_MEMBER_P (self, known[i].at);

      if (!g_str_equal (known[i].name, name))
        continue;
      if (!g_variant_is_of_type (value, G_VARIANT_TYPE (known[i].type)))
        return refuse (error, "option “%s” is of type %s; wanted: %s", name,
                       g_variant_get_type_string (value), known[i].type);
      if (*known[i].type == 'a')
        {
          g_clear_pointer ((GVariant **)member, g_variant_unref);
          *(GVariant **)member = g_variant_ref (value);
        }
      else
        g_variant_get (value, *known[i].type == 's' ? "&s" : known[i].type, member);
      return TRUE;
    }
  return refuse (error, "there is no option “%s”", name);
}

static gboolean
read_options (Options *self, GVariant *options, GError **error)
{
  GVariantIter iter;
  const char *name = NULL;
  GVariant *value = NULL;

  g_variant_iter_init (&iter, options);
  while (g_variant_iter_next (&iter, "{&sv}", &name, &value))
    {
      g_autoptr (GVariant) owned = value;
      if (!read_option (self, name, owned, error))
        return FALSE;
    }
  return self->offset_ms >= 0
         || refuse (error, "offset %" G_GINT64_FORMAT " ms is out of range; allowed: 0 and more",
                    self->offset_ms);
}

static gboolean
read_behavior (const char *name, PlayerPlayBehavior *behavior, GError **error)
{
  static const char *const names[] = {
    [PLAYER_PLAY_ENQUEUE] = "enqueue",
    [PLAYER_PLAY_REPLACE_ALL] = "replace-all",
    [PLAYER_PLAY_REPLACE_ENQUEUED] = "replace-enqueued",
  };

  *behavior = PLAYER_PLAY_REPLACE_ALL;
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i], name))
      {
        *behavior = i;
        return TRUE;
      }
  return name == NULL
         || refuse (error,
                    "there is no behavior “%s”; allowed: enqueue, replace-all, replace-enqueued",
                    name);
}

static gboolean
read_headers (const char *url, GVariant *headers, GStrv *result, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_free);
  GVariantIter iter;
  const char *name = NULL, *value = NULL;

  if (headers == NULL || g_variant_n_children (headers) == 0)
    return TRUE;
  g_autofree char *scheme = g_uri_parse_scheme (url);
  if (g_strcmp0 (scheme, "file") == 0)
    return refuse (error, "headers go with http and https URLs only");
  g_variant_iter_init (&iter, headers);
  while (g_variant_iter_next (&iter, "{&s&s}", &name, &value))
    {
      g_ptr_array_add (list, g_strdup (name));
      g_ptr_array_add (list, g_strdup (value));
    }
  g_ptr_array_add (list, NULL);
  g_autofree char *problem = player_headers_check ((const char *const *)list->pdata);
  if (problem != NULL)
    return refuse (error, "%s", problem);
  *result = (GStrv)g_ptr_array_steal (list, NULL);
  return TRUE;
}

PlayerItem *
bus_stream_parse (const char *url, GVariant *options, PlayerPlayBehavior *behavior, GError **error)
{
  g_auto (Options) said = { 0 };
  g_auto (GStrv) headers = NULL;

  if (!bus_url_check (url, error) || !read_options (&said, options, error)
      || !read_behavior (said.behavior, behavior, error)
      || !read_headers (url, said.headers, &headers, error))
    return NULL;

  g_autofree char *token
      = said.token != NULL && *said.token != '\0' ? g_strdup (said.token) : bus_url_redact (url);
  g_autoptr (PlayerMetadata) metadata
      = player_metadata_new (said.title, said.subtitle, said.album, said.art_url, NULL);
  g_autoptr (PlayerItem) plain = player_item_new (url, token, said.offset_ms, "", metadata);
  return player_item_new_source (plain, url, (const char *const *)headers, said.renewable);
}

PlayerItem *
bus_stream_parse_source (const char *url, GVariant *headers, GError **error)
{
  g_auto (GStrv) list = NULL;

  if (!bus_url_check (url, error) || !read_headers (url, headers, &list, error))
    return NULL;
  g_autoptr (PlayerItem) plain = player_item_new (url, "", 0, "", NULL);
  return player_item_new_source (plain, url, (const char *const *)list, FALSE);
}

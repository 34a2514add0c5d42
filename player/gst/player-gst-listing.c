/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-listing.h"

#include "player-gst-playlist.h"
#include "player-gst-plugins.h"
#include "player-gst-titles.h"

#define CAPS "application/x-segue-playlist"
/* Type finders are asked about less only where there is no more. */
#define TYPE_FIND_MIN_BYTES 2048

struct _PlayerGstListing
{
  GstElement parent_instance;

  GByteArray *data; /* (owned): streaming thread */
};

G_DEFINE_FINAL_TYPE (PlayerGstListing, player_gst_listing, GST_TYPE_ELEMENT)

static GstStaticPadTemplate sink_template
    = GST_STATIC_PAD_TEMPLATE ("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS (CAPS));
/* Never comes: but decodebin plugs nothing in that could not lead on. */
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE (
    "src", GST_PAD_SRC, GST_PAD_SOMETIMES, GST_STATIC_CAPS ("audio/x-raw"));

/* (transfer full) (nullable) */
static char *
listing_find_base (PlayerGstListing *self, GstPad *pad)
{
  g_autoptr (GstQuery) query = gst_query_new_uri ();
  char *url = NULL;

  if (!gst_pad_peer_query (pad, query))
    return NULL;
  gst_query_parse_uri_redirection (query, &url);
  if (url == NULL)
    gst_query_parse_uri (query, &url);
  return url;
}

static void
listing_tell (PlayerGstListing *self, GstPad *pad)
{
  g_autofree char *base = listing_find_base (self, pad);
  g_autoptr (GBytes) data = g_bytes_new (self->data->data, self->data->len);
  GstStructure *told = gst_structure_new (PLAYER_GST_MESSAGE_LISTING, "data", G_TYPE_BYTES, data,
                                          "base", G_TYPE_STRING, base != NULL ? base : "", NULL);

  gst_element_post_message (GST_ELEMENT (self), gst_message_new_element (GST_OBJECT (self), told));
}

static GstFlowReturn
listing_chain (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  PlayerGstListing *self = PLAYER_GST_LISTING (parent);
  g_autoptr (GstBuffer) owned = buffer;
  const gsize size = gst_buffer_get_size (buffer);
  const guint old = self->data->len;

  if (old + size > PLAYER_GST_PLAYLIST_MAX_BYTES)
    {
      GST_ELEMENT_ERROR (self, STREAM, WRONG_TYPE, ("The playlist is too long"), (NULL));
      return GST_FLOW_ERROR;
    }
  g_byte_array_set_size (self->data, old + (guint)size);
  gst_buffer_extract (buffer, 0, self->data->data + old, size);
  return GST_FLOW_OK;
}

static gboolean
listing_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  PlayerGstListing *self = PLAYER_GST_LISTING (parent);

  if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP)
    g_byte_array_set_size (self->data, 0);
  if (GST_EVENT_TYPE (event) == GST_EVENT_EOS)
    listing_tell (self, pad);
  gst_event_unref (event);
  return TRUE;
}

/* --- main context --- */

/* (transfer full): the way to what @entry names, by @base. */
static GStrv
make_trail (PlayerGstLoad *load, guint entry, const char *base)
{
  g_autoptr (GStrvBuilder) trail = g_strv_builder_new ();
  const char *const *old = player_gst_load_get_trail (load, entry);
  const char *url = player_gst_load_get_url (load, entry);

  if (old != NULL)
    g_strv_builder_addv (trail, (const char **)old);
  g_strv_builder_add (trail, url);
  if (g_strcmp0 (url, base) != 0)
    g_strv_builder_add (trail, base);
  return g_strv_builder_end (trail);
}

/* It is the same stream still, and goes by the same name. */
static void
name_variant (PlayerGstLoad *load, guint entry, PlayerGstEntry *variant)
{
  const char *title = player_gst_load_get_title (load, entry);

  g_free (variant->title);
  variant->title = title != NULL ? g_strdup (title)
                                 : player_gst_titles_guess (player_gst_load_get_url (load, entry));
}

gboolean
player_gst_listing_expand (GstMessage *message, PlayerGstLoad *load, guint entry, GError **error)
{
  const GstStructure *told = gst_message_get_structure (message);
  const char *base = gst_structure_get_string (told, "base");
  GBytes *data = g_value_get_boxed (gst_structure_get_value (told, "data"));
  const guint depth = player_gst_load_get_depth (load, entry);
  gsize length;
  const guint8 *bytes = g_bytes_get_data (data, &length);

  if (base == NULL || *base == '\0')
    base = player_gst_load_get_url (load, entry);
  if (depth >= PLAYER_GST_LISTING_MAX_DEPTH)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_LINKS,
                   "More than %d playlists lie in one another", PLAYER_GST_LISTING_MAX_DEPTH);
      return FALSE;
    }
  g_autoptr (GPtrArray) entries = player_gst_playlist_parse (bytes, length, base, error);
  if (entries == NULL)
    return FALSE;
  if (player_gst_playlist_recognise (bytes, length, TRUE) == PLAYER_GST_PLAYLIST_VARIANTS)
    name_variant (load, entry, g_ptr_array_index (entries, 0));
  g_auto (GStrv) trail = make_trail (load, entry, base);
  for (guint i = entries->len; i > 0; i--)
    {
      PlayerGstEntry *one = g_ptr_array_index (entries, i - 1);

      one->trail = g_strdupv (trail);
      one->depth = depth + 1;
      if (g_strv_contains ((const char *const *)trail, one->url))
        g_ptr_array_remove_index (entries, i - 1);
    }
  if (entries->len == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_LINKS,
                           "The playlist leads back to itself");
      return FALSE;
    }
  player_gst_load_expand (load, entry, g_steal_pointer (&entries));
  return TRUE;
}

/* --- type finder --- */

/* (nullable): as much of the begin as there is, up to the size of a playlist. */
static const guint8 *
peek_all (GstTypeFind *find, guint *length)
{
  guint low = 0;
  guint high = PLAYER_GST_PLAYLIST_MAX_BYTES + 1;

  while (high - low > 1)
    {
      const guint middle = (low + high) / 2;

      if (gst_type_find_peek (find, 0, middle) != NULL)
        low = middle;
      else
        high = middle;
    }
  *length = low;
  return low > 0 ? gst_type_find_peek (find, 0, low) : NULL;
}

static void
find_listing (GstTypeFind *find, gpointer data)
{
  const guint8 *begin = gst_type_find_peek (find, 0, 8);
  guint length;

  /* What begins in binary is none: most streams end here. */
  for (guint i = 0; begin != NULL && i < 8; i++)
    if (begin[i] < ' ' && begin[i] != '\r' && begin[i] != '\n' && begin[i] != '\t')
      return;
  begin = begin != NULL ? peek_all (find, &length) : NULL;
  if (begin == NULL)
    return;
  switch (player_gst_playlist_recognise (begin, length, length < TYPE_FIND_MIN_BYTES))
    {
    case PLAYER_GST_PLAYLIST_PLS:
    case PLAYER_GST_PLAYLIST_M3U:
    case PLAYER_GST_PLAYLIST_VARIANTS:
      gst_type_find_suggest_empty_simple (find, GST_TYPE_FIND_MAXIMUM, CAPS);
      break;
    case PLAYER_GST_PLAYLIST_HLS:
      player_gst_plugins_expect_aac ();
      gst_type_find_suggest_empty_simple (find, GST_TYPE_FIND_MAXIMUM, "application/x-hls");
      break;
    case PLAYER_GST_PLAYLIST_NONE:
    default:
      break;
    }
}

/* --- object --- */

static void
player_gst_listing_finalize (GObject *object)
{
  g_byte_array_unref (PLAYER_GST_LISTING (object)->data);
  G_OBJECT_CLASS (player_gst_listing_parent_class)->finalize (object);
}

static void
player_gst_listing_class_init (PlayerGstListingClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = player_gst_listing_finalize;
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Segue playlist reader", "Codec/Demuxer",
                                         "Takes playlists in, and says what they are",
                                         "The Segue authors");
}

static void
player_gst_listing_init (PlayerGstListing *self)
{
  GstPad *pad = gst_pad_new_from_static_template (&sink_template, "sink");

  self->data = g_byte_array_new ();
  gst_pad_set_chain_function (pad, listing_chain);
  gst_pad_set_event_function (pad, listing_event);
  gst_element_add_pad (GST_ELEMENT (self), pad);
}

gboolean
player_gst_listing_register (void)
{
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple (CAPS);

  return gst_element_register (NULL, "seguelisting", GST_RANK_PRIMARY, PLAYER_TYPE_GST_LISTING)
         && gst_type_find_register (NULL, CAPS, GST_RANK_PRIMARY + 1, find_listing, "pls,m3u,m3u8",
                                    caps, NULL, NULL);
}

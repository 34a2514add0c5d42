/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-item-private.h"

#include "player-gst-cutter.h"
#include "player-gst-landing.h"
#include "player-gst-listing.h"
#include "player-gst-missing.h"

#define MESSAGE_LANDED "segue-landed"
#define MESSAGE_DRAINED "segue-drained"
#define MESSAGE_TAGS "segue-tags"

/* --- streaming threads --- */

void
player_gst_item_set_error (PlayerGstItem *self, PlayerGstError *error)
{
  if (!g_atomic_pointer_compare_and_exchange (&self->error, NULL, error))
    player_gst_error_free (error);
}

/* Comes before the error that it leads to, which does not say which plug-in. */
static void
item_note_missing (PlayerGstItem *self, GstMessage *message)
{
  char *missing = player_gst_missing_describe (message);

  if (missing != NULL && !g_atomic_pointer_compare_and_exchange (&self->missing, NULL, missing))
    g_free (missing);
}

/* What player_gst_item_on_message() looks at. The rest, some thirty messages while a stream is opened,
 * does not wake the main thread. */
static gboolean
item_heeds (GstMessage *message)
{
  switch (GST_MESSAGE_TYPE (message))
    {
    case GST_MESSAGE_ERROR:
    case GST_MESSAGE_ASYNC_DONE:
    case GST_MESSAGE_APPLICATION:
    case GST_MESSAGE_ELEMENT:
    case GST_MESSAGE_DURATION_CHANGED:
    case GST_MESSAGE_TAG:
      return TRUE;
    default:
      return FALSE;
    }
}

/* (transfer full) */
static PlayerGstError *
item_explain (PlayerGstItem *self, GstMessage *message)
{
  PlayerGstError *inner = player_gst_chain_explain (self->chain, message);

  if (inner != NULL)
    return inner;
  return player_gst_error_new_from_message (message, g_atomic_pointer_get (&self->missing));
}

/* An error must be known before the end of stream that follows it, or a broken stream would seem to
 * have been played to its end. */
GstBusSyncReply
player_gst_item_on_sync_message (GstBus *bus, GstMessage *message, gpointer data)
{
  PlayerGstItem *self = data;

  player_gst_chain_take_message (self->chain, message);
  if (gst_message_has_name (message, PLAYER_GST_MESSAGE_CUT)
      && GST_MESSAGE_SRC (message) == GST_OBJECT (player_gst_chain_get_source (self->chain)))
    g_atomic_int_set (&self->cut, TRUE);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    {
      player_gst_item_set_error (self, item_explain (self, message));
      player_gst_chain_settle (self->chain);
    }
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ELEMENT)
    item_note_missing (self, message);
  if (gst_message_has_name (message, PLAYER_GST_MESSAGE_LISTING))
    player_gst_chain_settle (self->chain);
  if (item_heeds (message))
    return GST_BUS_PASS;
  gst_message_unref (message);
  return GST_BUS_DROP;
}

static void
item_post (PlayerGstItem *self, const char *name)
{
  gst_element_post_message (
      self->sink,
      gst_message_new_application (GST_OBJECT (self->sink), gst_structure_new_empty (name)));
}

static void
item_landed (PlayerGstItem *self)
{
  g_atomic_int_set (&self->landing, FALSE);
  item_post (self, MESSAGE_LANDED);
}

/* In the tray lies something again, or nothing more will come. */
void
player_gst_item_on_arrival (gpointer data)
{
  PlayerGstItem *self = data;
  const gboolean landing = g_atomic_int_get (&self->landing);

  if (landing && player_gst_trim_is_live (self->trim))
    player_gst_reader_set_start (self->reader, 0);
  if (!landing)
    self->hooks.wake (self->hooks.wake_data);
  else if (player_gst_reader_land (self->reader) || player_gst_reader_is_eos (self->reader))
    item_landed (self);
  if (player_gst_tray_is_eos (PLAYER_GST_TRAY (self->sink))
      && g_atomic_int_compare_and_exchange (&self->drained_said, FALSE, TRUE))
    item_post (self, MESSAGE_DRAINED);
}

/* --- main context --- */

/* In the streaming thread. */
void
player_gst_item_on_titles (gpointer data)
{
  item_post (data, MESSAGE_TAGS);
}

/* Here, where there is time to ask, for whoever must not wait. */
static void
item_learn_pace (PlayerGstItem *self)
{
  PlayerGstHttpsrc *source = player_gst_item_get_httpsrc (self);
  gint64 size, duration_ns;

  if (source == NULL)
    return;
  if (gst_element_query_duration (GST_ELEMENT (source), GST_FORMAT_BYTES, &size) && size > 0
      && gst_element_query_duration (player_gst_item_get_pipeline (self), GST_FORMAT_TIME,
                                     &duration_ns)
      && duration_ns > 0)
    g_atomic_int_set (&self->pace, (gint)MIN (gst_util_uint64_scale ((guint64)size, GST_SECOND,
                                                                     (guint64)duration_ns),
                                              G_MAXINT));
  else if (self->bitrate > 0)
    g_atomic_int_set (&self->pace, (gint)(self->bitrate / 8));
}

static void
item_on_tags (PlayerGstItem *self, GstMessage *message)
{
  g_autoptr (GstTagList) list = NULL;

  gst_message_parse_tag (message, &list);
  if (!gst_tag_list_get_uint (list, GST_TAG_BITRATE, &self->bitrate) && self->bitrate == 0)
    gst_tag_list_get_uint (list, GST_TAG_NOMINAL_BITRATE, &self->bitrate);
  if (self->ready)
    item_learn_pace (self);
  else
    player_gst_gains_take (&self->gains, list);
}

/* What neither the stream nor a playlist calls by a name goes by that of its file. */
static char *
item_guess_title (PlayerGstItem *self)
{
  const char *said = player_gst_load_get_title (self->load, self->place.entry);

  if (said != NULL)
    return g_strdup (said);
  return player_gst_titles_guess (player_gst_load_get_url (self->load, self->place.entry));
}

static void
item_set_tags (PlayerGstItem *self, PlayerMetadata *found)
{
  g_autofree char *title = found == NULL || found->title == NULL ? item_guess_title (self) : NULL;

  self->tags_new = TRUE;
  g_clear_pointer (&self->tags, player_metadata_unref);
  if (title == NULL)
    self->tags = found != NULL ? player_metadata_ref (found) : NULL;
  else
    self->tags = player_metadata_new (title, found != NULL ? found->subtitle : NULL,
                                      found != NULL ? found->album : NULL, NULL, NULL);
}

gboolean
player_gst_item_advance_tags (PlayerGstItem *self, gint64 heard_us)
{
  g_autoptr (PlayerMetadata) found
      = self->titles != NULL ? player_gst_titles_advance (self->titles, heard_us, &self->gap_us)
                             : NULL;

  if (found == NULL)
    return FALSE;
  item_set_tags (self, found);
  return TRUE;
}

gint64
player_gst_item_take_gap_us (PlayerGstItem *self)
{
  const gint64 gap_us = self->gap_us;

  self->gap_us = -1;
  return gap_us;
}

gint64
player_gst_item_get_next_tags_us (PlayerGstItem *self)
{
  return self->titles != NULL ? player_gst_titles_get_next_us (self->titles) : -1;
}

static void
item_on_ready (PlayerGstItem *self)
{
  if (player_gst_trim_is_live (self->trim))
    self->place.offset_us = 0;
  if (!player_gst_item_advance_tags (self, self->place.offset_us))
    item_set_tags (self, NULL);
  self->ready = TRUE;
  item_learn_pace (self);
  self->buffered |= player_gst_chain_is_local (self->chain);
  player_gst_item_tell (self, PLAYER_GST_ITEM_READY);
}

/* What our source has to say. */
static void
item_on_source (PlayerGstItem *self, GstMessage *message)
{
  if (gst_message_has_name (message, PLAYER_GST_MESSAGE_BUFFERED))
    {
      self->buffered = TRUE;
      player_gst_item_tell (self, PLAYER_GST_ITEM_BUFFERED);
    }
  if (gst_message_has_name (message, PLAYER_GST_MESSAGE_REFUSED))
    {
      guint status = 0;

      gst_structure_get_uint (gst_message_get_structure (message), "http-status-code", &status);
      g_free (self->refusal);
      self->refusal = status != 0 ? g_strdup_printf ("HTTP %u", status) : g_strdup ("expired");
      player_gst_item_tell (self, PLAYER_GST_ITEM_REFUSED);
    }
  if (gst_message_has_name (message, PLAYER_GST_MESSAGE_CUT))
    player_gst_item_tell (self, PLAYER_GST_ITEM_CUT);
}

static void
item_on_listing (PlayerGstItem *self, GstMessage *message)
{
  g_autoptr (GError) error = NULL;

  if (player_gst_listing_expand (message, self->load, self->place.entry, &error))
    {
      player_gst_item_tell (self, PLAYER_GST_ITEM_EXPANDED);
      return;
    }
  player_gst_item_set_error (
      self, player_gst_error_new (PLAYER_MEDIA_ERROR_INVALID_REQUEST, error->message));
  player_gst_item_tell (self, PLAYER_GST_ITEM_FAILED);
}

static void
item_on_audio (PlayerGstItem *self, GstMessage *message)
{
  int rate = 0;

  gst_structure_get_int (gst_message_get_structure (message), "rate", &rate);
  self->rate = (guint)MAX (rate, 0);
  player_gst_item_tell (self, PLAYER_GST_ITEM_AUDIO);
}

gboolean
player_gst_item_on_message (GstBus *bus, GstMessage *message, gpointer data)
{
  g_autoptr (PlayerGstItem) self = g_object_ref (PLAYER_GST_ITEM (data));

  switch (GST_MESSAGE_TYPE (message))
    {
    case GST_MESSAGE_ERROR:
      player_gst_item_tell (self, PLAYER_GST_ITEM_FAILED);
      break;
    case GST_MESSAGE_APPLICATION:
      if (gst_message_has_name (message, PLAYER_GST_MESSAGE_AUDIO))
        item_on_audio (self, message);
      if (gst_message_has_name (message, MESSAGE_LANDED))
        item_on_ready (self);
      if (gst_message_has_name (message, MESSAGE_TAGS))
        player_gst_item_tell (self, PLAYER_GST_ITEM_TAGS);
      if (gst_message_has_name (message, MESSAGE_DRAINED))
        {
          self->drained = TRUE;
          if (player_gst_chain_is_adaptive (self->chain)
              && g_atomic_pointer_get (&self->error) == NULL)
            player_gst_item_tell (self, PLAYER_GST_ITEM_BUFFERED);
          player_gst_item_tell (self, PLAYER_GST_ITEM_DRAINED);
        }
      break;
    case GST_MESSAGE_ELEMENT:
      if (GST_MESSAGE_SRC (message) == GST_OBJECT (player_gst_chain_get_source (self->chain)))
        item_on_source (self, message);
      if (gst_message_has_name (message, PLAYER_GST_MESSAGE_LISTING))
        item_on_listing (self, message);
      if (gst_message_has_name (message, PLAYER_GST_MESSAGE_MOVED))
        self->buffered = FALSE;
      if (gst_message_has_name (message, PLAYER_GST_MESSAGE_DECODED))
        player_gst_landing_seek (self->chain, self->trim, message);
      break;
    case GST_MESSAGE_DURATION_CHANGED:
      if (self->ready)
        item_learn_pace (self);
      player_gst_item_tell (self, PLAYER_GST_ITEM_DURATION);
      break;
    case GST_MESSAGE_TAG:
      item_on_tags (self, message);
      break;
    default:
      break;
    }
  return G_SOURCE_CONTINUE;
}

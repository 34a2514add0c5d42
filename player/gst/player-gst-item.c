/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-item.h"

#include <gst/audio/audio.h>

#include "player-gst-chain.h"
#include "player-gst-cutter.h"
#include "player-gst-httpsrc.h"
#include "player-gst-landing.h"
#include "player-gst-listing.h"
#include "player-gst-missing.h"
#include "player-gst-titles.h"

#define MESSAGE_LANDED "segue-landed"
#define MESSAGE_DRAINED "segue-drained"
#define MESSAGE_TAGS "segue-tags"

struct _PlayerGstItem
{
  GObject parent_instance;

  guint64 id;
  PlayerGstLoad *load;     /* (owned) */
  PlayerGstReader *reader; /* (owned) */
  PlayerGstItemStart place;
  PlayerGstTrim *trim;      /* (owned) */
  PlayerGstItemHooks hooks; /* context and wake_data owned */

  PlayerGstChain *chain; /* (owned) (nullable) before open */
  gboolean closed;
  GstElement *sink;        /* (unowned) the tray in the chain */
  GSource *watch;          /* (owned) (nullable) */
  GSource *failure;        /* (owned) (nullable): tells of a failure to build the pipeline */
  PlayerGstTitles *titles; /* (owned) (nullable) before open */
  PlayerMetadata *tags;    /* (owned) (nullable): what holds where it is heard */
  gboolean tags_new;       /* nobody has been told */
  gint64 gap_us;           /* where something is missing, nobody has been told; -1: nowhere */
  gboolean ready;
  guint rate; /* 0: no audio has been found yet */
  gboolean drained;
  gboolean buffered;
  char *refusal;        /* (owned) (nullable): not renewed since */
  gboolean renewed;     /* what is read in parts still is to be had from another URL */
  guint bitrate;        /* as the tags say, 0 = unknown */
  PlayerGstGains gains; /* as the tags say before it is ready */
  gint pace;            /* atomic: bytes in a second, 0 = unknown */

  /* From streaming threads: */
  gint cut;              /* atomic: more lies behind the end */
  gint drained_said;     /* atomic */
  gint followed;         /* atomic: another entry comes behind the end */
  gint landing;          /* atomic: the start has not been reached yet */
  PlayerGstError *error; /* (owned) (nullable) atomic, set once: the first one counts */
  char *missing;         /* (owned) (nullable) atomic, set once: what cannot be decoded */
};

G_DEFINE_FINAL_TYPE (PlayerGstItem, player_gst_item, G_TYPE_OBJECT)

/* (nullable): while it is open. */
static GstElement *
item_get_pipeline (PlayerGstItem *self)
{
  return self->chain != NULL && !self->closed ? player_gst_chain_get_pipeline (self->chain) : NULL;
}

/* (nullable): our source, while it is open. */
static PlayerGstHttpsrc *
item_get_httpsrc (PlayerGstItem *self)
{
  GstElement *source
      = item_get_pipeline (self) != NULL ? player_gst_chain_get_source (self->chain) : NULL;

  return PLAYER_IS_GST_HTTPSRC (source) ? PLAYER_GST_HTTPSRC (source) : NULL;
}

static void
item_tell (PlayerGstItem *self, PlayerGstItemNews news)
{
  if (self->hooks.func != NULL)
    self->hooks.func (self, news, self->hooks.func_data);
}

/* --- streaming threads --- */

static void
item_set_error (PlayerGstItem *self, PlayerGstError *error)
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

/* What item_on_message() looks at. The rest, some thirty messages while a stream is opened, does not
 * wake the main thread. */
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
static GstBusSyncReply
item_on_sync_message (GstBus *bus, GstMessage *message, gpointer data)
{
  PlayerGstItem *self = data;

  player_gst_chain_take_message (self->chain, message);
  if (gst_message_has_name (message, PLAYER_GST_MESSAGE_CUT)
      && GST_MESSAGE_SRC (message) == GST_OBJECT (player_gst_chain_get_source (self->chain)))
    g_atomic_int_set (&self->cut, TRUE);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    {
      item_set_error (self, item_explain (self, message));
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
static void
item_on_arrival (gpointer data)
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
static void
item_on_titles (gpointer data)
{
  item_post (data, MESSAGE_TAGS);
}

/* Here, where there is time to ask, for whoever must not wait. */
static void
item_learn_pace (PlayerGstItem *self)
{
  PlayerGstHttpsrc *source = item_get_httpsrc (self);
  gint64 size, duration_ns;

  if (source == NULL)
    return;
  if (gst_element_query_duration (GST_ELEMENT (source), GST_FORMAT_BYTES, &size) && size > 0
      && gst_element_query_duration (item_get_pipeline (self), GST_FORMAT_TIME, &duration_ns)
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
  item_tell (self, PLAYER_GST_ITEM_READY);
}

/* What our source has to say. */
static void
item_on_source (PlayerGstItem *self, GstMessage *message)
{
  if (gst_message_has_name (message, PLAYER_GST_MESSAGE_BUFFERED))
    {
      self->buffered = TRUE;
      item_tell (self, PLAYER_GST_ITEM_BUFFERED);
    }
  if (gst_message_has_name (message, PLAYER_GST_MESSAGE_REFUSED))
    {
      guint status = 0;

      gst_structure_get_uint (gst_message_get_structure (message), "http-status-code", &status);
      g_free (self->refusal);
      self->refusal = status != 0 ? g_strdup_printf ("HTTP %u", status) : g_strdup ("expired");
      item_tell (self, PLAYER_GST_ITEM_REFUSED);
    }
  if (gst_message_has_name (message, PLAYER_GST_MESSAGE_CUT))
    item_tell (self, PLAYER_GST_ITEM_CUT);
}

static void
item_on_listing (PlayerGstItem *self, GstMessage *message)
{
  g_autoptr (GError) error = NULL;

  if (player_gst_listing_expand (message, self->load, self->place.entry, &error))
    {
      item_tell (self, PLAYER_GST_ITEM_EXPANDED);
      return;
    }
  item_set_error (self, player_gst_error_new (PLAYER_MEDIA_ERROR_INVALID_REQUEST, error->message));
  item_tell (self, PLAYER_GST_ITEM_FAILED);
}

static void
item_on_audio (PlayerGstItem *self, GstMessage *message)
{
  int rate = 0;

  gst_structure_get_int (gst_message_get_structure (message), "rate", &rate);
  self->rate = (guint)MAX (rate, 0);
  item_tell (self, PLAYER_GST_ITEM_AUDIO);
}

static gboolean
item_on_message (GstBus *bus, GstMessage *message, gpointer data)
{
  g_autoptr (PlayerGstItem) self = g_object_ref (PLAYER_GST_ITEM (data));

  switch (GST_MESSAGE_TYPE (message))
    {
    case GST_MESSAGE_ERROR:
      item_tell (self, PLAYER_GST_ITEM_FAILED);
      break;
    case GST_MESSAGE_APPLICATION:
      if (gst_message_has_name (message, PLAYER_GST_MESSAGE_AUDIO))
        item_on_audio (self, message);
      if (gst_message_has_name (message, MESSAGE_LANDED))
        item_on_ready (self);
      if (gst_message_has_name (message, MESSAGE_TAGS))
        item_tell (self, PLAYER_GST_ITEM_TAGS);
      if (gst_message_has_name (message, MESSAGE_DRAINED))
        {
          self->drained = TRUE;
          if (player_gst_chain_is_adaptive (self->chain)
              && g_atomic_pointer_get (&self->error) == NULL)
            item_tell (self, PLAYER_GST_ITEM_BUFFERED);
          item_tell (self, PLAYER_GST_ITEM_DRAINED);
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
      item_tell (self, PLAYER_GST_ITEM_DURATION);
      break;
    case GST_MESSAGE_TAG:
      item_on_tags (self, message);
      break;
    default:
      break;
    }
  return G_SOURCE_CONTINUE;
}

/* FALSE: the error is set. */
static gboolean
item_build (PlayerGstItem *self, guint rate)
{
  PlayerGstError *error = NULL;

  self->sink = player_gst_tray_new (rate, item_on_arrival, g_object_ref (self), g_object_unref);
  g_autoptr (PlayerItem) item = player_gst_load_dup_item (self->load, self->place.entry);
  self->chain = player_gst_chain_new (item, self->hooks.web, self->trim, self->sink, &error);
  if (self->chain == NULL)
    {
      item_set_error (self, error);
      return FALSE;
    }
  return TRUE;
}

static gboolean
item_on_failure (gpointer data)
{
  g_autoptr (PlayerGstItem) self = g_object_ref (PLAYER_GST_ITEM (data));

  g_clear_pointer (&self->failure, g_source_unref);
  item_tell (self, PLAYER_GST_ITEM_FAILED);
  return G_SOURCE_REMOVE;
}

void
player_gst_item_open (PlayerGstItem *self, guint rate)
{
  g_return_if_fail (self->chain == NULL && self->failure == NULL);

  if (!item_build (self, rate))
    {
      self->failure = g_idle_source_new ();
      g_source_set_priority (self->failure, G_PRIORITY_DEFAULT);
      g_source_set_callback (self->failure, item_on_failure, self, NULL);
      g_source_attach (self->failure, self->hooks.context);
      return;
    }
  g_autoptr (GstPad) pad = gst_element_get_static_pad (self->sink, "sink");
  self->titles = player_gst_titles_new (pad, item_on_titles, self);
  self->reader = player_gst_reader_new (PLAYER_GST_TRAY (self->sink), self->place.offset_us);
  g_autoptr (GstBus) bus = gst_element_get_bus (item_get_pipeline (self));
  gst_bus_set_sync_handler (bus, item_on_sync_message, g_object_ref (self), g_object_unref);
  self->watch = gst_bus_create_watch (bus);
  g_source_set_callback (self->watch, G_SOURCE_FUNC (item_on_message), self, NULL);
  g_source_attach (self->watch, self->hooks.context);
  gst_element_set_state (item_get_pipeline (self), GST_STATE_PLAYING);
}

gboolean
player_gst_item_is_open (PlayerGstItem *self)
{
  return self->chain != NULL || self->failure != NULL;
}

static void
item_clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

void
player_gst_item_close (PlayerGstItem *self, PlayerGstWorkers *workers)
{
  self->hooks.func = NULL;
  item_clear_source (&self->watch);
  item_clear_source (&self->failure);
  if (self->chain != NULL && !self->closed)
    player_gst_chain_close (self->chain, workers);
  self->closed = TRUE;
}

void
player_gst_item_renew (PlayerGstItem *self)
{
  g_autoptr (PlayerItem) item = player_gst_load_dup_item (self->load, self->place.entry);
  PlayerGstHttpsrc *source = item_get_httpsrc (self);

  g_clear_pointer (&self->refusal, g_free);
  self->renewed = player_gst_item_is_adaptive (self);
  if (source != NULL && !self->renewed)
    player_gst_httpsrc_renew (source, item->url, (const char *const *)item->headers,
                              item->valid_until_us);
}

gboolean
player_gst_item_is_adaptive (PlayerGstItem *self)
{
  return self->chain != NULL && player_gst_chain_is_adaptive (self->chain);
}

gboolean
player_gst_item_is_renewed (PlayerGstItem *self)
{
  return self->renewed;
}

void
player_gst_item_cut (PlayerGstItem *self)
{
  g_return_if_fail (self->ready);

  if (self->drained || self->closed)
    return;
  g_clear_pointer (&self->refusal, g_free);
  self->renewed = FALSE;
  g_atomic_int_set (&self->cut, TRUE);
  player_gst_tray_finish (PLAYER_GST_TRAY (self->sink));
}

gint64
player_gst_item_get_ahead_ms (PlayerGstItem *self, gboolean *full)
{
  PlayerGstHttpsrc *source = item_get_httpsrc (self);
  const gint pace = g_atomic_int_get (&self->pace);
  guint64 bytes;

  *full = self->chain != NULL && player_gst_chain_is_local (self->chain);
  if (source == NULL || !player_gst_httpsrc_get_ahead (source, &bytes, full) || pace == 0)
    return -1;
  return (gint64)gst_util_uint64_scale (bytes, 1000, (guint64)pace);
}

const PlayerGstGains *
player_gst_item_get_gains (PlayerGstItem *self)
{
  return &self->gains;
}

const char *
player_gst_item_get_refusal (PlayerGstItem *self)
{
  return self->refusal;
}

gboolean
player_gst_item_is_cut (PlayerGstItem *self)
{
  return g_atomic_int_get (&self->cut);
}

gboolean
player_gst_item_has_more (PlayerGstItem *self)
{
  return g_atomic_int_get (&self->cut) || g_atomic_int_get (&self->followed);
}

void
player_gst_item_set_last (PlayerGstItem *self, gboolean last)
{
  g_atomic_int_set (&self->followed, !last);
}

gboolean
player_gst_item_is_drained (PlayerGstItem *self)
{
  return self->drained;
}

void
player_gst_item_break (PlayerGstItem *self, PlayerErrorType type, const char *message)
{
  item_set_error (self, player_gst_error_new (type, message));
}

void
player_gst_item_fail (PlayerGstItem *self, PlayerErrorType type, const char *message)
{
  PlayerGstHttpsrc *source = item_get_httpsrc (self);

  if (source != NULL && !player_gst_item_is_adaptive (self))
    {
      player_gst_httpsrc_fail (source, type, message);
      return;
    }
  player_gst_item_break (self, type, message);
  item_tell (self, PLAYER_GST_ITEM_FAILED);
}

gint64
player_gst_item_query_duration (PlayerGstItem *self, gboolean *seekable)
{
  *seekable = FALSE;
  if (item_get_pipeline (self) == NULL)
    return -1;
  return player_gst_landing_query_duration (self->chain, self->trim, seekable);
}

const char *
player_gst_item_get_error (PlayerGstItem *self, PlayerErrorType *type)
{
  PlayerGstError *error = g_atomic_pointer_get (&self->error);

  if (error == NULL)
    return NULL;
  if (type != NULL)
    *type = error->type;
  return error->message;
}

guint64
player_gst_item_get_id (PlayerGstItem *self)
{
  return self->id;
}

PlayerGstLoad *
player_gst_item_get_load (PlayerGstItem *self)
{
  return self->load;
}

const PlayerGstItemStart *
player_gst_item_get_start (PlayerGstItem *self)
{
  return &self->place;
}

void
player_gst_item_set_base (PlayerGstItem *self, gint64 base_us)
{
  self->place.base_us = base_us;
}

gint64
player_gst_item_to_load_us (PlayerGstItem *self, gint64 frame_us)
{
  return self->place.base_us + frame_us;
}

PlayerGstReader *
player_gst_item_get_reader (PlayerGstItem *self)
{
  return self->reader;
}

guint
player_gst_item_get_rate (PlayerGstItem *self)
{
  return self->rate;
}

gboolean
player_gst_item_is_ready (PlayerGstItem *self)
{
  return self->ready;
}

gboolean
player_gst_item_is_buffered (PlayerGstItem *self)
{
  /* Of a stream in parts our source has only read what names them; whether it is one shows when it is
   * ready. */
  return self->ready && (player_gst_item_is_adaptive (self) ? self->drained : self->buffered);
}

gboolean
player_gst_item_has_new_tags (PlayerGstItem *self)
{
  return self->tags_new;
}

PlayerMetadata *
player_gst_item_take_tags (PlayerGstItem *self)
{
  self->tags_new = FALSE;
  return self->tags;
}

PlayerGstItem *
player_gst_item_new (PlayerGstLoad *load,
                     guint64 id,
                     const PlayerGstItemStart *start,
                     const PlayerGstItemHooks *hooks)
{
  PlayerGstItem *self = g_object_new (PLAYER_TYPE_GST_ITEM, NULL);

  self->load = player_gst_load_ref (load);
  self->id = id;
  if (start != NULL)
    self->place = *start;
  self->trim = player_gst_trim_new (self->place.offset_us, G_USEC_PER_SEC);
  self->hooks = *hooks;
  g_main_context_ref (self->hooks.context);
  g_object_ref (self->hooks.wake_data);
  if (self->hooks.web != NULL)
    player_gst_web_ref (self->hooks.web);
  return self;
}

static void
player_gst_item_finalize (GObject *object)
{
  PlayerGstItem *self = PLAYER_GST_ITEM (object);

  g_warn_if_fail (self->chain == NULL || self->closed);
  g_clear_object (&self->chain);
  g_clear_pointer (&self->reader, player_gst_reader_free);
  g_clear_pointer (&self->error, player_gst_error_free);
  g_clear_pointer (&self->trim, player_gst_trim_unref);
  g_free (self->refusal);
  g_free (self->missing);
  g_clear_pointer (&self->titles, player_gst_titles_unref);
  g_clear_pointer (&self->tags, player_metadata_unref);
  g_clear_pointer (&self->load, player_gst_load_unref);
  g_clear_object (&self->hooks.wake_data);
  g_clear_pointer (&self->hooks.web, player_gst_web_unref);
  g_clear_pointer (&self->hooks.context, g_main_context_unref);
  G_OBJECT_CLASS (player_gst_item_parent_class)->finalize (object);
}

static void
player_gst_item_class_init (PlayerGstItemClass *class)
{
  G_OBJECT_CLASS (class)->finalize = player_gst_item_finalize;
}

static void
player_gst_item_init (PlayerGstItem *self)
{
  self->landing = TRUE;
  self->gap_us = -1;
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-item-private.h"

#include "player-gst-landing.h"

G_DEFINE_FINAL_TYPE (PlayerGstItem, player_gst_item, G_TYPE_OBJECT)

GstElement *
player_gst_item_get_pipeline (PlayerGstItem *self)
{
  return self->chain != NULL && !self->closed ? player_gst_chain_get_pipeline (self->chain) : NULL;
}

PlayerGstHttpsrc *
player_gst_item_get_httpsrc (PlayerGstItem *self)
{
  GstElement *source = player_gst_item_get_pipeline (self) != NULL
                           ? player_gst_chain_get_source (self->chain)
                           : NULL;

  return PLAYER_IS_GST_HTTPSRC (source) ? PLAYER_GST_HTTPSRC (source) : NULL;
}

void
player_gst_item_tell (PlayerGstItem *self, PlayerGstItemNews news)
{
  if (self->hooks.func != NULL)
    self->hooks.func (self, news, self->hooks.func_data);
}

/* FALSE: the error is set. */
static gboolean
item_build (PlayerGstItem *self, guint rate)
{
  PlayerGstError *error = NULL;

  self->sink
      = player_gst_tray_new (rate, player_gst_item_on_arrival, g_object_ref (self), g_object_unref);
  g_autoptr (PlayerItem) item = player_gst_load_dup_item (self->load, self->place.entry);
  self->chain = player_gst_chain_new (item, self->hooks.web, self->trim, self->sink, &error);
  if (self->chain == NULL)
    {
      player_gst_item_set_error (self, error);
      return FALSE;
    }
  return TRUE;
}

static gboolean
item_on_failure (gpointer data)
{
  g_autoptr (PlayerGstItem) self = g_object_ref (PLAYER_GST_ITEM (data));

  g_clear_pointer (&self->failure, g_source_unref);
  player_gst_item_tell (self, PLAYER_GST_ITEM_FAILED);
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
  self->titles = player_gst_titles_new (pad, player_gst_item_on_titles, self);
  self->reader = player_gst_reader_new (PLAYER_GST_TRAY (self->sink), self->place.offset_us);
  g_autoptr (GstBus) bus = gst_element_get_bus (player_gst_item_get_pipeline (self));
  gst_bus_set_sync_handler (bus, player_gst_item_on_sync_message, g_object_ref (self),
                            g_object_unref);
  self->watch = gst_bus_create_watch (bus);
  g_source_set_callback (self->watch, G_SOURCE_FUNC (player_gst_item_on_message), self, NULL);
  g_source_attach (self->watch, self->hooks.context);
  gst_element_set_state (player_gst_item_get_pipeline (self), GST_STATE_PLAYING);
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
  PlayerGstHttpsrc *source = player_gst_item_get_httpsrc (self);

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
  PlayerGstHttpsrc *source = player_gst_item_get_httpsrc (self);
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
  player_gst_item_set_error (self, player_gst_error_new (type, message));
}

void
player_gst_item_fail (PlayerGstItem *self, PlayerErrorType type, const char *message)
{
  PlayerGstHttpsrc *source = player_gst_item_get_httpsrc (self);

  if (source != NULL && !player_gst_item_is_adaptive (self))
    {
      player_gst_httpsrc_fail (source, type, message);
      return;
    }
  player_gst_item_break (self, type, message);
  player_gst_item_tell (self, PLAYER_GST_ITEM_FAILED);
}

gint64
player_gst_item_query_duration (PlayerGstItem *self, gboolean *seekable)
{
  *seekable = FALSE;
  if (player_gst_item_get_pipeline (self) == NULL)
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

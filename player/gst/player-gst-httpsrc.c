/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-httpsrc.h"

#include "player-gst-fetch.h"
#include "player-gst-http-settings.h"
#include "player-gst-icy.h"
#include "player-gst-site.h"

#define BLOCK_BYTES 16384

struct _PlayerGstHttpsrc
{
  GstBaseSrc parent_instance;

  /* Under the object lock, these two. */
  PlayerGstHttpSettings settings;
  PlayerGstWeb *web; /* (owned) (nullable) */

  PlayerGstSite *site;   /* (owned) (nullable): of the stream that this is a part of */
  PlayerGstFetch *fetch; /* (owned) (nullable) from start() to stop() */

  /* streaming thread */
  gint64 told_size_bytes; /* last duration announced, -1 = none */
  gboolean told_buffered;
  gboolean told_begin; /* to the site */
};

static void player_gst_httpsrc_uri_handler_init (gpointer iface, gpointer iface_data);

G_DEFINE_FINAL_TYPE_WITH_CODE (PlayerGstHttpsrc,
                               player_gst_httpsrc,
                               GST_TYPE_BASE_SRC,
                               G_IMPLEMENT_INTERFACE (GST_TYPE_URI_HANDLER,
                                                      player_gst_httpsrc_uri_handler_init))

static GstStaticPadTemplate src_template
    = GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);

/* -- life -- */

static void
on_refused (gpointer owner, guint status)
{
  PlayerGstHttpsrc *self = PLAYER_GST_HTTPSRC (owner);

  if (self->site != NULL)
    {
      player_gst_site_note_refusal (self->site, status);
      return;
    }
  GstStructure *structure = gst_structure_new (PLAYER_GST_MESSAGE_REFUSED, "http-status-code",
                                               G_TYPE_UINT, status, NULL);
  gst_element_post_message (owner, gst_message_new_element (owner, structure));
}

static void
player_gst_httpsrc_set_context (GstElement *element, GstContext *context)
{
  PlayerGstHttpsrc *self = PLAYER_GST_HTTPSRC (element);
  PlayerGstSite *site = player_gst_site_from_context (context);

  if (site != NULL)
    {
      GST_OBJECT_LOCK (self);
      g_clear_pointer (&self->site, player_gst_site_unref);
      self->site = site;
      GST_OBJECT_UNLOCK (self);
    }
  GST_ELEMENT_CLASS (player_gst_httpsrc_parent_class)->set_context (element, context);
}

/* Whoever has made a source for a part of a stream knows neither headers nor CA: the pipeline does, and
 * answers at once if it is ours. */
static void
ask_for_site (PlayerGstHttpsrc *self)
{
  GST_OBJECT_LOCK (self);
  gboolean known = self->web != NULL || self->settings.ca_file != NULL || self->site != NULL;
  GST_OBJECT_UNLOCK (self);
  if (!known)
    gst_element_post_message (GST_ELEMENT (self), gst_message_new_need_context (
                                                      GST_OBJECT (self), PLAYER_GST_SITE_CONTEXT));

  GST_OBJECT_LOCK (self);
  if (self->site != NULL)
    {
      PlayerGstWeb *web = player_gst_site_get_web (self->site);
      const char *url = self->settings.location != NULL ? self->settings.location : "";
      g_strfreev (self->settings.headers);
      self->settings.headers = g_strdupv ((GStrv)player_gst_site_get_headers (self->site, url));
      self->settings.renewable = player_gst_site_is_renewable (self->site);
      self->settings.reach = player_gst_site_get_reach (self->site);
      if (self->web == NULL && web != NULL)
        self->web = player_gst_web_ref (web);
    }
  GST_OBJECT_UNLOCK (self);
}

static gboolean
player_gst_httpsrc_start (GstBaseSrc *base)
{
  PlayerGstHttpsrc *self = PLAYER_GST_HTTPSRC (base);

  ask_for_site (self);
  GST_OBJECT_LOCK (self);
  PlayerGstFetchOptions options = {
    .address = player_gst_address_new (
        self->settings.location, (const char *const *)self->settings.headers,
        self->settings.renewable, self->settings.valid_until_us, self->settings.reach),
    .web = self->web != NULL && self->settings.ca_file == NULL
               ? player_gst_web_ref (self->web)
               : player_gst_web_new (self->settings.ca_file),
    .ring_bytes = self->settings.ring_bytes,
    .stall_ms = self->settings.stall_ms,
    .give_up_ms = self->settings.give_up_ms,
    .headers_ms = self->settings.headers_ms,
    .renewal_ms = self->settings.renewal_ms,
    .refused = on_refused,
    .owner = G_OBJECT (self),
  };
  self->fetch = player_gst_fetch_new (&options);
  GST_OBJECT_UNLOCK (self);

  self->told_size_bytes = -1;
  self->told_buffered = FALSE;
  self->told_begin = FALSE;
  return TRUE;
}

static gboolean
player_gst_httpsrc_stop (GstBaseSrc *base)
{
  PlayerGstHttpsrc *self = PLAYER_GST_HTTPSRC (base);

  GST_OBJECT_LOCK (self);
  PlayerGstFetch *fetch = g_steal_pointer (&self->fetch);
  GST_OBJECT_UNLOCK (self);
  g_clear_pointer (&fetch, player_gst_fetch_release);
  return TRUE;
}

/* basesrc calls these between start() and stop() only, never beside them. */
static gboolean
player_gst_httpsrc_unlock (GstBaseSrc *base)
{
  PlayerGstHttpsrc *self = PLAYER_GST_HTTPSRC (base);
  if (self->fetch != NULL)
    player_gst_fetch_set_flushing (self->fetch, TRUE);
  return TRUE;
}

static gboolean
player_gst_httpsrc_unlock_stop (GstBaseSrc *base)
{
  PlayerGstHttpsrc *self = PLAYER_GST_HTTPSRC (base);
  if (self->fetch != NULL)
    player_gst_fetch_set_flushing (self->fetch, FALSE);
  return TRUE;
}

void
player_gst_httpsrc_set_web (PlayerGstHttpsrc *self, PlayerGstWeb *web)
{
  GST_OBJECT_LOCK (self);
  g_clear_pointer (&self->web, player_gst_web_unref);
  self->web = web != NULL ? player_gst_web_ref (web) : NULL;
  GST_OBJECT_UNLOCK (self);
}

void
player_gst_httpsrc_abandon (PlayerGstHttpsrc *self)
{
  GST_OBJECT_LOCK (self);
  if (self->fetch != NULL)
    player_gst_fetch_abandon (self->fetch);
  GST_OBJECT_UNLOCK (self);
}

void
player_gst_httpsrc_renew (PlayerGstHttpsrc *self,
                          const char *url,
                          const char *const *headers,
                          gint64 valid_until_us)
{
  GST_OBJECT_LOCK (self);
  g_free (self->settings.location);
  self->settings.location = g_strdup (url);
  g_strfreev (self->settings.headers);
  self->settings.headers = g_strdupv ((GStrv)headers);
  self->settings.valid_until_us = valid_until_us;
  if (self->fetch != NULL)
    player_gst_fetch_renew (self->fetch,
                            player_gst_address_new (url, headers, self->settings.renewable,
                                                    valid_until_us, self->settings.reach));
  GST_OBJECT_UNLOCK (self);
}

void
player_gst_httpsrc_fail (PlayerGstHttpsrc *self, PlayerErrorType type, const char *message)
{
  GST_OBJECT_LOCK (self);
  if (self->fetch != NULL)
    player_gst_fetch_give_up (self->fetch,
                              player_gst_fault_new (PLAYER_GST_FAULT_FINAL, type, "%s", message));
  GST_OBJECT_UNLOCK (self);
}

/* -- what is known; asked from any thread -- */

gboolean
player_gst_httpsrc_get_ahead (PlayerGstHttpsrc *self, guint64 *bytes, gboolean *full)
{
  *bytes = 0;
  *full = FALSE;
  GST_OBJECT_LOCK (self);
  gboolean reading = self->fetch != NULL;
  if (reading)
    *bytes = player_gst_fetch_get_ahead (self->fetch, full);
  GST_OBJECT_UNLOCK (self);
  return reading;
}

static void
get_info (PlayerGstHttpsrc *self, PlayerGstFetchInfo *info)
{
  *info = (PlayerGstFetchInfo){ .size_bytes = -1, .seekable = TRUE };
  GST_OBJECT_LOCK (self);
  if (self->fetch != NULL)
    player_gst_fetch_get_info (self->fetch, info);
  GST_OBJECT_UNLOCK (self);
}

static gboolean
player_gst_httpsrc_get_size (GstBaseSrc *base, guint64 *size)
{
  g_auto (PlayerGstFetchInfo) info = { 0 };
  get_info (PLAYER_GST_HTTPSRC (base), &info);
  if (info.size_bytes < 0)
    return FALSE;
  *size = info.size_bytes;
  return TRUE;
}

static gboolean
player_gst_httpsrc_is_seekable (GstBaseSrc *base)
{
  g_auto (PlayerGstFetchInfo) info = { 0 };
  get_info (PLAYER_GST_HTTPSRC (base), &info);
  return info.seekable;
}

static void
answer_uri (PlayerGstHttpsrc *self, GstQuery *query)
{
  g_auto (PlayerGstFetchInfo) info = { 0 };
  get_info (self, &info);

  GST_OBJECT_LOCK (self);
  gst_query_set_uri (query, self->settings.location);
  GST_OBJECT_UNLOCK (self);
  if (info.url != NULL)
    gst_query_set_uri_redirection (query, info.url);
}

static gboolean
player_gst_httpsrc_query (GstBaseSrc *base, GstQuery *query)
{
  g_auto (PlayerGstFetchInfo) info = { 0 };
  GstFormat format = GST_FORMAT_UNDEFINED;

  switch (GST_QUERY_TYPE (query))
    {
    case GST_QUERY_URI:
      answer_uri (PLAYER_GST_HTTPSRC (base), query);
      return TRUE;
    case GST_QUERY_SCHEDULING:
      gst_query_set_scheduling (
          query, GST_SCHEDULING_FLAG_SEQUENTIAL | GST_SCHEDULING_FLAG_BANDWIDTH_LIMITED, 1, -1, 0);
      gst_query_add_scheduling_mode (query, GST_PAD_MODE_PUSH);
      return TRUE;
    case GST_QUERY_SEEKING:
      gst_query_parse_seeking (query, &format, NULL, NULL, NULL);
      if (format != GST_FORMAT_BYTES)
        return FALSE;
      get_info (PLAYER_GST_HTTPSRC (base), &info);
      gst_query_set_seeking (query, GST_FORMAT_BYTES, info.seekable, 0, info.size_bytes);
      return TRUE;
    default:
      return GST_BASE_SRC_CLASS (player_gst_httpsrc_parent_class)->query (base, query);
    }
}

/* -- data -- */

static gboolean
player_gst_httpsrc_do_seek (GstBaseSrc *base, GstSegment *segment)
{
  PlayerGstHttpsrc *self = PLAYER_GST_HTTPSRC (base);
  if (segment->format != GST_FORMAT_BYTES || segment->rate < 0.0 || self->fetch == NULL)
    return FALSE;
  player_gst_fetch_seek (self->fetch, segment->start);
  self->told_buffered = FALSE;
  return TRUE;
}

static void
tell_news (PlayerGstHttpsrc *self)
{
  GstBaseSrc *base = GST_BASE_SRC (self);
  g_auto (PlayerGstFetchInfo) info = { 0 };
  player_gst_fetch_get_info (self->fetch, &info);

  if (info.size_bytes != self->told_size_bytes)
    {
      self->told_size_bytes = info.size_bytes;
      GST_OBJECT_LOCK (self);
      base->segment.duration = info.size_bytes;
      GST_OBJECT_UNLOCK (self);
      gst_element_post_message (GST_ELEMENT (self),
                                gst_message_new_duration_changed (GST_OBJECT (self)));
    }
  if (info.complete && !self->told_buffered)
    {
      self->told_buffered = TRUE;
      gst_element_post_message (
          GST_ELEMENT (self),
          gst_message_new_element (GST_OBJECT (self),
                                   gst_structure_new_empty (PLAYER_GST_MESSAGE_BUFFERED)));
    }
}

static GstResourceError
resource_error (guint http_status)
{
  switch (http_status)
    {
    case 401:
    case 402:
    case 403:
    case 407:
      return GST_RESOURCE_ERROR_NOT_AUTHORIZED;
    case 404:
    case 410:
      return GST_RESOURCE_ERROR_NOT_FOUND;
    default:
      return GST_RESOURCE_ERROR_READ;
    }
}

/* hlsdemux reads playlists and keys by sources that lie in no bin. */
static gboolean
is_part (PlayerGstHttpsrc *self)
{
  g_autoptr (GstObject) parent = gst_object_get_parent (GST_OBJECT (self));
  return parent != NULL;
}

static void
post_fault (PlayerGstHttpsrc *self, const PlayerGstFault *fault)
{
  GstStructure *details
      = gst_structure_new ("details", "player-error-type", G_TYPE_INT, (int)fault->type,
                           "http-status-code", G_TYPE_UINT, fault->http_status, NULL);
  if (self->site != NULL)
    player_gst_site_note_fault (self->site, is_part (self), fault);
  gst_element_message_full_with_details (GST_ELEMENT (self), GST_MESSAGE_ERROR, GST_RESOURCE_ERROR,
                                         resource_error (fault->http_status),
                                         g_strdup (fault->message), NULL, __FILE__, G_STRFUNC,
                                         __LINE__, details);
}

/* In the streaming thread nobody changes the location. */
static void
tell_begin (PlayerGstHttpsrc *self)
{
  if (!self->told_begin && self->site != NULL && is_part (self))
    player_gst_site_note_begin (self->site, self->settings.location);
  self->told_begin = TRUE;
}

/* Without a byte, as if the part were empty. */
static gboolean
passes_over (PlayerGstHttpsrc *self, const PlayerGstFault *fault)
{
  return !self->told_begin && self->site != NULL && is_part (self)
         && player_gst_site_pass_over (self->site, self->settings.location, fault);
}

/* Before the buffer at hand. A title says all there is to say: an artist is not kept. */
static void
send_title (PlayerGstHttpsrc *self)
{
  g_autofree char *text = player_gst_fetch_take_title (self->fetch);
  g_autofree char *artist = NULL;
  g_autofree char *title = NULL;

  if (text == NULL)
    return;
  player_gst_icy_split (text, &artist, &title);
  GstTagList *tags = gst_tag_list_new_empty ();
  if (*title != '\0')
    gst_tag_list_add (tags, GST_TAG_MERGE_REPLACE, GST_TAG_TITLE, title, NULL);
  if (artist != NULL)
    gst_tag_list_add (tags, GST_TAG_MERGE_REPLACE, GST_TAG_ARTIST, artist, NULL);
  gst_element_send_event (GST_ELEMENT (self), gst_event_new_tag (tags));
}

static GstFlowReturn
player_gst_httpsrc_create (GstBaseSrc *base, guint64 offset, guint length, GstBuffer **buffer)
{
  PlayerGstHttpsrc *self = PLAYER_GST_HTTPSRC (base);
  const PlayerGstFault *fault = NULL;

  PlayerGstPull pull = player_gst_fetch_pull (self->fetch, length, buffer, &fault);
  tell_news (self);
  switch (pull)
    {
    case PLAYER_GST_PULL_DATA:
      GST_BUFFER_OFFSET (*buffer) = offset;
      GST_BUFFER_OFFSET_END (*buffer) = offset + gst_buffer_get_size (*buffer);
      tell_begin (self);
      send_title (self);
      return GST_FLOW_OK;
    case PLAYER_GST_PULL_FLUSHING:
      return GST_FLOW_FLUSHING;
    case PLAYER_GST_PULL_CUT:
      gst_element_post_message (
          GST_ELEMENT (self),
          gst_message_new_element (GST_OBJECT (self),
                                   gst_structure_new_empty (PLAYER_GST_MESSAGE_CUT)));
      return GST_FLOW_EOS;
    case PLAYER_GST_PULL_FAULT:
      if (passes_over (self, fault))
        return GST_FLOW_EOS;
      post_fault (self, fault);
      return GST_FLOW_ERROR;
    case PLAYER_GST_PULL_END:
    default:
      if (self->site != NULL)
        player_gst_site_note_success (self->site, is_part (self));
      return GST_FLOW_EOS;
    }
}

/* -- URI handler -- */

static GstURIType
uri_get_type (GType type)
{
  return GST_URI_SRC;
}

static const char *const *
uri_get_protocols (GType type)
{
  return player_gst_http_settings_get_schemes ();
}

static char *
uri_get_uri (GstURIHandler *handler)
{
  PlayerGstHttpsrc *self = PLAYER_GST_HTTPSRC (handler);
  GST_OBJECT_LOCK (self);
  char *uri = g_strdup (self->settings.location);
  GST_OBJECT_UNLOCK (self);
  return uri;
}

static gboolean
uri_set_uri (GstURIHandler *handler, const char *uri, GError **error)
{
  PlayerGstHttpsrc *self = PLAYER_GST_HTTPSRC (handler);
  GST_OBJECT_LOCK (self);
  gboolean settable = self->fetch == NULL;
  if (settable)
    {
      g_free (self->settings.location);
      self->settings.location = g_strdup (uri);
    }
  GST_OBJECT_UNLOCK (self);
  if (!settable)
    g_set_error_literal (error, GST_URI_ERROR, GST_URI_ERROR_BAD_STATE,
                         "the URL cannot change while it is read");
  return settable;
}

static void
player_gst_httpsrc_uri_handler_init (gpointer iface, gpointer iface_data)
{
  GstURIHandlerInterface *handler = iface;
  handler->get_type = uri_get_type;
  handler->get_protocols = uri_get_protocols;
  handler->get_uri = uri_get_uri;
  handler->set_uri = uri_set_uri;
}

/* -- object -- */

static void
player_gst_httpsrc_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PlayerGstHttpsrc *self = PLAYER_GST_HTTPSRC (object);

  GST_OBJECT_LOCK (self);
  if (!player_gst_http_settings_set (&self->settings, id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  GST_OBJECT_UNLOCK (self);
}

static void
player_gst_httpsrc_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PlayerGstHttpsrc *self = PLAYER_GST_HTTPSRC (object);

  GST_OBJECT_LOCK (self);
  if (!player_gst_http_settings_get (&self->settings, id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  GST_OBJECT_UNLOCK (self);
}

static void
player_gst_httpsrc_finalize (GObject *object)
{
  PlayerGstHttpsrc *self = PLAYER_GST_HTTPSRC (object);
  g_clear_pointer (&self->fetch, player_gst_fetch_release);
  g_clear_pointer (&self->site, player_gst_site_unref);
  player_gst_http_settings_clear (&self->settings);
  g_clear_pointer (&self->web, player_gst_web_unref);
  G_OBJECT_CLASS (player_gst_httpsrc_parent_class)->finalize (object);
}

static void
player_gst_httpsrc_class_init (PlayerGstHttpsrcClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseSrcClass *base_class = GST_BASE_SRC_CLASS (klass);

  element_class->set_context = player_gst_httpsrc_set_context;
  object_class->set_property = player_gst_httpsrc_set_property;
  object_class->get_property = player_gst_httpsrc_get_property;
  object_class->finalize = player_gst_httpsrc_finalize;
  player_gst_http_settings_install (object_class);

  base_class->start = player_gst_httpsrc_start;
  base_class->stop = player_gst_httpsrc_stop;
  base_class->unlock = player_gst_httpsrc_unlock;
  base_class->unlock_stop = player_gst_httpsrc_unlock_stop;
  base_class->get_size = player_gst_httpsrc_get_size;
  base_class->is_seekable = player_gst_httpsrc_is_seekable;
  base_class->query = player_gst_httpsrc_query;
  base_class->do_seek = player_gst_httpsrc_do_seek;
  base_class->create = player_gst_httpsrc_create;

  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "Segue HTTP source", "Source/Network",
                                         "Reads http and https URLs, and resumes what breaks off",
                                         "The Segue authors");
}

static void
player_gst_httpsrc_init (PlayerGstHttpsrc *self)
{
  gst_base_src_set_format (GST_BASE_SRC (self), GST_FORMAT_BYTES);
  gst_base_src_set_blocksize (GST_BASE_SRC (self), BLOCK_BYTES);
  gst_base_src_set_automatic_eos (GST_BASE_SRC (self), FALSE);
}

gboolean
player_gst_httpsrc_register (void)
{
  return gst_element_register (NULL, PLAYER_GST_HTTPSRC_NAME, GST_RANK_PRIMARY + 200,
                               PLAYER_TYPE_GST_HTTPSRC);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-chain.h"

#include <gst/audio/audio.h>
#include <string.h>

#include "player-gst-cutter.h"
#include "player-gst-httpsrc.h"
#include "player-gst-plugins.h"
#include "player-gst-reader.h"
#include "player-gst-site.h"
#include "player-gst-titles.h"

/* How long a pipeline that is to go may take to finish what it has begun to build. */
#define SETTLE_US (2 * G_USEC_PER_SEC)
/* A longer one names hours of parts of a second: it has no end. */
#define MAX_PLAYLIST_BYTES (8 << 20)
/* What is read of a file at a time. */
#define FILE_BLOCK_BYTES 16384

struct _PlayerGstChain
{
  GObject parent_instance;

  GstElement *pipeline;  /* (owned) (nullable) after close */
  GstElement *source;    /* (unowned) first element of the pipeline */
  GstElement *converter; /* (unowned) first element behind decodebin */
  PlayerGstGate *gate;   /* (owned): between the two */
  PlayerGstSite *site;   /* (owned) */
  gboolean local;
  gint adaptive;       /* atomic */
  gsize listed_bytes;  /* streaming thread: of the playlist so far */
  GstElement *demuxer; /* (unowned) (nullable) atomic: what reads in parts */

  GMutex lock;
  GCond changed;
  gboolean settled; /* under the lock: nothing more is added to the pipeline */
};

G_DEFINE_FINAL_TYPE (PlayerGstChain, player_gst_chain, G_TYPE_OBJECT)

/* --- streaming threads --- */

void
player_gst_chain_settle (PlayerGstChain *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->settled = TRUE;
  g_cond_broadcast (&self->changed);
}

/* Audio has been found, which the output can be made ready for while it is decoded. */
static void
chain_tell_audio (PlayerGstChain *self, GstPad *pad)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  GstAudioInfo info;

  if (caps == NULL || !gst_audio_info_from_caps (&info, caps))
    return;
  GstStructure *structure = gst_structure_new (PLAYER_GST_MESSAGE_AUDIO, "rate", G_TYPE_INT,
                                               GST_AUDIO_INFO_RATE (&info), NULL);
  gst_element_post_message (self->converter,
                            gst_message_new_application (GST_OBJECT (self->converter), structure));
}

/* Whether it is one whose parts come from servers, and which says of a failure less than they do. */
static gboolean
is_adaptive (GstObject *object)
{
  if (!GST_IS_ELEMENT (object))
    return FALSE;
  const char *klass = gst_element_get_metadata (GST_ELEMENT (object), GST_ELEMENT_METADATA_KLASS);
  return klass != NULL && strstr (klass, "Adaptive") != NULL;
}

/* What follows a part that has been passed over is marked by an event, which stays before it. */
static GstPadProbeReturn
chain_on_part (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  PlayerGstChain *self = data;

  if (player_gst_site_take_gap (self->site))
    gst_pad_push_event (pad, gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM,
                                                   gst_structure_new_empty (PLAYER_GST_EVENT_GAP)));
  return GST_PAD_PROBE_OK;
}

static void
chain_on_part_pad (GstElement *demuxer, GstPad *pad, gpointer data)
{
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, chain_on_part, data, NULL);
}

/* It would be kept until it is whole, and then read; of one that is too long no end is told. */
static GstPadProbeReturn
chain_on_playlist (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  PlayerGstChain *self = data;

  if ((GST_PAD_PROBE_INFO_TYPE (info) & GST_PAD_PROBE_TYPE_BUFFER) == 0)
    return self->listed_bytes > MAX_PLAYLIST_BYTES ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
  self->listed_bytes += gst_buffer_get_size (GST_PAD_PROBE_INFO_BUFFER (info));
  if (self->listed_bytes <= MAX_PLAYLIST_BYTES)
    return GST_PAD_PROBE_OK;
  GST_ELEMENT_ERROR (self->converter, STREAM, WRONG_TYPE, ("The playlist is too long"), (NULL));
  GST_PAD_PROBE_INFO_FLOW_RETURN (info) = GST_FLOW_ERROR;
  gst_buffer_unref (GST_PAD_PROBE_INFO_BUFFER (info));
  return GST_PAD_PROBE_HANDLED;
}

static void
chain_on_element (GstBin *decoder, GstElement *element, gpointer data)
{
  PlayerGstChain *self = data;

  if (!is_adaptive (GST_OBJECT (element)))
    return;
  g_atomic_int_set (&self->adaptive, TRUE);
  g_atomic_pointer_set (&self->demuxer, element);
  g_signal_connect_object (element, "pad-added", G_CALLBACK (chain_on_part_pad), self, 0);
  g_autoptr (GstPad) sink = gst_element_get_static_pad (element, "sink");
  gst_pad_add_probe (sink, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
                     chain_on_playlist, self, NULL);
}

gboolean
player_gst_chain_is_adaptive (PlayerGstChain *self)
{
  return g_atomic_int_get (&self->adaptive);
}

gboolean
player_gst_chain_take_message (PlayerGstChain *self, GstMessage *message)
{
  const char *type;

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_NEED_CONTEXT
      || !gst_message_parse_context_type (message, &type)
      || g_strcmp0 (type, PLAYER_GST_SITE_CONTEXT) != 0)
    return FALSE;
  g_autoptr (GstContext) context = player_gst_site_make_context (self->site);
  gst_element_set_context (GST_ELEMENT (GST_MESSAGE_SRC (message)), context);
  return TRUE;
}

PlayerGstError *
player_gst_chain_explain (PlayerGstChain *self, GstMessage *error)
{
  return is_adaptive (GST_MESSAGE_SRC (error)) ? player_gst_site_dup_fault (self->site) : NULL;
}

/* hlsdemux makes an end of some failures, as if the stream had come to its own. */
static GstPadProbeReturn
chain_on_event (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  PlayerGstChain *self = data;

  if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) != GST_EVENT_EOS
      || !player_gst_chain_is_adaptive (self))
    return GST_PAD_PROBE_OK;
  g_autoptr (PlayerGstError) fault = player_gst_site_dup_fault (self->site);
  if (fault != NULL)
    gst_element_message_full_with_details (
        self->converter, GST_MESSAGE_ERROR, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ,
        g_strdup (fault->message), NULL, __FILE__, G_STRFUNC, __LINE__,
        gst_structure_new ("details", "player-error-type", G_TYPE_INT, (int)fault->type, NULL));
  return GST_PAD_PROBE_OK;
}

/* Before the converter sees them: it asks the tray what to make of them. */
static GstPadProbeReturn
chain_on_caps (GstPad *pad, GstPadProbeInfo *info, gpointer tray)
{
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
  GstCaps *caps;

  if (GST_EVENT_TYPE (event) != GST_EVENT_CAPS)
    return GST_PAD_PROBE_OK;
  gst_event_parse_caps (event, &caps);
  player_gst_tray_expect (tray, caps);
  return GST_PAD_PROBE_OK;
}

static void
chain_on_pad (GstElement *decoder, GstPad *pad, gpointer data)
{
  PlayerGstChain *self = data;
  g_autoptr (GstPad) target = gst_element_get_static_pad (self->converter, "sink");

  if (gst_pad_is_linked (target))
    return;
  chain_tell_audio (self, pad);
  gst_pad_link (pad, target);
}

static void
chain_on_no_more_pads (GstElement *decoder, gpointer data)
{
  PlayerGstChain *self = data;
  g_autoptr (GstPad) target = gst_element_get_static_pad (self->converter, "sink");

  if (!gst_pad_is_linked (target))
    GST_ELEMENT_ERROR (decoder, STREAM, WRONG_TYPE, ("There is no audio in this stream"), (NULL));
  player_gst_chain_settle (self);
}

/* What has been left out at start is looked for before the stream is given up. */
static gboolean
chain_on_autoplug (GstElement *decoder, GstPad *pad, GstCaps *caps, gpointer data)
{
  player_gst_plugins_find_decoder (caps);
  return TRUE;
}

/* One of the parts is refused: as if our source had said so. */
static void
chain_on_refused (guint status, gpointer data)
{
  PlayerGstChain *self = data;
  GstStructure *told = gst_structure_new (PLAYER_GST_MESSAGE_REFUSED, "http-status-code",
                                          G_TYPE_UINT, status, NULL);

  gst_element_post_message (self->source,
                            gst_message_new_element (GST_OBJECT (self->source), told));
}

/* Only while the demuxer reads. */
static gboolean
chain_is_live (gpointer data)
{
  PlayerGstChain *self = data;
  GstElement *demuxer = g_atomic_pointer_get (&self->demuxer);
  gint64 length = -1;

  return demuxer != NULL
         && (!gst_element_query_duration (demuxer, GST_FORMAT_TIME, &length) || length < 0);
}

/* --- building --- */

/* (nullable): not by its URL, for all URLs are those of our own source. */
static GstElement *
chain_make_file_source (PlayerItem *item, PlayerGstError **fault)
{
  g_autoptr (GError) error = NULL;
  GstElement *source;

  if ((item->reach & PLAYER_REACH_FILES) == 0)
    {
      *fault = player_gst_error_new (PLAYER_MEDIA_ERROR_INVALID_REQUEST,
                                     "A file, which may not be opened for this stream");
      return NULL;
    }
  source = gst_element_factory_make ("filesrc", NULL);
  if (source == NULL)
    return NULL;
  if (!gst_uri_handler_set_uri (GST_URI_HANDLER (source), item->url, &error))
    {
      *fault = player_gst_error_new (PLAYER_MEDIA_ERROR_INVALID_REQUEST, error->message);
      gst_object_unref (gst_object_ref_sink (source));
      return NULL;
    }
  g_object_set (source, "blocksize", FILE_BLOCK_BYTES, NULL);
  return source;
}

static GstElement *
chain_make_http_source (PlayerItem *item, PlayerGstWeb *web)
{
  GstElement *source = gst_element_factory_make (PLAYER_GST_HTTPSRC_NAME, NULL);

  g_object_set (source, "location", item->url, "headers", item->headers, "renewable",
                item->renewable, "valid-until-us", item->valid_until_us, "reach", item->reach,
                NULL);
  player_gst_httpsrc_set_web (PLAYER_GST_HTTPSRC (source), web);
  return source;
}

static GstElement *
chain_make_source (PlayerGstChain *self,
                   PlayerItem *item,
                   PlayerGstWeb *web,
                   PlayerGstError **fault)
{
  const gboolean http
      = gst_uri_has_protocol (item->url, "http") || gst_uri_has_protocol (item->url, "https");

  self->local = gst_uri_has_protocol (item->url, "file");
  if (!http && !self->local)
    {
      *fault = player_gst_error_new (PLAYER_MEDIA_ERROR_INVALID_REQUEST,
                                     "Neither an http, https nor file URL");
      return NULL;
    }
  /* TLS is loaded here, where it is needed first, and not beside others in the fetch thread.
   * gst_uri_has_protocol() takes http for https. */
  if (g_ascii_strncasecmp (item->url, "https:", strlen ("https:")) == 0)
    g_tls_backend_get_default ();
  return self->local ? chain_make_file_source (item, fault) : chain_make_http_source (item, web);
}

/* FALSE: one is missing. */
static gboolean
chain_add (PlayerGstChain *self, GstElement **elements, guint n_elements)
{
  gboolean all = TRUE;

  self->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  for (guint i = 0; i < n_elements; i++)
    if (elements[i] != NULL)
      gst_bin_add (GST_BIN (self->pipeline), elements[i]);
    else
      all = FALSE;
  return all;
}

static gboolean
chain_build (PlayerGstChain *self,
             PlayerItem *item,
             PlayerGstWeb *web,
             PlayerGstTrim *trim,
             GstElement *sink,
             PlayerGstError **error)
{
  GstElement *source = chain_make_source (self, item, web, error);
  GstElement *cutter = player_gst_cutter_new (trim);
  GstElement *decoder = gst_element_factory_make ("decodebin", NULL);
  GstElement *converter = gst_element_factory_make ("audioconvert", NULL);
  GstElement *elements[] = { source, cutter, decoder, converter, sink };

  if (!chain_add (self, elements, G_N_ELEMENTS (elements)))
    {
      if (*error == NULL)
        *error = player_gst_error_new (PLAYER_MEDIA_ERROR_INTERNAL_DEVICE_ERROR,
                                       "A GStreamer plug-in is missing");
      return FALSE;
    }
  g_autoptr (GstCaps) raw = gst_caps_new_empty_simple ("audio/x-raw");
  g_object_set (decoder, "caps", raw, "expose-all-streams", FALSE, NULL);
  gst_util_set_object_arg (G_OBJECT (converter), "dithering", "none");
  gst_util_set_object_arg (G_OBJECT (converter), "noise-shaping", "none");
  self->source = source;
  self->converter = converter;
  g_signal_connect_object (decoder, "autoplug-continue", G_CALLBACK (chain_on_autoplug), self, 0);
  g_signal_connect_object (decoder, "element-added", G_CALLBACK (chain_on_element), self, 0);
  g_signal_connect_object (decoder, "pad-added", G_CALLBACK (chain_on_pad), self, 0);
  g_signal_connect_object (decoder, "no-more-pads", G_CALLBACK (chain_on_no_more_pads), self, 0);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (converter, "sink");
  self->gate = player_gst_gate_new (pad, trim);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, chain_on_event, self, NULL);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, chain_on_caps, sink, NULL);
  gst_element_link_many (source, cutter, decoder, NULL);
  gst_element_link (converter, sink);
  return TRUE;
}

PlayerGstChain *
player_gst_chain_new (PlayerItem *item,
                      PlayerGstWeb *web,
                      PlayerGstTrim *trim,
                      GstElement *sink,
                      PlayerGstError **error)
{
  g_autoptr (PlayerGstChain) self = g_object_new (PLAYER_TYPE_GST_CHAIN, NULL);

  *error = NULL;
  self->site = player_gst_site_new (item, web);
  if (!chain_build (self, item, web, trim, sink, error))
    return NULL;
  player_gst_site_set_hooks (self->site,
                             &(PlayerGstSiteHooks){ chain_on_refused, chain_is_live, self });
  self->settled = FALSE;
  return g_steal_pointer (&self);
}

GstElement *
player_gst_chain_get_pipeline (PlayerGstChain *self)
{
  return self->pipeline;
}

GstElement *
player_gst_chain_get_source (PlayerGstChain *self)
{
  return self->source;
}

PlayerGstGate *
player_gst_chain_get_gate (PlayerGstChain *self)
{
  return self->gate;
}

gboolean
player_gst_chain_is_local (PlayerGstChain *self)
{
  return self->local;
}

/* --- tearing down --- */

static void
chain_wait_settled (PlayerGstChain *self)
{
  const gint64 deadline_us = g_get_monotonic_time () + SETTLE_US;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  while (!self->settled)
    if (!g_cond_wait_until (&self->changed, &self->lock, deadline_us))
      {
        g_debug ("%s: torn down while it is being built", GST_OBJECT_NAME (self->pipeline));
        return;
      }
}

/* In a worker. While decodebin plugs elements together it cannot be stopped cleanly: it fails to
 * start the one at hand and shuts it down from within a streaming thread that it would have to
 * join, and links change under the state change. So it is let finish; the source ends at once. */
static void
chain_bury (gpointer data)
{
  g_autoptr (PlayerGstChain) self = data;
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);

  chain_wait_settled (self);
  gst_bus_set_flushing (bus, TRUE);
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_clear_object (&self->pipeline);
}

void
player_gst_chain_close (PlayerGstChain *self, PlayerGstWorkers *workers)
{
  player_gst_site_set_hooks (self->site, NULL);
  if (PLAYER_IS_GST_HTTPSRC (self->source))
    player_gst_httpsrc_abandon (PLAYER_GST_HTTPSRC (self->source));
  player_gst_workers_run (workers, "segue-reaper", chain_bury, NULL, g_object_ref (self));
}

/* --- life --- */

static void
player_gst_chain_finalize (GObject *object)
{
  PlayerGstChain *self = PLAYER_GST_CHAIN (object);

  g_clear_pointer (&self->gate, player_gst_gate_unref);
  gst_clear_object (&self->pipeline);
  g_clear_pointer (&self->site, player_gst_site_unref);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  G_OBJECT_CLASS (player_gst_chain_parent_class)->finalize (object);
}

static void
player_gst_chain_class_init (PlayerGstChainClass *class)
{
  G_OBJECT_CLASS (class)->finalize = player_gst_chain_finalize;
}

static void
player_gst_chain_init (PlayerGstChain *self)
{
  self->settled = TRUE;
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
}

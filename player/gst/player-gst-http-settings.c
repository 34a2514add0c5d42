/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-http-settings.h"

enum
{
  PROP_0,
  PROP_LOCATION,
  PROP_RING_BYTES,
  PROP_STALL_MS,
  PROP_GIVE_UP_MS,
  PROP_HEADERS_MS,
  PROP_SSL_CA_FILE,
  PROP_HEADERS,
  PROP_RENEWABLE,
  PROP_VALID_UNTIL_US,
  PROP_REACH,
  PROP_RENEWAL_MS,
  N_PROPS,
};

/* After http and https those that elements of GStreamer and of its GIO source read. */
static const char *const schemes[] = { "http",
                                       "https",
                                       "file",
                                       "fd",
                                       "data",
                                       "appsrc",
                                       "pushfile",
                                       "multifile",
                                       "splitfile",
                                       "splitmux",
                                       "imagesequence",
                                       "testbin",
                                       "resource",
                                       "pnm",
                                       "ftp",
                                       "ftps",
                                       "ftpis",
                                       "sftp",
                                       "ssh",
                                       "smb",
                                       "smbs",
                                       "nfs",
                                       "dav",
                                       "davs",
                                       "dav+sd",
                                       "davs+sd",
                                       "dns-sd",
                                       "afp",
                                       "afc",
                                       "admin",
                                       "archive",
                                       "burn",
                                       "computer",
                                       "google-drive",
                                       "gphoto2",
                                       "localtest",
                                       "mtp",
                                       "network",
                                       "obex",
                                       "onedrive",
                                       "recent",
                                       "trash",
                                       "icy",
                                       "icyx",
                                       "tcp",
                                       "udp",
                                       "rtp",
                                       "rtpdtls",
                                       "rtsp",
                                       "rtspt",
                                       "rtspu",
                                       "rtsph",
                                       "rtsps",
                                       "rtspst",
                                       "rtspsu",
                                       "rtspsh",
                                       "rtsp-sdp",
                                       "sdp",
                                       "rtmp",
                                       "rtmps",
                                       "rtmpe",
                                       "rtmpt",
                                       "rtmpte",
                                       "rtmpts",
                                       "rtmfp",
                                       "mms",
                                       "mmsh",
                                       "mmst",
                                       "mmsu",
                                       "srt",
                                       "rist",
                                       "rfb",
                                       "ndi",
                                       "whep",
                                       "whip",
                                       "gs",
                                       "s3",
                                       "cdda",
                                       "cd",
                                       "dvd",
                                       "dvb",
                                       "dv",
                                       "hdv",
                                       "v4l2",
                                       "radio",
                                       "myth",
                                       "myths",
                                       NULL };

const char *const *
player_gst_http_settings_get_schemes (void)
{
  return schemes;
}

void
player_gst_http_settings_install (GObjectClass *object_class)
{
  const GParamFlags flags
      = G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY;
  GParamSpec *props[N_PROPS] = {
    [PROP_LOCATION] = g_param_spec_string ("location", "Location", "What to read", NULL, flags),
    [PROP_RING_BYTES] = g_param_spec_uint ("ring-bytes", "Ring", "How much is read ahead", 4096,
                                           G_MAXINT, 524288, flags),
    [PROP_STALL_MS] = g_param_spec_uint ("stall-ms", "Stall", "Silence that counts as a stall", 1,
                                         G_MAXINT, 5000, flags),
    [PROP_GIVE_UP_MS] = g_param_spec_uint (
        "give-up-ms", "Give up", "Reconnecting without a byte until", 1, G_MAXINT, 20000, flags),
    [PROP_HEADERS_MS] = g_param_spec_uint ("headers-ms", "Headers", "How long an answer may take",
                                           1, G_MAXINT, 8000, flags),
    [PROP_SSL_CA_FILE] = g_param_spec_string ("ssl-ca-file", "CA file",
                                              "Trusted besides the system's CAs", NULL, flags),
    [PROP_HEADERS]
    = g_param_spec_boxed ("headers", "Headers", "Sent along: name, value, ...", G_TYPE_STRV, flags),
    [PROP_RENEWABLE]
    = g_param_spec_boolean ("renewable", "Renewable", "A refused URL may be renewed", FALSE, flags),
    [PROP_VALID_UNTIL_US]
    = g_param_spec_int64 ("valid-until-us", "Valid until",
                          "When the URL expires, monotonic; 0: never", 0, G_MAXINT64, 0, flags),
    [PROP_REACH] = g_param_spec_uint ("reach", "Reach", "What may be opened on the way", 0,
                                      PLAYER_REACH_ALL, PLAYER_REACH_ALL, flags),
    [PROP_RENEWAL_MS]
    = g_param_spec_uint ("renewal-ms", "Renewal", "How long a refused URL waits for another", 1,
                         G_MAXINT, 30000, flags),
  };
  g_object_class_install_properties (object_class, N_PROPS, props);
}

gboolean
player_gst_http_settings_set (PlayerGstHttpSettings *self, guint id, const GValue *value)
{
  switch (id)
    {
    case PROP_LOCATION:
      g_free (self->location);
      self->location = g_value_dup_string (value);
      return TRUE;
    case PROP_RING_BYTES:
      self->ring_bytes = g_value_get_uint (value);
      return TRUE;
    case PROP_STALL_MS:
      self->stall_ms = g_value_get_uint (value);
      return TRUE;
    case PROP_GIVE_UP_MS:
      self->give_up_ms = g_value_get_uint (value);
      return TRUE;
    case PROP_HEADERS_MS:
      self->headers_ms = g_value_get_uint (value);
      return TRUE;
    case PROP_SSL_CA_FILE:
      g_free (self->ca_file);
      self->ca_file = g_value_dup_string (value);
      return TRUE;
    case PROP_HEADERS:
      g_strfreev (self->headers);
      self->headers = g_value_dup_boxed (value);
      return TRUE;
    case PROP_RENEWABLE:
      self->renewable = g_value_get_boolean (value);
      return TRUE;
    case PROP_VALID_UNTIL_US:
      self->valid_until_us = g_value_get_int64 (value);
      return TRUE;
    case PROP_REACH:
      self->reach = g_value_get_uint (value);
      return TRUE;
    case PROP_RENEWAL_MS:
      self->renewal_ms = g_value_get_uint (value);
      return TRUE;
    default:
      return FALSE;
    }
}

gboolean
player_gst_http_settings_get (const PlayerGstHttpSettings *self, guint id, GValue *value)
{
  switch (id)
    {
    case PROP_LOCATION:
      g_value_set_string (value, self->location);
      return TRUE;
    case PROP_RING_BYTES:
      g_value_set_uint (value, self->ring_bytes);
      return TRUE;
    case PROP_STALL_MS:
      g_value_set_uint (value, self->stall_ms);
      return TRUE;
    case PROP_GIVE_UP_MS:
      g_value_set_uint (value, self->give_up_ms);
      return TRUE;
    case PROP_HEADERS_MS:
      g_value_set_uint (value, self->headers_ms);
      return TRUE;
    case PROP_SSL_CA_FILE:
      g_value_set_string (value, self->ca_file);
      return TRUE;
    case PROP_HEADERS:
      g_value_set_boxed (value, self->headers);
      return TRUE;
    case PROP_RENEWABLE:
      g_value_set_boolean (value, self->renewable);
      return TRUE;
    case PROP_VALID_UNTIL_US:
      g_value_set_int64 (value, self->valid_until_us);
      return TRUE;
    case PROP_REACH:
      g_value_set_uint (value, self->reach);
      return TRUE;
    case PROP_RENEWAL_MS:
      g_value_set_uint (value, self->renewal_ms);
      return TRUE;
    default:
      return FALSE;
    }
}

void
player_gst_http_settings_clear (PlayerGstHttpSettings *self)
{
  g_clear_pointer (&self->location, g_free);
  g_clear_pointer (&self->ca_file, g_free);
  g_clear_pointer (&self->headers, g_strfreev);
}

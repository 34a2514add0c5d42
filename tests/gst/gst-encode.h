/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A format as a test wants it. */
typedef struct
{
  const char *name; /* of the file, which says what it is, too */
  const char *lame; /* (nullable): options of LAME … */
  const char *pipe; /* (nullable): … or encoder and muxer of GStreamer; both NULL: it is the WAV */
  guint rate;       /* that comes out of its decoder */
  gboolean edited;  /* MP4: the edit list is to say what the encoder has put before */
} GstCoding;

extern const GstCoding gst_codings[];
extern const guint gst_n_codings;

/* (transfer full) (element-type guint32): noise that encoders keep: mostly low, the same in both
 * channels, never zero for long. */
GArray *gst_encode_make_noise (guint frames, guint seed);
/* (transfer full): the file's name: what has been encoded of @frames as @format and named @stem. */
char *gst_encode (const GstCoding *format, const char *stem, GArray *frames, guint rate);
/* How many frames further on in @noise than at @expected lies what @heard has at @at (0: it is right
 * there); looked for @reach frames to both sides, compared over @frames. */
gint gst_encode_locate (
    GArray *heard, guint at, GArray *noise, guint expected, guint reach, guint frames);

G_END_DECLS

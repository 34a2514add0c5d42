/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Where the sink hangs, and answers nothing, until gst_tap_set_hang (NONE). */
typedef enum
{
  GST_TAP_HANG_NONE,
  GST_TAP_HANG_OPEN,   /* on its way to READY */
  GST_TAP_HANG_START,  /* likewise, a little later */
  GST_TAP_HANG_PAUSE,  /* on its way from READY to PAUSED */
  GST_TAP_HANG_RENDER, /* at the next buffer, and on its way down as long as that lasts */
} GstTapHang;

/**
 * GstTap:
 *
 * What has come out of an engine: every 16 bit stereo frame, and when. The sink "seguetapsink
 * tap=N" (N: address of a tap) writes here.
 */
typedef struct
{
  GMutex lock;
  GArray *frames; /* (element-type guint32): left sample in the low half */
  guint rate;
  gint64 first_us;   /* monotonic time of the first frame that was not silent, 0 before */
  gboolean broken;   /* the sink refuses to be opened, or fails at the next buffer */
  gboolean once;     /* … and is whole again after that */
  gboolean hopeless; /* it refuses because it cannot take what it is given */
  guint opened;      /* how often it has been */
  guint held;        /* how many sinks hold the device: are READY or more */
  GstTapHang hang;
  GCond let_go;
} GstTap;

void gst_tap_init (GstTap *self);
void gst_tap_clear (GstTap *self);
gboolean gst_tap_register (void);

/* (transfer full): bin description for the engine; @real_time: keeps time as a sound card does. */
char *gst_tap_describe (GstTap *self, gboolean real_time);

guint gst_tap_count (GstTap *self);
/* (transfer full): a copy of all that was heard. */
GArray *gst_tap_dup_frames (GstTap *self);
void gst_tap_set_broken (GstTap *self, gboolean broken);
void gst_tap_set_hang (GstTap *self, GstTapHang hang);
guint gst_tap_get_held (GstTap *self);
/* The next buffer fails; then the sink can be opened again. */
void gst_tap_break_once (GstTap *self);

G_END_DECLS

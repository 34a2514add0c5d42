/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Audio whose frames say which file they belong to and which of its frames they are: left = low 16
 * bits of the index, right = file number << 8 | next 8 bits of the index. */
guint32 gst_audio_code (guint file, guint index);

/* Writes such a file; 16 bit stereo. */
void gst_audio_write_wav (const char *path, guint file, guint frames, guint rate);

/* Writes 16 bit frames as they are; @channels 1: the left samples only. */
void gst_audio_write_frames (const char *path, GArray *frames, guint rate, guint channels);
/* (transfer full) (element-type guint32): the same noise each time. */
GArray *gst_audio_make_noise (guint frames);
/* How alike @noise and what lies at @at of @heard are: 1.0 = the same but for the volume. */
double gst_audio_correlate (GArray *heard, guint at, GArray *noise, guint frames);

/* Frames @from … @to - 1 of @file lie at @at of @heard, bit by bit. Returns where they end. */
guint gst_audio_assert_run (GArray *heard, guint at, guint file, guint from, guint to);
/* How far, from @at on, the frames of @file from @from on go on without a fault. */
guint gst_audio_follow (GArray *heard, guint at, guint file, guint from);
/* @frames frames from @from on, faded out (in), lie at @at. Returns where they end. */
guint
gst_audio_assert_fade (GArray *heard, guint at, guint file, guint from, guint frames, gboolean out);
/* Where the frames of @file, which go on from @from at @at, begin to fade out: it begins so softly that
 * the first few seem not to. */
guint gst_audio_find_fade (GArray *heard, guint at, guint file, guint from, guint frames);
/* Where the silence at @at ends. */
guint gst_audio_skip_silence (GArray *heard, guint at);
/* Frames @from … @to - 1 of @file lie at @at, in order and each once; where it ran dry or was held there
 * is silence, with fades beside it that are not looked at bit by bit. @gaps: counted up.
 * Returns where they end. */
guint
gst_audio_assert_heard (GArray *heard, guint at, guint file, guint from, guint to, guint *gaps);
/* Only silence lies from @at on. */
void gst_audio_assert_silent_end (GArray *heard, guint at);

/* Runs a GStreamer pipeline description to its end. */
void gst_audio_run_pipeline (const char *description);

G_END_DECLS

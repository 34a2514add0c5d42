/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Audio whose frames say which file they belong to and which of its frames they are: left = low 16
 * bits of the index, right = file number << 8 | next 8 bits of the index. */
guint32 gst_audio_code (guint file, guint index);
/* FALSE for silence and what cannot be a frame of it. */
gboolean gst_audio_decode (guint32 frame, guint *file, guint *index);

/* Writes such a file; 16 bit stereo. */
void gst_audio_write_wav (const char *path, guint file, guint frames, guint rate);

/* Runs a GStreamer pipeline description to its end. */
void gst_audio_run_pipeline (const char *description);

G_END_DECLS

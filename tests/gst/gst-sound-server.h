/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * GstSoundServer:
 *
 * A PulseAudio of the test's own, on sockets of its own: a null sink of 44.1 kHz, 16 bit, stereo, and
 * all that it plays. It hears from the first frame on: clients are let in when its ear is open.
 */
typedef struct _GstSoundServer GstSoundServer;

/* @directory: for its files. @name: of its files; @socket: where clients find it. Blocks until it is
 * ready. */
GstSoundServer *gst_sound_server_new (const char *directory, const char *name, const char *socket);

/* It dies at once, as if it had crashed. */
void gst_sound_server_kill (GstSoundServer *self);
void gst_sound_server_free (GstSoundServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GstSoundServer, gst_sound_server_free)

/* (transfer full) (element-type guint32): all that has been heard so far. */
GArray *gst_sound_server_dup_heard (GstSoundServer *self);

G_END_DECLS

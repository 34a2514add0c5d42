/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * GstPipewireServer:
 *
 * A PipeWire of the test's own, with session manager and PulseAudio's protocol: a null sink of
 * 44.1 kHz, and an ear at its monitor, which knows when each frame is heard. It finds everything in
 * $XDG_RUNTIME_DIR, its directory, and so do its clients.
 */
typedef struct _GstPipewireServer GstPipewireServer;

#define GST_PIPEWIRE_SERVER_RATE 44100

/* What clients need to find the server of @directory. To be called before any thread is made. */
void gst_pipewire_server_set_environment (const char *directory);

/* Blocks until it is ready and its ear hears; @directory is made, and removed in the end. @quantum:
 * frames of a cycle of its graph; 0: it has neither a sink nor an ear. */
GstPipewireServer *gst_pipewire_server_new (const char *directory, guint quantum);
void gst_pipewire_server_free (GstPipewireServer *self);
/* It dies at once; what has been heard stays known. Another one may be made in its directory. */
void gst_pipewire_server_kill (GstPipewireServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GstPipewireServer, gst_pipewire_server_free)

guint gst_pipewire_server_count (GstPipewireServer *self);
/* (transfer full) (element-type guint32): all that has been heard so far. */
GArray *gst_pipewire_server_dup_heard (GstPipewireServer *self);

/* The frame (and parts of it) that was heard at @time_us of the monotonic clock: the null sink keeps
 * time by that clock, and hands a cycle to its monitor when it begins. Of the arrivals within some
 * cycles, that which was the least late tells the time. */
double gst_pipewire_server_find_frame (GstPipewireServer *self, gint64 time_us);

/* Whether no cycle was missed by the ear or the server: a busy machine makes both late, and what they
 * miss is not the fault of who plays. */
gboolean gst_pipewire_server_is_whole (GstPipewireServer *self);

G_END_DECLS

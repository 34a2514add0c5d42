/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PlayerGstArrivals:
 *
 * Sees sound servers and sound cards appear: the sockets of PulseAudio and PipeWire, the devices of
 * ALSA. It costs nothing while none does. Only while somebody waits for one.
 */
typedef struct _PlayerGstArrivals PlayerGstArrivals;

typedef void (*PlayerGstArrivalsFunc) (gpointer data);

/* @func: called in the thread-default context of the caller, maybe several times for one arrival. */
PlayerGstArrivals *player_gst_arrivals_new (PlayerGstArrivalsFunc func, gpointer data);
void player_gst_arrivals_free (PlayerGstArrivals *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerGstArrivals, player_gst_arrivals_free)

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PlayerGstWeb:
 *
 * What the HTTP sources of one engine have in common: the CA that is trusted besides the system's, and
 * what the system says about the network.
 * Reference counted; for any thread.
 */
typedef struct _PlayerGstWeb PlayerGstWeb;

/* @ca_file: (nullable): PEM file; it is read when first needed. */
PlayerGstWeb *player_gst_web_new (const char *ca_file);
PlayerGstWeb *player_gst_web_ref (PlayerGstWeb *self);
void player_gst_web_unref (PlayerGstWeb *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerGstWeb, player_gst_web_unref)

/* Another CA from now on; what is connected stays so. @ca_file: as for player_gst_web_new() */
void player_gst_web_set_ca_file (PlayerGstWeb *self, const char *ca_file);

/**
 * player_gst_web_load_ca:
 * @ca: (out) (transfer full) (nullable): %NULL if none is named
 *
 * Reads the CA file once, and again if that has failed.
 */
gboolean player_gst_web_load_ca (PlayerGstWeb *self, GTlsDatabase **ca, GError **error);

/* Called in any thread, with the lock of the web held. */
typedef void (*PlayerGstWebFunc) (gpointer data);

/* @func is called when it is worth while to try again, until it is removed. */
void player_gst_web_add_listener (PlayerGstWeb *self, PlayerGstWebFunc func, gpointer data);
void player_gst_web_remove_listener (PlayerGstWeb *self, gpointer data);

/* The network has changed, or the clock. @online: FALSE: there is none but this machine. */
void player_gst_web_note_network (PlayerGstWeb *self, gboolean online);
/* As it was said last; TRUE if nobody has said anything. */
gboolean player_gst_web_is_online (PlayerGstWeb *self);

G_END_DECLS

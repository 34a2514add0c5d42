/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PlayerGstWeb:
 *
 * What the HTTP sources of one engine have in common: the CA that is trusted besides the system's.
 * Reference counted; for any thread.
 */
typedef struct _PlayerGstWeb PlayerGstWeb;

/* @ca_file: (nullable): PEM file; it is read when first needed. */
PlayerGstWeb *player_gst_web_new (const char *ca_file);
PlayerGstWeb *player_gst_web_ref (PlayerGstWeb *self);
void player_gst_web_unref (PlayerGstWeb *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerGstWeb, player_gst_web_unref)

/**
 * player_gst_web_load_ca:
 * @ca: (out) (transfer full) (nullable): %NULL if none is named
 *
 * Reads the CA file once, and again if that has failed.
 */
gboolean player_gst_web_load_ca (PlayerGstWeb *self, GTlsDatabase **ca, GError **error);

G_END_DECLS

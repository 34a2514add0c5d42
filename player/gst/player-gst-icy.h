/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PlayerGstIcy:
 *
 * Takes the titles out of one answer of an Icecast or SHOUTcast server: after each "icy-metaint" bytes
 * of audio comes a byte that says how many times 16 bytes of text follow, mostly none.
 */
typedef struct _PlayerGstIcy PlayerGstIcy;

/* @title: (nullable): UTF-8; %NULL: the station says that it has none. @at: how many of the bytes given
 * back so far, by all calls, lie before it. */
typedef void (*PlayerGstIcyFunc) (const char *title, guint64 at, gpointer data);

/* @interval: bytes between two titles, not 0; @found: called for each text that differs from the one
 * before. */
PlayerGstIcy *player_gst_icy_new (guint interval, PlayerGstIcyFunc found, gpointer data);
void player_gst_icy_free (PlayerGstIcy *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerGstIcy, player_gst_icy_free)

/* Leaves in @data only what is audio; returns how much that is. @data may be cut anywhere. */
gsize player_gst_icy_strip (PlayerGstIcy *self, guint8 *data, gsize length);

/**
 * player_gst_icy_parse:
 * @text: "StreamTitle='Somebody - Something';StreamUrl='';", padded with zeros; UTF-8 or Windows-1252;
 *   quotes and semicolons may stand in the title
 *
 * Returns: (transfer full) (nullable): the title as UTF-8, %NULL if there is none
 */
char *player_gst_icy_parse (const guint8 *text, gsize length);

/* (transfer full) (nullable): text of a header of such a server as UTF-8. */
char *player_gst_icy_decode (const char *text, gssize length);

/**
 * player_gst_icy_split:
 * @artist: (out) (transfer full) (nullable)
 * @title: (out) (transfer full)
 *
 * "Somebody - Something" is an artist and a title.
 */
void player_gst_icy_split (const char *text, char **artist, char **title);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player/player-types.h"

G_BEGIN_DECLS

/**
 * PlayerGstEntry:
 * @url: absolute
 * @duration_ms: as the playlist says, -1: it does not
 * @title: (nullable): as the playlist says
 * @trail: (nullable): URLs of the playlists that have led to it, outermost first
 * @depth: how many they are
 * @others: (nullable): other URLs of the same stream, in the order in which they are to be tried
 *
 * One stream of a playlist. All of them play one after another as one load: STARTED at the first,
 * FINISHED after the last, and the position goes on counting from one to the next.
 */
typedef struct
{
  char *url; /* (owned) */
  gint64 duration_ms;
  char *title; /* (owned) (nullable) */
  GStrv trail; /* (owned) (nullable) */
  guint depth;
  GStrv others; /* (owned) (nullable) */
} PlayerGstEntry;

PlayerGstEntry *player_gst_entry_new (const char *url, gint64 duration_ms);
void player_gst_entry_free (PlayerGstEntry *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerGstEntry, player_gst_entry_free)

/**
 * PlayerGstLoad:
 * @generation: what the caller named it
 * @item: what to open; its URL and headers change with renew()
 * @entries: (nullable) (element-type PlayerGstEntry): what the playlist at the URL of @item names;
 *   %NULL: it is no playlist, or has not been read yet
 * @error_type: why the first entry failed that could not be played
 * @error_message: (nullable): …
 * @n_reopened: how often an item was opened anew because it was cut before its first frame
 * @started: STARTED has been emitted
 * @ready_said: READY has been emitted
 * @buffered_said: BUFFERED has been emitted
 * @over: its last event has been decided: nothing more is to be queued
 * @dropped: unloaded: nothing more is to be emitted, not even what is queued
 * @starves: UNDERRUN has been decided, and nothing has ended it
 * @starved_us: where that was last, negative before that
 * @duration_ms: as said last, -2 before that
 * @seekable: as said last
 * @position_us: the last position told, so that it never runs backwards
 *
 * What the engine remembers of a load, whatever items play it: a seek opens the URL anew.
 */
typedef struct
{
  guint64 generation;
  PlayerItem *item;   /* (owned) */
  GPtrArray *entries; /* (owned) (nullable) (element-type PlayerGstEntry) */
  PlayerErrorType error_type;
  char *error_message; /* (owned) (nullable) */
  guint n_reopened;
  gboolean started;
  gboolean ready_said;
  gboolean buffered_said;
  gboolean over;
  gboolean dropped;
  gboolean starves;
  gint64 starved_us;
  gint64 duration_ms;
  gboolean seekable;
  gint64 position_us;
} PlayerGstLoad;

PlayerGstLoad *player_gst_load_new (guint64 generation, PlayerItem *item);
PlayerGstLoad *player_gst_load_ref (PlayerGstLoad *self);
void player_gst_load_unref (PlayerGstLoad *self);

/* It is to be had from the URL and with the headers of @item. */
void player_gst_load_set_item (PlayerGstLoad *self, PlayerItem *item);

/* How many streams are known to play one after another: 1 where there is no playlist. */
guint player_gst_load_get_n_entries (const PlayerGstLoad *self);
/* The URL of one of them. */
const char *player_gst_load_get_url (const PlayerGstLoad *self, guint entry);
/* (transfer full): what is to be opened for it: headers only where the playlist comes from, too. */
PlayerItem *player_gst_load_dup_item (const PlayerGstLoad *self, guint entry);
/* (nullable): as its playlist says. */
const char *player_gst_load_get_title (const PlayerGstLoad *self, guint entry);
/* (nullable): see PlayerGstEntry. */
const char *const *player_gst_load_get_trail (const PlayerGstLoad *self, guint entry);
guint player_gst_load_get_depth (const PlayerGstLoad *self, guint entry);
/* What is at its URL cannot be played: whether there is another one, which it has now. */
gboolean player_gst_load_take_other (PlayerGstLoad *self, guint entry);
/* In ms; -1: not known. */
gint64 player_gst_load_get_entry_duration (const PlayerGstLoad *self, guint entry);

/* It has been measured. Where there is no playlist, nothing is kept. */
void player_gst_load_set_entry_duration (PlayerGstLoad *self, guint entry, gint64 duration_ms);
/* Of all entries, in ms; -1: that of one is not known. */
gint64 player_gst_load_get_total_duration (const PlayerGstLoad *self);
/* Kept only if it is the first one. */
void player_gst_load_keep_error (PlayerGstLoad *self, PlayerErrorType type, const char *message);

/**
 * player_gst_load_expand:
 * @entry: what has turned out to be a playlist
 * @entries: (element-type PlayerGstEntry) (transfer full): at least one: what takes its place, made by
 *   g_ptr_array_new_with_free_func (player_gst_entry_free)
 *
 * Only in the main context, and before an item of the entry or of a later one has been started.
 */
void player_gst_load_expand (PlayerGstLoad *self, guint entry, GPtrArray *entries);

/* Up to which entry, not included, those of two loads lie in equally many playlists. */
guint player_gst_load_compare (const PlayerGstLoad *self, const PlayerGstLoad *other);
/* Both have entries, equally many: those of @self are to be had where @fresh says, which is of no more
 * use after that. */
void player_gst_load_take_urls (PlayerGstLoad *self, PlayerGstLoad *fresh);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerGstLoad, player_gst_load_unref)

G_END_DECLS

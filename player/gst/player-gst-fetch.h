/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/gst.h>

#include "player-gst-address.h"
#include "player-gst-fault.h"
#include "player-gst-web.h"

G_BEGIN_DECLS

/**
 * PlayerGstFetch:
 *
 * What an HTTP source and its fetch thread share: the ring, what is known of the resource, and the
 * wishes of the source. Reference counted: the source lets go of it without waiting for the thread,
 * which may be held up by a name lookup.
 *
 * The work is cut into *courses*: one begins at the start, with each seek out of the ring, and with
 * each renewal, at the byte behind the ring. Whatever the thread says carries the serial number of
 * its course and is ignored if that is over.
 */
typedef struct _PlayerGstFetch PlayerGstFetch;

/* Called in the fetch thread, with no lock held, when the address has been refused with @status and
 * another one is waited for. */
typedef void (*PlayerGstRefusedFunc) (gpointer owner, guint status);

/* What is read at a time. */
#define PLAYER_GST_FETCH_CHUNK_BYTES 16384

typedef struct
{
  PlayerGstAddress *address; /* (owned) */
  PlayerGstWeb *web;         /* (owned) */
  guint ring_bytes;
  guint stall_ms;
  guint give_up_ms;
  guint headers_ms;
  guint renewal_ms;             /* how long a refused address waits for another */
  PlayerGstRefusedFunc refused; /* (nullable) */
  GObject *owner;               /* (unowned) (nullable): given to refused while it lives */
} PlayerGstFetchOptions;

typedef enum
{
  PLAYER_GST_PULL_DATA,
  PLAYER_GST_PULL_END,
  PLAYER_GST_PULL_CUT, /* the rest cannot be had at this byte */
  PLAYER_GST_PULL_FAULT,
  PLAYER_GST_PULL_FLUSHING,
} PlayerGstPull;

typedef struct
{
  gboolean known;    /* the first answer is in */
  gint64 size_bytes; /* -1 = unknown */
  gboolean seekable;
  gboolean complete; /* the last byte has arrived */
  char *url;         /* (owned) (nullable) where redirects have led to */
} PlayerGstFetchInfo;

void player_gst_fetch_info_clear (PlayerGstFetchInfo *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PlayerGstFetchInfo, player_gst_fetch_info_clear)

/* For the source. None of these waits for the network, but for pull(). */

/* Takes the strings of @options; starts the thread. */
PlayerGstFetch *player_gst_fetch_new (PlayerGstFetchOptions *options);
/* Stops the thread, without waiting for it; pull() comes to the end at once. */
void player_gst_fetch_abandon (PlayerGstFetch *self);
/* Stops the thread, without waiting for it, and drops the source's reference. */
void player_gst_fetch_release (PlayerGstFetch *self);
void player_gst_fetch_seek (PlayerGstFetch *self, guint64 position);
/* Goes on reading at @address, at the byte behind the ring; takes it. */
void player_gst_fetch_renew (PlayerGstFetch *self, PlayerGstAddress *address);
/* Reading ends behind the ring, for @fault, which is taken. */
void player_gst_fetch_give_up (PlayerGstFetch *self, PlayerGstFault *fault);
/* @full: no more will come now: there is no room, or it is all there is. Returns what waits. */
guint64 player_gst_fetch_get_ahead (PlayerGstFetch *self, gboolean *full);
void player_gst_fetch_set_flushing (PlayerGstFetch *self, gboolean flushing);
void player_gst_fetch_get_info (PlayerGstFetch *self, PlayerGstFetchInfo *info);
/* Waits for data. @buffer: DATA; @fault: (transfer none): FAULT, valid until the next seek. */
PlayerGstPull player_gst_fetch_pull (PlayerGstFetch *self,
                                     gsize max_bytes,
                                     GstBuffer **buffer,
                                     const PlayerGstFault **fault);

/* (transfer full) (nullable): title of a broadcast that is due before the bytes got last; "" = it has
 * none any more. */
char *player_gst_fetch_take_title (PlayerGstFetch *self);

/* For the fetch thread. */

void player_gst_fetch_unref (PlayerGstFetch *self);
const PlayerGstFetchOptions *player_gst_fetch_get_options (PlayerGstFetch *self);
GMainContext *player_gst_fetch_get_context (PlayerGstFetch *self);
/* The one it had is left behind, with what is in it, and another one is that of the thread. */
void player_gst_fetch_leave_context (PlayerGstFetch *self);
/* Waits for a course which is neither complete nor failed; 0 = stop. */
guint64 player_gst_fetch_wait_course (PlayerGstFetch *self, guint64 *position);
/* (transfer full) */
PlayerGstAddress *player_gst_fetch_get_address (PlayerGstFetch *self);
/* Tells that the address has been refused, and waits for another: FALSE = the course is over, as it
 * is by a renewal; TRUE = nobody has come with one. */
gboolean player_gst_fetch_wait_renewal (PlayerGstFetch *self, guint64 course, guint http_status);
gboolean player_gst_fetch_is_current (PlayerGstFetch *self, guint64 course);
/* Waits until there is room, at most @max_bytes; 0 = the course is over. *@waited is set if it took
 * a while. */
gsize player_gst_fetch_wait_room (PlayerGstFetch *self,
                                  guint64 course,
                                  gsize max_bytes,
                                  gboolean *waited);
/* Waits before the next try, no longer than until the network changes. FALSE = the course is over. */
gboolean player_gst_fetch_wait_try (PlayerGstFetch *self, guint64 course, guint ms);
void player_gst_fetch_push (PlayerGstFetch *self, guint64 course, const guint8 *data, gsize length);
/* @title: (nullable): of a broadcast, from the byte at @position on, which is not in the ring yet. */
void player_gst_fetch_push_title (PlayerGstFetch *self,
                                  guint64 course,
                                  guint64 position,
                                  const char *title);
void player_gst_fetch_tell (
    PlayerGstFetch *self, guint64 course, gint64 size_bytes, gboolean seekable, const char *url);
void player_gst_fetch_complete (PlayerGstFetch *self, guint64 course);
/* No more can be had at this byte. What is in the ring is still delivered first. */
void player_gst_fetch_cut (PlayerGstFetch *self, guint64 course);
/* Takes @fault. What is in the ring is still delivered first. */
void player_gst_fetch_fail (PlayerGstFetch *self, guint64 course, PlayerGstFault *fault);

G_END_DECLS

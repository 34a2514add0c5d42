/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/gst.h>

#include "player-gst-error.h"
#include "player-gst-fault.h"
#include "player-gst-web.h"

G_BEGIN_DECLS

/**
 * PlayerGstSite:
 *
 * What the HTTP sources inside of one stream share: HLS has one for each playlist, segment and key.
 * They ask their pipeline for it, as a #GstContext of type %PLAYER_GST_SITE_CONTEXT, and leave there what
 * went wrong, for elements that hand errors on lose half of it. Reference counted; for any thread.
 */
typedef struct _PlayerGstSite PlayerGstSite;

#define PLAYER_GST_SITE_CONTEXT "segue.site"

/* @item: whose URL and headers count; @web: (nullable). */
PlayerGstSite *player_gst_site_new (PlayerItem *item, PlayerGstWeb *web);
PlayerGstSite *player_gst_site_ref (PlayerGstSite *self);
void player_gst_site_unref (PlayerGstSite *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerGstSite, player_gst_site_unref)

/* (transfer full) */
GstContext *player_gst_site_make_context (PlayerGstSite *self);
/* (transfer full) (nullable): %NULL: @context is something else */
PlayerGstSite *player_gst_site_from_context (GstContext *context);

/* (transfer none) (nullable) */
PlayerGstWeb *player_gst_site_get_web (PlayerGstSite *self);

/* (transfer none) (nullable): what is to be sent with a request for @url: the headers of the item if it
 * has the same scheme, host and port. */
const char *const *player_gst_site_get_headers (PlayerGstSite *self, const char *url);

/* What may be opened for one of the sources: as for the item; where that came by https, so must its parts. */
PlayerReach player_gst_site_get_reach (PlayerGstSite *self);

/**
 * PlayerGstSiteHooks:
 * @refused: one of the sources has been refused, with that status, and the stream may be renewed; once,
 *   for whoever renews it opens it anew
 * @is_live: whether the stream is a broadcast
 *
 * Called in any thread, with a lock held.
 */
typedef struct
{
  void (*refused) (guint status, gpointer data);
  gboolean (*is_live) (gpointer data);
  gpointer data;
} PlayerGstSiteHooks;

/* @hooks: (nullable): nobody is called any more, from here on. */
void player_gst_site_set_hooks (PlayerGstSite *self, const PlayerGstSiteHooks *hooks);
/* Whether a source that is refused is to wait for that: not if one has waited in vain. */
gboolean player_gst_site_is_renewable (PlayerGstSite *self);
/* One is refused, and waits. */
void player_gst_site_note_refusal (PlayerGstSite *self, guint status);

/* What is at @url, a part, has begun to come. */
void player_gst_site_note_begin (PlayerGstSite *self, const char *url);
/* What is at @url, a part, cannot be had. TRUE: that has been so often enough, and the stream goes on
 * without it. */
gboolean
player_gst_site_pass_over (PlayerGstSite *self, const char *url, const PlayerGstFault *fault);
/* Whether something is missing before what comes now; says so once. */
gboolean player_gst_site_take_gap (PlayerGstSite *self);

/* One of the sources has failed. @part: it reads a part of the stream, no playlist and no key. */
void player_gst_site_note_fault (PlayerGstSite *self, gboolean part, const PlayerGstFault *fault);
/* Another one has read all: what went wrong before has been got over. */
void player_gst_site_note_success (PlayerGstSite *self, gboolean part);
/* (transfer full) (nullable): what nobody has got over. */
PlayerGstError *player_gst_site_dup_fault (PlayerGstSite *self);

/* Whether two absolute URLs have scheme, host and port in common. */
gboolean player_gst_site_is_same_origin (const char *one, const char *other);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-site.h"

#include <libsoup/soup.h>

/* A part of a broadcast is tried so often. */
#define MAX_TRIES 3

struct _PlayerGstSite
{
  gatomicrefcount ref_count;
  PlayerItem *item;  /* (owned) */
  PlayerGstWeb *web; /* (owned) (nullable) */

  GMutex lock;
  PlayerGstSiteHooks hooks;  /* under the lock, as all below */
  char *failing;             /* (owned) (nullable): URL of the part that could not be had */
  guint n_failed;            /* how often it was tried */
  gboolean gap;              /* it has been passed over */
  gboolean told;             /* that a source has been refused */
  gboolean in_vain;          /* one has waited for it to be renewed */
  PlayerGstError *faults[2]; /* (owned) (nullable): of lists and keys, of parts */
};

#define PLAYER_TYPE_GST_SITE (player_gst_site_get_type ())
GType player_gst_site_get_type (void);
G_DEFINE_BOXED_TYPE (PlayerGstSite, player_gst_site, player_gst_site_ref, player_gst_site_unref)

PlayerGstSite *
player_gst_site_new (PlayerItem *item, PlayerGstWeb *web)
{
  PlayerGstSite *self = g_new0 (PlayerGstSite, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->item = player_item_ref (item);
  self->web = web != NULL ? player_gst_web_ref (web) : NULL;
  return self;
}

PlayerGstSite *
player_gst_site_ref (PlayerGstSite *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
player_gst_site_unref (PlayerGstSite *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  player_item_unref (self->item);
  g_clear_pointer (&self->web, player_gst_web_unref);
  g_free (self->failing);
  g_clear_pointer (&self->faults[FALSE], player_gst_error_free);
  g_clear_pointer (&self->faults[TRUE], player_gst_error_free);
  g_mutex_clear (&self->lock);
  g_free (self);
}

GstContext *
player_gst_site_make_context (PlayerGstSite *self)
{
  GstContext *context = gst_context_new (PLAYER_GST_SITE_CONTEXT, FALSE);

  gst_structure_set (gst_context_writable_structure (context), "site", PLAYER_TYPE_GST_SITE, self,
                     NULL);
  return context;
}

PlayerGstSite *
player_gst_site_from_context (GstContext *context)
{
  PlayerGstSite *site = NULL;

  if (gst_context_has_context_type (context, PLAYER_GST_SITE_CONTEXT))
    gst_structure_get (gst_context_get_structure (context), "site", PLAYER_TYPE_GST_SITE, &site,
                       NULL);
  return site;
}

PlayerGstWeb *
player_gst_site_get_web (PlayerGstSite *self)
{
  return self->web;
}

gboolean
player_gst_site_is_same_origin (const char *one, const char *other)
{
  g_autoptr (GUri) a = g_uri_parse (one, SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr (GUri) b = g_uri_parse (other, SOUP_HTTP_URI_FLAGS, NULL);

  return a != NULL && b != NULL && g_strcmp0 (g_uri_get_scheme (a), g_uri_get_scheme (b)) == 0
         && g_uri_get_host (a) != NULL && g_uri_get_host (b) != NULL
         && g_ascii_strcasecmp (g_uri_get_host (a), g_uri_get_host (b)) == 0
         && g_uri_get_port (a) == g_uri_get_port (b);
}

const char *const *
player_gst_site_get_headers (PlayerGstSite *self, const char *url)
{
  if (!player_gst_site_is_same_origin (self->item->url, url))
    return NULL;
  return (const char *const *)self->item->headers;
}

PlayerReach
player_gst_site_get_reach (PlayerGstSite *self)
{
  const char *scheme = g_uri_peek_scheme (self->item->url);
  const PlayerReach reach = self->item->reach & ~(guint)PLAYER_REACH_FILES;

  return g_strcmp0 (scheme, "https") == 0 ? reach & ~(guint)PLAYER_REACH_HTTP : reach;
}

void
player_gst_site_set_hooks (PlayerGstSite *self, const PlayerGstSiteHooks *hooks)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->hooks = hooks != NULL ? *hooks : (PlayerGstSiteHooks){ NULL };
}

gboolean
player_gst_site_is_renewable (PlayerGstSite *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->item->renewable && !self->in_vain;
}

void
player_gst_site_note_refusal (PlayerGstSite *self, guint status)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->told || self->hooks.refused == NULL)
    return;
  self->told = TRUE;
  self->hooks.refused (status, self->hooks.data);
}

void
player_gst_site_note_begin (PlayerGstSite *self, const char *url)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->failing == NULL)
    return;
  self->gap |= g_strcmp0 (self->failing, url) != 0;
  g_clear_pointer (&self->failing, g_free);
}

gboolean
player_gst_site_pass_over (PlayerGstSite *self, const char *url, const PlayerGstFault *fault)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (fault->http_status == 0 || self->hooks.is_live == NULL
      || !self->hooks.is_live (self->hooks.data))
    return FALSE;
  if (g_strcmp0 (self->failing, url) != 0)
    {
      g_free (self->failing);
      self->failing = g_strdup (url);
      self->n_failed = 0;
    }
  return ++self->n_failed >= MAX_TRIES;
}

gboolean
player_gst_site_take_gap (PlayerGstSite *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  const gboolean gap = self->gap;

  self->gap = FALSE;
  return gap;
}

void
player_gst_site_note_fault (PlayerGstSite *self, gboolean part, const PlayerGstFault *fault)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->in_vain |= player_gst_fault_is_refusal (fault);
  g_clear_pointer (&self->faults[part], player_gst_error_free);
  self->faults[part] = player_gst_error_new (fault->type, fault->message);
}

void
player_gst_site_note_success (PlayerGstSite *self, gboolean part)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_clear_pointer (&self->faults[part], player_gst_error_free);
}

PlayerGstError *
player_gst_site_dup_fault (PlayerGstSite *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  const PlayerGstError *fault
      = self->faults[TRUE] != NULL ? self->faults[TRUE] : self->faults[FALSE];

  return fault != NULL ? player_gst_error_new (fault->type, fault->message) : NULL;
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-web.h"

struct _PlayerGstWeb
{
  gatomicrefcount ref_count;
  char *ca_file; /* (owned) (nullable) */

  GMutex lock;
  GTlsDatabase *ca; /* (owned) (nullable) */
};

PlayerGstWeb *
player_gst_web_new (const char *ca_file)
{
  PlayerGstWeb *self = g_new0 (PlayerGstWeb, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->ca_file = g_strdup (ca_file);
  return self;
}

PlayerGstWeb *
player_gst_web_ref (PlayerGstWeb *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
player_gst_web_unref (PlayerGstWeb *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_object (&self->ca);
  g_mutex_clear (&self->lock);
  g_free (self->ca_file);
  g_free (self);
}

gboolean
player_gst_web_load_ca (PlayerGstWeb *self, GTlsDatabase **ca, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->ca == NULL && self->ca_file != NULL)
    {
      self->ca = g_tls_file_database_new (self->ca_file, error);
      if (self->ca == NULL)
        return FALSE;
    }
  g_set_object (ca, self->ca);
  return TRUE;
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-web.h"

struct _PlayerGstWeb
{
  gatomicrefcount ref_count;

  GMutex lock;
  char *ca_file;     /* (owned) (nullable) */
  GTlsDatabase *ca;  /* (owned) (nullable) */
  GArray *listeners; /* (owned) (element-type Listener) */
  gboolean offline;
};

typedef struct
{
  PlayerGstWebFunc func;
  gpointer data;
} Listener;

PlayerGstWeb *
player_gst_web_new (const char *ca_file)
{
  PlayerGstWeb *self = g_new0 (PlayerGstWeb, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->ca_file = g_strdup (ca_file);
  self->listeners = g_array_new (FALSE, FALSE, sizeof (Listener));
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
  g_array_unref (self->listeners);
  g_mutex_clear (&self->lock);
  g_free (self->ca_file);
  g_free (self);
}

void
player_gst_web_set_ca_file (PlayerGstWeb *self, const char *ca_file)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_free (self->ca_file);
  self->ca_file = g_strdup (ca_file);
  g_clear_object (&self->ca); /* the file may be another one, too */
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

void
player_gst_web_add_listener (PlayerGstWeb *self, PlayerGstWebFunc func, gpointer data)
{
  const Listener listener = { func, data };
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_array_append_val (self->listeners, listener);
}

void
player_gst_web_remove_listener (PlayerGstWeb *self, gpointer data)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (guint i = 0; i < self->listeners->len; i++)
    if (g_array_index (self->listeners, Listener, i).data == data)
      {
        g_array_remove_index_fast (self->listeners, i);
        return;
      }
}

void
player_gst_web_note_network (PlayerGstWeb *self, gboolean online)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->offline = !online;
  for (guint i = 0; i < self->listeners->len; i++)
    {
      const Listener *listener = &g_array_index (self->listeners, Listener, i);
      listener->func (listener->data);
    }
}

gboolean
player_gst_web_is_online (PlayerGstWeb *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  return !self->offline;
}

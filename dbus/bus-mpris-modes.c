/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "bus-mpris-modes.h"

#include "bus-errors.h"

#define LOOP_STATUS "LoopStatus"
#define SHUFFLE "Shuffle"

struct _BusMprisModes
{
  GDBusInterfaceSkeleton *skeleton; /* (unowned) */
  BusBackend *backend;              /* (owned) */
  const char *loop_status;          /* (nullable): as shown; NULL: neither is */
  gboolean shuffle;
};

/* What is shown. */

static const char *
to_loop_status (const BusMusic *music)
{
  return music->repeat ? "Track" : music->loop ? "Playlist" : "None";
}

static void
tell (BusMprisModes *self, GVariant *changed, GVariant *gone)
{
  g_autolist (GDBusConnection) connections
      = g_dbus_interface_skeleton_get_connections (self->skeleton);
  const char *interface = g_dbus_interface_skeleton_get_info (self->skeleton)->name;
  g_autoptr (GVariant) args
      = g_variant_ref_sink (g_variant_new ("(s@a{sv}@as)", interface, changed, gone));

  for (GList *l = connections; l != NULL; l = l->next)
    g_dbus_connection_emit_signal (
        l->data, NULL, g_dbus_interface_skeleton_get_object_path (self->skeleton),
        "org.freedesktop.DBus.Properties", "PropertiesChanged", args, NULL);
}

void
bus_mpris_modes_show (BusMprisModes *self, const BusMusic *music)
{
  const char *loop_status = music != NULL ? to_loop_status (music) : NULL;
  gboolean shuffle = music != NULL && music->shuffle;
  gboolean was_shown = self->loop_status != NULL;
  gboolean loop_moved = g_strcmp0 (loop_status, self->loop_status) != 0;
  gboolean shuffle_moved = shuffle != self->shuffle || was_shown != (music != NULL);
  g_auto (GVariantBuilder) changed = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_auto (GVariantBuilder) gone = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_STRING_ARRAY);

  if (!loop_moved && !shuffle_moved)
    return;
  self->loop_status = loop_status;
  self->shuffle = shuffle;
  if (music != NULL && loop_moved)
    g_variant_builder_add (&changed, "{sv}", LOOP_STATUS, g_variant_new_string (loop_status));
  if (music != NULL && shuffle_moved)
    g_variant_builder_add (&changed, "{sv}", SHUFFLE, g_variant_new_boolean (shuffle));
  if (music == NULL)
    {
      g_variant_builder_add (&gone, "s", LOOP_STATUS);
      g_variant_builder_add (&gone, "s", SHUFFLE);
    }
  tell (self, g_variant_builder_end (&changed), g_variant_builder_end (&gone));
}

gboolean
bus_mpris_modes_have (const char *name)
{
  return g_str_equal (name, LOOP_STATUS) || g_str_equal (name, SHUFFLE);
}

GVariant *
bus_mpris_modes_get (BusMprisModes *self, const char *name, GError **error)
{
  if (self->loop_status == NULL)
    {
      g_set_error (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_PROPERTY,
                   "no queue of a music service is played: there is no %s", name);
      return NULL;
    }
  return g_str_equal (name, SHUFFLE) ? g_variant_new_boolean (self->shuffle)
                                     : g_variant_new_string (self->loop_status);
}

/* What is set. */

/* One thing after another is asked for. */
typedef struct
{
  BusMusicAction action;
  const char *argument;
} Wish;

typedef struct
{
  BusBackend *backend; /* (owned) */
  Wish wishes[2];
  guint n_wishes;
  guint next;
} Errand;

static void errand_go_on (Errand *self);

static void
errand_free (Errand *self)
{
  g_object_unref (self->backend);
  g_free (self);
}

static void
errand_on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Errand *self = user_data;
  g_autoptr (GError) error = NULL;
  GVariant *nothing = bus_backend_music_finish (self->backend, result, &error);
  g_clear_pointer (&nothing, g_variant_unref);
  if (error == NULL)
    {
      errand_go_on (self);
      return;
    }
  g_message ("the music service was asked by MPRIS for another mode: %s", error->message);
  errand_free (self);
}

/* The last one gives it back. */
static void
errand_go_on (Errand *self)
{
  if (self->next == self->n_wishes)
    {
      errand_free (self);
      return;
    }
  const Wish *wish = &self->wishes[self->next++];
  bus_backend_music_do (self->backend, wish->action, wish->argument, errand_on_done, self);
}

static gboolean
refuse (const char *what, GError **error)
{
  g_set_error (error, BUS_ERROR, BUS_ERROR_NOT_ALLOWED, "the music service does not allow to %s",
               what);
  return FALSE;
}

/* Adds what is to be done so that @action is @on; FALSE: it may not be. */
static gboolean
errand_want (Errand *self, BusMusicAction action, gboolean is_on, gboolean on, gboolean allowed)
{
  if (is_on == on)
    return TRUE;
  if (allowed)
    self->wishes[self->n_wishes++] = (Wish){ action, on ? "on" : "off" };
  return allowed;
}

/* @self: takes what is to be done. */
static gboolean
plan_loop_status (Errand *self, const BusMusic *music, const char *status, GError **error)
{
  static const char *const known[] = { "None", "Track", "Playlist", NULL };
  gboolean track = g_str_equal (status, "Track");
  gboolean playlist = g_str_equal (status, "Playlist");

  if (!g_strv_contains (known, status))
    {
      g_set_error (error, BUS_ERROR, BUS_ERROR_INVALID_ARGUMENT,
                   "“%s” is no loop status; allowed: None, Track, Playlist", status);
      return FALSE;
    }
  if (!errand_want (self, BUS_MUSIC_REPEAT, music->repeat, track, music->can_repeat))
    return refuse ("repeat an item", error);
  /* while one item is repeated, whether the queue begins anew does not show */
  if (!track && !errand_want (self, BUS_MUSIC_LOOP, music->loop, playlist, music->can_loop))
    return refuse ("loop the queue", error);
  return TRUE;
}

static gboolean
plan (Errand *self, const BusMusic *music, const char *name, GVariant *value, GError **error)
{
  if (g_str_equal (name, LOOP_STATUS))
    return plan_loop_status (self, music, g_variant_get_string (value, NULL), error);
  return errand_want (self, BUS_MUSIC_SHUFFLE, music->shuffle, g_variant_get_boolean (value),
                      music->can_shuffle)
         || refuse ("shuffle the queue", error);
}

gboolean
bus_mpris_modes_set (BusMprisModes *self, const char *name, GVariant *value, GError **error)
{
  g_autofree Errand *errand = g_new0 (Errand, 1);
  BusMusic music;

  if (self->loop_status == NULL)
    {
      g_set_error (error, BUS_ERROR, BUS_ERROR_NO_MUSIC,
                   "no queue of a music service is played: there is no %s", name);
      return FALSE;
    }
  bus_backend_get_music (self->backend, &music);
  if (!plan (errand, &music, name, value, error))
    return FALSE;
  errand->backend = g_object_ref (self->backend);
  errand_go_on (g_steal_pointer (&errand));
  return TRUE;
}

/* Life. */

BusMprisModes *
bus_mpris_modes_new (GDBusInterfaceSkeleton *skeleton, BusBackend *backend)
{
  BusMprisModes *self = g_new0 (BusMprisModes, 1);
  self->skeleton = skeleton;
  self->backend = g_object_ref (backend);
  return self;
}

void
bus_mpris_modes_free (BusMprisModes *self)
{
  g_object_unref (self->backend);
  g_free (self);
}

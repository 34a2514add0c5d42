/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "bus-mpris.h"

#include <math.h>

#include "bus-errors.h"
#include "bus-mpris-modes.h"
#include "bus-mpris-track.h"
#include "bus-url.h"

#define BUS_MPRIS_US_PER_MS 1000

struct _BusMpris
{
  BusGenMediaPlayer2PlayerSkeleton parent_instance;

  PlayerController *controller; /* (owned) */
  BusBackend *backend;          /* (owned) */
  BusMprisModes *modes;         /* (owned) */
  GDBusInterfaceVTable vtable;  /* the generated one, but for the access to properties */
};

static void bus_mpris_iface_init (BusGenMediaPlayer2PlayerIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BusMpris,
                               bus_mpris,
                               BUS_GEN_TYPE_MEDIA_PLAYER2_PLAYER_SKELETON,
                               G_IMPLEMENT_INTERFACE (BUS_GEN_TYPE_MEDIA_PLAYER2_PLAYER,
                                                      bus_mpris_iface_init))

/* What a snapshot shows. */

static const char *
bus_mpris_status (PlayerActivity activity)
{
  switch (activity)
    {
    case PLAYER_ACTIVITY_PLAYING:
    case PLAYER_ACTIVITY_BUFFER_UNDERRUN:
      return "Playing";
    case PLAYER_ACTIVITY_PAUSED:
      return "Paused";
    case PLAYER_ACTIVITY_IDLE:
    case PLAYER_ACTIVITY_FINISHED:
    case PLAYER_ACTIVITY_STOPPED:
    default:
      return "Stopped";
    }
}

/* What may be done. */
typedef struct
{
  gboolean play; /* about the track, not about the moment: the same while it plays and while it is
                    paused */
  gboolean next;
  gboolean previous;
  gboolean seek;
} Can;

/* A skill decides what Next and Previous do, and it cannot be asked before. A music service tells. */
static Can
bus_mpris_can (const PlayerSnapshot *now, const BusMusic *music)
{
  if (bus_music_is_shown (music, now))
    return (Can){ TRUE, music->can_next, music->can_previous, now->seekable && music->can_seek };
  gboolean go = now->queue->len > 0 || (now->item != NULL && *now->item->origin != '\0');
  return (Can){ go || player_activity_is_active (now->activity), go, go, now->seekable };
}

static void
bus_mpris_show (BusMpris *self)
{
  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (self->controller);
  BusGenMediaPlayer2Player *shown = BUS_GEN_MEDIA_PLAYER2_PLAYER (self);
  BusMusic music;
  bus_backend_get_music (self->backend, &music);
  Can can = bus_mpris_can (now, &music);

  bus_gen_media_player2_player_set_playback_status (shown, bus_mpris_status (now->activity));
  bus_gen_media_player2_player_set_metadata (shown, bus_mpris_track_build_metadata (now, &music));
  bus_gen_media_player2_player_set_volume (shown, now->volume);
  bus_gen_media_player2_player_set_can_go_next (shown, can.next);
  bus_gen_media_player2_player_set_can_go_previous (shown, can.previous);
  bus_gen_media_player2_player_set_can_play (shown, can.play);
  bus_gen_media_player2_player_set_can_pause (shown, can.play);
  bus_gen_media_player2_player_set_can_seek (shown, can.seek);
  bus_mpris_modes_show (self->modes, bus_music_is_shown (&music, now) ? &music : NULL);
}

/* What belongs to the new position is told before it: who hears of another stream takes it to begin
 * at 0. */
static void
bus_mpris_on_seeked (BusMpris *self, gint64 offset_us)
{
  bus_mpris_show (self);
  g_dbus_interface_skeleton_flush (G_DBUS_INTERFACE_SKELETON (self));
  bus_gen_media_player2_player_emit_seeked (BUS_GEN_MEDIA_PLAYER2_PLAYER (self), offset_us);
}

/* Methods. Calls that can have no effect now are answered without an error, as the specification
 * wants. */

static gboolean
bus_mpris_is_harmless (const GError *error)
{
  return g_error_matches (error, BUS_ERROR, BUS_ERROR_NOT_PLAYING)
         || g_error_matches (error, BUS_ERROR, BUS_ERROR_NOTHING_TO_PLAY)
         || g_error_matches (error, BUS_ERROR, BUS_ERROR_NOT_SEEKABLE);
}

static gboolean
bus_mpris_answer (GDBusMethodInvocation *invocation, const GError *error)
{
  if (error == NULL || bus_mpris_is_harmless (error))
    g_dbus_method_invocation_return_value (invocation, NULL);
  else
    g_dbus_method_invocation_return_gerror (invocation, error);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
bus_mpris_press (BusGenMediaPlayer2Player *skeleton,
                 GDBusMethodInvocation *invocation,
                 BusButton button)
{
  g_autoptr (GError) error = NULL;
  bus_backend_press (BUS_MPRIS (skeleton)->backend, button, &error);
  return bus_mpris_answer (invocation, error);
}

static gboolean
bus_mpris_handle_play (BusGenMediaPlayer2Player *skeleton, GDBusMethodInvocation *invocation)
{
  return bus_mpris_press (skeleton, invocation, BUS_BUTTON_PLAY);
}

static gboolean
bus_mpris_handle_pause (BusGenMediaPlayer2Player *skeleton, GDBusMethodInvocation *invocation)
{
  return bus_mpris_press (skeleton, invocation, BUS_BUTTON_PAUSE);
}

/* The one button whose failure is an error: "If CanPause is false … raise an error". */
static gboolean
bus_mpris_handle_play_pause (BusGenMediaPlayer2Player *skeleton, GDBusMethodInvocation *invocation)
{
  g_autoptr (GError) error = NULL;
  if (bus_backend_press (BUS_MPRIS (skeleton)->backend, BUS_BUTTON_PLAY_PAUSE, &error))
    bus_gen_media_player2_player_complete_play_pause (skeleton, invocation);
  else
    g_dbus_method_invocation_return_gerror (invocation, error);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
bus_mpris_handle_stop (BusGenMediaPlayer2Player *skeleton, GDBusMethodInvocation *invocation)
{
  return bus_mpris_press (skeleton, invocation, BUS_BUTTON_STOP);
}

static gboolean
bus_mpris_handle_next (BusGenMediaPlayer2Player *skeleton, GDBusMethodInvocation *invocation)
{
  if (!bus_gen_media_player2_player_get_can_go_next (skeleton))
    return bus_mpris_answer (invocation, NULL);
  return bus_mpris_press (skeleton, invocation, BUS_BUTTON_NEXT);
}

static gboolean
bus_mpris_handle_previous (BusGenMediaPlayer2Player *skeleton, GDBusMethodInvocation *invocation)
{
  if (!bus_gen_media_player2_player_get_can_go_previous (skeleton))
    return bus_mpris_answer (invocation, NULL);
  return bus_mpris_press (skeleton, invocation, BUS_BUTTON_PREVIOUS);
}

/* The sum, or the end of the number line it would have crossed. */
static gint64
bus_mpris_add (gint64 a, gint64 b)
{
  gint64 sum;
  if (!__builtin_add_overflow (a, b, &sum))
    return sum;
  return b < 0 ? G_MININT64 : G_MAXINT64;
}

static gboolean
bus_mpris_handle_seek (BusGenMediaPlayer2Player *skeleton,
                       GDBusMethodInvocation *invocation,
                       gint64 offset_us)
{
  BusMpris *self = BUS_MPRIS (skeleton);
  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (self->controller);
  if (!bus_gen_media_player2_player_get_can_seek (skeleton))
    return bus_mpris_answer (invocation, NULL);

  gint64 target_us = bus_mpris_add (now->offset_us, offset_us);
  gint64 target_ms = MAX (target_us, 0) / BUS_MPRIS_US_PER_MS;
  if (now->duration_ms >= 0 && target_ms > now->duration_ms)
    return bus_mpris_handle_next (skeleton, invocation);

  g_autoptr (GError) error = NULL;
  bus_backend_seek (self->backend, target_ms, &error);
  return bus_mpris_answer (invocation, error);
}

static gboolean
bus_mpris_handle_set_position (BusGenMediaPlayer2Player *skeleton,
                               GDBusMethodInvocation *invocation,
                               const char *track_id,
                               gint64 position_us)
{
  BusMpris *self = BUS_MPRIS (skeleton);
  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (self->controller);
  g_autofree char *current_id = bus_mpris_track_make_id (now);
  gboolean stale = now->item == NULL || g_strcmp0 (track_id, current_id) != 0;
  gboolean beyond
      = position_us < 0
        || (now->duration_ms >= 0 && position_us / BUS_MPRIS_US_PER_MS > now->duration_ms);
  if (!bus_gen_media_player2_player_get_can_seek (skeleton) || stale || beyond)
    return bus_mpris_answer (invocation, NULL);

  g_autoptr (GError) error = NULL;
  bus_backend_seek (self->backend, position_us / BUS_MPRIS_US_PER_MS, &error);
  return bus_mpris_answer (invocation, error);
}

static gboolean
bus_mpris_handle_open_uri (BusGenMediaPlayer2Player *skeleton,
                           GDBusMethodInvocation *invocation,
                           const char *uri)
{
  g_autoptr (GError) error = NULL;
  if (bus_url_check (uri, &error))
    bus_backend_play_url (BUS_MPRIS (skeleton)->backend, uri, 0, &error);
  return bus_mpris_answer (invocation, error);
}

static void
bus_mpris_iface_init (BusGenMediaPlayer2PlayerIface *iface)
{
  iface->handle_play = bus_mpris_handle_play;
  iface->handle_pause = bus_mpris_handle_pause;
  iface->handle_play_pause = bus_mpris_handle_play_pause;
  iface->handle_stop = bus_mpris_handle_stop;
  iface->handle_next = bus_mpris_handle_next;
  iface->handle_previous = bus_mpris_handle_previous;
  iface->handle_seek = bus_mpris_handle_seek;
  iface->handle_set_position = bus_mpris_handle_set_position;
  iface->handle_open_uri = bus_mpris_handle_open_uri;
}

/* Properties. */

static const GDBusInterfaceVTable *
bus_mpris_generated_vtable (BusMpris *self)
{
  return G_DBUS_INTERFACE_SKELETON_CLASS (bus_mpris_parent_class)
      ->get_vtable (G_DBUS_INTERFACE_SKELETON (self));
}

/* The generated code would answer with the position of the last change: it is computed here. */
static GVariant *
bus_mpris_get_property (GDBusConnection *connection,
                        const char *sender,
                        const char *path,
                        const char *interface,
                        const char *name,
                        GError **error,
                        gpointer user_data)
{
  BusMpris *self = BUS_MPRIS (user_data);
  if (bus_mpris_modes_have (name))
    return bus_mpris_modes_get (self->modes, name, error);
  if (g_strcmp0 (name, "Position") != 0)
    return bus_mpris_generated_vtable (self)->get_property (connection, sender, path, interface,
                                                            name, error, user_data);

  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (self->controller);
  return g_variant_new_int64 (now->offset_us);
}

/* A rate of 0 means Pause; other rates than 1 are not offered, and ignored. */
static gboolean
bus_mpris_set_rate (BusMpris *self, double rate, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  if (rate != 0.0 || bus_backend_press (self->backend, BUS_BUTTON_PAUSE, &local_error)
      || bus_mpris_is_harmless (local_error))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
bus_mpris_set_property (GDBusConnection *connection,
                        const char *sender,
                        const char *path,
                        const char *interface,
                        const char *name,
                        GVariant *value,
                        GError **error,
                        gpointer user_data)
{
  BusMpris *self = BUS_MPRIS (user_data);
  if (bus_mpris_modes_have (name))
    return bus_mpris_modes_set (self->modes, name, value, error);
  double number = g_variant_get_double (value);
  if (isnan (number))
    {
      g_set_error (error, BUS_ERROR, BUS_ERROR_INVALID_ARGUMENT, "%s is not a number", name);
      return FALSE;
    }
  if (g_strcmp0 (name, "Rate") == 0)
    return bus_mpris_set_rate (self, number, error);

  player_controller_set_volume (self->controller, CLAMP (number, 0.0, 1.0));
  return TRUE;
}

static GDBusInterfaceVTable *
bus_mpris_get_vtable (GDBusInterfaceSkeleton *skeleton)
{
  return &BUS_MPRIS (skeleton)->vtable;
}

/* Life. */

static void
bus_mpris_dispose (GObject *object)
{
  BusMpris *self = BUS_MPRIS (object);
  g_clear_pointer (&self->modes, bus_mpris_modes_free);
  g_clear_object (&self->controller);
  g_clear_object (&self->backend);
  G_OBJECT_CLASS (bus_mpris_parent_class)->dispose (object);
}

static void
bus_mpris_class_init (BusMprisClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bus_mpris_dispose;
  G_DBUS_INTERFACE_SKELETON_CLASS (klass)->get_vtable = bus_mpris_get_vtable;
}

static void
bus_mpris_init (BusMpris *self)
{
  self->vtable = *bus_mpris_generated_vtable (self);
  self->vtable.get_property = bus_mpris_get_property;
  self->vtable.set_property = bus_mpris_set_property;
  g_object_set (self, "rate", 1.0, "minimum-rate", 1.0, "maximum-rate", 1.0, "can-control", TRUE,
                NULL);
}

/**
 * bus_mpris_new:
 * @controller: what is shown, and the volume
 * @backend: takes the buttons
 *
 * Returns: (transfer full): the interface, not exported yet
 */
BusMpris *
bus_mpris_new (PlayerController *controller, BusBackend *backend)
{
  g_return_val_if_fail (PLAYER_IS_CONTROLLER (controller), NULL);
  g_return_val_if_fail (BUS_IS_BACKEND (backend), NULL);

  BusMpris *self = g_object_new (BUS_TYPE_MPRIS, NULL);
  self->controller = g_object_ref (controller);
  self->backend = g_object_ref (backend);
  self->modes = bus_mpris_modes_new (G_DBUS_INTERFACE_SKELETON (self), backend);
  g_signal_connect_object (backend, "music-changed", G_CALLBACK (bus_mpris_show), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (controller, "changed", G_CALLBACK (bus_mpris_show), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (controller, "seeked", G_CALLBACK (bus_mpris_on_seeked), self,
                           G_CONNECT_SWAPPED);
  bus_mpris_show (self);
  return self;
}

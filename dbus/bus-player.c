/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "bus-player.h"

#include "bus-errors.h"
#include "bus-stream.h"
#include "bus-url.h"

struct _BusPlayer
{
  BusGenSegue1PlayerSkeleton parent_instance;

  PlayerController *controller; /* (owned) */
  BusBackend *backend;          /* (owned) */
  GDBusInterfaceVTable vtable;  /* the generated one, but for the access to properties */
};

static void bus_player_iface_init (BusGenSegue1PlayerIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BusPlayer,
                               bus_player,
                               BUS_GEN_TYPE_SEGUE1_PLAYER_SKELETON,
                               G_IMPLEMENT_INTERFACE (BUS_GEN_TYPE_SEGUE1_PLAYER,
                                                      bus_player_iface_init))

/* What a snapshot shows. */

static void
bus_player_add_text (GVariantBuilder *builder, const char *key, const char *text)
{
  if (text != NULL)
    g_variant_builder_add (builder, "{sv}", key, g_variant_new_string (text));
}

static GVariant *
bus_player_build_metadata (const PlayerMetadata *metadata)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  if (metadata != NULL)
    {
      bus_player_add_text (&builder, "title", metadata->title);
      bus_player_add_text (&builder, "subtitle", metadata->subtitle);
      bus_player_add_text (&builder, "album", metadata->album);
      bus_player_add_text (&builder, "art-url", metadata->art_url);
      bus_player_add_text (&builder, "background-url", metadata->background_url);
    }
  return g_variant_builder_end (&builder);
}

static GVariant *
bus_player_build_queue (const GPtrArray *queue)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ss)"));
  for (guint i = 0; i < queue->len; i++)
    {
      const PlayerItem *item = g_ptr_array_index (queue, i);
      const char *title = item->metadata != NULL ? item->metadata->title : NULL;
      g_variant_builder_add (&builder, "(ss)", item->token, title != NULL ? title : "");
    }
  return g_variant_builder_end (&builder);
}

/* Of an item of a music service the service decides, too. */
static gboolean
bus_player_can_seek (BusPlayer *self, const PlayerSnapshot *now)
{
  BusMusic music;
  bus_backend_get_music (self->backend, &music);
  return now->seekable && (!bus_music_is_shown (&music, now) || music.can_seek);
}

/* The skeleton compares old and new, and signals what differs once for each turn of the main loop.
 */
static void
bus_player_show (BusPlayer *self)
{
  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (self->controller);
  BusGenSegue1Player *shown = BUS_GEN_SEGUE1_PLAYER (self);

  bus_gen_segue1_player_set_player_activity (shown, player_activity_to_string (now->activity));
  bus_gen_segue1_player_set_token (shown, now->item != NULL ? now->item->token : "");
  bus_gen_segue1_player_set_skill (shown, now->item != NULL ? now->item->origin : "");
  bus_gen_segue1_player_set_duration_in_milliseconds (shown, now->duration_ms);
  bus_gen_segue1_player_set_metadata (shown, bus_player_build_metadata (now->metadata));
  bus_gen_segue1_player_set_queue (shown, bus_player_build_queue (now->queue));
  bus_gen_segue1_player_set_can_seek (shown, bus_player_can_seek (self, now));
  bus_gen_segue1_player_set_volume (shown, now->volume);
  bus_gen_segue1_player_set_muted (shown, now->muted);
  bus_gen_segue1_player_set_output_state (shown, player_output_state_to_string (now->output));
  bus_gen_segue1_player_set_output_message (shown,
                                            now->output_message != NULL ? now->output_message : "");
}

/* What belongs to the new position is told before it: who hears of another stream takes it to begin
 * at 0. */
static void
bus_player_on_seeked (BusPlayer *self, gint64 offset_us)
{
  bus_player_show (self);
  g_dbus_interface_skeleton_flush (G_DBUS_INTERFACE_SKELETON (self));
  bus_gen_segue1_player_emit_seeked (BUS_GEN_SEGUE1_PLAYER (self), player_us_to_ms (offset_us));
}

static void
bus_player_on_url_refused (BusPlayer *self, guint64 serial, const char *message)
{
  g_autoptr (PlayerItem) item = player_controller_get_item (self->controller, serial);
  if (item != NULL)
    bus_gen_segue1_player_emit_url_refused (BUS_GEN_SEGUE1_PLAYER (self), item->token, message);
}

/* Properties. */

static const GDBusInterfaceVTable *
bus_player_generated_vtable (BusPlayer *self)
{
  return G_DBUS_INTERFACE_SKELETON_CLASS (bus_player_parent_class)
      ->get_vtable (G_DBUS_INTERFACE_SKELETON (self));
}

/* The generated code would answer with the position of the last change: it is computed here. */
static GVariant *
bus_player_get_property (GDBusConnection *connection,
                         const char *sender,
                         const char *path,
                         const char *interface,
                         const char *name,
                         GError **error,
                         gpointer user_data)
{
  BusPlayer *self = BUS_PLAYER (user_data);
  if (g_strcmp0 (name, "OffsetInMilliseconds") != 0)
    return bus_player_generated_vtable (self)->get_property (connection, sender, path, interface,
                                                             name, error, user_data);

  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (self->controller);
  return g_variant_new_int64 (now->offset_ms);
}

/* The generated code cannot refuse a value. What is shown changes when the controller says so. */
static gboolean
bus_player_set_property (GDBusConnection *connection,
                         const char *sender,
                         const char *path,
                         const char *interface,
                         const char *name,
                         GVariant *value,
                         GError **error,
                         gpointer user_data)
{
  BusPlayer *self = BUS_PLAYER (user_data);
  if (g_strcmp0 (name, "Muted") == 0)
    {
      player_controller_set_muted (self->controller, g_variant_get_boolean (value));
      return TRUE;
    }

  double volume = g_variant_get_double (value);
  /* written so that NaN is refused too */
  if (!(volume >= 0.0 && volume <= 1.0))
    {
      g_set_error (error, BUS_ERROR, BUS_ERROR_INVALID_ARGUMENT,
                   "Volume %g is out of range; allowed: 0.0 to 1.0", volume);
      return FALSE;
    }
  player_controller_set_volume (self->controller, volume);
  return TRUE;
}

static GDBusInterfaceVTable *
bus_player_get_vtable (GDBusInterfaceSkeleton *skeleton)
{
  return &BUS_PLAYER (skeleton)->vtable;
}

/* Methods. */

static gboolean
bus_player_press (BusGenSegue1Player *skeleton, GDBusMethodInvocation *invocation, BusButton button)
{
  g_autoptr (GError) error = NULL;
  if (bus_backend_press (BUS_PLAYER (skeleton)->backend, button, &error))
    g_dbus_method_invocation_return_value (invocation, NULL);
  else
    g_dbus_method_invocation_return_gerror (invocation, error);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
bus_player_handle_play (BusGenSegue1Player *skeleton, GDBusMethodInvocation *invocation)
{
  return bus_player_press (skeleton, invocation, BUS_BUTTON_PLAY);
}

static gboolean
bus_player_handle_pause (BusGenSegue1Player *skeleton, GDBusMethodInvocation *invocation)
{
  return bus_player_press (skeleton, invocation, BUS_BUTTON_PAUSE);
}

static gboolean
bus_player_handle_play_pause (BusGenSegue1Player *skeleton, GDBusMethodInvocation *invocation)
{
  return bus_player_press (skeleton, invocation, BUS_BUTTON_PLAY_PAUSE);
}

static gboolean
bus_player_handle_stop (BusGenSegue1Player *skeleton, GDBusMethodInvocation *invocation)
{
  return bus_player_press (skeleton, invocation, BUS_BUTTON_STOP);
}

static gboolean
bus_player_handle_next (BusGenSegue1Player *skeleton, GDBusMethodInvocation *invocation)
{
  return bus_player_press (skeleton, invocation, BUS_BUTTON_NEXT);
}

static gboolean
bus_player_handle_previous (BusGenSegue1Player *skeleton, GDBusMethodInvocation *invocation)
{
  return bus_player_press (skeleton, invocation, BUS_BUTTON_PREVIOUS);
}

static gboolean
bus_player_handle_seek (BusGenSegue1Player *skeleton,
                        GDBusMethodInvocation *invocation,
                        gint64 position_ms)
{
  g_autoptr (GError) error = NULL;
  if (position_ms < 0)
    g_dbus_method_invocation_return_error (
        invocation, BUS_ERROR, BUS_ERROR_INVALID_ARGUMENT,
        "position %" G_GINT64_FORMAT " ms is out of range; allowed: 0 and more", position_ms);
  else if (bus_backend_seek (BUS_PLAYER (skeleton)->backend, position_ms, &error))
    bus_gen_segue1_player_complete_seek (skeleton, invocation);
  else
    g_dbus_method_invocation_return_gerror (invocation, error);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
bus_player_handle_play_url (BusGenSegue1Player *skeleton,
                            GDBusMethodInvocation *invocation,
                            const char *url,
                            gint64 offset_ms)
{
  g_autoptr (GError) error = NULL;
  if (offset_ms < 0)
    g_dbus_method_invocation_return_error (
        invocation, BUS_ERROR, BUS_ERROR_INVALID_ARGUMENT,
        "offset %" G_GINT64_FORMAT " ms is out of range; allowed: 0 and more", offset_ms);
  else if (bus_url_check (url, &error)
           && bus_backend_play_url (BUS_PLAYER (skeleton)->backend, url, offset_ms, &error))
    bus_gen_segue1_player_complete_play_url (skeleton, invocation);
  else
    g_dbus_method_invocation_return_gerror (invocation, error);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
bus_player_handle_play_stream (BusGenSegue1Player *skeleton,
                               GDBusMethodInvocation *invocation,
                               const char *url,
                               GVariant *options)
{
  g_autoptr (GError) error = NULL;
  PlayerPlayBehavior behavior = PLAYER_PLAY_REPLACE_ALL;
  g_autoptr (PlayerItem) item = bus_stream_parse (url, options, &behavior, &error);
  if (item != NULL
      && bus_backend_play_stream (BUS_PLAYER (skeleton)->backend, item, behavior, &error))
    bus_gen_segue1_player_complete_play_stream (skeleton, invocation);
  else
    g_dbus_method_invocation_return_gerror (invocation, error);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
bus_player_handle_renew_url (BusGenSegue1Player *skeleton,
                             GDBusMethodInvocation *invocation,
                             const char *token,
                             const char *url,
                             GVariant *headers)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PlayerItem) source = bus_stream_parse_source (url, headers, &error);
  if (source != NULL && bus_backend_renew (BUS_PLAYER (skeleton)->backend, token, source, &error))
    bus_gen_segue1_player_complete_renew_url (skeleton, invocation);
  else
    g_dbus_method_invocation_return_gerror (invocation, error);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
bus_player_iface_init (BusGenSegue1PlayerIface *iface)
{
  iface->handle_play = bus_player_handle_play;
  iface->handle_pause = bus_player_handle_pause;
  iface->handle_play_pause = bus_player_handle_play_pause;
  iface->handle_stop = bus_player_handle_stop;
  iface->handle_next = bus_player_handle_next;
  iface->handle_previous = bus_player_handle_previous;
  iface->handle_seek = bus_player_handle_seek;
  iface->handle_play_url = bus_player_handle_play_url;
  iface->handle_play_stream = bus_player_handle_play_stream;
  iface->handle_renew_url = bus_player_handle_renew_url;
}

/* Life. */

static void
bus_player_dispose (GObject *object)
{
  BusPlayer *self = BUS_PLAYER (object);
  g_clear_object (&self->controller);
  g_clear_object (&self->backend);
  G_OBJECT_CLASS (bus_player_parent_class)->dispose (object);
}

static void
bus_player_class_init (BusPlayerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bus_player_dispose;
  G_DBUS_INTERFACE_SKELETON_CLASS (klass)->get_vtable = bus_player_get_vtable;
}

static void
bus_player_init (BusPlayer *self)
{
  self->vtable = *bus_player_generated_vtable (self);
  self->vtable.get_property = bus_player_get_property;
  self->vtable.set_property = bus_player_set_property;
}

/**
 * bus_player_new:
 * @controller: what is shown, volume and mute
 * @backend: takes the buttons
 *
 * Returns: (transfer full): the interface, not exported yet
 */
BusPlayer *
bus_player_new (PlayerController *controller, BusBackend *backend)
{
  g_return_val_if_fail (PLAYER_IS_CONTROLLER (controller), NULL);
  g_return_val_if_fail (BUS_IS_BACKEND (backend), NULL);

  BusPlayer *self = g_object_new (BUS_TYPE_PLAYER, NULL);
  self->controller = g_object_ref (controller);
  self->backend = g_object_ref (backend);
  g_signal_connect_object (controller, "changed", G_CALLBACK (bus_player_show), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (controller, "seeked", G_CALLBACK (bus_player_on_seeked), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (controller, "url-refused", G_CALLBACK (bus_player_on_url_refused), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (backend, "music-changed", G_CALLBACK (bus_player_show), self,
                           G_CONNECT_SWAPPED);
  bus_player_show (self);
  return self;
}

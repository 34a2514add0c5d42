/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "bus-music-player.h"

#include "bus-errors.h"

#define BUS_MUSIC_PLAYER_US_PER_MS 1000
#define BUS_MUSIC_PLAYER_JITTER_MS 100

struct _BusMusicPlayer
{
  BusGenSegue1MusicSkeleton parent_instance;

  PlayerController *controller; /* (owned) */
  BusBackend *backend;          /* (owned) */
  GDBusInterfaceVTable vtable;  /* the generated one, but for reading properties */
};

static void bus_music_player_iface_init (BusGenSegue1MusicIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BusMusicPlayer,
                               bus_music_player,
                               BUS_GEN_TYPE_SEGUE1_MUSIC_SKELETON,
                               G_IMPLEMENT_INTERFACE (BUS_GEN_TYPE_SEGUE1_MUSIC,
                                                      bus_music_player_iface_init))

/* --- What is shown -----------------------------------------------------------------------------
 */

/* Told anew only if it has moved: it may come from a clock that is not the wall's, and differ a little
 * each time. */
static void
show_validity (BusGenSegue1Music *shown, gint64 valid_until_us)
{
  gint64 valid_until_ms = valid_until_us / BUS_MUSIC_PLAYER_US_PER_MS;
  gint64 old_ms = bus_gen_segue1_music_get_valid_until (shown);
  if ((valid_until_ms == 0) != (old_ms == 0)
      || ABS (valid_until_ms - old_ms) > BUS_MUSIC_PLAYER_JITTER_MS)
    bus_gen_segue1_music_set_valid_until (shown, valid_until_ms);
}

static void
show_item (BusGenSegue1Music *shown, const BusMusic *music)
{
  static const char *const nobody[] = { NULL };
  g_autofree const char **authors
      = music->authors != NULL ? g_variant_get_strv (music->authors, NULL) : NULL;

  bus_gen_segue1_music_set_item_id (shown, music->item_id);
  bus_gen_segue1_music_set_kind (shown, music->kind);
  bus_gen_segue1_music_set_title (shown, music->title);
  bus_gen_segue1_music_set_authors (shown, authors != NULL ? authors : nobody);
  bus_gen_segue1_music_set_album (shown, music->album);
  bus_gen_segue1_music_set_art (
      shown,
      music->art != NULL ? music->art : g_variant_new_array (G_VARIANT_TYPE ("(suu)"), NULL, 0));
  bus_gen_segue1_music_set_rating (shown, music->rating);
  bus_gen_segue1_music_set_duration_in_milliseconds (shown, music->duration_ms);
  bus_gen_segue1_music_set_live (shown, music->live);
  show_validity (shown, music->valid_until_us);
}

static void
show_controls (BusGenSegue1Music *shown, const BusMusic *music)
{
  const struct
  {
    const char *name;
    gboolean allowed;
  } controls[] = {
    { "next", music->can_next }, { "previous", music->can_previous },
    { "seek", music->can_seek }, { "shuffle", music->can_shuffle },
    { "loop", music->can_loop }, { "repeat", music->can_repeat },
    { "rate", music->can_rate },
  };
  const char *names[G_N_ELEMENTS (controls) + 1] = { NULL };
  for (guint i = 0, n = 0; i < G_N_ELEMENTS (controls); i++)
    if (controls[i].allowed)
      names[n++] = controls[i].name;

  bus_gen_segue1_music_set_controls (shown, names);
  bus_gen_segue1_music_set_shuffle (shown, music->shuffle);
  bus_gen_segue1_music_set_loop (shown, music->loop);
  bus_gen_segue1_music_set_repeat (shown, music->repeat);
}

static void
bus_music_player_show (BusMusicPlayer *self)
{
  BusGenSegue1Music *shown = BUS_GEN_SEGUE1_MUSIC (self);
  BusMusic music;
  bus_backend_get_music (self->backend, &music);

  bus_gen_segue1_music_set_service (shown, music.service);
  bus_gen_segue1_music_set_link (shown, music.link);
  bus_gen_segue1_music_set_problem (shown, music.problem);
  bus_gen_segue1_music_set_queue_id (shown, music.queue_id);
  bus_gen_segue1_music_set_content_id (shown, music.content_id);
  show_item (shown, &music);
  show_controls (shown, &music);
  bus_gen_segue1_music_set_services (shown, bus_backend_list_music (self->backend));
}

/* --- Properties -------------------------------------------------------------------------------- */

static const GDBusInterfaceVTable *
bus_music_player_generated_vtable (BusMusicPlayer *self)
{
  return G_DBUS_INTERFACE_SKELETON_CLASS (bus_music_player_parent_class)
      ->get_vtable (G_DBUS_INTERFACE_SKELETON (self));
}

/* The offset is computed here: of what is under way the player knows it better. */
static GVariant *
bus_music_player_get_property (GDBusConnection *connection,
                               const char *sender,
                               const char *path,
                               const char *interface,
                               const char *name,
                               GError **error,
                               gpointer user_data)
{
  BusMusicPlayer *self = BUS_MUSIC_PLAYER (user_data);
  if (g_strcmp0 (name, "OffsetInMilliseconds") != 0)
    return bus_music_player_generated_vtable (self)->get_property (
        connection, sender, path, interface, name, error, user_data);
  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (self->controller);
  BusMusic music;
  bus_backend_get_music (self->backend, &music);
  gboolean under_way
      = player_activity_is_active (now->activity) && bus_music_is_shown (&music, now);
  return g_variant_new_int64 (under_way ? now->offset_ms : music.offset_ms);
}

static GDBusInterfaceVTable *
bus_music_player_get_vtable (GDBusInterfaceSkeleton *skeleton)
{
  return &BUS_MUSIC_PLAYER (skeleton)->vtable;
}

/* --- Methods ----------------------------------------------------------------------------------- */

/* Ends every method: the view is the only one that has more to say than that it is done. */
static void
bus_music_player_on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GDBusMethodInvocation *invocation = user_data; /* (owned) by the two below */
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) view = bus_backend_music_finish (BUS_BACKEND (source), result, &error);
  const char *method = g_dbus_method_invocation_get_method_name (invocation);
  /* the queue it would have been of is not there any more */
  if (error == NULL && view == NULL && g_str_equal (method, "GetView"))
    error = g_error_new_literal (BUS_ERROR, BUS_ERROR_SUPERSEDED,
                                 "something else has been asked for meanwhile");
  if (error != NULL)
    g_dbus_method_invocation_return_gerror (invocation, error);
  else
    g_dbus_method_invocation_return_value (
        invocation, view != NULL ? g_variant_new ("(@a(sssxb))", view) : NULL);
}

static gboolean
bus_music_player_handle_play (BusGenSegue1Music *skeleton,
                              GDBusMethodInvocation *invocation,
                              const char *service,
                              GVariant *criteria)
{
  g_autoptr (GError) error = NULL;
  if (bus_music_check_criteria (criteria, &error))
    bus_backend_music_play (BUS_MUSIC_PLAYER (skeleton)->backend, service, criteria,
                            bus_music_player_on_done, invocation);
  else
    g_dbus_method_invocation_return_gerror (invocation, error);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
hand_on (BusGenSegue1Music *skeleton,
         GDBusMethodInvocation *invocation,
         BusMusicAction action,
         const char *argument)
{
  bus_backend_music_do (BUS_MUSIC_PLAYER (skeleton)->backend, action, argument,
                        bus_music_player_on_done, invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
bus_music_player_handle_set_shuffle (BusGenSegue1Music *skeleton,
                                     GDBusMethodInvocation *invocation,
                                     gboolean on)
{
  return hand_on (skeleton, invocation, BUS_MUSIC_SHUFFLE, on ? "on" : "off");
}

static gboolean
bus_music_player_handle_set_loop (BusGenSegue1Music *skeleton,
                                  GDBusMethodInvocation *invocation,
                                  gboolean on)
{
  return hand_on (skeleton, invocation, BUS_MUSIC_LOOP, on ? "on" : "off");
}

static gboolean
bus_music_player_handle_set_repeat (BusGenSegue1Music *skeleton,
                                    GDBusMethodInvocation *invocation,
                                    gboolean on)
{
  return hand_on (skeleton, invocation, BUS_MUSIC_REPEAT, on ? "on" : "off");
}

static gboolean
bus_music_player_handle_feedback (BusGenSegue1Music *skeleton,
                                  GDBusMethodInvocation *invocation,
                                  const char *rating)
{
  if (g_str_equal (rating, "positive") || g_str_equal (rating, "negative"))
    return hand_on (skeleton, invocation, BUS_MUSIC_FEEDBACK, rating);
  g_dbus_method_invocation_return_error (invocation, BUS_ERROR, BUS_ERROR_INVALID_ARGUMENT,
                                         "“%s” is no rating; allowed: positive, negative", rating);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
bus_music_player_handle_jump_to (BusGenSegue1Music *skeleton,
                                 GDBusMethodInvocation *invocation,
                                 const char *item_id)
{
  if (*item_id != '\0')
    return hand_on (skeleton, invocation, BUS_MUSIC_JUMP, item_id);
  g_dbus_method_invocation_return_error (invocation, BUS_ERROR, BUS_ERROR_INVALID_ARGUMENT,
                                         "the id of the item is empty");
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
bus_music_player_handle_get_view (BusGenSegue1Music *skeleton, GDBusMethodInvocation *invocation)
{
  return hand_on (skeleton, invocation, BUS_MUSIC_VIEW, "");
}

static gboolean
bus_music_player_handle_reinitiate (BusGenSegue1Music *skeleton, GDBusMethodInvocation *invocation)
{
  return hand_on (skeleton, invocation, BUS_MUSIC_REINITIATE, "");
}

static void
bus_music_player_iface_init (BusGenSegue1MusicIface *iface)
{
  iface->handle_play = bus_music_player_handle_play;
  iface->handle_set_shuffle = bus_music_player_handle_set_shuffle;
  iface->handle_set_loop = bus_music_player_handle_set_loop;
  iface->handle_set_repeat = bus_music_player_handle_set_repeat;
  iface->handle_feedback = bus_music_player_handle_feedback;
  iface->handle_jump_to = bus_music_player_handle_jump_to;
  iface->handle_get_view = bus_music_player_handle_get_view;
  iface->handle_reinitiate = bus_music_player_handle_reinitiate;
}

/* --- Life -------------------------------------------------------------------------------------- */

static void
bus_music_player_dispose (GObject *object)
{
  BusMusicPlayer *self = BUS_MUSIC_PLAYER (object);
  g_clear_object (&self->controller);
  g_clear_object (&self->backend);
  G_OBJECT_CLASS (bus_music_player_parent_class)->dispose (object);
}

static void
bus_music_player_class_init (BusMusicPlayerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bus_music_player_dispose;
  G_DBUS_INTERFACE_SKELETON_CLASS (klass)->get_vtable = bus_music_player_get_vtable;
}

static void
bus_music_player_init (BusMusicPlayer *self)
{
  self->vtable = *bus_music_player_generated_vtable (self);
  self->vtable.get_property = bus_music_player_get_property;
}

/**
 * bus_music_player_new:
 * @controller: knows where the queue stands while it plays
 * @backend: knows the services and the queue
 *
 * Returns: (transfer full): the interface, not exported yet
 */
BusMusicPlayer *
bus_music_player_new (PlayerController *controller, BusBackend *backend)
{
  g_return_val_if_fail (PLAYER_IS_CONTROLLER (controller), NULL);
  g_return_val_if_fail (BUS_IS_BACKEND (backend), NULL);

  BusMusicPlayer *self = g_object_new (BUS_TYPE_MUSIC_PLAYER, NULL);
  self->controller = g_object_ref (controller);
  self->backend = g_object_ref (backend);
  g_signal_connect_object (backend, "music-changed", G_CALLBACK (bus_music_player_show), self,
                           G_CONNECT_SWAPPED);
  bus_music_player_show (self);
  return self;
}

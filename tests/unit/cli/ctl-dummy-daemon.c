/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-dummy-daemon.h"

#define NAME "org.segue.Segue1"
#define PATH "/org/segue/Segue1"

/* Writes the call down; TRUE if it was answered with an error. */
static gboolean note (CtlDummyDaemon *self, GDBusMethodInvocation *call, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

static gboolean
note (CtlDummyDaemon *self, GDBusMethodInvocation *call, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_string_append_vprintf (self->calls, format, args);
  va_end (args);
  g_string_append_c (self->calls, '\n');
  if (self->error == NULL)
    return FALSE;
  g_dbus_method_invocation_return_dbus_error (call, self->error,
                                              self->words != NULL ? self->words : "for a test");
  return TRUE;
}

static gboolean
on_button (BusGenSegue1Player *player, GDBusMethodInvocation *call, CtlDummyDaemon *self)
{
  if (!note (self, call, "%s", g_dbus_method_invocation_get_method_name (call)))
    g_dbus_method_invocation_return_value (call, NULL);
  return TRUE;
}

static gboolean
on_seek (BusGenSegue1Player *player, GDBusMethodInvocation *call, gint64 ms, CtlDummyDaemon *self)
{
  if (!note (self, call, "Seek %" G_GINT64_FORMAT, ms))
    g_dbus_method_invocation_return_value (call, NULL);
  return TRUE;
}

static gboolean
on_play_url (BusGenSegue1Player *player,
             GDBusMethodInvocation *call,
             const char *url,
             gint64 ms,
             CtlDummyDaemon *self)
{
  if (!note (self, call, "PlayUrl %s %" G_GINT64_FORMAT, url, ms))
    g_dbus_method_invocation_return_value (call, NULL);
  return TRUE;
}

static gboolean
on_play_stream (BusGenSegue1Player *player,
                GDBusMethodInvocation *call,
                const char *url,
                GVariant *options,
                CtlDummyDaemon *self)
{
  g_autofree char *text = g_variant_print (options, FALSE);
  if (!note (self, call, "PlayStream %s %s", url, text))
    g_dbus_method_invocation_return_value (call, NULL);
  return TRUE;
}

static gboolean
on_renew_url (BusGenSegue1Player *player,
              GDBusMethodInvocation *call,
              const char *token,
              const char *url,
              GVariant *headers,
              CtlDummyDaemon *self)
{
  g_autofree char *text = g_variant_print (headers, FALSE);
  if (!note (self, call, "RenewUrl '%s' %s %s", token, url, text))
    g_dbus_method_invocation_return_value (call, NULL);
  return TRUE;
}

static void
answer_id (GDBusMethodInvocation *call)
{
  g_dbus_method_invocation_return_value (call, g_variant_new ("(s)", "id-1"));
}

static gboolean
on_skill (BusGenSegue1Conversation *conversation,
          GDBusMethodInvocation *call,
          const char *skill,
          CtlDummyDaemon *self)
{
  if (note (self, call, "%s %s", g_dbus_method_invocation_get_method_name (call), skill))
    return TRUE;
  if (self->launch_activity != NULL)
    {
      bus_gen_segue1_conversation_emit_request_sent (conversation, skill, "1", "LaunchRequest",
                                                     "{}");
      bus_gen_segue1_conversation_emit_answer_received (conversation, skill, "1", 200, 3, "{}");
      bus_gen_segue1_conversation_emit_activity (conversation, self->launch_activity, "t1", 0);
    }
  answer_id (call);
  return TRUE;
}

static gboolean
on_intent (BusGenSegue1Conversation *conversation,
           GDBusMethodInvocation *call,
           const char *skill,
           const char *intent,
           GVariant *slots,
           CtlDummyDaemon *self)
{
  g_autofree char *text = g_variant_print (slots, FALSE);
  if (!note (self, call, "Intent %s %s %s", skill, intent, text))
    answer_id (call);
  return TRUE;
}

static gboolean
on_built_in (BusGenSegue1Conversation *conversation,
             GDBusMethodInvocation *call,
             const char *skill,
             const char *word,
             CtlDummyDaemon *self)
{
  if (!note (self, call, "BuiltInIntent %s %s", skill, word))
    answer_id (call);
  return TRUE;
}

static gboolean
on_can_fulfill (BusGenSegue1Conversation *conversation,
                GDBusMethodInvocation *call,
                const char *skill,
                const char *intent,
                GVariant *slots,
                CtlDummyDaemon *self)
{
  g_autofree char *text = g_variant_print (slots, FALSE);
  if (note (self, call, "CanFulfill %s %s %s", skill, intent, text))
    return TRUE;
  bus_gen_segue1_conversation_emit_can_fulfill_answered (
      conversation, skill, "id-1",
      g_str_equal (intent, "Mute") ? "" : "{\"canFulfill\":\"MAYBE\"}");
  answer_id (call);
  return TRUE;
}

static gboolean
on_card (BusGenSegue1Conversation *conversation, GDBusMethodInvocation *call, CtlDummyDaemon *self)
{
  if (!note (self, call, "GetLastCard"))
    g_dbus_method_invocation_return_value (call,
                                           g_variant_new ("(ss)", self->card != NULL ? "radio" : "",
                                                          self->card != NULL ? self->card : ""));
  return TRUE;
}

static gboolean
on_handle (BusGenSegue1Conversation *conversation,
           GDBusMethodInvocation *call,
           const char *skill,
           const char *type,
           const char *json,
           CtlDummyDaemon *self)
{
  if (!note (self, call, "HandleResponse %s %s %s", skill, type, json))
    answer_id (call);
  return TRUE;
}

static gboolean
on_music_play (BusGenSegue1Music *music,
               GDBusMethodInvocation *call,
               const char *service,
               GVariant *criteria,
               CtlDummyDaemon *self)
{
  g_autofree char *text = g_variant_print (criteria, FALSE);
  if (!note (self, call, "Play %s %s", service, text))
    g_dbus_method_invocation_return_value (call, NULL);
  return TRUE;
}

static gboolean
on_mode (BusGenSegue1Music *music, GDBusMethodInvocation *call, gboolean on, CtlDummyDaemon *self)
{
  if (!note (self, call, "%s %s", g_dbus_method_invocation_get_method_name (call),
             on ? "true" : "false"))
    g_dbus_method_invocation_return_value (call, NULL);
  return TRUE;
}

/* Feedback and JumpTo. */
static gboolean
on_word (BusGenSegue1Music *music,
         GDBusMethodInvocation *call,
         const char *word,
         CtlDummyDaemon *self)
{
  if (!note (self, call, "%s %s", g_dbus_method_invocation_get_method_name (call), word))
    g_dbus_method_invocation_return_value (call, NULL);
  return TRUE;
}

static gboolean
on_view (BusGenSegue1Music *music, GDBusMethodInvocation *call, CtlDummyDaemon *self)
{
  if (!note (self, call, "GetView"))
    bus_gen_segue1_music_complete_get_view (
        music, call,
        g_variant_new_parsed ("[('i1', 'One', 'Ann, Bob', int64 61000, true),"
                              " ('i2', '', '', -1, false)]"));
  return TRUE;
}

static void
connect_music (CtlDummyDaemon *self)
{
  static const char *const nothing[] = { NULL };
  self->music = bus_gen_segue1_music_skeleton_new ();
  g_object_set (self->music, "service", "", "item-id", "", "controls", nothing, "authors", nothing,
                "services",
                g_variant_new_parsed ("[('shelf', 'https://music.example/', 'linked')]"), NULL);
  g_signal_connect (self->music, "handle-play", G_CALLBACK (on_music_play), self);
  g_signal_connect (self->music, "handle-set-shuffle", G_CALLBACK (on_mode), self);
  g_signal_connect (self->music, "handle-set-loop", G_CALLBACK (on_mode), self);
  g_signal_connect (self->music, "handle-set-repeat", G_CALLBACK (on_mode), self);
  g_signal_connect (self->music, "handle-feedback", G_CALLBACK (on_word), self);
  g_signal_connect (self->music, "handle-jump-to", G_CALLBACK (on_word), self);
  g_signal_connect (self->music, "handle-get-view", G_CALLBACK (on_view), self);
}

static void
fill_properties (CtlDummyDaemon *self)
{
  g_object_set (self->root, "version", "9.9", "locale", "de-DE", "directive-endpoint",
                "http://127.0.0.1:4711", "skills",
                g_variant_new_parsed ("[('radio', 'https://radio.example/', true)]"), NULL);
  g_object_set (self->player, "player-activity", "PAUSED", "token", "track-7",
                "offset-in-milliseconds", G_GINT64_CONSTANT (83000), "duration-in-milliseconds",
                G_GINT64_CONSTANT (125000), "skill", "radio", "can-seek", TRUE, "volume", 0.5,
                "muted", FALSE, "output-state", "idle", "output-message", "", "queue",
                g_variant_new_parsed ("[('track-8', 'Title\\u001b8')]"), "metadata",
                g_variant_new_parsed ("{'title': <'Seventh'>}"), NULL);
}

CtlDummyDaemon *
ctl_dummy_daemon_new (const char *bus_address)
{
  CtlDummyDaemon *self = g_new0 (CtlDummyDaemon, 1);
  g_autoptr (GError) error = NULL;
  self->calls = g_string_new (NULL);
  self->connection = g_dbus_connection_new_for_address_sync (
      bus_address,
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
          | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
      NULL, NULL, &error);
  g_assert_no_error (error);
  self->root = bus_gen_segue1_skeleton_new ();
  self->player = bus_gen_segue1_player_skeleton_new ();
  self->conversation = bus_gen_segue1_conversation_skeleton_new ();
  fill_properties (self);
  connect_music (self);
  static const char *const buttons[] = { "handle-play", "handle-pause", "handle-play-pause",
                                         "handle-stop", "handle-next",  "handle-previous" };
  for (gsize i = 0; i < G_N_ELEMENTS (buttons); i++)
    g_signal_connect (self->player, buttons[i], G_CALLBACK (on_button), self);
  g_signal_connect (self->player, "handle-seek", G_CALLBACK (on_seek), self);
  g_signal_connect (self->player, "handle-play-url", G_CALLBACK (on_play_url), self);
  g_signal_connect (self->player, "handle-play-stream", G_CALLBACK (on_play_stream), self);
  g_signal_connect (self->player, "handle-renew-url", G_CALLBACK (on_renew_url), self);
  g_signal_connect (self->conversation, "handle-launch", G_CALLBACK (on_skill), self);
  g_signal_connect (self->conversation, "handle-end-session", G_CALLBACK (on_skill), self);
  g_signal_connect (self->conversation, "handle-intent", G_CALLBACK (on_intent), self);
  g_signal_connect (self->conversation, "handle-handle-response", G_CALLBACK (on_handle), self);
  g_signal_connect (self->conversation, "handle-built-in-intent", G_CALLBACK (on_built_in), self);
  g_signal_connect (self->conversation, "handle-can-fulfill", G_CALLBACK (on_can_fulfill), self);
  g_signal_connect (self->conversation, "handle-get-last-card", G_CALLBACK (on_card), self);
  gpointer skeletons[] = { self->root, self->player, self->conversation, self->music };
  for (gsize i = 0; i < G_N_ELEMENTS (skeletons); i++)
    {
      g_dbus_interface_skeleton_export (skeletons[i], self->connection, PATH, &error);
      g_assert_no_error (error);
    }
  return self;
}

void
ctl_dummy_daemon_free (CtlDummyDaemon *self)
{
  gpointer skeletons[] = { self->root, self->player, self->conversation, self->music };
  for (gsize i = 0; i < G_N_ELEMENTS (skeletons); i++)
    {
      g_dbus_interface_skeleton_unexport (skeletons[i]);
      g_object_unref (skeletons[i]);
    }
  g_dbus_connection_close_sync (self->connection, NULL, NULL);
  g_object_unref (self->connection);
  g_string_free (self->calls, TRUE);
  g_free (self);
}

static void
call_bus (CtlDummyDaemon *self, const char *method, GVariant *args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      self->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
      method, args, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

void
ctl_dummy_daemon_appear (CtlDummyDaemon *self)
{
  call_bus (self, "RequestName", g_variant_new ("(su)", NAME, 0));
}

void
ctl_dummy_daemon_vanish (CtlDummyDaemon *self)
{
  call_bus (self, "ReleaseName", g_variant_new ("(s)", NAME));
}

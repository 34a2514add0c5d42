/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-commands.h"

#include <glib-unix.h>
#include <stdlib.h>
#include <unistd.h>

#include "ctl-end.h"
#include "ctl-screen.h"
#include "ctl-timeline.h"

#define TICK_MS 1000
/* Without a terminal a position is printed every so many ticks. */
#define TICKS_PER_LINE 3

typedef struct
{
  CtlContext *context;       /* not owned */
  GMainLoop *loop;           /* (owned) */
  GCancellable *cancellable; /* (owned) */
  CtlStyle style;
  CtlScreen screen;
  CtlEnd end;
  GSubprocess *child; /* (owned) (nullable): the command, while it runs */
  char **command;     /* (owned) (nullable): to start once we watch */
  gint64 start_us;
  gint64 last_us;  /* the last signal */
  gint64 limit_ms; /* quiet time that means the end; 0 = never */
  guint n_ticks;
  gboolean all;     /* whether remarks are shown, too */
  gboolean present; /* whether the daemon is there */
  gboolean reading; /* whether a read of the properties is under way */
  gboolean away;    /* whether the output is waited for */
  int status;
} CtlMonitor;

static gint64
now_ms (CtlMonitor *self)
{
  return (g_get_monotonic_time () - self->start_us) / 1000;
}

static void
quit (CtlMonitor *self, int status)
{
  if (self->status == EX_OK)
    self->status = status;
  g_main_loop_quit (self->loop);
}

static void
print_event (CtlMonitor *self, const char *member, GVariant *args)
{
  if (!self->all && !self->context->json && ctl_timeline_is_remark (member, args))
    return;
  g_autofree char *line = self->context->json
                              ? ctl_timeline_json (now_ms (self), member, args)
                              : ctl_timeline_format (&self->style, now_ms (self), member, args);
  if (line != NULL)
    ctl_screen_line (&self->screen, line);
}

static void
print_note (CtlMonitor *self, const char *event, const char *text)
{
  g_autofree char *line = self->context->json
                              ? ctl_timeline_json (now_ms (self), event, NULL)
                              : ctl_timeline_note (&self->style, now_ms (self), text);
  ctl_screen_line (&self->screen, line);
}

static void
show_position (CtlMonitor *self, GVariant *properties)
{
  if (self->context->json)
    {
      g_autofree char *line = ctl_timeline_json (now_ms (self), "Position", properties);
      ctl_screen_line (&self->screen, line);
      return;
    }
  g_autofree char *line = ctl_timeline_position (&self->style, now_ms (self), properties);
  if (self->screen.live)
    ctl_screen_live (&self->screen, line);
  else if (self->n_ticks % TICKS_PER_LINE == 0)
    ctl_screen_line (&self->screen, line);
}

/* The position is never signalled: it is read while something plays. */
static void
on_properties (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply
      = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  CtlMonitor *self = user_data;
  self->reading = FALSE;
  if (reply == NULL) /* the daemon has just gone: the bus tells us of that as well */
    return;
  g_autoptr (GVariant) properties = g_variant_get_child_value (reply, 0);
  const char *activity = NULL;
  g_variant_lookup (properties, "PlayerActivity", "&s", &activity);
  ctl_end_set_activity (&self->end, activity);
  if (self->end.playing && g_strcmp0 (activity, "PAUSED") != 0)
    show_position (self, properties);
}

static void
read_properties (CtlMonitor *self)
{
  if (self->reading)
    return;
  self->reading = TRUE;
  g_dbus_connection_call (
      self->context->connection, CTL_BUS_NAME, CTL_OBJECT_PATH, "org.freedesktop.DBus.Properties",
      "GetAll", g_variant_new ("(s)", CTL_IFACE_PLAYER), G_VARIANT_TYPE ("(a{sv})"),
      G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, self->cancellable, on_properties, self);
}

static gboolean
on_tick (gpointer user_data)
{
  CtlMonitor *self = user_data;
  self->n_ticks++;
  if (self->present && self->end.playing)
    read_properties (self);
  gint64 quiet_ms = (g_get_monotonic_time () - self->last_us) / 1000;
  if (self->limit_ms > 0 && self->child == NULL
      && ctl_end_is_over (&self->end, quiet_ms, self->limit_ms))
    quit (self, self->end.n_failed > 0 ? CTL_EXIT_NOT_NOW : EX_OK);
  return G_SOURCE_CONTINUE;
}

static void
on_signal (GDBusConnection *connection,
           const char *sender,
           const char *path,
           const char *interface,
           const char *member,
           GVariant *args,
           gpointer user_data)
{
  CtlMonitor *self = user_data;
  self->last_us = g_get_monotonic_time ();
  ctl_end_feed (&self->end, member, args);
  print_event (self, member, args);
}

/* What the output does is worth a line where it is waited for, and where that is over. */
static void
on_changed (GDBusConnection *connection,
            const char *sender,
            const char *path,
            const char *interface,
            const char *member,
            GVariant *args,
            gpointer user_data)
{
  CtlMonitor *self = user_data;
  const char *state = NULL;
  const char *message = "";
  if (!g_variant_is_of_type (args, G_VARIANT_TYPE ("(sa{sv}as)")))
    return;
  g_autoptr (GVariant) changed = g_variant_get_child_value (args, 1);
  if (!g_variant_lookup (changed, "OutputState", "&s", &state))
    return;
  g_variant_lookup (changed, "OutputMessage", "&s", &message);
  const gboolean was_away = self->away;
  self->away = g_str_equal (state, "waiting");
  if (!self->away && !was_away)
    return;
  g_autoptr (GVariant) shown = g_variant_ref_sink (
      g_variant_new_parsed ("{'state': <%s>, 'message': <%s>}", state, message));
  print_event (self, "Output", shown);
}

static void
on_music_changed (GDBusConnection *connection,
                  const char *sender,
                  const char *path,
                  const char *interface,
                  const char *member,
                  GVariant *args,
                  gpointer user_data)
{
  if (!g_variant_is_of_type (args, G_VARIANT_TYPE ("(sa{sv}as)")))
    return;
  g_autoptr (GVariant) changed = g_variant_get_child_value (args, 1);
  print_event (user_data, "Music", changed);
}

static guint
watch_properties (CtlMonitor *self, const char *interface, GDBusSignalCallback callback)
{
  return g_dbus_connection_signal_subscribe (self->context->connection, CTL_BUS_NAME,
                                             "org.freedesktop.DBus.Properties", "PropertiesChanged",
                                             CTL_OBJECT_PATH, interface, G_DBUS_SIGNAL_FLAGS_NONE,
                                             callback, self, NULL);
}

static void
on_child_exit (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean ok = g_subprocess_wait_finish (G_SUBPROCESS (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  CtlMonitor *self = user_data;
  g_clear_object (&self->child);
  self->last_us = g_get_monotonic_time ();
  self->end.seen = TRUE;
  GSubprocess *child = G_SUBPROCESS (source);
  gboolean good = ok && g_subprocess_get_if_exited (child)
                  && g_subprocess_get_exit_status (child) == EXIT_SUCCESS;
  if (!good)
    quit (self, ok && g_subprocess_get_if_exited (child) ? g_subprocess_get_exit_status (child)
                                                         : EX_SOFTWARE);
}

/* Starts the command, at the first word from the bus: by then our match rules stand. */
static void
start_command (CtlMonitor *self)
{
  g_auto (GStrv) command = g_steal_pointer (&self->command);
  if (command == NULL)
    return;
  g_autoptr (GError) error = NULL;
  self->child = g_subprocess_newv ((const char *const *)command, G_SUBPROCESS_FLAGS_NONE, &error);
  if (self->child == NULL)
    {
      ctl_complain (self->context, "cannot start \"%s\": %s", command[0], error->message);
      quit (self, EX_NOINPUT);
      return;
    }
  g_subprocess_wait_async (self->child, self->cancellable, on_child_exit, self);
}

static void
on_appeared (GDBusConnection *connection, const char *name, const char *owner, gpointer user_data)
{
  CtlMonitor *self = user_data;
  self->present = TRUE;
  print_note (self, "DaemonAppeared", "segued is there");
  read_properties (self);
  start_command (self);
}

static void
on_vanished (GDBusConnection *connection, const char *name, gpointer user_data)
{
  CtlMonitor *self = user_data;
  gboolean was_present = self->present;
  self->present = FALSE;
  self->end.playing = FALSE;
  self->end.n_speaking = 0;
  g_hash_table_remove_all (self->end.pending);
  if (connection == NULL)
    {
      ctl_complain (self->context, "the bus has gone");
      quit (self, EX_UNAVAILABLE);
      return;
    }
  print_note (self, "DaemonVanished",
              was_present ? "segued has gone; waiting for it" : "waiting for segued");
  if (was_present && self->limit_ms > 0)
    quit (self, EX_UNAVAILABLE);
  start_command (self);
}

static gboolean
on_interrupt (gpointer user_data)
{
  CtlMonitor *self = user_data;
  if (self->child != NULL)
    g_subprocess_send_signal (self->child, SIGTERM);
  quit (self, EX_OK);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_timeout (gpointer user_data)
{
  CtlMonitor *self = user_data;
  ctl_complain (self->context, "not over in the time given");
  quit (self, EX_TEMPFAIL);
  return G_SOURCE_CONTINUE;
}

static void
ctl_monitor_clear (CtlMonitor *self)
{
  g_clear_object (&self->child);
  g_strfreev (self->command);
  ctl_end_clear (&self->end);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->loop, g_main_loop_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CtlMonitor, ctl_monitor_clear)

static void
watch (CtlMonitor *self, double timeout_s)
{
  GDBusConnection *bus = self->context->connection;
  guint subscriptions[] = {
    g_dbus_connection_signal_subscribe (bus, CTL_BUS_NAME, CTL_IFACE_CONVERSATION, NULL,
                                        CTL_OBJECT_PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_signal,
                                        self, NULL),
    g_dbus_connection_signal_subscribe (bus, CTL_BUS_NAME, CTL_IFACE_PLAYER, NULL, CTL_OBJECT_PATH,
                                        NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_signal, self, NULL),
    watch_properties (self, CTL_IFACE_PLAYER, on_changed),
    watch_properties (self, CTL_IFACE_MUSIC, on_music_changed),
  };
  guint name = g_bus_watch_name_on_connection (bus, CTL_BUS_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                               on_appeared, on_vanished, self, NULL);
  guint sources[] = {
    g_timeout_add (TICK_MS, on_tick, self),
    g_unix_signal_add (SIGINT, on_interrupt, self),
    g_unix_signal_add (SIGTERM, on_interrupt, self),
    timeout_s > 0 ? g_timeout_add ((guint)(timeout_s * 1000), on_timeout, self) : 0,
  };
  g_main_loop_run (self->loop);

  ctl_screen_clear (&self->screen);
  g_cancellable_cancel (self->cancellable);
  for (gsize i = 0; i < G_N_ELEMENTS (sources); i++)
    if (sources[i] != 0)
      g_source_remove (sources[i]);
  g_bus_unwatch_name (name);
  for (gsize i = 0; i < G_N_ELEMENTS (subscriptions); i++)
    g_dbus_connection_signal_unsubscribe (bus, subscriptions[i]);
  /* let what was cancelled say so before its data goes */
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

int
ctl_run_monitor (CtlContext *context, int argc, char **argv)
{
  gboolean until_finished = FALSE;
  double quiet_s = 2.0;
  double timeout_s = 0.0;
  g_auto (CtlMonitor) self = { .context = context };
  const GOptionEntry entries[] = {
    { "all", 'a', 0, G_OPTION_ARG_NONE, &self.all, NULL, NULL },
    { "until-finished", 'u', 0, G_OPTION_ARG_NONE, &until_finished, NULL, NULL },
    { "quiet-time", 'q', 0, G_OPTION_ARG_DOUBLE, &quiet_s, NULL, NULL },
    { "timeout", 't', 0, G_OPTION_ARG_DOUBLE, &timeout_s, NULL, NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self.command, NULL, NULL },
    { NULL },
  };
  ctl_end_init (&self.end);
  self.loop = g_main_loop_new (NULL, FALSE);
  self.cancellable = g_cancellable_new ();
  if (!ctl_take_options (context, entries, &argc, &argv))
    return EX_USAGE;
  if (!(quiet_s > 0 && quiet_s <= 3600) || !(timeout_s >= 0 && timeout_s <= 86400))
    return ctl_usage (context, "a time is out of range; allowed: seconds, up to an hour for "
                               "--quiet-time, up to a day for --timeout");
  if (!ctl_context_connect (context))
    return EX_UNAVAILABLE;
  self.limit_ms = until_finished ? (gint64)(quiet_s * 1000) : 0;
  self.style = ctl_style_detect ();
  self.screen.live = self.style.columns > 0 && !context->json;
  self.start_us = self.last_us = g_get_monotonic_time ();
  watch (&self, timeout_s);
  return self.status;
}

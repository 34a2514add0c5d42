/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-context.h"

#include <string.h>

/* Longer than a skill may take: an answer is waited for 8 s, and others may be waiting before it. */
#define CALL_TIMEOUT_MS 60000

void
ctl_context_clear (CtlContext *self)
{
  g_clear_object (&self->connection);
}

void
ctl_complain (const CtlContext *self, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_printerr ("seguectl%s%s: %s\n", self->command != NULL ? " " : "",
              self->command != NULL ? self->command : "", text);
}

int
ctl_usage (const CtlContext *self, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  ctl_complain (self, "%s\nTry \"seguectl %s --help\".", text,
                self->command != NULL ? self->command : "");
  return EX_USAGE;
}

static const char *
bus_name (const CtlContext *self)
{
  return self->bus == G_BUS_TYPE_SYSTEM ? "system" : "session";
}

gboolean
ctl_context_connect (CtlContext *self)
{
  if (self->connection != NULL)
    return TRUE;
  g_autoptr (GError) error = NULL;
  self->connection = g_bus_get_sync (self->bus, NULL, &error);
  if (self->connection == NULL)
    ctl_complain (
        self, "there is no %s bus here: %s%s", bus_name (self), error->message,
        self->bus == G_BUS_TYPE_SYSTEM
            ? ""
            : "\nA login through systemd has one, and \"dbus-run-session\" makes one; the segued "
              "of the system is reached by \"seguectl --system\".");
  else
    g_dbus_connection_set_exit_on_close (self->connection, FALSE);
  return self->connection != NULL;
}

static void
complain_absent (CtlContext *self)
{
  ctl_complain (self,
                "segued is not running on the %s bus.\n"
                "Start it with \"systemctl %sstart segued\", or run \"segued%s\" in a terminal%s.",
                bus_name (self), self->bus == G_BUS_TYPE_SYSTEM ? "" : "--user ",
                self->bus == G_BUS_TYPE_SYSTEM ? " --system" : "",
                self->bus == G_BUS_TYPE_SYSTEM ? "" : " (on the system bus: seguectl --system)");
}

/* The bus was asked to start it, and waited in vain. */
static void
complain_unstarted (CtlContext *self, const GError *error)
{
  gboolean system = self->bus == G_BUS_TYPE_SYSTEM;
  g_autoptr (GError) plain = g_error_copy (error);
  g_dbus_error_strip_remote_error (plain);
  ctl_complain (
      self,
      "segued cannot be started: %s\n"
      "\"systemctl %sstatus segued\" tells why, and \"segued%s --check-config\" what is wrong "
      "with its configuration.",
      plain->message, system ? "" : "--user ", system ? " --system" : "");
}

static gpointer
get_proxy (CtlContext *self, GType type, const char *iface)
{
  if (!ctl_context_connect (self))
    return NULL;
  g_autoptr (GError) error = NULL;
  GDBusProxyFlags flags
      = self->activate ? G_DBUS_PROXY_FLAGS_NONE : G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START;
  g_autoptr (GInitable) proxy
      = g_initable_new (type, NULL, &error, "g-flags", flags, "g-name", CTL_BUS_NAME,
                        "g-connection", self->connection, "g-object-path", CTL_OBJECT_PATH,
                        "g-interface-name", iface, "g-default-timeout", CALL_TIMEOUT_MS, NULL);
  if (proxy == NULL)
    {
      if (self->activate && strstr (error->message, "StartServiceByName") != NULL)
        complain_unstarted (self, error);
      else
        ctl_explain (self, error);
      return NULL;
    }
  g_autofree char *owner = g_dbus_proxy_get_name_owner (G_DBUS_PROXY (proxy));
  if (owner == NULL)
    {
      complain_absent (self);
      return NULL;
    }
  return g_steal_pointer (&proxy);
}

BusGenSegue1 *
ctl_context_get_root (CtlContext *self)
{
  return get_proxy (self, BUS_GEN_TYPE_SEGUE1_PROXY, CTL_BUS_NAME);
}

BusGenSegue1Player *
ctl_context_get_player (CtlContext *self)
{
  return get_proxy (self, BUS_GEN_TYPE_SEGUE1_PLAYER_PROXY, CTL_IFACE_PLAYER);
}

BusGenSegue1Conversation *
ctl_context_get_conversation (CtlContext *self)
{
  return get_proxy (self, BUS_GEN_TYPE_SEGUE1_CONVERSATION_PROXY, CTL_IFACE_CONVERSATION);
}

BusGenSegue1Music *
ctl_context_get_music (CtlContext *self)
{
  return get_proxy (self, BUS_GEN_TYPE_SEGUE1_MUSIC_PROXY, CTL_IFACE_MUSIC);
}

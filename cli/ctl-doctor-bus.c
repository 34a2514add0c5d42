/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-doctor.h"

#include <unistd.h>

#define BUS_TIMEOUT_MS 5000
/* The service manager may take its time to start it. */
#define START_TIMEOUT_MS 30000
#define DBUS "org.freedesktop.DBus"
#define SYSTEMD "org.freedesktop.systemd1"

static gboolean
is_system (const CtlContext *context)
{
  return context->bus == G_BUS_TYPE_SYSTEM;
}

/* A call of the bus itself. (transfer full) (nullable) */
static GVariant *
ask_bus (GDBusConnection *bus, const char *method, GVariant *args, const char *type, GError **error)
{
  return g_dbus_connection_call_sync (bus, DBUS, "/org/freedesktop/DBus", DBUS, method, args,
                                      G_VARIANT_TYPE (type), G_DBUS_CALL_FLAGS_NONE,
                                      START_TIMEOUT_MS, NULL, error);
}

static gboolean
has_daemon (GDBusConnection *bus)
{
  g_autoptr (GVariant) reply
      = ask_bus (bus, "NameHasOwner", g_variant_new ("(s)", CTL_BUS_NAME), "(b)", NULL);
  gboolean owned = FALSE;
  if (reply != NULL)
    g_variant_get (reply, "(b)", &owned);
  return owned;
}

static gboolean
can_be_started (GDBusConnection *bus)
{
  g_autoptr (GVariant) reply = ask_bus (bus, "ListActivatableNames", NULL, "(as)", NULL);
  g_autofree const char **names = NULL;
  if (reply != NULL)
    g_variant_get (reply, "(^a&s)", &names);
  return names != NULL && g_strv_contains (names, CTL_BUS_NAME);
}

/* --- The unit ----------------------------------------------------------------------------------
 */

/* (transfer full) (nullable): property @name of the unit at @path. */
static char *
get_unit_property (GDBusConnection *bus, const char *path, const char *iface, const char *name)
{
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      bus, SYSTEMD, path, DBUS ".Properties", "Get", g_variant_new ("(ss)", iface, name),
      G_VARIANT_TYPE ("(v)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, BUS_TIMEOUT_MS, NULL, NULL);
  g_autoptr (GVariant) value = NULL;
  if (reply != NULL)
    g_variant_get (reply, "(v)", &value);
  return value != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE_STRING)
             ? g_variant_dup_string (value, NULL)
             : NULL;
}

/* What the service manager says of it, if there is one. */
static void
check_unit (CtlDoctor *self, const CtlContext *context)
{
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      context->connection, SYSTEMD, "/org/freedesktop/systemd1", SYSTEMD ".Manager", "LoadUnit",
      g_variant_new ("(s)", "segued.service"), G_VARIANT_TYPE ("(o)"),
      G_DBUS_CALL_FLAGS_NO_AUTO_START, BUS_TIMEOUT_MS, NULL, NULL);
  const char *path = NULL;
  if (reply == NULL)
    return;
  g_variant_get (reply, "(&o)", &path);
  g_autofree char *load
      = get_unit_property (context->connection, path, SYSTEMD ".Unit", "LoadState");
  g_autofree char *state
      = get_unit_property (context->connection, path, SYSTEMD ".Unit", "ActiveState");
  g_autofree char *result
      = get_unit_property (context->connection, path, SYSTEMD ".Service", "Result");
  if (g_strcmp0 (load, "loaded") != 0 || state == NULL)
    return;
  g_autofree char *text = g_strdup_printf (
      "the service is %s%s%s", state, g_strcmp0 (result, "success") == 0 ? "" : ": ",
      g_strcmp0 (result, "success") == 0 || result == NULL ? "" : result);
  ctl_doctor_add (self, "unit", "segued.service",
                  g_strcmp0 (state, "failed") == 0 ? CTL_VERDICT_PROBLEM : CTL_VERDICT_NOTICE, text,
                  is_system (context) ? "see why: systemctl status segued"
                                      : "see why: systemctl --user status segued");
}

/* --- The daemon --------------------------------------------------------------------------------
 */

/* It may serve the other bus. */
static void
look_elsewhere (CtlDoctor *self, const CtlContext *context)
{
  g_autoptr (GDBusConnection) other
      = g_bus_get_sync (is_system (context) ? G_BUS_TYPE_SESSION : G_BUS_TYPE_SYSTEM, NULL, NULL);
  if (other == NULL)
    return;
  g_dbus_connection_set_exit_on_close (other, FALSE);
  if (has_daemon (other))
    ctl_doctor_add (self, "daemon", "", CTL_VERDICT_NOTICE,
                    is_system (context) ? "segued runs in your session"
                                        : "segued runs as a service of the system",
                    is_system (context) ? "seguectl doctor" : "seguectl --system doctor");
}

static gboolean
start_daemon (CtlDoctor *self, const CtlContext *context)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = ask_bus (context->connection, "StartServiceByName",
                                        g_variant_new ("(su)", CTL_BUS_NAME, 0), "(u)", &error);
  if (reply != NULL)
    {
      ctl_doctor_add (self, "daemon", "", CTL_VERDICT_OK, "segued has been started by this", "");
      return TRUE;
    }
  g_dbus_error_strip_remote_error (error);
  g_autofree char *text = g_strdup_printf ("segued cannot be started: %s", error->message);
  ctl_doctor_add (self, "daemon", "", CTL_VERDICT_PROBLEM, text,
                  is_system (context) ? "what is wrong with its configuration: segued --system "
                                        "--check-config; its log: journalctl -u segued"
                                      : "what is wrong with its configuration: segued "
                                        "--check-config; its log: journalctl --user -u segued");
  return FALSE;
}

static gboolean
connect_bus (CtlDoctor *self, CtlContext *context)
{
  g_autoptr (GError) error = NULL;
  context->connection = g_bus_get_sync (context->bus, NULL, &error);
  if (context->connection == NULL)
    {
      g_autofree char *text = g_strdup_printf ("there is none here: %s", error->message);
      ctl_doctor_add (
          self, "bus", is_system (context) ? "system" : "session", CTL_VERDICT_PROBLEM, text,
          is_system (context) ? "install and start dbus"
                              : "log in through systemd, or use dbus-run-session(1); the "
                                "segued of the system is reached by seguectl --system");
      return FALSE;
    }
  g_dbus_connection_set_exit_on_close (context->connection, FALSE);
  ctl_doctor_add (self, "bus", is_system (context) ? "system" : "session", CTL_VERDICT_OK,
                  "it answers", "");
  return TRUE;
}

gboolean
ctl_doctor_find_daemon (CtlDoctor *self, CtlContext *context)
{
  if (!connect_bus (self, context))
    {
      look_elsewhere (self, context);
      return FALSE;
    }
  if (has_daemon (context->connection))
    {
      ctl_doctor_add (self, "daemon", "", CTL_VERDICT_OK, "segued runs", "");
      return TRUE;
    }
  if (can_be_started (context->connection) && start_daemon (self, context))
    return TRUE;
  if (self->problems == 0)
    ctl_doctor_add (self, "daemon", "", CTL_VERDICT_PROBLEM,
                    "segued does not run, and the bus does not know how to start it",
                    is_system (context) ? "systemctl start segued"
                                        : "systemctl --user start segued");
  check_unit (self, context);
  look_elsewhere (self, context);
  return FALSE;
}

/* --- Rights ------------------------------------------------------------------------------------
 */

/* Whether the bus lets the call through: its answer does not matter. */
static gboolean
may_call (const CtlContext *context, const char *iface, const char *method, GVariant *args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      context->connection, CTL_BUS_NAME, CTL_OBJECT_PATH, iface, method, args, NULL,
      G_DBUS_CALL_FLAGS_NO_AUTO_START, BUS_TIMEOUT_MS, NULL, &error);
  return !g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED);
}

/* Each is asked by a call that cannot do anything: its arguments are not valid. */
void
ctl_doctor_check_rights (CtlDoctor *self, CtlContext *context)
{
  gboolean look = may_call (context, DBUS ".Properties", "Get",
                            g_variant_new ("(ss)", CTL_BUS_NAME, "Version"));
  gboolean control
      = may_call (context, CTL_IFACE_PLAYER, "Seek", g_variant_new ("(x)", (gint64)-1));
  gboolean inject
      = may_call (context, CTL_IFACE_PLAYER, "PlayUrl", g_variant_new ("(sx)", "", (gint64)-1));
  if (look && control && inject)
    ctl_doctor_add (self, "rights", "", CTL_VERDICT_OK,
                    "you may look, control, and play any stream", "");
  else if (look && control)
    ctl_doctor_add (self, "rights", "", CTL_VERDICT_NOTICE,
                    "you may look and control, but not play any stream",
                    "the policy of the bus grants that: org.segue.Segue1.conf");
  else
    ctl_doctor_add (
        self, "rights", "", CTL_VERDICT_PROBLEM,
        look ? "you may look, but not control segued" : "you may not even look",
        "add yourself to the group segue and log in anew: sudo usermod -aG segue $USER");
}

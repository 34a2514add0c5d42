/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "bus-rights.h"

#include <grp.h>
#include <unistd.h>

#define GROUP_BUFFER_BYTES 4096

/* FALSE: there is none. */
static gboolean
find_group (const char *name, gid_t *id)
{
  g_autofree char *buffer = g_malloc (GROUP_BUFFER_BYTES);
  struct group entry;
  struct group *found = NULL;

  if (getgrnam_r (name, &entry, buffer, GROUP_BUFFER_BYTES, &found) != 0 || found == NULL)
    return FALSE;
  *id = found->gr_gid;
  return TRUE;
}

static gboolean
is_member (GVariant *credentials, gid_t wanted)
{
  g_autoptr (GVariant) list
      = g_variant_lookup_value (credentials, "UnixGroupIDs", G_VARIANT_TYPE ("au"));
  gsize n = 0;
  const guint32 *ids = list != NULL ? g_variant_get_fixed_array (list, &n, sizeof (guint32)) : NULL;

  for (gsize i = 0; i < n; i++)
    if (ids[i] == wanted)
      return TRUE;
  return FALSE;
}

static gboolean
has_right (GVariant *credentials, const char *group)
{
  guint32 user;
  gid_t wanted;

  if (!g_variant_lookup (credentials, "UnixUserID", "u", &user))
    return FALSE;
  return user == 0 || user == getuid ()
         || (group != NULL && find_group (group, &wanted) && is_member (credentials, wanted));
}

static void
on_credentials (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const char *group = g_task_get_task_data (task);
  g_autoptr (GVariant) answer
      = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  g_autoptr (GVariant) credentials = answer != NULL ? g_variant_get_child_value (answer, 0) : NULL;

  if (credentials != NULL && has_right (credentials, group))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED,
                             "Access denied: to name a skill by its URL is for root and members of "
                             "group %s",
                             group != NULL ? group : "(none)");
}

void
bus_rights_check (GDBusConnection *connection,
                  const char *sender,
                  const char *group,
                  GAsyncReadyCallback callback,
                  gpointer user_data)
{
  GTask *task = g_task_new (connection, NULL, callback, user_data);

  g_task_set_task_data (task, g_strdup (group), g_free);
  g_dbus_connection_call (connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                          "org.freedesktop.DBus", "GetConnectionCredentials",
                          g_variant_new ("(s)", sender), G_VARIANT_TYPE ("(a{sv})"),
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, on_credentials, task);
}

gboolean
bus_rights_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

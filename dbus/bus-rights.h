/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SECTION:bus-rights
 *
 * The right to inject, where the bus cannot judge: it sees the name of a method, not its arguments.
 * Root, the user of this process and members of a group have it; so on a session bus everybody has.
 */

/* Whether @sender has it. @group: (nullable): nobody but root and the user. Asks the bus. */
void bus_rights_check (GDBusConnection *connection,
                       const char *sender,
                       const char *group,
                       GAsyncReadyCallback callback,
                       gpointer user_data);

/* @error: G_DBUS_ERROR_ACCESS_DENIED, also if the bus does not know. */
gboolean bus_rights_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

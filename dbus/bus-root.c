/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "bus-root.h"

struct _BusRoot
{
  BusGenSegue1Skeleton parent_instance;

  BusBackend *backend;         /* (owned) */
  GDBusInterfaceVTable vtable; /* the generated one, but for setting properties */
};

static void bus_root_iface_init (BusGenSegue1Iface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BusRoot,
                               bus_root,
                               BUS_GEN_TYPE_SEGUE1_SKELETON,
                               G_IMPLEMENT_INTERFACE (BUS_GEN_TYPE_SEGUE1, bus_root_iface_init))

/* Methods. */

static void
bus_root_on_diagnosed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GDBusMethodInvocation) invocation = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) findings
      = bus_backend_diagnose_finish (BUS_BACKEND (source), result, &error);
  if (findings == NULL)
    g_dbus_method_invocation_return_gerror (invocation, error);
  else
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(@a(sssss))", findings));
}

static gboolean
bus_root_diagnose (BusGenSegue1 *root, GDBusMethodInvocation *invocation)
{
  bus_backend_diagnose (BUS_ROOT (root)->backend, bus_root_on_diagnosed, g_object_ref (invocation));
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
bus_root_iface_init (BusGenSegue1Iface *iface)
{
  iface->handle_diagnose = bus_root_diagnose;
}

/* Life and properties. */

static void
bus_root_dispose (GObject *object)
{
  BusRoot *self = BUS_ROOT (object);
  g_clear_object (&self->backend);
  G_OBJECT_CLASS (bus_root_parent_class)->dispose (object);
}

/* Of Locale, the only one that may be set. The generated code cannot refuse a value. */
static gboolean
bus_root_set_property (GDBusConnection *connection,
                       const char *sender,
                       const char *path,
                       const char *interface,
                       const char *name,
                       GVariant *value,
                       GError **error,
                       gpointer user_data)
{
  return bus_backend_set_locale (BUS_ROOT (user_data)->backend, g_variant_get_string (value, NULL),
                                 error);
}

static GDBusInterfaceVTable *
bus_root_get_vtable (GDBusInterfaceSkeleton *skeleton)
{
  return &BUS_ROOT (skeleton)->vtable;
}

static void
bus_root_class_init (BusRootClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bus_root_dispose;
  G_DBUS_INTERFACE_SKELETON_CLASS (klass)->get_vtable = bus_root_get_vtable;
}

static void
bus_root_init (BusRoot *self)
{
  self->vtable = *G_DBUS_INTERFACE_SKELETON_CLASS (bus_root_parent_class)
                      ->get_vtable (G_DBUS_INTERFACE_SKELETON (self));
  self->vtable.set_property = bus_root_set_property;
}

static void
bus_root_show_locale (BusRoot *self)
{
  bus_gen_segue1_set_locale (BUS_GEN_SEGUE1 (self), bus_backend_get_locale (self->backend));
}

static void
bus_root_show_skills (BusRoot *self)
{
  bus_gen_segue1_set_skills (BUS_GEN_SEGUE1 (self), bus_backend_list_skills (self->backend));
}

static void
bus_root_show_reports (BusRoot *self)
{
  BusReports reports;
  bus_backend_get_reports (self->backend, &reports);
  g_object_set (self, "reports-waiting", reports.waiting, "reports-refused", reports.refused,
                "reports-dropped", reports.dropped, NULL);
}

/**
 * bus_root_new:
 * @backend: knows the skills and the locale
 * @version: version of the daemon
 *
 * Returns: (transfer full): the interface, not exported yet
 */
BusRoot *
bus_root_new (BusBackend *backend, const char *version)
{
  g_return_val_if_fail (BUS_IS_BACKEND (backend), NULL);
  g_return_val_if_fail (version != NULL, NULL);

  BusRoot *self = g_object_new (BUS_TYPE_ROOT, "version", version, "directive-endpoint",
                                bus_backend_get_directive_endpoint (backend), NULL);
  self->backend = g_object_ref (backend);
  g_signal_connect_object (backend, "skills-changed", G_CALLBACK (bus_root_show_skills), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (backend, "locale-changed", G_CALLBACK (bus_root_show_locale), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (backend, "reports-changed", G_CALLBACK (bus_root_show_reports), self,
                           G_CONNECT_SWAPPED);
  bus_root_show_skills (self);
  bus_root_show_locale (self);
  bus_root_show_reports (self);
  return self;
}

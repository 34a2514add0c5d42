/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "bus-root.h"

struct _BusRoot
{
  BusGenSegue1Skeleton parent_instance;

  BusBackend *backend; /* (owned) */
};

G_DEFINE_FINAL_TYPE (BusRoot, bus_root, BUS_GEN_TYPE_SEGUE1_SKELETON)

static void
bus_root_dispose (GObject *object)
{
  BusRoot *self = BUS_ROOT (object);
  g_clear_object (&self->backend);
  G_OBJECT_CLASS (bus_root_parent_class)->dispose (object);
}

static void
bus_root_class_init (BusRootClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bus_root_dispose;
}

static void
bus_root_init (BusRoot *self)
{
}

static void
bus_root_show_skills (BusRoot *self)
{
  bus_gen_segue1_set_skills (BUS_GEN_SEGUE1 (self), bus_backend_list_skills (self->backend));
}

/**
 * bus_root_new:
 * @backend: knows the skills
 * @version: version of the daemon
 * @locale: locale sent to skills
 *
 * Returns: (transfer full): the interface, not exported yet
 */
BusRoot *
bus_root_new (BusBackend *backend, const char *version, const char *locale)
{
  g_return_val_if_fail (BUS_IS_BACKEND (backend), NULL);
  g_return_val_if_fail (version != NULL && locale != NULL, NULL);

  BusRoot *self = g_object_new (BUS_TYPE_ROOT, "version", version, "locale", locale, NULL);
  self->backend = g_object_ref (backend);
  g_signal_connect_object (backend, "skills-changed", G_CALLBACK (bus_root_show_skills), self,
                           G_CONNECT_SWAPPED);
  bus_root_show_skills (self);
  return self;
}

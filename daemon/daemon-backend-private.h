/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-backend.h"

G_BEGIN_DECLS

struct _DaemonBackend
{
  GObject parent;
  DaemonContext *context; /* (owned) */
  DaemonSkills *skills;   /* (owned) */
  DaemonMusic *music;     /* (owned) */
  GPtrArray *patients; /* (owned) (element-type GTask): who waits for the diagnosis that is made */
  gboolean closing;
};

/* Fills in what is asked of music services. */
void daemon_backend_init_music (BusBackendInterface *iface);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "bus-generated.h"

G_BEGIN_DECLS

/**
 * CtlDummyDaemon:
 *
 * A segued that only writes down what it was asked: "Launch radio", "Seek 83000" …
 * While @error is set, every call ends with it.
 * With @launch_activity, Launch signals a request, its answer and that activity.
 */
typedef struct
{
  GDBusConnection *connection;            /* (owned) */
  BusGenSegue1 *root;                     /* (owned) */
  BusGenSegue1Player *player;             /* (owned) */
  BusGenSegue1Conversation *conversation; /* (owned) */
  BusGenSegue1Music *music;               /* (owned): no queue */
  GString *calls;                         /* (owned): one a line */
  const char *error;                      /* (nullable): D-Bus error name */
  const char *words;                      /* (nullable): of that error */
  const char *launch_activity;            /* (nullable) */
  const char *card;                       /* (nullable): what GetLastCard tells */
} CtlDummyDaemon;

CtlDummyDaemon *ctl_dummy_daemon_new (const char *bus_address);
void ctl_dummy_daemon_free (CtlDummyDaemon *self);
/* Takes or gives back the bus name, and waits until that is done. */
void ctl_dummy_daemon_appear (CtlDummyDaemon *self);
void ctl_dummy_daemon_vanish (CtlDummyDaemon *self);

G_END_DECLS

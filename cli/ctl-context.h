/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>
#include <sysexits.h>

#include "bus-generated.h"

G_BEGIN_DECLS

#define CTL_BUS_NAME "org.segue.Segue1"
#define CTL_OBJECT_PATH "/org/segue/Segue1"
#define CTL_IFACE_PLAYER "org.segue.Segue1.Player"
#define CTL_IFACE_MUSIC "org.segue.Segue1.Music"
#define CTL_IFACE_CONVERSATION "org.segue.Segue1.Conversation"

/* Exit status when the daemon is there, but what was asked for cannot be done now. */
#define CTL_EXIT_NOT_NOW 1

/**
 * CtlContext:
 * @bus: the bus the daemon is looked for on
 * @json: whether results are printed as JSON
 * @activate: whether the bus may start the daemon for this command
 * @command: name of the command, for messages
 *
 * What every command gets from the command line.
 */
typedef struct
{
  GBusType bus;
  gboolean json;
  gboolean activate;
  const char *command;
  GDBusConnection *connection; /* (owned) (nullable): by ctl_context_connect() */
} CtlContext;

void ctl_context_clear (CtlContext *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CtlContext, ctl_context_clear)

/* Connects to the bus; on failure says why. */
gboolean ctl_context_connect (CtlContext *self);

/* A proxy of the running daemon with fresh properties, or NULL: then it has been said why, and the
 * exit status is EX_UNAVAILABLE. */
BusGenSegue1 *ctl_context_get_root (CtlContext *self);
BusGenSegue1Player *ctl_context_get_player (CtlContext *self);
BusGenSegue1Conversation *ctl_context_get_conversation (CtlContext *self);
BusGenSegue1Music *ctl_context_get_music (CtlContext *self);

/* Prints "seguectl COMMAND: message" on standard error. */
void ctl_complain (const CtlContext *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* Complains about wrong usage and returns EX_USAGE. */
int ctl_usage (const CtlContext *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* Says in plain words what a failed call means; returns the exit status. */
int ctl_explain (const CtlContext *self, const GError *error);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-notify.h"
#include "daemon-options.h"
#include "daemon-service.h"

G_BEGIN_DECLS

/**
 * DaemonReloader:
 *
 * Reads the configuration anew when SIGHUP comes: wholly, in a thread. If anything in it is wrong, each
 * fault is logged with file and line, and the one before holds as a whole; else the service takes it.
 * The service manager is told when it begins and when it is over.
 */
typedef struct _DaemonReloader DaemonReloader;

/* Nothing is owned; all has to live on until free(), and @options beyond that. */
DaemonReloader *
daemon_reloader_new (DaemonService *service, DaemonNotify *notify, const DaemonOptions *options);
void daemon_reloader_free (DaemonReloader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonReloader, daemon_reloader_free)

G_END_DECLS

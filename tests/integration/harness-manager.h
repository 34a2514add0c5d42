/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * HarnessManager:
 *
 * What a daemon takes for its service manager: a notification socket, named in the environment of this
 * process, and so of each daemon that is started while it lives. Listens whenever the main context is
 * iterated.
 */
typedef struct _HarnessManager HarnessManager;

/* @watchdog_ms: the daemon is to be heard of so often; 0: it need not. */
HarnessManager *harness_manager_new (guint watchdog_ms);
void harness_manager_free (HarnessManager *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HarnessManager, harness_manager_free)

/* How often the watchdog has been fed. */
guint harness_manager_count_pings (HarnessManager *self);
/* Waits until a message (but for the watchdog's) that contains @text has come; looks from behind the one
 * found last on. Returns: (transfer none): that message. */
const char *harness_manager_expect (HarnessManager *self, const char *text);
/* Whether one that contains @text has come, behind the one found last. */
gboolean harness_manager_has (HarnessManager *self, const char *text);

G_END_DECLS

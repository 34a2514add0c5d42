/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Registers "seguestall every=N ms=M": each N-th buffer is held up for so long, as on a machine that has
 * no time; all sinks behind it run dry. */
gboolean gst_stall_register (void);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* From here on what this process knows does not get into core files: none is written, and where a program
 * takes the core in place of a file, no memory is in it. To be called before anything secret is read.
 * Whoever wants to see more starts the daemon in a debugger. */
void daemon_secrecy_begin (void);

G_END_DECLS

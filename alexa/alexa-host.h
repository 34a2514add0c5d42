/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether @host, of a URL without brackets, is this very machine: 127.0.0.0/8, ::1, localhost and
 * names below it (RFC 6761 section 6.3). No name is looked up. */
gboolean alexa_host_is_loopback (const char *host);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Finds Range in the header block of a first request on a connection (RFC 7541): the first byte that is
 * wanted; 0 if there is none. */
guint64 http2_range_find (const guint8 *block, gsize length);

G_END_DECLS

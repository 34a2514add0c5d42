/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The schemes of URLs that a caller on the bus may hand over for playing; ends with %NULL. */
const char *const *bus_url_schemes (void);

/* Whether @url is absolute and of one of those schemes. @error: %BUS_ERROR_INVALID_ARGUMENT. */
gboolean bus_url_check (const char *url, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full): the URL without user, query and fragment, which may be secret: the token of a stream
 * that has no other, which everybody sees. */
char *bus_url_redact (const char *url);

G_END_DECLS

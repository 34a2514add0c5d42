/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* (transfer full): @n (up to 256) random characters of RFC 4648 base 32. */
char *daemon_random_base32 (gsize n);

/* (transfer full): 64 of them, a key that nobody guesses. */
char *daemon_random_token (void);

G_END_DECLS

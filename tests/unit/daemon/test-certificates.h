/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * test_certificates_make:
 * @dir: where to put them
 *
 * Writes ca.pem, a certificate authority; server.pem, a certificate of that authority for 127.0.0.1
 * with its key; expired.pem, the same but expired; future.pem, not valid yet; and other-ca.pem, an authority that signed
 * neither.
 */
void test_certificates_make (const char *dir);
/* Removes them, and @dir. */
void test_certificates_remove (const char *dir);

G_END_DECLS

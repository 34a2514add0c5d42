/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TlsRelay:
 *
 * Makes of a server on 127.0.0.1 that speaks HTTP one that speaks HTTPS at another address of this
 * machine, so that a skill is not on a loopback address.
 */
typedef struct _TlsRelay TlsRelay;

/* @address: to listen at; @certificate: PEM file with its key. */
TlsRelay *tls_relay_new (const char *address, const char *certificate);
void tls_relay_free (TlsRelay *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlsRelay, tls_relay_free)

/* "https://ADDRESS:PORT/" */
const char *tls_relay_get_url (TlsRelay *self);
/* What comes goes to @port of 127.0.0.1; 0: is closed at once, as at first. */
void tls_relay_set_target (TlsRelay *self, guint16 port);

G_END_DECLS

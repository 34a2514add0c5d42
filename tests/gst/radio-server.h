/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * RadioServer:
 *
 * A server on 127.0.0.1 whose answers a function writes as it likes, status line included: one thread
 * and one request for each connection.
 */
typedef struct _RadioServer RadioServer;

/**
 * RadioFunc:
 * @path: with the query
 * @headers: all lines of the request
 * @nth: how many requests for @path there have been before this one
 * @out: closed when the function returns
 *
 * Called in a thread of its own.
 */
typedef void (*RadioFunc) (
    const char *path, const char *headers, guint nth, GOutputStream *out, gpointer data);

RadioServer *radio_server_new (RadioFunc func, gpointer data);
/* From now on it speaks TLS. */
void radio_server_use_tls (RadioServer *self, GTlsCertificate *certificate);
void radio_server_free (RadioServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RadioServer, radio_server_free)

/* (transfer full) */
char *radio_server_url (RadioServer *self, const char *path);
/* How many requests for @path there have been. */
guint radio_server_count (RadioServer *self, const char *path);

/* For RadioFunc: an answer with a length; @type: (nullable): Content-Type. Ranges are not known. */
void radio_send (
    GOutputStream *out, const char *status, const char *type, const void *data, gsize length);
gboolean radio_write (GOutputStream *out, const void *data, gsize length);

G_END_DECLS

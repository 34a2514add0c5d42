/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FaultServer:
 *
 * An HTTP/1.1 server on 127.0.0.1 that serves bytes and misbehaves on request: a thread for each
 * connection, one request each. What goes wrong is said in the URL's query, "fault=" and a list
 * separated by commas:
 *
 * |[
 * norange          ignores Range
 * noetag           no validators
 * drop:N           closes after N bytes of the body, each time
 * droponce:N       … the first time only
 * reset:N          like drop, with a TCP reset; resetonce:N
 * stall:N:MS       falls silent after N bytes for MS ms the first time, then closes
 * stallalways:N:MS … each time
 * slow:BPS         at most so many bytes a second
 * long:N           announces N bytes more than there are; short:N less
 * nolength         no Content-Length, ends by closing
 * chunked          chunked coding
 * redirect:K       K redirects, then the bytes
 * redirloop        redirects to itself
 * redirto:SCHEME   redirects to the same path with another scheme
 * redirhost:HOST   … on another host, by http; redirrel by its name alone; redirhang to one that hangs
 * status:NNN       this status; statusonce:NNN the first time only; statusafter:NNN but the first
 * retryafter:S     with Retry-After
 * refuse           closes without an answer
 * refusefrom:A:B   refuses requests A up to and without B (0 = first)
 * hang             never answers
 * headers          header lines without end, one each 20 ms; fastheaders as fast as can be
 * bigheader:N      one header of N bytes
 * encoding:X       Content-Encoding X, which is not so
 * etag             another ETag each time; etagis:N this one; etagfrom:N
 *                  another one from request N on
 * late:N:MS        from request N on, takes MS ms to answer
 * broadcast:N      a radio: no length, no Range, each connection gets N bytes from where the last one
 *                  ended; radio:N without saying so
 * grow             ten bytes longer each time, no validators
 * ]|
 */
typedef struct _FaultServer FaultServer;

/* @root: (nullable): directory to serve; @certificate: (nullable): with it, TLS */
FaultServer *
fault_server_new (const char *root, GTlsCertificate *certificate, guint16 port, GError **error);
/* … at @host, an address of this machine, or of the network namespace of the calling thread */
FaultServer *fault_server_new_at (
    const char *host, const char *root, GTlsCertificate *certificate, guint16 port, GError **error);
void fault_server_free (FaultServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FaultServer, fault_server_free)

guint16 fault_server_get_port (FaultServer *self);
/* (transfer full): URL of @path, which may have a query */
char *fault_server_url (FaultServer *self, const char *path);
/* Serves @bytes under @path ("/name"), before the directory. */
void fault_server_add (FaultServer *self, const char *path, GBytes *bytes);
/* (transfer full) (element-type utf8): "GET /path?query RANGE IF-RANGE" of each request so far, "-"
 * for what it has not, then " Name: value" of each Authorization, Cookie and X-… that came with it; the
 * list is emptied. */
GPtrArray *fault_server_take_requests (FaultServer *self);
/* How many bytes have been written so far, those included that lie in sockets unread. */
guint64 fault_server_count_sent (FaultServer *self);
/* How many connections are open. */
guint fault_server_count_open (FaultServer *self);

G_END_DECLS

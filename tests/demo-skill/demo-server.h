/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "demo-fault.h"

G_BEGIN_DECLS

/**
 * DemoServer:
 *
 * The demo skill as an HTTP server on 127.0.0.1, in the main context that is the thread's default
 * when it is made:
 *
 * - POST / is the skill;
 * - GET, HEAD /media/NAME are the files of the media folder, with ranges;
 * - POST /control takes a fault (see #DemoFault), or {"reset":true} to drop all that wait; the
 *   intent MisbehaveIntent takes the members of a fault as slots, too, and without the slot "on"
 *   spoils its own answer.
 *
 * Everything that arrives becomes one JSON object in the log:
 *
 * - "kind": "request", "media", "control" or "answer"
 * - "t_ms": milliseconds since the server was made
 * - request: "n" (from 1), "type", "intent", "token", "offset_ms" if present, "content_type",
 *   "fault" if it will be spoiled, "body" (the whole envelope); of a signed request
 *   "SignatureCertChainUrl", "Signature-256", "Signature" and
 *   "bytes" (the body as it came, base64)
 * - answer: "n" and "type" of the request, "status", "body" as text; when it was handed to the network
 * - media: "method", "name", "range" if present, "status"
 */
#define DEMO_TYPE_SERVER (demo_server_get_type ())
G_DECLARE_FINAL_TYPE (DemoServer, demo_server, DEMO, SERVER, GObject)

/* Signal "logged" (JsonObject *entry): for each entry of the log. */

/**
 * demo_server_new:
 * @port: 0 for any free one
 * @media_dir: folder of the tracks
 * @tracks: names of the files to play, in order
 *
 * Returns: a server that listens, or %NULL
 */
DemoServer *
demo_server_new (guint16 port, const char *media_dir, const char *const *tracks, GError **error);
/* "http://127.0.0.1:PORT/" */
const char *demo_server_get_url (DemoServer *self);
/* Adds @fault (transfer full); of several that match, the one added first is used. */
void demo_server_add_fault (DemoServer *self, DemoFault *fault);
void demo_server_clear_faults (DemoServer *self);
/* All entries so far (element-type JsonObject) (transfer none). */
GPtrArray *demo_server_get_log (DemoServer *self);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * DemoMusicServer:
 *
 * The demo music skill as an HTTP server on 127.0.0.1, in the main context that is the thread's
 * default when it is made:
 *
 * - POST / is the skill (#DemoMusicSkill);
 * - GET, HEAD /media/NAME, /live/NAME are the files (#DemoMusicMedia);
 * - POST /control takes one JSON object: a fault (#DemoMusicFault), or any of
 *   {"reset": true}: drops all faults that wait;
 *   {"lifetime_ms": N}: of the URLs from now on, 0: for ever and without validUntil;
 *   {"expire": true}: all URLs given so far answer "refusal" (403);
 *   {"refusal": STATUS}: what expired URLs answer;
 *   {"rate": BYTES}: of media, each second; 0: as fast as it goes;
 *   {"cut": BYTES}: the next transfer of a file is cut off there;
 *   {"skip_limit": N}, {"ads_every": N}, {"one_queue": BOOL};
 *   {"token": TEXT, "expired_token": TEXT}: access tokens; "" takes any.
 *
 * Everything that arrives becomes one JSON object in the log:
 *
 * - "kind": "request", "event", "answer", "media" or "control"; "t_ms": since the server was made
 * - request: "n" (from 1), "name", "namespace", "item", "queue", "content", "user" (isUserInitiated),
 *   "fault" if it will be spoiled, "body" (all of it)
 * - event: "n", "name" ("ItemPlaybackStarted"), "item", "queue", "content", "offset_ms", "body"
 * - answer: "n", "name" (of the request), "status", "body" as text
 * - media: "method", "name", "range" if present, "status"
 */
#define DEMO_TYPE_MUSIC_SERVER (demo_music_server_get_type ())
G_DECLARE_FINAL_TYPE (DemoMusicServer, demo_music_server, DEMO, MUSIC_SERVER, GObject)

/* Signal "logged" (JsonObject *entry): for each entry of the log. */

/**
 * demo_music_server_new:
 * @port: 0 for any free one
 * @media_dir: folder of the tracks
 * @tracks: "FILE" (8 s long) or "FILE=MILLISECONDS", in the order of the first album
 *
 * Returns: a server that listens, or %NULL
 */
DemoMusicServer *demo_music_server_new (guint16 port,
                                        const char *media_dir,
                                        const char *const *tracks,
                                        GError **error);
/* "http://127.0.0.1:PORT/" */
const char *demo_music_server_get_url (DemoMusicServer *self);
/* What POST /control does. */
gboolean demo_music_server_control (DemoMusicServer *self, JsonObject *object, GError **error);
/* A fault as on the command line: a JSON object, or "NAME" or "NAME@MESSAGE". */
gboolean demo_music_server_add_fault (DemoMusicServer *self, const char *text, GError **error);
/* All entries so far (element-type JsonObject) (transfer none). */
GPtrArray *demo_music_server_get_log (DemoMusicServer *self);
/* How many entries of @kind with @name (nullable: any) there are. */
guint demo_music_server_count (DemoMusicServer *self, const char *kind, const char *name);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <libsoup/soup.h>

#include "player-gst-address.h"
#include "player-gst-fault.h"

G_BEGIN_DECLS

/**
 * PlayerGstRequest:
 *
 * One GET on a connection of its own, redirects included, with a deadline on every wait. To be used
 * in one thread, whose main context it iterates while it waits, and only then: a consumer that does
 * not read holds the sender up.
 *
 * A request is used once; no connection outlives it. Behind a stall nothing may be trusted: over
 * HTTP/2 a dead connection neither fails nor ends.
 */
typedef struct _PlayerGstRequest PlayerGstRequest;

/* Whether to drop everything; asked each time the context has been woken. */
typedef gboolean (*PlayerGstInterruptFunc) (gpointer user_data);

typedef enum
{
  PLAYER_GST_REQUEST_DONE,
  PLAYER_GST_REQUEST_INTERRUPTED,
  PLAYER_GST_REQUEST_TIMED_OUT,
  PLAYER_GST_REQUEST_FAULT,
} PlayerGstRequestResult;

/* @ca: (nullable): trusted besides the system's */
PlayerGstRequest *player_gst_request_new (GMainContext *context,
                                          GTlsDatabase *ca,
                                          PlayerGstInterruptFunc interrupted,
                                          gpointer user_data);
/* A stuck one is not freed. */
void player_gst_request_free (PlayerGstRequest *self);
/* After anything but DONE: libsoup has not let go of the connection, not even when that was closed
 * under it: of HTTP/2 that breaks the rules it makes an endless loop. Then the request and its context
 * are to be left alone for ever: whoever goes on needs another context. */
gboolean player_gst_request_is_stuck (PlayerGstRequest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerGstRequest, player_gst_request_free)

/**
 * player_gst_request_send:
 * @address: its headers go to its origin only: across a redirection to another one (scheme, host,
 *   port) they stay behind, as browsers and curl do
 * @position: first byte wanted; 0 sends no Range
 * @validator: (nullable): for If-Range
 * @deadline_us: monotonic time by which the headers must be in
 * @fault: (out): with PLAYER_GST_REQUEST_FAULT. An answer of any status is no fault.
 */
PlayerGstRequestResult player_gst_request_send (PlayerGstRequest *self,
                                                PlayerGstAddress *address,
                                                guint64 position,
                                                const char *validator,
                                                gint64 deadline_us,
                                                PlayerGstFault **fault);

/* After DONE: the answer. */
SoupMessage *player_gst_request_get_message (PlayerGstRequest *self);

/* After DONE, with a status that brings no data: what it means. @later: of a resource that was there
 * before. */
PlayerGstFault *
player_gst_request_get_refusal (PlayerGstRequest *self, gboolean later, guint64 position);

/* @read_bytes: (out): 0 = the body has ended, or seems to have. */
PlayerGstRequestResult player_gst_request_read (PlayerGstRequest *self,
                                                guint8 *data,
                                                gsize max_bytes,
                                                gint64 deadline_us,
                                                gsize *read_bytes,
                                                PlayerGstFault **fault);

/* After a read of 0 bytes: whether the body may be cut off although it seems to have ended.
 * libsoup 3.2 takes a connection closed between two chunks, and a reset HTTP/2 stream, for the end. A
 * body that ends with its connection may always be cut off; it is worth a question where the server
 * can be asked for what comes behind.
 */
gboolean player_gst_request_is_end_doubtful (PlayerGstRequest *self);

G_END_DECLS

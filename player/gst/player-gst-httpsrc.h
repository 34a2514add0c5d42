/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/base/gstbasesrc.h>

#include "player-gst-web.h"
#include "player/player-types.h"

G_BEGIN_DECLS

/**
 * PlayerGstHttpsrc:
 *
 * Element "seguehttpsrc": reads http and https URLs with libsoup 3 in a fetch thread of its own
 * into a bounded ring. It resumes a broken transfer by Range at the exact byte (If-Range on the
 * validator), backs off between attempts, notices a stall, follows redirects (never from https to
 * http), and tells error classes apart. It never blocks a state change, whatever the server does.
 *
 * Properties:
 * - "location" (string)
 * - "ring-bytes" (uint, 524288): how much is read ahead
 * - "stall-ms" (uint, 5000): silence on the line that counts as a stall; reconnects
 * - "give-up-ms" (uint, 20000): how long reconnecting may go on without a byte before it is an
 * error
 * - "headers-ms" (uint, 8000): how long the first answer may take
 * - "ssl-ca-file" (string, NULL): PEM file of a CA trusted besides the system's
 * - "headers" (GStrv, NULL): name, value, …: sent with each request to the URL's origin; redirected to
 *   another one, without them
 * - "renewable" (boolean, FALSE): a refused URL (401, 403, 410) may be renewed
 * - "valid-until-us" (int64, 0): monotonic time after which the URL is not connected to once more, but
 *   treated as refused; the first connection is made in any case; 0: none
 * - "reach" (uint, #PlayerReach, %PLAYER_REACH_ALL): what may be opened: of the URL, and of where it
 *   redirects, scheme and address, each before anything is sent there
 * - "renewal-ms" (uint, 30000): how long it waits for that
 *
 * Errors: GST_ELEMENT_ERROR with details holding "player-error-type" (int, #PlayerErrorType), and
 * "http-status-code" (uint, 0 if none); the message is one line without the URL's query, e.g. "HTTP
 * 404".
 *
 * Element message "segue-buffered" (application structure, from the streaming thread) is posted
 * once when the last byte has arrived; "segue-refused" (uint "http-status-code", 0: it has expired;
 * from the fetch thread) when a renewable URL has been refused and player_gst_httpsrc_renew() is waited
 * for: then comes more, or the error; "segue-cut" (from the streaming thread) when the stream cannot go
 * on at the byte where it stands, for no Range is honoured there, or it is another resource by now: EOS
 * follows, what has come is valid, and who wants the rest opens the URL anew.
 */
#define PLAYER_TYPE_GST_HTTPSRC (player_gst_httpsrc_get_type ())
G_DECLARE_FINAL_TYPE (PlayerGstHttpsrc, player_gst_httpsrc, PLAYER, GST_HTTPSRC, GstBaseSrc)

#define PLAYER_GST_HTTPSRC_NAME "seguehttpsrc"
#define PLAYER_GST_MESSAGE_BUFFERED "segue-buffered"
#define PLAYER_GST_MESSAGE_REFUSED "segue-refused"
#define PLAYER_GST_MESSAGE_CUT "segue-cut"

/* @web: (nullable): what it shares with other sources; before it is started. A CA file of its own goes
 * before that of @web. */
void player_gst_httpsrc_set_web (PlayerGstHttpsrc *self, PlayerGstWeb *web);

/* Ends the stream here and now, whatever the server does: for one that is to be torn down. Any
 * thread. */
void player_gst_httpsrc_abandon (PlayerGstHttpsrc *self);

/**
 * player_gst_httpsrc_renew:
 * @headers: (nullable): name, value, …
 * @valid_until_us: as the property
 *
 * Reading goes on from @url, at the byte where it stands, if it is the same resource there, else
 * "segue-cut" comes. Any time, any thread.
 */
void player_gst_httpsrc_renew (PlayerGstHttpsrc *self,
                               const char *url,
                               const char *const *headers,
                               gint64 valid_until_us);

/* Reading ends where it stands, with that error. Any time, any thread. */
void player_gst_httpsrc_fail (PlayerGstHttpsrc *self, PlayerErrorType type, const char *message);

/**
 * player_gst_httpsrc_get_ahead:
 * @bytes: (out): that have been read and wait in the ring
 * @full: (out): no more will come now: there is no room, or it is all there is
 *
 * Any thread. Returns: FALSE: nothing is being read
 */
gboolean player_gst_httpsrc_get_ahead (PlayerGstHttpsrc *self, guint64 *bytes, gboolean *full);

/* Registers the element with rank PRIMARY + 200 as URI handler for http and https, and for all other
 * schemes that elements of GStreamer read from: there it fails at once. What a playlist, or a demuxer
 * that reads parts, wants opened is not opened by somebody else. */
gboolean player_gst_httpsrc_register (void);

G_END_DECLS

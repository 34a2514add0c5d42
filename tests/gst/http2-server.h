/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What goes wrong with a request. */
typedef enum
{
  HTTP2_FAULT_NONE,
  HTTP2_FAULT_NO_LENGTH,     /* nothing, but the length is not told */
  HTTP2_FAULT_RST,           /* the stream is reset in the middle */
  HTTP2_FAULT_RST_NO_LENGTH, /* … and its length was not told */
  HTTP2_FAULT_RST_AT_ONCE,   /* … before an answer */
  HTTP2_FAULT_GOAWAY,        /* the server goes away in the middle, and ends the stream properly */
  HTTP2_FAULT_GOAWAY_CLOSE,  /* … and breaks it off */
  HTTP2_FAULT_CLOSE,         /* the connection is closed in the middle */
  HTTP2_FAULT_STALL,         /* nothing more comes after the middle */
  HTTP2_FAULT_HANG,          /* no answer */
  HTTP2_FAULT_GARBAGE,       /* what comes in the middle is no frame */
  HTTP2_FAULT_HEADERS,       /* an answer's headers without end */
} Http2Fault;

/**
 * Http2Server:
 *
 * Speaks HTTP/2 over TLS on 127.0.0.1, frame by frame, so that each of them can go wrong. Every request
 * gets the same bytes, from the one on that Range names.
 */
typedef struct _Http2Server Http2Server;

/* @faulty: how many requests go wrong. The "middle" is @middle. */
Http2Server *http2_server_new (
    GTlsCertificate *certificate, GBytes *bytes, Http2Fault fault, guint faulty, gsize middle);
void http2_server_free (Http2Server *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Http2Server, http2_server_free)

/* (transfer full) */
char *http2_server_url (Http2Server *self);
guint http2_server_count_requests (Http2Server *self);

G_END_DECLS

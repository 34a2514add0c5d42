/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * PlayerGstResource:
 *
 * What the answers so far have told of a resource, and whether a further answer is about the same.
 */
typedef struct
{
  gboolean known;      /* an answer with data has come */
  gint64 size_bytes;   /* -1 = unknown */
  gboolean ranges;     /* assumed until an answer shows the contrary */
  char *etag;          /* (owned) (nullable) */
  char *last_modified; /* (owned) (nullable) */
} PlayerGstResource;

typedef enum
{
  PLAYER_GST_ANSWER_DATA,     /* the same resource; the body begins at *start <= position */
  PLAYER_GST_ANSWER_END,      /* position is the end of the resource or lies beyond */
  PLAYER_GST_ANSWER_SHORT,    /* the resource is shorter than was announced */
  PLAYER_GST_ANSWER_CHANGED,  /* it is another resource now */
  PLAYER_GST_ANSWER_UNPROVEN, /* the whole resource comes, and nothing says it is the same */
  PLAYER_GST_ANSWER_NONE,     /* no data: the status tells */
} PlayerGstAnswer;

void player_gst_resource_clear (PlayerGstResource *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PlayerGstResource, player_gst_resource_clear)

/* The validator for If-Range (RFC 9110, 13.1.5): a strong ETag, else the date; NULL if neither. */
const char *player_gst_resource_get_validator (const PlayerGstResource *self);

/**
 * player_gst_resource_judge:
 * @position: the first byte that was asked for
 * @start: (out): PLAYER_GST_ANSWER_DATA: position of the first byte of the body
 *
 * Looks at the answer to a request for the bytes from @position on, and learns from it.
 */
PlayerGstAnswer player_gst_resource_judge (PlayerGstResource *self,
                                           guint status,
                                           SoupMessageHeaders *headers,
                                           guint64 position,
                                           guint64 *start);

G_END_DECLS

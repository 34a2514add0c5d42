/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * PlayerGstResource:
 *
 * What the answers so far have told of a resource, and whether a further answer is about the same.
 *
 * It is another one if its length differs, or if a validator (ETag, else Last-Modified) differs from
 * that of the same origin. The servers of a delivery network make validators of their own: between
 * two origins an equal ETag proves that it is the same, and different ones prove nothing; then the
 * length decides. Where a whole resource comes in place of a part, or the address has been renewed,
 * that it is the same must be proved: by ETag, by length, or, where there was neither from the
 * beginning, by what it begins with.
 */
typedef struct
{
  gboolean known;      /* an answer with data has come */
  gint64 size_bytes;   /* -1 = unknown */
  gboolean ranges;     /* assumed until an answer shows the contrary */
  gboolean live;       /* a broadcast: whoever comes anew hears what is sent then */
  char *etag;          /* (owned) (nullable) */
  char *last_modified; /* (owned) (nullable) */
  char *origin;        /* (owned) (nullable): scheme, host and port that answered last */
  gboolean moved;      /* the address is another one since then */
  GByteArray *head;    /* (owned) (nullable): what it begins with, if nothing else identifies it */
} PlayerGstResource;

typedef enum
{
  PLAYER_GST_ANSWER_DATA,     /* the same resource; the body begins at *start <= position */
  PLAYER_GST_ANSWER_END,      /* position is the end of the resource or lies beyond */
  PLAYER_GST_ANSWER_CHANGED,  /* it is another resource now */
  PLAYER_GST_ANSWER_UNPROVEN, /* nothing says it is the same */
  PLAYER_GST_ANSWER_COMPARE,  /* the whole resource comes, and what it begins with tells */
  PLAYER_GST_ANSWER_LIVE,     /* what is sent now comes, to be joined to what we have */
  PLAYER_GST_ANSWER_NONE,     /* no data: the status tells */
} PlayerGstAnswer;

void player_gst_resource_clear (PlayerGstResource *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PlayerGstResource, player_gst_resource_clear)

/* The validator for If-Range (RFC 9110, 13.1.5): a strong ETag, else the date; NULL if neither, or if
 * somebody is to be asked who may know it by another. */
const char *player_gst_resource_get_validator (const PlayerGstResource *self);

/**
 * player_gst_resource_judge:
 * @uri: where the answer came from
 * @position: the first byte that was asked for
 * @start: (out): PLAYER_GST_ANSWER_DATA: position of the first byte of the body
 *
 * Looks at the answer to a request for the bytes from @position on, and learns from it.
 */
PlayerGstAnswer player_gst_resource_judge (PlayerGstResource *self,
                                           guint status,
                                           GUri *uri,
                                           SoupMessageHeaders *headers,
                                           guint64 position,
                                           guint64 *start);

/* Looks at what comes at @position, if that is to be known. */
void player_gst_resource_note (PlayerGstResource *self,
                               guint64 position,
                               const guint8 *data,
                               gsize length);

G_END_DECLS

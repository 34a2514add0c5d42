/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "alexa-music-answer.h"

G_BEGIN_DECLS

/* How the objects of an answer are read; private to alexa/. Paths are JSON paths of the object that
 * holds the member. Whatever returns NULL or FALSE for want of something has set the error. */
typedef struct
{
  gboolean secure;
  GPtrArray *findings; /* (element-type AlexaFinding) */
  GError **error;
} AlexaMusicReader;

/* Always FALSE: "@path.@member @what". */
gboolean alexa_music_reader_fail (const AlexaMusicReader *self,
                                  AlexaMusicAnswerError code,
                                  const char *path,
                                  const char *member,
                                  const char *what);

/* The member as an id: a string that is not empty, or a number's text. (transfer full) (nullable):
 * NULL without an error if it is absent. */
char *alexa_music_read_id (const AlexaMusicReader *self,
                           JsonObject *object,
                           const char *name,
                           const char *path);
/* The same, with an error if it is absent. */
char *alexa_music_require_id (const AlexaMusicReader *self,
                              JsonObject *object,
                              const char *name,
                              const char *path);
/* (transfer none) (nullable): with an error unless it is there. */
JsonObject *alexa_music_require_object (const AlexaMusicReader *self,
                                        JsonObject *object,
                                        const char *name,
                                        const char *path);

/* Milliseconds as they can be made of @node; -1 if they cannot. @exact: an integer as documented. */
gint64 alexa_music_read_ms (JsonNode *node, gboolean *exact);

/* The time in ISO 8601 that @text is, Unix time in µs, never 0; 0 if it is none. */
gint64 alexa_music_read_time (const char *text);

/* The array member @name of @object; NULL if there is none. (transfer none) */
JsonArray *alexa_music_read_array (const AlexaMusicReader *self,
                                   JsonObject *object,
                                   const char *name,
                                   const char *path);

/* The parts of an item. @owner: the object that has the member. Never NULL, and no error. */
AlexaMusicMetadata *
alexa_music_metadata_read (const AlexaMusicReader *self, JsonObject *owner, const char *path);
AlexaMusicControls alexa_music_controls_read (const AlexaMusicReader *self,
                                              JsonObject *owner,
                                              const char *name,
                                              const char *path);

/* @playable: whether a stream is needed */
AlexaMusicItem *alexa_music_item_read (const AlexaMusicReader *self,
                                       JsonObject *object,
                                       const char *path,
                                       gboolean playable);
AlexaMusicQueue *
alexa_music_queue_read (const AlexaMusicReader *self, JsonObject *object, const char *path);

/* Reads an ErrorResponse into @answer. @payload: (nullable) */
void alexa_music_error_read (const AlexaMusicReader *self,
                             JsonObject *header,
                             JsonObject *payload,
                             AlexaMusicAnswer *answer);

/* `{id, queueId, contentId}`, or that wrapped in a MediaReference. (transfer full) */
JsonNode *alexa_music_reference_to_node (const AlexaMusicReference *self, gboolean wrapped);

/* (transfer full) */
JsonArray *alexa_music_controls_to_array (const AlexaMusicControls *controls);

/* Sets the member unless @text is NULL. */
void alexa_music_set_text (JsonObject *object, const char *name, const char *text);

G_END_DECLS

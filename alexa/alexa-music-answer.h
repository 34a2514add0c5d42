/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "alexa-lint.h"
#include "alexa-music-item.h"
#include "alexa-music-request.h"

G_BEGIN_DECLS

#define ALEXA_MUSIC_ANSWER_MAX_BYTES (1024 * 1024)
/* So many items has a view; what is beyond is dropped. */
#define ALEXA_MUSIC_VIEW_MAX_ITEMS 10

/**
 * ALEXA_MUSIC_ANSWER_ERROR:
 *
 * Why nothing can be made of what came: a fault of the skill, or of what stands before it, to be
 * treated like one of the transport. Messages name the JSON path.
 */
#define ALEXA_MUSIC_ANSWER_ERROR (alexa_music_answer_error_quark ())
GQuark alexa_music_answer_error_quark (void);

typedef enum
{
  ALEXA_MUSIC_ANSWER_ERROR_NOT_JSON, /* fails alexa_json_parse() */
  ALEXA_MUSIC_ANSWER_ERROR_TOO_LARGE,
  ALEXA_MUSIC_ANSWER_ERROR_EMPTY,   /* no body, or `null`: some skills do not know the message */
  ALEXA_MUSIC_ANSWER_ERROR_NAME,    /* the answer to another message */
  ALEXA_MUSIC_ANSWER_ERROR_TYPE,    /* a member is of another JSON type */
  ALEXA_MUSIC_ANSWER_ERROR_MISSING, /* a member that is needed is missing */
  ALEXA_MUSIC_ANSWER_ERROR_URI,     /* the URL is none that may be opened */
} AlexaMusicAnswerError;

/**
 * AlexaMusicErrorType:
 *
 * The `type` of an ErrorResponse, whatever its namespace.
 */
typedef enum
{
  ALEXA_MUSIC_ERROR_NONE, /* no ErrorResponse */
  ALEXA_MUSIC_ERROR_INVALID_DIRECTIVE,
  ALEXA_MUSIC_ERROR_INVALID_AUTHORIZATION_CREDENTIAL,
  ALEXA_MUSIC_ERROR_EXPIRED_AUTHORIZATION_CREDENTIAL,
  ALEXA_MUSIC_ERROR_ACCOUNT_PROBLEM,
  ALEXA_MUSIC_ERROR_RATE_LIMIT_EXCEEDED,
  ALEXA_MUSIC_ERROR_INTERNAL_ERROR,
  ALEXA_MUSIC_ERROR_CONTENT_NOT_FOUND,
  ALEXA_MUSIC_ERROR_ITEM_NOT_FOUND,
  ALEXA_MUSIC_ERROR_INVALID_ITEM,
  ALEXA_MUSIC_ERROR_DEVICE_LIMIT_REACHED,
  ALEXA_MUSIC_ERROR_SKIP_LIMIT_REACHED,
  ALEXA_MUSIC_ERROR_UNKNOWN, /* any other, or none */
} AlexaMusicErrorType;

/* (nullable): "ITEM_NOT_FOUND" and so on; %NULL for NONE and UNKNOWN */
const char *alexa_music_error_type_to_string (AlexaMusicErrorType type);

/**
 * AlexaMusicAnswer:
 * @error: not NONE: the skill refuses; then only the next four are of meaning
 * @error_name: (nullable): `type` as it came
 * @error_message: (nullable): the skill's words
 * @retry_period: (nullable): SKIP_LIMIT_REACHED: "HOURLY", "DAILY", "UNKNOWN"
 * @content_id: (nullable): GET_PLAYABLE_CONTENT
 * @content: (nullable): GET_PLAYABLE_CONTENT
 * @queue: (nullable): INITIATE, REINITIATE
 * @item: (nullable): GET_NEXT_ITEM (unless @finished), GET_PREVIOUS_ITEM, JUMP_TO_ITEM, GET_ITEM; has a
 *   stream
 * @finished: GET_NEXT_ITEM: nothing comes after
 * @items: (element-type AlexaMusicItem): GET_VIEW, the current one first; may lack streams
 * @controls: GET_VIEW: of the queue
 * @skip: RECEIVE_FEEDBACK: what plays is to be skipped
 *
 * Immutable; members owned by it.
 */
typedef struct
{
  gatomicrefcount ref_count;
  AlexaMusicMessage message;
  AlexaMusicErrorType error;
  char *error_name;
  char *error_message;
  char *retry_period;
  char *content_id;
  AlexaMusicMetadata *content;
  AlexaMusicQueue *queue;
  AlexaMusicItem *item;
  gboolean finished;
  GPtrArray *items;
  AlexaMusicControls controls;
  gboolean skip;
} AlexaMusicAnswer;

/**
 * alexa_music_answer_parse:
 * @asked: the message that this answers
 * @body: as it came, up to ALEXA_MUSIC_ANSWER_MAX_BYTES
 * @secure: whether streams and pictures have to be https
 * @findings: (element-type AlexaFinding): added to, also where %NULL is returned
 * @error: #ALEXA_MUSIC_ANSWER_ERROR
 *
 * Reads strictly as JSON and leniently as an answer: what is evidently meant is taken, and found
 * fault with. Answers are known by `header.name` alone. Streams that are past their `validUntil` are
 * not found here, where no clock is.
 *
 * Returns: (transfer full): the answer, or %NULL
 */
AlexaMusicAnswer *alexa_music_answer_parse (AlexaMusicMessage asked,
                                            GBytes *body,
                                            gboolean secure,
                                            GPtrArray *findings,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
AlexaMusicAnswer *alexa_music_answer_ref (AlexaMusicAnswer *self);
void alexa_music_answer_unref (AlexaMusicAnswer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlexaMusicAnswer, alexa_music_answer_unref)

G_END_DECLS

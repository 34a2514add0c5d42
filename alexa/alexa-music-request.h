/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "alexa-music-item.h"

G_BEGIN_DECLS

/**
 * AlexaMusicMessage:
 *
 * What a music skill can be asked (Music Skill API Reference: Alexa.Media.Search, Alexa.Media.Playback,
 * Alexa.Audio.PlayQueue, Alexa.Media.PlayQueue, Alexa.UserPreference).
 */
typedef enum
{
  ALEXA_MUSIC_GET_PLAYABLE_CONTENT,
  ALEXA_MUSIC_INITIATE,
  ALEXA_MUSIC_REINITIATE,
  ALEXA_MUSIC_GET_NEXT_ITEM,
  ALEXA_MUSIC_GET_PREVIOUS_ITEM,
  ALEXA_MUSIC_JUMP_TO_ITEM,
  ALEXA_MUSIC_GET_ITEM,
  ALEXA_MUSIC_GET_VIEW,
  ALEXA_MUSIC_SET_SHUFFLE,
  ALEXA_MUSIC_SET_LOOP,
  ALEXA_MUSIC_SET_REPEAT,
  ALEXA_MUSIC_RECEIVE_FEEDBACK,
  ALEXA_N_MUSIC_MESSAGES
} AlexaMusicMessage;

/* The wire name, e.g. "GetItem". */
const char *alexa_music_message_to_string (AlexaMusicMessage message);

/**
 * AlexaMusicCriterion:
 * @type: "ARTIST", "ALBUM", "TRACK", "GENRE", "PLAYLIST", "STATION", "MEDIA_TYPE", "SORT_TYPE" …
 * @entity_id: (nullable): the skill's own id of it
 * @value: (nullable): a word, where there is no id
 */
typedef struct
{
  char *type;
  char *entity_id;
  char *value;
} AlexaMusicCriterion;

AlexaMusicCriterion *
alexa_music_criterion_new (const char *type, const char *entity_id, const char *value);
void alexa_music_criterion_free (AlexaMusicCriterion *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlexaMusicCriterion, alexa_music_criterion_free)

/**
 * AlexaMusicRequest:
 * @reference: (nullable): the current item, with GET_ITEM the one that is asked for. Needed by all but
 *   GET_PLAYABLE_CONTENT; INITIATE has it where something plays
 * @user_initiated: GET_NEXT_ITEM
 * @target_item_id: (nullable): JUMP_TO_ITEM
 * @content_id: (nullable): INITIATE
 * @criteria: (element-type AlexaMusicCriterion): GET_PLAYABLE_CONTENT; may be added to
 * @explicit_allowed: GET_PLAYABLE_CONTENT, INITIATE
 * @shuffle: INITIATE, REINITIATE; so @loop and @repeat
 * @enable: SET_SHUFFLE, SET_LOOP, SET_REPEAT
 * @positive: RECEIVE_FEEDBACK
 * @offset_ms: REINITIATE
 *
 * What is to be asked, without what belongs to one attempt. Filled in by its maker after
 * alexa_music_request_new(), unchanged after it has been handed on. Members owned by it.
 */
typedef struct
{
  gatomicrefcount ref_count;
  AlexaMusicMessage message;
  AlexaMusicReference *reference;
  gboolean user_initiated;
  char *target_item_id;
  char *content_id;
  GPtrArray *criteria;
  gboolean explicit_allowed;
  gboolean shuffle;
  gboolean loop;
  gboolean repeat;
  gboolean enable;
  gboolean positive;
  gint64 offset_ms;
} AlexaMusicRequest;

AlexaMusicRequest *alexa_music_request_new (AlexaMusicMessage message);
AlexaMusicRequest *alexa_music_request_ref (AlexaMusicRequest *self);
void alexa_music_request_unref (AlexaMusicRequest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlexaMusicRequest, alexa_music_request_unref)

/**
 * AlexaMusicEnvelope:
 * @message_id: (nullable): a UUID; %NULL: a new one
 * @user_id: (nullable)
 * @access_token: (nullable): secret
 * @locale: (nullable): BCP 47
 * @country: (nullable): ISO 3166-1 alpha-2
 *
 * Who asks. Borrowed for the call; what is %NULL is not sent. (RequestContext object)
 */
typedef struct
{
  const char *message_id;
  const char *user_id;
  const char *access_token;
  const char *locale;
  const char *country;
} AlexaMusicEnvelope;

/**
 * alexa_music_request_build:
 *
 * The body to send; references are in the form that the message wants. A reference that is missing
 * is left out.
 *
 * Returns: (transfer full)
 */
GBytes *alexa_music_request_build (const AlexaMusicRequest *self,
                                   const AlexaMusicEnvelope *envelope);

/* @body, a request, an event or an answer, as it may be logged: access tokens are replaced, and of
 * URLs the query. What is no JSON becomes "". (transfer full) */
GBytes *alexa_music_request_redact (GBytes *body);

typedef enum
{
  ALEXA_MUSIC_EVENT_STARTED,
  ALEXA_MUSIC_EVENT_FINISHED,
  ALEXA_MUSIC_EVENT_STOPPED,
  ALEXA_MUSIC_EVENT_FAILED,
} AlexaMusicEventType;

/* "AlexaAudioPlayQueueEvent.ItemPlaybackStarted" and so on */
const char *alexa_music_event_type_to_string (AlexaMusicEventType type);

/**
 * AlexaMusicEvent:
 * @offset_ms: where in the item
 * @error_type: (nullable): FAILED
 * @error_message: (nullable): FAILED
 * @cause: (nullable): why it stopped, e.g. "JUMP"
 *
 * Something that playback did, told to the skill. Immutable.
 */
typedef struct
{
  gatomicrefcount ref_count;
  AlexaMusicEventType type;
  AlexaMusicReference *reference;
  gint64 offset_ms;
  char *error_type;
  char *error_message;
  char *cause;
} AlexaMusicEvent;

AlexaMusicEvent *alexa_music_event_new (AlexaMusicEventType type,
                                        AlexaMusicReference *reference,
                                        gint64 offset_ms,
                                        const char *error_type,
                                        const char *error_message,
                                        const char *cause);
AlexaMusicEvent *alexa_music_event_ref (AlexaMusicEvent *self);
void alexa_music_event_unref (AlexaMusicEvent *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlexaMusicEvent, alexa_music_event_unref)

/**
 * alexa_music_event_build:
 * @timestamp_us: when it was, Unix time
 * @endpoint_id: (nullable): name of this device
 *
 * Returns: (transfer full): the body to send; the answer is `{}`
 */
GBytes *alexa_music_event_build (const AlexaMusicEvent *self,
                                 const AlexaMusicEnvelope *envelope,
                                 gint64 timestamp_us,
                                 const char *endpoint_id);

G_END_DECLS

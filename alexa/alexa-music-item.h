/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * SECTION:alexa-music-item
 *
 * What a music skill says of a queue and of what is in it (Music Skill API Reference: Item, Stream,
 * Controls, Metadata and Queue objects). All types but #AlexaMusicControls are reference counted
 * (atomically) and immutable once they have been handed out; strings are owned by the value.
 */

/**
 * AlexaMusicReference:
 * @id: of the item; unique in its queue only
 * @queue_id: of the queue
 * @content_id: of what was asked for; %NULL is read as ""
 *
 * Names an item of a queue. All three are opaque, and only the three together are compared.
 */
typedef struct
{
  gatomicrefcount ref_count;
  char *id;
  char *queue_id;
  char *content_id;
} AlexaMusicReference;

AlexaMusicReference *
alexa_music_reference_new (const char *id, const char *queue_id, const char *content_id);
/* Either may be %NULL. */
gboolean alexa_music_reference_equal (const AlexaMusicReference *self,
                                      const AlexaMusicReference *other);
/**
 * alexa_music_reference_parse:
 * @node: flat `{id, queueId, contentId}`, wrapped `{namespace, name, value}`, with the value as an
 *   object or as a string that holds one, or the old form `{id, queueId, content: {id}}`
 * @error: #ALEXA_MUSIC_ANSWER_ERROR: TYPE or MISSING, NOT_JSON for a string that holds something else
 *
 * Returns: (transfer full): the reference, or %NULL
 */
AlexaMusicReference *alexa_music_reference_parse (JsonNode *node,
                                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
AlexaMusicReference *alexa_music_reference_ref (AlexaMusicReference *self);
void alexa_music_reference_unref (AlexaMusicReference *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlexaMusicReference, alexa_music_reference_unref)

/**
 * AlexaMusicStream:
 * @id: (nullable): opaque
 * @uri: absolute URL of the audio, or of a playlist; https, or http where that is allowed
 * @offset_ms: where to begin; 0 or more
 * @valid_until: (nullable): as it came
 * @valid_until_us: the latest moment to start playback with @uri, Unix time in µs; 0 if none was
 *   given or it could not be read
 */
typedef struct
{
  gatomicrefcount ref_count;
  char *id;
  char *uri;
  gint64 offset_ms;
  char *valid_until;
  gint64 valid_until_us;
} AlexaMusicStream;

AlexaMusicStream *alexa_music_stream_ref (AlexaMusicStream *self);
void alexa_music_stream_unref (AlexaMusicStream *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlexaMusicStream, alexa_music_stream_unref)

/**
 * AlexaMusicPlayback:
 *
 * The class of rules an item belongs to; an unknown one is taken as DEFAULT.
 */
typedef enum
{
  ALEXA_MUSIC_PLAYBACK_DEFAULT,
  ALEXA_MUSIC_PLAYBACK_SAMPLE,
  ALEXA_MUSIC_PLAYBACK_AD, /* neither skipped nor searched */
} AlexaMusicPlayback;

/* "DEFAULT", "SAMPLE", "AD" */
const char *alexa_music_playback_to_string (AlexaMusicPlayback playback);

typedef enum
{
  ALEXA_MUSIC_UNDECLARED, /* the same as disabled, once queue and item are merged */
  ALEXA_MUSIC_DISABLED,
  ALEXA_MUSIC_ENABLED,
} AlexaMusicPermission;

/**
 * AlexaMusicControls:
 * @next: whether the user may skip forward; and so on
 * @shuffle_on: the mode that the queue is in; and so on
 *
 * The controls of an item or of a queue.
 */
typedef struct
{
  AlexaMusicPermission next;
  AlexaMusicPermission previous;
  AlexaMusicPermission seek;
  AlexaMusicPermission shuffle;
  AlexaMusicPermission loop;
  AlexaMusicPermission repeat;
  gboolean shuffle_on;
  gboolean loop_on;
  gboolean repeat_on;
} AlexaMusicControls;

/* What holds for an item: what it declares, and what its queue (nullable) declares beside. Modes are
 * the queue's unless the item declares that control. */
AlexaMusicControls alexa_music_controls_merge (const AlexaMusicControls *queue,
                                               const AlexaMusicControls *item);

/**
 * AlexaMusicArt:
 * @url: of the picture
 * @size: (nullable): "X_SMALL", "SMALL", "MEDIUM", "LARGE", "X_LARGE"
 * @width: pixels; 0 if not given
 * @height: pixels; 0 if not given
 */
typedef struct
{
  char *url;
  char *size;
  guint width;
  guint height;
} AlexaMusicArt;

/* Its pixels; where they are not given those usual for its size, and 0 where that is not given either. */
void alexa_music_art_get_size (const AlexaMusicArt *self, guint *width, guint *height);

/**
 * AlexaMusicMetadata:
 * @type: (nullable): "TRACK", "ALBUM", "STATION" …, as it came
 * @name: (nullable): what to show: `display`, else the text to be spoken
 * @album: (nullable): name of the album
 * @authors: %NULL-terminated, may be empty
 * @art: (element-type AlexaMusicArt): in the skill's order
 * @art_description: (nullable): what the pictures show
 */
typedef struct
{
  gatomicrefcount ref_count;
  char *type;
  char *name;
  char *album;
  GStrv authors;
  GPtrArray *art;
  char *art_description;
} AlexaMusicMetadata;

AlexaMusicMetadata *alexa_music_metadata_ref (AlexaMusicMetadata *self);
void alexa_music_metadata_unref (AlexaMusicMetadata *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlexaMusicMetadata, alexa_music_metadata_unref)

/* (nullable) (transfer none): the picture with most pixels; of equals the first */
const AlexaMusicArt *alexa_music_metadata_get_largest_art (const AlexaMusicMetadata *self);

/**
 * AlexaMusicItem:
 * @id: opaque, unique in its queue only
 * @metadata: never %NULL; empty if there was none
 * @duration_ms: -1 for a live stream, or if not known
 * @controls: its own, not merged with those of the queue
 * @has_feedback_rule: whether @feedback_enabled is given, else the queue's rule holds
 * @stream: (nullable): %NULL if the item is for display only
 * @rating: (nullable): "POSITIVE", "NEGATIVE"
 */
typedef struct
{
  gatomicrefcount ref_count;
  char *id;
  AlexaMusicPlayback playback;
  AlexaMusicMetadata *metadata;
  gint64 duration_ms;
  AlexaMusicControls controls;
  gboolean has_feedback_rule;
  gboolean feedback_enabled;
  AlexaMusicStream *stream;
  char *rating;
} AlexaMusicItem;

AlexaMusicItem *alexa_music_item_ref (AlexaMusicItem *self);
void alexa_music_item_unref (AlexaMusicItem *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlexaMusicItem, alexa_music_item_unref)

/* The item as the protocol's own JSON, to be stored: holds its URL, and so perhaps a secret.
 * (transfer full) */
char *alexa_music_item_to_json (const AlexaMusicItem *self);
/* Back: the same item. (transfer full); %NULL with #ALEXA_MUSIC_ANSWER_ERROR */
AlexaMusicItem *alexa_music_item_from_json (const char *json,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * AlexaMusicQueue:
 * @id: sent with each later request
 * @controls: of the queue; what is not declared is disabled
 * @feedback_enabled: whether items may be rated, unless an item says otherwise
 * @deactivate: %NULL-terminated ids of queues to be stopped before this one starts; may be empty
 * @first: what plays first; has a stream
 */
typedef struct
{
  gatomicrefcount ref_count;
  char *id;
  AlexaMusicControls controls;
  gboolean feedback_enabled;
  GStrv deactivate;
  AlexaMusicItem *first;
} AlexaMusicQueue;

AlexaMusicQueue *alexa_music_queue_ref (AlexaMusicQueue *self);
void alexa_music_queue_unref (AlexaMusicQueue *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlexaMusicQueue, alexa_music_queue_unref)

G_END_DECLS

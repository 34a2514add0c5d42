/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/player-types.h"

/* The name at @value of a table of names, or "?" for a value that is none of the enum's. */
static const char *
name_of (const char *const *names, gsize n_names, guint value)
{
  g_return_val_if_fail (value < n_names, "?");
  return names[value];
}

gint64
player_us_to_ms (gint64 us)
{
  return (us + 500) / 1000;
}

const char *
player_activity_to_string (PlayerActivity activity)
{
  static const char *const names[] = {
    [PLAYER_ACTIVITY_IDLE] = "IDLE",         [PLAYER_ACTIVITY_PLAYING] = "PLAYING",
    [PLAYER_ACTIVITY_PAUSED] = "PAUSED",     [PLAYER_ACTIVITY_BUFFER_UNDERRUN] = "BUFFER_UNDERRUN",
    [PLAYER_ACTIVITY_FINISHED] = "FINISHED", [PLAYER_ACTIVITY_STOPPED] = "STOPPED",
  };
  return name_of (names, G_N_ELEMENTS (names), activity);
}

gboolean
player_activity_is_active (PlayerActivity activity)
{
  return activity == PLAYER_ACTIVITY_PLAYING || activity == PLAYER_ACTIVITY_PAUSED
         || activity == PLAYER_ACTIVITY_BUFFER_UNDERRUN;
}

const char *
player_play_behavior_to_string (PlayerPlayBehavior behavior)
{
  static const char *const names[] = {
    [PLAYER_PLAY_ENQUEUE] = "ENQUEUE",
    [PLAYER_PLAY_REPLACE_ALL] = "REPLACE_ALL",
    [PLAYER_PLAY_REPLACE_ENQUEUED] = "REPLACE_ENQUEUED",
  };
  return name_of (names, G_N_ELEMENTS (names), behavior);
}

const char *
player_clear_behavior_to_string (PlayerClearBehavior behavior)
{
  static const char *const names[] = {
    [PLAYER_CLEAR_ENQUEUED] = "CLEAR_ENQUEUED",
    [PLAYER_CLEAR_ALL] = "CLEAR_ALL",
  };
  return name_of (names, G_N_ELEMENTS (names), behavior);
}

const char *
player_error_type_to_string (PlayerErrorType type)
{
  static const char *const names[] = {
    [PLAYER_MEDIA_ERROR_UNKNOWN] = "MEDIA_ERROR_UNKNOWN",
    [PLAYER_MEDIA_ERROR_INVALID_REQUEST] = "MEDIA_ERROR_INVALID_REQUEST",
    [PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE] = "MEDIA_ERROR_SERVICE_UNAVAILABLE",
    [PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR] = "MEDIA_ERROR_INTERNAL_SERVER_ERROR",
    [PLAYER_MEDIA_ERROR_INTERNAL_DEVICE_ERROR] = "MEDIA_ERROR_INTERNAL_DEVICE_ERROR",
  };
  return name_of (names, G_N_ELEMENTS (names), type);
}

const char *
player_verdict_to_string (PlayerVerdict verdict)
{
  static const char *const names[] = {
    [PLAYER_VERDICT_DONE] = "done",
    [PLAYER_VERDICT_NO_EFFECT] = "no-effect",
    [PLAYER_VERDICT_WRONG_PREVIOUS_TOKEN] = "wrong-previous-token",
    [PLAYER_VERDICT_LATE] = "late",
    [PLAYER_VERDICT_NOT_PLAYING] = "not-playing",
    [PLAYER_VERDICT_NOT_SEEKABLE] = "not-seekable",
  };
  return name_of (names, G_N_ELEMENTS (names), verdict);
}

const char *
player_report_type_to_string (PlayerReportType type)
{
  static const char *const names[] = {
    [PLAYER_REPORT_STARTED] = "PlaybackStarted",
    [PLAYER_REPORT_NEARLY_FINISHED] = "PlaybackNearlyFinished",
    [PLAYER_REPORT_FINISHED] = "PlaybackFinished",
    [PLAYER_REPORT_STOPPED] = "PlaybackStopped",
    [PLAYER_REPORT_FAILED] = "PlaybackFailed",
  };
  return name_of (names, G_N_ELEMENTS (names), type);
}

/**
 * player_metadata_new:
 *
 * Every member may be %NULL; all are copied.
 *
 * Returns: (transfer full): what is known of a stream
 */
PlayerMetadata *
player_metadata_new (const char *title,
                     const char *subtitle,
                     const char *album,
                     const char *art_url,
                     const char *background_url)
{
  PlayerMetadata *self = g_new0 (PlayerMetadata, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->title = g_strdup (title);
  self->subtitle = g_strdup (subtitle);
  self->album = g_strdup (album);
  self->art_url = g_strdup (art_url);
  self->background_url = g_strdup (background_url);
  return self;
}

PlayerMetadata *
player_metadata_ref (PlayerMetadata *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
player_metadata_unref (PlayerMetadata *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->title);
  g_free (self->subtitle);
  g_free (self->album);
  g_free (self->art_url);
  g_free (self->background_url);
  g_free (self);
}

/**
 * player_item_new:
 * @url: absolute URL of the audio
 * @token: the supplier's name for it
 * @offset_ms: where to begin, >= 0
 * @origin: name of the supplier, "" for none
 * @metadata: (nullable): what the supplier says of it; a reference is taken
 *
 * Returns: (transfer full): one stream to play
 */
PlayerItem *
player_item_new (const char *url,
                 const char *token,
                 gint64 offset_ms,
                 const char *origin,
                 PlayerMetadata *metadata)
{
  g_return_val_if_fail (url != NULL, NULL);
  g_return_val_if_fail (token != NULL, NULL);
  g_return_val_if_fail (offset_ms >= 0, NULL);
  g_return_val_if_fail (origin != NULL, NULL);

  PlayerItem *self = g_new0 (PlayerItem, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->url = g_strdup (url);
  self->token = g_strdup (token);
  self->offset_ms = MIN (offset_ms, PLAYER_MAX_OFFSET_MS);
  self->origin = g_strdup (origin);
  self->metadata = metadata != NULL ? player_metadata_ref (metadata) : NULL;
  self->reach = PLAYER_REACH_ALL;
  return self;
}

PlayerItem *
player_item_new_source (PlayerItem *self,
                        const char *url,
                        const char *const *headers,
                        gboolean renewable)
{
  g_return_val_if_fail (self != NULL && url != NULL, NULL);

  PlayerItem *copy
      = player_item_new (url, self->token, self->offset_ms, self->origin, self->metadata);
  copy->headers = g_strdupv ((GStrv)headers);
  copy->renewable = renewable;
  copy->reach = self->reach;
  return copy;
}

PlayerItem *
player_item_new_until (PlayerItem *self, gint64 valid_until_us)
{
  g_return_val_if_fail (self != NULL && valid_until_us >= 0, NULL);

  PlayerItem *copy = player_item_new_source (self, self->url, (const char *const *)self->headers,
                                             self->renewable);
  copy->valid_until_us = valid_until_us;
  return copy;
}

PlayerItem *
player_item_new_within (PlayerItem *self, PlayerReach reach)
{
  g_return_val_if_fail (self != NULL, NULL);

  PlayerItem *copy = player_item_new_until (self, self->valid_until_us);
  copy->reach &= reach;
  return copy;
}

gboolean
player_item_sounds_like (const PlayerItem *self, const PlayerItem *other)
{
  const gboolean same_headers = self->headers == NULL || other->headers == NULL
                                    ? self->headers == other->headers
                                    : g_strv_equal ((const char *const *)self->headers,
                                                    (const char *const *)other->headers);

  return same_headers && self->renewable == other->renewable && self->offset_ms == other->offset_ms
         && self->valid_until_us == other->valid_until_us && g_str_equal (self->url, other->url)
         && g_str_equal (self->origin, other->origin);
}

PlayerItem *
player_item_ref (PlayerItem *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
player_item_unref (PlayerItem *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->url);
  g_free (self->token);
  g_free (self->origin);
  g_clear_pointer (&self->metadata, player_metadata_unref);
  g_strfreev (self->headers);
  g_free (self);
}

static PlayerCommand *
command_new (PlayerCommandType type)
{
  PlayerCommand *self = g_new0 (PlayerCommand, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->type = type;
  return self;
}

/**
 * player_command_new_play:
 * @item: what to play; a reference is taken
 * @behavior: what becomes of the current stream and of the queue
 * @expected_previous_token: (nullable): the token the last queued stream must have for an ENQUEUE
 *   to be taken; %NULL or "" = no check
 *
 * Returns: (transfer full): the command
 */
PlayerCommand *
player_command_new_play (PlayerItem *item,
                         PlayerPlayBehavior behavior,
                         const char *expected_previous_token)
{
  g_return_val_if_fail (item != NULL, NULL);

  PlayerCommand *self = command_new (PLAYER_COMMAND_PLAY);
  self->item = player_item_ref (item);
  self->play_behavior = behavior;
  self->expected_previous_token = g_strdup (expected_previous_token);
  return self;
}

PlayerCommand *
player_command_new_clear_queue (PlayerClearBehavior behavior)
{
  PlayerCommand *self = command_new (PLAYER_COMMAND_CLEAR_QUEUE);
  self->clear_behavior = behavior;
  return self;
}

/**
 * player_command_new_seek:
 * @position_ms: where to go in the current stream, in ms from its begin, >= 0
 *
 * Returns: (transfer full): the command
 */
PlayerCommand *
player_command_new_seek (gint64 position_ms)
{
  g_return_val_if_fail (position_ms >= 0, NULL);

  PlayerCommand *self = command_new (PLAYER_COMMAND_SEEK);
  self->position_ms = MIN (position_ms, PLAYER_MAX_OFFSET_MS);
  return self;
}

PlayerCommand *
player_command_new_renew (guint64 serial, PlayerItem *item)
{
  g_return_val_if_fail (item != NULL, NULL);

  PlayerCommand *self = command_new (PLAYER_COMMAND_RENEW);
  self->serial = serial;
  self->item = player_item_ref (item);
  return self;
}

PlayerCommand *
player_command_new_restore (PlayerSnapshot *snapshot, gboolean go_on)
{
  g_return_val_if_fail (snapshot != NULL, NULL);

  PlayerCommand *self = command_new (PLAYER_COMMAND_RESTORE);
  self->snapshot = player_snapshot_ref (snapshot);
  self->go_on = go_on;
  return self;
}

PlayerCommand *
player_command_new_simple (PlayerCommandType type)
{
  g_return_val_if_fail (type != PLAYER_COMMAND_PLAY, NULL);
  g_return_val_if_fail (type != PLAYER_COMMAND_CLEAR_QUEUE, NULL);
  g_return_val_if_fail (type != PLAYER_COMMAND_SEEK, NULL);
  return command_new (type);
}

PlayerCommand *
player_command_ref (PlayerCommand *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
player_command_unref (PlayerCommand *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->item, player_item_unref);
  g_clear_pointer (&self->snapshot, player_snapshot_unref);
  g_free (self->expected_previous_token);
  g_free (self);
}

/**
 * player_report_new:
 * @type: any but %PLAYER_REPORT_FAILED, which has player_report_new_failed()
 * @serial: queue serial of @item
 * @item: what it is about; a reference is taken
 * @offset_ms: position in the stream
 *
 * Returns: (transfer full): the report
 */
PlayerReport *
player_report_new (PlayerReportType type, guint64 serial, PlayerItem *item, gint64 offset_ms)
{
  g_return_val_if_fail (item != NULL, NULL);

  PlayerReport *self = g_new0 (PlayerReport, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->type = type;
  self->serial = serial;
  self->item = player_item_ref (item);
  self->offset_ms = offset_ms;
  return self;
}

/**
 * player_report_new_failed:
 * @serial: queue serial of @item
 * @item: what failed; a reference is taken
 * @error_type: what went wrong
 * @error_message: (nullable): in one line
 * @state_activity: the activity at that time
 * @state_token: (nullable): token of the then current stream
 * @state_offset_ms: its offset
 *
 * Returns: (transfer full): a report of type %PLAYER_REPORT_FAILED
 */
PlayerReport *
player_report_new_failed (guint64 serial,
                          PlayerItem *item,
                          PlayerErrorType error_type,
                          const char *error_message,
                          PlayerActivity state_activity,
                          const char *state_token,
                          gint64 state_offset_ms)
{
  PlayerReport *self = player_report_new (PLAYER_REPORT_FAILED, serial, item, 0);
  g_return_val_if_fail (self != NULL, NULL);

  self->error_type = error_type;
  self->error_message = g_strdup (error_message);
  self->state_activity = state_activity;
  self->state_token = g_strdup (state_token);
  self->state_offset_ms = state_offset_ms;
  return self;
}

PlayerReport *
player_report_ref (PlayerReport *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
player_report_unref (PlayerReport *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  player_item_unref (self->item);
  g_free (self->error_message);
  g_free (self->state_token);
  g_free (self);
}

const char *
player_output_state_to_string (PlayerOutputState state)
{
  static const char *const names[] = {
    [PLAYER_OUTPUT_CLOSED] = "closed",
    [PLAYER_OUTPUT_IDLE] = "idle",
    [PLAYER_OUTPUT_PLAYING] = "playing",
    [PLAYER_OUTPUT_WAITING] = "waiting",
  };
  g_return_val_if_fail ((guint)state < G_N_ELEMENTS (names), "?");
  return names[state];
}

PlayerSnapshot *
player_snapshot_new (void)
{
  PlayerSnapshot *self = g_new0 (PlayerSnapshot, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->activity = PLAYER_ACTIVITY_IDLE;
  self->duration_ms = -1;
  self->queue = g_ptr_array_new_with_free_func ((GDestroyNotify)player_item_unref);
  self->volume = 1.0;
  return self;
}

PlayerSnapshot *
player_snapshot_ref (PlayerSnapshot *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
player_snapshot_unref (PlayerSnapshot *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->item, player_item_unref);
  g_clear_pointer (&self->metadata, player_metadata_unref);
  g_ptr_array_unref (self->queue);
  g_free (self->output_message);
  g_free (self);
}

G_DEFINE_BOXED_TYPE (PlayerReport, player_report, player_report_ref, player_report_unref)
G_DEFINE_BOXED_TYPE (PlayerSnapshot, player_snapshot, player_snapshot_ref, player_snapshot_unref)

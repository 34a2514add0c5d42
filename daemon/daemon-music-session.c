/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-music-session.h"

#include "dbus/bus-errors.h"

/* Who skips does it within so much playback. */
#define FIRST_US (5 * G_TIME_SPAN_SECOND)
/* The next item is asked for at the latest so long before the end. */
#define LEAD_MS 30000
/* What nobody could renew is not asked for again before. */
#define RENEWAL_GAP_US (15 * G_TIME_SPAN_SECOND)

/* A clock that shows less has not been set: 2024-01-01. */
#define CLOCK_SET_US (G_GINT64_CONSTANT (1704067200) * G_TIME_SPAN_SECOND)

/* --- One item ----------------------------------------------------------------------------------
 */

DaemonMusicTrack *
daemon_music_track_new (const char *origin,
                        const AlexaMusicReference *reference,
                        AlexaMusicItem *item,
                        gint64 deadline_us,
                        guint64 number)
{
  g_return_val_if_fail (item != NULL && item->stream != NULL, NULL);
  DaemonMusicTrack *self = g_new0 (DaemonMusicTrack, 1);
  self->origin = g_strdup (origin);
  self->reference = alexa_music_reference_ref ((AlexaMusicReference *)reference);
  self->item = alexa_music_item_ref (item);
  self->token
      = g_strdup_printf ("%s/%s#%" G_GUINT64_FORMAT, reference->queue_id, reference->id, number);
  self->deadline_us = deadline_us;
  return self;
}

void
daemon_music_track_free (DaemonMusicTrack *self)
{
  if (self == NULL)
    return;
  g_free (self->origin);
  alexa_music_reference_unref (self->reference);
  alexa_music_item_unref (self->item);
  g_free (self->token);
  g_free (self);
}

void
daemon_music_track_renew (DaemonMusicTrack *self, AlexaMusicItem *item, gint64 deadline_us)
{
  g_return_if_fail (self != NULL && item != NULL && item->stream != NULL);
  g_autoptr (AlexaMusicItem) old = self->item;
  self->item = alexa_music_item_ref (item);
  self->deadline_us = deadline_us;
}

void
daemon_music_track_rate (DaemonMusicTrack *self, gboolean positive)
{
  g_return_if_fail (self != NULL);
  self->rating = positive ? "POSITIVE" : "NEGATIVE";
}

gboolean
daemon_music_track_is_expired (const DaemonMusicTrack *self, gint64 now_us)
{
  g_return_val_if_fail (self != NULL, FALSE);
  return now_us >= self->deadline_us;
}

/* (transfer full) */
static PlayerMetadata *
make_metadata (const AlexaMusicMetadata *metadata)
{
  g_autofree char *authors = metadata->authors != NULL && *metadata->authors != NULL
                                 ? g_strjoinv (", ", metadata->authors)
                                 : NULL;
  const AlexaMusicArt *largest = alexa_music_metadata_get_largest_art (metadata);
  return player_metadata_new (metadata->name, authors, metadata->album,
                              largest != NULL ? largest->url : NULL, NULL);
}

PlayerItem *
daemon_music_track_make_item (const DaemonMusicTrack *self, gint64 offset_ms)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_autoptr (PlayerMetadata) metadata = make_metadata (self->item->metadata);
  g_autoptr (PlayerItem) plain
      = player_item_new (self->item->stream->uri, self->token, offset_ms, self->origin, metadata);
  g_autoptr (PlayerItem) renewable = player_item_new_source (plain, plain->url, NULL, TRUE);
  return player_item_new_until (renewable,
                                self->deadline_us == G_MAXINT64 ? 0 : MAX (self->deadline_us, 1));
}

/* --- The queue ---------------------------------------------------------------------------------
 */

DaemonMusicSession *
daemon_music_session_new (const char *service,
                          const char *content_id,
                          const AlexaMusicQueue *queue,
                          DaemonMusicTrack *current)
{
  g_return_val_if_fail (queue != NULL && current != NULL, NULL);
  DaemonMusicSession *self = g_new0 (DaemonMusicSession, 1);
  self->service = g_strdup (service);
  self->queue_id = g_strdup (queue->id);
  self->content_id = g_strdup (content_id);
  self->controls = queue->controls;
  self->feedback_enabled = queue->feedback_enabled;
  self->current = current;
  return self;
}

void
daemon_music_session_free (DaemonMusicSession *self)
{
  if (self == NULL)
    return;
  g_free (self->service);
  g_free (self->queue_id);
  g_free (self->content_id);
  daemon_music_track_free (self->current);
  daemon_music_track_free (self->next);
  daemon_music_track_free (self->past);
  g_free (self);
}

DaemonMusicTrack *
daemon_music_session_find (DaemonMusicSession *self, const char *token)
{
  g_return_val_if_fail (self != NULL && token != NULL, NULL);
  DaemonMusicTrack *const tracks[] = { self->current, self->next, self->past };
  for (guint i = 0; i < G_N_ELEMENTS (tracks); i++)
    if (tracks[i] != NULL && g_str_equal (tracks[i]->token, token))
      return tracks[i];
  return NULL;
}

DaemonMusicTrack *
daemon_music_session_replace (DaemonMusicSession *self, DaemonMusicTrack *track)
{
  g_return_val_if_fail (self != NULL && track != NULL, NULL);
  daemon_music_session_drop_next (self);
  /* What has not sounded owes no report, what sounds until @track does may. */
  if (self->current->sounded)
    {
      daemon_music_track_free (self->past);
      self->past = self->current;
    }
  else
    daemon_music_track_free (self->current);
  self->current = track;
  self->finished = FALSE;
  self->over = FALSE;
  self->nearly = FALSE;
  self->started_us = 0;
  self->offset_ms = track->item->stream->offset_ms;
  return track;
}

void
daemon_music_session_advance (DaemonMusicSession *self)
{
  g_return_if_fail (self != NULL && self->next != NULL);
  daemon_music_session_replace (self, g_steal_pointer (&self->next));
}

void
daemon_music_session_drop_next (DaemonMusicSession *self)
{
  g_return_if_fail (self != NULL);
  g_clear_pointer (&self->next, daemon_music_track_free);
}

void
daemon_music_session_queue (DaemonMusicSession *self, DaemonMusicTrack *track)
{
  g_return_if_fail (self != NULL && track != NULL);
  daemon_music_session_drop_next (self);
  self->next = track;
}

/* --- What is allowed ---------------------------------------------------------------------------
 */

AlexaMusicControls
daemon_music_session_get_controls (const DaemonMusicSession *self)
{
  g_return_val_if_fail (self != NULL, (AlexaMusicControls){ 0 });
  return alexa_music_controls_merge (&self->controls, &self->current->item->controls);
}

static gboolean
is_ad (const DaemonMusicSession *self)
{
  return self->current->item->playback == ALEXA_MUSIC_PLAYBACK_AD;
}

static gboolean
is_rateable (const DaemonMusicSession *self)
{
  const AlexaMusicItem *item = self->current->item;
  return item->has_feedback_rule ? item->feedback_enabled : self->feedback_enabled;
}

static gboolean
set_not_allowed (GError **error, int code, const char *what)
{
  g_set_error (error, BUS_ERROR, code, "%s", what);
  return FALSE;
}

static gboolean
may_skip (const DaemonMusicSession *self, gint64 wall_us, GError **error)
{
  if (is_ad (self))
    return set_not_allowed (error, BUS_ERROR_NOT_ALLOWED, "advertising cannot be skipped");
  if (wall_us < self->skips_from_us)
    return set_not_allowed (error, BUS_ERROR_NOT_ALLOWED,
                            "the music service allows no more skips for a while");
  return TRUE;
}

static gboolean
may_seek (const DaemonMusicSession *self, GError **error)
{
  if (is_ad (self))
    return set_not_allowed (error, BUS_ERROR_NOT_SEEKABLE, "advertising cannot be sought");
  if (daemon_music_session_is_live (self))
    return set_not_allowed (error, BUS_ERROR_NOT_SEEKABLE, "a live stream cannot be sought");
  if (daemon_music_session_get_controls (self).seek != ALEXA_MUSIC_ENABLED)
    return set_not_allowed (error, BUS_ERROR_NOT_SEEKABLE,
                            "the music service does not allow to seek in this item");
  return TRUE;
}

/* Of what @wish needs: the permission, and what to say without it. */
static gboolean
is_permitted (const DaemonMusicSession *self, DaemonMusicWish wish, const char **refusal)
{
  const AlexaMusicControls controls = daemon_music_session_get_controls (self);
  switch (wish)
    {
    case DAEMON_MUSIC_WISH_NEXT:
      *refusal = "the music service does not allow to skip this item";
      return controls.next == ALEXA_MUSIC_ENABLED;
    case DAEMON_MUSIC_WISH_PREVIOUS:
      *refusal = "the music service does not allow to go back from this item";
      return controls.previous == ALEXA_MUSIC_ENABLED;
    case DAEMON_MUSIC_WISH_SHUFFLE:
      *refusal = "the music service does not allow to shuffle this queue";
      return controls.shuffle == ALEXA_MUSIC_ENABLED;
    case DAEMON_MUSIC_WISH_LOOP:
      *refusal = "the music service does not allow to loop this queue";
      return controls.loop == ALEXA_MUSIC_ENABLED;
    case DAEMON_MUSIC_WISH_REPEAT:
      *refusal = "the music service does not allow to repeat an item of this queue";
      return controls.repeat == ALEXA_MUSIC_ENABLED;
    case DAEMON_MUSIC_WISH_RATE:
      *refusal = "this item cannot be rated";
      return is_rateable (self);
    case DAEMON_MUSIC_WISH_JUMP:
    case DAEMON_MUSIC_WISH_SEEK:
    default:
      *refusal = "";
      return TRUE;
    }
}

gboolean
daemon_music_session_may (const DaemonMusicSession *self,
                          DaemonMusicWish wish,
                          gint64 wall_us,
                          GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  const char *refusal = NULL;
  if (wish == DAEMON_MUSIC_WISH_SEEK)
    return may_seek (self, error);
  if (wish <= DAEMON_MUSIC_WISH_JUMP && is_ad (self))
    return may_skip (self, wall_us, error);
  if (!is_permitted (self, wish, &refusal))
    return set_not_allowed (error, BUS_ERROR_NOT_ALLOWED, refusal);
  return wish != DAEMON_MUSIC_WISH_NEXT || may_skip (self, wall_us, error);
}

void
daemon_music_session_limit_skips (DaemonMusicSession *self, const char *period, gint64 wall_us)
{
  g_return_if_fail (self != NULL);
  gboolean daily = g_strcmp0 (period, "DAILY") == 0;
  self->skips_from_us = wall_us + (daily ? G_TIME_SPAN_DAY : G_TIME_SPAN_HOUR);
}

/* --- What is due -------------------------------------------------------------------------------
 */

gboolean
daemon_music_session_is_live (const DaemonMusicSession *self)
{
  g_return_val_if_fail (self != NULL, FALSE);
  return self->current->item->duration_ms < 0 && !self->nearly;
}

/* Until the end, as the player knows it, else the service; G_MAXINT64 if nobody does. */
static gint64
get_left_ms (const DaemonMusicSession *self, gint64 position_ms, gint64 duration_ms)
{
  gint64 length_ms = duration_ms >= 0 ? duration_ms : self->current->item->duration_ms;
  return length_ms >= 0 ? length_ms - position_ms : G_MAXINT64;
}

static gint64
get_played_us (const DaemonMusicSession *self, gint64 now_us)
{
  return self->started_us != 0 ? now_us - self->started_us : 0;
}

gboolean
daemon_music_session_wants_next (const DaemonMusicSession *self,
                                 gint64 position_ms,
                                 gint64 duration_ms,
                                 gint64 now_us)
{
  g_return_val_if_fail (self != NULL, FALSE);
  if (self->next != NULL || self->finished || self->over)
    return FALSE;
  if (daemon_music_session_is_live (self))
    return FALSE;
  return get_left_ms (self, position_ms, duration_ms) <= LEAD_MS
         || (self->nearly && get_played_us (self, now_us) >= FIRST_US);
}

gboolean
daemon_music_session_wants_renewal (const DaemonMusicSession *self,
                                    gint64 position_ms,
                                    gint64 duration_ms,
                                    gint64 now_us)
{
  g_return_val_if_fail (self != NULL, FALSE);
  const DaemonMusicTrack *next = self->next;
  if (next == NULL || !daemon_music_track_is_expired (next, now_us))
    return FALSE;
  gint64 left_ms = get_left_ms (self, position_ms, duration_ms);
  return (left_ms <= LEAD_MS || left_ms == G_MAXINT64)
         && (next->asked_us == 0 || now_us - next->asked_us >= RENEWAL_GAP_US);
}

void
daemon_music_session_note_progress (DaemonMusicSession *self, gint64 now_us)
{
  g_return_if_fail (self != NULL);
  if (get_played_us (self, now_us) < FIRST_US)
    return;
  self->failures = 0;
  self->current->refused = FALSE;
}

gboolean
daemon_music_session_is_forgotten (const DaemonMusicSession *self, guint hours, gint64 wall_us)
{
  g_return_val_if_fail (self != NULL, FALSE);
  return self->rest_since_us >= CLOCK_SET_US
         && wall_us - self->rest_since_us >= hours * G_TIME_SPAN_HOUR;
}

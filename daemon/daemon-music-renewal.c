/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-music-private.h"

#include "dbus/bus-errors.h"

/* --- The new URL -------------------------------------------------------------------------------
 */

/* The player may go on with what @track is now. */
static void
hand_over (DaemonMusic *self, const DaemonMusicTrack *track)
{
  guint64 serial = player_controller_find_token (self->context->controller, track->token);
  g_autoptr (PlayerItem) item = daemon_music_track_make_item (track, 0);
  daemon_music_submit (self, player_command_new_renew (serial, item));
}

/* Whether @item, the answer to @ask, is the one that was asked for. */
static gboolean
is_same (const DaemonMusicAsk *ask, const AlexaMusicItem *item)
{
  return g_strcmp0 (item->id, ask->request->reference->id) == 0;
}

/* @track is @item now. */
static void
take_over (DaemonMusicTrack *track, AlexaMusicItem *item, const DaemonMusicMoment *received)
{
  gboolean stale = FALSE;
  daemon_music_track_renew (track, item,
                            daemon_music_expiry_get_deadline (item->stream, received, &stale));
  if (stale)
    g_info ("music: a URL that has just been given has expired already; it is used at once");
}

static DaemonMusicAsk *
ask_item (DaemonMusic *self,
          DaemonMusicTrack *track,
          DaemonMusicPurpose purpose,
          DaemonMusicStep step)
{
  AlexaMusicRequest *request = alexa_music_request_new (ALEXA_MUSIC_GET_ITEM);
  request->reference = alexa_music_reference_ref (track->reference);
  track->asked_us = daemon_music_now_us (self);
  DaemonMusicAsk *ask
      = daemon_music_ask (self, daemon_music_get_caller (self), request, purpose, step, NULL);
  ask->token = g_strdup (track->token);
  return ask;
}

/* --- In mid-stream, and of what waits ----------------------------------------------------------
 */

/* The service does not give items anew, as one may whose URLs do not expire: the old one is tried once
 * more, whatever its deadline. */
static gboolean
try_once_more (DaemonMusic *self, DaemonMusicTrack *track, const DaemonMusicReply *reply)
{
  if (reply->refusal != ALEXA_MUSIC_ERROR_INVALID_DIRECTIVE
      && daemon_music_caller_supports (daemon_music_get_caller (self), ALEXA_MUSIC_GET_ITEM))
    return FALSE;
  track->deadline_us = G_MAXINT64;
  hand_over (self, track);
  return TRUE;
}

/* What waits stays as it is where the service has nothing to say: it may be open already, and nothing
 * that sounds may suffer for it. */
static void
fail_next (DaemonMusic *self, DaemonMusicTrack *track, const DaemonMusicReply *reply)
{
  if (reply->refusal == ALEXA_MUSIC_ERROR_ITEM_NOT_FOUND)
    daemon_music_replace_next (self);
  else if (track->refused)
    try_once_more (self, track, reply);
}

static void
fail_current (DaemonMusic *self, DaemonMusicTrack *track, const DaemonMusicReply *reply)
{
  if (reply->refusal == ALEXA_MUSIC_ERROR_INTERNAL_ERROR)
    {
      daemon_music_set_problem (self, reply->error->message);
      daemon_music_give_up (self);
    }
  else if (reply->refusal == ALEXA_MUSIC_ERROR_ITEM_NOT_FOUND)
    daemon_music_recover (self, reply->error->message);
  else if (!try_once_more (self, track, reply))
    daemon_music_set_problem (self, reply->error->message);
}

/* Another item stands in for @track. */
static void
substitute (DaemonMusic *self, const DaemonMusicTrack *track, const DaemonMusicReply *reply)
{
  AlexaMusicItem *item = reply->answer->item;
  DaemonMusicTrack *other = daemon_music_make_track (self, item, reply->received);
  if (track == self->session->next)
    daemon_music_queue (self, other);
  else
    daemon_music_start (self, other, item->stream->offset_ms);
}

static void
on_renewed (DaemonMusic *self, DaemonMusicAsk *ask, const DaemonMusicReply *reply)
{
  DaemonMusicTrack *track
      = self->session != NULL ? daemon_music_session_find (self->session, ask->token) : NULL;
  if (track == NULL || track == self->session->past)
    return; /* it is over */
  if (reply->error != NULL && track == self->session->next)
    fail_next (self, track, reply);
  else if (reply->error != NULL)
    fail_current (self, track, reply);
  else if (!is_same (ask, reply->answer->item))
    substitute (self, track, reply);
  else
    {
      take_over (track, reply->answer->item, reply->received);
      hand_over (self, track);
    }
  if (self->session != NULL)
    daemon_music_note_change (self);
}

void
daemon_music_renew (DaemonMusic *self, DaemonMusicTrack *track)
{
  ask_item (self, track, DAEMON_MUSIC_PURPOSE_RENEWAL, on_renewed);
}

/* Whether @track is being renewed already. */
static gboolean
is_renewing (DaemonMusic *self, const DaemonMusicTrack *track)
{
  for (guint i = 0; i < self->asks->len; i++)
    {
      const DaemonMusicAsk *ask = g_ptr_array_index (self->asks, i);
      if (ask->request->message == ALEXA_MUSIC_GET_ITEM
          && g_strcmp0 (ask->token, track->token) == 0)
        return TRUE;
    }
  return FALSE;
}

void
daemon_music_handle_refused (DaemonMusic *self, guint64 serial)
{
  g_autoptr (PlayerItem) item = player_controller_get_item (self->context->controller, serial);
  DaemonMusicTrack *track = item != NULL && self->session != NULL
                                ? daemon_music_session_find (self->session, item->token)
                                : NULL;
  if (track == NULL || track == self->session->past || self->closing
      || daemon_music_get_caller (self) == NULL || is_renewing (self, track))
    return;
  gboolean again = track->refused;
  track->refused = TRUE;
  if (!again)
    daemon_music_renew (self, track);
  else if (track == self->session->next)
    daemon_music_replace_next (self);
  else
    daemon_music_recover (self, "the music service gives URLs that cannot be opened");
}

/* --- Play --------------------------------------------------------------------------------------
 */

/* What has paused goes on at its very sample, what has ended is loaded anew. */
static void
go_on (DaemonMusic *self, gint64 offset_ms)
{
  const DaemonMusicTrack *track = self->session->current;
  if (player_controller_find_token (self->context->controller, track->token) != 0)
    {
      daemon_music_submit (self, player_command_new_simple (PLAYER_COMMAND_RESUME));
      daemon_music_note_change (self);
      return;
    }
  daemon_music_start (self,
                      daemon_music_track_new (track->origin, track->reference, track->item,
                                              track->deadline_us, ++self->n_tracks),
                      offset_ms);
  daemon_music_insist (self);
}

static void
fail_to_go_on (DaemonMusic *self, const DaemonMusicReply *reply)
{
  DaemonMusicTrack *track = self->session->current;
  if (reply->refusal == ALEXA_MUSIC_ERROR_ITEM_NOT_FOUND
      || reply->refusal == ALEXA_MUSIC_ERROR_INTERNAL_ERROR)
    {
      fail_current (self, track, reply);
      return;
    }
  /* The connection may still be open, or the old URL be good after all. */
  if (!try_once_more (self, track, reply))
    daemon_music_set_problem (self, reply->error->message);
  go_on (self, self->session->offset_ms);
}

static void
on_renewed_to_go_on (DaemonMusic *self, DaemonMusicAsk *ask, const DaemonMusicReply *reply)
{
  DaemonMusicSession *session = self->session;
  if (session == NULL || !g_str_equal (session->current->token, ask->token)
      || !daemon_music_is_current (self, ask))
    return; /* something else has been decided */
  if (reply->error != NULL)
    {
      fail_to_go_on (self, reply);
      return;
    }
  daemon_music_set_problem (self, NULL);
  if (!is_same (ask, reply->answer->item))
    {
      substitute (self, session->current, reply);
      daemon_music_insist (self);
      return;
    }
  take_over (session->current, reply->answer->item, reply->received);
  hand_over (self, session->current);
  go_on (self, session->offset_ms);
}

void
daemon_music_play_again (DaemonMusic *self, gint64 offset_ms)
{
  DaemonMusicTrack *track = self->session->current;
  self->session->offset_ms = offset_ms;
  if (daemon_music_track_is_expired (track, daemon_music_now_us (self)))
    ask_item (self, track, DAEMON_MUSIC_PURPOSE_PLAY, on_renewed_to_go_on);
  else
    go_on (self, offset_ms);
}

gboolean
daemon_music_resume (DaemonMusic *self, GError **error)
{
  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (self->context->controller);
  DaemonMusicSession *session = self->session;
  gboolean under_way
      = player_controller_find_token (self->context->controller, session->current->token) != 0;
  if (daemon_music_is_asking (self, DAEMON_MUSIC_PURPOSE_PLAY) || self->starving != 0)
    return TRUE; /* about to sound */
  if (under_way && now->activity != PLAYER_ACTIVITY_PAUSED)
    daemon_music_submit (self, player_command_new_simple (PLAYER_COMMAND_RESUME));
  else if (under_way)
    daemon_music_play_again (self, now->offset_ms);
  else if (session->over && session->finished)
    daemon_music_initiate (self, daemon_music_get_caller (self), session->content_id, NULL, NULL);
  else if (session->over)
    daemon_music_move_on (self);
  else
    daemon_music_play_again (self, session->offset_ms);
  return TRUE;
}

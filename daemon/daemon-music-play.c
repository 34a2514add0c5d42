/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-music-private.h"

#include "dbus/bus-errors.h"

/* --- Sound -------------------------------------------------------------------------------------
 */

DaemonMusicTrack *
daemon_music_make_track (DaemonMusic *self, AlexaMusicItem *item, const DaemonMusicMoment *received)
{
  const AlexaMusicReference *current = self->session->current->reference;
  g_autoptr (AlexaMusicReference) reference
      = alexa_music_reference_new (item->id, current->queue_id, current->content_id);
  return daemon_music_track_new (self->session->current->origin, reference, item,
                                 daemon_music_expiry_get_deadline (item->stream, received, NULL),
                                 ++self->n_tracks);
}

/* The session's current item begins at @offset_ms. */
static void
sound (DaemonMusic *self, gint64 offset_ms)
{
  g_autoptr (PlayerItem) item = daemon_music_track_make_item (self->session->current, offset_ms);
  daemon_music_drop (self, DAEMON_MUSIC_PURPOSE_NEXT);
  daemon_music_drop (self, DAEMON_MUSIC_PURPOSE_RENEWAL);
  daemon_music_end_rest (self);
  daemon_music_stop_tick (self);
  self->next_refused = FALSE;
  self->session->offset_ms = offset_ms;
  daemon_music_submit (self, player_command_new_play (item, PLAYER_PLAY_REPLACE_ALL, NULL));
  daemon_music_note_change (self);
}

void
daemon_music_insist (DaemonMusic *self)
{
  daemon_music_submit (self, player_command_new_simple (PLAYER_COMMAND_RESUME));
}

void
daemon_music_start (DaemonMusic *self, DaemonMusicTrack *track, gint64 offset_ms)
{
  daemon_music_session_replace (self->session, track);
  sound (self, offset_ms);
}

/* --- Another queue -----------------------------------------------------------------------------
 */

static void
fail (DaemonMusic *self, DaemonMusicAsk *ask, const DaemonMusicReply *reply)
{
  if (ask->task == NULL)
    daemon_music_set_problem (self, reply->error->message);
  daemon_music_return_error (ask, reply->error);
}

/* Whether @queue is to be stopped before another one may play. */
static void
deactivate (DaemonMusic *self, const AlexaMusicQueue *queue)
{
  if (self->session != NULL && queue->deactivate != NULL
      && g_strv_contains ((const char *const *)queue->deactivate, self->session->queue_id))
    daemon_music_give_up (self);
}

/* Plays @queue from its first item on, at @offset_ms of it. */
static void
begin (DaemonMusic *self,
       DaemonMusicAsk *ask,
       const DaemonMusicReply *reply,
       const char *content_id,
       gint64 offset_ms)
{
  const AlexaMusicQueue *queue = reply->answer->queue;
  deactivate (self, queue);
  g_autoptr (AlexaMusicReference) reference
      = alexa_music_reference_new (queue->first->id, queue->id, content_id);
  DaemonMusicTrack *track = daemon_music_track_new (
      daemon_music_caller_get_origin (ask->caller), reference, queue->first,
      daemon_music_expiry_get_deadline (queue->first->stream, reply->received, NULL),
      ++self->n_tracks);
  g_autoptr (DaemonMusicSession) old = g_steal_pointer (&self->session);
  self->session = daemon_music_session_new (daemon_music_caller_get_config (ask->caller)->name,
                                            content_id, queue, track);
  if (old != NULL) /* what sounds may owe a report */
    {
      DaemonMusicTrack **sounding = old->current->sounded ? &old->current : &old->past;
      self->session->past = g_steal_pointer (sounding);
    }
  daemon_music_set_problem (self, NULL);
  sound (self, offset_ms);
  daemon_music_insist (self);
}

static void
on_initiated (DaemonMusic *self, DaemonMusicAsk *ask, const DaemonMusicReply *reply)
{
  if (reply->error != NULL)
    {
      if (reply->refusal == ALEXA_MUSIC_ERROR_INTERNAL_ERROR
          && daemon_music_get_caller (self) == ask->caller)
        daemon_music_give_up (self);
      fail (self, ask, reply);
      return;
    }
  begin (self, ask, reply, ask->request->content_id,
         reply->answer->queue->first->stream->offset_ms);
  daemon_music_return (ask, NULL);
}

void
daemon_music_initiate (DaemonMusic *self,
                       DaemonMusicCaller *caller,
                       const char *content_id,
                       const AlexaMusicRequest *options,
                       GTask *task)
{
  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (self->context->controller);
  AlexaMusicRequest *request = alexa_music_request_new (ALEXA_MUSIC_INITIATE);
  request->content_id = g_strdup (content_id);
  request->explicit_allowed = options == NULL || options->explicit_allowed;
  request->shuffle = options != NULL ? options->shuffle : self->session->controls.shuffle_on;
  request->loop = options != NULL ? options->loop : self->session->controls.loop_on;
  request->repeat = options != NULL ? options->repeat : self->session->controls.repeat_on;
  if (player_activity_is_active (now->activity) && daemon_music_owns (self, now))
    request->reference = alexa_music_reference_ref (self->session->current->reference);
  daemon_music_ask (self, caller, request, DAEMON_MUSIC_PURPOSE_PLAY, on_initiated, task);
}

static void
on_content (DaemonMusic *self, DaemonMusicAsk *ask, const DaemonMusicReply *reply)
{
  if (reply->error != NULL)
    fail (self, ask, reply);
  else
    daemon_music_initiate (self, ask->caller, reply->answer->content_id, ask->request, ask->task);
}

void
daemon_music_search (DaemonMusic *self,
                     DaemonMusicCaller *caller,
                     AlexaMusicRequest *request,
                     GTask *task)
{
  if (request->content_id != NULL)
    daemon_music_initiate (self, caller, request->content_id, request, task);
  else
    daemon_music_ask (self, caller, alexa_music_request_ref (request), DAEMON_MUSIC_PURPOSE_PLAY,
                      on_content, task);
}

static void
on_reinitiated (DaemonMusic *self, DaemonMusicAsk *ask, const DaemonMusicReply *reply)
{
  if (reply->error != NULL || !daemon_music_is_current (self, ask))
    {
      if (reply->error != NULL)
        fail (self, ask, reply);
      else
        daemon_music_return (ask, NULL);
      return;
    }
  const AlexaMusicItem *first = reply->answer->queue->first;
  gboolean same = g_strcmp0 (first->id, ask->request->reference->id) == 0;
  gint64 ours_ms = ask->request->offset_ms;
  begin (self, ask, reply, ask->request->reference->content_id,
         same && first->stream->offset_ms == 0 ? ours_ms : first->stream->offset_ms);
  daemon_music_return (ask, NULL);
}

void
daemon_music_reinitiate (DaemonMusic *self, GTask *task)
{
  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (self->context->controller);
  AlexaMusicRequest *request = daemon_music_request_new (self, ALEXA_MUSIC_REINITIATE);
  request->offset_ms = player_activity_is_active (now->activity) && daemon_music_owns (self, now)
                           ? now->offset_ms
                           : self->session->offset_ms;
  request->shuffle = self->session->controls.shuffle_on;
  request->loop = self->session->controls.loop_on;
  request->repeat = self->session->controls.repeat_on;
  daemon_music_ask (self, daemon_music_get_caller (self), request, DAEMON_MUSIC_PURPOSE_PLAY,
                    on_reinitiated, task);
}

/* --- Another item of the queue -----------------------------------------------------------------
 */

/* Nothing comes after what played. */
static void
end_queue (DaemonMusic *self)
{
  daemon_music_drop (self, DAEMON_MUSIC_PURPOSE_NEXT);
  daemon_music_session_drop_next (self->session);
  daemon_music_submit (self, player_command_new_simple (PLAYER_COMMAND_STOP));
  self->session->finished = TRUE;
  self->session->over = TRUE;
  self->session->offset_ms = 0;
  daemon_music_begin_rest (self);
  daemon_music_note_change (self);
}

static gboolean
is_by_user (const DaemonMusicAsk *ask)
{
  return ask->request->message != ALEXA_MUSIC_GET_NEXT_ITEM || ask->request->user_initiated;
}

/* The item that @ask has brought is not what the user wants, either: the button was pressed again while
 * it was on its way. */
static void
move_again (DaemonMusic *self, DaemonMusicAsk *ask)
{
  gboolean forward = ask->request->message == ALEXA_MUSIC_GET_NEXT_ITEM;
  if (is_by_user (ask))
    daemon_music_insist (self);
  for (guint i = 0; i < ask->more; i++)
    if (!(forward ? daemon_music_skip (self, NULL) : daemon_music_go_back (self, NULL)))
      return;
}

/* Whether a press of the same button is under way; this one waits for it. */
static gboolean
join_press (DaemonMusic *self, AlexaMusicMessage message)
{
  for (guint i = 0; i < self->asks->len; i++)
    {
      DaemonMusicAsk *ask = g_ptr_array_index (self->asks, i);
      if (ask->purpose != DAEMON_MUSIC_PURPOSE_PLAY || ask->request->message != message
          || !is_by_user (ask))
        continue;
      ask->more++;
      return TRUE;
    }
  return FALSE;
}

/* What the service says is to sound does so, unless somebody has decided otherwise meanwhile. */
static void
on_moved (DaemonMusic *self, DaemonMusicAsk *ask, const DaemonMusicReply *reply)
{
  if (self->session == NULL || (reply->error == NULL && !daemon_music_is_current (self, ask)))
    {
      daemon_music_return (ask, NULL);
      return;
    }
  if (reply->refusal == ALEXA_MUSIC_ERROR_SKIP_LIMIT_REACHED)
    daemon_music_session_limit_skips (self->session,
                                      reply->answer != NULL ? reply->answer->retry_period : NULL,
                                      g_get_real_time ());
  if (reply->error != NULL)
    {
      fail (self, ask, reply);
      daemon_music_note_change (self);
      return;
    }
  DaemonMusicSession *session = self->session;
  DaemonMusicTrack *sounding
      = session->current->sounded || session->past == NULL ? session->current : session->past;
  sounding->cause = ask->cause;
  if (reply->answer->item == NULL)
    end_queue (self);
  else
    {
      daemon_music_start (self,
                          daemon_music_make_track (self, reply->answer->item, reply->received),
                          reply->answer->item->stream->offset_ms);
      move_again (self, ask);
    }
  daemon_music_return (ask, NULL);
}

/* Asks for what is to sound next; what was asked for to follow is of no use any more. */
static DaemonMusicAsk *
move (DaemonMusic *self, AlexaMusicRequest *request, DaemonMusicStep step, GTask *task)
{
  daemon_music_drop (self, DAEMON_MUSIC_PURPOSE_NEXT);
  return daemon_music_ask (self, daemon_music_get_caller (self), request, DAEMON_MUSIC_PURPOSE_PLAY,
                           step, task);
}

gboolean
daemon_music_skip (DaemonMusic *self, GError **error)
{
  if (!daemon_music_session_may (self->session, DAEMON_MUSIC_WISH_NEXT, g_get_real_time (), error))
    return FALSE;
  if (join_press (self, ALEXA_MUSIC_GET_NEXT_ITEM))
    return TRUE;
  AlexaMusicRequest *request = daemon_music_request_new (self, ALEXA_MUSIC_GET_NEXT_ITEM);
  request->user_initiated = TRUE;
  move (self, request, on_moved, NULL);
  return TRUE;
}

/* There is none before the current one: that begins again. */
static void
rewind_current (DaemonMusic *self)
{
  if (daemon_music_submit (self, player_command_new_seek (0)) != PLAYER_VERDICT_DONE)
    daemon_music_play_again (self, 0);
}

static void
on_previous (DaemonMusic *self, DaemonMusicAsk *ask, const DaemonMusicReply *reply)
{
  if (self->session != NULL && reply->refusal == ALEXA_MUSIC_ERROR_ITEM_NOT_FOUND
      && daemon_music_is_current (self, ask))
    rewind_current (self);
  else
    on_moved (self, ask, reply);
}

gboolean
daemon_music_go_back (DaemonMusic *self, GError **error)
{
  if (!daemon_music_session_may (self->session, DAEMON_MUSIC_WISH_PREVIOUS, g_get_real_time (),
                                 error))
    return FALSE;
  if (!join_press (self, ALEXA_MUSIC_GET_PREVIOUS_ITEM))
    move (self, daemon_music_request_new (self, ALEXA_MUSIC_GET_PREVIOUS_ITEM), on_previous, NULL);
  return TRUE;
}

void
daemon_music_jump (DaemonMusic *self, const char *item_id, GTask *task)
{
  GError *error = NULL;
  if (!daemon_music_session_may (self->session, DAEMON_MUSIC_WISH_JUMP, g_get_real_time (), &error))
    {
      g_task_return_error (task, error);
      return;
    }
  AlexaMusicRequest *request = daemon_music_request_new (self, ALEXA_MUSIC_JUMP_TO_ITEM);
  request->target_item_id = g_strdup (item_id);
  move (self, request, on_moved, task)->cause = "JUMP";
}

/* --- What cannot be played ---------------------------------------------------------------------
 */

void
daemon_music_move_on (DaemonMusic *self)
{
  move (self, daemon_music_request_new (self, ALEXA_MUSIC_GET_NEXT_ITEM), on_moved, NULL);
}

void
daemon_music_recover (DaemonMusic *self, const char *why)
{
  if (daemon_music_is_asking (self, DAEMON_MUSIC_PURPOSE_PLAY))
    return; /* something else is about to sound */
  self->session->failures++;
  if (self->session->failures < DAEMON_MUSIC_MAX_FAILURES)
    {
      if (!daemon_music_play_queued (self))
        daemon_music_move_on (self);
      return;
    }
  daemon_music_set_problem (self, why);
  daemon_music_submit (self, player_command_new_simple (PLAYER_COMMAND_STOP));
  self->session->failures = 0;
  daemon_music_begin_rest (self);
  daemon_music_note_change (self);
}

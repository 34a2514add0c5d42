/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-music-private.h"

/* What does not come within so long after the end of the item before it is not waited for. */
#define STARVING_MS 30000

/* What waits may have been taken out of the player's queue by somebody else. */
static void
check_queued (DaemonMusic *self)
{
  const DaemonMusicTrack *next = self->session->next;
  if (next != NULL && player_controller_find_token (self->context->controller, next->token) == 0)
    daemon_music_session_drop_next (self->session);
}

static void
clear_queued (DaemonMusic *self)
{
  check_queued (self);
  if (self->session->next == NULL)
    return;
  daemon_music_submit (self, player_command_new_clear_queue (PLAYER_CLEAR_ENQUEUED));
  daemon_music_session_drop_next (self->session);
}

/* Whether the current item sounds, or paused, or has just ended in favour of what follows it: else
 * what is queued would begin to sound although somebody has stopped it. */
static gboolean
is_under_way (DaemonMusic *self)
{
  return self->starving != 0
         || player_controller_find_token (self->context->controller, self->session->current->token)
                != 0;
}

void
daemon_music_queue (DaemonMusic *self, DaemonMusicTrack *track)
{
  if (!is_under_way (self))
    {
      daemon_music_track_free (track);
      return;
    }
  clear_queued (self);
  g_autoptr (PlayerItem) item
      = daemon_music_track_make_item (track, track->item->stream->offset_ms);
  PlayerVerdict verdict = daemon_music_submit (
      self, player_command_new_play (item, PLAYER_PLAY_ENQUEUE, self->session->current->token));
  if (verdict == PLAYER_VERDICT_DONE)
    daemon_music_session_queue (self->session, track);
  else
    daemon_music_track_free (track); /* something else plays by now */
}

gboolean
daemon_music_play_queued (DaemonMusic *self)
{
  check_queued (self);
  return self->session->next != NULL
         && daemon_music_submit (self, player_command_new_simple (PLAYER_COMMAND_SKIP))
                == PLAYER_VERDICT_DONE;
}

static void
on_next (DaemonMusic *self, DaemonMusicAsk *ask, const DaemonMusicReply *reply)
{
  if (self->session == NULL || g_strcmp0 (ask->token, self->session->current->token) != 0)
    return;
  if (reply->error != NULL)
    {
      self->next_refused = TRUE;
      daemon_music_set_problem (self, reply->error->message);
    }
  else if (reply->answer->item == NULL)
    self->session->finished = TRUE;
  else
    daemon_music_queue (self, daemon_music_make_track (self, reply->answer->item, reply->received));
  if (self->session->next == NULL && self->starving != 0)
    daemon_music_note_end (self);
  else
    daemon_music_note_change (self);
}

/* @after: the item whose successor is asked for; it may be the queued one. */
static void
ask_next (DaemonMusic *self, const DaemonMusicTrack *after)
{
  AlexaMusicRequest *request = alexa_music_request_new (ALEXA_MUSIC_GET_NEXT_ITEM);
  request->reference = alexa_music_reference_ref (after->reference);
  DaemonMusicAsk *ask = daemon_music_ask (self, daemon_music_get_caller (self), request,
                                          DAEMON_MUSIC_PURPOSE_NEXT, on_next, NULL);
  ask->token = g_strdup (self->session->current->token);
}

/* Whether a question about what comes next makes sense now. */
static gboolean
may_ask_next (DaemonMusic *self)
{
  DaemonMusicCaller *caller = daemon_music_get_caller (self);
  return caller != NULL && !self->closing && !self->next_refused
         && daemon_music_caller_supports (caller, ALEXA_MUSIC_GET_NEXT_ITEM)
         && !daemon_music_is_asking (self, DAEMON_MUSIC_PURPOSE_NEXT)
         && !daemon_music_is_asking (self, DAEMON_MUSIC_PURPOSE_PLAY);
}

void
daemon_music_look_ahead (DaemonMusic *self)
{
  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (self->context->controller);
  DaemonMusicSession *session = self->session;
  if (session == NULL || now->item == NULL
      || !g_str_equal (now->item->token, session->current->token))
    return;
  gint64 now_us = daemon_music_now_us (self);
  check_queued (self);
  if (may_ask_next (self)
      && daemon_music_session_wants_next (session, now->offset_ms, now->duration_ms, now_us))
    ask_next (self, session->current);
  if (!self->closing && !daemon_music_is_asking (self, DAEMON_MUSIC_PURPOSE_RENEWAL)
      && daemon_music_session_wants_renewal (session, now->offset_ms, now->duration_ms, now_us))
    daemon_music_renew (self, session->next);
}

void
daemon_music_refresh_next (DaemonMusic *self)
{
  daemon_music_drop (self, DAEMON_MUSIC_PURPOSE_NEXT);
  clear_queued (self);
  self->session->finished = FALSE;
  self->next_refused = FALSE;
  if (may_ask_next (self) && is_under_way (self))
    ask_next (self, self->session->current);
}

void
daemon_music_replace_next (DaemonMusic *self)
{
  g_autoptr (DaemonMusicTrack) dead = g_steal_pointer (&self->session->next);
  self->session->failures++;
  daemon_music_submit (self, player_command_new_clear_queue (PLAYER_CLEAR_ENQUEUED));
  self->next_refused = self->session->failures >= DAEMON_MUSIC_MAX_FAILURES;
  if (may_ask_next (self))
    ask_next (self, dead);
}

static void
on_starved (gpointer user_data)
{
  DaemonMusic *self = user_data;
  self->starving = 0;
  daemon_music_drop (self, DAEMON_MUSIC_PURPOSE_NEXT);
  daemon_music_set_problem (self, "the music service does not say what comes next");
}

void
daemon_music_note_end (DaemonMusic *self)
{
  DaemonMusicSession *session = self->session;
  check_queued (self);
  if (session->next != NULL)
    return;
  session->over = TRUE;
  session->offset_ms = 0;
  daemon_music_begin_rest (self);
  if (!session->finished && may_ask_next (self))
    ask_next (self, session->current);
  player_clock_remove_alarm (self->context->clock, self->starving);
  self->starving
      = daemon_music_is_asking (self, DAEMON_MUSIC_PURPOSE_NEXT)
            ? player_clock_add_alarm (self->context->clock, STARVING_MS, on_starved, self)
            : 0;
  daemon_music_note_change (self);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-music-private.h"

#define TICK_MS 1000

/* --- What goes to the service ------------------------------------------------------------------
 */

static void
tell (DaemonMusic *self, const DaemonMusicTrack *track, const PlayerReport *report)
{
  static const AlexaMusicEventType types[] = {
    [PLAYER_REPORT_STARTED] = ALEXA_MUSIC_EVENT_STARTED,
    [PLAYER_REPORT_FINISHED] = ALEXA_MUSIC_EVENT_FINISHED,
    [PLAYER_REPORT_STOPPED] = ALEXA_MUSIC_EVENT_STOPPED,
    [PLAYER_REPORT_FAILED] = ALEXA_MUSIC_EVENT_FAILED,
  };
  gboolean failed = report->type == PLAYER_REPORT_FAILED;
  DaemonMusicCaller *caller = NULL;
  for (guint i = 0; i < self->callers->len && caller == NULL; i++)
    if (g_str_equal (track->origin,
                     daemon_music_caller_get_origin (g_ptr_array_index (self->callers, i))))
      caller = g_ptr_array_index (self->callers, i);
  if (caller == NULL || report->type == PLAYER_REPORT_NEARLY_FINISHED)
    return;
  g_autoptr (AlexaMusicEvent) event = alexa_music_event_new (
      types[report->type], track->reference, failed ? 0 : report->offset_ms,
      failed ? player_error_type_to_string (report->error_type) : NULL,
      failed ? report->error_message : NULL,
      report->type == PLAYER_REPORT_STOPPED ? track->cause : NULL);
  daemon_music_caller_tell (caller, event);
}

/* --- Once a second -----------------------------------------------------------------------------
 */

static void
on_tick (gpointer user_data)
{
  DaemonMusic *self = user_data;
  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (self->context->controller);
  self->tick = 0;
  if (self->session == NULL || now->item == NULL
      || !g_str_equal (now->item->token, self->session->current->token))
    return;
  self->session->offset_ms = now->offset_ms;
  daemon_music_session_note_progress (self->session, daemon_music_now_us (self));
  daemon_music_memory_note_offset (self->memory, now->offset_ms, g_get_real_time ());
  daemon_music_look_ahead (self);
  daemon_music_start_tick (self);
}

void
daemon_music_start_tick (DaemonMusic *self)
{
  if (self->tick == 0)
    self->tick = player_clock_add_alarm (self->context->clock, TICK_MS, on_tick, self);
}

void
daemon_music_stop_tick (DaemonMusic *self)
{
  player_clock_remove_alarm (self->context->clock, self->tick);
  self->tick = 0;
}

/* --- What the player tells ---------------------------------------------------------------------
 */

static void
note_started (DaemonMusic *self, const DaemonMusicTrack *track, gint64 offset_ms)
{
  DaemonMusicSession *session = self->session;
  if (track == session->next)
    {
      daemon_music_session_advance (session);
      daemon_music_drop (self, DAEMON_MUSIC_PURPOSE_NEXT);
      self->next_refused = FALSE;
    }
  daemon_music_end_rest (self);
  session->current->sounded = TRUE;
  session->started_us = daemon_music_now_us (self);
  session->offset_ms = offset_ms;
  session->over = FALSE;
  daemon_music_set_problem (self, NULL);
  daemon_music_start_tick (self);
  daemon_music_note_change (self);
  daemon_music_look_ahead (self); /* the end may be near, and what waits have expired in a pause */
}

static void
note_stopped (DaemonMusic *self, gint64 offset_ms)
{
  self->session->offset_ms = offset_ms;
  daemon_music_begin_rest (self);
  daemon_music_note_change (self);
}

/* The network is away, not this item: the next one would not play, either. */
static gboolean
is_cut_off (DaemonMusic *self, const PlayerReport *report)
{
  DaemonMusicCaller *caller = daemon_music_get_caller (self);
  return report->error_type == PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE
         || (caller != NULL && daemon_music_caller_get_link (caller) == DAEMON_MUSIC_UNREACHABLE);
}

static void
note_failed (DaemonMusic *self, const DaemonMusicTrack *track, const PlayerReport *report)
{
  DaemonMusicSession *session = self->session;
  const char *why
      = report->error_message != NULL ? report->error_message : "an item cannot be played";
  if (track == session->next) /* its turn had come */
    daemon_music_session_advance (session);
  else if (g_strcmp0 (report->state_token, track->token) == 0)
    session->offset_ms = report->state_offset_ms;
  daemon_music_begin_rest (self);
  if (is_cut_off (self, report))
    daemon_music_set_problem (self, why); /* Play goes on at this place */
  else
    daemon_music_recover (self, why);
  daemon_music_note_change (self);
}

/* Something else sounds: what was to come is of no interest now. */
static void
lose_turn (DaemonMusic *self)
{
  daemon_music_drop (self, DAEMON_MUSIC_PURPOSE_NEXT);
  daemon_music_drop (self, DAEMON_MUSIC_PURPOSE_RENEWAL);
  player_clock_remove_alarm (self->context->clock, self->starving);
  self->starving = 0;
  daemon_music_begin_rest (self);
}

static void
handle_ours (DaemonMusic *self, const DaemonMusicTrack *track, const PlayerReport *report)
{
  gboolean past = track == self->session->past;
  switch (report->type)
    {
    case PLAYER_REPORT_STARTED:
      if (!past)
        note_started (self, track, report->offset_ms);
      break;
    case PLAYER_REPORT_NEARLY_FINISHED:
      if (track == self->session->current)
        {
          self->session->nearly = TRUE;
          daemon_music_note_change (self); /* it may be sought from now on */
          daemon_music_look_ahead (self);
        }
      break;
    case PLAYER_REPORT_FINISHED:
      if (track == self->session->current && !self->closing)
        daemon_music_note_end (self);
      break;
    case PLAYER_REPORT_STOPPED:
      if (track == self->session->current)
        note_stopped (self, report->offset_ms);
      break;
    case PLAYER_REPORT_FAILED:
    default:
      if (!past && !self->closing)
        note_failed (self, track, report);
      break;
    }
}

void
daemon_music_handle_report (DaemonMusic *self, PlayerReport *report)
{
  DaemonMusicTrack *track = self->session != NULL
                                ? daemon_music_session_find (self->session, report->item->token)
                                : NULL;
  if (track != NULL)
    {
      tell (self, track, report);
      handle_ours (self, track, report);
    }
  else if (self->session != NULL && report->type == PLAYER_REPORT_STARTED)
    lose_turn (self);
}

static void
on_report (PlayerController *controller, PlayerReport *report, gpointer user_data)
{
  daemon_music_handle_report (user_data, report);
}

static void
on_refused (PlayerController *controller, guint64 serial, const char *message, gpointer user_data)
{
  daemon_music_handle_refused (user_data, serial);
}

void
daemon_music_follow (DaemonMusic *self)
{
  PlayerController *controller = self->context->controller;
  g_signal_connect_object (controller, "report", G_CALLBACK (on_report), self, G_CONNECT_DEFAULT);
  g_signal_connect_object (controller, "url-refused", G_CALLBACK (on_refused), self,
                           G_CONNECT_DEFAULT);
}

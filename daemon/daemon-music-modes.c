/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-music-private.h"

/* Whether the session is still the one that was asked about, and the service has not refused; else
 * who waits is told. */
static gboolean
check (DaemonMusic *self, DaemonMusicAsk *ask, const DaemonMusicReply *reply)
{
  gboolean same = self->session != NULL
                  && g_str_equal (self->session->queue_id, ask->request->reference->queue_id);
  if (reply->error != NULL)
    daemon_music_return_error (ask, reply->error);
  else if (!same)
    daemon_music_return (ask, NULL);
  return reply->error == NULL && same;
}

/* --- Shuffle, loop, repeat ---------------------------------------------------------------------
 */

static void
on_mode_set (DaemonMusic *self, DaemonMusicAsk *ask, const DaemonMusicReply *reply)
{
  const AlexaMusicRequest *request = ask->request;
  if (!check (self, ask, reply))
    return;
  if (request->message == ALEXA_MUSIC_SET_SHUFFLE)
    self->session->controls.shuffle_on = request->enable;
  else if (request->message == ALEXA_MUSIC_SET_LOOP)
    self->session->controls.loop_on = request->enable;
  else
    self->session->controls.repeat_on = request->enable;
  daemon_music_refresh_next (self);
  daemon_music_note_change (self);
  daemon_music_return (ask, NULL);
}

void
daemon_music_set_mode (DaemonMusic *self, BusMusicAction action, gboolean on, GTask *task)
{
  static const struct
  {
    DaemonMusicWish wish;
    AlexaMusicMessage message;
  } modes[] = {
    [BUS_MUSIC_SHUFFLE] = { DAEMON_MUSIC_WISH_SHUFFLE, ALEXA_MUSIC_SET_SHUFFLE },
    [BUS_MUSIC_LOOP] = { DAEMON_MUSIC_WISH_LOOP, ALEXA_MUSIC_SET_LOOP },
    [BUS_MUSIC_REPEAT] = { DAEMON_MUSIC_WISH_REPEAT, ALEXA_MUSIC_SET_REPEAT },
  };
  GError *error = NULL;
  if (!daemon_music_session_may (self->session, modes[action].wish, g_get_real_time (), &error))
    {
      g_task_return_error (task, error);
      return;
    }
  AlexaMusicRequest *request = daemon_music_request_new (self, modes[action].message);
  request->enable = on;
  daemon_music_ask (self, daemon_music_get_caller (self), request, DAEMON_MUSIC_PURPOSE_ASIDE,
                    on_mode_set, task);
}

/* --- Rating ------------------------------------------------------------------------------------
 */

static void
on_rated (DaemonMusic *self, DaemonMusicAsk *ask, const DaemonMusicReply *reply)
{
  if (!check (self, ask, reply))
    return;
  DaemonMusicTrack *track = self->session->current;
  if (alexa_music_reference_equal (track->reference, ask->request->reference))
    {
      daemon_music_track_rate (track, ask->request->positive);
      if (reply->answer->skip)
        daemon_music_move_on (self);
      else
        daemon_music_refresh_next (self);
      daemon_music_note_change (self);
    }
  daemon_music_return (ask, NULL);
}

void
daemon_music_rate (DaemonMusic *self, gboolean positive, GTask *task)
{
  GError *error = NULL;
  if (!daemon_music_session_may (self->session, DAEMON_MUSIC_WISH_RATE, g_get_real_time (), &error))
    {
      g_task_return_error (task, error);
      return;
    }
  AlexaMusicRequest *request = daemon_music_request_new (self, ALEXA_MUSIC_RECEIVE_FEEDBACK);
  request->positive = positive;
  daemon_music_ask (self, daemon_music_get_caller (self), request, DAEMON_MUSIC_PURPOSE_ASIDE,
                    on_rated, task);
}

/* --- View --------------------------------------------------------------------------------------
 */

static void
on_view (DaemonMusic *self, DaemonMusicAsk *ask, const DaemonMusicReply *reply)
{
  if (!check (self, ask, reply))
    return;
  GVariantBuilder builder;
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sssxb)"));
  for (guint i = 0; i < reply->answer->items->len; i++)
    {
      const AlexaMusicItem *item = g_ptr_array_index (reply->answer->items, i);
      g_autofree char *authors = item->metadata->authors != NULL
                                     ? g_strjoinv (", ", item->metadata->authors)
                                     : g_strdup ("");
      g_variant_builder_add (&builder, "(sssxb)", item->id,
                             item->metadata->name != NULL ? item->metadata->name : "", authors,
                             item->duration_ms,
                             g_str_equal (item->id, self->session->current->reference->id));
    }
  daemon_music_return (ask, g_variant_ref_sink (g_variant_builder_end (&builder)));
}

void
daemon_music_view (DaemonMusic *self, GTask *task)
{
  daemon_music_ask (self, daemon_music_get_caller (self),
                    daemon_music_request_new (self, ALEXA_MUSIC_GET_VIEW),
                    DAEMON_MUSIC_PURPOSE_ASIDE, on_view, task);
}

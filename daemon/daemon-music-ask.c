/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-music-private.h"

#include "dbus/bus-errors.h"

void
daemon_music_ask_free (DaemonMusicAsk *ask)
{
  if (ask == NULL)
    return;
  daemon_music_caller_cancel (ask->caller, ask->id);
  alexa_music_request_unref (ask->request);
  g_clear_object (&ask->task);
  g_free (ask->token);
  g_free (ask);
}

/* (transfer full) */
static DaemonMusicAsk *
take (DaemonMusic *self, guint index)
{
  return g_ptr_array_steal_index (self->asks, index);
}

static void
on_answered (AlexaMusicAnswer *answer,
             const DaemonMusicMoment *received,
             const GError *error,
             AlexaMusicErrorType refusal,
             gpointer user_data)
{
  DaemonMusicAsk *ask = user_data;
  g_autoptr (DaemonMusic) self = g_object_ref (ask->music);
  DaemonMusicReply reply = { answer, received, error, refusal };
  guint index = 0;
  if (!g_ptr_array_find (self->asks, ask, &index))
    return;
  take (self, index);
  ask->id = 0;
  ask->step (self, ask, &reply);
  daemon_music_ask_free (ask);
}

DaemonMusicAsk *
daemon_music_ask (DaemonMusic *self,
                  DaemonMusicCaller *caller,
                  AlexaMusicRequest *request,
                  DaemonMusicPurpose purpose,
                  DaemonMusicStep step,
                  GTask *task)
{
  if (purpose != DAEMON_MUSIC_PURPOSE_ASIDE && purpose != DAEMON_MUSIC_PURPOSE_RENEWAL)
    daemon_music_drop (self, purpose);
  DaemonMusicAsk *ask = g_new0 (DaemonMusicAsk, 1);
  ask->music = self;
  ask->caller = caller;
  ask->purpose = purpose;
  ask->request = request;
  ask->step = step;
  ask->task = task != NULL ? g_object_ref (task) : NULL;
  ask->epoch = daemon_router_get_epoch (self->context->router);
  g_ptr_array_add (self->asks, ask);
  ask->id = daemon_music_caller_ask (caller, request, on_answered, ask);
  return ask;
}

AlexaMusicRequest *
daemon_music_request_new (DaemonMusic *self, AlexaMusicMessage message)
{
  AlexaMusicRequest *request = alexa_music_request_new (message);
  request->reference = alexa_music_reference_ref (self->session->current->reference);
  return request;
}

gboolean
daemon_music_is_asking (DaemonMusic *self, DaemonMusicPurpose purpose)
{
  for (guint i = 0; i < self->asks->len; i++)
    if (((DaemonMusicAsk *)g_ptr_array_index (self->asks, i))->purpose == purpose)
      return TRUE;
  return FALSE;
}

static void
end_unanswered (DaemonMusic *self, DaemonMusicAsk *ask)
{
  g_autoptr (GError) error = NULL;
  if (self->closing)
    g_set_error (&error, BUS_ERROR, BUS_ERROR_SHUTTING_DOWN, "the daemon is shutting down");
  else
    g_set_error (&error, BUS_ERROR, BUS_ERROR_SUPERSEDED,
                 "something else has been asked for since");
  daemon_music_return_error (ask, error);
  daemon_music_ask_free (ask);
}

void
daemon_music_drop (DaemonMusic *self, DaemonMusicPurpose purpose)
{
  for (guint i = self->asks->len; i > 0; i--)
    if (((DaemonMusicAsk *)g_ptr_array_index (self->asks, i - 1))->purpose == purpose)
      end_unanswered (self, take (self, i - 1));
}

void
daemon_music_drop_all (DaemonMusic *self)
{
  while (self->asks->len > 0)
    end_unanswered (self, take (self, self->asks->len - 1));
}

PlayerVerdict
daemon_music_submit (DaemonMusic *self, PlayerCommand *command)
{
  g_autoptr (PlayerCommand) owned = command;
  guint64 before = daemon_router_get_epoch (self->context->router);
  PlayerVerdict verdict = daemon_router_submit (self->context->router, command);
  guint64 after = daemon_router_get_epoch (self->context->router);
  for (guint i = 0; i < self->asks->len; i++)
    {
      DaemonMusicAsk *ask = g_ptr_array_index (self->asks, i);
      if (ask->epoch == before)
        ask->epoch = after;
    }
  return verdict;
}

gboolean
daemon_music_is_current (DaemonMusic *self, const DaemonMusicAsk *ask)
{
  return daemon_router_get_epoch (self->context->router) == ask->epoch;
}

void
daemon_music_return (DaemonMusicAsk *ask, GVariant *value)
{
  g_autoptr (GVariant) owned = value;
  if (ask->task != NULL)
    g_task_return_pointer (ask->task, g_steal_pointer (&owned), (GDestroyNotify)g_variant_unref);
  g_clear_object (&ask->task);
}

void
daemon_music_return_error (DaemonMusicAsk *ask, const GError *error)
{
  if (ask->task != NULL)
    g_task_return_error (ask->task, g_error_copy (error));
  g_clear_object (&ask->task);
}

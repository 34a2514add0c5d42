/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-errand.h"

#include "daemon-outbox.h"

DaemonErrand *
daemon_errand_new (AlexaRequest *request)
{
  g_return_val_if_fail (request != NULL, NULL);
  DaemonErrand *self = g_new0 (DaemonErrand, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->request = alexa_request_ref (request);
  self->made_us = g_get_monotonic_time ();
  return self;
}

DaemonErrand *
daemon_errand_ref (DaemonErrand *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
daemon_errand_unref (DaemonErrand *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  alexa_request_unref (self->request);
  g_clear_pointer (&self->session, alexa_session_free);
  g_free (self->session_id);
  g_free (self);
}

void
daemon_errand_report_done (DaemonErrand *self, const GError *error)
{
  g_return_if_fail (self != NULL);
  DaemonErrandFunc done = g_steal_pointer (&self->done);
  if (done != NULL)
    done (self, error, self->done_data);
}

gboolean
daemon_errand_is_button (const DaemonErrand *self)
{
  AlexaRequestType type = self->request->type;
  return type == ALEXA_REQUEST_PLAY_COMMAND || type == ALEXA_REQUEST_PAUSE_COMMAND
         || type == ALEXA_REQUEST_NEXT_COMMAND || type == ALEXA_REQUEST_PREVIOUS_COMMAND;
}

gboolean
daemon_errand_is_voice (const DaemonErrand *self)
{
  AlexaRequestType type = self->request->type;
  return type == ALEXA_REQUEST_LAUNCH || type == ALEXA_REQUEST_INTENT;
}

gboolean
daemon_errand_is_interactive (const DaemonErrand *self)
{
  return alexa_request_type_has_session (self->request->type) || daemon_errand_is_button (self);
}

gboolean
daemon_errand_is_urgent (const DaemonErrand *self)
{
  return !daemon_errand_is_report (self);
}

gboolean
daemon_errand_is_report (const DaemonErrand *self)
{
  return daemon_errand_is_outcome (self)
         || self->request->type == ALEXA_REQUEST_PLAYBACK_NEARLY_FINISHED;
}

gboolean
daemon_errand_is_outcome (const DaemonErrand *self)
{
  AlexaRequestType type = self->request->type;
  return type == ALEXA_REQUEST_PLAYBACK_STARTED || type == ALEXA_REQUEST_PLAYBACK_FINISHED
         || type == ALEXA_REQUEST_PLAYBACK_STOPPED || type == ALEXA_REQUEST_PLAYBACK_FAILED;
}

gboolean
daemon_errand_is_old (const DaemonErrand *self, gint64 now_us)
{
  return daemon_errand_is_outcome (self) && now_us - self->made_us > DAEMON_OUTBOX_MAX_AGE_US;
}

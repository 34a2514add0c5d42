/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-request.h"

static const char *const type_names[] = {
  [ALEXA_REQUEST_LAUNCH] = "LaunchRequest",
  [ALEXA_REQUEST_INTENT] = "IntentRequest",
  [ALEXA_REQUEST_CAN_FULFILL_INTENT] = "CanFulfillIntentRequest",
  [ALEXA_REQUEST_SESSION_ENDED] = "SessionEndedRequest",
  [ALEXA_REQUEST_PLAYBACK_STARTED] = "AudioPlayer.PlaybackStarted",
  [ALEXA_REQUEST_PLAYBACK_NEARLY_FINISHED] = "AudioPlayer.PlaybackNearlyFinished",
  [ALEXA_REQUEST_PLAYBACK_FINISHED] = "AudioPlayer.PlaybackFinished",
  [ALEXA_REQUEST_PLAYBACK_STOPPED] = "AudioPlayer.PlaybackStopped",
  [ALEXA_REQUEST_PLAYBACK_FAILED] = "AudioPlayer.PlaybackFailed",
  [ALEXA_REQUEST_PLAY_COMMAND] = "PlaybackController.PlayCommandIssued",
  [ALEXA_REQUEST_PAUSE_COMMAND] = "PlaybackController.PauseCommandIssued",
  [ALEXA_REQUEST_NEXT_COMMAND] = "PlaybackController.NextCommandIssued",
  [ALEXA_REQUEST_PREVIOUS_COMMAND] = "PlaybackController.PreviousCommandIssued",
  [ALEXA_REQUEST_EXCEPTION_ENCOUNTERED] = "System.ExceptionEncountered",
};

static const char *const reason_names[] = {
  [ALEXA_ENDED_USER_INITIATED] = "USER_INITIATED",
  [ALEXA_ENDED_ERROR] = "ERROR",
  [ALEXA_ENDED_EXCEEDED_MAX_REPROMPTS] = "EXCEEDED_MAX_REPROMPTS",
};

static const char *const locales[]
    = { "ar-SA", "de-DE", "en-AU", "en-CA", "en-GB", "en-IN", "en-US", "es-ES", "es-MX",
        "es-US", "fr-CA", "fr-FR", "hi-IN", "it-IT", "ja-JP", "nl-NL", "pt-BR", NULL };

const char *
alexa_request_type_to_string (AlexaRequestType type)
{
  g_return_val_if_fail ((guint)type < G_N_ELEMENTS (type_names), NULL);

  return type_names[type];
}

gboolean
alexa_request_type_from_string (const char *string, AlexaRequestType *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (type_names); i++)
    if (g_strcmp0 (string, type_names[i]) == 0)
      {
        *type = (AlexaRequestType)i;
        return TRUE;
      }
  return FALSE;
}

gboolean
alexa_request_type_has_session (AlexaRequestType type)
{
  return type == ALEXA_REQUEST_LAUNCH || type == ALEXA_REQUEST_INTENT
         || type == ALEXA_REQUEST_CAN_FULFILL_INTENT || type == ALEXA_REQUEST_SESSION_ENDED;
}

const char *
alexa_ended_reason_to_string (AlexaEndedReason reason)
{
  g_return_val_if_fail ((guint)reason < G_N_ELEMENTS (reason_names), NULL);

  return reason_names[reason];
}

const char *const *
alexa_locales (void)
{
  return locales;
}

char *
alexa_request_id_new (void)
{
  g_autofree char *uuid = g_uuid_string_random ();
  return g_strconcat ("amzn1.echo-api.request.", uuid, NULL);
}

AlexaSlot *
alexa_slot_new (const char *name, const char *value)
{
  g_return_val_if_fail (name != NULL, NULL);

  AlexaSlot *self = g_new0 (AlexaSlot, 1);
  self->name = g_strdup (name);
  self->value = g_strdup (value);
  return self;
}

void
alexa_slot_free (AlexaSlot *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->value);
  g_free (self);
}

static gpointer
copy_slot (gconstpointer slot, gpointer unused)
{
  const AlexaSlot *self = slot;
  return alexa_slot_new (self->name, self->value);
}

AlexaRequest *
alexa_request_new (AlexaRequestType type)
{
  g_return_val_if_fail ((guint)type < G_N_ELEMENTS (type_names), NULL);

  AlexaRequest *self = g_new0 (AlexaRequest, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->type = type;
  self->request_id = alexa_request_id_new ();
  return self;
}

static AlexaRequest *
new_with_intent (AlexaRequestType type, const char *name, GPtrArray *slots)
{
  AlexaRequest *self = alexa_request_new (type);
  self->intent_name = g_strdup (name);
  if (slots != NULL && slots->len > 0)
    {
      self->slots = g_ptr_array_copy (slots, copy_slot, NULL);
      g_ptr_array_set_free_func (self->slots, (GDestroyNotify)alexa_slot_free);
    }
  return self;
}

AlexaRequest *
alexa_request_new_intent (const char *name, GPtrArray *slots)
{
  g_return_val_if_fail (name != NULL, NULL);

  return new_with_intent (ALEXA_REQUEST_INTENT, name, slots);
}

AlexaRequest *
alexa_request_new_can_fulfill (const char *name, GPtrArray *slots)
{
  g_return_val_if_fail (name != NULL, NULL);

  return new_with_intent (ALEXA_REQUEST_CAN_FULFILL_INTENT, name, slots);
}

AlexaRequest *
alexa_request_new_session_ended (AlexaEndedReason reason,
                                 const char *error_type,
                                 const char *error_message)
{
  g_return_val_if_fail ((guint)reason < G_N_ELEMENTS (reason_names), NULL);

  AlexaRequest *self = alexa_request_new (ALEXA_REQUEST_SESSION_ENDED);
  self->reason = reason;
  if (reason == ALEXA_ENDED_ERROR)
    {
      self->error_type = g_strdup (error_type);
      self->error_message = g_strdup (error_message);
    }
  return self;
}

static AlexaRequestType
type_of_report (PlayerReportType type)
{
  switch (type)
    {
    case PLAYER_REPORT_STARTED:
      return ALEXA_REQUEST_PLAYBACK_STARTED;
    case PLAYER_REPORT_NEARLY_FINISHED:
      return ALEXA_REQUEST_PLAYBACK_NEARLY_FINISHED;
    case PLAYER_REPORT_FINISHED:
      return ALEXA_REQUEST_PLAYBACK_FINISHED;
    case PLAYER_REPORT_STOPPED:
      return ALEXA_REQUEST_PLAYBACK_STOPPED;
    case PLAYER_REPORT_FAILED:
    default:
      return ALEXA_REQUEST_PLAYBACK_FAILED;
    }
}

AlexaRequest *
alexa_request_new_playback (const PlayerReport *report)
{
  g_return_val_if_fail (report != NULL, NULL);

  AlexaRequest *self = alexa_request_new (type_of_report (report->type));
  self->token = g_strdup (report->item->token);
  if (report->type != PLAYER_REPORT_FAILED)
    {
      self->offset_ms = MAX (report->offset_ms, 0);
      return self;
    }
  self->error_type = g_strdup (player_error_type_to_string (report->error_type));
  self->error_message = g_strdup (report->error_message);
  self->state_activity = g_strdup (player_activity_to_string (report->state_activity));
  self->state_token = g_strdup (report->state_token);
  self->state_offset_ms = MAX (report->state_offset_ms, 0);
  return self;
}

AlexaRequest *
alexa_request_new_exception (const char *error_type,
                             const char *error_message,
                             const char *cause_request_id)
{
  AlexaRequest *self = alexa_request_new (ALEXA_REQUEST_EXCEPTION_ENCOUNTERED);
  self->error_type = g_strdup (error_type);
  self->error_message = g_strdup (error_message);
  self->cause_request_id = g_strdup (cause_request_id);
  return self;
}

AlexaRequest *
alexa_request_ref (AlexaRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
alexa_request_unref (AlexaRequest *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->request_id);
  g_free (self->intent_name);
  g_clear_pointer (&self->slots, g_ptr_array_unref);
  g_free (self->error_type);
  g_free (self->error_message);
  g_free (self->cause_request_id);
  g_free (self->token);
  g_free (self->state_activity);
  g_free (self->state_token);
  g_free (self);
}

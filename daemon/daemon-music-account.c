/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-music-account.h"

#include "daemon-fault.h"
#include "daemon-token-file.h"
#include "dbus/bus-errors.h"

struct _DaemonMusicAccount
{
  gatomicrefcount ref_count;
  DaemonContext *context; /* (owned) */
  DaemonConfig *whole;    /* (owned): of which @config is a part */
  const DaemonMusicConfig *config;
  char *origin;  /* (owned) */
  char *user_id; /* (owned) */
};

/* The same for ever, as an id of the user at a skill is. */
static char *
derive_user_id (const char *device_id, const char *origin)
{
  g_autofree char *seed = g_strconcat (device_id, "\n", origin, NULL);
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, seed, -1);
  g_autofree char *upper = g_ascii_strup (digest, -1);
  return g_strconcat ("amzn1.ask.account.", upper, NULL);
}

DaemonMusicAccount *
daemon_music_account_new (DaemonContext *context, const DaemonMusicConfig *config)
{
  g_return_val_if_fail (context != NULL && config != NULL, NULL);
  DaemonMusicAccount *self = g_new0 (DaemonMusicAccount, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->context = daemon_context_ref (context);
  self->origin = daemon_music_config_get_origin (config);
  daemon_music_account_configure (self, config);
  return self;
}

void
daemon_music_account_configure (DaemonMusicAccount *self, const DaemonMusicConfig *config)
{
  g_return_if_fail (self != NULL && config != NULL);
  g_autoptr (DaemonConfig) old = g_steal_pointer (&self->whole);
  self->whole = daemon_config_ref (self->context->config);
  self->config = config;
  g_free (self->user_id);
  self->user_id = config->user_id != NULL ? g_strdup (config->user_id)
                                          : derive_user_id (self->context->device_id, self->origin);
}

DaemonMusicAccount *
daemon_music_account_ref (DaemonMusicAccount *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
daemon_music_account_unref (DaemonMusicAccount *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  daemon_config_unref (self->whole);
  daemon_context_unref (self->context);
  g_free (self->origin);
  g_free (self->user_id);
  g_free (self);
}

DaemonContext *
daemon_music_account_get_context (DaemonMusicAccount *self)
{
  return self->context;
}

const DaemonMusicConfig *
daemon_music_account_get_config (DaemonMusicAccount *self)
{
  return self->config;
}

const char *
daemon_music_account_get_origin (DaemonMusicAccount *self)
{
  return self->origin;
}

char *
daemon_music_account_read_token (DaemonMusicAccount *self)
{
  return daemon_token_file_read (self->config->access_token_path, self->origin);
}

AlexaMusicEnvelope
daemon_music_account_get_envelope (DaemonMusicAccount *self,
                                   const char *message_id,
                                   const char *token)
{
  return (AlexaMusicEnvelope){
    .message_id = message_id,
    .user_id = self->user_id,
    .access_token = token,
    .locale = self->config->locale != NULL ? self->config->locale : self->context->locale,
    .country = self->config->country,
  };
}

void
daemon_music_account_post (DaemonMusicAccount *self,
                           const char *message_id,
                           const char *type,
                           GBytes *body,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GBytes) told = alexa_music_request_redact (body);
  daemon_timeline_request_sent (self->context->timeline, self->origin, message_id, type, told);
  daemon_transport_send (self->context->transport, self->config->endpoint, self->config->ca_file,
                         FALSE, ALEXA_MUSIC_ANSWER_MAX_BYTES, body, cancellable, callback,
                         user_data);
}

DaemonAnswer *
daemon_music_account_post_finish (DaemonMusicAccount *self,
                                  const char *message_id,
                                  GAsyncResult *result,
                                  guint *status,
                                  GError **error)
{
  g_autoptr (DaemonAnswer) partial = NULL;
  g_autoptr (GError) why = NULL;
  g_autoptr (DaemonAnswer) answer
      = daemon_transport_send_finish (self->context->transport, result, &partial, &why);
  const DaemonAnswer *came = answer != NULL ? answer : partial;
  *status = came != NULL ? came->status : 0;
  if (came != NULL)
    {
      g_autoptr (GBytes) told = alexa_music_request_redact (came->body);
      daemon_timeline_answer_received (self->context->timeline, self->origin, message_id,
                                       came->status, came->elapsed_ms, told);
    }
  if (answer == NULL && !g_error_matches (why, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_autoptr (GError) said = daemon_fault_from_transport (why);
      daemon_timeline_request_failed (self->context->timeline, self->origin, message_id, said);
    }
  if (answer == NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  return g_steal_pointer (&answer);
}

/* Streams that were past their time when they came. */
static void
find_stale (const AlexaMusicAnswer *answer, const DaemonMusicMoment *received, GPtrArray *findings)
{
  const struct
  {
    const AlexaMusicItem *item;
    const char *path;
  } places[] = {
    { answer->item, "payload.item.stream" },
    { answer->queue != NULL ? answer->queue->first : NULL,
      "payload.playbackMethod.firstItem.stream" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      gboolean stale = FALSE;
      if (places[i].item == NULL || places[i].item->stream == NULL)
        continue;
      daemon_music_expiry_get_deadline (places[i].item->stream, received, &stale);
      if (stale)
        alexa_lint_add (findings, ALEXA_LINT_MUSIC_VALID_UNTIL_PAST, places[i].path, "validUntil");
    }
}

AlexaMusicAnswer *
daemon_music_account_read (DaemonMusicAccount *self,
                           AlexaMusicMessage asked,
                           const char *message_id,
                           const DaemonAnswer *came,
                           const DaemonMusicMoment *received,
                           gboolean *unknown,
                           GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autoptr (GPtrArray) findings
      = g_ptr_array_new_with_free_func ((GDestroyNotify)alexa_finding_free);
  g_autoptr (AlexaMusicAnswer) answer
      = alexa_music_answer_parse (asked, came->body, !self->config->http_media, findings, &why);
  if (answer != NULL)
    find_stale (answer, received, findings);
  for (guint i = 0; i < findings->len; i++)
    daemon_timeline_finding (self->context->timeline, self->origin, message_id,
                             g_ptr_array_index (findings, i));
  if (answer != NULL)
    return g_steal_pointer (&answer);

  *unknown = g_error_matches (why, ALEXA_MUSIC_ANSWER_ERROR, ALEXA_MUSIC_ANSWER_ERROR_EMPTY)
             && g_bytes_get_size (came->body) > 0;
  g_autoptr (GError) said
      = g_error_new_literal (BUS_ERROR, BUS_ERROR_INVALID_RESPONSE, why->message);
  daemon_timeline_request_failed (self->context->timeline, self->origin, message_id, said);
  g_propagate_error (error, g_steal_pointer (&said));
  return NULL;
}

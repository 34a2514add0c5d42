/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "alexa/alexa-music.h"
#include "daemon-context.h"
#include "daemon-music-expiry.h"

G_BEGIN_DECLS

/**
 * DaemonMusicAccount:
 *
 * Who asks a music service, and where: what all requests to it have in common, and their way there.
 */
typedef struct _DaemonMusicAccount DaemonMusicAccount;

/* @config: of @context, which is referred to */
DaemonMusicAccount *daemon_music_account_new (DaemonContext *context,
                                              const DaemonMusicConfig *config);
/* The same service (by its name), as the context's configuration has it now. */
void daemon_music_account_configure (DaemonMusicAccount *self, const DaemonMusicConfig *config);
DaemonMusicAccount *daemon_music_account_ref (DaemonMusicAccount *self);
void daemon_music_account_unref (DaemonMusicAccount *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonMusicAccount, daemon_music_account_unref)

DaemonContext *daemon_music_account_get_context (DaemonMusicAccount *self);
const DaemonMusicConfig *daemon_music_account_get_config (DaemonMusicAccount *self);
/* "music:NAME" */
const char *daemon_music_account_get_origin (DaemonMusicAccount *self);

/* (transfer full) (nullable): the access token that is in its file now. */
char *daemon_music_account_read_token (DaemonMusicAccount *self);
/* Who asks, as it is sent; borrows from @self and the arguments. */
AlexaMusicEnvelope daemon_music_account_get_envelope (DaemonMusicAccount *self,
                                                      const char *message_id,
                                                      const char *token);

/* Sends @body and tells so: @type "GetItem" … */
void daemon_music_account_post (DaemonMusicAccount *self,
                                const char *message_id,
                                const char *type,
                                GBytes *body,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
/**
 * daemon_music_account_post_finish:
 * @status: (out): of the answer, also where it is no success; 0: there was none
 * @error: #DaemonTransportError, or G_IO_ERROR_CANCELLED, which is not told
 *
 * Tells what came.
 *
 * Returns: (transfer full): the answer, or %NULL
 */
DaemonAnswer *daemon_music_account_post_finish (DaemonMusicAccount *self,
                                                const char *message_id,
                                                GAsyncResult *result,
                                                guint *status,
                                                GError **error);

/**
 * daemon_music_account_read:
 * @asked: the message that @came answers
 * @unknown: (out): it is `null`, as some skills answer to messages that they do not know
 * @error: BUS_ERROR
 *
 * Reads an answer, and tells what is found fault with in it, also that a URL has expired already.
 *
 * Returns: (transfer full): the answer, or %NULL
 */
AlexaMusicAnswer *daemon_music_account_read (DaemonMusicAccount *self,
                                             AlexaMusicMessage asked,
                                             const char *message_id,
                                             const DaemonAnswer *came,
                                             const DaemonMusicMoment *received,
                                             gboolean *unknown,
                                             GError **error);

G_END_DECLS

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-context.h"
#include "dbus/bus-backend.h"

G_BEGIN_DECLS

/**
 * DaemonMusic:
 *
 * The queues of music services: asks the service that is configured as "[music NAME]", hands what it
 * answers to the player, asks for the next item before the current one ends, and for another URL
 * where one has expired. It is to the player what a skill is: its items have the origin "music:NAME",
 * and a token of their own for each time one is queued. There is one queue at a time; it is remembered
 * over a restart, until another one takes its place or it has been paused for `forget-hours`.
 *
 * Listens to the reports of the player by itself.
 *
 * Signal "changed": what daemon_music_describe() or daemon_music_list() tells has changed, but for the
 * mere passing of time.
 */
#define DAEMON_TYPE_MUSIC (daemon_music_get_type ())
G_DECLARE_FINAL_TYPE (DaemonMusic, daemon_music, DAEMON, MUSIC, GObject)

DaemonMusic *daemon_music_new (DaemonContext *context);

/* Takes up the queue that an earlier run has left, if it is young enough: Play goes on with it. */
void daemon_music_restore (DaemonMusic *self);

/* The context's configuration is another one. A queue whose service is not there any more is forgotten;
 * what plays goes on to its end. */
void daemon_music_reconfigure (DaemonMusic *self);

/* Nothing is asked any more; what waits for an answer ends with BUS_ERROR_SHUTTING_DOWN. */
void daemon_music_shut_down (DaemonMusic *self);

/* Whether buttons are for the queue of a music service: what is current, or was the last, is of it,
 * or nothing has played yet and one is remembered. */
gboolean daemon_music_owns (DaemonMusic *self, const PlayerSnapshot *now);

/* As those of #BusBackend. */
void daemon_music_play (DaemonMusic *self,
                        const char *service,
                        GVariant *criteria,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
void daemon_music_do (DaemonMusic *self,
                      BusMusicAction action,
                      const char *argument,
                      GAsyncReadyCallback callback,
                      gpointer user_data);
GVariant *daemon_music_finish (DaemonMusic *self, GAsyncResult *result, GError **error);

/* A button, while daemon_music_owns(). Returns at once; what the service answers is obeyed when it
 * comes. @error: BUS_ERROR_NOT_ALLOWED where controls or a skip limit forbid it: then nothing is
 * asked. */
gboolean daemon_music_press (DaemonMusic *self, BusButton button, GError **error);

/* What was about to sound does not: Stop or Pause, whatever plays. FALSE if nothing was. */
gboolean daemon_music_stop_waiting (DaemonMusic *self);

/* Whether one may seek in what plays, by the controls of queue and item. @error:
 * BUS_ERROR_NOT_SEEKABLE */
gboolean daemon_music_may_seek (DaemonMusic *self, GError **error);

void daemon_music_describe (DaemonMusic *self, BusMusic *music);

/* (transfer floating): a(sss): name, endpoint, link as in #BusMusic. */
GVariant *daemon_music_list (DaemonMusic *self);

G_END_DECLS

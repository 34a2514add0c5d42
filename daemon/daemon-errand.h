/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "alexa/alexa-request.h"

G_BEGIN_DECLS

typedef struct _DaemonErrand DaemonErrand;

/* @error: (nullable): of the domain BUS_ERROR. */
typedef void (*DaemonErrandFunc) (DaemonErrand *errand, const GError *error, gpointer user_data);

/**
 * DaemonErrand:
 * @request: what is to be asked or told
 * @session: (nullable): SESSION_ENDED: the session that ended; it is not the skill's open one any
 * more
 * @session_id: (nullable): LAUNCH, INTENT: the session it was last sent in
 * @outbox_id: where it is stored, 0 if nowhere
 * @serial: PLAYBACK_*: of the item
 * @epoch: of the player when it was made, see daemon_router_get_epoch()
 * @restored: it was made by an earlier run of the daemon
 * @holds_floor: audio is held while it is under way
 * @attempts: how often it has been sent
 * @n_answers: of the lane, when it failed last
 * @n_stuck: how often it failed although the skill had answered something else meanwhile
 * @made_us: monotonic time when it was made; before this run if @restored
 * @done: (nullable): called once, when it is settled; or when it leaves if @done_at_send
 *
 * Something that waits in a lane to be sent to a skill, with what is to happen afterwards.
 */
struct _DaemonErrand
{
  gatomicrefcount ref_count;
  AlexaRequest *request; /* (owned) */
  AlexaSession *session; /* (owned) (nullable) */
  char *session_id;      /* (owned) (nullable) */
  gint64 outbox_id;
  guint64 serial;
  guint64 epoch;
  gboolean restored;
  gboolean holds_floor;
  guint attempts;
  guint n_answers;
  guint n_stuck;
  gint64 made_us;
  gboolean done_at_send;
  DaemonErrandFunc done;
  gpointer done_data;
};

/* @request: (transfer none) */
DaemonErrand *daemon_errand_new (AlexaRequest *request);
DaemonErrand *daemon_errand_ref (DaemonErrand *self);
void daemon_errand_unref (DaemonErrand *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonErrand, daemon_errand_unref)

/* Calls @done, once. */
void daemon_errand_report_done (DaemonErrand *self, const GError *error);

/* Somebody has spoken: Launch, Intent. */
gboolean daemon_errand_is_voice (const DaemonErrand *self);

/* Somebody waits for it: Launch, Intent, CanFulfillIntent, SessionEnded and the four
 * buttons. */
gboolean daemon_errand_is_interactive (const DaemonErrand *self);

/* It may overtake reports that wait for another attempt: interactive ones and ExceptionEncountered.
 */
gboolean daemon_errand_is_urgent (const DaemonErrand *self);

/* AudioPlayer.Playback*. */
gboolean daemon_errand_is_report (const DaemonErrand *self);

/* A report of what became of a stream, which has to arrive: all but NearlyFinished. */
gboolean daemon_errand_is_outcome (const DaemonErrand *self);

/* Too old to be told, at the monotonic time @now_us. */
gboolean daemon_errand_is_old (const DaemonErrand *self, gint64 now_us);

/* PlaybackController.*. */
gboolean daemon_errand_is_button (const DaemonErrand *self);

G_END_DECLS

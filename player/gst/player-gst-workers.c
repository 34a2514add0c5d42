/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-workers.h"

#include "player-gst-wakeup.h"

typedef struct
{
  PlayerGstWork work;
  PlayerGstWork done; /* (nullable) */
  gpointer data;
  GAsyncQueue *finished; /* (owned) */
  GSource *wakeup;       /* (owned) */
} Job;

struct _PlayerGstWorkers
{
  GAsyncQueue *finished; /* (owned) (element-type Job) */
  GSource *wakeup;       /* (owned) */
  guint running;
  guint written_off;
};

static void
job_free (gpointer data)
{
  Job *job = data;

  g_async_queue_unref (job->finished);
  g_source_unref (job->wakeup);
  g_free (job);
}

static void
workers_finish (PlayerGstWorkers *self, Job *job)
{
  self->running--;
  if (job->done != NULL)
    job->done (job->data);
  job_free (job);
}

static gboolean
workers_on_wakeup (gpointer data)
{
  PlayerGstWorkers *self = data;
  Job *job;

  while ((job = g_async_queue_try_pop (self->finished)) != NULL)
    workers_finish (self, job);
  return G_SOURCE_CONTINUE;
}

PlayerGstWorkers *
player_gst_workers_new (GMainContext *context)
{
  PlayerGstWorkers *self = g_new0 (PlayerGstWorkers, 1);

  self->finished = g_async_queue_new ();
  self->wakeup = player_gst_wakeup_new (context, workers_on_wakeup, self);
  return self;
}

void
player_gst_workers_free (PlayerGstWorkers *self)
{
  g_source_destroy (self->wakeup);
  g_source_unref (self->wakeup);
  g_async_queue_unref (self->finished);
  g_free (self);
}

static gpointer
job_run (gpointer data)
{
  Job *job = data;
  g_autoptr (GSource) wakeup = g_source_ref (job->wakeup);
  g_autoptr (GAsyncQueue) finished = g_async_queue_ref (job->finished);

  job->work (job->data);
  g_async_queue_push (finished, job);
  g_source_set_ready_time (wakeup, 0);
  return NULL;
}

void
player_gst_workers_run (
    PlayerGstWorkers *self, const char *name, PlayerGstWork work, PlayerGstWork done, gpointer data)
{
  Job *job = g_new (Job, 1);

  job->work = work;
  job->done = done;
  job->data = data;
  job->finished = g_async_queue_ref (self->finished);
  job->wakeup = g_source_ref (self->wakeup);
  self->running++;
  g_thread_unref (g_thread_new (name, job_run, job));
}

void
player_gst_workers_write_off (PlayerGstWorkers *self)
{
  self->written_off++;
}

void
player_gst_workers_write_back (PlayerGstWorkers *self)
{
  self->written_off--;
}

gboolean
player_gst_workers_is_busy (PlayerGstWorkers *self)
{
  return self->running > 0;
}

gboolean
player_gst_workers_wait (PlayerGstWorkers *self, guint timeout_ms)
{
  const gint64 deadline = g_get_monotonic_time () + (gint64)timeout_ms * 1000;

  while (self->running > self->written_off)
    {
      const gint64 left = deadline - g_get_monotonic_time ();
      Job *job = left > 0 ? g_async_queue_timeout_pop (self->finished, (guint64)left) : NULL;

      if (job == NULL)
        return FALSE;
      workers_finish (self, job);
    }
  return TRUE;
}

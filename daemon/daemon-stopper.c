/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-stopper.h"

#include <glib-unix.h>
#include <signal.h>

struct _DaemonStopper
{
  GMainContext *context; /* (owned) of the thread */
  GMainLoop *loop;       /* (owned) */
  GThread *thread;       /* (owned) */
  guint deadline_ms;
  gboolean asked_once; /* the thread's */
  void (*asked) (gpointer user_data);
  void (*expired) (gpointer user_data);
  gpointer user_data;
};

static void
attach (GSource *source, GSourceFunc func, gpointer user_data, GMainContext *context)
{
  g_source_set_callback (source, func, user_data, NULL);
  g_source_attach (source, context);
  g_source_unref (source);
}

/* --- in the main loop --- */

static gboolean
on_asked (gpointer user_data)
{
  DaemonStopper *self = user_data;
  self->asked (self->user_data);
  return G_SOURCE_REMOVE;
}

/* --- in the thread --- */

static gboolean
on_expired (gpointer user_data)
{
  DaemonStopper *self = user_data;
  self->expired (self->user_data);
  return G_SOURCE_REMOVE;
}

/* Not g_main_context_invoke(): where the main loop has ended, that would call back in this thread. */
static gboolean
on_signal (gpointer user_data)
{
  DaemonStopper *self = user_data;
  GSource *ask = g_idle_source_new ();
  g_source_set_priority (ask, G_PRIORITY_HIGH);
  attach (ask, on_asked, self, NULL);
  if (!self->asked_once)
    attach (g_timeout_source_new (self->deadline_ms), on_expired, self, self->context);
  self->asked_once = TRUE;
  return G_SOURCE_CONTINUE;
}

static gpointer
run (gpointer user_data)
{
  DaemonStopper *self = user_data;
  g_main_loop_run (self->loop);
  return NULL;
}

static gboolean
on_quit (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

DaemonStopper *
daemon_stopper_new (guint deadline_ms,
                    void (*asked) (gpointer user_data),
                    void (*expired) (gpointer user_data),
                    gpointer user_data)
{
  DaemonStopper *self = g_new0 (DaemonStopper, 1);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->deadline_ms = deadline_ms;
  self->asked = asked;
  self->expired = expired;
  self->user_data = user_data;
  attach (g_unix_signal_source_new (SIGTERM), on_signal, self, self->context);
  attach (g_unix_signal_source_new (SIGINT), on_signal, self, self->context);
  self->thread = g_thread_new ("segue-stopper", run, self);
  return self;
}

void
daemon_stopper_free (DaemonStopper *self)
{
  if (self == NULL)
    return;
  attach (g_idle_source_new (), on_quit, self->loop, self->context);
  g_thread_join (self->thread);
  while (g_source_remove_by_user_data (self)) /* asked, and not heard */
    ;
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_free (self);
}

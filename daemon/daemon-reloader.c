/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-reloader.h"

#include <glib-unix.h>
#include <signal.h>

#include "daemon-journal.h"
#include "daemon-log.h"

struct _DaemonReloader
{
  DaemonService *service;       /* (unowned) */
  DaemonNotify *notify;         /* (unowned) */
  const DaemonOptions *options; /* (unowned) */
  GCancellable *cancellable;    /* (owned): nobody is there any more */
  guint source;
  gboolean reading;
  gboolean again; /* SIGHUP has come meanwhile: files may have changed since they were read */
};

/* What has been read. */
typedef struct
{
  char *file; /* (owned) (nullable) */
  gboolean system;
  DaemonConfig *config;   /* (owned) (nullable): there are problems */
  DaemonSigning *signing; /* (owned) (nullable) */
  GPtrArray *problems;    /* (owned) (element-type GError) */
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;
  g_clear_pointer (&reading->config, daemon_config_unref);
  g_clear_pointer (&reading->signing, daemon_signing_free);
  g_ptr_array_unref (reading->problems);
  g_free (reading->file);
  g_free (reading);
}

/* --- in a thread --- */

static void
read_all (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Reading *reading = data;
  reading->config = daemon_config_parse (reading->file, reading->system, reading->problems);
  if (reading->config != NULL)
    reading->signing = daemon_signing_load (reading->config, reading->problems);
  g_task_return_boolean (task, reading->problems->len == 0);
}

/* --- in the main loop --- */

static void
refuse (DaemonReloader *self, const GPtrArray *problems)
{
  const GError *first = g_ptr_array_index (problems, 0);
  for (guint i = 0; i < problems->len; i++)
    g_message ("%s", ((const GError *)g_ptr_array_index (problems, i))->message);
  daemon_journal_log (DAEMON_JOURNAL_RELOAD_REFUSED, NULL,
                      "the configuration is wrong, the one before holds: %s", first->message);
  g_autofree char *line = daemon_log_redact_text (first->message);
  g_autofree char *status
      = g_strdup_printf ("the configuration is wrong, the one before holds: %s", line);
  daemon_notify_status (self->notify, status);
}

static void
take (DaemonReloader *self, Reading *reading)
{
  g_autofree char *waiting = daemon_service_reconfigure (self->service, reading->config,
                                                         g_steal_pointer (&reading->signing));
  if (waiting == NULL)
    daemon_journal_log (DAEMON_JOURNAL_RELOADED, NULL, "the configuration has been read anew");
  else
    daemon_journal_log (DAEMON_JOURNAL_RELOADED, NULL,
                        "the configuration has been read anew; needs a restart: %s", waiting);
}

static void reload (DaemonReloader *self);

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = G_TASK (result);
  Reading *reading = g_task_get_task_data (task);
  if (g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    return;
  DaemonReloader *self = user_data;
  self->reading = FALSE;
  if (self->again)
    {
      reload (self);
      return;
    }
  if (reading->problems->len > 0)
    refuse (self, reading->problems);
  else
    take (self, reading);
  daemon_notify_send (self->notify, "READY=1");
}

static void
reload (DaemonReloader *self)
{
  Reading *reading = g_new0 (Reading, 1);
  reading->file = g_strdup (self->options->config_file);
  reading->system = self->options->system;
  reading->problems = g_ptr_array_new_with_free_func ((GDestroyNotify)g_error_free);
  self->reading = TRUE;
  self->again = FALSE;
  g_autoptr (GTask) task = g_task_new (NULL, self->cancellable, on_read, self);
  g_task_set_task_data (task, reading, reading_free);
  g_task_run_in_thread (task, read_all);
}

/* See sd_notify(3): a reload that begins says when. */
static gboolean
on_signal (gpointer user_data)
{
  DaemonReloader *self = user_data;
  if (self->reading)
    {
      self->again = TRUE;
      return G_SOURCE_CONTINUE;
    }
  g_autofree char *state
      = g_strdup_printf ("RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT, g_get_monotonic_time ());
  daemon_notify_send (self->notify, state);
  reload (self);
  return G_SOURCE_CONTINUE;
}

DaemonReloader *
daemon_reloader_new (DaemonService *service, DaemonNotify *notify, const DaemonOptions *options)
{
  g_return_val_if_fail (service != NULL && notify != NULL && options != NULL, NULL);
  DaemonReloader *self = g_new0 (DaemonReloader, 1);
  self->service = service;
  self->notify = notify;
  self->options = options;
  self->cancellable = g_cancellable_new ();
  self->source = g_unix_signal_add (SIGHUP, on_signal, self);
  return self;
}

void
daemon_reloader_free (DaemonReloader *self)
{
  if (self == NULL)
    return;
  g_source_remove (self->source);
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  g_free (self);
}

/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* segued(8): options, configuration, signals; everything else is the service. */
#include "config.h"
#include "daemon-check.h"
#include "daemon-journal.h"
#include "daemon-log.h"
#include "daemon-notify.h"
#include "daemon-options.h"
#include "daemon-reloader.h"
#include "daemon-secrecy.h"
#include "daemon-service.h"
#include "daemon-stopper.h"

#include <locale.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sysexits.h>
#include <unistd.h>

/* What is so large is mapped. */
#define MAPPED_BYTES (128 * 1024)
/* From the first signal on; 2 s are promised. */
#define STOP_MS 1800
#define LAST_WORDS_MS 150
/* A thread of GLib's pool that has nothing to do ends then. */
#define POOL_IDLE_MS 2000

typedef struct
{
  DaemonService *service;
  DaemonNotify *notify;
  int status;
  gboolean stopping;
  gboolean done;
} Run;

static void
on_ready (Run *run)
{
  daemon_journal_log (DAEMON_JOURNAL_READY, NULL, "Segue %s is ready", SEGUE_VERSION);
  daemon_notify_send (run->notify, "READY=1");
}

static void
on_status (Run *run, const char *line)
{
  daemon_notify_status (run->notify, line);
}

static void
on_name_lost (Run *run, const char *why)
{
  if (!run->stopping)
    {
      daemon_check_complain (why);
      run->status = EXIT_FAILURE;
    }
  run->done = TRUE;
}

static void
on_stopped (Run *run)
{
  run->done = TRUE;
}

/* The first signal stops in good order, the second at once. */
static void
on_signal (gpointer data)
{
  Run *run = data;

  run->done = run->stopping;
  if (run->done)
    return;
  run->stopping = TRUE;
  daemon_journal_log (DAEMON_JOURNAL_STOPPING, NULL, "Segue ends");
  daemon_notify_send (run->notify, "STOPPING=1");
  daemon_service_stop (run->service);
}

/* What hangs is left behind. Should even the log hang, the alarm clock ends it. */
static void
on_expired (gpointer data)
{
  Run *run = data;
  const struct itimerval soon = { .it_value = { .tv_usec = LAST_WORDS_MS * 1000 } };

  setitimer (ITIMER_REAL, &soon, NULL);
  g_warning ("not all has ended in time, for %s hangs; it is left behind",
             daemon_service_get_doing (run->service));
  _exit (run->status);
}

static void
run_loop (Run *run)
{
  daemon_service_start (run->service);
  while (!run->done)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handlers_disconnect_by_data (run->service, run);
  if (daemon_service_close (run->service))
    return;
  /* Threads that hang may use what libraries clean up at exit. */
  g_warning ("not all has ended in time, for %s hangs; it is left behind",
             daemon_service_get_doing (run->service));
  _exit (run->status);
}

static int
run_service (DaemonConfig *config, const DaemonOptions *options)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify)g_error_free);
  g_autoptr (DaemonSigning) signing = daemon_signing_load (config, problems);
  daemon_check_print (problems);
  if (problems->len > 0)
    return EX_CONFIG;

  g_autoptr (DaemonNotify) notify = daemon_notify_new_from_environment ();
  const guint watchdog_ms = daemon_notify_take_watchdog_ms ();
  g_autoptr (GError) error = NULL;
  g_autoptr (DaemonService) service = daemon_service_new (
      config, g_steal_pointer (&signing), options->system ? G_BUS_TYPE_SYSTEM : G_BUS_TYPE_SESSION,
      options->state_dir, &error);
  if (service == NULL)
    {
      /* nothing but GStreamer and the sink can fail so early */
      daemon_check_name_sink (config, error, problems);
      daemon_check_print (problems);
      return EX_CONFIG;
    }

  Run run = { service, notify, EXIT_SUCCESS, FALSE, FALSE };
  g_signal_connect_swapped (service, "ready", G_CALLBACK (on_ready), &run);
  g_signal_connect_swapped (service, "status", G_CALLBACK (on_status), &run);
  g_signal_connect_swapped (service, "name-lost", G_CALLBACK (on_name_lost), &run);
  g_signal_connect_swapped (service, "stopped", G_CALLBACK (on_stopped), &run);
  g_autoptr (DaemonStopper) stopper
      = daemon_stopper_new (STOP_MS * SEGUE_PATIENCE, on_signal, on_expired, &run);
  g_autoptr (DaemonReloader) reloader = daemon_reloader_new (service, notify, options);
  if (watchdog_ms > 0)
    daemon_service_watch (service, notify, watchdog_ms);
  run_loop (&run);
  return run.status;
}

/* Libraries below look for desktops; none is needed here. What somebody has set stays. */
static void
set_environment (void)
{
#ifdef __GLIBC__
  /* Threads come and go with each stream; with an arena each, memory grows to twice what is used. */
  mallopt (M_ARENA_MAX, 1);
  /* What is read ahead of a stream is mapped for it, and gone with it: else it would end up in the midst of
   * what stays. Said, because it grows with what is freed where it is not. */
  mallopt (M_MMAP_THRESHOLD, MAPPED_BYTES);
#endif
  g_thread_pool_set_max_idle_time (POOL_IDLE_MS);
  g_setenv ("GSETTINGS_BACKEND", "memory", FALSE);
  g_setenv ("GIO_USE_VFS", "local", FALSE);
  /* The desktop's resolver aborts where no GSettings schemas are installed. */
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", FALSE);
  g_setenv ("PULSE_PROP", "application.name=Segue media.role=music", FALSE);
}

int
main (int argc, char **argv)
{
  setlocale (LC_CTYPE, ""); /* no translated messages, no decimal commas */
  set_environment ();
  daemon_secrecy_begin ();

  g_auto (GStrv) args = g_strdupv (argv);
  g_autoptr (GError) error = NULL;
  g_autoptr (DaemonOptions) options = daemon_options_parse (&args, &error);
  if (options == NULL)
    {
      daemon_check_complain (error->message);
      daemon_check_complain ("see segued --help");
      return EX_USAGE;
    }
  if (options->version)
    {
      g_print ("segued %s\n", SEGUE_VERSION);
      return EXIT_SUCCESS;
    }
  daemon_log_init (options->verbose);
  if (options->check_config)
    return daemon_check_config (options->config_file, options->system) ? EXIT_SUCCESS : EX_CONFIG;

  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify)g_error_free);
  g_autoptr (DaemonConfig) config
      = daemon_config_parse (options->config_file, options->system, problems);
  daemon_check_print (problems);
  if (config == NULL)
    return EX_CONFIG;
  if (options->print_config)
    {
      g_autofree char *text = daemon_config_to_string (config);
      fputs (text, stdout);
      return EXIT_SUCCESS;
    }
  return run_service (config, options);
}

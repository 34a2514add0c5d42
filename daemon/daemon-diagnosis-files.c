/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* What lies on the disk, and the clock. */
#include <sys/statvfs.h>
#include <unistd.h>

#include "daemon-diagnosis-private.h"
#include "daemon-signing.h"
#include "player/gst/player-gst-wall-clock.h"

/* With less the database may not grow any more. */
#define MIN_FREE_BYTES (1024 * 1024)
#define CLOCK_REMEDY "set the clock, and see to its time service: timedatectl(1)"

/* --- Files that the configuration names --------------------------------------------------------
 */

static void
add_problems (GPtrArray *symptoms, const char *check, const char *remedy, GPtrArray *problems)
{
  for (guint i = 0; i < problems->len; i++)
    daemon_symptoms_add (symptoms, check, "", DAEMON_VERDICT_PROBLEM, remedy, "%s",
                         ((const GError *)g_ptr_array_index (problems, i))->message);
  g_ptr_array_set_size (problems, 0);
}

static void
check_named_files (GPtrArray *symptoms, gpointer data)
{
  const DaemonConfig *config = data;
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify)g_error_free);
  daemon_config_check_files (config, problems);
  add_problems (symptoms, "file",
                "see segue.conf(5); the user that runs segued has to be able to read it", problems);
  daemon_signing_check (config, problems);
  add_problems (symptoms, "signing",
                "see [signing] in segue.conf(5); \"seguectl signing show\" tells of certificates",
                problems);
  if (symptoms->len == 0)
    daemon_symptoms_add (symptoms, "file", "", DAEMON_VERDICT_OK, NULL,
                         "all files that the configuration names can be read");
}

/* --- The state folder --------------------------------------------------------------------------
 */

static void
check_folder (GPtrArray *symptoms, gpointer data)
{
  const char *file = data;
  g_autofree char *folder = g_path_get_dirname (file);
  struct statvfs stats;
  if (statvfs (folder, &stats) != 0)
    daemon_symptoms_add (symptoms, "storage", "", DAEMON_VERDICT_PROBLEM,
                         "make the folder anew, and restart segued", "%s: %s", folder,
                         g_strerror (errno));
  else if ((stats.f_flag & ST_RDONLY) != 0 || access (folder, W_OK) != 0
           || access (file, W_OK) != 0)
    daemon_symptoms_add (symptoms, "storage", "", DAEMON_VERDICT_PROBLEM,
                         "make it writable for the user that runs segued",
                         "%s cannot be written: reports and queues would not survive a restart",
                         file);
  else if ((guint64)stats.f_bavail * stats.f_frsize < MIN_FREE_BYTES)
    daemon_symptoms_add (symptoms, "storage", "", DAEMON_VERDICT_PROBLEM, "make room there",
                         "the disk of %s is full: reports and queues would not survive a restart",
                         folder);
  else
    daemon_symptoms_add (symptoms, "storage", "", DAEMON_VERDICT_OK, NULL, "%s can be written",
                         file);
}

static void
check_storage (DaemonDiagnosis *run)
{
  DaemonStep *step = daemon_step_begin (run, "storage", "", "the disk does not answer",
                                        "see the kernel's log: journalctl -k");
  const char *file = sqlite3_db_filename (daemon_store_get_handle (run->context->store), "main");
  if (file != NULL && *file != '\0')
    {
      daemon_step_run_in_thread (step, check_folder, g_strdup (file), g_free);
      return;
    }
  daemon_symptoms_add (step->symptoms, "storage", "", DAEMON_VERDICT_PROBLEM,
                       "see the log for why; then restart segued",
                       "the state folder could not be used at start: nothing survives a restart");
  daemon_step_end (step);
}

/* What skills have not heard yet, or never will. */
static void
check_reports (DaemonDiagnosis *run)
{
  DaemonStep *step = daemon_step_begin (run, "reports", "", "", NULL);
  const DaemonOutboxCounts counts = daemon_outbox_get_counts (run->context->outbox);
  if (counts.waiting == 0 && counts.refused == 0 && counts.dropped == 0)
    daemon_symptoms_add (step->symptoms, "reports", "", DAEMON_VERDICT_OK, NULL,
                         "skills have been told everything");
  else
    daemon_symptoms_add (step->symptoms, "reports", "", DAEMON_VERDICT_NOTICE,
                         "what waits is told as soon as its skill answers",
                         "reports to skills: %u waiting, %u refused, %u given up", counts.waiting,
                         counts.refused, counts.dropped);
  daemon_step_end (step);
}

void
daemon_diagnosis_files (DaemonDiagnosis *run)
{
  DaemonStep *step = daemon_step_begin (run, "file", "", "the disk does not answer",
                                        "see the kernel's log: journalctl -k");
  daemon_step_run_in_thread (step, check_named_files, daemon_config_ref (run->context->config),
                             (GDestroyNotify)daemon_config_unref);
  check_storage (run);
  check_reports (run);
}

/* --- The clock ---------------------------------------------------------------------------------
 */

/* What the system's time service says, if there is one. */
static void
on_synchronized (GObject *source, GAsyncResult *result, gpointer user_data)
{
  DaemonStep *step = user_data;
  g_autoptr (GVariant) reply
      = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  g_autoptr (GVariant) value = NULL;
  if (reply != NULL)
    g_variant_get (reply, "(v)", &value);
  gboolean off = value != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN)
                 && !g_variant_get_boolean (value);
  daemon_symptoms_add (step->symptoms, "clock", "", off ? DAEMON_VERDICT_NOTICE : DAEMON_VERDICT_OK,
                       off ? "see to the time service: timedatectl(1)" : NULL, "%s",
                       off ? "the time is plausible, but not synchronised with the network"
                           : "the time is plausible");
  daemon_step_end (step);
}

static void
on_bus (GObject *source, GAsyncResult *result, gpointer user_data)
{
  DaemonStep *step = user_data;
  g_autoptr (GDBusConnection) system = g_bus_get_finish (result, NULL);
  if (system == NULL)
    {
      daemon_symptoms_add (step->symptoms, "clock", "", DAEMON_VERDICT_OK, NULL,
                           "the time is plausible");
      daemon_step_end (step);
      return;
    }
  g_dbus_connection_call (system, "org.freedesktop.timedate1", "/org/freedesktop/timedate1",
                          "org.freedesktop.DBus.Properties", "Get",
                          g_variant_new ("(ss)", "org.freedesktop.timedate1", "NTPSynchronized"),
                          G_VARIANT_TYPE ("(v)"), G_DBUS_CALL_FLAGS_NONE, 3000, NULL,
                          on_synchronized, step);
}

void
daemon_diagnosis_clock (DaemonDiagnosis *run)
{
  DaemonStep *step
      = daemon_step_begin (run, "clock", "", "the time service does not answer", CLOCK_REMEDY);
  if (player_gst_wall_clock_is_set ())
    {
      g_bus_get (G_BUS_TYPE_SYSTEM, NULL, on_bus, step);
      return;
    }
  daemon_symptoms_add (
      step->symptoms, "clock", "", DAEMON_VERDICT_PROBLEM, CLOCK_REMEDY,
      "the clock is not set: certificates seem not to be valid yet, and skills refuse "
      "requests");
  daemon_step_end (step);
}
